using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Clocks;
using Workflows.Engine.Messages;

namespace Workflows.Engine.Execution;

/// <summary>
/// What programs are told of an instance's life and of its clocks. It leaves with the commit that made it true, so a program never hears of what
/// did not happen, and hears of everything that did.
/// </summary>
internal sealed partial class Burst
{
    private void TellOfCase(string @event, string? reason = null, string? by = null)
    {
        if (!request.Listeners.Want(@event))
            return;
        var data = new JsonObject { ["case"] = CaseForPrograms(), ["by"] = by };
        if (!string.IsNullOrEmpty(reason))
            data["reason"] = reason;
        if (@event == MessageEvents.CaseFaulted && Instance.Incidents.LastOrDefault() is { } incident)
            data["incident"] = new JsonObject { ["kind"] = incident.Kind, ["message"] = incident.Message, ["node"] = Graph.Find(incident.NodeId)?.DisplayText };
        Tell(MessagePayload.Kind, MessagePayload.Of(@event, [], "", "", null, data), 50);
    }

    private void TellOfClock(string @event, RunningClock clock, ClockPoint? point)
    {
        if (!request.Listeners.Want(@event))
            return;
        var told = new JsonObject
        {
            ["id"] = clock.Id,
            ["name"] = clock.Name,
            ["label"] = clock.Label,
            ["kind"] = clock.Kind.ToString(),
            ["state"] = clock.State.ToString(),
            ["startedAt"] = Written(clock.StartedAt),
            ["dueAt"] = Written(clock.DueAt),
            ["provisional"] = clock.IsProvisional,
            ["at"] = Written(Now),
        };
        if (point is not null)
            told["plannedAt"] = Written(point.At);
        Tell(MessagePayload.Kind, MessagePayload.Of(@event, [], "", "", clock.TaskId, new JsonObject { ["case"] = CaseForPrograms(), ["clock"] = told }), 50);
    }

    private JsonObject CaseForPrograms()
    {
        var told = MessagePayload.Case(Instance, Graph, Organisation);
        told["definitionId"] = Instance.DefinitionId;
        told["version"] = Instance.DefinitionVersion;
        told["correlationId"] = Instance.CorrelationId;
        told["parentId"] = Instance.ParentInstanceId;
        told["initiatedBy"] = Instance.InitiatedBy;
        return told;
    }

    private static string Written(DateTimeOffset instant) => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
