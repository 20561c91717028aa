using Npgsql;
using Workflows.Persistence;
using Workflows.Persistence.Databases;

namespace Workflows.Testing;

/// <summary>
/// Data filled once and copied for every test that asks: a SQLite file in its folder, or a database on the private PostgreSQL server.
/// What fills it must have closed the database again when it returns.
/// </summary>
public sealed class DatabaseTemplate(DatabaseKind kind, Func<PersistenceOptions, Task> fill)
{
    private readonly Lazy<Task<PersistenceOptions>> _filled = new(() => FillAsync(kind, fill));

    /// <summary>A copy for the caller, who hands it to <see cref="DropAsync"/> in the end.</summary>
    public async Task<PersistenceOptions> CopyAsync()
    {
        var filled = await _filled.Value;
        var copy = kind == DatabaseKind.Postgres ? OnPostgres(await TestDatabase.CreatePostgresAsync(NameOf(filled))) : InFolder();
        foreach (var file in Directory.EnumerateFiles(filled.DataDirectory))
            File.Copy(file, Path.Combine(copy.DataDirectory, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>Options for data that is not there yet: an empty folder, and on PostgreSQL a migrated database.</summary>
    public static async Task<PersistenceOptions> EmptyAsync(DatabaseKind kind) =>
        kind == DatabaseKind.Postgres ? OnPostgres(await TestDatabase.CreatePostgresAsync(await TestDatabase.TemplateAsync())) : InFolder();

    public static async Task DropAsync(PersistenceOptions options)
    {
        if (options.Database.Provider == DatabaseKind.Postgres)
            await TestDatabase.DropPostgresAsync(NameOf(options));
        Directory.Delete(options.DataDirectory, recursive: true);
    }

    private static async Task<PersistenceOptions> FillAsync(DatabaseKind kind, Func<PersistenceOptions, Task> fill)
    {
        var options = await EmptyAsync(kind);
        // The server and its databases go with the process by themselves.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(options.DataDirectory, recursive: true);
        await fill(options);
        return options;
    }

    private static PersistenceOptions InFolder() => new() { DataDirectory = Directory.CreateTempSubdirectory("workflows-test-").FullName };

    private static PersistenceOptions OnPostgres(string connectionString)
    {
        var options = InFolder();
        (options.Database.Provider, options.Database.ConnectionString) = (DatabaseKind.Postgres, connectionString);
        return options;
    }

    private static string NameOf(PersistenceOptions options) => new NpgsqlConnectionStringBuilder(options.Database.ConnectionString).Database!;
}
