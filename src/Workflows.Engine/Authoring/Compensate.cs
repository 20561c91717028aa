using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Outbox;

namespace Workflows.Engine.Authoring;

/// <summary>
/// Takes back what the enclosing scope has done, newest first, one at a time, never while an act of the scope is still under way; each undo is an awaited effect whose kind and
/// input its registration named, with payload {undo, label, input}; <c>undo</c> is the same in every try. An undo that fails stops here
/// as an incident, and a retry goes on with that undo. Where the outcome 补偿失败 leads on, it is taken instead, once the node's retries are used
/// up: people mend it, and whoever comes back here goes on with the undo that failed. Nothing after the outcome Done ever runs before every undo
/// is done. It stands in the engine because a withdrawal runs it without a node in the definition.
/// </summary>
[Activity(TypeName, Category = "Compensation", Zh = "补偿", En = "Compensate",
    DescriptionZh = "按倒序撤销范围内已经做完的事。连接“补偿失败”后，撤销失败时由人处理，处理后从失败的一步继续；不连接则成为故障。",
    DescriptionEn = "Undoes what was done in the scope, in reverse order. Where the outcome Failed is connected, people mend an undo that failed and it goes on there; otherwise it is an incident.")]
[Outcome("Done", Zh = "完成", En = "Done")]
[Outcome(Failed, Zh = "补偿失败", En = "Failed")]
public sealed class Compensate : Activity
{
    public const string TypeName = "Workflows.Compensate";

    private const string Failed = "Failed";
    private const string Label = "label";
    private const string Awaiting = "awaiting";

    /// <summary>Which undo failed and why, for those who mend it.</summary>
    [Output(Zh = "补偿失败情况", En = "Failure")]
    public JsonObject? Failure { get; set; }

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
        var label = context.Get<string>(Label);
        var message = $"补偿失败：撤销“{label}”失败：{failure}";
        if (!context.LeadsOn(Failed) || context.MayRetry)
            throw new ActivityFailure("compensation-failed", message);
        context.Journal("UndoFailed", message);
        Failure = new JsonObject { ["未能撤销"] = label, ["原因"] = failure };
        context.Complete(Failed);
    }
}
