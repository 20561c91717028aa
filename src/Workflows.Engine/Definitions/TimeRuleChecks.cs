using Workflows.Engine.Clocks;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Definitions;

/// <summary>
/// Whether the calendars, ladders and rotas that a node names outright exist: an input called so holds that wherever it stands. What an expression will
/// name is known only when it runs, and is an incident then.
/// </summary>
internal static class TimeRuleChecks
{
    public static void Check(ActivityNode node, TimeRules times, FaultList faults)
    {
        Named(node, "calendar", "日历", times.Calendars.Select(c => c.Id), faults);
        Named(node, "ladder", "升级规则", times.Ladders.Select(l => l.Id).Append(ClockSetup.NoLadder), faults);
        Named(node, "rota", "值班表", times.Rotas.Select(r => r.Id), faults);
    }

    private static void Named(ActivityNode node, string kind, string zh, IEnumerable<string> known, FaultList faults)
    {
        if (!node.Inputs.TryGetValue(kind, out var binding) || binding.Expression.Type != "Literal"
            || node.ActivityType.Inputs.FirstOrDefault(i => i.Name == kind)?.ClrType != typeof(string)
            || ValueConverter.Text(binding.Expression.Value) is not { Length: > 0 } id || known.Contains(id))
            return;
        var near = NearestName.Of(id, known);
        faults.Add(
            node,
            "unknown-" + kind,
            $"没有{zh}“{id}”{(near is null ? "" : $"，是不是“{near}”？")}",
            $"there is no {kind} {id}{(near is null ? "" : $"; did you mean {near}?")}",
            kind);
    }
}
