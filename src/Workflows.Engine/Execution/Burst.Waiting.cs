using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Execution;

/// <summary>Waiting points and effects; each change is noted for the change set.</summary>
internal sealed partial class Burst
{
    internal const string HasChildrenKey = "HasChildren";
    private const string EffectBookmark = "Workflows.Effect";

    private readonly List<Bookmark> _bookmarksAdded = [];
    private readonly List<string> _bookmarksRemoved = [];
    private readonly List<WorkflowTimer> _timersAdded = [];
    private readonly List<string> _timersRemoved = [];
    private readonly Dictionary<string, UserTask> _tasks = [];
    private readonly List<Effect> _effects = [];
    private readonly List<EffectSettlement> _settlements = [];

    public Bookmark AddBookmark(ActivityNode node, ActivityExecution execution, string name, JsonNode? stimulus, bool shared, JsonNode? payload, string? tag, bool autoBurn)
    {
        var bookmark = new Bookmark
        {
            Id = Instance.NextId(),
            Name = name,
            Hash = StimulusHash.Compute(name, stimulus, shared ? null : $"{Instance.Id}-{execution.Number}"),
            Payload = payload,
            Execution = execution.Number,
            NodeId = node.NodeId,
            CreatedAt = Now,
            AutoBurn = autoBurn,
            IsShared = shared,
            Tag = tag,
        };
        Instance.Bookmarks.Add(bookmark);
        _bookmarksAdded.Add(bookmark);
        _changed = true;
        return bookmark;
    }

    public void AddTimer(ActivityNode node, ActivityExecution execution, DateTimeOffset dueAt, bool resumes, string? tag)
    {
        var bookmark = resumes
            ? AddBookmark(node, execution, node.Type, null, shared: false, new JsonObject { ["resumeAt"] = dueAt.ToString("O") }, tag, autoBurn: true)
            : null;
        var timer = new WorkflowTimer(Instance.NextId(), dueAt, execution.Number, bookmark?.Id, tag);
        Instance.Timers.Add(timer);
        _timersAdded.Add(timer);
        _changed = true;
    }

    public UserTask AddTask(ActivityNode node, ActivityExecution execution, UserTask template, ClockSetup? clock = null)
    {
        var task = WithDeputy(template with { Execution = execution.Number, NodeId = node.NodeId, CreatedAt = Now });
        Instance.Tasks.Add(task);
        _tasks[task.Id] = task;
        _changed = true;
        Journal("TaskCreated", execution, task.Title, payload: new JsonObject { ["task"] = task.Id });
        if (task.OnBehalfOf is { } absent && template.OnBehalfOf is null)
            Journal("Deputised", execution, $"任务“{task.Title}”由{Organisation.DisplayName(task.Assignee!)} 代 {Organisation.DisplayName(absent)} 办理", payload: new JsonObject { ["task"] = task.Id });
        if (clock is not null)
        {
            StartClock(node, execution, clock, task.Id);
            return _tasks[task.Id];
        }

        return task;
    }

    public void SaveTask(UserTask task)
    {
        var index = Instance.Tasks.FindIndex(t => t.Id == task.Id);
        // Whoever acts on it next is told who was first.
        if (task is { State: UserTaskState.Cancelled, ClosedBy: null } && _by is not null)
            task = task with { ClosedBy = _by };
        if (task.State is UserTaskState.Completed or UserTaskState.Cancelled)
            Instance.Tasks.RemoveAt(index);
        else
            Instance.Tasks[index] = task;
        _tasks[task.Id] = task;
        _changed = true;
        ClockOfTask(task);
    }

    /// <summary>An effect of the instance itself, which may have no execution yet: a commit boundary can stand before the first one.</summary>
    private void Tell(string kind, JsonNode payload, int maxAttempts)
    {
        _effects.Add(new Effect
        {
            Key = Instance.NextId(),
            InstanceId = Instance.Id,
            Execution = Instance.Executions.Count > 0 ? Instance.Executions[0].Number : 0,
            Kind = kind,
            Class = EffectClass.Notice,
            Payload = payload,
            DueAt = Now,
            CreatedAt = Now,
            MaxAttempts = maxAttempts,
        });
        _changed = true;
    }

    /// <summary>
    /// Child instances whose end this execution waits for have nobody left to report to once it is cancelled. One whose start was
    /// only asked for in this burst never begins; one whose start is under way is cancelled by whoever starts it.
    /// </summary>
    private void CancelChildInstances(ActivityExecution execution)
    {
        var children = Instance.Bookmarks
            .Where(b => b.Execution == execution.Number && b.Name == ChildCompletionStimulus.Name)
            .Select(ChildCompletionStimulus.ChildOf)
            .Where(child => !_effects.Exists(e => e.Kind == "engine.start" && (string?)e.Payload?["childInstanceId"] == child))
            .ToList();
        if (children.Count > 0)
            Tell("engine.cancel-children", Asked(new JsonObject { ["parent"] = Instance.Id, ["children"] = new JsonArray([.. children.Select(c => (JsonNode)c)]) }), 8);
    }

    public string AddEffect(ActivityNode node, ActivityExecution execution, string kind, JsonNode? payload, EffectClass effectClass, bool wait, string? tag, int maxAttempts, DateTimeOffset? notBefore)
    {
        var key = Instance.NextId();
        Emit(node, execution, key, kind, payload, effectClass, wait, tag, maxAttempts, notBefore);
        return key;
    }

    private void Emit(ActivityNode node, ActivityExecution execution, string key, string kind, JsonNode? payload, EffectClass effectClass, bool wait, string? tag, int maxAttempts, DateTimeOffset? notBefore)
    {
        if (kind == "engine.start")
            Instance.Properties[HasChildrenKey] = true;
        if (effectClass == EffectClass.Irreversible)
            Withdrawal.CountAct(Instance, tag?.StartsWith(UndoTag, StringComparison.Ordinal) == true || Instance.Undos.Exists(u => u.Execution == execution.Number));
        var bookmark = wait ? AddBookmark(node, execution, EffectBookmark, null, shared: false, key, tag, autoBurn: true) : null;
        _effects.Add(new Effect
        {
            Key = key,
            InstanceId = Instance.Id,
            Execution = execution.Number,
            Kind = kind,
            Class = effectClass,
            Payload = payload,
            BookmarkId = bookmark?.Id,
            DueAt = notBefore ?? Now,
            CreatedAt = Now,
            MaxAttempts = maxAttempts,
        });
        _changed = true;
    }

    public void StopWaiting(ActivityExecution execution)
    {
        // Most executions end without ever having waited.
        if (Instance.Bookmarks.Count + Instance.Timers.Count + Instance.Tasks.Count == 0)
            return;
        foreach (var bookmark in Instance.Bookmarks.Where(b => b.Execution == execution.Number).ToList())
        {
            RemoveBookmark(bookmark);
            if (bookmark.Name == EffectBookmark)
                GiveUp(bookmark, execution);
        }

        foreach (var timer in Instance.Timers.Where(t => t.Execution == execution.Number).ToList())
            RemoveTimer(timer);
        foreach (var task in Instance.Tasks.Where(t => t.Execution == execution.Number).ToList())
            SaveTask(task with { State = UserTaskState.Cancelled, ClosedAt = Now });
    }

    private void RemoveBookmark(Bookmark bookmark)
    {
        Instance.Bookmarks.Remove(bookmark);
        if (!_bookmarksAdded.Remove(bookmark))
            _bookmarksRemoved.Add(bookmark.Id);
        foreach (var timer in Instance.Timers.Where(t => t.BookmarkId == bookmark.Id).ToList())
            RemoveTimer(timer);
    }

    private void RemoveTimer(WorkflowTimer timer)
    {
        Instance.Timers.Remove(timer);
        if (!_timersAdded.Remove(timer))
            _timersRemoved.Add(timer.Id);
    }

    private void ResumeBookmark(Bookmark bookmark, JsonNode? payload, EffectOutcome? effect)
    {
        _changed = true;
        if (bookmark.AutoBurn)
            RemoveBookmark(bookmark);
        var execution = _executions[bookmark.Execution];
        if (bookmark.Name == ChildCompletionStimulus.Name && payload?["child"] is not null)
            BarDeciders(NamesIn(payload["deciders"]), ValueConverter.Text(payload["child"])!);
        Journal("Resumed", execution);
        Call(Graph.Find(bookmark.NodeId)!, execution, (activity, context) => activity.Resume(context, new Resumption(bookmark, payload, effect)));
    }

    private void EndEffect(Stimulus.EffectDone done)
    {
        var (state, error) = done.Outcome switch
        {
            EffectOutcome.Done => (EffectState.Done, (string?)null),
            EffectOutcome.Refused refused => (EffectState.Failed, refused.Error),
            EffectOutcome.Ambiguous ambiguous => (EffectState.Unknown, ambiguous.Error),
            EffectOutcome.Transient transient => (EffectState.Failed, transient.Error),
            _ => throw new InvalidOperationException($"Unknown outcome {done.Outcome}."),
        };
        _settlements.Add(new EffectSettlement(done.Key, state, error));
        _changed = true;
        EndUndo(done, state);
        NoteEnd(done);
        if (Instance.Bookmarks.FirstOrDefault(b => b.Id == done.BookmarkId) is not { } bookmark)
            return;

        ResumeBookmark(bookmark, (done.Outcome as EffectOutcome.Done)?.Result, done.Outcome);
    }
}
