using Workflows.Host.Pages.Start;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.Inbox;

/// <summary>A labelled value.</summary>
public sealed record Fact(string Label, string Value);

/// <summary>Where an application stands, in a word and a colour.</summary>
/// <param name="Kind">running, good, bad, returned, quiet or trouble; the class.</param>
public sealed record Stamp(string Kind, string Text);

/// <summary>One line of a list.</summary>
/// <param name="Step">What is asked for, or whom it waits for.</param>
/// <param name="When">Instant in full, for the tip.</param>
public sealed record InboxRow(string Id, string Href, string Title, string? Step, IReadOnlyList<Fact> Facts, Badge? From, string Ago, string When, SlaChip? Sla, Stamp? Stamp)
{
    /// <summary>True when it may be approved together with others.</summary>
    public bool AllowsBulk { get; init; }
}

/// <summary>What the person narrowed the list to, as typed.</summary>
public sealed record InboxChoice
{
    public string Tab { get; init; } = "todo";
    public string Search { get; init; } = "";
    public string Type { get; init; } = "";
    public string From { get; init; } = "";
    public string Since { get; init; } = "";
    public string Until { get; init; } = "";
    public string Due { get; init; } = "";
    public string Status { get; init; } = "";

    /// <summary>True when anything but the search is set.</summary>
    public bool IsFiltered => (Type + From + Since + Until + Due + Status).Length > 0;

    public bool IsNarrowed => IsFiltered || Search.Length > 0;

    /// <summary>What narrows the list, as an address carries it; for keeping it under a name.</summary>
    public string Query => AddressOf(Tab)["/?".Length..];

    public string AddressOf(string tab, string? after = null)
    {
        var parts = new List<string> { "tab=" + tab };
        if (tab == Tab)
        {
            foreach (var (name, value) in new[] { ("q", Search), ("type", Type), ("from", From), ("since", Since), ("until", Until), ("due", Due), ("status", Status) })
            {
                if (value.Length > 0)
                    parts.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }

        if (after is not null)
            parts.Add("after=" + Uri.EscapeDataString(after));
        return "/?" + string.Join('&', parts);
    }
}

/// <summary>A page of the inbox.</summary>
public sealed record InboxModel(InboxChoice Choice, IReadOnlyList<InboxRow> Rows, string? Next, bool IsFirst, IReadOnlyList<(string Id, string Name)> Types, string? Notice)
{
    /// <summary>For the tab of drafts.</summary>
    public IReadOnlyList<DraftLine> Drafts { get; init; } = [];

    public IReadOnlyList<SavedFilter> Filters { get; init; } = [];

    /// <summary>True when something in the list may be approved together with others.</summary>
    public bool HasBulk => Rows.Any(r => r.AllowsBulk);
}

/// <summary>One of several tasks to approve, as it stands before or after.</summary>
/// <param name="Seen">Hash of what is shown.</param>
/// <param name="Refused">Why it cannot be, or was not, approved; null when it can be, or was.</param>
public sealed record BatchLine(InboxRow Row, string Seen, string? Refused);

/// <summary>Several tasks to approve, shown before the act and after it.</summary>
public sealed record BatchModel(IReadOnlyList<BatchLine> Lines, bool IsDone, string Key, string Comment, string? Problem, IReadOnlyList<string> Phrases)
{
    public IReadOnlyList<BatchLine> Good => [.. Lines.Where(l => l.Refused is null)];

    public IReadOnlyList<BatchLine> Bad => [.. Lines.Where(l => l.Refused is not null)];
}
