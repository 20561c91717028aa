using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Expressions;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Definitions;

/// <summary>Works out what starts a definition. Inputs are evaluated as at publication: without an instance, variables at their initial values.</summary>
public static class TriggerIndex
{
    /// <summary>Triggers of the nodes that may start the workflow; what cannot be worked out is added to <paramref name="faults"/>.</summary>
    public static IReadOnlyList<StoredTrigger> Of(WorkflowGraph graph, ICollection<DefinitionFault> faults)
    {
        var triggers = new List<StoredTrigger>();
        foreach (var node in graph.Nodes.Where(n => n is { CanStartWorkflow: true, IsForeign: false }))
        {
            if (Create(node, graph, faults, reportInputs: true) is not { } activity)
                continue;
            try
            {
                foreach (var stimulus in activity.Triggers(node))
                {
                    triggers.Add(new StoredTrigger(
                        $"{graph.VersionId}-{node.Id}-{triggers.Count + 1}",
                        graph.DefinitionId,
                        graph.VersionId,
                        stimulus.Name,
                        node.Id,
                        StimulusHash.Compute(stimulus.Name, stimulus.Payload),
                        stimulus.Data ?? stimulus.Payload));
                }
            }
            // The boundary of activity code: its failure is a fault of this node, not of the engine.
            catch (Exception failure)
            {
                faults.Add(new DefinitionFault("bad-trigger", FaultSeverity.Fault, node.NodeId, node.DisplayText, $"无法确定启动条件：{failure.Message}", $"its trigger cannot be worked out: {failure.Message}"));
            }
        }

        return triggers;
    }

    /// <summary>An activity object with those inputs set that are known without an instance; null when one that is needed is not.</summary>
    internal static Activity? Create(ActivityNode node, WorkflowGraph graph, ICollection<DefinitionFault> faults, bool reportInputs)
    {
        var scope = new NoScope((key, byId) => InitialValue(node, key, byId));
        var activity = node.ActivityType.Create(node);
        var isComplete = true;
        foreach (var input in node.ActivityType.Inputs)
        {
            if (!node.Inputs.TryGetValue(input.Name, out var binding))
                continue;
            try
            {
                node.ActivityType.SetInput(activity, input, binding.Evaluate(scope) ?? input.Default);
            }
            catch (ExpressionError error)
            {
                isComplete = false;
                if (reportInputs && !graph.Faults.Any(f => f.NodeId == node.NodeId && f.Input == input.Name))
                    faults.Add(new DefinitionFault("bad-trigger", FaultSeverity.Fault, node.NodeId, node.DisplayText, $"启动条件的输入“{input.Info.Zh ?? input.Name}”在发布时必须已知：{error.Message}", $"input {input.Name} of a trigger must be known at publication: {error.Message}", input.Name));
            }
        }

        return isComplete || !reportInputs ? activity : null;
    }

    private static JsonNode? InitialValue(ActivityNode node, string key, bool byId)
    {
        for (var at = node; at is not null; at = at.Parent)
        {
            if (at.Variables.FirstOrDefault(v => (byId ? v.Id : v.Name) == key) is { } declared)
                return declared.Default;
        }

        return null;
    }
}
