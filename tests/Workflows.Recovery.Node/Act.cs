using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Outbox;

namespace Workflows.Recovery.Node;

/// <summary>One act outside, at a <see cref="Receiver"/>: awaited or not, with or without an undo.</summary>
[Activity("Recovery.Act", Category = "Recovery", Zh = "动作", En = "Act")]
[Outcome("Done")]
[Outcome("Unknown")]
public sealed class Act : Activity
{
    [Input(Wrapped = false)]
    public string Kind { get; set; } = Receiver.Keyed;

    [Input(Wrapped = false)]
    public string Label { get; set; } = "";

    [Input(Wrapped = false)]
    public bool Undoable { get; set; }

    [Input(Wrapped = false)]
    public bool Notice { get; set; }

    [Input(Wrapped = false)]
    public int MaxAttempts { get; set; } = 20;

    public override void Execute(ActivityContext context)
    {
        if (Undoable)
            context.RegisterUndo(Receiver.Keyed, new JsonObject { ["of"] = Label }, $"undo {Label}");
        context.Perform(Kind, new JsonObject { ["label"] = Label }, Notice ? EffectClass.Notice : EffectClass.Irreversible, wait: !Notice, maxAttempts: MaxAttempts);
        if (Notice)
            context.Complete();
    }

    public override void Resume(ActivityContext context, Resumption resumption)
    {
        switch (resumption.Effect)
        {
            case EffectOutcome.Done:
                context.Complete();
                break;
            case EffectOutcome.Ambiguous:
                context.Complete("Unknown");
                break;
            default:
                throw new ActivityFailure("act-failed", $"{Label}: {resumption.Effect}");
        }
    }
}
