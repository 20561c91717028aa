using System.Text.Json.Nodes;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Runtime;

/// <summary>
/// Carries what one instance asks of others: starting children, publishing events, telling a parent, cancelling children.
/// They travel through the outbox like everything else that leaves an instance, and the effect's key makes each happen once.
/// </summary>
public sealed class EngineChannel(Func<WorkflowRuntime> runtime, Func<EventHub> events, IInstanceStore instances, IBookmarkStore bookmarks) : IEffectChannel
{
    public bool Accepts(string kind) => kind.StartsWith("engine.", StringComparison.Ordinal);

    public bool IsKeyed(string kind) => true;

    public async Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken)
    {
        var payload = effect.Payload as JsonObject ?? [];
        return effect.Kind switch
        {
            "engine.start" => await StartAsync(effect, payload, cancellationToken),
            "engine.publish-event" => await PublishAsync(effect, payload, cancellationToken),
            "engine.child-finished" => await TellParentAsync(effect, payload, cancellationToken),
            "engine.cancel-children" => await CancelChildrenAsync(effect.InstanceId, cancellationToken),
            _ => new EffectOutcome.Refused($"未知的引擎操作 {effect.Kind} (unknown engine act)"),
        };
    }

    private async Task<EffectOutcome> StartAsync(Effect effect, JsonObject payload, CancellationToken cancellationToken)
    {
        // A cancelled parent has its children cancelled; a start still on its way then must not slip past that, so it looks before and after.
        if (await IsCancelledAsync(effect.InstanceId, cancellationToken))
            return new EffectOutcome.Refused("上级流程已取消 (the parent was cancelled)");
        var definitionId = (string)payload["definitionId"]!;
        var properties = new Dictionary<string, JsonNode?> { ["ParentInstanceId"] = effect.InstanceId };
        if ((bool?)payload["waitForCompletion"] == true)
            properties["WaitForCompletion"] = true;
        var started = await runtime().StartAsync(new StartRequest
        {
            InstanceId = (string?)payload["childInstanceId"],
            DefinitionId = definitionId,
            CorrelationId = (string?)payload["correlationId"],
            Input = (payload["input"] as JsonObject ?? []).ToDictionary(m => m.Key, m => m.Value?.DeepClone()),
            ParentInstanceId = effect.InstanceId,
            InitiatedBy = (string?)payload["initiatedBy"],
            Properties = properties,
            Key = new IdempotencyKey($"effect:{effect.Key}", ""),
        }, cancellationToken);
        var childId = (started as Delivery.Applied)?.Last.Id ?? (started as Delivery.Repeated)?.Earlier.InstanceId;
        if (childId is not null && await IsCancelledAsync(effect.InstanceId, cancellationToken))
            await runtime().DeliverAsync(childId, new Stimulus.Cancel("上级流程已取消", null), null, cancellationToken);
        return started switch
        {
            Delivery.Applied applied => new EffectOutcome.Done(new JsonObject { ["instanceId"] = applied.Last.Id }),
            Delivery.Repeated repeated => new EffectOutcome.Done(new JsonObject { ["instanceId"] = repeated.Earlier.InstanceId }),
            Delivery.Missing => new EffectOutcome.Refused($"没有已发布的流程“{definitionId}” (no published definition of this id)"),
            Delivery.AlreadyActive => new EffectOutcome.Refused($"流程“{definitionId}”已有运行中的实例 (an instance is already running)"),
            Delivery.BadInput bad => new EffectOutcome.Refused(
                $"流程“{definitionId}”的输入有误：{string.Join("；", bad.Faults.Select(f => $"{f.Zh} ({f.En})"))}"),
            Delivery.Unstorable unstorable => new EffectOutcome.Refused(unstorable.Reason),
            _ => new EffectOutcome.Transient("启动未完成 (the start did not complete)"),
        };
    }

    private async Task<EffectOutcome> PublishAsync(Effect effect, JsonObject payload, CancellationToken cancellationToken)
    {
        var reached = await events().PublishAsync(new PublishedEvent(
            effect.Key,
            (string)payload["eventName"]!,
            payload["payload"]?.DeepClone(),
            (string?)payload["correlationId"],
            (string?)payload["instanceId"]), cancellationToken);
        return new EffectOutcome.Done(new JsonObject { ["reached"] = reached });
    }

    private async Task<EffectOutcome> TellParentAsync(Effect effect, JsonObject payload, CancellationToken cancellationToken)
    {
        var (parent, child) = ((string)payload["parent"]!, (string)payload["child"]!);
        var hash = ChildCompletionStimulus.HashOf(child);
        foreach (var bookmark in await bookmarks.FindAsync(hash, null, parent, cancellationToken))
        {
            var told = await runtime().DeliverAsync(parent, new Stimulus.Resume(bookmark.Id, payload.DeepClone()), new IdempotencyKey($"effect:{effect.Key}:{bookmark.Id}", ""), cancellationToken);
            // Refused for good: the parent would wait for ever, so it becomes an incident instead.
            if (told is Delivery.Unstorable unstorable)
                await runtime().DeliverAsync(parent, new Stimulus.Condemn("child-result", unstorable.Reason), null, cancellationToken);
        }

        return new EffectOutcome.Done(null);
    }

    private async Task<bool> IsCancelledAsync(string instanceId, CancellationToken cancellationToken) =>
        (await instances.FindAsync(instanceId, cancellationToken))?.SubStatus == WorkflowSubStatus.Cancelled;

    private async Task<EffectOutcome> CancelChildrenAsync(string parent, CancellationToken cancellationToken)
    {
        foreach (var child in await instances.FindRunningChildrenAsync(parent, cancellationToken))
            await runtime().DeliverAsync(child, new Stimulus.Cancel("上级流程已取消", null), null, cancellationToken);
        return new EffectOutcome.Done(null);
    }
}
