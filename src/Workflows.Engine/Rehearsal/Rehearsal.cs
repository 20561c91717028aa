using System.Text.Json.Nodes;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Outbox;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Rehearsal;

/// <summary>
/// 演练: plays a version of a definition, published or not, with one case, in a time of its own. What runs is the interpreter of production; what differs
/// is that nothing is stored, people act as the case says, time jumps to whatever comes next, and effects are noted instead of performed.
/// </summary>
/// <remarks>
/// What can go wrong: a rehearsal that runs for ever (a loop, a case nobody ends) holds up the person who waits for it. It is bounded in steps and in its
/// own time, and says which bound it met. What is awaited from outside and never comes is no error: the report names the open steps.
/// </remarks>
public sealed class Rehearsal(IGraphSource graphs, OrganisationSnapshot organisation, TimeRules rules, IRehearsalWorld world)
{
    private const int MostBursts = 400;
    private const int MostInstances = 50;

    private readonly Dictionary<string, Player> _players = [];
    private readonly PriorityQueue<Planned, (DateTimeOffset At, int Order)> _plans = new();
    private readonly List<RehearsalLine> _lines = [];
    private readonly Dictionary<string, int> _visits = [];
    private RehearsalCase _case = null!;
    private Player _root = null!;
    private DateTimeOffset _now;
    private int _bursts;
    private int _order;

    /// <summary>Plays a case. A rehearsal plays one case only.</summary>
    public async Task<RehearsalReport> PlayAsync(WorkflowGraph graph, RehearsalCase @case, CancellationToken cancellationToken)
    {
        (_case, _now) = (@case, @case.StartsAt);
        _root = Enter(graph, "rehearsal-1", @case.Input, @case.InitiatedBy, null, []);
        Run(_root, new Stimulus.Start());
        var end = RehearsalEnd.Waiting;
        while (_plans.TryDequeue(out var next, out var due))
        {
            if (due.At - @case.StartsAt > @case.Longest)
            {
                end = RehearsalEnd.TooLong;
                break;
            }

            if (_bursts >= MostBursts)
            {
                end = RehearsalEnd.TooManySteps;
                break;
            }

            _now = due.At > _now ? due.At : _now;
            await DoAsync(next, cancellationToken);
        }

        var root = _root.Instance;
        var endedAt = root.Status == WorkflowStatus.Finished ? root.FinishedAt ?? _now : _now;
        if (root.Status == WorkflowStatus.Finished)
            end = root.SubStatus switch { WorkflowSubStatus.Cancelled => RehearsalEnd.Cancelled, WorkflowSubStatus.Faulted => RehearsalEnd.Faulted, _ => RehearsalEnd.Finished };
        else if (root.SubStatus == WorkflowSubStatus.Faulted)
            end = RehearsalEnd.Faulted;
        var waits = root.Status == WorkflowStatus.Finished ? [] : Waits(_root).Distinct().ToList();
        _lines.Add(new RehearsalLine(endedAt, RehearsalKind.End, "", end.ToString()) { Text = string.Join('、', waits) });
        return new RehearsalReport([.. _lines.OrderBy(l => l.At)], end, endedAt, waits);
    }

    /// <summary>The innermost open steps.</summary>
    private static IEnumerable<string> Waits(Player player) => player.Instance.Executions
        .Where(e => e.IsOpen && !player.Instance.Executions.Exists(c => c.Parent == e.Number && c.IsOpen))
        .Select(e => player.NameOf(e.NodeId));

    private Player Enter(WorkflowGraph graph, string id, IEnumerable<KeyValuePair<string, JsonNode?>> input, string? initiatedBy, string? parent, Dictionary<string, JsonNode?> properties)
    {
        var player = new Player(graph, new WorkflowInstance
        {
            Id = id,
            DefinitionId = graph.DefinitionId,
            DefinitionVersionId = graph.VersionId,
            DefinitionVersion = graph.Version,
            ParentInstanceId = parent,
            InitiatedBy = initiatedBy,
            CreatedAt = _now,
            UpdatedAt = _now,
            Input = input.ToDictionary(i => i.Key, i => i.Value?.DeepClone()),
            Properties = properties,
        });
        _players[id] = player;
        return player;
    }

    private void Plan(DateTimeOffset at, Planned what) => _plans.Enqueue(what, (at, _order++));

    private async Task DoAsync(Planned planned, CancellationToken cancellationToken)
    {
        switch (planned)
        {
            case Planned.Timer timer:
                Run(timer.Of, new Stimulus.TimerDue(timer.Id));
                break;
            case Planned.Act act:
                Act(act);
                break;
            case Planned.Perform perform when perform.Of.Open.Remove(perform.Effect.Key):
                var outcome = await PerformAsync(perform.Of, perform.Effect, cancellationToken);
                if (outcome is not null && perform.Effect.BookmarkId is { } bookmark)
                    Run(perform.Of, new Stimulus.EffectDone(perform.Effect.Key, bookmark, outcome));
                break;
        }
    }

    private BurstResult? Run(Player player, Stimulus stimulus)
    {
        for (var next = stimulus; next is not null;)
        {
            if (++_bursts > MostBursts)
                return null;
            var result = Interpreter.Run(new BurstRequest
            {
                Graph = player.Graph,
                Instance = player.Instance,
                Stimulus = next,
                Now = _now,
                Organisation = organisation,
                TimeRules = rules,
            });
            if (result is not BurstResult.Changed changed)
            {
                player.Read();
                return result;
            }

            player.Keep(changed.Changes);
            Tell(player, changed.Changes);
            if (!changed.Continues)
                return result;
            next = new Stimulus.Continue();
        }

        return null;
    }

    private void Tell(Player player, ChangeSet changes)
    {
        foreach (var entry in changes.Journal)
            Tell(player, changes, entry);
        foreach (var timer in changes.TimersAdded)
            Plan(timer.DueAt, new Planned.Timer(player, timer.Id));
        foreach (var effect in changes.EffectsSettled)
            player.Open.Remove(effect.Key);
        foreach (var effect in changes.EffectsAdded)
        {
            player.Open.Add(effect.Key);
            Plan(effect.DueAt > _now ? effect.DueAt : _now, new Planned.Perform(player, effect));
        }

        foreach (var task in changes.Tasks.Where(t => t.State is UserTaskState.Open or UserTaskState.Claimed))
        {
            if (player.Given.Add((task.Id, task.Assignee)))
                Expect(player, task);
        }
    }

    private void Tell(Player player, ChangeSet changes, JournalEntry entry)
    {
        var payload = entry.Payload as JsonObject;
        var task = (string?)payload?["task"] is { } id ? changes.Tasks.FirstOrDefault(t => t.Id == id) : null;
        var by = entry.By is { } user ? new[] { organisation.DisplayName(user) } : [];
        switch (entry.Event)
        {
            case "TaskCreated" when task is not null:
                Add(RehearsalKind.Task, task.Title, [.. Holders(task).Select(organisation.DisplayName)], "", task.DueAt);
                break;
            case "Decided" or "AutoDecided" or "Transferred" or "Delegated" or "SignersAdded" or "Acknowledged":
                Add(RehearsalKind.Act, (string?)payload?["action"] ?? entry.Event, by, entry.Message ?? "");
                break;
            case "Faulted" or "EscalationFailed" or "NoticeSkipped" or "NobodyOnDuty" or "ChildNotStarted" or "RollbackRefused":
                Add(RehearsalKind.Trouble, entry.Event, by, entry.Message ?? "");
                break;
            case "DeadlinePassed":
                Add(RehearsalKind.Deadline, entry.Event, by, "");
                break;
            case "ClockWarned" or "ClockBreached" or "Escalated" or "Overdue" or "Offered" or "Paged" or "PageUnanswered":
                Add(RehearsalKind.Deadline, entry.Event, by, entry.Message ?? "");
                break;
            // What people did tells already that a step with a task is over.
            case "Completed" when entry.NodeId is { } node && player.Graph.Find(node) is { } passed && passed.Branches.Count == 0 && !_visits.ContainsKey(node):
                var outcome = string.Join('、', (payload?["outcomes"] as JsonArray ?? []).Select(o => (string?)o));
                // Of an operation that was just told, only another outcome than the usual one is news.
                if (outcome is not "Done" || _lines is not [.., { Kind: RehearsalKind.Operation } last] || last.Node != passed.DisplayText)
                    Add(RehearsalKind.Step, outcome, [], "");
                break;
        }

        void Add(RehearsalKind kind, string what, IReadOnlyList<string> people, string text, DateTimeOffset? due = null) =>
            _lines.Add(new RehearsalLine(_now, kind, entry.NodeId is { } node ? player.NameOf(node) : "", what) { Type = entry.ActivityType ?? "", People = people, Text = text, DueAt = due, IsOfChild = player != _root });
    }

    /// <summary>What the case says about the step, or that it is done as usual.</summary>
    private void Expect(Player player, UserTask task)
    {
        var visit = _visits[task.NodeId] = _visits.GetValueOrDefault(task.NodeId) + 1;
        var act = player == _root && _case.Acts.TryGetValue(task.NodeId, out var said) ? said : null;
        if (act is { Action: null })
            return;
        if (visit > 1 || act is null)
            act = new RehearsedAct(UsualOf(task), act?.After ?? _case.UsualDelay) { Form = act?.Form ?? [] };
        Plan(_now + act.After, new Planned.Act(player, task.Id, act));
    }

    private void Act(Planned.Act planned)
    {
        if (planned.Of.Instance.Tasks.Find(t => t.Id == planned.TaskId) is not { } task)
            return;
        var refusal = "没有人可以办理 (nobody may do it)";
        foreach (var user in Holders(task).Except(task.Excluded).Take(5))
        {
            List<string> identities = [user, .. organisation.Find(user)?.Roles.Select(r => "role:" + r) ?? []];
            if (task.Assignee is null)
                Run(planned.Of, new Stimulus.ActOnTask(new TaskCommand(task.Id, UserTaskRules.Claim, user, identities)));
            var action = planned.Said.Action is { } said && task.Actions.Contains(said) ? said : UsualOf(task);
            var form = task.Form is null ? null : SampleForm.Fill(task.Form, planned.Said.Form, _now);
            var command = new TaskCommand(task.Id, action, user, identities, task.CommentRequired.Contains(action) ? "演练" : null, form)
            {
                To = action == "return" && task.ReturnTargets.Count > 0 ? task.ReturnTargets[0].NodeId : null,
            };
            switch (Run(planned.Of, new Stimulus.ActOnTask(command)))
            {
                case BurstResult.Changed:
                    return;
                case BurstResult.Refused { Verdict: TaskVerdict.FormRefused wrong }:
                    refusal = string.Join("；", wrong.Errors.Select(e => $"{e.Key}：{e.Value.Zh} ({e.Value.En})"));
                    break;
                case BurstResult.Refused refused:
                    refusal = $"{organisation.DisplayName(user)}: {refused.Verdict.GetType().Name}";
                    break;
            }
        }

        _lines.Add(new RehearsalLine(_now, RehearsalKind.Trouble, planned.Of.NameOf(task.NodeId), "NotDone") { Text = refusal, IsOfChild = planned.Of != _root });
    }

    /// <summary>The first act offered: approve, or complete.</summary>
    private static string UsualOf(UserTask task) => task.Actions is [var first, ..] ? first : "complete";

    private IEnumerable<string> Holders(UserTask task) => task.Assignee is { } assignee
        ? [assignee]
        : task.Candidates.SelectMany(c => organisation.Behind(c).Select(p => p.UserName)).Except(task.Excluded).Distinct();

    /// <summary>The end of an effect; null when nobody waits for one.</summary>
    private async Task<EffectOutcome?> PerformAsync(Player player, Effect effect, CancellationToken cancellationToken)
    {
        var payload = effect.Payload as JsonObject ?? [];
        var node = player.Instance.Executions.Find(e => e.Number == effect.Execution) is { } execution ? player.NameOf(execution.NodeId) : "";
        if (effect.Kind.StartsWith("notify.", StringComparison.Ordinal))
        {
            var people = (payload["people"] as JsonArray)?.Select(p => organisation.DisplayName((string)p!)).ToList()
                ?? [(string?)payload["user"] is { } user ? organisation.DisplayName(user) : string.Join(", ", (payload["to"] as JsonArray)?.Select(a => (string?)a) ?? [(string?)payload["to"] ?? (string?)payload["robot"] ?? (string?)payload["webhook"]])];
            _lines.Add(new RehearsalLine(_now, RehearsalKind.Message, node, (string?)payload["event"] ?? effect.Kind["notify.".Length..])
            {
                People = people,
                Text = string.Join('：', new[] { (string?)payload["subject"], (string?)payload["body"] }.Where(t => !string.IsNullOrEmpty(t))),
                IsOfChild = player != _root,
            });
            return new EffectOutcome.Done(null);
        }

        switch (effect.Kind)
        {
            case "engine.start":
                return await StartAsync(player, payload, cancellationToken);
            case "engine.child-finished" when _players.TryGetValue((string)payload["parent"]!, out var parent):
                var hash = ChildCompletionStimulus.HashOf((string)payload["child"]!);
                foreach (var waiting in parent.Instance.Bookmarks.Where(b => b.Hash == hash).Select(b => b.Id).ToList())
                    Run(parent, new Stimulus.Resume(waiting, payload.DeepClone()));
                return null;
            case "engine.publish-event":
                var wanted = EventHub.HashOf((string)payload["eventName"]!);
                var reached = 0;
                foreach (var hearer in _players.Values.Where(p => (string?)payload["instanceId"] is not { } only || p.Instance.Id == only).ToList())
                {
                    foreach (var waiting in hearer.Instance.Bookmarks.Where(b => b.Hash == wanted).Select(b => b.Id).ToList())
                        reached += Run(hearer, new Stimulus.Resume(waiting, payload["payload"]?.DeepClone())) is BurstResult.Changed ? 1 : 0;
                }

                return new EffectOutcome.Done(new JsonObject { ["reached"] = reached });
            case "engine.cancel-children":
                foreach (var child in _players.Values.Where(p => p.Instance.ParentInstanceId == player.Instance.Id && p.Instance.Status == WorkflowStatus.Running).ToList())
                    Run(child, new Stimulus.Cancel("上级流程或其分支已取消", null) { TakesBack = (bool?)payload["takesBack"] == true });
                return new EffectOutcome.Done(null);
            case var kind when kind.StartsWith("engine.", StringComparison.Ordinal):
                return new EffectOutcome.Done(payload.DeepClone());
        }

        var answer = await world.AnswerAsync(effect, cancellationToken);
        _lines.Add(new RehearsalLine(_now, RehearsalKind.Operation, node, effect.Kind)
        {
            Text = answer switch { EffectOutcome.Refused refused => refused.Error, EffectOutcome.Transient transient => transient.Error, EffectOutcome.Ambiguous ambiguous => ambiguous.Error, _ => "" },
            IsOfChild = player != _root,
        });
        return answer;
    }

    private async Task<EffectOutcome> StartAsync(Player parent, JsonObject payload, CancellationToken cancellationToken)
    {
        var definition = (string)payload["definitionId"]!;
        if (await graphs.FindPublishedAsync(definition, cancellationToken) is not { } graph)
            return new EffectOutcome.Refused($"没有已发布的流程“{definition}” (no published definition of this id)");
        if (_players.Count >= MostInstances)
            return new EffectOutcome.Refused("演练中启动的流程过多 (the rehearsal starts too many processes)");
        var properties = new Dictionary<string, JsonNode?> { ["ParentInstanceId"] = parent.Instance.Id };
        if ((bool?)payload["waitForCompletion"] == true)
            properties["WaitForCompletion"] = true;
        ChildCompletionStimulus.KeepFamily(properties, payload);
        var id = (string?)payload["childInstanceId"] ?? $"rehearsal-{_players.Count + 1}";
        var child = Enter(graph, id, payload["input"] as JsonObject ?? [], (string?)payload["initiatedBy"], parent.Instance.Id, properties);
        // After the parent has noted the start, as in production.
        Run(child, new Stimulus.Start());
        return new EffectOutcome.Done(new JsonObject { ["instanceId"] = id });
    }

    /// <summary>Something that is going to happen.</summary>
    private abstract record Planned(Player Of)
    {
        public sealed record Timer(Player Of, string Id) : Planned(Of);

        public sealed record Act(Player Of, string TaskId, RehearsedAct Said) : Planned(Of);

        public sealed record Perform(Player Of, Effect Effect) : Planned(Of);
    }

    /// <summary>One instance of the rehearsal. After each burst it is read from its stored form, so that nothing lives on in objects.</summary>
    private sealed class Player(WorkflowGraph graph, WorkflowInstance instance)
    {
        private ReadOnlyMemory<byte>? _stored;

        public WorkflowGraph Graph => graph;

        public WorkflowInstance Instance { get; private set; } = instance;

        /// <summary>Keys of effects that are neither performed nor withdrawn.</summary>
        public HashSet<string> Open { get; } = [];

        /// <summary>Tasks and whom they were given to.</summary>
        public HashSet<(string Task, string? Assignee)> Given { get; } = [];

        public string NameOf(string nodeId) => graph.Find(nodeId) is { } node ? node.DisplayText : nodeId;

        public void Keep(ChangeSet changes)
        {
            _stored = changes.Instance.State;
            Read();
        }

        /// <summary>As it was stored last: what a burst changed that was not kept is gone.</summary>
        public void Read()
        {
            if (_stored is { } stored)
                Instance = InstanceCodec.Read(stored.Span);
        }
    }
}
