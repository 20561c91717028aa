using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Flowcharts;

/// <summary>Reads what stands in a node's JSON outside its inputs.</summary>
internal static class NodeJson
{
    /// <summary>A plain member that is a name or a number of an enumeration; a wrapped literal is accepted too.</summary>
    public static T Enumeration<T>(ActivityNode node, string member, T fallback) where T : struct, Enum
    {
        var value = node.Json[member] is JsonObject wrapped ? wrapped["expression"]?["value"] : node.Json[member];
        return Enum.TryParse<T>(ValueConverter.Text(value), ignoreCase: true, out var parsed) ? parsed : fallback;
    }

    /// <summary>A plain member that is a flag; a wrapped literal is accepted too.</summary>
    public static bool Flag(ActivityNode node, string member)
    {
        var value = node.Json[member] is JsonObject wrapped ? wrapped["expression"]?["value"] : node.Json[member];
        return bool.TryParse(ValueConverter.Text(value), out var flag) && flag;
    }

    /// <summary>Names in a list input that is written as a literal; null when it is an expression or absent.</summary>
    public static IReadOnlyList<string>? LiteralNames(ActivityNode node, string member)
    {
        var value = node.Json[member] is JsonObject wrapped
            ? (string?)wrapped["expression"]?["type"] is "Literal" or "Object" or "Json" ? wrapped["expression"]!["value"] : null
            : node.Json[member];
        if (value is null)
            return null;
        try
        {
            return (string[]?)ValueConverter.To(value, typeof(string[]));
        }
        catch (ExpressionError)
        {
            return null;
        }
    }
}
