using System.Collections.Frozen;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Calendars;

/// <summary>
/// A calendar made ready for counting: which instants are worked, how much of a span is, and where a number of worked hours or days
/// ends. Instants are exact; a span that ends with a working interval ends there and not at the next morning.
/// </summary>
public sealed class WorkTime
{
    // Ten years of days: a calendar whose hours are so few that a target does not fit in is refused instead of searched for ever.
    private const int MostDays = 3_660;

    private readonly FrozenDictionary<DateOnly, (HolidaySpan Span, bool IsOff)> _special;
    private readonly FrozenSet<int> _years;

    public WorkTime(WorkCalendar calendar)
    {
        Calendar = calendar;
        Zone = ShopTime.Find(calendar.TimeZone) ?? throw new ArgumentException($"The time zone {calendar.TimeZone} is not known on this machine.", nameof(calendar));
        var special = new Dictionary<DateOnly, (HolidaySpan, bool)>();
        foreach (var year in calendar.ObservesHolidays ? calendar.Years : [])
        {
            foreach (var (span, isOff) in year.Off.Select(s => (s, true)).Concat(year.Work.Select(s => (s, false))))
            {
                for (var day = span.From; day <= span.To; day = day.AddDays(1))
                    special[day] = (span, isOff);
            }
        }

        _special = special.ToFrozenDictionary();
        _years = calendar.Years.Select(y => y.Year).ToFrozenSet();
    }

    public WorkCalendar Calendar { get; }

    public TimeZoneInfo Zone { get; }

    public DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);

    /// <summary>The instant of a local time of day; one that a clock change skips is taken at the end of the gap.</summary>
    public DateTimeOffset At(DateOnly date, int minute)
    {
        var local = date.AddDays(minute / WorkHours.MinutesOfDay).ToDateTime(TimeOnly.MinValue).AddMinutes(minute % WorkHours.MinutesOfDay);
        while (Zone.IsInvalidTime(local))
            local = local.AddMinutes(15);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    public WorkDay Day(DateOnly date)
    {
        if (Calendar.Kind == CalendarKind.Always)
            return new WorkDay(date, WorkDayKind.Workday, WholeDay, true, null, null);
        var known = !Calendar.ObservesHolidays || _years.Contains(date.Year);
        if (_special.TryGetValue(date, out var special))
        {
            return special.IsOff
                ? new WorkDay(date, WorkDayKind.Holiday, [], known, special.Span.Name, special.Span.NameEn)
                : new WorkDay(date, WorkDayKind.MakeUp, HoursOf(Calendar.MakeUpHoursOf ?? DayOfWeek.Monday), known, special.Span.Name, special.Span.NameEn);
        }

        var hours = HoursOf(date.DayOfWeek);
        return new WorkDay(date, hours.Count > 0 ? WorkDayKind.Workday : WorkDayKind.Free, hours, known, null, null);
    }

    /// <summary>Worked time between two instants; zero when the second is not later.</summary>
    public TimeSpan Between(DateTimeOffset from, DateTimeOffset to)
    {
        if (to <= from)
            return TimeSpan.Zero;
        if (Calendar.Kind == CalendarKind.Always)
            return to - from;
        var sum = TimeSpan.Zero;
        foreach (var (start, end) in Intervals(from))
        {
            if (start >= to)
                break;
            sum += Min(end, to) - start;
        }

        return sum;
    }

    /// <summary>The earliest instant at which this much worked time has passed. Refuses spans that do not fit into ten years.</summary>
    public DateTimeOffset Advance(DateTimeOffset from, TimeSpan worked)
    {
        if (worked <= TimeSpan.Zero)
            return from;
        if (Calendar.Kind == CalendarKind.Always)
            return from + worked;
        foreach (var (start, end) in Intervals(from))
        {
            if (end - start >= worked)
                return start + worked;
            worked -= end - start;
        }

        throw new ArgumentOutOfRangeException(nameof(worked), $"The calendar {Calendar.Id} has too few working hours for this target.");
    }

    /// <summary>The nth worked day after this date; before it when <paramref name="count"/> is negative.</summary>
    public DateOnly WorkingDay(DateOnly after, int count)
    {
        var day = after;
        for (var looked = 0; count != 0; looked++)
        {
            if (looked > MostDays)
                throw new ArgumentOutOfRangeException(nameof(count), $"The calendar {Calendar.Id} has too few working days for this target.");
            day = day.AddDays(Math.Sign(count));
            if (Day(day).IsWorked)
                count -= Math.Sign(count);
        }

        return day;
    }

    /// <summary>When work ends on a date; 18:00 (the catalogue's 下班) on one that is not worked.</summary>
    public DateTimeOffset EndOfWork(DateOnly date) => Day(date).Hours is { Count: > 0 } hours ? At(date, hours[^1].To) : At(date, 18 * 60);

    /// <summary>When work begins on a date.</summary>
    public DateTimeOffset StartOfWork(DateOnly date) => At(date, Day(date).Hours is { Count: > 0 } hours ? hours[0].From : 0);

    /// <summary>True when a date between these two has no holiday data.</summary>
    public bool IsProvisional(DateTimeOffset from, DateTimeOffset to)
    {
        if (!Calendar.ObservesHolidays)
            return false;
        var last = DateOf(to).Year;
        for (var year = DateOf(from).Year; year <= last; year++)
        {
            if (!_years.Contains(year))
                return true;
        }

        return false;
    }

    private static readonly WorkHours[] WholeDay = [new WorkHours(0, WorkHours.MinutesOfDay)];

    /// <summary>Worked intervals from an instant on, in order; the first may be the rest of one. A shift of the evening before counts too.</summary>
    private IEnumerable<(DateTimeOffset Start, DateTimeOffset End)> Intervals(DateTimeOffset from)
    {
        var date = DateOf(from).AddDays(-1);
        for (var n = 0; n < MostDays; n++, date = date.AddDays(1))
        {
            foreach (var hours in Day(date).Hours)
            {
                var (start, end) = (At(date, hours.From), At(date, hours.To));
                if (end > from)
                    yield return (start > from ? start : from, end);
            }
        }
    }

    private IReadOnlyList<WorkHours> HoursOf(DayOfWeek day) => Calendar.Week.TryGetValue(day, out var hours) ? hours : [];

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
