using System.Globalization;
using Workflows.Engine.Authoring;
using Workflows.Engine.Calendars;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Clock;

/// <summary>
/// Starts a clock of the instance: so much time from now or from an earlier moment, or a distance from an anchor date. Where target or anchor is
/// an expression, the clock follows it: when the data change, the due time does, with a line in the timeline.
/// </summary>
[Activity("Clock.Start", Category = "Clock", Zh = "开始时限", En = "Start clock",
    DescriptionZh = "开始一个时限（SLA）：到点提醒、超时升级，不替任何人做决定。", DescriptionEn = "Starts a clock (SLA): it warns and escalates, and decides nothing.")]
internal sealed class ClockStart : CodeActivity
{
    [Input(Zh = "编号", En = "Clock", Required = true, DescriptionZh = "流程内唯一，如 first-reply。", DescriptionEn = "Unique within the instance, for example first-reply.")]
    public string Clock { get; set; } = "";

    [Input(Zh = "名称", En = "Label", DescriptionZh = "给人看的名称，如“首次答复”。", DescriptionEn = "What people read.")]
    public string? Label { get; set; }

    [Input(Zh = "时限", En = "Target", AutoEvaluate = false)]
    public decimal Target { get; set; }

    [Input(Zh = "单位", En = "Unit", Hint = "dropdown", AutoEvaluate = false, Options = ["Minutes", "Hours", "Days", "WorkingHours", "WorkingDays", "Weeks", "Months"], OptionsZh = ["分钟", "小时", "天", "工作小时", "工作日", "周", "月"])]
    public TimeUnit Unit { get; set; } = TimeUnit.Hours;

    [Input(Zh = "基准日期", En = "Anchor", AutoEvaluate = false, DescriptionZh = "日期或时间；时限从它往前（或往后）推算，并随它移动。", DescriptionEn = "A date or instant; the deadline is counted from it and moves with it.")]
    public string? Anchor { get; set; }

    [Input(Zh = "在基准日期之后", En = "After the anchor", Hint = "checkbox", AutoEvaluate = false)]
    public bool After { get; set; }

    [Input(Zh = "遇休息日", En = "On a day off", Hint = "dropdown", AutoEvaluate = false, Options = ["None", "Previous", "Next"], OptionsZh = ["不动", "提前", "顺延"], DescriptionZh = "不动、提前到前一个工作日、顺延到下一个工作日。", DescriptionEn = "Stay, or move to the working day before or after.")]
    public HolidayShift Shift { get; set; }

    [Input(Zh = "日历", En = "Calendar", DescriptionZh = "24x7、office 或自建日历。", DescriptionEn = "24x7, office or one of your own.")]
    public string? Calendar { get; set; }

    [Input(Zh = "升级规则", En = "Ladder", DescriptionZh = "不填按时限长短，none 不通知。", DescriptionEn = "By length when empty, none tells nobody.")]
    public string? Ladder { get; set; }

    [Input(Zh = "预警百分比", En = "Warn at percent", Hint = "multitext")]
    public string[]? Warn { get; set; }

    [Input(Zh = "负责人", En = "Owners", Hint = "multitext", DescriptionZh = "用户名、role:岗位；不填为当前待办的办理人。", DescriptionEn = "User names or role:post; the holders of the open tasks when empty.")]
    public string[]? Owners { get; set; }

    [Input(Zh = "允许的暂停原因", En = "Pause reasons", Hint = "multitext", DescriptionZh = "不填为任意原因。", DescriptionEn = "Any when empty.")]
    public string[]? PauseReasons { get; set; }

    [Input(Zh = "最长暂停", En = "Maximum pause", DescriptionZh = "累计超过后自动继续计时。", DescriptionEn = "After this sum it runs on by itself.")]
    public TimeSpan? MaxPause { get; set; }

    [Input(Zh = "承诺方", En = "Kind", Hint = "dropdown", Options = ["Internal", "Supplier"], OptionsZh = ["内部", "供应商"])]
    public ClockKind Kind { get; set; }

    [Input(Zh = "起算时间", En = "Started at", DescriptionZh = "不填为现在；可以是过去的时间。", DescriptionEn = "Now when empty; may lie in the past.")]
    public DateTimeOffset? StartedAt { get; set; }

    [Output(Zh = "截止时间", En = "Due at")]
    public DateTimeOffset? DueAt { get; set; }

    public override void ClockReached(ActivityContext context, ClockMoment moment) => Escalation.Tell(context, moment);

    public override TargetTime? ClockTarget(ActivityContext context) => TargetOf(context, ZoneOf(context));

    public override IEnumerable<NodeFault> Validate(ActivityNode node)
    {
        if (!node.Inputs.ContainsKey("target") && !node.Inputs.ContainsKey("anchor"))
            yield return new NodeFault("no-target", "没有填写时限或基准日期", "there is neither a target nor an anchor");
        if ((Warn ?? []).Any(w => !int.TryParse(w.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) || percent is < 1 or > 99))
            yield return new NodeFault("bad-warn", "预警百分比为 1 到 99", "warnings are at 1 to 99 percent");
    }

    protected override void Run(ActivityContext context)
    {
        var zone = ZoneOf(context);
        var clock = context.StartClock(new ClockSetup(Clock, string.IsNullOrEmpty(Label) ? Clock : Label, TargetOf(context, zone))
        {
            Calendar = Calendar,
            Ladder = Ladder,
            Warn = [.. (Warn ?? []).Select(w => int.Parse(w.TrimEnd('%'), CultureInfo.InvariantCulture))],
            Owners = Owners ?? [],
            PauseReasons = PauseReasons ?? [],
            MaxPause = MaxPause,
            Kind = Kind,
            StartedAt = StartedAt,
            Follows = IsExpression(context.Node, "target") || IsExpression(context.Node, "anchor") || IsExpression(context.Node, "unit"),
        });
        DueAt = clock.DueAt;
    }

    private static TargetTime TargetOf(ActivityContext context, TimeZoneInfo zone)
    {
        var amount = context.Evaluate<decimal?>("target") ?? 0;
        var unit = context.Node.Inputs.ContainsKey("unit") ? context.Evaluate<TimeUnit>("unit") : TimeUnit.Hours;
        var anchor = context.Evaluate<string>("anchor")?.Trim();
        if (string.IsNullOrEmpty(anchor))
        {
            return IsExpression(context.Node, "anchor")
                ? throw new ActivityFailure("no-anchor", "时限的基准日期是空的 (the anchor of the clock is empty)")
                : new TargetTime(amount, unit);
        }

        var target = new TargetTime(amount, unit) { After = context.Evaluate<bool>("after"), Shift = context.Evaluate<HolidayShift>("shift") };
        if (DateOnly.TryParseExact(anchor, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            var local = date.ToDateTime(TimeOnly.MinValue);
            return target with { Anchor = new DateTimeOffset(local, zone.GetUtcOffset(local)), AnchorIsDate = true };
        }

        if (!DateTimeOffset.TryParse(anchor, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            throw new ActivityFailure("bad-anchor", $"“{anchor}”不是日期或时间 (not a date or an instant)");
        return target with { Anchor = instant };
    }

    private static TimeZoneInfo ZoneOf(ActivityContext context) =>
        context.TimeRules.Calendar(context.Evaluate<string>("calendar") is { Length: > 0 } id ? id : ShippedCalendars.Office)?.Zone ?? ShopTime.China;

    private static bool IsExpression(ActivityNode node, string input) => node.Inputs.TryGetValue(input, out var binding) && binding.Expression.Type != "Literal";
}
