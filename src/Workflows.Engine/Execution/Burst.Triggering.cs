using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;

namespace Workflows.Engine.Execution;

/// <summary>
/// The trigger that started the instance. It is kept in the instance until the first burst is over, so that it is still
/// known when a commit boundary cuts that burst; and it counts once, so that a flow which comes back to the same node waits there.
/// </summary>
internal sealed partial class Burst
{
    private const string TriggerKey = "$trigger";

    public string? TriggerActivityId => (string?)Trigger?["activity"];

    public JsonNode? TriggerPayload => Trigger?["payload"]?.DeepClone();

    private JsonObject? Trigger => Instance.Properties.GetValueOrDefault(TriggerKey) as JsonObject;

    public bool IsTrigger(ActivityNode node, ActivityExecution execution)
    {
        if (Trigger is not { } trigger || (string?)trigger["activity"] != node.Id)
            return false;
        if ((int?)trigger["execution"] is { } first)
            return first == execution.Number;

        Instance.Properties[TriggerKey] = new JsonObject { ["activity"] = node.Id, ["payload"] = TriggerPayload, ["execution"] = execution.Number };
        return true;
    }

    private void RememberTrigger()
    {
        if (request.Stimulus is Stimulus.Start { TriggerActivityId: { } id } start)
            Instance.Properties[TriggerKey] = new JsonObject { ["activity"] = id, ["payload"] = start.TriggerPayload?.DeepClone() };
    }
}
