using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Calendars;
using Workflows.Engine.Clocks;
using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Testing;

/// <summary>Test data with defaults, so that a test shows only what matters to it.</summary>
public static class A
{
    /// <summary>Where <see cref="ManualClock"/> starts: a Monday morning.</summary>
    public static readonly DateTimeOffset Now = new(2030, 1, 7, 9, 0, 0, TimeSpan.Zero);

    /// <summary>A new id; later ones sort after earlier ones.</summary>
    public static string Id() => Guid.CreateVersion7().ToString("N");

    public static InstanceRow Instance(
        string? id = null,
        long readRevision = 0,
        string definitionId = "definition",
        string? correlationId = null,
        string? activationKey = null,
        string? initiatedBy = null,
        string? parentInstanceId = null,
        WorkflowSubStatus subStatus = WorkflowSubStatus.Suspended,
        bool isExecuting = false,
        int incidentCount = 0,
        string state = "{}")
    {
        var finished = subStatus is WorkflowSubStatus.Finished or WorkflowSubStatus.Cancelled or WorkflowSubStatus.Faulted;
        return new InstanceRow
        {
            Id = id ?? Id(),
            ReadRevision = readRevision,
            DefinitionId = definitionId,
            DefinitionVersionId = definitionId + "-1",
            DefinitionVersion = 1,
            CorrelationId = correlationId,
            ActivationKey = activationKey,
            InitiatedBy = initiatedBy,
            ParentInstanceId = parentInstanceId,
            Status = finished ? WorkflowStatus.Finished : WorkflowStatus.Running,
            SubStatus = subStatus,
            IsExecuting = isExecuting,
            IncidentCount = incidentCount,
            State = Encoding.UTF8.GetBytes(state),
            CreatedAt = Now,
            UpdatedAt = Now,
            FinishedAt = finished ? Now : null,
        };
    }

    /// <summary>A change set of a new instance, or of a stored one when <paramref name="readRevision"/> is given.</summary>
    public static ChangeSet ChangeSet(string? id = null, long readRevision = 0, string? stimulus = null, string? activationKey = null) => new()
    {
        Instance = Instance(id, readRevision, activationKey: activationKey),
        Stimulus = stimulus is null ? null : new StimulusRow(stimulus, "fingerprint", id ?? "", null, Now),
    };

    /// <summary>A change set that touches every table: bookmark, timer, task with two candidates, clock, effect, journal.</summary>
    public static ChangeSet FullChangeSet(string? id = null, long readRevision = 0)
    {
        var instance = Instance(id, readRevision);
        var first = ((int)readRevision * 2) + 1;
        var prefix = $"{instance.Id}-{readRevision.ToString(CultureInfo.InvariantCulture)}";
        return new ChangeSet
        {
            Instance = instance,
            BookmarksAdded = [Bookmark($"{prefix}-b")],
            TimersAdded = [Timer($"{prefix}-t")],
            Tasks = [UserTask($"{prefix}-u", candidates: ["role:supervisor", "alice"])],
            Clocks = [Clock($"{prefix}-c", $"{prefix}-u")],
            EffectsAdded = [Effect($"{prefix}-e", instance.Id)],
            Journal = Journal(first, 2),
        };
    }

    public static Bookmark Bookmark(string? id = null, string name = "Workflows.Approval", string hash = "HASH", JsonNode? payload = null) => new()
    {
        Id = id ?? Id(),
        Name = name,
        Hash = hash,
        Payload = payload,
        Execution = 2,
        NodeId = "Workflow1:Approval1",
        CreatedAt = Now,
    };

    public static RunningClock Clock(string? id = null, string? taskId = null) => new()
    {
        Id = id ?? Id(),
        Name = "task",
        Label = "审批",
        TaskId = taskId,
        Execution = 2,
        NodeId = "Workflow1:Approval1",
        Target = new TargetTime(24, TimeUnit.Hours),
        Calendar = "24x7",
        CalendarVersion = 1,
        Ladder = "L-HOUR",
        LadderVersion = 1,
        StartedAt = Now,
        DueAt = Now.AddHours(24),
        Total = TimeSpan.FromHours(24),
        Pauses = [new PauseSpan(Now, Now.AddMinutes(1), "等待客户")],
    };

    public static WorkflowTimer Timer(string? id = null, DateTimeOffset? dueAt = null) =>
        new(id ?? Id(), dueAt ?? Now + TimeSpan.FromHours(24), 2, null, "deadline");

    public static UserTask UserTask(
        string? id = null,
        string? assignee = null,
        IReadOnlyList<string>? candidates = null,
        IReadOnlyList<string>? excluded = null,
        DateTimeOffset? dueAt = null,
        UserTaskState state = UserTaskState.Open,
        string? decidedBy = null,
        DateTimeOffset? closedAt = null,
        DateTimeOffset? createdAt = null) => new()
        {
            Id = id ?? Id(),
            Execution = 2,
            NodeId = "Workflow1:Approval1",
            Kind = UserTaskKind.Approval,
            Title = "审批：删除促销活动",
            State = state,
            Assignee = assignee,
            Candidates = candidates ?? [],
            Excluded = excluded ?? [],
            Reason = "因为您是主管",
            Actions = ["approve", "reject", "return"],
            CreatedAt = createdAt ?? Now,
            DueAt = dueAt,
            Decision = decidedBy is null ? null : "approve",
            DecidedBy = decidedBy,
            ClosedAt = closedAt ?? (state is UserTaskState.Completed or UserTaskState.Cancelled ? Now : null),
        };

    public static Effect Effect(string? key = null, string instanceId = "instance", EffectClass @class = EffectClass.Notice, DateTimeOffset? dueAt = null, JsonNode? payload = null) => new()
    {
        Key = key ?? Id(),
        InstanceId = instanceId,
        Execution = 3,
        Kind = "mail",
        Class = @class,
        Payload = payload,
        DueAt = dueAt ?? Now,
        CreatedAt = Now,
    };

    public static IReadOnlyList<JournalEntry> Journal(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(n => new JournalEntry(n, Now, "Started", 1, "Workflow1", "Elsa.Workflow", "流程开始", "alice"))];

    public static StoredEvent Event(string? id = null, string hash = "HASH", DateTimeOffset? receivedAt = null, TimeSpan? keptFor = null) => new(
        id ?? Id(),
        "PaymentReceived",
        hash,
        null,
        null,
        null,
        receivedAt ?? Now,
        (receivedAt ?? Now) + (keptFor ?? TimeSpan.FromHours(1)),
        null);

    public static StoredDefinition Definition(
        string definitionId,
        int version = 1,
        bool isLatest = true,
        bool isPublished = false,
        DateTimeOffset? updatedAt = null) =>
        new($"{definitionId}-{version}", definitionId, version, "删除促销活动", null, isLatest, isPublished, "{}", Now, updatedAt ?? Now, "alice");
}
