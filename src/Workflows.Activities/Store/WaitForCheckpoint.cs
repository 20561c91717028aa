using System.Text.Json.Nodes;
using Workflows.Activities.Events;
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
        else if (RollbackRequests.Take(context, resumption, WindowEndsAt, EventName, EventTag) is { } taken)
        {
            Request = taken;
            context.Complete("RollbackRequested");
        }
    }
}
