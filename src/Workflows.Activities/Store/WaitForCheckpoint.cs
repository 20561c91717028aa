using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Activities.Events;
using Workflows.Activities.Notify;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Store;

/// <summary>
/// Waits for an evaluation checkpoint, and until the window closes also for a request to roll back; whichever comes first. A
/// request after the window is refused: the applicant is told to make a new promotion, and nothing changes (catalogue 1.1).
/// </summary>
[Activity("Store.WaitForCheckpoint", Category = "Store", Zh = "等待评估点或回滚申请", En = "Wait for checkpoint or rollback", Kind = ActivityKind.Action,
    DescriptionZh = "等到评估时间；窗口期内收到回滚申请则立即离开。", DescriptionEn = "Waits for the checkpoint; a rollback request within the window leaves at once.")]
[Outcome("Due", Zh = "到评估时间", En = "Due")]
[Outcome("RollbackRequested", Zh = "申请回滚", En = "Rollback requested")]
internal sealed class WaitForCheckpoint : Activity
{
    private const string EventTag = "rollback";

    [Input(Zh = "评估时间", En = "Due at", Required = true)]
    public DateTimeOffset DueAt { get; set; }

    [Input(Zh = "回滚事件", En = "Rollback event", Required = true)]
    public string EventName { get; set; } = "";

    [Input(Zh = "回滚截止", En = "Window ends at", Required = true)]
    public DateTimeOffset WindowEndsAt { get; set; }

    [Output(Zh = "回滚申请", En = "Request")]
    public JsonNode? Request { get; set; }

    public override void Execute(ActivityContext context)
    {
        if (DueAt <= context.Now)
        {
            context.Complete("Due");
            return;
        }

        context.WaitUntil(DueAt);
        Event.Listen(context, EventName, EventTag);
    }

    public override void Resume(ActivityContext context, Resumption resumption)
    {
        if (resumption.Bookmark.Tag != EventTag)
        {
            context.Complete("Due");
        }
        else if (context.Now <= WindowEndsAt)
        {
            Request = resumption.Payload ?? new JsonObject();
            context.Complete("RollbackRequested");
        }
        else
        {
            var until = WindowEndsAt.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            context.Journal("RollbackRefused", $"已超过回滚期限 {until}，请新建活动 (after the rollback window)", resumption.Payload?.DeepClone());
            if (context.Organisation.Find(context.InitiatedBy) is { } applicant)
                Notices.Send(context, applicant, ["site", "email"], "回滚申请未受理", $"“{context.InstanceName}”的回滚期限已于 {until} 截止，不能再恢复。如仍需要，请新建活动。");
            Event.Listen(context, EventName, EventTag);
        }
    }
}
