using Workflows.Engine.Calendars;
using Workflows.Engine.Clocks;
using Workflows.Engine.Duty;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.Clocks;

/// <summary>A clock on a detail page, with how its due time was computed.</summary>
public sealed record ClockLine(string Label, string Target, SlaChip? Chip, string Due, IReadOnlyList<string> Lines);

/// <summary>A day of the month grid.</summary>
/// <param name="Kind">work, free, holiday, makeup or outside; the class.</param>
public sealed record DayCell(DateOnly Date, string Kind, string Mark, string? Name, bool IsToday, string Spoken);

/// <summary>A trial of a due time.</summary>
public sealed record DueTrial(string Start, string Amount, TimeUnit Unit, IReadOnlyList<string> Lines, string? Problem);

/// <summary>An import of a year as it was typed, and what became of it.</summary>
public sealed record YearImport(string Year = "", string Source = "", string Days = "", string? Problem = null, string? Effects = null, IReadOnlyList<string>? Moves = null);

/// <summary>The calendars page.</summary>
public sealed record CalendarModel
{
    public required WorkCalendar Calendar { get; init; }
    public required IReadOnlyList<WorkCalendar> Others { get; init; }
    public required DateOnly Month { get; init; }
    public required IReadOnlyList<DayCell> Days { get; init; }

    /// <summary>False when the year of the month has no holiday data.</summary>
    public required bool IsKnown { get; init; }
    public required string Hours { get; init; }
    public required DueTrial Trial { get; init; }
    public required IReadOnlyList<string> Versions { get; init; }
    public bool MayEdit { get; init; }
    public YearImport Import { get; init; } = new();
}

/// <summary>A ladder as its page shows it.</summary>
public sealed record LadderCard(Ladder Ladder, IReadOnlyList<LadderLine> Steps, string? Problem = null);

/// <summary>A step in words.</summary>
public sealed record LadderLine(string When, string Whom, string How, string? Offer);

/// <summary>A rota with who has duty now and on the next days.</summary>
public sealed record RotaCard(Rota Rota, IReadOnlyList<string> Now, IReadOnlyList<RotaDay> Days, string? Problem = null);

/// <summary>Who begins which shift on a day.</summary>
public sealed record RotaDay(string Date, IReadOnlyList<(string Shift, string Hours, string People)> Shifts);
