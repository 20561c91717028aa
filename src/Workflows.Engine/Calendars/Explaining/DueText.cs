using System.Globalization;

namespace Workflows.Engine.Calendars.Explaining;

/// <summary>The lines of an explanation, in both languages, in the calendar's own zone.</summary>
internal static class DueText
{
    private const string Week = "日一二三四五六";

    public static DueLine Start(WorkTime calendar, DateTimeOffset start, string zh, string en) =>
        new(DueLineKind.Start, start, start, TimeSpan.Zero, 0, $"开始 {Moment(calendar, start)}{zh}", $"start {MomentEn(calendar, start)}{en}");

    public static DueLine Step(DateTimeOffset at, string zh, string en) => new(DueLineKind.Step, at, at, TimeSpan.Zero, 0, zh, en);

    public static DueLine Due(WorkTime calendar, DateTimeOffset due, bool provisional) => new(
        DueLineKind.Due, due, due, TimeSpan.Zero, 0,
        $"截止 {Moment(calendar, due)}{(provisional ? "（暂定：所涉年份的节假日安排尚未录入，按普通周末估算）" : "")}",
        $"due {MomentEn(calendar, due)}{(provisional ? " (provisional: the holidays of a year on the way are not known yet, plain weekends assumed)" : "")}");

    public static DueLine Continuous(WorkTime calendar, DateTimeOffset from, DateTimeOffset to) => new(
        DueLineKind.Counted, from, to, to - from, 0,
        $"{Moment(calendar, from)} 至 {Moment(calendar, to)} 连续计时，计 {Span(to - from)}",
        $"{MomentEn(calendar, from)} to {MomentEn(calendar, to)} around the clock, counts {SpanEn(to - from)}");

    public static DueLine Pause(WorkTime calendar, PauseSpan pause, TimeSpan counted) => new(
        DueLineKind.Paused, pause.From, pause.To, counted, 0,
        $"{Moment(calendar, pause.From)} 至 {Moment(calendar, pause.To)} 暂停（{pause.Reason}），其中应计 {Span(counted)}，顺延",
        $"{MomentEn(calendar, pause.From)} to {MomentEn(calendar, pause.To)} paused ({pause.Reason}), {SpanEn(counted)} of it would have counted and are added");

    /// <summary>Date by date, whole dates of one kind drawn together.</summary>
    public static IEnumerable<DueLine> Hours(WorkTime calendar, DateTimeOffset from, DateTimeOffset to, DueLineKind counts) =>
        Join(Slices(calendar, from, to).Select(s => (s.Day, s.From, s.To, Counted: calendar.Between(s.From, s.To), Days: 0)), calendar, counts, days: false);

    /// <summary>The same for a target in working days: the day of receipt counts nothing, each worked day after it counts one.</summary>
    public static IEnumerable<DueLine> Days(WorkTime calendar, DateTimeOffset from, DateTimeOffset to, DateTimeOffset received, int most)
    {
        var receipt = calendar.DateOf(received);
        var left = most;
        return Join(Slices(calendar, from, to).Select(s => (s.Day, s.From, s.To, Counted: TimeSpan.Zero, Days: s.Day.IsWorked && s.Day.Date > receipt && left-- > 0 ? 1 : 0)), calendar, DueLineKind.Counted, days: true, receipt);
    }

    public static string Moment(WorkTime calendar, DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, calendar.Zone);
        return $"{Date(DateOnly.FromDateTime(local.DateTime))} {Time(local)}";
    }

    public static string MomentEn(WorkTime calendar, DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, calendar.Zone);
        return $"{DateEn(DateOnly.FromDateTime(local.DateTime))} {Time(local)}";
    }

    public static string Date(DateOnly date) => $"{date:yyyy-MM-dd} 周{Week[(int)date.DayOfWeek]}";

    public static string DateEn(DateOnly date) => date.ToString("ddd yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string KindZh(WorkDay day) => day.Kind switch
    {
        WorkDayKind.Holiday => $"{day.Name}放假",
        WorkDayKind.MakeUp => $"{day.Name}调休上班",
        WorkDayKind.Free => "休息日",
        _ => "工作日",
    } + (day.IsKnown ? "" : "（暂定）");

    public static string KindEn(WorkDay day) => day.Kind switch
    {
        WorkDayKind.Holiday => $"a holiday ({day.NameEn ?? day.Name})",
        WorkDayKind.MakeUp => $"a make-up workday ({day.NameEn ?? day.Name})",
        WorkDayKind.Free => "a day off",
        _ => "a workday",
    } + (day.IsKnown ? "" : " (provisional)");

    /// <summary>A length in words: 51小时15分.</summary>
    public static string Span(TimeSpan span)
    {
        var text = $"{(span.TotalHours >= 1 ? $"{(int)span.TotalHours}小时" : "")}{(span.Minutes > 0 ? $"{span.Minutes}分" : "")}{Seconds(span, "秒")}";
        return text.Length > 0 ? text : "0分";
    }

    /// <summary>How late something was, as people say it: whole minutes, seconds only below one.</summary>
    public static string Late(TimeSpan span) => Span(Rounded(span));

    public static string LateEn(TimeSpan span) => SpanEn(Rounded(span));

    private static TimeSpan Rounded(TimeSpan span)
    {
        var unit = span >= TimeSpan.FromMinutes(1) ? TimeSpan.TicksPerMinute : TimeSpan.TicksPerSecond;
        return span < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : new TimeSpan(span.Ticks - (span.Ticks % unit));
    }

    public static string SpanEn(TimeSpan span)
    {
        var text = $"{(span.TotalHours >= 1 ? $"{(int)span.TotalHours} h " : "")}{(span.Minutes > 0 ? $"{span.Minutes} min " : "")}{Seconds(span, " s")}".TrimEnd();
        return text.Length > 0 ? text : "0 min";
    }

    private static string Seconds(TimeSpan span, string unit)
    {
        var seconds = (decimal)(span.Ticks % TimeSpan.TicksPerMinute) / TimeSpan.TicksPerSecond;
        return seconds > 0 ? $"{seconds.ToString("0.###", CultureInfo.InvariantCulture)}{unit}" : "";
    }

    private static string Time(DateTimeOffset local) => local.ToString(local.Second == 0 && local.Millisecond == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);

    private static IEnumerable<(WorkDay Day, DateTimeOffset From, DateTimeOffset To)> Slices(WorkTime calendar, DateTimeOffset from, DateTimeOffset to)
    {
        for (var date = calendar.DateOf(from); from < to; date = date.AddDays(1))
        {
            var next = calendar.At(date, WorkHours.MinutesOfDay);
            var end = next < to ? next : to;
            if (end > from)
                yield return (calendar.Day(date), from, end);
            from = end;
        }
    }

    private static IEnumerable<DueLine> Join(IEnumerable<(WorkDay Day, DateTimeOffset From, DateTimeOffset To, TimeSpan Counted, int Days)> slices, WorkTime calendar, DueLineKind counts, bool days, DateOnly? receipt = null)
    {
        var run = new List<(WorkDay Day, DateTimeOffset From, DateTimeOffset To, TimeSpan Counted, int Days)>();
        foreach (var slice in slices)
        {
            if (run.Count > 0 && !Fits(run[^1], slice))
            {
                yield return Line(run);
                run.Clear();
            }

            run.Add(slice);
        }

        if (run.Count > 0)
            yield return Line(run);

        bool Fits((WorkDay Day, DateTimeOffset From, DateTimeOffset To, TimeSpan Counted, int Days) a, (WorkDay Day, DateTimeOffset From, DateTimeOffset To, TimeSpan Counted, int Days) b) =>
            a.Day.Kind == b.Day.Kind && a.Day.Name == b.Day.Name && a.Day.IsKnown == b.Day.IsKnown && a.Counted == b.Counted && a.Days == b.Days && IsWhole(calendar, a) && (IsWhole(calendar, b) || days);

        DueLine Line(List<(WorkDay Day, DateTimeOffset From, DateTimeOffset To, TimeSpan Counted, int Days)> run)
        {
            var (first, last) = (run[0], run[^1]);
            var counted = TimeSpan.FromTicks(run.Sum(s => s.Counted.Ticks));
            var sum = run.Sum(s => s.Days);
            var hours = !days && run.Count == 1 && !IsWhole(calendar, first);
            var (zh, en) = run.Count == 1
                ? ($"{Date(first.Day.Date)}{(hours ? $" {Clock(first.From)}–{End(first.To)}" : "")}", $"{DateEn(first.Day.Date)}{(hours ? $" {Clock(first.From)}–{End(first.To)}" : "")}")
                : ($"{Date(first.Day.Date)} 至 {Date(last.Day.Date)}", $"{DateEn(first.Day.Date)} to {DateEn(last.Day.Date)}");
            var what = (counted, sum) switch
            {
                (_, > 0) => ($"计 {sum} 个工作日", $"counts {sum} working day{(sum == 1 ? "" : "s")}"),
                ({ Ticks: > 0 }, _) when run.Count > 1 => ($"{run.Count} 天，每天 {Span(first.Counted)}，计 {Span(counted)}", $"{run.Count} days of {SpanEn(first.Counted)}, counts {SpanEn(counted)}"),
                ({ Ticks: > 0 }, _) => ($"计 {Span(counted)}", $"counts {SpanEn(counted)}"),
                _ when receipt == first.Day.Date => ("收到当天，不计", "day of receipt, does not count"),
                _ when first.Day.IsWorked => ("非工作时间，不计", "outside working hours, does not count"),
                _ => ("不计", "does not count"),
            };
            var counting = counted > TimeSpan.Zero || sum > 0;
            return new DueLine(counting ? counts : DueLineKind.Off, first.From, last.To, counted, sum, $"{zh} {KindZh(first.Day)}，{(counting && counts == DueLineKind.Extension ? "补 " + what.Item1[2..] : what.Item1)}", $"{en}, {KindEn(first.Day)}, {what.Item2}");
        }

        string Clock(DateTimeOffset at) => Time(TimeZoneInfo.ConvertTime(at, calendar.Zone));

        string End(DateTimeOffset at) => Clock(at) is "00:00" ? "24:00" : Clock(at);
    }

    private static bool IsWhole(WorkTime calendar, (WorkDay Day, DateTimeOffset From, DateTimeOffset To, TimeSpan Counted, int Days) slice) =>
        slice.From == calendar.At(slice.Day.Date, 0) && slice.To == calendar.At(slice.Day.Date, WorkHours.MinutesOfDay);
}
