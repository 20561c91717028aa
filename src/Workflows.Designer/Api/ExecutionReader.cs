using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Incidents;
using Workflows.Engine.Instances;
using Workflows.Engine.Storage;
using Workflows.Engine.Store;

namespace Workflows.Designer.Api;

/// <summary>One execution of one activity, put together from the journal and the state.</summary>
internal sealed record Execution(int Number, string NodeId, string Type)
{
    public int? Parent { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public ActivityStatus Status { get; set; } = ActivityStatus.Running;

    public int Faults { get; set; }

    public string? Error { get; set; }

    public JsonNode? Outcomes { get; set; }

    /// <summary>Waits for a person, a time or an answer.</summary>
    public bool Waits { get; set; }

    public Dictionary<string, JsonNode?>? Inputs { get; set; }

    public bool IsEnded => Status is ActivityStatus.Completed or ActivityStatus.Canceled;
}

/// <summary>An instance as the viewer needs it: its journal, its state, and the executions the two tell of.</summary>
internal sealed record InstanceStory(InstanceSummary Summary, WorkflowInstance State, IReadOnlyList<JournalEntry> Journal, IReadOnlyList<Execution> Executions, WorkflowGraph? Graph)
{
    private PersonalMask? _mask;

    /// <summary>Masks customers wherever the viewer would see them.</summary>
    public PersonalMask Mask => _mask ??= new PersonalMask(State, Graph);

    public string ExecutionId(int number) => $"{Summary.Id}-{number}";

    public ActivityNode? Node(string? nodeId) => nodeId is null ? null : Graph?.Find(nodeId);
}

/// <summary>Reads instances for the viewer. The journal is the record; what still runs is in the state.</summary>
internal sealed class ExecutionReader(IInstanceStore instances, IGraphSource graphs)
{
    private const int MostEntries = 20_000;
    private const int Batch = 2_000;

    public async Task<InstanceStory?> ReadAsync(InstanceSummary summary, CancellationToken cancellationToken)
    {
        if (await instances.LoadAsync(summary.Id, cancellationToken) is not { } stored)
            return null;
        var state = InstanceCodec.Read(stored.State.Span);
        var journal = await ReadJournalAsync(summary.Id, cancellationToken);
        return new InstanceStory(summary, state, journal, Executions(state, journal), await graphs.FindVersionAsync(summary.DefinitionVersionId, cancellationToken));
    }

    public async Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(string id, CancellationToken cancellationToken)
    {
        var all = new List<JournalEntry>();
        while (all.Count < MostEntries && await instances.ReadJournalAsync(id, all.Count == 0 ? 0 : all[^1].Sequence, Batch, cancellationToken) is { Count: > 0 } some)
            all.AddRange(some);
        return all;
    }

    private static List<Execution> Executions(WorkflowInstance state, IReadOnlyList<JournalEntry> journal)
    {
        var byNumber = new Dictionary<int, Execution>();
        foreach (var entry in journal)
        {
            if (entry.Execution is not { } number || entry.NodeId is null)
                continue;
            if (!byNumber.TryGetValue(number, out var execution))
                byNumber[number] = execution = new Execution(number, entry.NodeId, entry.ActivityType ?? "") { StartedAt = entry.At };
            switch (entry.Event)
            {
                case "Completed":
                    (execution.Status, execution.EndedAt, execution.Outcomes) = (ActivityStatus.Completed, entry.At, (entry.Payload as JsonObject)?["outcomes"]);
                    break;
                case "Canceled":
                    (execution.Status, execution.EndedAt) = (ActivityStatus.Canceled, entry.At);
                    break;
                case "Faulted":
                    execution.Status = ActivityStatus.Faulted;
                    execution.Faults++;
                    execution.Error = entry.Message;
                    break;
                case "IncidentResolved" or "Resumed" when execution.Status == ActivityStatus.Faulted:
                    execution.Status = ActivityStatus.Running;
                    break;
            }
        }

        foreach (var open in state.Executions)
        {
            if (!byNumber.TryGetValue(open.Number, out var execution))
                continue;
            execution.Parent = open.Parent;
            execution.Inputs = open.Inputs;
            if (open.IsOpen)
                execution.Status = open.Status == ActivityStatus.Pending ? ActivityStatus.Running : open.Status;
            execution.Waits = open.IsOpen && (state.Tasks.Any(t => t.Execution == open.Number) || state.Bookmarks.Any(b => b.Execution == open.Number) || state.Timers.Any(t => t.Execution == open.Number));
        }

        foreach (var incident in state.Incidents.Where(i => i.IsOpen && i.Execution is not null))
        {
            if (byNumber.TryGetValue(incident.Execution!.Value, out var execution) && !execution.IsEnded)
                (execution.Status, execution.Error) = (ActivityStatus.Faulted, incident.Message);
        }

        return [.. byNumber.Values.OrderBy(e => e.Number)];
    }
}

/// <summary>The shapes of instances, journals and executions that Studio reads.</summary>
internal static class InstanceShapes
{
    public static JsonObject Summary(InstanceSummary i) => new()
    {
        ["id"] = i.Id,
        ["definitionId"] = i.DefinitionId,
        ["definitionVersionId"] = i.DefinitionVersionId,
        ["version"] = i.DefinitionVersion,
        ["status"] = i.Status.ToString(),
        ["subStatus"] = i.SubStatus.ToString(),
        ["correlationId"] = i.CorrelationId,
        ["name"] = i.Name,
        ["incidentCount"] = i.IncidentCount,
        ["isSystem"] = false,
        ["parentWorkflowInstanceId"] = i.ParentInstanceId,
        ["createdAt"] = Json.Instant(i.CreatedAt),
        ["updatedAt"] = Json.Instant(i.UpdatedAt),
        ["finishedAt"] = i.FinishedAt is { } finished ? Json.Instant(finished) : null,
    };

    /// <summary>With the state that the details panel prints raw: what was given and what came out, never what an operator alone may see.</summary>
    public static JsonObject Full(InstanceStory story, bool withDetail)
    {
        var (i, state) = (story.Summary, story.State);
        var json = Summary(i);
        json["workflowState"] = new JsonObject
        {
            ["id"] = i.Id,
            ["definitionId"] = i.DefinitionId,
            ["definitionVersionId"] = i.DefinitionVersionId,
            ["definitionVersion"] = i.DefinitionVersion,
            ["correlationId"] = i.CorrelationId,
            ["status"] = i.Status.ToString(),
            ["subStatus"] = i.SubStatus.ToString(),
            ["bookmarks"] = Json.Array(Waiting(story)),
            ["incidents"] = Json.Array(state.Incidents.Where(x => x.IsOpen || i.Status == WorkflowStatus.Finished).Select(x => (JsonNode)Incident(x, story, withDetail))),
            ["completionCallbacks"] = new JsonArray(),
            ["activityExecutionContexts"] = new JsonArray(),
            ["input"] = Values(story.Mask.Data(state.Input)),
            ["output"] = Values(story.Mask.Data(state.Output)),
            ["properties"] = new JsonObject(),
            ["createdAt"] = Json.Instant(i.CreatedAt),
            ["updatedAt"] = Json.Instant(i.UpdatedAt),
            ["finishedAt"] = i.FinishedAt is { } finished ? Json.Instant(finished) : null,
        };
        return story.Mask.Shape(json);
    }

    public static JsonObject Entry(JournalEntry entry, InstanceStory story) => story.Mask.Shape(new()
    {
        ["id"] = $"{story.Summary.Id}-j{entry.Sequence}",
        ["activityInstanceId"] = story.ExecutionId(entry.Execution ?? 0),
        ["parentActivityInstanceId"] = null,
        ["activityId"] = story.Node(entry.NodeId)?.Id ?? entry.NodeId ?? DefinitionDocument.WorkflowId,
        ["activityType"] = entry.ActivityType ?? "Elsa.Workflow",
        ["activityTypeVersion"] = 1,
        ["activityName"] = story.Node(entry.NodeId)?.DisplayText ?? story.Graph?.Name ?? "",
        ["nodeId"] = entry.NodeId ?? DefinitionDocument.WorkflowId,
        ["timestamp"] = Json.Instant(entry.At),
        ["sequence"] = entry.Sequence,
        ["eventName"] = entry.Event,
        ["message"] = entry.Message,
        ["source"] = entry.By,
        ["activityState"] = new JsonObject(),
        ["payload"] = story.Mask.Data(entry.Payload) is var data && data is null or JsonObject ? data : new JsonObject { ["value"] = data },
    });

    public static JsonObject Execution(Execution e, InstanceStory story, bool withDetail)
    {
        var node = story.Node(e.NodeId);
        return story.Mask.Shape(new JsonObject
        {
            ["id"] = story.ExecutionId(e.Number),
            ["workflowInstanceId"] = story.Summary.Id,
            ["activityId"] = node?.Id ?? e.NodeId,
            ["activityNodeId"] = e.NodeId,
            ["activityType"] = e.Type,
            ["activityTypeVersion"] = 1,
            ["activityName"] = node?.DisplayText ?? "",
            ["activityState"] = e.Inputs is null ? new JsonObject() : Values(story.Mask.Data(e.Inputs).ToDictionary(i => i.Key.Length > 0 ? char.ToUpperInvariant(i.Key[0]) + i.Key[1..] : i.Key, i => i.Value)),
            ["payload"] = e.Outcomes is null ? null : new JsonObject { ["Outcomes"] = e.Outcomes.DeepClone() },
            ["outputs"] = new JsonObject(),
            ["properties"] = new JsonObject(),
            ["metadata"] = new JsonObject(),
            ["exception"] = e.Status == ActivityStatus.Faulted ? Failure(e.Error ?? "", story.State.Incidents.LastOrDefault(i => i.Execution == e.Number), withDetail) : null,
            ["startedAt"] = Json.Instant(e.StartedAt),
            ["hasBookmarks"] = e.Waits,
            ["status"] = e.Status.ToString(),
            ["aggregateFaultCount"] = e.Status == ActivityStatus.Faulted ? Math.Max(1, e.Faults) : 0,
            ["completedAt"] = e.EndedAt is { } ended ? Json.Instant(ended) : null,
        });
    }

    /// <summary>The badges: how often each node ran, and whether it waits or failed.</summary>
    public static JsonArray Stats(InstanceStory story, IReadOnlySet<string>? nodeIds) => Json.Array(story.Executions
        .Where(e => nodeIds is null || nodeIds.Contains(e.NodeId))
        .GroupBy(e => e.NodeId)
        .Select(g => (JsonNode)new JsonObject
        {
            ["activityId"] = story.Node(g.Key)?.Id ?? g.Key,
            ["activityNodeId"] = g.Key,
            ["startedCount"] = g.Count(),
            ["completedCount"] = g.Count(e => e.Status == ActivityStatus.Completed),
            ["uncompletedCount"] = g.Count(e => !e.IsEnded),
            ["isBlocked"] = g.Any(e => e.Waits),
            ["isFaulted"] = g.Any(e => e.Status == ActivityStatus.Faulted),
            ["aggregateFaultCount"] = g.Sum(e => e.Status == ActivityStatus.Faulted ? Math.Max(1, e.Faults) : 0),
            ["metadata"] = new JsonObject(),
        }));

    public static JsonObject Values(IEnumerable<KeyValuePair<string, JsonNode?>> values)
    {
        var json = new JsonObject();
        foreach (var (name, value) in values)
            json[name] = value?.DeepClone();
        return json;
    }

    private static IEnumerable<JsonNode> Waiting(InstanceStory story) => story.Executions.Where(e => e.Waits).Select(e => (JsonNode)new JsonObject
    {
        ["id"] = story.ExecutionId(e.Number),
        ["name"] = e.Type,
        ["hash"] = "",
        ["payload"] = null,
        ["activityId"] = story.Node(e.NodeId)?.Id ?? e.NodeId,
        ["activityNodeId"] = e.NodeId,
        ["activityInstanceId"] = story.ExecutionId(e.Number),
        ["createdAt"] = Json.Instant(e.StartedAt),
        ["autoBurn"] = true,
        ["callbackMethodName"] = null,
        ["metadata"] = null,
    });

    private static JsonObject Incident(Incident incident, InstanceStory story, bool withDetail) => new()
    {
        ["activityId"] = story.Node(incident.NodeId)?.Id ?? incident.NodeId,
        ["activityNodeId"] = incident.NodeId,
        ["activityType"] = incident.ActivityType,
        ["message"] = incident.Message,
        ["exception"] = Failure(incident.Message, incident, withDetail),
        ["timestamp"] = Json.Instant(incident.At),
    };

    private static JsonObject Failure(string message, Incident? incident, bool withDetail) => new()
    {
        ["type"] = incident?.Kind ?? "failure",
        ["message"] = message,
        // Stacks and addresses are for operators.
        ["stackTrace"] = withDetail ? incident?.Detail : null,
        ["innerException"] = null,
    };
}
