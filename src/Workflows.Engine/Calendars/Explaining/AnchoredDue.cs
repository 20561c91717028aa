namespace Workflows.Engine.Calendars.Explaining;

/// <summary>Deadlines counted from an anchor date: "one month before the campaign". They move with the anchor and not with the start.</summary>
internal static class AnchoredDue
{
    public static DueTime Of(WorkTime calendar, DateTimeOffset start, TargetTime target)
    {
        var anchor = target.Anchor!.Value;
        var lines = new List<DueLine>
        {
            DueText.Step(anchor, $"基准日期 {(target.AnchorIsDate ? DueText.Date(calendar.DateOf(anchor)) : DueText.Moment(calendar, anchor))}", $"anchor date {(target.AnchorIsDate ? DueText.DateEn(calendar.DateOf(anchor)) : DueText.MomentEn(calendar, anchor))}"),
        };
        var (due, date) = Count(calendar, target, anchor);
        lines.Add(DueText.Step(due, $"{target.Zh}：{DueText.Moment(calendar, due)}", $"{target.En}: {DueText.MomentEn(calendar, due)}"));
        if (target.Shift != HolidayShift.None && calendar.Day(date) is { IsWorked: false } day)
        {
            var moved = calendar.WorkingDay(date, target.Shift == HolidayShift.Previous ? -1 : 1);
            due = calendar.EndOfWork(moved);
            lines.Add(DueText.Step(
                due,
                $"{DueText.Date(date)} {DueText.KindZh(day)}，{(target.Shift == HolidayShift.Previous ? "提前到" : "顺延到")} {DueText.Moment(calendar, due)}",
                $"{DueText.DateEn(date)} is {DueText.KindEn(day)}, moved to {DueText.MomentEn(calendar, due)}"));
        }

        var provisional = (target.Shift != HolidayShift.None || target.AnchorIsDate || target.Unit == TimeUnit.WorkingDays) && calendar.IsProvisional(Earlier(due, anchor), Later(due, anchor));
        lines.Add(DueText.Due(calendar, due, provisional));
        if (due <= start)
            lines.Add(DueText.Step(due, $"开始时已经过期 {DueText.Late(start - due)}", $"already late by {DueText.LateEn(start - due)} at the start"));
        return new DueTime(due, due > start ? due - start : TimeSpan.Zero, provisional, lines);
    }

    private static (DateTimeOffset Due, DateOnly Date) Count(WorkTime calendar, TargetTime target, DateTimeOffset anchor)
    {
        var sign = target.After ? 1 : -1;
        if (target.Unit is TimeUnit.Minutes or TimeUnit.Hours)
        {
            var exact = anchor + (sign * target.Length);
            return (exact, calendar.DateOf(exact));
        }

        var from = calendar.DateOf(anchor);
        var count = sign * (int)target.Amount;
        var date = target.Unit switch
        {
            // A month before 31 March is the last of February.
            TimeUnit.Months => from.AddMonths(count),
            TimeUnit.Weeks => from.AddDays(7 * count),
            TimeUnit.WorkingDays => calendar.WorkingDay(from, count),
            _ => from.AddDays(count),
        };
        if (target.AnchorIsDate)
            return (calendar.EndOfWork(date), date);
        var time = TimeZoneInfo.ConvertTime(anchor, calendar.Zone).TimeOfDay;
        var minutes = (int)time.TotalMinutes;
        return (calendar.At(date, minutes) + (time - TimeSpan.FromMinutes(minutes)), date);
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
