using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Definitions;

/// <summary>An input of a start that the definition cannot take.</summary>
/// <param name="Name">The input.</param>
/// <param name="Code">"missing" or "wrong-type".</param>
public sealed record InputFault(string Name, string Code, string Zh, string En);

/// <summary>
/// Whether the inputs of a start fit what the definition declares. Elsa has no such rule and fails later, at whichever activity
/// needs the value; a caller can mend it, the instance cannot. A declared input with a definite type takes what converts to it. One is
/// required when it carries <c>"required": true</c>, or when the definition's custom property <c>requiredInputs</c> names it
/// (Studio keeps custom properties, but drops members of an input that it does not know); an initial value is enough.
/// </summary>
public static class InputRules
{
    public static IReadOnlyList<InputFault> Check(WorkflowGraph graph, IReadOnlyDictionary<string, JsonNode?> given)
    {
        var faults = new List<InputFault>();
        foreach (var input in graph.Inputs)
        {
            // As expressions see it: what is given counts, even null; the initial value stands in for what is not.
            var value = given.TryGetValue(input.Name, out var told) ? told : input.Default;
            if (input.IsRequired && IsBlank(value))
                faults.Add(new InputFault(input.Name, "missing", $"“{input.DisplayName ?? input.Name}”必填", $"{input.Name} is required"));
            else if (value is not null && !Fits(value, input))
                faults.Add(new InputFault(input.Name, "wrong-type", $"“{input.DisplayName ?? input.Name}”填写的类型不对，应为{TypeOf(input).Zh}", $"{input.Name} must be {TypeOf(input).En}"));
        }

        return faults;
    }

    private static bool IsBlank(JsonNode? value) => value is null || (value is JsonValue scalar && scalar.TryGetValue(out string? text) && string.IsNullOrWhiteSpace(text));

    private static bool Fits(JsonNode value, VariableDeclaration input)
    {
        if (TypeNames.Find(input.TypeName, input.IsArray) is not { } type)
            return true;
        try
        {
            ValueConverter.To(value, type);
            return true;
        }
        catch (ExpressionError)
        {
            return false;
        }
    }

    /// <summary>In words people know; a type nobody knows keeps its name.</summary>
    private static (string Zh, string En) TypeOf(VariableDeclaration input)
    {
        var name = input.TypeName.Split('.')[^1];
        var (zh, en) = name.ToUpperInvariant() switch
        {
            "STRING" => ("文字", "text"),
            "BOOLEAN" or "BOOL" => ("是或否", "yes or no (true or false)"),
            "INT16" or "INT32" or "INT64" or "INT" or "LONG" => ("整数", "a whole number"),
            "DECIMAL" or "DOUBLE" or "SINGLE" or "FLOAT" => ("数字", "a number"),
            "DATETIME" or "DATETIMEOFFSET" => ("日期和时间，如 2026-11-27T14:30:00+08:00", "a date with a time, for example 2026-11-27T14:30:00+08:00"),
            "DATEONLY" or "DATE" => ("日期，如 2026-11-27", "a date, for example 2026-11-27"),
            "TIMESPAN" => ("时长，如 1.00:00:00", "a duration, for example 1.00:00:00"),
            _ => ($" {name}", $"of the type {name}"),
        };
        return input.IsArray ? ($"列表，每项为{zh}", $"a list, each entry {en}") : (zh, en);
    }
}
