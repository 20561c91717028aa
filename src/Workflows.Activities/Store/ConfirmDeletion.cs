using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Activities.Store;

/// <summary>
/// One confirmation before something that cannot simply be undone: the person types the promotion's name exactly and the
/// number of the backup. A confirmation that nobody gives in time lapses; it never counts as given.
/// </summary>
[Activity("Store.ConfirmDeletion", Category = "Store", Zh = "确认删除", En = "Confirm deletion",
    DescriptionZh = "由指定角色逐字输入活动名称和备份编号确认；可设时限，过时失效；可排除此前确认的人。", DescriptionEn = "A person types the promotion's name and the backup's number; lapses after a while.")]
[Outcome("Confirmed", Zh = "已确认", En = "Confirmed")]
[Outcome("Aborted", Zh = "终止", En = "Aborted")]
[Outcome("Lapsed", Zh = "过时失效", En = "Lapsed")]
internal sealed class ConfirmDeletion : Activity
{
    private const string LapseTag = "lapse";

    [Input(Zh = "标题", En = "Title", Required = true)]
    public string Title { get; set; } = "";

    [Input(Zh = "确认角色", En = "Roles", Required = true, Syntax = "Object", DescriptionZh = "其中任何一人可以确认。")]
    public string[] Roles { get; set; } = [];

    [Input(Zh = "排除的人", En = "Excluded", Syntax = "Object", DescriptionZh = "不得确认的人，例如第一次确认的操作人员。")]
    public string[] Excluded { get; set; } = [];

    [Input(Zh = "活动名称", En = "Promotion name", Required = true)]
    public string PromotionName { get; set; } = "";

    [Input(Zh = "备份编号", En = "Backup", Required = true)]
    public string BackupId { get; set; } = "";

    [Input(Zh = "说明", En = "Content", DescriptionZh = "给确认人看的内容。")]
    public JsonNode? Content { get; set; }

    [Input(Zh = "时限", En = "Due in")]
    public TimeSpan? DueIn { get; set; }

    [Input(Zh = "过时即失效", En = "Lapses", Hint = "checkbox", DescriptionZh = "不勾选时，过时只标记逾期，任务保留。")]
    public bool Lapses { get; set; }

    [Output(Zh = "确认人", En = "Confirmed by")]
    public string? ConfirmedBy { get; set; }

    public override void Execute(ActivityContext context)
    {
        // An empty variable arrives as no list at all.
        var excluded = Excluded ?? [];
        var candidates = Roles.Select(role => "role:" + role).ToList();
        if (!Roles.SelectMany(context.Organisation.InRole).Any(p => !excluded.Contains(p.UserName)))
            throw new ActivityFailure("no-candidate", $"角色 {string.Join("、", Roles)} 中没有可以确认的人 (nobody may confirm)");

        var dueAt = DueIn is { } span ? context.Now + span : (DateTimeOffset?)null;
        context.Ask(new UserTask
        {
            Id = context.NewId(),
            Execution = context.Execution.Number,
            NodeId = context.Node.NodeId,
            Kind = UserTaskKind.Handling,
            Title = Title,
            Candidates = candidates,
            Excluded = excluded,
            Reason = $"因为您的角色是 {string.Join(" 或 ", Roles)}",
            Actions = ["complete", "reject"],
            CommentRequired = ["reject"],
            Content = Content?.DeepClone(),
            Form = Form(),
            DueAt = dueAt,
        });
        if (dueAt is { } at)
            context.SetDeadline(at, LapseTag);
    }

    public override void TaskCompleted(ActivityContext context, UserTask task)
    {
        if (task.Decision == "complete")
            ConfirmedBy = task.DecidedBy;
        context.Complete(task.Decision == "complete" ? "Confirmed" : "Aborted");
    }

    public override void TimerFired(ActivityContext context, WorkflowTimer timer)
    {
        if (Lapses)
        {
            context.Complete("Lapsed");
            return;
        }

        foreach (var task in context.OpenTasks.ToList())
            context.ChangeTask(task with { Overdue = true });
    }

    private JsonObject Form() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("promotionName", "backupId"),
        ["properties"] = new JsonObject
        {
            ["promotionName"] = Exactly("请逐字输入活动名称", PromotionName, "与活动名称不一致，请逐字输入"),
            ["backupId"] = Exactly("请输入备份编号", BackupId, "与备份编号不一致"),
        },
    };

    private static JsonObject Exactly(string title, string text, string mismatch) => new()
    {
        ["type"] = "string",
        ["title"] = title,
        ["const"] = text,
        ["x-mismatch"] = mismatch,
    };
}
