using Workflows.Engine.Execution;
using Workflows.Engine.Outbox;

namespace Workflows.Engine.Authoring;

/// <summary>
/// Takes back what the enclosing scope has done, newest first, one at a time, never while an act of the scope is still under way; each undo is an awaited effect whose kind and
/// input its registration named, with payload {undo, label, input}; <c>undo</c> is the same in every try. An undo that fails stops here
/// as an incident, and a retry goes on with that undo. It stands in the engine because a withdrawal runs it without a node in the definition.
/// </summary>
[Activity(TypeName, Category = "Compensation", Zh = "补偿", En = "Compensate",
    DescriptionZh = "按倒序撤销范围内已经做完的事。", DescriptionEn = "Undoes what was done in the scope, in reverse order.")]
public sealed class Compensate : Activity
{
    public const string TypeName = "Workflows.Compensate";

    private const string Label = "label";
    private const string Awaiting = "awaiting";

    public override void Execute(ActivityContext context)
    {
        if (context.NextUndo() is not { } undo)
        {
            context.Complete();
            return;
        }

        if (context.AwaitActs())
        {
            context.Set(Awaiting, true);
            return;
        }

        context.Set(Awaiting, false);
        context.Set(Label, undo.Label);
        context.PerformUndo(undo);
    }

    public override void Resume(ActivityContext context, Resumption resumption)
    {
        var failure = resumption.Effect switch
        {
            EffectOutcome.Done => null,
            EffectOutcome.Refused refused => refused.Error,
            EffectOutcome.Ambiguous ambiguous => ambiguous.Error,
            EffectOutcome.Transient transient => transient.Error,
            _ => throw new InvalidOperationException("An undo answers with the outcome of an effect."),
        };
        if (failure is null)
        {
            Execute(context);
            return;
        }

        if (context.Get<bool>(Awaiting))
            throw new ActivityFailure("compensation-waits", $"有操作仍未结束，不能开始撤销：{failure}");
        throw new ActivityFailure("compensation-failed", $"撤销“{context.Get<string>(Label)}”失败：{failure}");
    }
}
