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
public sealed record InboxRow(string Id, string Href, string Title, string? Step, IReadOnlyList<Fact> Facts, Badge? From, string Ago, string When, SlaChip? Sla, Stamp? Stamp);

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
public sealed record InboxModel(InboxChoice Choice, IReadOnlyList<InboxRow> Rows, string? Next, bool IsFirst, IReadOnlyList<(string Id, string Name)> Types, string? Notice);
