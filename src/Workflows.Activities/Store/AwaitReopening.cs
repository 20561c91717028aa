using System.Text.Json.Nodes;
using Workflows.Activities.Events;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Store;

/// <summary>Waits until an instant, or until the customer comes back before it; whichever is first (catalogue 5.4: reopened within 7 days).</summary>
[Activity("Store.AwaitReopening", Category = "Store", Zh = "等待重新投诉", En = "Wait for reopening", Kind = ActivityKind.Action,
    DescriptionZh = "等到指定时间；期间顾客要求重新处理则立即离开。", DescriptionEn = "Waits until an instant; leaves at once when the customer comes back.")]
[Outcome("Due", Zh = "到时间", En = "Due")]
[Outcome("Reopened", Zh = "重新处理", En = "Reopened")]
internal sealed class AwaitReopening : Activity
{
    private const string EventTag = "reopen";

    [Input(Zh = "等到", En = "Until", Required = true)]
    public DateTimeOffset Until { get; set; }

    [Input(Zh = "事件名称", En = "Event name", Required = true)]
    public string EventName { get; set; } = "";

    [Output(Zh = "顾客意见", En = "Request")]
    public JsonNode? Request { get; set; }

    public override void Execute(ActivityContext context)
    {
        if (Until <= context.Now)
        {
            context.Complete("Due");
            return;
        }

        context.WaitUntil(Until);
        Event.Listen(context, EventName, EventTag);
    }

    public override void Resume(ActivityContext context, Resumption resumption)
    {
        if (resumption.Bookmark.Tag == EventTag)
            Request = resumption.Payload ?? new JsonObject();
        context.Complete(resumption.Bookmark.Tag == EventTag ? "Reopened" : "Due");
    }
}
