using System.Text.Json.Nodes;
using Workflows.Engine.Incidents;
using Workflows.Engine.Instances;
using Workflows.Engine.Storage;

namespace Workflows.Host.Instances;

/// <summary>A workflow instance as the API shows it.</summary>
internal sealed record InstanceView(
    string Id,
    string DefinitionId,
    string DefinitionVersionId,
    int DefinitionVersion,
    string? Name,
    string? CorrelationId,
    string? ParentInstanceId,
    string? InitiatedBy,
    WorkflowStatus Status,
    WorkflowSubStatus SubStatus,
    int IncidentCount,
    long Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? FinishedAt)
{
    public static InstanceView Of(InstanceRow row) => new(
        row.Id, row.DefinitionId, row.DefinitionVersionId, row.DefinitionVersion, row.Name, row.CorrelationId, row.ParentInstanceId, row.InitiatedBy,
        row.Status, row.SubStatus, row.IncidentCount, row.Revision, row.CreatedAt, row.UpdatedAt, row.FinishedAt);

    public static InstanceView Of(InstanceSummary row) => new(
        row.Id, row.DefinitionId, row.DefinitionVersionId, row.DefinitionVersion, row.Name, row.CorrelationId, row.ParentInstanceId, row.InitiatedBy,
        row.Status, row.SubStatus, row.IncidentCount, row.Revision, row.CreatedAt, row.UpdatedAt, row.FinishedAt);
}

/// <summary>A step that takes something back, and whether it did: Registered, Running, Done or Failed (补偿失败).</summary>
internal sealed record UndoView(string Label, UndoState State);

/// <summary>An instance with what its state tells: what it was given, what it gives, what went wrong.</summary>
internal sealed record InstanceDetail(
    InstanceView Instance,
    string? InitiatorName,
    IReadOnlyDictionary<string, JsonNode?> Input,
    IReadOnlyDictionary<string, JsonNode?> Output,
    IReadOnlyList<Incident> Incidents,
    IReadOnlyList<UndoView> Undos,
    IReadOnlyList<string> OpenTasks,
    DateTimeOffset? NextDueAt);
