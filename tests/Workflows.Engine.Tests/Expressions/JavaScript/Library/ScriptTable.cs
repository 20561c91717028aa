using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript;

namespace Workflows.Engine.Tests.Expressions.JavaScript.Library;

/// <summary>Scripts and what they give, one a line: script, " → ", the result as <see cref="Show"/> writes it.</summary>
internal static class ScriptTable
{
    private const string Show = """
        const show = v => v === undefined ? 'undefined' : v === null ? 'null' : typeof v === 'number' ? (Object.is(v, -0) ? '-0' : String(v))
          : typeof v === 'string' ? JSON.stringify(v)
          : Array.isArray(v) ? '[' + Array.from(v).map(show).join(',') + ']' + (v.index !== undefined ? '@' + v.index + show(v.groups) : '')
          : typeof v === 'function' ? 'fn'
          : typeof v !== 'object' ? String(v)
          : v instanceof RegExp ? String(v) + v.lastIndex
          : '{' + Object.keys(v).map(k => k + ':' + show(v[k])).join(',') + '}';
        """;

    private static readonly JavaScriptLanguage Language = new(null, LibraryCall.Generous with { RegexTime = TimeSpan.FromSeconds(10) });

    public static IEnumerable<TheoryDataRow<string, string>> Rows(string table) =>
        table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(" → ", 2)).Select(parts => new TheoryDataRow<string, string>(parts[0], parts[1]));

    /// <summary>The result of a script, or "throws" and the kind of error.</summary>
    public static string Run(string script) =>
        Evaluate($"(() => {{ {Show} try {{ return show({script}); }} catch (e) {{ return 'throws ' + e.name; }} }})()", Language);

    /// <summary>The message with which a script ends that exceeds a limit or cannot be read; null when it ends well.</summary>
    public static string? Refusal(string script, ScriptLimits? limits = null)
    {
        try
        {
            Evaluate(script, limits is null ? Language : new JavaScriptLanguage(null, limits));
            return null;
        }
        catch (ExpressionError error)
        {
            return error.Message;
        }
    }

    private static string Evaluate(string script, JavaScriptLanguage language) =>
        language.Compile(new Expression("JavaScript", script), null)(NoScope.Instance)?.ToString() ?? "null";
}
