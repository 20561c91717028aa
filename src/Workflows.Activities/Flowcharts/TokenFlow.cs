using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Flowcharts;

/// <summary>
/// Elsa's newer way of running a flowchart: a completed activity puts a token on each followed arrow, and the target's
/// merge mode says which tokens it waits for.
/// </summary>
/// <remarks>
/// What can go wrong: an activity that takes the first arrival must ignore the others of the same round, yet hear the next
/// round's. The rule: the first arrival puts a block on each other arrow on which something is still under way, and a later
/// arrival only eats the block. Elsa blocks all other arrows, so a branch that was never taken leaves a block behind which
/// swallows a later round (its issue 7993); here an arrow with nothing under way upstream is not blocked, and a block is
/// dropped as soon as nothing can come along its arrow any more.
/// A join whose branch was not taken keeps its tokens, and the flowchart then stays open on purpose, as in Elsa.
/// </remarks>
internal sealed class TokenFlow(ActivityContext context, FlowPlan plan, FlowDirections directions)
{
    private const string TokensKey = "Flowchart.Tokens";

    private readonly List<Token> _tokens = [.. Load(context)];

    // Arrows followed by the activity that just completed, whose arrival has not been looked at yet.
    private readonly List<FlowConnection> _arriving = [];

    public void ChildCompleted(ChildCompletion child)
    {
        DropIdleBlocks(child.Node.Id);
        var followed = plan.From(child.Node).Where(c => child.Outcomes.Contains(c.Port)).ToList();
        foreach (var connection in followed)
            _tokens.Add(new Token(connection.Key, connection.Target.Id, false));
        // As in Elsa, what this activity just sent to itself is used up too: it runs again, and nothing else waits for that.
        _tokens.RemoveAll(t => t.To == child.Node.Id && !t.IsBlock);

        _arriving.AddRange(followed);
        foreach (var connection in followed)
        {
            _arriving.Remove(connection);
            Arrive(connection);
        }

        Save();
        if (!context.HasPendingWork && !context.HasFaultedChildren && !_tokens.Exists(t => t.IsUnused))
            context.Complete();
    }

    public void CancelUpstream(ActivityNode join)
    {
        var upstream = directions.Upstream(join);
        foreach (var node in context.CancelRunning((node, tag) => upstream.Contains(FlowReturn.Represented(plan, node, tag).Node.Id))
            .Select(c => FlowReturn.Represented(plan, context.Graph.Find(c.NodeId)!, c.Tag).Node))
        {
            var sent = plan.From(node).Select(c => c.Key).ToHashSet();
            _tokens.RemoveAll(t => t.To == node.Id || sent.Contains(t.Connection));
        }

        DropIdleBlocks();
        Save();
    }

    /// <summary>Writes the past of the redone joins anew; see <see cref="FlowReturn"/>.</summary>
    public void Redo(ActivityNode target, HashSet<string> redone)
    {
        var sources = plan.Connections.ToDictionary(c => c.Key, c => c.Source.Id);
        bool IsRedone(Token token) => !sources.TryGetValue(token.Connection, out var source) || redone.Contains(source);
        _tokens.RemoveAll(t => t.To == target.Id || (redone.Contains(t.To) && (t.IsBlock || IsRedone(t))));
        for (var i = 0; i < _tokens.Count; i++)
        {
            if (redone.Contains(_tokens[i].To))
                _tokens[i] = _tokens[i] with { IsSpent = true };
        }

        foreach (var join in plan.Children.Where(c => redone.Contains(c.Id) && c.Id != target.Id))
        {
            foreach (var connection in directions.ForwardInto(join).Where(c => !redone.Contains(c.Source.Id) && !HasToken(c) && !IsUnderWay(c)))
                _tokens.Add(new Token(connection.Key, join.Id, false, true));
        }

        _tokens.Add(new Token($"return->{target.Id}", target.Id, false));
        Save();
    }

    private void Arrive(FlowConnection connection)
    {
        var target = connection.Target;
        switch (MergeModeOf(target))
        {
            case MergeMode.Race:
                First(connection, cancelsOthers: true);
                break;
            case MergeMode.Cascade:
                First(connection, cancelsOthers: false);
                break;
            case MergeMode.Merge when directions.ForwardInto(target) is { Count: > 1 } inbound:
                if (inbound.All(HasToken))
                    context.Schedule(target);
                break;
            case MergeMode.Converge when directions.Into(target) is { Count: > 1 } inbound:
                if (inbound.All(HasToken))
                    context.Schedule(target);
                break;
            case MergeMode.Merge or MergeMode.Converge:
                context.Schedule(target);
                break;
            default:
                // A branch before the target is still under way: its arrival will be the one that counts.
                if (!directions.ForwardInto(target).Any(c => _tokens.Exists(t => t.To == c.Source.Id && t.IsUnused)))
                    context.Schedule(target);
                break;
        }
    }

    private void First(FlowConnection connection, bool cancelsOthers)
    {
        if (_tokens.Remove(new Token(connection.Key, connection.Target.Id, true)))
        {
            _tokens.Remove(new Token(connection.Key, connection.Target.Id, false));
            return;
        }

        var target = connection.Target;
        context.Schedule(target);
        if (cancelsOthers)
            CancelUpstream(target);
        _tokens.RemoveAll(t => t.IsBlock && t.To == target.Id);
        foreach (var other in directions.ForwardInto(target).Where(c => c.Key != connection.Key && IsUnderWay(c)))
            _tokens.Add(new Token(other.Key, target.Id, true));
    }

    private bool HasToken(FlowConnection connection) => _tokens.Exists(t => !t.IsBlock && t.Connection == connection.Key);

    /// <summary>True while something may still come along the arrow.</summary>
    /// <param name="leaving">An activity that is just being left, its arrivals not yet looked at.</param>
    private bool IsUnderWay(FlowConnection connection, string? leaving = null)
    {
        var upstream = directions.Upstream(connection.Source);
        upstream.Add(connection.Source.Id);
        return _arriving.Exists(c => c == connection || upstream.Contains(c.Target.Id))
            || (leaving is not null && upstream.Contains(leaving))
            || _tokens.Exists(t => t.IsUnused && upstream.Contains(t.To))
            || context.RunningChildren.Any(c => upstream.Contains(c.Id))
            || plan.Children.Any(c => upstream.Contains(c.Id) && context.IsQueued(c));
    }

    /// <summary>A block on an arrow along which nothing can come any more would swallow the next round.</summary>
    private void DropIdleBlocks(string? leaving = null) =>
        _tokens.RemoveAll(t => t.IsBlock && !directions.ForwardInto(plan.Child(t.To)!).Any(c => c.Key == t.Connection && IsUnderWay(c, leaving)));

    private MergeMode MergeModeOf(ActivityNode node)
    {
        if (node.Type == "Elsa.FlowJoin")
            return Flowchart.ModeOf(context, node) == FlowJoinMode.WaitAny ? MergeMode.Race : MergeMode.Merge;
        return Enum.TryParse<MergeMode>(ValueConverter.Text(node.CustomProperties?["mergeMode"]), ignoreCase: true, out var mode) ? mode : MergeMode.None;
    }

    private static IEnumerable<Token> Load(ActivityContext context) =>
        (context.Get<JsonArray>(TokensKey) ?? []).Select(t => new Token((string)t!["on"]!, (string)t["to"]!, t["block"] is not null, t["spent"] is not null));

    private void Save() => context.Set(TokensKey, new JsonArray([.. _tokens.Select(Written)]));

    private static JsonObject Written(Token token)
    {
        var json = new JsonObject { ["on"] = token.Connection, ["to"] = token.To };
        if (token.IsBlock)
            json["block"] = true;
        if (token.IsSpent)
            json["spent"] = true;
        return json;
    }

    /// <summary>An unused token on an arrow, a block that swallows the next arrival on it, or the report of an earlier time that a join may still use.</summary>
    private sealed record Token(string Connection, string To, bool IsBlock, bool IsSpent = false)
    {
        public bool IsUnused => !IsBlock && !IsSpent;
    }

    private enum MergeMode
    {
        None,
        Stream,
        Merge,
        Converge,
        Cascade,
        Race,
    }
}
