namespace Workflows.Engine.Messages;

/// <summary>What kinds of messages people may switch off by category.</summary>
public enum MessageCategory
{
    /// <summary>One's own work: cannot be switched off.</summary>
    Task,

    /// <summary>One's own applications: what became of them.</summary>
    Progress,

    /// <summary>抄送 and mentions.</summary>
    Copy,

    /// <summary>What a process tells in its own words.</summary>
    Process,

    /// <summary>Incidents, for operators: cannot be switched off.</summary>
    Operation,

    /// <summary>Duty pages: cannot be switched off.</summary>
    Duty,
}

/// <summary>Something the system tells people about.</summary>
/// <param name="Name">In payloads, templates and webhooks.</param>
/// <param name="Channels">By which channels, unless the sender names others.</param>
public sealed record MessageEvent(string Name, MessageCategory Category, Severity Severity, IReadOnlyList<string> Channels, string Zh, string En);

/// <summary>The events of the system. Whatever is not listed counts as an event of a process.</summary>
public static class MessageEvents
{
    public const string TaskAssigned = "task.assigned";
    public const string TaskHandedOver = "task.handed-over";
    public const string TaskAnswered = "task.answered";
    public const string TaskInfoRequested = "task.info-requested";
    public const string TaskInfoGiven = "task.info-given";
    public const string TaskReturned = "task.returned";
    public const string TaskUrged = "task.urged";
    public const string TaskOverdue = "task.overdue";
    public const string TaskEscalated = "task.escalated";
    public const string CaseDecided = "case.decided";
    public const string CaseWithdrawn = "case.withdrawn";
    public const string CaseCopied = "case.copied";
    public const string CaseMentioned = "case.mentioned";
    public const string CaseStarted = "case.started";
    public const string CaseFinished = "case.finished";
    public const string CaseFaulted = "case.faulted";
    public const string CaseCancelled = "case.cancelled";
    public const string IncidentOpened = "incident.opened";
    public const string ClockWarned = "clock.warned";
    public const string ClockBreached = "clock.breached";
    public const string ClockStarted = "clock.started";
    public const string ClockStopped = "clock.stopped";
    public const string ClockPaused = "clock.paused";
    public const string ClockResumed = "clock.resumed";
    public const string ClockRecalculated = "clock.recalculated";
    public const string DutyPage = "duty.page";
    public const string Digest = "digest";

    private static readonly string[] Site = [MessageChannels.Site];
    private static readonly string[] SiteAndMail = [MessageChannels.Site, MessageChannels.Email];
    private static readonly string[] Everything = [MessageChannels.Site, MessageChannels.Email, MessageChannels.Sms];

    public static readonly IReadOnlyList<MessageEvent> All =
    [
        new(TaskAssigned, MessageCategory.Task, Severity.Normal, SiteAndMail, "新的待办", "New task"),
        new(TaskHandedOver, MessageCategory.Task, Severity.Normal, SiteAndMail, "任务转交、委派", "Task handed over"),
        new(TaskAnswered, MessageCategory.Task, Severity.Normal, Site, "委派已答复", "Answer of a delegate"),
        new(TaskInfoRequested, MessageCategory.Task, Severity.Normal, SiteAndMail, "请补充信息", "Information asked for"),
        new(TaskInfoGiven, MessageCategory.Task, Severity.Normal, Site, "信息已补充", "Information given"),
        new(TaskReturned, MessageCategory.Task, Severity.Normal, SiteAndMail, "申请被退回", "Application returned"),
        new(TaskUrged, MessageCategory.Task, Severity.Normal, SiteAndMail, "催办", "Reminder by the applicant"),
        new(TaskOverdue, MessageCategory.Task, Severity.High, SiteAndMail, "任务逾期", "Task overdue"),
        new(TaskEscalated, MessageCategory.Task, Severity.High, SiteAndMail, "逾期升级", "Escalated"),
        new(CaseDecided, MessageCategory.Progress, Severity.Normal, SiteAndMail, "审批结果", "Decision"),
        new(CaseWithdrawn, MessageCategory.Progress, Severity.Normal, Site, "申请已撤回", "Application withdrawn"),
        new(CaseCopied, MessageCategory.Copy, Severity.Low, Site, "抄送", "Copy"),
        new(CaseMentioned, MessageCategory.Copy, Severity.Normal, Site, "提到您", "Mentioned"),
        new(IncidentOpened, MessageCategory.Operation, Severity.High, SiteAndMail, "流程异常", "Incident"),
        new(ClockWarned, MessageCategory.Task, Severity.Normal, SiteAndMail, "时限预警", "Clock warning"),
        new(ClockBreached, MessageCategory.Task, Severity.High, Everything, "时限超时", "Clock breached"),
        new(DutyPage, MessageCategory.Duty, Severity.Critical, Everything, "值班呼叫", "Duty page"),
        new(Digest, MessageCategory.Progress, Severity.Normal, [MessageChannels.Email], "消息汇总", "Digest"),
    ];

    /// <summary>Events that only programs are told of, those that listen. Programs also hear of clock.warned and clock.breached, once each, whoever is told at the steps of the ladder.</summary>
    public static readonly IReadOnlyList<MessageEvent> ForPrograms =
    [
        new(CaseStarted, MessageCategory.Process, Severity.Normal, [], "流程开始", "Instance started"),
        new(CaseFinished, MessageCategory.Process, Severity.Normal, [], "流程结束", "Instance finished"),
        new(CaseFaulted, MessageCategory.Process, Severity.Normal, [], "流程出错终止", "Instance faulted"),
        new(CaseCancelled, MessageCategory.Process, Severity.Normal, [], "流程取消", "Instance cancelled"),
        new(ClockStarted, MessageCategory.Process, Severity.Normal, [], "时限开始", "Clock started"),
        new(ClockStopped, MessageCategory.Process, Severity.Normal, [], "时限停止", "Clock stopped"),
        new(ClockPaused, MessageCategory.Process, Severity.Normal, [], "时限暂停", "Clock paused"),
        new(ClockResumed, MessageCategory.Process, Severity.Normal, [], "时限继续", "Clock resumed"),
        new(ClockRecalculated, MessageCategory.Process, Severity.Normal, [], "时限重新计算", "Clock recalculated"),
    ];

    private static readonly Dictionary<string, MessageEvent> ByName = All.Concat(ForPrograms).ToDictionary(e => e.Name, StringComparer.Ordinal);

    /// <summary>The event of a name; one of its own category for the free texts of processes.</summary>
    public static MessageEvent Find(string? name) =>
        name is not null && ByName.TryGetValue(name, out var known) ? known : new MessageEvent(name ?? "", MessageCategory.Process, Severity.Normal, SiteAndMail, "流程通知", "Message of a process");

    /// <summary>True for categories that nobody may switch off: one's own work.</summary>
    public static bool IsMandatory(MessageCategory category) => category is MessageCategory.Task or MessageCategory.Operation or MessageCategory.Duty;
}
