using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Clocks;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Definitions;

/// <summary>What publication must know of a definition.</summary>
/// <param name="Faults">Faults and warnings; publication is refused when there is a fault.</param>
/// <param name="Triggers">Starting points to store when it is published.</param>
public sealed record Validation(IReadOnlyList<DefinitionFault> Faults, IReadOnlyList<StoredTrigger> Triggers)
{
    public bool IsPublishable => Faults.All(f => f.Severity != FaultSeverity.Fault);
}

/// <summary>
/// Strict checks for publication, one message per fault, each naming its node. Drafts may fail all of them. Pure: what
/// other definitions have taken comes in as a parameter.
/// </summary>
public static class DefinitionValidator
{
    /// <param name="graph">The compiled definition; its own faults are part of the answer.</param>
    /// <param name="otherTriggers">HTTP endpoints of the published definitions, for route conflicts.</param>
    /// <param name="times">Calendars, ladders and rotas there are; null where they are not known, as before there is a database: then their names are not judged.</param>
    public static Validation Validate(WorkflowGraph graph, IReadOnlyList<StoredTrigger>? otherTriggers = null, TimeRules? times = null)
    {
        var faults = new FaultList();
        foreach (var fault in graph.Faults.Where(f => graph.Find(f.NodeId) is not { IsForeign: true }))
            faults.Add(fault);

        var own = graph.Nodes.Where(n => !n.IsForeign).ToList();
        DuplicateIds(own, faults);
        foreach (var node in own)
        {
            RequiredInputs(node, faults);
            ReferenceChecks.Check(node, graph, faults);
            Durations(node, faults);
            if (times is not null)
                TimeRuleChecks.Check(node, times, faults);
            AskActivity(node, graph, faults);
            if (node.Json["connections"] is JsonArray && node.ActivityType.Info.IsContainer)
                FlowChecks.Check(node, graph, faults);
        }

        VolatileVariables(own, faults);
        if (Withdrawal.Parse(graph.Workflow.CustomProperties?[Withdrawal.Property]) is null)
            faults.Add(graph.Workflow, "bad-withdrawal", $"撤回规则（自定义属性 {Withdrawal.Property}）须为：{string.Join("、", Enum.GetNames<WithdrawalRule>())}", $"custom property {Withdrawal.Property} is one of: {string.Join(", ", Enum.GetNames<WithdrawalRule>())}");
        var triggerFaults = new List<DefinitionFault>();
        var triggers = TriggerIndex.Of(graph, triggerFaults);
        triggerFaults.ForEach(faults.Add);
        RouteChecks.Check(graph, triggers, otherTriggers ?? [], faults);
        return new Validation(faults.All, triggers);
    }

    private static void DuplicateIds(List<ActivityNode> own, FaultList faults)
    {
        foreach (var group in own.GroupBy(n => n.Id).Where(g => g.Count() > 1))
            faults.Add(group.Last(), "duplicate-id", $"活动编号“{group.Key}”被使用了 {group.Count()} 次", $"activity id {group.Key} is used {group.Count()} times");
    }

    private static void RequiredInputs(ActivityNode node, FaultList faults)
    {
        foreach (var input in node.ActivityType.Inputs.Where(i => i.Info.Required && IsBlank(i.Default)))
        {
            if (!node.Inputs.TryGetValue(input.Name, out var binding) || (binding.Expression.Type is "Literal" or "Object" or "Json" && IsBlank(binding.Expression.Value)))
                faults.Add(node, "missing-input", $"缺少必填的输入“{input.Info.Zh ?? input.Name}”", $"the required input {input.Name} is missing", input.Name);
        }
    }

    private static bool IsBlank(JsonNode? value) =>
        value is null || string.IsNullOrWhiteSpace(ValueConverter.Text(value)) || value is JsonArray { Count: 0 };

    /// <summary>"72:00:00" is 72 days by .NET's rule (and Elsa's); hardly anybody means that.</summary>
    private static void Durations(ActivityNode node, FaultList faults)
    {
        foreach (var input in node.ActivityType.Inputs.Where(i => (Nullable.GetUnderlyingType(i.ClrType) ?? i.ClrType) == typeof(TimeSpan)))
        {
            if (node.Inputs.TryGetValue(input.Name, out var binding) && binding.Expression.Type == "Literal" && ValueConverter.Text(binding.Expression.Value)?.Trim() is { } text
                && text.Split(':') is [var first, _, _] && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours > 23)
                faults.Warn(node, "ambiguous-duration", $"“{text}”会被理解为 {hours} 天；若指小时，请写成“{hours / 24}.{hours % 24:00}:00:00”的形式", $"{text} means {hours} days; for hours write {hours / 24}.{hours % 24:00}:00:00", input.Name);
        }
    }

    private static void AskActivity(ActivityNode node, WorkflowGraph graph, FaultList faults)
    {
        if (node.ActivityType.ClrType == typeof(NotFoundActivity))
            return;
        try
        {
            foreach (var fault in TriggerIndex.Create(node, graph, [], reportInputs: false)!.Validate(node))
            {
                if (fault.IsWarning)
                    faults.Warn(node, fault.Code, fault.Zh, fault.En);
                else
                    faults.Add(node, fault.Code, fault.Zh, fault.En);
            }
        }
        // The boundary of activity code: a check that breaks must not let the definition through, nor stop the others.
        catch (Exception failure)
        {
            faults.Add(node, "check-failed", $"无法检查此活动：{failure.Message}", $"this activity could not be checked: {failure.Message}");
        }
    }

    private static void VolatileVariables(List<ActivityNode> own, FaultList faults)
    {
        if (!own.Exists(n => !n.Children.Any() && FlowGraph.MayWait(n)))
            return;
        foreach (var node in own)
        {
            foreach (var variable in node.Variables.Where(v => !v.IsPersisted))
                faults.Warn(node, "volatile-variable", $"变量“{variable.Name}”没有存储方式，流程等待后其值会丢失", $"variable {variable.Name} has no storage driver: its value is lost when the workflow waits", variable.Name);
        }
    }
}
