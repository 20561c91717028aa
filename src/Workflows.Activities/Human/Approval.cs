using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Activities.Human;

/// <summary>
/// Asks for a decision: 同意, 驳回 or 退回. The applicant never decides: if the applicant is the only one named, the task goes
/// up the reporting line. With four eyes, neither does anybody who decided at another node of the instance, before this one was
/// asked or while it waits. When nobody is left on entering, the node fails for an operator; a deadline that passes marks and tells, and decides nothing.
/// </summary>
[Activity("Human.Approval", Category = "Human", Zh = "审批", En = "Approval",
    DescriptionZh = "请人审批：同意、驳回或退回。", DescriptionEn = "Asks people to approve, reject or return.")]
[Outcome("Approved", Zh = "同意", En = "Approved")]
[Outcome("Rejected", Zh = "驳回", En = "Rejected")]
[Outcome("Returned", Zh = "退回", En = "Returned")]
internal sealed class Approval : Activity
{
    private const string Approve = "approve";
    private const string Reject = "reject";
    private const string Return = "return";

    [Input(Zh = "标题", En = "Title")]
    public string? Title { get; set; }

    [Input(Zh = "审批岗位", En = "Roles", Hint = "multitext")]
    public string[]? Roles { get; set; }

    [Input(Zh = "审批人", En = "Users", Hint = "multitext")]
    public string[]? Users { get; set; }

    [Input(Zh = "由申请人的上级审批", En = "Manager of the initiator", Hint = "checkbox")]
    public bool ManagerOfInitiator { get; set; }

    [Input(Zh = "展示内容", En = "Content", Hint = "json-editor", DescriptionZh = "供审批人查看的数据。", DescriptionEn = "Facts shown to the approver.")]
    public JsonNode? Content { get; set; }

    [Input(Zh = "办理期限", En = "Due in", DescriptionZh = "从到达本节点起算。", DescriptionEn = "Counted from entering the node.")]
    public TimeSpan? DueIn { get; set; }

    [Input(Zh = "意见要求", En = "Comment required", Hint = "dropdown", Options = ["OnReject", "Always"],
        DescriptionZh = "驳回和退回总要写意见。", DescriptionEn = "Rejecting and returning always need a comment.")]
    public CommentPolicy CommentRequired { get; set; }

    [Input(Zh = "可以退回", En = "Allow return", Hint = "checkbox")]
    public bool AllowReturn { get; set; } = true;

    [Input(Zh = "四眼原则", En = "Four eyes", Hint = "checkbox", DescriptionZh = "在其他节点审批过的人不能再审批。", DescriptionEn = "Who decided at another node may not decide here.")]
    public bool FourEyes { get; set; } = true;

    [Output(Zh = "决定", En = "Decision")]
    public string? Decision { get; set; }

    [Output(Zh = "意见", En = "Comment")]
    public string? Comment { get; set; }

    [Output(Zh = "审批人", En = "Decided by")]
    public string? DecidedBy { get; set; }

    public override void Execute(ActivityContext context)
    {
        var excluded = new List<string>();
        if (context.InitiatedBy is { } applicant)
            excluded.Add(applicant);
        if (FourEyes)
            excluded.AddRange(TaskWatch.OtherDeciders(context));
        var audience = Audience.Find(context, new AudienceRule(Roles, Users, ManagerOfInitiator), excluded);

        context.Ask(new UserTask
        {
            Id = context.NewId(),
            Execution = context.Execution.Number,
            NodeId = context.Node.NodeId,
            Kind = UserTaskKind.Approval,
            Title = string.IsNullOrEmpty(Title) ? context.Node.DisplayText : Title,
            Assignee = audience.Assignee,
            Candidates = audience.Candidates,
            Excluded = [.. excluded.Distinct()],
            FourEyes = FourEyes,
            Reason = audience.Reason,
            Actions = AllowReturn ? [Approve, Reject, Return] : [Approve, Reject],
            CommentRequired = CommentRequired == CommentPolicy.Always ? [Approve, Reject, Return] : [Reject, Return],
            Content = Content?.DeepClone(),
            Round = TaskWatch.NextRound(context),
            DueAt = context.Now + DueIn,
        });
        if (DueIn is { } due)
            context.SetDeadline(context.Now + due, TaskWatch.Due);
    }

    public override void TimerFired(ActivityContext context, WorkflowTimer timer) => TaskWatch.MarkOverdue(context);

    public override void TaskCompleted(ActivityContext context, UserTask task)
    {
        (Decision, Comment, DecidedBy) = (task.Decision, task.Comment, task.DecidedBy);
        TaskWatch.RememberDecider(context, task.DecidedBy!);
        // Branches side by side found their people before anybody had decided.
        Audience.Bar(context, task.DecidedBy!);
        context.Complete(task.Decision switch
        {
            Approve => "Approved",
            Reject => "Rejected",
            Return => "Returned",
            var other => throw new InvalidOperationException($"An approval does not offer {other}."),
        });
    }
}

/// <summary>When an approval needs a comment.</summary>
internal enum CommentPolicy
{
    OnReject,
    Always,
}
