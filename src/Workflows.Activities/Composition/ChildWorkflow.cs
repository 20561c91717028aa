using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Execution;
using Workflows.Engine.Outbox;

namespace Workflows.Activities.Composition;

/// <summary>
/// Starting other instances. Effect <c>engine.start</c>, awaited, class notice (the child's id makes a repeat harmless):
/// {definitionId, childInstanceId, input: {}, correlationId?, initiatedBy?, parentInstanceId, waitForCompletion}; the input also carries
/// ParentInstanceId. <c>Refused</c> when nothing is published. A waiting parent has a bookmark of <see cref="ChildCompletionStimulus"/>, and is
/// resumed through it with {child, status, subStatus, output} once the child is finished, however it ended.
/// </summary>
internal static class ChildWorkflow
{
    public const string Started = "started";

    /// <summary>Asks for a child and answers its id, which the instance's own counter makes.</summary>
    public static string Start(ActivityContext context, string? definitionId, JsonObject input, string? correlationId, bool wait)
    {
        if (string.IsNullOrEmpty(definitionId))
            throw new ActivityFailure("no-definition", "没有指定要启动的流程 (no workflow definition given)");
        var child = context.NewId();
        input["ParentInstanceId"] = context.InstanceId;
        if (wait)
            context.Wait(ChildCompletionStimulus.Name, ChildCompletionStimulus.For(child), shared: true, tag: child);

        var payload = new JsonObject
        {
            ["definitionId"] = definitionId,
            ["childInstanceId"] = child,
            ["input"] = input,
            ["parentInstanceId"] = context.InstanceId,
            ["waitForCompletion"] = wait,
        };
        if (!string.IsNullOrEmpty(correlationId))
            payload["correlationId"] = correlationId;
        if (context.InitiatedBy is { } initiator)
            payload["initiatedBy"] = initiator;
        ChildCompletionStimulus.TellFamily(payload, context.InitiatedBy, context.InstanceProperties);
        context.Perform("engine.start", payload, EffectClass.Notice, wait: true, tag: Started);
        return child;
    }

    /// <summary>Throws when a start did not succeed; true when the resumption was the news of one that did.</summary>
    public static bool IsStart(Resumption resumption) => resumption.Effect switch
    {
        null => false,
        EffectOutcome.Done => true,
        EffectOutcome.Refused refused => throw Failed(refused.Error),
        EffectOutcome.Transient transient => throw Failed(transient.Error),
        EffectOutcome.Ambiguous ambiguous => throw Failed(ambiguous.Error),
        _ => throw new InvalidOperationException("Unknown outcome of a start."),
    };

    public static JsonObject Copy(JsonNode? input) => input?.DeepClone() as JsonObject ?? [];

    private static ActivityFailure Failed(string error) => new("child-not-started", $"子流程未能启动：{error}");
}
