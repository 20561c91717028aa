using System.Text.Json.Nodes;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Messages;
using Workflows.Engine.Organisation;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Testing;

/// <summary>
/// One instance run in memory, burst by burst. After every burst the instance is written and read again, so nothing can
/// live on in objects; and the rows a store would hold are kept from the change sets and compared with the state.
/// </summary>
public sealed class InMemoryRun(WorkflowGraph graph, OrganisationSnapshot? organisation = null)
{
    private readonly Dictionary<string, Bookmark> _bookmarks = [];
    private readonly Dictionary<string, WorkflowTimer> _timers = [];
    private readonly Dictionary<string, UserTask> _tasks = [];
    private readonly Dictionary<string, RunningClock> _clocks = [];

    public DateTimeOffset Now { get; set; } = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public WorkflowInstance Instance { get; private set; } = new()
    {
        Id = "i1",
        DefinitionId = graph.DefinitionId,
        DefinitionVersionId = graph.VersionId,
        DefinitionVersion = graph.Version,
        CreatedAt = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero),
    };

    public OrganisationSnapshot Organisation { get; set; } = organisation ?? OrganisationSnapshot.Empty;

    public TimeRules TimeRules { get; set; } = TimeRules.Shipped;

    public EventListeners Listeners { get; set; } = EventListeners.Nobody;

    public BurstLimits Limits { get; set; } = new();

    public List<JournalEntry> Journal { get; } = [];

    /// <summary>Effects that were asked for and neither settled nor withdrawn, oldest first; what people are told of events stands apart in <see cref="Announced"/>.</summary>
    public List<Effect> Effects { get; } = [];

    /// <summary>The events that people were told of, oldest first.</summary>
    public List<Effect> Announced { get; } = [];

    public List<EffectSettlement> Settled { get; } = [];

    public HttpReply? Reply { get; private set; }

    /// <summary>Commits so far.</summary>
    public int Bursts { get; private set; }

    /// <summary>Texts written by WriteLine, in order.</summary>
    public string Lines => string.Join(' ', Journal.Where(e => e.Event == "WriteLine").Select(e => e.Message));

    /// <summary>Every task ever asked for, as it now stands.</summary>
    public IReadOnlyCollection<UserTask> Tasks => _tasks.Values;

    /// <summary>Every clock ever started, as it now stands.</summary>
    public IReadOnlyCollection<RunningClock> Clocks => _clocks.Values;

    public UserTask OpenTask => Instance.Tasks.Single();

    public static InMemoryRun Of(Flow flow, OrganisationSnapshot? organisation = null) => new(flow.Compile(), organisation);

    public InMemoryRun InitiatedBy(string user)
    {
        Instance.InitiatedBy = user;
        return this;
    }

    public InMemoryRun WithInput(string name, JsonNode? value)
    {
        Instance.Input[name] = value;
        return this;
    }

    public BurstResult Start(string? triggerActivityId = null, JsonNode? payload = null, bool httpRequestWaits = false) =>
        Apply(new Stimulus.Start(triggerActivityId, payload), httpRequestWaits);

    /// <summary>Publishes an Elsa event to every waiting bookmark, one burst each, as the runtime does. Answers how many heard it.</summary>
    public int Publish(string eventName, JsonNode? payload = null)
    {
        var hash = StimulusHash.Compute("Elsa.Event", new JsonObject { ["EventName"] = eventName });
        var waiting = Instance.Bookmarks.Where(b => b.Hash == hash).Select(b => b.Id).ToList();
        return waiting.Count(id => Apply(new Stimulus.Resume(id, payload?.DeepClone())) is BurstResult.Changed);
    }

    /// <summary>Resumes the only bookmark of this name.</summary>
    public BurstResult Resume(string bookmarkName, JsonNode? payload = null) =>
        Apply(new Stimulus.Resume(Instance.Bookmarks.Single(b => b.Name == bookmarkName).Id, payload));

    /// <summary>Moves time and fires what falls due on the way, earliest first, each at its own instant.</summary>
    public void Advance(TimeSpan by)
    {
        var until = Now + by;
        while (Instance.Timers.Where(t => t.DueAt <= until).OrderBy(t => t.DueAt).FirstOrDefault() is { } due)
        {
            Now = due.DueAt > Now ? due.DueAt : Now;
            Apply(new Stimulus.TimerDue(due.Id));
        }

        Now = until;
    }

    /// <summary>Ends the oldest open effect of this kind.</summary>
    public BurstResult Settle(string kind, EffectOutcome outcome)
    {
        var effect = Effects.First(e => e.Kind == kind);
        return Apply(new Stimulus.EffectDone(effect.Key, effect.BookmarkId, outcome));
    }

    public BurstResult Act(string user, string action, string? comment = null, JsonNode? form = null, UserTask? task = null) =>
        Apply(new Stimulus.ActOnTask(new TaskCommand((task ?? OpenTask).Id, action, user, Identities(user), comment, form)));

    public BurstResult Apply(Stimulus stimulus, bool httpRequestWaits = false)
    {
        var result = Interpreter.Run(new BurstRequest
        {
            Graph = graph,
            Instance = Instance,
            Stimulus = stimulus,
            Now = Now,
            Organisation = Organisation,
            TimeRules = TimeRules,
            Listeners = Listeners,
            HttpRequestWaits = httpRequestWaits,
            Limits = Limits,
        });
        // Whatever was not committed is gone, as after a refusal in production.
        if (result is not BurstResult.Changed changed)
            return result;

        Commit(changed.Changes);
        Reply = changed.HttpReply ?? Reply;
        if (changed.Continues)
            Apply(new Stimulus.Continue(), httpRequestWaits);
        return result;
    }

    private void Commit(ChangeSet changes)
    {
        Bursts++;
        Instance = InstanceCodec.Read(changes.Instance.State.Span);
        foreach (var id in changes.BookmarksRemoved)
            _bookmarks.Remove(id);
        foreach (var bookmark in changes.BookmarksAdded)
            _bookmarks.Add(bookmark.Id, bookmark);
        foreach (var id in changes.TimersRemoved)
            _timers.Remove(id);
        foreach (var timer in changes.TimersAdded)
            _timers.Add(timer.Id, timer);
        foreach (var task in changes.Tasks)
            _tasks[task.Id] = task;
        foreach (var clock in changes.Clocks)
            _clocks[clock.Id] = clock;
        Effects.AddRange(changes.EffectsAdded.Where(e => e.Kind != MessagePayload.Kind));
        Announced.AddRange(changes.EffectsAdded.Where(e => e.Kind == MessagePayload.Kind));
        Settled.AddRange(changes.EffectsSettled);
        Effects.RemoveAll(e => changes.EffectsSettled.Any(s => s.Key == e.Key));
        foreach (var entry in changes.Journal)
        {
            Require(entry.Sequence == Journal.Count + 1, "the journal has a gap");
            Journal.Add(entry);
        }

        Require(_bookmarks.Keys.Order().SequenceEqual(Instance.Bookmarks.Select(b => b.Id).Order()), "bookmark rows differ from the state");
        Require(_timers.Keys.Order().SequenceEqual(Instance.Timers.Select(t => t.Id).Order()), "timer rows differ from the state");
        Require(_tasks.Values.Where(t => t.State is UserTaskState.Open or UserTaskState.Claimed).Select(t => t.Id).Order().SequenceEqual(Instance.Tasks.Select(t => t.Id).Order()), "task rows differ from the state");
        Require(_clocks.Values.Where(c => c.IsRunning).Select(c => c.Id).Order().SequenceEqual((Instance.Clocks ?? []).Select(c => c.Id).Order()), "clock rows differ from the state");
        Require(changes.Instance.Revision == Instance.Revision, "the row's revision differs from the state's");
        if (Instance.Status == WorkflowStatus.Finished)
            Require(Instance.Bookmarks.Count + Instance.Timers.Count + Instance.Tasks.Count == 0, "a finished instance still waits");
    }

    private List<string> Identities(string user) => [user, .. Organisation.Find(user)?.Roles.Select(r => "role:" + r) ?? []];

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException(otherwise);
    }
}
