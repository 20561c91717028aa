using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Activities.Human;

/// <summary>
/// Asks for work with a form. <see cref="Excluded"/> names people who must not do it (the first of two persons who confirm);
/// <see cref="ExpiresIn"/> lets a request lapse, which is the only way out that no person chose.
/// </summary>
[Activity("Human.Task", Category = "Human", Zh = "办理任务", En = "Task",
    DescriptionZh = "请人办理并填写表单。", DescriptionEn = "Asks people to do something and fill a form.")]
[Outcome("Done", Zh = "完成", En = "Done")]
[Outcome("Expired", Zh = "过期失效", En = "Expired")]
internal sealed class HandlingTask : TimedActivity
{
    [Input(Zh = "标题", En = "Title")]
    public string? Title { get; set; }

    [Input(Zh = "办理岗位", En = "Roles", Hint = "multitext")]
    public string[]? Roles { get; set; }

    [Input(Zh = "办理人", En = "Users", Hint = "multitext")]
    public string[]? Users { get; set; }

    [Input(Zh = "由申请人办理", En = "The initiator", Hint = "checkbox")]
    public bool Initiator { get; set; }

    [Input(Zh = "由申请人的上级办理", En = "Manager of the initiator", Hint = "checkbox")]
    public bool ManagerOfInitiator { get; set; }

    [Input(Zh = "不得办理的人", En = "Excluded", Hint = "multitext")]
    public string[]? Excluded { get; set; }

    [Input(Zh = "办理说明", En = "Instructions", Hint = "multiline")]
    public string? Instructions { get; set; }

    [Input(Zh = "展示内容", En = "Content", Hint = "json-editor")]
    public JsonNode? Content { get; set; }

    [Input(Zh = "表单", En = "Form", Hint = "json-editor", DescriptionZh = "JSON Schema。", DescriptionEn = "A JSON Schema.")]
    public JsonNode? Form { get; set; }

    [Input(Zh = "字段权限", En = "Field rights", Hint = "json-editor", DescriptionZh = "按字段：edit、read、hide、required。", DescriptionEn = "By field: edit, read, hide, required.")]
    public JsonNode? FieldRights { get; set; }

    [Input(Zh = "可转交、可要求补充", En = "Allow transfer", Hint = "checkbox", DescriptionZh = "允许转交、委派、要求补充信息。", DescriptionEn = "Whoever has it may transfer it, ask for an opinion or for information.")]
    public bool AllowTransfer { get; set; }

    [Input(Zh = "办理期限", En = "Due in")]
    public TimeSpan? DueIn { get; set; }

    [Input(Zh = "失效时间", En = "Expires in", DescriptionZh = "超过后任务取消，从“过期失效”离开。", DescriptionEn = "After this the task is withdrawn and the outcome is Expired.")]
    public TimeSpan? ExpiresIn { get; set; }

    [Input(Zh = "超时后", En = "On breach", Hint = "dropdown", Options = ["Nothing", "Expire"], OptionsZh = ["只升级", "失效"],
        DescriptionZh = "默认只升级；选“失效”则取消任务，从“过期失效”离开。", DescriptionEn = "Only escalates by default; Expire withdraws the task and leaves by Expired.")]
    public BreachAct OnBreach { get; set; }

    [Input(Zh = "必须写意见", En = "Comment required", Hint = "checkbox")]
    public bool CommentRequired { get; set; }

    [Output(Zh = "表单内容", En = "Form values")]
    public JsonNode? Result { get; set; }

    [Output(Zh = "意见", En = "Comment")]
    public string? Comment { get; set; }

    [Output(Zh = "办理人", En = "Decided by")]
    public string? DecidedBy { get; set; }

    public override void Execute(ActivityContext context)
    {
        var excluded = Excluded ?? [];
        var audience = Audience.Find(context, new AudienceRule(Roles, Users, ManagerOfInitiator, Initiator), excluded);
        var task = new UserTask
        {
            Id = context.NewId(),
            Execution = context.Execution.Number,
            NodeId = context.Node.NodeId,
            Kind = UserTaskKind.Handling,
            Title = string.IsNullOrEmpty(Title) ? context.Node.DisplayText : Title,
            Assignee = audience.Assignee,
            Candidates = audience.Candidates,
            Excluded = excluded,
            Reason = audience.Reason,
            Actions = ["complete"],
            CommentRequired = CommentRequired ? ["complete"] : [],
            Acts = AllowTransfer ? [UserTaskRules.Transfer, UserTaskRules.Delegate, UserTaskRules.RequestInfo] : [],
            Content = Engine.UserTasks.FieldRights.ToContent(ContentWithInstructions(Content), FieldRights),
            Hidden = Engine.UserTasks.FieldRights.Hidden(FieldRights),
            Form = Engine.UserTasks.FieldRights.ToForm(Form, FieldRights),
            Round = TaskWatch.NextRound(context),
            DueAt = Target is null ? context.Now + DueIn : null,
        };
        TaskWatch.Announce(context, ClockFor(task.Title) is { } clock ? context.Ask(task, clock) : context.Ask(task));
        if (Target is null && DueIn is { } due)
            context.SetDeadline(context.Now + due, TaskWatch.Due);
        if (ExpiresIn is { } expiry)
            context.SetDeadline(context.Now + expiry, TaskWatch.Expiry);
    }

    public override ShownContent Shown(ActivityContext context, UserTask task) =>
        new(Engine.UserTasks.FieldRights.ToContent(ContentWithInstructions(context.Node.Inputs.ContainsKey("content") ? context.Evaluate<JsonNode>("content") : Content), FieldRights), task.Form);

    public override void TimerFired(ActivityContext context, WorkflowTimer timer)
    {
        if (timer.Tag == TaskWatch.Expiry)
            context.Complete("Expired");
        else
            TaskWatch.MarkOverdue(context);
    }

    public override void TaskCompleted(ActivityContext context, UserTask task)
    {
        (Result, Comment, DecidedBy) = (task.Result?.DeepClone(), task.Comment, task.DecidedBy);
        context.Complete("Done");
    }

    public override IEnumerable<NodeFault> Validate(ActivityNode node) => base.Validate(node).Concat(BreachActs.Named(OnBreach, node, BreachAct.Expire));

    protected override void Breached(ActivityContext context, ClockMoment moment)
    {
        if (OnBreach != BreachAct.Expire)
            return;
        context.Journal("AutoDecided", $"超时自动失效：节点“{context.Node.DisplayText}”的设置 onBreach = Expire", new JsonObject { ["rule"] = "onBreach" });
        context.Complete("Expired");
    }

    private JsonNode? ContentWithInstructions(JsonNode? shown)
    {
        if (string.IsNullOrEmpty(Instructions))
            return shown?.DeepClone();
        var content = new JsonObject { ["办理说明"] = Instructions };
        if (shown is JsonObject facts)
        {
            foreach (var (label, value) in facts)
                content[label] = value?.DeepClone();
        }
        else if (shown is not null)
        {
            content["内容"] = shown.DeepClone();
        }

        return content;
    }
}
