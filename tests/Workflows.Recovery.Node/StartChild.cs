using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Execution;
using Workflows.Engine.Outbox;

namespace Workflows.Recovery.Node;

/// <summary>Starts another definition as a child and waits for its end.</summary>
[Activity("Recovery.StartChild", Category = "Recovery", Zh = "子流程", En = "Start child")]
public sealed class StartChild : Activity
{
    [Input(Wrapped = false)]
    public string Definition { get; set; } = "";

    public override void Execute(ActivityContext context)
    {
        var child = context.NewId();
        context.Wait(ChildCompletionStimulus.Name, ChildCompletionStimulus.For(child), shared: true);
        context.Perform(
            "engine.start",
            new JsonObject { ["definitionId"] = Definition, ["childInstanceId"] = child, ["waitForCompletion"] = true },
            EffectClass.Notice,
            wait: false,
            maxAttempts: 50);
    }
}
