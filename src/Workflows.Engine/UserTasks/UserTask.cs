using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Workflows.Engine.UserTasks;

/// <summary>Where a user task stands. Only Open and Claimed can be acted on.</summary>
public enum UserTaskState
{
    Open,
    Claimed,
    Completed,
    Cancelled,
}

/// <summary>What kind of work is asked for.</summary>
public enum UserTaskKind
{
    /// <summary>A decision: approve, reject, return.</summary>
    Approval,

    /// <summary>Work with a form or checklist: complete.</summary>
    Handling,
}

/// <summary>
/// Work for one person or a queue. Lives in the instance's state while open, and in its row for the inbox; the row is kept
/// after closing.
/// </summary>
public sealed record UserTask
{
    public required string Id { get; init; }

    /// <summary>Number of the activity execution that asked for it.</summary>
    public required int Execution { get; init; }

    public required string NodeId { get; init; }

    public required UserTaskKind Kind { get; init; }

    public required string Title { get; init; }

    public UserTaskState State { get; init; } = UserTaskState.Open;

    /// <summary>The person who must do it; null while it waits in a queue.</summary>
    public string? Assignee { get; init; }

    /// <summary>Since when the present assignee has it, when they claimed it or were given it.</summary>
    public DateTimeOffset? HeldSince { get; init; }

    /// <summary>User names and role keys ("role:supervisor") who may claim it.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>User names who may never decide it: the applicant, earlier deciders under four eyes.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>True when whoever decides at another node while this task is open is excluded from it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FourEyes { get; init; }

    /// <summary>Why these people: shown to them ("因为您是主管").</summary>
    public string? Reason { get; init; }

    /// <summary>Names of the acts offered, for example approve, reject, return; complete for handling.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>Acts that are refused without a comment.</summary>
    public IReadOnlyList<string> CommentRequired { get; init; } = [];

    /// <summary>Further acts whoever holds it may perform: transfer, delegate, request-info, add-signers, remove-signers.</summary>
    public IReadOnlyList<string> Acts { get; init; } = [];

    /// <summary>Earlier steps a return may name; empty when it can only leave by the node's own arrow.</summary>
    public IReadOnlyList<ReturnTarget> ReturnTargets { get; init; } = [];

    /// <summary>True when the process allows approving it together with others, unseen one by one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AllowBulk { get; init; }

    /// <summary>委派: who asked the present assignee for an opinion and gets the task back with it.</summary>
    public string? ReturnsTo { get; init; }

    /// <summary>代理: the person on leave for whom the assignee acts; null when they act for themselves.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>Who was asked for information and has not answered yet.</summary>
    public string? InfoFrom { get; init; }

    /// <summary>People who held it before or were asked something about it; they may still read it.</summary>
    public IReadOnlyList<string> Involved { get; init; } = [];

    /// <summary>What is shown to the person: read-only facts, by label.</summary>
    public JsonNode? Content { get; init; }

    /// <summary>When what is shown was worked out; null when that was at the task's creation.</summary>
    public DateTimeOffset? ShownAt { get; init; }

    /// <summary>Names or labels of fields that this step hides from whoever does it.</summary>
    public IReadOnlyList<string> Hidden { get; init; } = [];

    /// <summary>JSON Schema of the form the person fills; null without a form.</summary>
    public JsonNode? Form { get; init; }

    /// <summary>1 for the first visit of the node, 2 when it comes back, and so on.</summary>
    public int Round { get; init; } = 1;

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Overdue { get; init; }

    /// <summary>True while its clock stands still; it has no due time then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsPaused { get; init; }

    public string? Decision { get; init; }

    public string? DecidedBy { get; init; }

    public string? Comment { get; init; }

    /// <summary>For a return: node id of the step it goes to, or <see cref="ReturnTarget.Initiator"/>; null for the node's own arrow.</summary>
    public string? ReturnedTo { get; init; }

    /// <summary>For a return: true when the flow comes straight back here once that step is done, false when it walks all steps again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ComesStraightBack { get; init; }

    public JsonNode? Result { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>For a task that was cancelled by what somebody did elsewhere: who; null when the system closed it.</summary>
    public string? ClosedBy { get; init; }

    /// <summary>Revision of the instance that last changed the task; the entity tag of the API.</summary>
    public long Revision { get; init; }
}

/// <summary>A step that a task can be returned to.</summary>
/// <param name="NodeId">Node id, or <see cref="Initiator"/>.</param>
/// <param name="Title">What people call it.</param>
public sealed record ReturnTarget(string NodeId, string Title)
{
    /// <summary>The applicant, who mends the application and hands it in again.</summary>
    public const string Initiator = "initiator";
}
