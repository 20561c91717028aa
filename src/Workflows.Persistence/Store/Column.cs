namespace Workflows.Persistence.Store;

/// <summary>A column of a statement that takes many rows: as one array (PostgreSQL's unnest), or value by value (SQLite).</summary>
internal sealed record Column<T>(string Name, Func<IReadOnlyList<T>, object> All, Func<T, object?> One);

/// <summary>Columns by type.</summary>
internal static class Column
{
    public static Column<T> Text<T>(string name, Func<T, string?> value) => new(name, rows => rows.Select(value).ToArray(), value);

    public static Column<T> Number<T>(string name, Func<T, long?> value) => new(name, rows => rows.Select(value).ToArray(), row => value(row));

    public static Column<T> Small<T>(string name, Func<T, int> value) => new(name, rows => rows.Select(value).ToArray(), row => value(row));

    public static Column<T> Bytes<T>(string name, Func<T, byte[]> value) => new(name, rows => rows.Select(value).ToArray(), value);
}
