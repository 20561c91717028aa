using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Workflows.Persistence.Databases;

/// <summary>
/// The named statements of one database, read from the embedded .sql files of every folder called Sql/Common,
/// Sql/Postgres or Sql/Sqlite. A statement begins with "-- name: some_name".
/// </summary>
/// <remarks>
/// Statements are written for PostgreSQL; SQLite reads them with these replacements: "= any(@x)" looks into a JSON
/// array, the cast "::jsonb" is left out because JSON is text there, collate "C" because its text is compared by bytes anyway, and so are row locks because SQLite has one writer. A line that begins with "/*@x*/" is only there when
/// the argument x was given: an optional filter must not become "(@x is null or ...)", which spoils the plan.
/// </remarks>
public sealed partial class Statements
{
    private readonly FrozenDictionary<string, string> _texts;
    private readonly ConcurrentDictionary<string, string> _variants = new();

    private Statements(Dictionary<string, string> texts) => _texts = texts.ToFrozenDictionary();

    public IEnumerable<string> Names => _texts.Keys;

    /// <summary>The text of a statement that has no optional lines.</summary>
    public string Get(string name) =>
        _texts.TryGetValue(name, out var text) ? text : throw new ArgumentException($"There is no SQL statement '{name}'.", nameof(name));

    /// <summary>The text for these arguments, without the optional lines whose argument is missing or null.</summary>
    public string Get(string name, SqlArgs args)
    {
        var text = Get(name);
        if (!text.Contains("/*@", StringComparison.Ordinal))
            return text;

        var key = name + ":" + string.Join(',', args.Where(a => a.Value is not null).Select(a => a.Key));
        return _variants.GetOrAdd(key, _ => WithoutMissing(text, args));
    }

    internal static Statements Load(DatabaseKind kind)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var resource in Resources(".Sql.Common.").Concat(Resources($".Sql.{kind}.")))
        {
            foreach (var (name, text) in Split(ReadResource(resource)))
            {
                if (!texts.TryAdd(name, kind == DatabaseKind.Sqlite ? ForSqlite(text) : text))
                    throw new InvalidOperationException($"The SQL statement '{name}' is defined twice, the second time in {resource}.");
            }
        }

        return new Statements(texts);
    }

    internal static IEnumerable<string> Resources(string folder) =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(n => n.Contains(folder, StringComparison.Ordinal) && n.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    internal static string ReadResource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static IEnumerable<(string Name, string Text)> Split(string file)
    {
        const string Marker = "-- name: ";
        string? name = null;
        var text = new StringBuilder();
        foreach (var line in file.Split('\n').Append(Marker))
        {
            if (line.StartsWith(Marker, StringComparison.Ordinal))
            {
                if (name is not null)
                    yield return (name, text.ToString().Trim().TrimEnd(';'));
                name = line[Marker.Length..].Trim();
                text.Clear();
            }
            else if (!line.TrimStart().StartsWith("--", StringComparison.Ordinal))
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string ForSqlite(string text) =>
        RowLock().Replace(AnyOf().Replace(text, "in (select value from json_each($1))"), "").Replace("::jsonb", "", StringComparison.Ordinal).Replace(" collate \"C\"", "", StringComparison.Ordinal);

    private static string WithoutMissing(string text, SqlArgs args) =>
        string.Join('\n', text.Split('\n').Where(line =>
            OptionalLine().Match(line) is not { Success: true } match || args.GetValueOrDefault(match.Groups[1].Value) is not null));

    [GeneratedRegex(@"=\s*any\s*\((@\w+)\)")]
    private static partial Regex AnyOf();

    [GeneratedRegex(@"for (no key )?update( of \w+)?( skip locked)?(?=\s|\)|$)")]
    private static partial Regex RowLock();

    [GeneratedRegex(@"^\s*/\*@(\w+)\*/")]
    private static partial Regex OptionalLine();
}
