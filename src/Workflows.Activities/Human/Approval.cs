using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Activities.Human;

/// <summary>
/// Asks for a decision: 同意, 驳回 or 退回, of one person or of several, counted as <see cref="Mode"/> says. The applicant never decides: where the
/// applicant is named, the place goes up the reporting line. With four eyes, neither does anybody who decided at another node of the
/// instance, before this one was asked or while it waits. When nobody is left on entering, stand-ins are asked; without any the node fails
/// for an operator. A deadline that passes marks and tells, and decides nothing.
/// </summary>
[Activity("Human.Approval", Category = "Human", Zh = "审批", En = "Approval",
    DescriptionZh = "请人审批：同意、驳回或退回；可或签、会签、依次审批、按人数或每组一人。", DescriptionEn = "Asks people to approve, reject or return; any, all, in turn, M of N or one per group.")]
[Outcome("Approved", Zh = "同意", En = "Approved")]
[Outcome("Rejected", Zh = "驳回", En = "Rejected")]
[Outcome("Returned", Zh = "退回", En = "Returned")]
internal sealed partial class Approval : TimedActivity
{
    private const string Approve = "approve";
    private const string Reject = "reject";
    private const string Return = "return";
    private const string ByManager = InputSources.ApproverManager;
    private const string ByDepartmentHead = InputSources.ApproverDepartmentHead;
    private const string ByChoice = InputSources.ApproverChosen;

    [Input(Zh = "标题", En = "Title")]
    public string? Title { get; set; }

    [Input(Zh = "审批人", En = "Approver", Hint = "dropdown", Source = InputSources.Approvers,
        DescriptionZh = "常用：一个岗位、一个人、申请人的上级或部门负责人。需要多个时用下面的各项。", DescriptionEn = "One post, one person, the applicant's manager or head of department; the inputs below name several.")]
    public string? Approver { get; set; }

    [Input(Zh = "审批岗位（可多选）", En = "Roles", Hint = "multitext")]
    public string[]? Roles { get; set; }

    [Input(Zh = "指定人员（可多人）", En = "Users", Hint = "multitext", DescriptionZh = "用户名，也可用表达式取自表单。", DescriptionEn = "User names; an expression may take them from the form.")]
    public string[]? Users { get; set; }

    [Input(Zh = "由申请人的上级审批", En = "Manager of the initiator", Hint = "checkbox")]
    public bool ManagerOfInitiator { get; set; }

    [Input(Zh = "连续多级上级", En = "Levels of managers", DescriptionZh = "从申请人的直接上级起，共几级。", DescriptionEn = "How many managers above the initiator.")]
    public int ManagerLevels { get; set; }

    [Input(Zh = "逐级审批至岗位", En = "Managers up to a post", Hint = "dropdown", Source = InputSources.Roles, DescriptionZh = "从申请人的直接上级起，到第一个担任此岗位的上级为止。", DescriptionEn = "Managers above the initiator up to the first holding this post.")]
    public string? ManagersUntil { get; set; }

    [Input(Zh = "由部门负责人审批", En = "Head of the initiator's department", Hint = "checkbox")]
    public bool DepartmentHead { get; set; }

    [Input(Zh = "由申请人选择审批人", En = "Chosen by the initiator", Hint = "checkbox",
        DescriptionZh = "发起时在输入 approvers 中按节点编号给出。", DescriptionEn = "Given at the start in the input approvers, by node id.")]
    public bool ChosenByInitiator { get; set; }

    [Input(Zh = "多人审批方式", En = "Mode", Hint = "dropdown", Options = ["Any", "All", "Sequential", "Quorum", "PerGroup"],
        OptionsZh = ["或签（一人同意即可）", "会签（须全部同意）", "依次审批", "按人数通过", "每组一人"],
        DescriptionZh = "或签、会签、依次审批、按人数通过、每组一人。", DescriptionEn = "Any, all, in turn, M of N, one per group.")]
    public ApprovalMode? Mode { get; set; }

    [Input(Zh = "通过人数", En = "Required", DescriptionZh = "按人数通过时至少几人同意；加签不改变此数。", DescriptionEn = "For M of N: how many must agree; added signers do not change it.")]
    public int Required { get; set; } = 1;

    [Input(Zh = "代理审批人", En = "Deputies", Hint = "multitext", DescriptionZh = "找不到审批人时先请他们审批：用户名或 role:岗位。", DescriptionEn = "Asked first when nobody is found: user names or role:post.")]
    public string[]? Deputies { get; set; }

    [Input(Zh = "找不到审批人时由管理员审批", En = "Fall back to administrators", Hint = "checkbox",
        DescriptionZh = "依次请流程负责人、流程管理员审批；关闭后直接报故障。从不自动通过。", DescriptionEn = "Asks the process owner, then the administrators; off: an incident. Never an approval.")]
    public bool FallBack { get; set; } = true;

    [Input(Zh = "申请人即审批人时自动通过", En = "Approve for an initiator who is approver", Hint = "checkbox", DescriptionZh = "默认关闭：改由其上级审批。", DescriptionEn = "Off by default: their manager is asked.")]
    public bool AutoApproveInitiator { get; set; }

    [Input(Zh = "同一审批人已同意时自动通过", En = "Approve for who approved before", Hint = "checkbox", DescriptionZh = "默认关闭。", DescriptionEn = "Off by default.")]
    public bool AutoApproveRepeated { get; set; }

    [Input(Zh = "展示内容", En = "Content", Hint = "json-editor", DescriptionZh = "供审批人查看的数据。", DescriptionEn = "Facts shown to the approver.")]
    public JsonNode? Content { get; set; }

    [Input(Zh = "字段权限", En = "Field rights", Hint = "json-editor", DescriptionZh = "按字段：edit、read、hide、required。", DescriptionEn = "By field: edit, read, hide, required.")]
    public JsonNode? FieldRights { get; set; }

    [Input(Zh = "审批时的字段", En = "Fields while approving", Hint = "json-editor",
        DescriptionZh = "JSON Schema；字段与流程变量同名，显示其当前值。字段权限给 edit 或 required 的可在同意时修改，每处修改记入流转记录；其余只读。", DescriptionEn = "JSON Schema over variables of the same names. Fields with the right edit or required may be changed while approving, each change is recorded; the others are read-only.")]
    public JsonNode? Form { get; set; }

    [Input(Zh = "重新提交的表单", En = "Form for handing in again", Hint = "json-editor",
        DescriptionZh = "退回给申请人时填写；与流程变量同名的字段会更新该变量。", DescriptionEn = "Filled by the initiator after a return; a field named like a variable updates it.")]
    public JsonNode? ResubmitForm { get; set; }

    [Input(Zh = "办理期限", En = "Due in", DescriptionZh = "从轮到审批人起算。", DescriptionEn = "Counted from when the person's turn comes.")]
    public TimeSpan? DueIn { get; set; }

    [Input(Zh = "超时后", En = "On breach", Hint = "dropdown", Options = ["Nothing", "Approve", "Reject"], OptionsZh = ["只升级", "自动同意", "自动驳回"],
        DescriptionZh = "默认只升级，不做决定。发布时会列出改动此项的节点；含删除步骤的流程不能自动同意。", DescriptionEn = "Only escalates by default. Publication names nodes that change this; a process that deletes may not approve by itself.")]
    public BreachAct OnBreach { get; set; }

    [Input(Zh = "意见要求", En = "Comment required", Hint = "dropdown", Options = ["OnReject", "Always"], OptionsZh = ["驳回、退回时必填", "总是必填"],
        DescriptionZh = "驳回和退回总要写意见。", DescriptionEn = "Rejecting and returning always need a comment.")]
    public CommentPolicy CommentRequired { get; set; }

    [Input(Zh = "可以退回", En = "Allow return", Hint = "checkbox")]
    public bool AllowReturn { get; set; } = true;

    [Input(Zh = "可以批量同意", En = "Allow bulk approval", Hint = "checkbox")]
    public bool AllowBulk { get; set; }

    [Input(Zh = "允许的操作", En = "Acts", Hint = "multitext", DescriptionZh = "transfer、delegate、add-signers、request-info；不填为全部。", DescriptionEn = "transfer, delegate, add-signers, request-info; all when empty.")]
    public string[]? Acts { get; set; }

    [Input(Zh = "不得审批的人", En = "Not by", Hint = "multitext", DescriptionZh = "用户名；申请人从不审批自己的申请。", DescriptionEn = "User names; the applicant never decides anyway.")]
    public string[]? NotBy { get; set; }

    [Input(Zh = "四眼原则", En = "Four eyes", Hint = "checkbox", DescriptionZh = "在其他节点审批过的人不能再审批。", DescriptionEn = "Who decided at another node may not decide here.")]
    public bool FourEyes { get; set; } = true;

    [Output(Zh = "决定", En = "Decision")]
    public string? Decision { get; set; }

    [Output(Zh = "意见", En = "Comment")]
    public string? Comment { get; set; }

    [Output(Zh = "审批人", En = "Decided by")]
    public string? DecidedBy { get; set; }

    [Output(Zh = "全部意见", En = "Decisions")]
    public JsonNode? Decisions { get; set; }

    public override void Execute(ActivityContext context)
    {
        var mode = Mode ?? (ManagerLevels > 1 || !string.IsNullOrEmpty(ManagersUntil) ? ApprovalMode.Sequential : ApprovalMode.Any);
        // One place needs no counting; whoever is added beside it is asked as well, not instead.
        var counted = Mode is null && mode == ApprovalMode.Any ? ApprovalMode.All : mode;
        var excluded = Barred(context);
        var automatic = Automatic(context).ToList();
        IEnumerable<Seat> seats = (mode, automatic.Count) switch
        {
            (ApprovalMode.Any, > 0) => automatic,
            (ApprovalMode.Any, _) => [SeatOf(context, Audience.Find(context, Rule(context), excluded), null)],
            (ApprovalMode.PerGroup, _) => Groups(context).Select(g => automatic.Find(a => Audience.NamedBy(context, g.Rule).Any(n => n.Person.UserName == a.Assignee)) is { } decided
                ? decided with { Id = context.NewId(), Group = g.Name }
                : SeatOf(context, Audience.Find(context, g.Rule, excluded), g.Name)),
            _ => Persons(context, excluded, automatic),
        };
        context.Set(VisitKey, TaskWatch.NextRound(context));
        var round = new ApprovalRound { Mode = counted, Required = Math.Max(1, Required), Seats = [.. seats] };
        foreach (var seat in round.Seats.Where(s => s.AutoRule is not null))
        {
            var name = context.Organisation.DisplayName(seat.Assignee!);
            context.Journal("AutoDecided", $"系统自动通过：{name}（{seat.AutoRule}）", new JsonObject { ["user"] = seat.Assignee, ["rule"] = seat.AutoRule });
            TaskWatch.RememberApprover(context, seat.Assignee!);
        }

        GoOn(context, ApprovalRules.Settle(round));
    }

    public override void TimerFired(ActivityContext context, WorkflowTimer timer) => TaskWatch.MarkOverdue(context);

    public override void TaskCompleted(ActivityContext context, UserTask task)
    {
        if (task.Kind == UserTaskKind.Handling)
        {
            HandedInAgain(context, task);
            return;
        }

        (Decision, Comment, DecidedBy) = (task.Decision, task.Comment, task.DecidedBy);
        TaskWatch.RememberDecider(context, task.DecidedBy!);
        if (task.OnBehalfOf is { } absent)
            TaskWatch.RememberDecider(context, absent);
        // Branches side by side found their people before anybody had decided.
        Audience.Bar(context, task.DecidedBy!);
        if (task.Decision == Return)
        {
            Decisions = Told(RoundOf(context, task));
            GoBack(context, task);
            return;
        }

        if (task.Decision == Approve)
        {
            TaskWatch.RememberApprover(context, task.DecidedBy!);
            KeepFields(context, task);
        }

        var round = RoundOf(context, task);
        GoOn(context, ApprovalRules.Decide(round, round.Find(task.Id)! with
        {
            State = task.Decision == Approve ? SeatState.Approved : SeatState.Rejected,
            DecidedBy = task.DecidedBy,
            OnBehalfOf = task.OnBehalfOf,
            Comment = task.Comment,
            DecidedAt = task.ClosedAt,
        }));
    }

    public override TaskVerdict? ActOnTask(ActivityContext context, UserTask task, TaskCommand command) => command.Action switch
    {
        UserTaskRules.AddSigners => AddSigners(context, task, command),
        UserTaskRules.RemoveSigners => RemoveSigners(context, task, command),
        Return when command.To is { } to => TrialOfReturn(context, to, command.ComesStraightBack),
        _ => base.ActOnTask(context, task, command),
    };

    /// <summary>Only where the node's own field says so; the record names the rule, never a person.</summary>
    protected override void Breached(ActivityContext context, ClockMoment moment)
    {
        if (OnBreach is not (BreachAct.Approve or BreachAct.Reject))
            return;
        var approves = OnBreach == BreachAct.Approve;
        context.Journal("AutoDecided", $"超时自动{(approves ? "同意" : "驳回")}：节点“{context.Node.DisplayText}”的设置 onBreach = {OnBreach}", new JsonObject { ["rule"] = "onBreach" });
        (Decision, Comment) = (approves ? Approve : Reject, "超时按规则处理");
        context.Complete(approves ? "Approved" : "Rejected");
    }

    private List<string> Barred(ActivityContext context)
    {
        var excluded = new List<string>();
        if (context.InitiatedBy is { } applicant)
            excluded.Add(applicant);
        excluded.AddRange(ChildCompletionStimulus.InitiatorsOf(context.InstanceProperties));
        excluded.AddRange(NotBy ?? []);
        if (FourEyes)
            excluded.AddRange(TaskWatch.OtherDeciders(context));
        return [.. excluded.Distinct()];
    }

    public override IEnumerable<NodeFault> Validate(ActivityNode node)
    {
        if (!WaysToName.Any(name => node.Inputs.TryGetValue(name, out var given) && !(given.Expression.Type is "Literal" or "Object" && IsNothing(given.Expression.Value))))
            yield return new NodeFault("no-approver", "没有指定审批人", "no approver is named");
        foreach (var fault in base.Validate(node).Concat(BreachActs.Named(OnBreach, node, BreachAct.Approve, BreachAct.Reject)))
            yield return fault;
    }

    private static readonly string[] WaysToName =
        ["approver", "roles", "users", "managerOfInitiator", "managerLevels", "managersUntil", "departmentHead", "chosenByInitiator", "deputies"];

    private static bool IsNothing(JsonNode? value) => ValueConverter.Text(value)?.Trim() is null or "" or "[]" or "0" or "false" or "False";

    /// <summary>The place that <see cref="Approver"/> names, as one more of the others.</summary>
    private AudienceRule Rule(ActivityContext context)
    {
        var named = Approver?.Trim() ?? "";
        var role = named.StartsWith("role:", StringComparison.Ordinal) ? named["role:".Length..] : null;
        var user = role is null && named is not ("" or ByManager or ByDepartmentHead or ByChoice) ? named : null;
        return new(role is null ? Roles : [role, .. Roles ?? []], user is null ? Users : [user, .. Users ?? []], ManagerOfInitiator || named == ByManager)
        {
            DepartmentHead = DepartmentHead || named == ByDepartmentHead,
            ManagerLevels = ManagerLevels,
            ManagersUntil = string.IsNullOrEmpty(ManagersUntil) ? null : ManagersUntil,
            Chosen = ChosenByInitiator || named == ByChoice ? Chosen(context) : [],
            Deputies = Deputies ?? [],
            FallsBack = FallBack,
        };
    }

    /// <summary>One group per post, one per person named, one for the managers.</summary>
    private List<(string Name, AudienceRule Rule)> Groups(ActivityContext context)
    {
        var whole = Rule(context);
        var none = whole with { Roles = null, Users = null, ManagerOfInitiator = false, DepartmentHead = false, ManagerLevels = 0, ManagersUntil = null, Chosen = [] };
        var groups = (whole.Roles ?? []).Select(r => (Posts.NameOf(r), none with { Roles = [r] }))
            .Concat((whole.Users ?? []).Concat(whole.Chosen).Distinct().Select(u => (context.Organisation.DisplayName(u), none with { Users = [u] })))
            .ToList();
        if (whole.ManagerOfInitiator)
            groups.Add(("上级", none with { ManagerOfInitiator = true }));
        if (whole.DepartmentHead)
            groups.Add(("部门负责人", none with { DepartmentHead = true }));
        return groups.Count > 0 ? groups : [("", whole)];
    }

    private static string[] Chosen(ActivityContext context) =>
        context.WorkflowInput.GetValueOrDefault("approvers") is JsonObject byNode && (byNode[context.Node.Id] ?? byNode[context.Node.NodeId]) is { } names
            ? (string[]?)ValueConverter.To(names, typeof(string[])) ?? []
            : [];

    /// <summary>Seats that a rule switched on decides by itself.</summary>
    private IEnumerable<Seat> Automatic(ActivityContext context)
    {
        if (!AutoApproveInitiator && !AutoApproveRepeated)
            yield break;
        var approved = TaskWatch.OtherApprovers(context).ToHashSet();
        foreach (var named in Audience.NamedBy(context, Rule(context)).DistinctBy(n => n.Person.UserName))
        {
            var user = named.Person.UserName;
            var rule = AutoApproveInitiator && user == context.InitiatedBy ? "申请人即审批人" : AutoApproveRepeated && user != context.InitiatedBy && approved.Contains(user) ? "同一审批人已同意" : null;
            if (rule is not null)
                yield return new Seat { Id = context.NewId(), Assignee = user, Reason = "因为" + named.Why, State = SeatState.Approved, DecidedBy = user, DecidedAt = context.Now, AutoRule = rule };
        }
    }

    private IEnumerable<Seat> Persons(ActivityContext context, List<string> excluded, List<Seat> automatic)
    {
        var decided = automatic.Select(a => a.Assignee!).ToHashSet();
        var rule = Rule(context);
        var named = Audience.NamedBy(context, rule).DistinctBy(n => n.Person.UserName).Select(n => n.Person.UserName).ToList();
        if (named.Count > 0 && named.TrueForAll(decided.Contains))
            return automatic;
        // Those decided for keep their place in the order; the others are found as always.
        var asked = Audience.Each(context, rule, [.. excluded.Except(decided)]);
        return asked.Select(a => automatic.Find(s => s.Assignee == a.Assignee) ?? SeatOf(context, a, null));
    }

    private static Seat SeatOf(ActivityContext context, Audience audience, string? group) =>
        new() { Id = context.NewId(), Assignee = audience.Assignee, Candidates = audience.Candidates, Reason = audience.Reason, Group = group };
}

/// <summary>When an approval needs a comment.</summary>
internal enum CommentPolicy
{
    OnReject,
    Always,
}
