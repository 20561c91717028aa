namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>A moment as people read it. Months count from 0, Sunday is 0.</summary>
internal readonly record struct DateFields(int Year, int Month, int Day, int Hour, int Minute, int Second, int Millisecond, int WeekDay);

/// <summary>
/// Date arithmetic of the language: milliseconds since 1970, 86,400,000 a day, the Gregorian calendar in both directions for 275,000
/// years. .NET knows 9,999 of them: the others are looked up 400 years, and so 146,097 days, further on or back.
/// </summary>
internal static class Calendar
{
    public const double MaxTime = 8.64e15;

    public const long MillisecondsPerDay = 86_400_000;

    private const int DaysPerCycle = 146_097;

    // The cycle that begins in 2000.
    private const int CycleStart = 10_957;

    private static readonly DateOnly Year2000 = new(2000, 1, 1);

    /// <summary>A time value: whole milliseconds within the range of Date, otherwise NaN.</summary>
    public static double Clip(double time) => Math.Abs(time) <= MaxTime ? Math.Truncate(time) + 0.0 : double.NaN;

    /// <summary>Milliseconds of a date and time, each part of which may overflow into the next; NaN when a part is none or too large.</summary>
    /// <param name="parts">Year, month from 0, day, hour, minute, second, millisecond.</param>
    public static double Time(ReadOnlySpan<double> parts)
    {
        foreach (var part in parts)
        {
            if (!double.IsFinite(part))
                return double.NaN;
        }

        var months = Math.Truncate(parts[1]);
        var year = Math.Truncate(parts[0]) + Math.Floor(months / 12);
        if (Math.Abs(year) > 400_000)
            return double.NaN;
        var days = FirstDay((int)year, (int)(months - (12 * Math.Floor(months / 12)))) + Math.Truncate(parts[2]) - 1;
        var time = (Math.Truncate(parts[3]) * 3_600_000) + (Math.Truncate(parts[4]) * 60_000) + (Math.Truncate(parts[5]) * 1000) + Math.Truncate(parts[6]);
        return (days * MillisecondsPerDay) + time;
    }

    /// <summary>What a clock showing these milliseconds shows.</summary>
    public static DateFields Fields(double time)
    {
        var whole = (long)time;
        var day = FloorDivide(whole, MillisecondsPerDay);
        var rest = (int)(whole - (day * MillisecondsPerDay));
        var cycle = FloorDivide(day - CycleStart, DaysPerCycle);
        var date = Year2000.AddDays((int)(day - CycleStart - (cycle * DaysPerCycle)));
        return new(
            date.Year + (400 * (int)cycle), date.Month - 1, date.Day, rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000, (int)(((day + 4) % 7 + 7) % 7));
    }

    /// <summary>The same place in the calendar, whole 400 years off, within the years .NET knows.</summary>
    public static DateTime Representable(double time)
    {
        const long cycle = DaysPerCycle * MillisecondsPerDay;
        const long first = -719_100 * MillisecondsPerDay;
        const long last = 2_932_500 * MillisecondsPerDay;
        var whole = (long)time;
        if (whole < first)
            whole += (((first - whole) / cycle) + 1) * cycle;
        if (whole > last)
            whole -= (((whole - last) / cycle) + 1) * cycle;
        return DateTime.UnixEpoch.AddTicks(whole * TimeSpan.TicksPerMillisecond);
    }

    /// <summary>Days from 1970 to the first of a month.</summary>
    private static double FirstDay(int year, int month)
    {
        var cycle = FloorDivide(year - 2000, 400);
        var first = new DateOnly((int)(year - (400 * cycle)), month + 1, 1);
        return first.DayNumber - Year2000.DayNumber + CycleStart + (cycle * DaysPerCycle);
    }

    private static long FloorDivide(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);
}
