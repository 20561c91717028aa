using System.Globalization;
using System.Text.Json.Serialization;

namespace Workflows.Engine.Calendars;

/// <summary>Units of a target. The first three run around the clock, whatever the calendar (catalogue 0.3); the working ones are two different things.</summary>
public enum TimeUnit
{
    Minutes,
    Hours,

    /// <summary>N 天 = N × 24 hours.</summary>
    Days,

    /// <summary>工作小时: hours inside the calendar's working hours.</summary>
    WorkingHours,

    /// <summary>工作日: ends with the working hours of the Nth working day after the day of receipt.</summary>
    WorkingDays,

    /// <summary>Only from an anchor date.</summary>
    Weeks,

    /// <summary>Only from an anchor date.</summary>
    Months,
}

/// <summary>Where a date that is not worked is moved to.</summary>
public enum HolidayShift
{
    None,
    Previous,
    Next,
}

/// <summary>
/// What was promised: an amount of time from the start, or a distance from an anchor date ("两周前"). Immutable; a clock that moves gets another one.
/// </summary>
/// <param name="Amount">Whole for working days, weeks and months.</param>
public sealed record TargetTime(decimal Amount, TimeUnit Unit)
{
    /// <summary>The date it is counted from; null counts from the clock's start.</summary>
    public DateTimeOffset? Anchor { get; init; }

    /// <summary>True when the anchor is a date without a time of day: the day then ends with its working hours.</summary>
    public bool AnchorIsDate { get; init; }

    /// <summary>After the anchor instead of before it.</summary>
    public bool After { get; init; }

    /// <summary>Where a date that is not worked moves to; only with an anchor.</summary>
    public HolidayShift Shift { get; init; }

    /// <summary>True when only working time counts; otherwise every minute does.</summary>
    [JsonIgnore]
    public bool CountsWorkingTime => Anchor is null && Unit is (TimeUnit.WorkingHours or TimeUnit.WorkingDays);

    /// <summary>Why this is no target, in both languages; null when it is one.</summary>
    [JsonIgnore]
    public (string Zh, string En)? Fault => (Amount, Unit, Anchor) switch
    {
        ( < 0, _, _) => ("时限不能是负数", "a target cannot be negative"),
        (0, _, null) => ("时限必须大于零", "a target must be more than nothing"),
        (_, TimeUnit.Weeks or TimeUnit.Months, null) => ("周和月只能用于相对某个日期的时限", "weeks and months need an anchor date"),
        (_, TimeUnit.WorkingHours, not null) => ("相对日期的时限不能用工作小时", "working hours cannot be counted from an anchor date"),
        (var amount, TimeUnit.WorkingDays or TimeUnit.Weeks or TimeUnit.Months, _) when amount != decimal.Truncate(amount) => ("工作日、周、月必须是整数", "working days, weeks and months are whole numbers"),
        ( > 100_000, _, _) => ("时限过大", "the target is too large"),
        _ => null,
    };

    /// <summary>The length of a target in hours, minutes or days of its own scale.</summary>
    internal TimeSpan Length => Unit switch
    {
        TimeUnit.Minutes => Span(Amount, TimeSpan.TicksPerMinute),
        TimeUnit.Days => Span(Amount, TimeSpan.TicksPerDay),
        _ => Span(Amount, TimeSpan.TicksPerHour),
    };

    [JsonIgnore]
    public string Zh => Anchor is null ? AmountZh : Amount == 0 ? "当天" : $"{(After ? "之后" : "之前")} {AmountZh}";

    [JsonIgnore]
    public string En => Anchor is null ? AmountEn : Amount == 0 ? "on the day" : $"{AmountEn} {(After ? "after" : "before")}";

    private string AmountZh => $"{Number}{Unit switch
    {
        TimeUnit.Minutes => "分钟",
        TimeUnit.Hours => "小时",
        TimeUnit.Days => "天",
        TimeUnit.WorkingHours => "工作小时",
        TimeUnit.WorkingDays => "个工作日",
        TimeUnit.Weeks => "周",
        _ => "个月",
    }}";

    private string AmountEn => $"{Number} {Unit switch
    {
        TimeUnit.Minutes => "min",
        TimeUnit.Hours => "h",
        TimeUnit.Days => Amount == 1 ? "day" : "days",
        TimeUnit.WorkingHours => Amount == 1 ? "working hour" : "working hours",
        TimeUnit.WorkingDays => Amount == 1 ? "working day" : "working days",
        TimeUnit.Weeks => Amount == 1 ? "week" : "weeks",
        _ => Amount == 1 ? "month" : "months",
    }}";

    private string Number => Amount.ToString("0.###", CultureInfo.InvariantCulture);

    private static TimeSpan Span(decimal amount, long ticks) => TimeSpan.FromTicks((long)decimal.Ceiling(amount * ticks / 10) * 10);
}
