using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Outbox;

namespace Workflows.Activities.Events;

/// <summary>
/// Publishes an event after this burst is committed. Effect <c>engine.publish-event</c> {eventName, correlationId?,
/// instanceId?, by?, payload?}: send the stimulus "Elsa.Event" {EventName} with <c>payload</c>, to triggers and bookmarks; with
/// <c>instanceId</c> only to bookmarks of that instance, with <c>correlationId</c> only to bookmarks that carry it. Class notice, not awaited.
/// </summary>
[Activity("Elsa.PublishEvent", Category = "Events", Zh = "发布事件", En = "Publish event",
    DescriptionZh = "发布一个事件。", DescriptionEn = "Publishes an event.")]
internal sealed class PublishEvent : CodeActivity
{
    public const string Effect = "engine.publish-event";

    [Input(Zh = "事件名称", En = "Event name", Required = true)]
    public string EventName { get; set; } = "";

    [Input(Zh = "关联号", En = "Correlation ID")]
    public string? CorrelationId { get; set; }

    [Input(Zh = "仅限本实例", En = "Local event", Hint = "checkbox")]
    public bool IsLocalEvent { get; set; }

    [Input(Zh = "内容", En = "Payload", Hint = "multiline")]
    public JsonNode? Payload { get; set; }

    protected override void Run(ActivityContext context)
    {
        var payload = new JsonObject { ["eventName"] = EventName };
        if (!string.IsNullOrEmpty(CorrelationId))
            payload["correlationId"] = CorrelationId;
        if (IsLocalEvent)
            payload["instanceId"] = context.InstanceId;
        // What the event starts counts as started by the same person: four eyes hold across workflows.
        if (context.InitiatedBy is { } by)
            payload["by"] = by;
        if (Payload is not null)
            payload["payload"] = Payload.DeepClone();
        context.Perform(Effect, payload, EffectClass.Notice, wait: false);
    }
}
