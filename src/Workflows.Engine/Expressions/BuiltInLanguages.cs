using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;

namespace Workflows.Engine.Expressions;

/// <summary>A fixed value; text is converted to the type it is for, once, so a wrong one is found before it runs.</summary>
public sealed class LiteralLanguage : ExpressionLanguage
{
    public override string Type => "Literal";

    public override CompiledExpression Compile(Expression expression, Type? targetType)
    {
        var value = Convert(expression.Value, targetType);
        return _ => value;
    }

    /// <summary>Text (or another value) as the type of an input wants it; empty text is nothing, unless text is wanted.</summary>
    internal static JsonNode? Convert(JsonNode? value, Type? target)
    {
        if (value is null || target is null || target == typeof(object) || target == typeof(string))
            return value;

        var text = value is JsonValue scalar && scalar.TryGetValue(out string? written) ? written : null;
        if (typeof(JsonNode).IsAssignableFrom(target))
        {
            // An object or list typed as text, as Studio's editors write it.
            if (target == typeof(JsonNode) || text is null)
                return value;
            return text.Trim() is ['[' or '{', ..] json ? ObjectLanguage.Parse(json) : target == typeof(JsonArray) && text.Length > 0 ? new JsonArray(text) : null;
        }

        // Empty text in a form means "nothing given", whatever the type.
        return text is not null && string.IsNullOrWhiteSpace(text) ? null : ValueConverter.ToJson(ValueConverter.To(value, target));
    }
}

/// <summary>JSON, as data or (from Studio's editors) as text.</summary>
public sealed class ObjectLanguage : ExpressionLanguage
{
    public override string Type => "Object";

    public override CompiledExpression Compile(Expression expression, Type? targetType)
    {
        var value = expression.Value is JsonValue scalar && scalar.TryGetValue(out string? text) && targetType != typeof(string)
            ? Parse(text)
            : expression.Value;
        return _ => value;
    }

    internal static JsonNode? Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return StrictJson.Parse(text, DefinitionLimits.Default) switch
        {
            StrictJson.Result.Parsed parsed => parsed.Node,
            StrictJson.Result.Refused refused => throw new ExpressionError($"不是有效的 JSON：{refused.Problem.Zh} (not valid JSON: {refused.Problem.En})"),
            _ => null,
        };
    }
}

/// <summary>The value of a variable, named by a reference {id, name}.</summary>
public sealed class VariableLanguage : ExpressionLanguage
{
    public override string Type => "Variable";

    public override CompiledExpression Compile(Expression expression, Type? targetType)
    {
        var reference = ReferenceOf(expression.Value);
        if (reference.IsEmpty)
            throw new ExpressionError("没有选择变量 (no variable is chosen)");
        return scope =>
        {
            if (reference.Id is { } id && scope.TryGetVariableById(id, out var value))
                return value;
            if ((reference.Name ?? reference.Id) is { } name && scope.TryGetVariable(name, out value))
                return value;
            throw new ExpressionError($"找不到变量“{reference}” (variable not found); {string.Join(", ", scope.Names.Distinct().Take(20))}");
        };
    }

    /// <summary>What a Variable expression names; a bare text counts as id and name.</summary>
    public static ValueReference ReferenceOf(JsonNode? value) => ValueReference.Of(value);
}

/// <summary>An input of the workflow (or of the workflow used as activity around it), named by its definition {name}.</summary>
public sealed class InputLanguage : ExpressionLanguage
{
    public override string Type => "Input";

    public override CompiledExpression Compile(Expression expression, Type? targetType)
    {
        var reference = ValueReference.Of(expression.Value);
        if ((reference.Name ?? reference.Id) is not { } name)
            throw new ExpressionError("没有选择输入 (no input is chosen)");
        return scope => scope.TryGetInput(name, out var value) ? value : null;
    }
}

/// <summary>A variable or input that an expression names.</summary>
public readonly record struct ValueReference(string? Id, string? Name)
{
    public bool IsEmpty => Id is null && Name is null;

    /// <summary>Reads an object {id, name}, the JSON text of one (as Studio sends it), or a bare name.</summary>
    public static ValueReference Of(JsonNode? value)
    {
        if (value is JsonValue scalar && scalar.TryGetValue(out string? text))
        {
            text = text.Trim();
            if (text.Length == 0)
                return default;
            if (text[0] != '{')
                return new ValueReference(text, text);
            value = ObjectLanguage.Parse(text);
        }

        return value is JsonObject reference ? new ValueReference(reference.Text("id"), reference.Text("name")) : default;
    }

    public override string ToString() => Name ?? Id ?? "";
}
