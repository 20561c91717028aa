using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Messages;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Runtime;

/// <summary>
/// The one door through which instances change: a stimulus enters the instance's lane, a burst runs on its state, the
/// change set is committed, and only then is the caller answered.
/// </summary>
/// <remarks>
/// What can go wrong, and the rule against it.
/// Two acts at once on one instance: in this process the lane orders them; between processes the revision check lets one
/// win, and the other runs again on what the winner left, so an approval and its deadline have exactly one outcome.
/// A stale copy in memory says "nothing waits here": an answer that changes nothing is only believed of freshly read state.
/// A commit whose answer was lost: the copy in memory is dropped, the caller gets an exception, and a repeat with the same
/// key tells what happened.
/// A crash after the commit and before its hints: timers, effects and early events are found by the loops' polls.
/// </remarks>
public sealed class WorkflowRuntime(
    ICommitter committer,
    IInstanceStore instances,
    IGraphSource graphs,
    IOrganisationSource organisation,
    ITimeRulesSource timeRules,
    EventListeners listeners,
    EngineClock clock,
    OutboxDoor outbox,
    Wakeups wakeups,
    IOptions<EngineOptions> options,
    ILogger<WorkflowRuntime> logger)
{
    private const int MostRaces = 50;

    private readonly Lanes _lanes = new();
    private readonly InstanceCache _cache = new(options.Value.CachedInstances);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<HttpReply>> _waitingRequests = new();
    private readonly BurstLimits _limits = new(options.Value.StepsPerBurst);

    /// <summary>Told after each commit that added shared bookmarks: their hashes. An event may have come before them.</summary>
    internal event Action<IReadOnlyList<string>>? SharedBookmarksAdded;

    /// <summary>Told after each commit; for live pages. Must not throw or block.</summary>
    public event Action<InstanceRow>? Changed;

    /// <summary>Makes an id for a new instance; ids sort by creation.</summary>
    public string NewInstanceId() => Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");

    /// <summary>Starts an instance and runs it to its first wait.</summary>
    public async Task<Delivery> StartAsync(StartRequest request, CancellationToken cancellationToken)
    {
        if (request.Key is { } key && await instances.FindStimulusAsync(key.Key, cancellationToken) is { } earlier)
            return AnswerRepeat(key, earlier);

        var graph = request.VersionId is { } version
            ? await graphs.FindVersionAsync(version, cancellationToken)
            : await graphs.FindPublishedAsync(request.DefinitionId, cancellationToken);
        if (graph is null || graph.DefinitionId != request.DefinitionId)
            return new Delivery.Missing();
        // What a trigger brings is its payload, which no caller can shape to the declared inputs.
        if (request.TriggerActivityId is null && InputRules.Check(graph, request.Input) is { Count: > 0 } faults)
            return new Delivery.BadInput(faults);
        if (await IsActiveAsync(graph, request, cancellationToken))
            return await AnswerAlreadyActiveAsync(request.Key, cancellationToken);

        var now = clock.GetUtcNow();
        var instance = new WorkflowInstance
        {
            Id = request.InstanceId ?? NewInstanceId(),
            DefinitionId = graph.DefinitionId,
            DefinitionVersionId = graph.VersionId,
            DefinitionVersion = graph.Version,
            Name = request.Name,
            CorrelationId = request.CorrelationId,
            ParentInstanceId = request.ParentInstanceId,
            InitiatedBy = request.InitiatedBy,
            CreatedAt = now,
            UpdatedAt = now,
            Input = new Dictionary<string, JsonNode?>(request.Input),
            Properties = new Dictionary<string, JsonNode?>(request.Properties),
        };

        using var turn = await _lanes.EnterAsync(instance.Id, cancellationToken);
        return await RunAsync(instance.Id, new Stimulus.Start(request.TriggerActivityId, request.TriggerPayload), request.Key, (instance, graph), cancellationToken);
    }

    /// <summary>Brings a stimulus to an existing instance.</summary>
    public async Task<Delivery> DeliverAsync(string instanceId, Stimulus stimulus, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        using var turn = await _lanes.EnterAsync(instanceId, cancellationToken);
        var delivery = await RunAsync(instanceId, stimulus, key, null, cancellationToken);
        if (delivery is not Delivery.Refused { Verdict: TaskVerdict.ContentChanged { Changes.Count: > 0 } changed })
            return delivery;
        // What is shown is out of date: the refusal changes nothing, and the task is shown anew by a commit of its own.
        var shown = await RunAsync(instanceId, new Stimulus.ShowAgain(changed.Task.Id), null, null, CancellationToken.None);
        return shown is Delivery.Applied { Task: { } task } ? new Delivery.Refused(changed with { Task = task }) : delivery;
    }

    /// <summary>Registers that an HTTP request waits for an answer from this instance; dispose when it no longer does.</summary>
    public HttpExchange AwaitHttpReply(string instanceId)
    {
        var reply = new TaskCompletionSource<HttpReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waitingRequests[instanceId] = reply;
        return new HttpExchange(reply.Task, () => _waitingRequests.TryRemove(KeyValuePair.Create(instanceId, reply)));
    }

    private async Task<Delivery> RunAsync(
        string instanceId, Stimulus stimulus, IdempotencyKey? key, (WorkflowInstance Instance, WorkflowGraph Graph)? fresh, CancellationToken cancellationToken)
    {
        Delivery.Applied? applied = null;
        var distrustCache = false;
        var boundaries = 0;
        for (var race = 0; race < MostRaces; race++)
        {
            var isNew = fresh is not null;
            var cached = isNew || distrustCache ? null : _cache.Take(instanceId);
            var instance = fresh?.Instance ?? cached ?? await LoadAsync(instanceId, cancellationToken);
            if (instance is null)
                return applied ?? (Delivery)new Delivery.Missing();
            if ((fresh?.Graph ?? await graphs.FindVersionAsync(instance.DefinitionVersionId, cancellationToken)) is not { } graph)
            {
                // The definition was deleted after this instance had ended: nothing can be made of it any more, a retry included.
                return instance.Status == WorkflowStatus.Finished
                    ? new Delivery.Ignored()
                    : throw new InvalidOperationException($"Version {instance.DefinitionVersionId} of instance {instanceId} is gone.");
            }

            var result = RunBurst(graph, instance, stimulus, organisation.Current, await timeRules.ForAsync(instance, cancellationToken), clock.GetUtcNow(), out var condemned);
            if (condemned is not null)
            {
                // A bug in the engine met this state: nothing of this burst is kept, and the instance is set aside for a person.
                if (isNew || stimulus is Stimulus.Condemn)
                    return new Delivery.Unstorable(condemned.Message);
                (stimulus, key, distrustCache) = (condemned, null, true);
                continue;
            }

            if (result is BurstResult.TooLarge tooLarge)
                return new Delivery.Unstorable(tooLarge.Reason);
            if (result is not BurstResult.Changed changed)
            {
                if (cached is not null)
                {
                    distrustCache = true;
                    continue;
                }

                _cache.Put(instance);
                return applied ?? await AnswerUnchangedAsync(result!, key, cancellationToken);
            }

            // An instance that grows too large is faulted by its burst; one that is too large from the start is not begun.
            if (isNew && changed.Changes.Instance.State.Length > _limits.StateBytes)
                return new Delivery.Unstorable($"输入数据过大，超过上限 {_limits.StateBytes / 1024} KB (the input exceeds the limit of an instance)");

            var changes = key is null
                ? changed.Changes
                : changed.Changes with { Stimulus = new StimulusRow(key.Key, key.Fingerprint, instanceId, key.Answer?.Invoke(changed.Changes.Instance, changed.Task), clock.GetUtcNow()) };
            using var departure = outbox.Prepare(changes);
            switch (await committer.CommitAsync(departure.Changes, cancellationToken))
            {
                case CommitOutcome.Committed:
                    fresh = null;
                    _cache.Put(instance);
                    applied = new Delivery.Applied(changes.Instance, changed.HttpReply ?? applied?.HttpReply, changed.Task ?? applied?.Task) { Tasks = changes.Tasks };
                    Announce(changes, changed.HttpReply, departure.LeavesQueued);
                    departure.Send();
                    if (!changed.Continues)
                        return applied;
                    // Each boundary begins a new step budget, so a loop that only ever commits needs a bound of its own.
                    (stimulus, key, distrustCache, race) = (++boundaries > _limits.Steps ? Runaway() : new Stimulus.Continue(), null, false, -1);
                    // What was acknowledged by the first commit must not be cut off by an impatient caller.
                    cancellationToken = CancellationToken.None;
                    continue;
                case CommitOutcome.LostRace when isNew:
                    return new Delivery.Ignored();
                case CommitOutcome.LostRace:
                    distrustCache = true;
                    continue;
                case CommitOutcome.Repeated repeated:
                    return AnswerRepeat(key!, repeated.Earlier);
                case CommitOutcome.AlreadyActive when isNew || stimulus is Stimulus.ActOnTask or Stimulus.Reassign or Stimulus.ActOnInstance or Stimulus.ActOnClock or Stimulus.Retry or Stimulus.Resume or Stimulus.Condemn:
                    return applied ?? await AnswerAlreadyActiveAsync(key, cancellationToken);
                case CommitOutcome.AlreadyActive:
                    // A timer or an effect cannot be told no: it would be offered for ever.
                    (stimulus, key, distrustCache) = (new Stimulus.Condemn("already-active", "另一个运行中的实例占用了同一启动约束 (a running instance holds the activation key this one took)"), null, true);
                    continue;
                case CommitOutcome.Poisoned poisoned:
                    Log.Poisoned(logger, instanceId, poisoned.Error);
                    // What came from outside is refused to whoever sent it, and the instance waits on; everything else would come back for ever.
                    if (isNew || stimulus is Stimulus.Condemn or Stimulus.ActOnTask or Stimulus.Reassign or Stimulus.ActOnInstance or Stimulus.ActOnClock or Stimulus.Resume)
                        return new Delivery.Unstorable(poisoned.Error);
                    (stimulus, key, distrustCache) = (new Stimulus.Condemn("unstorable", poisoned.Error), null, true);
                    continue;
            }
        }

        throw new InvalidOperationException($"Instance {instanceId} lost {MostRaces} races in a row.");
    }

    private BurstResult? RunBurst(WorkflowGraph graph, WorkflowInstance instance, Stimulus stimulus, OrganisationSnapshot people, TimeRules rules, DateTimeOffset now, out Stimulus.Condemn? condemned)
    {
        condemned = null;
        try
        {
            return Interpreter.Run(new BurstRequest
            {
                Graph = graph,
                Instance = instance,
                Stimulus = stimulus,
                Now = now,
                Organisation = people,
                TimeRules = rules,
                Listeners = listeners,
                HttpRequestWaits = _waitingRequests.ContainsKey(instance.Id),
                Limits = _limits,
            });
        }
        // The boundary around the interpreter: a bug there must cost this instance, not the host.
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            Log.BurstFailed(logger, instance.Id, bug);
            condemned = new Stimulus.Condemn("engine", bug.Message);
            return null;
        }
    }

    private async Task<WorkflowInstance?> LoadAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (await instances.LoadAsync(instanceId, cancellationToken) is not { } stored)
            return null;
        var instance = InstanceCodec.Read(stored.State.Span);
        instance.Revision = stored.Revision;
        return instance;
    }

    private async Task<bool> IsActiveAsync(WorkflowGraph graph, StartRequest request, CancellationToken cancellationToken) => graph.Options.ActivationStrategy switch
    {
        "Singleton" => await instances.IsRunningAsync(graph.DefinitionId, null, cancellationToken),
        "Correlation" => await instances.IsRunningAsync(null, request.CorrelationId, cancellationToken),
        "CorrelatedSingleton" => await instances.IsRunningAsync(graph.DefinitionId, request.CorrelationId, cancellationToken),
        _ => false,
    };

    private async Task<Delivery> AnswerUnchangedAsync(BurstResult result, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        // A repeat of an act that closed its task finds the task closed: the key knows that it was the same act.
        if (key is not null && await instances.FindStimulusAsync(key.Key, cancellationToken) is { } earlier)
            return AnswerRepeat(key, earlier);
        return result is BurstResult.Refused refused ? new Delivery.Refused(refused.Verdict) : new Delivery.Ignored();
    }

    /// <summary>Of two equal starts at once, the one that comes second finds the first one active: that is a repeat, not a conflict.</summary>
    private async Task<Delivery> AnswerAlreadyActiveAsync(IdempotencyKey? key, CancellationToken cancellationToken) =>
        key is not null && await instances.FindStimulusAsync(key.Key, cancellationToken) is { } earlier
            ? AnswerRepeat(key, earlier)
            : new Delivery.AlreadyActive();

    private Stimulus.Condemn Runaway() =>
        new("step-budget", $"连续提交超过 {_limits.Steps} 次仍未等待，流程可能在没有等待的循环中 (more than {_limits.Steps} commit boundaries without a wait: a loop?)");

    private static Delivery AnswerRepeat(IdempotencyKey key, StimulusRow earlier) =>
        earlier.Fingerprint == key.Fingerprint ? new Delivery.Repeated(earlier) : new Delivery.KeyReused(earlier);

    private void Announce(ChangeSet changes, HttpReply? reply, bool leavesQueued)
    {
        if (reply is not null && _waitingRequests.TryRemove(changes.Instance.Id, out var waiting))
            waiting.TrySetResult(reply);
        // The timer loop looks at least once in every poll interval, so only what is due before its second look from now needs a hint.
        if (changes.TimersAdded.Count > 0 && changes.TimersAdded.Min(t => t.DueAt) <= clock.GetUtcNow() + (2 * options.Value.PollInterval))
            wakeups.Timers.Give();
        if (leavesQueued)
            wakeups.Effects.Give();
        var shared = changes.BookmarksAdded.Where(b => b.IsShared).Select(b => b.Hash).Distinct().ToList();
        if (shared.Count > 0)
            SharedBookmarksAdded?.Invoke(shared);
        Changed?.Invoke(changes.Instance);
    }
}

/// <summary>An HTTP request that waits for a workflow's answer.</summary>
public sealed class HttpExchange(Task<HttpReply> reply, Action leave) : IDisposable
{
    public Task<HttpReply> Reply { get; } = reply;

    public void Dispose() => leave();
}
