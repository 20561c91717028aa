using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Activities.Events;
using Workflows.Activities.Notify;
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
        if (context.Now <= WindowEndsAt)
        {
            Request = resumption.Payload ?? new JsonObject();
            context.Complete();
            return;
        }

        var until = WindowEndsAt.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        context.Journal("RollbackRefused", $"已超过回滚期限 {until}，请新建活动 (after the rollback window)", resumption.Payload?.DeepClone());
        if (context.Organisation.Find(context.InitiatedBy) is { } applicant)
            Notices.Send(context, applicant, ["site", "email"], "回滚申请未受理", $"“{context.InstanceName}”的回滚期限已于 {until} 截止，不能再恢复。如仍需要，请新建活动。");
        Event.Listen(context, EventName);
    }
}
