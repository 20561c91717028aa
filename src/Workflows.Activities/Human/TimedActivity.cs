using Workflows.Activities.Clock;
using Workflows.Engine.Authoring;
using Workflows.Engine.Calendars;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Human;

/// <summary>
/// What steps for people have in common: a clock as their deadline. It escalates by its ladder and decides nothing, unless the node's own
/// field says what happens at the breach; publication names such nodes.
/// </summary>
internal abstract class TimedActivity : Activity
{
    [Input(Zh = "时限", En = "Target", DescriptionZh = "多少个“时限单位”；与“办理期限”二选一。", DescriptionEn = "How many units; instead of \"Due in\".")]
    public decimal? Target { get; set; }

    [Input(Zh = "时限单位", En = "Unit", Hint = "dropdown", Options = ["Minutes", "Hours", "Days", "WorkingHours", "WorkingDays"], OptionsZh = ["分钟", "小时", "天", "工作小时", "工作日"],
        DescriptionZh = "分钟、小时、天（24 小时）全天计时；工作小时、工作日按日历计时。", DescriptionEn = "Minutes, hours and days run around the clock; working hours and working days by the calendar.")]
    public TimeUnit TargetUnit { get; set; } = TimeUnit.WorkingDays;

    [Input(Zh = "日历", En = "Calendar", DescriptionZh = "工作时间的日历编号；不填为办公日历。", DescriptionEn = "Id of the calendar of working time; the office when empty.")]
    public string? Calendar { get; set; }

    [Input(Zh = "升级规则", En = "Ladder", DescriptionZh = "L-MIN、L-HOUR、L-DAY、L-CRISIS 等；不填按时限长短，none 不通知。", DescriptionEn = "L-MIN, L-HOUR, L-DAY, L-CRISIS, ...; by length when empty, none tells nobody.")]
    public string? Ladder { get; set; }

    [Input(Zh = "等待补充信息时暂停", En = "Pause while information is requested", Hint = "checkbox")]
    public bool PauseOnInfo { get; set; }

    public override void ClockReached(ActivityContext context, ClockMoment moment)
    {
        Escalation.Tell(context, moment);
        if (moment.Point.Kind == ClockPointKind.Breach)
            Breached(context, moment);
    }

    public override IEnumerable<NodeFault> Validate(ActivityNode node)
    {
        if (Target is { } amount && new TargetTime(amount, TargetUnit).Fault is { } fault)
            yield return new NodeFault("bad-target", fault.Zh, fault.En);
        if (node.Inputs.ContainsKey("target") && node.Inputs.TryGetValue("dueIn", out var due) && (due.Expression.Type != "Literal" || ValueConverter.Text(due.Expression.Value) is { Length: > 0 }))
            yield return new NodeFault("two-deadlines", "“时限”与“办理期限”只能填一个", "give either a target or a due-in, not both");
    }

    /// <summary>For nodes whose own field says that a breach decides.</summary>
    protected virtual void Breached(ActivityContext context, ClockMoment moment)
    {
    }

    protected ClockSetup? ClockFor(string title) => Target is { } amount
        ? new ClockSetup("task", title, new TargetTime(amount, TargetUnit)) { Calendar = Calendar, Ladder = Ladder, PausesOnInfo = PauseOnInfo }
        : null;
}
