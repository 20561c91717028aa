using System.Text.Json.Nodes;
using Workflows.Activities.Events;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Store;

/// <summary>
/// Waits for a request to roll a deletion back. One within the window goes on; one after it is refused: the applicant is told to make a new promotion,
/// nothing changes, and it goes on waiting (catalogue 1.1).
/// </summary>
[Activity("Store.AwaitRollback", Category = "Store", Zh = "等待回滚申请", En = "Wait for a rollback request", Kind = ActivityKind.Action,
    DescriptionZh = "等待回滚申请。期限内收到则离开；逾期的申请不受理，并告知申请人。", DescriptionEn = "Waits for a rollback request. One within the window goes on; a late one is refused and answered.")]
internal sealed class AwaitRollback : Activity
{
    [Input(Zh = "回滚事件", En = "Rollback event", Required = true)]
    public string EventName { get; set; } = "";

    [Input(Zh = "回滚截止", En = "Window ends at", Required = true)]
    public DateTimeOffset WindowEndsAt { get; set; }

    [Output(Zh = "回滚申请", En = "Request")]
    public JsonNode? Request { get; set; }

    public override void Execute(ActivityContext context) => Event.Listen(context, EventName);

    public override void Resume(ActivityContext context, Resumption resumption)
    {
        if (RollbackRequests.Take(context, resumption, WindowEndsAt, EventName) is not { } taken)
            return;
        Request = taken;
        context.Complete();
    }
}
