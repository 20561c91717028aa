namespace Workflows.Engine.Rehearsal;

/// <summary>What kind of thing a line of the report tells of.</summary>
public enum RehearsalKind
{
    /// <summary>A step was passed.</summary>
    Step,

    /// <summary>Somebody got a task.</summary>
    Task,

    /// <summary>Somebody acted, or the process decided by itself.</summary>
    Act,

    /// <summary>Somebody would have been told something.</summary>
    Message,

    /// <summary>The shop or another system would have been asked to do something.</summary>
    Operation,

    /// <summary>A deadline came near, passed, or was reported up the line.</summary>
    Deadline,

    /// <summary>A step failed, or nobody could do it.</summary>
    Trouble,

    /// <summary>The case ended.</summary>
    End,
}

/// <summary>One thing that happened in a rehearsal.</summary>
/// <param name="At">In the time of the rehearsal.</param>
/// <param name="Node">What a person reads on the step; empty for the case as a whole.</param>
/// <param name="What">Name of the event, act, channel or operation.</param>
public sealed record RehearsalLine(DateTimeOffset At, RehearsalKind Kind, string Node, string What)
{
    /// <summary>Type of the step.</summary>
    public string Type { get; init; } = "";

    /// <summary>Names of the people it concerns.</summary>
    public IReadOnlyList<string> People { get; init; } = [];

    /// <summary>Words: the opinion, the message, the reason.</summary>
    public string Text { get; init; } = "";

    /// <summary>For a task: when it is due.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>True for a line of a process that the rehearsed one started.</summary>
    public bool IsOfChild { get; init; }
}

/// <summary>How the rehearsal ended.</summary>
public enum RehearsalEnd
{
    Finished,
    Cancelled,
    Faulted,

    /// <summary>Something is awaited that nothing in the rehearsal brings about.</summary>
    Waiting,

    /// <summary>It would have taken longer than the case allows.</summary>
    TooLong,

    /// <summary>It made more steps than a rehearsal may.</summary>
    TooManySteps,
}

/// <summary>What happened in a rehearsal, in order.</summary>
/// <param name="Waits">What the open steps are called, when it did not end.</param>
public sealed record RehearsalReport(IReadOnlyList<RehearsalLine> Lines, RehearsalEnd End, DateTimeOffset EndedAt, IReadOnlyList<string> Waits)
{
    public IEnumerable<RehearsalLine> Messages => Lines.Where(l => l.Kind == RehearsalKind.Message);

    public IEnumerable<RehearsalLine> Deadlines => Lines.Where(l => l.Kind == RehearsalKind.Deadline);
}
