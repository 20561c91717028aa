using System.Text.Json.Nodes;
using Workflows.Engine.Expressions.JavaScript.Compilation;
using Workflows.Engine.Expressions.JavaScript.Syntax;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript;

/// <summary>A script made ready: parsed, its names resolved, turned into delegates. Immutable; any number of evaluations may run it at once.</summary>
internal sealed class Script
{
    private readonly FunctionCode _code;
    private readonly string _text;

    private Script(string text, FunctionCode code, IReadOnlyList<(string Name, Position At)> unknown, IReadOnlyList<ExpressionReference> references)
    {
        _text = text;
        _code = code;
        Unknown = unknown;
        References = references;
    }

    /// <summary>Names in it that mean nothing; reading one at run time is a ReferenceError.</summary>
    public IReadOnlyList<(string Name, Position At)> Unknown { get; }

    /// <summary>Variables and inputs of the workflow that it names in so many words.</summary>
    public IReadOnlyList<ExpressionReference> References { get; }

    /// <summary>Makes a script ready. Throws <see cref="ExpressionError"/> with line and column when it cannot be parsed.</summary>
    public static Script Compile(string text, ScriptNames names)
    {
        var (code, unknown, references) = Compiler.Compile(Parser.Parse(text), names);
        return new Script(text, code, unknown, references);
    }

    /// <summary>
    /// Runs it and gives its value as JSON data: that of its last expression statement, or of a return. Throws
    /// <see cref="ExpressionError"/> with the place for an error the script did not catch and for a limit it hit; variables
    /// are then left as <see cref="IExpressionScope.TrySetVariable"/> found them, except those set in so many words before.
    /// </summary>
    /// <param name="e">The evaluation; used once.</param>
    /// <param name="asCondition">The value is asked only whether it holds: numbers other than 0 do, lists and objects do.</param>
    public JsonNode? Evaluate(Evaluation e, bool asCondition = false)
    {
        try
        {
            var value = Run(e);
            e.StoreChanges();
            return asCondition && !value.IsText && !value.IsNullish ? JsonValue.Create(Conversion.ToBoolean(value)) : JsonData.Out(e, value);
        }
        catch (JsThrow thrown)
        {
            throw Told(thrown.At ?? e.At, Describe(e, thrown.Value));
        }
        catch (ExpressionError limit)
        {
            throw Told(e.At, limit.Message);
        }
    }

    /// <summary>Runs it. What the script throws comes through as <see cref="JsThrow"/>.</summary>
    public JsValue Run(Evaluation e) => _code.Run(e, [], default, [], null);

    private ExpressionError Told(Position at, string message) =>
        new(at.Line == 0 ? $"{message}；表达式 {Excerpt()}" : $"第 {at.Line} 行第 {at.Column} 列：{message}；表达式 {Excerpt()}");

    private string Excerpt()
    {
        var line = string.Join(' ', _text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return line.Length > 120 ? line[..120] + "…" : line;
    }

    private static string Describe(Evaluation e, JsValue thrown)
    {
        // Whatever was thrown: describing it must not run the script again.
        if (thrown.Object is not { } held)
            return $"脚本抛出 {(thrown.IsObject ? "" : Conversion.ToText(e, thrown))} (thrown by the script)";
        var (name, message) = (held.Get("name").Text, held.Get("message").Text);
        return message is null ? "脚本抛出了一个对象 (the script threw an object)" : name is null or "Error" ? message : $"{name}: {message}";
    }
}
