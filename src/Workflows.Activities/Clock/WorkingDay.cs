using Workflows.Engine.Authoring;
using Workflows.Engine.Calendars;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Clock;

/// <summary>When work begins on the first working day that is not before an instant; that instant itself when it lies within a working day. Refused for a calendar nobody knows.</summary>
[Activity("Clock.WorkingDay", Category = "Clock", Zh = "首个工作日", En = "First working day",
    DescriptionZh = "按日历求从某时起第一个工作日的上班时间；当天就是工作日且已上班的，为该时刻。", DescriptionEn = "When work begins on the first working day from an instant on, by the calendar.")]
internal sealed class WorkingDay : CodeActivity
{
    [Input(Zh = "从何时算起", En = "From", DescriptionZh = "不填则为当前时间。")]
    public DateTimeOffset? From { get; set; }

    [Input(Zh = "日历", En = "Calendar", DescriptionZh = "不填为办公日历 office。")]
    public string? Calendar { get; set; }

    [Output(Zh = "时间点", En = "Instant")]
    public DateTimeOffset? Instant { get; set; }

    protected override void Run(ActivityContext context)
    {
        var id = string.IsNullOrWhiteSpace(Calendar) ? ShippedCalendars.Office : Calendar.Trim();
        var calendar = context.TimeRules.Calendar(id) ?? throw new ActivityFailure("no-calendar", $"没有日历“{id}” (no such calendar)");
        var from = From ?? context.Now;
        var day = calendar.DateOf(from);
        var start = calendar.StartOfWork(calendar.Day(day).IsWorked ? day : calendar.WorkingDay(day, 1));
        Instant = start > from ? start : from;
    }
}
