namespace Workflows.Engine.Timers;

/// <summary>The two day fields of a cron expression, which only together say whether a date counts.</summary>
internal sealed class CronDays
{
    private readonly Func<DateTime, bool>? _ofMonth;
    private readonly Func<DateTime, bool>? _ofWeek;

    private CronDays(Func<DateTime, bool>? ofMonth, Func<DateTime, bool>? ofWeek) => (_ofMonth, _ofWeek) = (ofMonth, ofWeek);

    public bool Contains(DateTime date) => (_ofMonth, _ofWeek) switch
    {
        (null, null) => true,
        ({ } month, null) => month(date),
        (null, { } week) => week(date),
        var (month, week) => month!(date) || week!(date),
    };

    public static bool TryParse(string monthText, string weekText, out CronDays? days)
    {
        days = null;
        if (!TryParseList(monthText, OfMonth, out var ofMonth) || !TryParseList(weekText, OfWeek, out var ofWeek))
            return false;
        days = new CronDays(ofMonth, ofWeek);
        return true;
    }

    private static bool TryParseList(string text, Func<string, Func<DateTime, bool>?> parse, out Func<DateTime, bool>? rule)
    {
        rule = null;
        if (text is "*" or "?")
            return true;
        var rules = text.Split(',').Select(parse).ToList();
        if (rules.Contains(null))
            return false;
        rule = date => rules.Exists(r => r!(date));
        return true;
    }

    private static Func<DateTime, bool>? OfMonth(string part)
    {
        var text = part.ToUpperInvariant();
        if (text == "L")
            return d => d.Day == LastDay(d);
        if (text == "LW")
            return d => d.Day == Workday(d, LastDay(d));
        if (text.StartsWith("L-", StringComparison.Ordinal))
            return CronField.Number(text[2..], []) is { } before and < 31 ? d => d.Day == LastDay(d) - before : null;
        if (text.EndsWith('W'))
            return CronField.Number(text[..^1], []) is { } day and >= 1 and <= 31 ? d => day <= LastDay(d) && d.Day == Workday(d, day) : null;
        return CronField.TryParse(text, 1, 31, [], out var field) ? d => field!.Contains(d.Day) : null;
    }

    private static Func<DateTime, bool>? OfWeek(string part)
    {
        var text = part.ToUpperInvariant();
        if (text.Split('#') is [var weekday, var nth])
        {
            return Weekday(weekday) is { } day && CronField.Number(nth, []) is { } n and >= 1 and <= 5
                ? d => (int)d.DayOfWeek == day && ((d.Day - 1) / 7) + 1 == n
                : null;
        }

        if (text.Length > 1 && text.EndsWith('L') && Weekday(text[..^1]) is { } last)
            return d => (int)d.DayOfWeek == last && d.Day > LastDay(d) - 7;
        if (text == "L")
            return d => d.DayOfWeek == DayOfWeek.Saturday;
        // 7 is Sunday too; written as the end of a range ("1-7", "5-7") it must stay the end.
        if (text is "7")
            return d => d.DayOfWeek == DayOfWeek.Sunday;
        var sunday = text.Contains("-7", StringComparison.Ordinal);
        return CronField.TryParse(text, 0, sunday ? 7 : 6, CronField.Weekdays, out var field)
            ? d => field!.Contains((int)d.DayOfWeek) || (sunday && d.DayOfWeek == DayOfWeek.Sunday && field.Contains(7))
            : null;
    }

    private static int? Weekday(string text) => CronField.Number(text, CronField.Weekdays) is { } day and >= 0 and <= 7 ? day % 7 : null;

    private static int LastDay(DateTime date) => DateTime.DaysInMonth(date.Year, date.Month);

    /// <summary>The working day (Monday to Friday) nearest to a day, in the same month.</summary>
    private static int Workday(DateTime month, int day) => new DateTime(month.Year, month.Month, day).DayOfWeek switch
    {
        DayOfWeek.Saturday => day > 1 ? day - 1 : day + 2,
        DayOfWeek.Sunday => day < LastDay(month) ? day + 1 : day - 2,
        _ => day,
    };
}
