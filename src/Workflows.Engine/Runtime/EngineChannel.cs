using System.Text.Json.Nodes;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Runtime;

/// <summary>
/// Carries what one instance asks of others: starting children, publishing events, telling a parent, cancelling children; and
/// looks, for a compensation, whether its acts are over.
/// They travel through the outbox like everything else that leaves an instance, and the effect's key makes each happen once.
/// </summary>
public sealed class EngineChannel(Func<WorkflowRuntime> runtime, Func<EventHub> events, IInstanceStore instances, IBookmarkStore bookmarks, IOutboxStore outbox) : IEffectChannel
{
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(30);

    public bool Accepts(string kind) => kind.StartsWith("engine.", StringComparison.Ordinal);

    public bool IsKeyed(string kind) => true;

    public async Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken)
    {
        var payload = effect.Payload as JsonObject ?? [];
        return effect.Kind switch
        {
            "engine.start" => await StartAsync(effect, payload, cancellationToken),
            "engine.publish-event" => await PublishAsync(effect, payload, cancellationToken),
            "engine.child-finished" => await TellParentAsync(effect, payload, attempt, cancellationToken),
            "engine.hear-children" => await HearChildrenAsync(effect, ChildrenIn(payload), attempt, cancellationToken),
            "engine.await-effects" => await AwaitEffectsAsync(payload, attempt, cancellationToken),
            "engine.decided" => await TellDecidersAsync(effect.InstanceId, payload, cancellationToken),
            "engine.cancel-children" => await CancelChildrenAsync(effect.InstanceId, payload, cancellationToken),
            _ => new EffectOutcome.Refused($"未知的引擎操作 {effect.Kind} (unknown engine act)"),
        };
    }

    private async Task<EffectOutcome> StartAsync(Effect effect, JsonObject payload, CancellationToken cancellationToken)
    {
        // A parent that is cancelled, or whose waiting branch is, has its children cancelled; a start still on its way then must not
        // slip past that. So it looks after the start, and before it, where an earlier try may have started the child and died.
        var isAwaited = (bool?)payload["waitForCompletion"] == true;
        var wanted = (string?)payload["childInstanceId"];
        if (!await IsWantedAsync(effect, isAwaited, wanted, cancellationToken))
        {
            if (wanted is null || await instances.FindAsync(wanted, cancellationToken) is null)
                return new EffectOutcome.Refused("上级流程或其分支已取消 (the parent, or its branch, was cancelled)");
            await CancelAsync(wanted, await TakesBackAsync(effect.InstanceId, cancellationToken), cancellationToken);
            return new EffectOutcome.Done(new JsonObject { ["instanceId"] = wanted });
        }

        var definitionId = (string)payload["definitionId"]!;
        var properties = new Dictionary<string, JsonNode?> { ["ParentInstanceId"] = effect.InstanceId };
        if (isAwaited)
            properties["WaitForCompletion"] = true;
        ChildCompletionStimulus.KeepFamily(properties, payload);
        var started = await runtime().StartAsync(new StartRequest
        {
            InstanceId = wanted,
            DefinitionId = definitionId,
            CorrelationId = (string?)payload["correlationId"],
            Input = (payload["input"] as JsonObject ?? []).ToDictionary(m => m.Key, m => m.Value?.DeepClone()),
            ParentInstanceId = effect.InstanceId,
            InitiatedBy = (string?)payload["initiatedBy"],
            Properties = properties,
            Key = new IdempotencyKey($"effect:{effect.Key}", ""),
        }, cancellationToken);
        var childId = (started as Delivery.Applied)?.Last.Id ?? (started as Delivery.Repeated)?.Earlier.InstanceId;
        if (childId is not null && !await IsWantedAsync(effect, isAwaited, childId, cancellationToken))
            await CancelAsync(childId, await TakesBackAsync(effect.InstanceId, cancellationToken), cancellationToken);
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
            (string?)payload["instanceId"])
        {
            By = (string?)payload["by"],
        }, cancellationToken);
        return new EffectOutcome.Done(new JsonObject { ["reached"] = reached });
    }

    /// <summary>
    /// Resumes the parent with its child's result. What the parent refuses for good would leave it waiting for ever, so it becomes
    /// an incident there. That another instance holds the activation key which the parent would take next usually passes: that
    /// is tried again, for hours, before it becomes one too.
    /// </summary>
    private async Task<EffectOutcome> TellParentAsync(Effect effect, JsonObject payload, int attempt, CancellationToken cancellationToken)
    {
        var (parent, child) = ((string)payload["parent"]!, (string)payload["child"]!);
        var hash = ChildCompletionStimulus.HashOf(child);
        foreach (var bookmark in await bookmarks.FindAsync(hash, null, parent, cancellationToken))
        {
            var told = await runtime().DeliverAsync(parent, new Stimulus.Resume(bookmark.Id, payload.DeepClone()), new IdempotencyKey($"effect:{effect.Key}:{bookmark.Id}", ""), cancellationToken);
            if (told is Delivery.AlreadyActive && attempt < effect.MaxAttempts)
                return new EffectOutcome.Transient("上级流程的下一步与另一个运行中的实例冲突 (a running instance holds the activation key the parent would take)");
            if (told is Delivery.AlreadyActive)
                await runtime().DeliverAsync(parent, new Stimulus.Condemn("already-active", "子流程已结束，但另一个运行中的实例占用了同一启动约束 (a running instance holds the activation key this one would take)"), null, cancellationToken);
            if (told is Delivery.Unstorable unstorable)
                await runtime().DeliverAsync(parent, new Stimulus.Condemn("child-result", unstorable.Reason), null, cancellationToken);
        }

        return new EffectOutcome.Done(null);
    }

    /// <summary>For a parent that was revived: tells it of the children that ended while it did not listen. Whoever ends later tells by itself.</summary>
    private async Task<EffectOutcome> HearChildrenAsync(Effect effect, IReadOnlyList<string> children, int attempt, CancellationToken cancellationToken)
    {
        EffectOutcome outcome = new EffectOutcome.Done(null);
        foreach (var id in children)
        {
            if (await instances.LoadAsync(id, cancellationToken) is not { } stored || InstanceCodec.Read(stored.State.Span) is not { Status: WorkflowStatus.Finished } child)
                continue;
            var told = await TellParentAsync(effect, ChildCompletionStimulus.NewsOf(child, effect.InstanceId), attempt, cancellationToken);
            if (told is not EffectOutcome.Done)
                outcome = told;
        }

        return outcome;
    }

    /// <summary>False once the parent, or the activity that awaits this child, was cancelled. One that merely gave up waiting by a fault is still open.</summary>
    private async Task<bool> IsWantedAsync(Effect effect, bool isAwaited, string? child, CancellationToken cancellationToken)
    {
        if (!isAwaited || child is null)
            return (await instances.FindAsync(effect.InstanceId, cancellationToken))?.SubStatus != WorkflowSubStatus.Cancelled;
        if ((await bookmarks.FindAsync(ChildCompletionStimulus.HashOf(child), null, effect.InstanceId, cancellationToken)).Count > 0)
            return true;
        return await instances.LoadAsync(effect.InstanceId, cancellationToken) is { } stored
            && InstanceCodec.Read(stored.State.Span).Executions.Exists(e => e.Number == effect.Execution && e.IsOpen);
    }

    /// <summary>Done once none of these effects is queued or under way; looks again after a second, later every half minute.</summary>
    private async Task<EffectOutcome> AwaitEffectsAsync(JsonObject payload, int attempt, CancellationToken cancellationToken)
    {
        var keys = payload["keys"]!.AsArray().Select(k => (string)k!).ToList();
        var open = await outbox.FindOpenAsync(keys, cancellationToken);
        var wait = TimeSpan.FromSeconds(attempt);
        return open.Count == 0
            ? new EffectOutcome.Done(payload.DeepClone())
            : new EffectOutcome.Transient($"仍在进行 (still under way): {string.Join(", ", open.Take(5))}", wait < LongestLook ? wait : LongestLook);
    }

    private async Task<EffectOutcome> CancelChildrenAsync(string parent, JsonObject payload, CancellationToken cancellationToken)
    {
        var children = payload.ContainsKey("children") ? ChildrenIn(payload) : await instances.FindRunningChildrenAsync(parent, cancellationToken);
        var takesBack = (bool?)payload["takesBack"] == true;
        foreach (var child in children)
            await CancelAsync(child, takesBack, cancellationToken);
        return new EffectOutcome.Done(null);
    }

    private async Task<EffectOutcome> TellDecidersAsync(string from, JsonObject payload, CancellationToken cancellationToken)
    {
        var users = payload["users"]!.AsArray().Select(u => (string)u!).ToList();
        var skip = (string?)payload["skip"];
        var relatives = await instances.FindRunningChildrenAsync(from, cancellationToken);
        foreach (var relative in relatives.Append((string?)payload["parent"]).OfType<string>().Where(r => r != skip))
            await runtime().DeliverAsync(relative, new Stimulus.Decided(users, from), null, cancellationToken);
        return new EffectOutcome.Done(null);
    }

    private static IReadOnlyList<string> ChildrenIn(JsonObject payload) => [.. payload["children"]!.AsArray().Select(c => (string)c!)];

    private async Task CancelAsync(string child, bool takesBack, CancellationToken cancellationToken) =>
        await runtime().DeliverAsync(child, new Stimulus.Cancel("上级流程或其分支已取消", null) { TakesBack = takesBack }, null, cancellationToken);

    /// <summary>True when the parent was withdrawn: its late child takes back what it did as the others do.</summary>
    private async Task<bool> TakesBackAsync(string parent, CancellationToken cancellationToken) =>
        await instances.LoadAsync(parent, cancellationToken) is { } stored && InstanceCodec.Read(stored.State.Span).Properties.ContainsKey(Withdrawal.Key);
}
