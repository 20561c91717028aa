using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Inbox;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.Detail;

/// <summary>A table among the facts.</summary>
public sealed record FactTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>A labelled fact: a text, a list or a table.</summary>
public sealed record FactItem(string Label, string Text, IReadOnlyList<string>? List = null, FactTable? Table = null)
{
    private const int Long = 36;

    /// <summary>True when it needs the whole width.</summary>
    public bool IsWide => Table is not null || List is { Count: > 2 } || Text.Length > Long || Text.Contains('\n', StringComparison.Ordinal);
}

/// <summary>A line of the approval process.</summary>
/// <param name="Kind">start, good, bad, returned, current, system, trouble, skipped, predicted or end; the class.</param>
public sealed record TrailNode(string Kind, string Title, Badge? Person = null, string? Who = null, string? State = null, string? Comment = null, string? When = null, string? Took = null, SlaChip? Sla = null);

/// <summary>An act the server offers.</summary>
/// <param name="Tone">primary, danger, warn or plain; the class.</param>
/// <param name="TakesPeople">True when somebody has to be named.</param>
public sealed record PageAction(string Name, string Label, bool Enabled, string? DisabledReason, bool CommentRequired, bool TakesComment, bool TakesPeople, string Hint, string Tone, IReadOnlyList<string> Phrases)
{
    /// <summary>Steps to choose from, for a return.</summary>
    public IReadOnlyList<FormOption> Targets { get; init; } = [];
}

/// <summary>The head of a detail page.</summary>
public sealed record DetailHead(string Title, string? Name, string Number, Badge? From, string Submitted, Stamp Stamp);

/// <summary>What went wrong with an act, and what was typed.</summary>
public sealed record ActState(string? Action = null, string? Problem = null, string? CommentProblem = null, string? PeopleProblem = null, string Comment = "", string People = "");

/// <summary>Where a task stands among those to do.</summary>
public sealed record QueuePlace(int Position, int Total, string? Previous, string? Next);

/// <summary>A task as its page shows it.</summary>
public sealed record TaskModel
{
    public required string Id { get; init; }
    public required string InstanceId { get; init; }
    public required DetailHead Head { get; init; }
    public required string Step { get; init; }
    public string? Why { get; init; }
    public string? Instructions { get; init; }
    public SlaChip? Sla { get; init; }

    /// <summary>Set when nothing is left to do here: who was first, and when.</summary>
    public string? Closed { get; init; }
    public required IReadOnlyList<FactItem> Facts { get; init; }
    public IReadOnlyList<FactItem> Result { get; init; } = [];
    public IReadOnlyList<FormField> Form { get; init; } = [];
    public FormState Filled { get; init; } = FormState.Empty;
    public IReadOnlyList<PageAction> Actions { get; init; } = [];
    public required IReadOnlyList<TrailNode> Trail { get; init; }
    public QueuePlace? Place { get; init; }

    /// <summary>The tasks to do, for the list beside it on wide screens.</summary>
    public IReadOnlyList<InboxRow> Queue { get; init; } = [];
    public required long Revision { get; init; }

    /// <summary>Hash of what is shown; a decision on something else is refused.</summary>
    public required string Seen { get; init; }

    /// <summary>Whom an act may name.</summary>
    public IReadOnlyList<Badge> People { get; init; } = [];
    public required string Key { get; init; }
    public ActState Act { get; init; } = new();
}

/// <summary>An application as its page shows it.</summary>
public sealed record InstanceModel
{
    public required string Id { get; init; }
    public required DetailHead Head { get; init; }
    public required IReadOnlyList<FactItem> Facts { get; init; }
    public IReadOnlyList<FactItem> Result { get; init; } = [];
    public required IReadOnlyList<TrailNode> Trail { get; init; }

    /// <summary>Id of the task of it that waits for the reader.</summary>
    public string? MyTask { get; init; }
    public IReadOnlyList<PageAction> Actions { get; init; } = [];
    public IReadOnlyList<Badge> People { get; init; } = [];
    public required string Key { get; init; }
    public ActState Act { get; init; } = new();
}
