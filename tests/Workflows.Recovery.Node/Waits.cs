using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Timers;

namespace Workflows.Recovery.Node;

/// <summary>Waits until the instant that the workflow input <c>until</c> names.</summary>
[Activity("Recovery.WaitUntil", Category = "Recovery", Zh = "等到", En = "Wait until")]
public sealed class WaitUntil : Activity
{
    public override void Execute(ActivityContext context) =>
        context.WaitUntil(DateTimeOffset.Parse((string)context.WorkflowInput["until"]!, CultureInfo.InvariantCulture));
}

/// <summary>Waits for the event of its instance or for a deadline, whichever comes first; tells which in the journal.</summary>
[Activity("Recovery.EventOrDeadline", Category = "Recovery", Zh = "事件或期限", En = "Event or deadline")]
public sealed class EventOrDeadline : Activity
{
    /// <summary>The one journal entry that tells the outcome.</summary>
    public const string Outcome = "Outcome";

    public static string EventOf(string instanceId) => "go-" + instanceId;

    public override void Execute(ActivityContext context)
    {
        context.Wait("Elsa.Event", new JsonObject { ["EventName"] = EventOf(context.InstanceId) }, shared: true);
        context.SetDeadline(DateTimeOffset.Parse((string)context.WorkflowInput["until"]!, CultureInfo.InvariantCulture));
    }

    public override void Resume(ActivityContext context, Resumption resumption) => End(context, "event");

    public override void TimerFired(ActivityContext context, WorkflowTimer timer) => End(context, "deadline");

    private static void End(ActivityContext context, string by)
    {
        context.Journal(Outcome, by);
        context.SetWorkflowOutput("by", by);
        context.Complete();
    }
}

/// <summary>Waits for the workflow's own event a number of times, one after another.</summary>
[Activity("Recovery.EventLoop", Category = "Recovery", Zh = "多次事件", En = "Event loop")]
public sealed class EventLoop : Activity
{
    [Input(Wrapped = false)]
    public int Times { get; set; } = 3;

    public override void Execute(ActivityContext context) =>
        context.Wait("Elsa.Event", new JsonObject { ["EventName"] = EventOrDeadline.EventOf(context.InstanceId) }, shared: true);

    public override void Resume(ActivityContext context, Resumption resumption)
    {
        context.Journal("Received", (string?)resumption.Payload);
        context.Set("count", context.Get<int>("count") + 1);
        if (context.Get<int>("count") < Times)
            Execute(context);
        else
            context.Complete();
    }
}
