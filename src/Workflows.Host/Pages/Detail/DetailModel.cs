using Workflows.Host.Pages.Clocks;
using Workflows.Host.Pages.Files;
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

    /// <summary>People to choose from, where no others can be named; null where anybody may be.</summary>
    public IReadOnlyList<FormOption>? Only { get; init; }

    /// <summary>True when its consequences can be seen before it is done.</summary>
    public bool HasPreview { get; init; }
}

/// <summary>The head of a detail page.</summary>
public sealed record DetailHead(string Title, string? Name, string Number, Badge? From, string Submitted, Stamp Stamp);

/// <summary>What went wrong with an act, what it would do, and what was typed into its sheet and the others.</summary>
/// <param name="Action">The act whose sheet is meant.</param>
/// <param name="IsOpen">True when the sheet is shown again.</param>
/// <param name="Plan">What the act would do, in lines; null when nobody asked.</param>
public sealed record ActState(
    string? Action = null, string? Problem = null, string? CommentProblem = null, string? PeopleProblem = null, PeoplePick? People = null, bool IsOpen = false, IReadOnlyList<string>? Plan = null)
{
    public IReadOnlyDictionary<string, string> Typed { get; init; } = new Dictionary<string, string>();

    /// <summary>What was typed into a field of a sheet.</summary>
    public string Of(string field, string otherwise = "") => Typed.GetValueOrDefault(field, otherwise);
}

/// <summary>Somebody who was sent a copy, and when they read it.</summary>
public sealed record CopyLine(Badge Person, string By, string When, string? ReadAt);

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
    public IReadOnlyList<ClockLine> Clocks { get; init; } = [];

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

    public FileModel Files { get; init; } = FileModel.None;

    /// <summary>When the person's draft was saved, in words; null without one.</summary>
    public string? Draft { get; init; }

    /// <summary>How the people asked are counted and how far they are; null where one person is asked.</summary>
    public string? Table { get; init; }

    /// <summary>Who is asked for information, in words; null when nobody is.</summary>
    public string? Asked { get; init; }
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

    public IReadOnlyList<ClockLine> Clocks { get; init; } = [];

    /// <summary>Where what is masked can be seen whole, for a reason; null where it cannot, or nothing is.</summary>
    public string? Reveal { get; init; }

    /// <summary>Id of the task of it that waits for the reader.</summary>
    public string? MyTask { get; init; }
    public IReadOnlyList<PageAction> Actions { get; init; } = [];
    public FileModel Files { get; init; } = FileModel.None;
    public IReadOnlyList<CopyLine> Copies { get; init; } = [];

    /// <summary>True when the reader may see it on its diagram, with every step's executions.</summary>
    public bool SeesDiagram { get; init; }

    /// <summary>Where one's own application can be made again; null where it cannot.</summary>
    public string? Again { get; init; }
    public required string Key { get; init; }
    public ActState Act { get; init; } = new();
}
