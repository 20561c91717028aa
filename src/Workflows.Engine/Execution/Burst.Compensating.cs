using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Execution;

/// <summary>
/// Undo steps, and the acts that must be over before one runs.
/// </summary>
/// <remarks>
/// What can go wrong: a branch is cancelled while its act is on the way to the shop, compensation takes the act back, and the
/// act arrives after its own undo: what was to be restored is gone, and every record says that it is there.
/// The rules. An effect nobody waits for any more is withdrawn in the change set that stops waiting, so one that no host has
/// begun is never sent: beginning needs a claim, and withdrawing ends the claim. Whether one was begun cannot be seen from
/// here, so while there is something to take back its key is kept as given up, with its scope. A compensation first waits, by an effect
/// of the engine's own that looks at the outbox after this commit, until every given-up act of its scope has ended: with its
/// result, or as "unknown" when its host died and the receiver cannot be asked again. It waits likewise for acts of the scope
/// that another branch still awaits and that have an undo. Only then the next undo starts. An undo's own effect is never
/// withdrawn, and is waited for in the same way when its compensation was cancelled: it is not begun a second time beside itself.
/// An effect that is not awaited has no place here: register an undo only for an act that is awaited.
/// </remarks>
internal sealed partial class Burst
{
    private const string UndoTag = "$undo:";
    private const string ActsTag = "$acts";

    /// <summary>Given-up acts kept at most; only a loop that cancels acts without end comes near, and its oldest are long over.</summary>
    private const int MostGivenUp = 500;

    private void GiveUp(Bookmark bookmark, ActivityExecution execution)
    {
        var key = (string)bookmark.Payload!;
        var isUndo = bookmark.Tag?.StartsWith(UndoTag, StringComparison.Ordinal) == true;
        if (!isUndo && _effects.RemoveAll(e => e.Key == key) > 0)
            return;
        if (!isUndo)
            _settlements.Add(new EffectSettlement(key, EffectState.Cancelled));
        if (bookmark.Tag == ActsTag || Instance.Undos.TrueForAll(u => u.State == UndoState.Done))
            return;
        var acts = Instance.GivenUpActs ??= [];
        acts.Add(new GivenUpAct(key, ScopeOf(execution)));
        if (acts.Count > MostGivenUp)
            acts.RemoveAt(0);
    }

    /// <summary>Waits until no act of the enclosing scope is under way; false when none can be.</summary>
    public bool AwaitActs(ActivityNode node, ActivityExecution execution)
    {
        var scope = ScopeOf(execution);
        var awaited = Instance.Bookmarks.Where(b => b.Name == EffectBookmark
            && b.Tag?.StartsWith(UndoTag, StringComparison.Ordinal) != true
            && Instance.Undos.Exists(u => u.Execution == b.Execution && u.State == UndoState.Registered && (scope == 0 || u.Scope == scope)));
        var keys = (Instance.GivenUpActs ?? []).Where(a => scope == 0 || a.Scope == scope).Select(a => a.Key)
            .Concat(awaited.Select(b => (string)b.Payload!))
            .ToList();
        if (keys.Count == 0)
            return false;
        Journal("CompensationWaits", execution, $"等待 {keys.Count} 个可能仍在进行的操作结束");
        var payload = new JsonObject { ["keys"] = new JsonArray([.. keys.Select(k => (JsonNode)k)]) };
        AddEffect(node, execution, "engine.await-effects", payload, EffectClass.Notice, wait: true, ActsTag, 10_000, null);
        return true;
    }

    private void NoteEnd(Stimulus.EffectDone done)
    {
        if (Instance.GivenUpActs is not { } acts)
            return;
        acts.RemoveAll(a => a.Key == done.Key);
        // What the engine saw ended, as it tells in its answer.
        if (done.Outcome is EffectOutcome.Done { Result: JsonObject result } && Instance.Bookmarks.Exists(b => b.Id == done.BookmarkId && b.Tag == ActsTag))
        {
            var ended = result["keys"]!.AsArray().Select(k => (string)k!).ToHashSet(StringComparer.Ordinal);
            acts.RemoveAll(a => ended.Contains(a.Key));
        }

        if (acts.Count == 0)
            Instance.GivenUpActs = null;
    }

    /// <summary>An undo is told by its effect's key, because what it came to counts also when nobody waits for it any more.</summary>
    private void EndUndo(Stimulus.EffectDone done, EffectState state)
    {
        var undo = Instance.Undos.Find(u => done.Key == UndoKey(u.Number) || done.Key.StartsWith(UndoKey(u.Number) + "-", StringComparison.Ordinal));
        if (undo is null)
            return;
        if (state == EffectState.Done)
            SettleUndo(undo.Number, UndoState.Done);
        else if (undo.State == UndoState.Running && !Instance.Bookmarks.Exists(b => b.Tag == $"{UndoTag}{undo.Number}" && b.Id != done.BookmarkId))
            SettleUndo(undo.Number, UndoState.Failed);
    }

    private string UndoKey(int number) => $"{Instance.Id}-u{number}";

    public int RegisterUndo(ActivityExecution execution, string kind, JsonNode? payload, string label)
    {
        var undo = new UndoStep(Instance.NextNumber(), ScopeOf(execution), kind, payload, label, UndoState.Registered) { Execution = execution.Number };
        Instance.Undos.Add(undo);
        Journal("UndoRegistered", execution, label);
        return undo.Number;
    }

    public void ForgetUndo(ActivityExecution execution)
    {
        foreach (var undo in Instance.Undos.Where(u => u.Execution == execution.Number && u.State == UndoState.Registered).ToList())
        {
            Instance.Undos.Remove(undo);
            Journal("UndoForgotten", execution, undo.Label);
        }
    }

    public UndoStep? NextUndo(ActivityExecution execution)
    {
        var scope = ScopeOf(execution);
        return Instance.Undos.LastOrDefault(u => u.State != UndoState.Done && (scope == 0 || u.Scope == scope));
    }

    public void PerformUndo(ActivityNode node, ActivityExecution execution, UndoStep undo)
    {
        var tag = $"{UndoTag}{undo.Number}";
        if (Instance.Bookmarks.Exists(b => b.Tag == tag))
            throw new ActivityFailure("compensation-running", $"撤销“{undo.Label}”正由另一个补偿步骤执行，请在其结束后重试 (another compensation is at this undo; retry when it has ended)");
        SettleUndo(undo.Number, UndoState.Running);
        Journal("UndoStarted", execution, undo.Label);
        // A failed try is settled in its row for good, so a further try is a new effect; receivers recognise the undo by "undo" in the payload.
        var attempt = undo.State == UndoState.Registered ? "" : $"-{Instance.NextNumber()}";
        var payload = new JsonObject { ["undo"] = UndoKey(undo.Number), ["label"] = undo.Label, ["input"] = undo.Payload?.DeepClone() };
        Emit(node, execution, UndoKey(undo.Number) + attempt, undo.Kind, payload, EffectClass.Irreversible, wait: true, tag, 8, null);
    }

    private void SettleUndo(int number, UndoState state)
    {
        var index = Instance.Undos.FindIndex(u => u.Number == number);
        Instance.Undos[index] = Instance.Undos[index] with { State = state };
        _changed = true;
    }

    private int ScopeOf(ActivityExecution execution)
    {
        for (var number = (int?)execution.Number; number is { } n; number = _executions[n].Parent)
        {
            if (Graph.Find(_executions[n].NodeId)!.Type == CompensationScope.TypeName)
                return n;
        }

        return 0;
    }

    /// <summary>When a scope completes, its undo steps pass to the scope around it: they can still be taken back as part of more.</summary>
    private void HandOverUndos(ActivityExecution scope)
    {
        if (Graph.Find(scope.NodeId)!.Type != CompensationScope.TypeName)
            return;
        var outer = scope.Parent is { } parent ? ScopeOf(_executions[parent]) : 0;
        for (var i = 0; i < Instance.Undos.Count; i++)
        {
            if (Instance.Undos[i].Scope == scope.Number)
                Instance.Undos[i] = Instance.Undos[i] with { Scope = outer };
        }

        for (var i = 0; i < Instance.GivenUpActs?.Count; i++)
        {
            if (Instance.GivenUpActs[i].Scope == scope.Number)
                Instance.GivenUpActs[i] = Instance.GivenUpActs[i] with { Scope = outer };
        }
    }
}
