namespace Workflows.Engine.Calendars;

/// <summary>Why a day is worked or not.</summary>
public enum WorkDayKind
{
    /// <summary>Worked by the weekly pattern.</summary>
    Workday,

    /// <summary>Free by the weekly pattern.</summary>
    Free,

    /// <summary>A public holiday.</summary>
    Holiday,

    /// <summary>A make-up workday, 调休上班.</summary>
    MakeUp,
}

/// <summary>What a calendar says of one local date.</summary>
/// <param name="IsKnown">False when the calendar observes holidays and has no data for the year: the weekly pattern is then only a guess.</param>
/// <param name="Name">Name of the holiday, if it is one or makes up for one.</param>
public sealed record WorkDay(DateOnly Date, WorkDayKind Kind, IReadOnlyList<WorkHours> Hours, bool IsKnown, string? Name, string? NameEn)
{
    public bool IsWorked => Hours.Count > 0;
}
