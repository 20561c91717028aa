using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Definitions;

/// <summary>Whether two HTTP endpoints would answer the same request.</summary>
internal static partial class RouteChecks
{
    public const string TriggerName = "Elsa.HttpEndpoint";

    public static void Check(WorkflowGraph graph, IReadOnlyList<StoredTrigger> own, IReadOnlyList<StoredTrigger> others, FaultList faults)
    {
        var taken = new Dictionary<string, StoredTrigger>(StringComparer.OrdinalIgnoreCase);
        foreach (var other in others.Where(t => t.Name == TriggerName && t.DefinitionId != graph.DefinitionId))
            taken.TryAdd(KeyOf(other), other);
        foreach (var trigger in own.Where(t => t.Name == TriggerName))
        {
            var key = KeyOf(trigger);
            if (taken.TryAdd(key, trigger))
                continue;
            var node = graph.Nodes.First(n => n.Id == trigger.ActivityId && !n.IsForeign);
            var holder = taken[key];
            var where = holder.DefinitionId == graph.DefinitionId ? $"活动“{holder.ActivityId}”" : $"流程“{holder.DefinitionId}”";
            faults.Add(node, "route-conflict", $"地址 {key} 已被{where}占用", $"{key} is taken by {(holder.DefinitionId == graph.DefinitionId ? "activity " + holder.ActivityId : "workflow " + holder.DefinitionId)}");
        }
    }

    /// <summary>Method and route, with parameter names left out: "orders/{id}" and "orders/{no}" catch the same requests.</summary>
    private static string KeyOf(StoredTrigger trigger)
    {
        var payload = trigger.Payload as JsonObject ?? [];
        var path = ValueConverter.Text(payload.Member("path"))?.Trim('/') ?? trigger.Hash;
        var method = ValueConverter.Text(payload.Member("method"))?.ToUpperInvariant() ?? "";
        return $"{method} /{Parameter().Replace(path, "{}")}";
    }

    [GeneratedRegex(@"\{[^{}/]*\}", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Parameter();
}
