using Workflows.Activities.Events;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Store;

/// <summary>
/// Waits until an instant, or until something happens to the order before it, told as an event with the order as its correlation id; whichever is
/// first (catalogue 3.2: dispatch cancels the timer). What only an export told is for the definition to look up when the instant comes.
/// </summary>
[Activity("Store.AwaitOrder", Category = "Store", Zh = "等待订单", En = "Wait for order", Kind = ActivityKind.Action,
    DescriptionZh = "等到指定时间；期间收到该订单的事件则立即离开。", DescriptionEn = "Waits until an instant; leaves at once when the event of the order comes.")]
[Outcome("Due", Zh = "到时间", En = "Due")]
[Outcome("Happened", Zh = "已发生", En = "Happened")]
internal sealed class AwaitOrder : Activity
{
    private const string EventTag = "order";

    [Input(Zh = "等到", En = "Until", Required = true)]
    public DateTimeOffset Until { get; set; }

    [Input(Zh = "事件名称", En = "Event name", Required = true, DescriptionZh = "如 order.dispatched、order.delivered。", DescriptionEn = "For example order.dispatched, order.delivered.")]
    public string EventName { get; set; } = "";

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

    public override void Resume(ActivityContext context, Resumption resumption) => context.Complete(resumption.Bookmark.Tag == EventTag ? "Happened" : "Due");
}
