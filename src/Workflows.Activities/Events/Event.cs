using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Events;

[Activity("Elsa.Event", Category = "Events", Zh = "等待事件", En = "Event", Kind = ActivityKind.Trigger,
    DescriptionZh = "等待一个事件，或由它启动流程。", DescriptionEn = "Waits for an event, or is started by it.")]
internal sealed class Event : Activity
{
    public const string TypeName = "Elsa.Event";

    [Input(Zh = "事件名称", En = "Event name", Required = true)]
    public string EventName { get; set; } = "";

    [Output(Zh = "事件内容", En = "Result")]
    public JsonNode? Result { get; set; }

    public override IEnumerable<TriggerStimulus> Triggers(ActivityNode node) => [new(TypeName, StimulusOf(EventName))];

    /// <summary>Waits as this activity does, so that the same publication reaches whoever waits.</summary>
    public static void Listen(ActivityContext context, string eventName, string? tag = null) => context.Wait(TypeName, StimulusOf(eventName), shared: true, tag: tag);

    private static JsonObject StimulusOf(string eventName) => new() { [nameof(EventName)] = eventName };

    public override void Execute(ActivityContext context)
    {
        if (!context.IsTrigger)
        {
            Listen(context, EventName);
            return;
        }

        Result = context.TriggerPayload;
        context.Complete();
    }

    public override void Resume(ActivityContext context, Resumption resumption)
    {
        Result = resumption.Payload;
        context.Complete();
    }
}
