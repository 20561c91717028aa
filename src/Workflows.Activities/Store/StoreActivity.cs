using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Outbox;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>
/// A step that asks the shop for one operation and goes on with its result. A refusal, and an operation that was given up on,
/// become an incident that tells the shop's reason; a retry by an operator asks anew.
/// </summary>
internal abstract class StoreActivity : Activity
{
    private const string UndoRegistered = "undoRegistered";

    public sealed override void Execute(ActivityContext context)
    {
        // Before the act, so that a crash between the two leaves the undo registered; and once, however often it is retried.
        if (UndoOf(context) is var (undo, label) && !context.Get<bool>(UndoRegistered))
        {
            context.RegisterUndo(undo.Kind, undo.ToPayload(), label);
            context.Set(UndoRegistered, true);
        }

        var operation = OperationOf(context);
        context.Perform(operation.Kind, operation.ToPayload(), operation.LeavesShopAsItIs ? EffectClass.Notice : EffectClass.Irreversible, wait: true);
    }

    public sealed override void Resume(ActivityContext context, Resumption resumption)
    {
        switch (resumption.Effect)
        {
            case EffectOutcome.Done done:
                // Read back from text, because a number made in memory keeps its .NET type and refuses to be read as another.
                Finish(context, done.Result is JsonObject result ? (JsonObject)JsonNode.Parse(result.ToJsonString())! : []);
                break;
            case EffectOutcome.Refused refused:
                throw new ActivityFailure("store-refused", refused.Error);
            case EffectOutcome.Transient transient:
                throw new ActivityFailure("store-unavailable", transient.Error);
            case EffectOutcome.Ambiguous ambiguous:
                throw new ActivityFailure("store-unknown", ambiguous.Error);
            default:
                throw new ActivityFailure("store-unknown", "没有收到店铺操作的结果 (no result of the shop operation)");
        }
    }

    /// <summary>What to ask for.</summary>
    protected abstract StoreOperation OperationOf(ActivityContext context);

    /// <summary>How to take it back; null for an operation that changes nothing.</summary>
    protected virtual (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) => null;

    /// <summary>Sets outputs and completes.</summary>
    protected virtual void Finish(ActivityContext context, JsonObject result) => context.Complete();
}
