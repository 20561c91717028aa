using System.Text.RegularExpressions;

namespace Workflows.Host.Pages.Text;

/// <summary>
/// The record of an instance, and the reason why somebody is asked, are written once, in Chinese, and kept so. For readers of English the sentences
/// that the engine writes are put into English here, sentence by sentence; names, and what people wrote, stay as they are, and so does a sentence nobody
/// foresaw. <c>{}</c> stands for whatever stands there; a tail after "：" is what somebody said.
/// </summary>
internal static partial class RecordWords
{
    private static readonly (Regex Zh, string En)[] Sentences =
    [
        .. new (string Zh, string En)[]
        {
            ("催办 {}", "reminded {0}"),
            ("抄送 {}", "copied to {0}"),
            ("{} 发起流程", "{0} started it"),
            ("流程启动", "started"),
            ("流程结束", "ended"),
            ("{} 取消了流程", "{0} cancelled it"),
            ("流程已取消", "cancelled"),
            ("流程发生故障", "stopped by a fault"),
            ("“{}”发生故障", "fault in “{0}”"),
            ("{} 重试故障步骤", "{0} tried the faulty step again"),
            ("“{}”的故障已排除", "the fault in “{0}” is mended"),
            ("{} 认领“{}”", "{0} claimed “{1}”"),
            ("{} 放回“{}”", "{0} put back “{1}”"),
            ("{} 转交 {}", "{0} transferred it to {1}"),
            ("{} 委派 {}", "{0} asked {1} for an opinion"),
            ("{} 加签 {}", "{0} added {1} as approver"),
            ("{} 减签 {}", "{0} took out {1} as approver"),
            ("{} 要求补充 {}", "{0} asked {1} for information"),
            ("{} 反馈意见", "{0} answered"),
            ("{} 评论", "{0} commented"),
            ("{} 撤回了申请", "{0} withdrew the request"),
            ("{} 拿回了审批", "{0} took the decision back"),
            ("{}重新提交", "{0} submitted it again"),
            ("{} 审批时修改了 {}", "{0} changed while deciding: {1}"),
            ("任务“{}”由{}改派给{}", "“{0}” reassigned by {1} to {2}"),
            ("任务“{}”由{}交接给{}", "“{0}” handed over by {1} to {2}"),
            ("任务“{}”由{} 代 {} 办理", "“{0}” goes to {1} in the stead of {2}"),
            ("任务“{}”已超时", "“{0}” is overdue"),
            ("任务“{}”现在也可由 {} 认领", "“{0}” may now be claimed by {1} too"),
            ("“{}”的期限已过", "the time of “{0}” is over"),
            ("“{}”展示的内容已变更，须重新查看", "what “{0}” shows has changed and must be looked at again"),
            ("补偿失败", "an undo failed"),
            ("登记撤销步骤", "undo step noted"),
            ("执行撤销步骤", "undo step begun"),
            ("撤销已做的操作", "taking back what was done"),
            ("{} 项已执行的操作无法自动撤销，请人工核实", "{0} acts cannot be taken back by themselves; please check"),
            ("等待 {} 个可能仍在进行的操作结束", "waiting for {0} acts that may still be under way"),
            ("因退回，“{}”已取消", "“{0}” was cancelled by the return"),
            ("系统自动通过", "approved automatically"),
            ("超时自动同意：节点“{}”的设置 onBreach = {}", "approved automatically when overdue: setting onBreach = {1} of “{0}”"),
            ("超时自动驳回：节点“{}”的设置 onBreach = {}", "rejected automatically when overdue: setting onBreach = {1} of “{0}”"),
            ("超时自动失效：节点“{}”的设置 onBreach = Expire", "expired: setting onBreach = Expire of “{0}”"),
            ("{}：已减签", "{0}: taken out as approver"),
            ("{}：等待前加签人先审批", "{0}: waits for the approver added before"),
            ("{}：审批已有结果，无需再处理", "{0}: decided already, nothing left to do"),
            ("{}：{} 人，同意 {}，驳回 {}，结果同意", "{0}: {1} people, {2} approved, {3} rejected; approved"),
            ("{}：{} 人，同意 {}，驳回 {}，结果驳回", "{0}: {1} people, {2} approved, {3} rejected; rejected"),
            ("{}，改由{}审批", "{0}, so {1} is asked"),
            ("呼叫 {}", "paged {0}"),
            ("{}已确认", "{0} acknowledged"),
            ("{} 分钟内没有确认", "nobody acknowledged within {0} minutes"),
            ("值班表“{}”此刻没有值班人员", "nobody is on duty now in rota “{0}”"),
            ("{}：没有可用的通知方式 {}", "{0}: no usable way of telling ({1})"),
            ("时限“{}”开始计时：{}，截止 {}", "“{0}” began: {1}, due {2}"),
            ("时限“{}”即将超时，截止 {}", "“{0}” is nearly over, due {1}"),
            ("时限“{}”超时，截止 {}", "“{0}” is overdue since {1}"),
            ("时限“{}”停止，按时", "“{0}” stopped in time"),
            ("时限“{}”停止，超时 {}", "“{0}” stopped, {1} late"),
            ("时限“{}”暂停", "“{0}” paused"),
            ("时限“{}”暂停时间已用完，继续计时，截止 {}", "the pause of “{0}” is used up; it runs on, due {1}"),
            ("时限“{}”继续计时，截止 {}", "“{0}” runs on, due {1}"),
            ("时限“{}”重新计算", "“{0}” calculated anew"),
            ("时限“{}”提醒", "reminder of “{0}”"),
            ("时限“{}”升级", "“{0}” escalated"),
            ("已通知 {}", "{0} were told"),
            ("{}：完成", "{0}: done"),
            // Why somebody is asked.
            ("您是申请人", "you applied"),
            ("流程指定由您办理", "the process names you"),
            ("申请人选择由您审批", "the applicant chose you"),
            ("您是申请人{}的上级", "you are the manager of the applicant, {0}"),
            ("您是申请人{}的第 {} 级上级", "you are {1} levels above the applicant, {0}"),
            ("您是{}的上级部门负责人", "you head the department above {0}"),
            ("您是{}负责人", "you head {0}"),
            ("您的角色是 {}", "your role is {0}"),
            ("您在值班", "you are on duty"),
            ("值班人员没有确认", "whoever is on duty did not acknowledge"),
            ("{}已在关联流程中审批，您是其上级", "{0} has decided in a related process and you are their manager"),
            ("{}不能办理此件，您是其上级", "{0} may not decide on this and you are their manager"),
            ("{}退回了您的申请", "{0} returned your request"),
            ("{}请您前加签", "{0} asks you to decide before them"),
            ("{}请您后加签", "{0} asks you to decide after them"),
            ("{}请您加签", "{0} asks you to decide with them"),
            ("{}，您是{}", "{0}, and you are {1}"),
            ("您是{}", "you are {0}"),
        }.Select(s => (Pattern(s.Zh), s.En)),
    ];

    // A title in quotation marks may hold anything; else a colon ends what the engine says.
    private static Regex Pattern(string zh) => new(
        "^" + Regex.Escape(zh).Replace(@"“\{}”", "“(.+?)”", StringComparison.Ordinal).Replace(@"\{}", "([^：]+?)", StringComparison.Ordinal) + "$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);

    /// <summary>The text in the reader's language.</summary>
    public static string In(Texts t, string text) => t.IsChinese ? text : English(text);

    private static string English(string text)
    {
        if (text.StartsWith("因为", StringComparison.Ordinal))
            return "because " + string.Join(", or ", text["因为".Length..].Split("，或").Select(English));
        if (Known(text) is { } whole)
            return whole;
        // What somebody said stands behind, and is theirs; behind a deadline stands who was told, in the engine's words.
        return text.Split('：', 2) is [var head, var said] && Known(head) is { } known ? $"{known}: {(head.StartsWith("时限“", StringComparison.Ordinal) ? Known(said) ?? said : said)}" : text;
    }

    // 3小时5分, 2 个工作日, 周六: what the engine itself counts in. A word among what people wrote stays.
    private static string WithoutUnits(string text) =>
        Day().Replace(Amount().Replace(text.Replace("、", ", ", StringComparison.Ordinal), m => $"{m.Groups[1].Value} {Units[m.Groups[2].Value]} ").TrimEnd(), m => " " + Weekdays[m.Groups[1].Value] + " ");

    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["个工作日"] = "working days",
        ["工作小时"] = "working hours",
        ["小时"] = "h",
        ["分钟"] = "min",
        ["分"] = "min",
        ["秒"] = "s",
        ["天"] = "days",
    };

    private static readonly Dictionary<string, string> Weekdays = new(StringComparer.Ordinal)
    {
        ["日"] = "Sun",
        ["一"] = "Mon",
        ["二"] = "Tue",
        ["三"] = "Wed",
        ["四"] = "Thu",
        ["五"] = "Fri",
        ["六"] = "Sat",
    };

    [GeneratedRegex(@"(\d+) ?(个工作日|工作小时|小时|分钟|分|秒|天)")]
    private static partial Regex Amount();

    [GeneratedRegex(@" 周([日一二三四五六]) ")]
    private static partial Regex Day();

    private static string? Known(string text)
    {
        foreach (var (zh, en) in Sentences)
        {
            if (zh.Match(text) is { Success: true } match)
                return string.Format(System.Globalization.CultureInfo.InvariantCulture, en, [.. match.Groups.Values.Skip(1).Select(g => WithoutUnits(g.Value))]);
        }

        return null;
    }
}
