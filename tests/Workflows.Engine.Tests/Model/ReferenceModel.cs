namespace Workflows.Engine.Tests.Model;

/// <summary>
/// What a flowchart must do, written from the description of the semantics (counter and token mode) and not from the
/// interpreter, in the simplest way that can be read beside that description. Knows nothing of storage: it lives in
/// memory from the first burst to the last. <see cref="Events"/> is the trace; events read "Started n1",
/// "Resumed n1", "Completed n1 Done", "Canceled n1", "Faulted n1"; the flowchart itself is "chart". As in the compact journal,
/// only what goes on waiting is "Started": for the rest its end says it.
/// </summary>
internal sealed class ReferenceModel
{
    /// <summary>More steps than a sensible case takes; such a case says nothing and is left out.</summary>
    private const int StepLimit = 1_500;

    private readonly Chart _chart;
    private readonly FlowShape _shape;
    private readonly Rules _rules;
    private readonly List<Run> _runs = [];
    private readonly List<(ChartNode Node, bool Backward)> _queue = [];
    private readonly Dictionary<string, int> _asked = [];
    private bool _chartDone;
    private bool _faulted;
    private int _steps;

    public ReferenceModel(Chart chart)
    {
        _chart = chart;
        _shape = new FlowShape(chart);
        _rules = chart.Tokens ? new TokenRules(this) : new CounterRules(this);
    }

    public List<string> Events { get; } = [];

    /// <summary>Node ids that wait, oldest first; a node can stand in it twice.</summary>
    public IReadOnlyList<string> Waiting => [.. _runs.Where(r => r is { Faulted: false, Node.Waits: true }).Select(r => r.Node.Id)];

    /// <summary>Sub-status of the instance between bursts.</summary>
    public string Status => _faulted && !_chart.ContinueWithIncidents ? "Faulted" : _chartDone ? "Finished" : "Suspended";

    public bool Exploded => _steps > StepLimit;

    public void Start()
    {
        if (_shape.Start is { } start)
            _queue.Add((start, false));
        else
            CompleteChart();
        Drain();
    }

    public void Resume(int index, IReadOnlyList<string> outcomes)
    {
        var run = _runs.Where(r => r is { Faulted: false, Node.Waits: true }).ElementAt(index);
        Events.Add($"Resumed {run.Node.Id}");
        Complete(run, run.Node.Kind == NodeKind.Task ? outcomes : ["Done"]);
        Drain();
    }

    private void Drain()
    {
        while (_queue.Count > 0 && !Exploded)
        {
            _steps++;
            var run = new Run(_queue[0].Node, _queue[0].Backward);
            _queue.RemoveAt(0);
            _runs.Add(run);
            Execute(run);
        }
    }

    private void Execute(Run run)
    {
        switch (run.Node.Kind)
        {
            case NodeKind.Task or NodeKind.Delay:
                Events.Add($"Started {run.Node.Id}");
                break;
            case NodeKind.Fail:
                run.Faulted = _faulted = true;
                Events.Add($"Faulted {run.Node.Id}");
                break;
            case NodeKind.Decision:
                var time = _asked[run.Node.Id] = _asked.GetValueOrDefault(run.Node.Id) + 1;
                Complete(run, [run.Node.Answers[Math.Min(time, run.Node.Answers.Length) - 1] == 'T' ? "True" : "False"]);
                break;
            case NodeKind.Fork:
                Complete(run, [.. run.Node.Ports]);
                break;
            case NodeKind.Join when !_chart.Tokens || run.Node.JoinMode == "WaitAny":
                CancelAncestors(run.Node);
                Complete(run, ["Done"]);
                break;
            default:
                Complete(run, ["Done"]);
                break;
        }
    }

    private void Complete(Run run, IReadOnlyList<string> outcomes)
    {
        _runs.Remove(run);
        Events.Add($"Completed {run.Node.Id} {string.Join(",", outcomes)}");
        if (run.Node.Kind == NodeKind.End)
            CompleteChart();
        else
        {
            _rules.Completed(run, outcomes);
            if (_runs.Count == 0 && _queue.Count == 0 && !_rules.HoldsBack)
                CompleteChart();
        }
    }

    private void CompleteChart()
    {
        _queue.Clear();
        foreach (var run in _runs)
            Events.Add($"Canceled {run.Node.Id}");
        _runs.Clear();
        _chartDone = true;
        Events.Add("Completed chart Done");
    }

    private void Schedule(string id, bool backward = false) => _queue.Add((_chart.Node(id), backward));

    private void CancelAncestors(ChartNode join)
    {
        foreach (var run in _runs.Where(r => !r.Faulted && _shape.Ancestors(join.Id).Contains(r.Node.Id)).ToList())
        {
            _runs.Remove(run);
            Events.Add($"Canceled {run.Node.Id}");
            _rules.Canceled(run);
        }
    }

    private sealed class Run(ChartNode node, bool backward)
    {
        public ChartNode Node { get; } = node;

        /// <summary>Scheduled by a backward connection: its end is not a visit.</summary>
        public bool Backward { get; } = backward;

        public bool Faulted { get; set; }
    }

    private abstract class Rules(ReferenceModel model)
    {
        protected ReferenceModel Model { get; } = model;

        protected FlowShape Shape => Model._shape;

        /// <summary>True when the flowchart may not complete although nothing runs.</summary>
        public abstract bool HoldsBack { get; }

        public abstract void Completed(Run run, IReadOnlyList<string> outcomes);

        public abstract void Canceled(Run run);
    }

    /// <summary>Counter mode: visits of nodes and connections; a join looks at how often its inbound connections were visited.</summary>
    private sealed class CounterRules(ReferenceModel model) : Rules(model)
    {
        private readonly Dictionary<string, int> _visits = [];
        private readonly Dictionary<Link, (int Count, bool Followed)> _links = [];

        public override bool HoldsBack => false;

        public override void Completed(Run run, IReadOnlyList<string> outcomes) => Leave(run.Node.Id, outcomes, !run.Backward);

        public override void Canceled(Run run) => Leave(run.Node.Id, [], !run.Backward);

        private void Leave(string id, IReadOnlyList<string> outcomes, bool counts)
        {
            if (counts)
                _visits[id] = _visits.GetValueOrDefault(id) + 1;
            foreach (var link in Shape.Outbound(id))
            {
                var followed = outcomes.Contains(link.Port);
                _links[link] = (_links.GetValueOrDefault(link).Count + 1, followed);
                if (Shape.IsForward(link))
                    Arrive(link, followed);
                else if (followed)
                    Model.Schedule(link.To, backward: true);
            }
        }

        private void Arrive(Link link, bool followed)
        {
            var target = Model._chart.Node(link.To);
            var inbound = Shape.ForwardInbound(target.Id).Select(l => _links.GetValueOrDefault(l)).ToList();
            var newest = inbound.Where(l => l.Count == inbound.Max(m => m.Count)).ToList();
            var visits = _visits.GetValueOrDefault(target.Id);
            var allVisited = inbound.All(l => l.Count > visits);
            var anyFollowed = newest.Any(l => l.Followed);

            switch (target.JoinMode)
            {
                case "WaitAny":
                    if (_links[link].Count <= visits || Model._queue.Any(q => q.Node == target) || Model._runs.Any(r => r.Node == target))
                        return;
                    if (followed)
                    {
                        Model.Schedule(target.Id);
                        Model.CancelAncestors(target);
                    }
                    else if (allVisited && !anyFollowed)
                        Skip(target);
                    break;
                case "WaitAll" when allVisited && !newest.All(l => l.Followed):
                    Skip(target);
                    break;
                default:
                    if (allVisited && anyFollowed)
                        Model.Schedule(target.Id);
                    else if (allVisited)
                        Skip(target);
                    break;
            }
        }

        private void Skip(ChartNode target) => Leave(target.Id, [], counts: true);
    }

    /// <summary>Token mode: a completed node puts tokens on its connections; the target's merge mode says when it runs.</summary>
    private sealed class TokenRules(ReferenceModel model) : Rules(model)
    {
        private readonly List<Token> _tokens = [];
        private readonly List<Link> _arriving = [];

        public override bool HoldsBack => _tokens.Any(t => !t.Blocks);

        public override void Completed(Run run, IReadOnlyList<string> outcomes)
        {
            DropIdleBlocks(run.Node.Id);
            var active = Shape.Outbound(run.Node.Id).Where(l => outcomes.Contains(l.Port)).ToList();
            _tokens.AddRange(active.Select(l => new Token(l, Blocks: false)));
            _tokens.RemoveAll(t => !t.Blocks && t.Link.To == run.Node.Id);
            _arriving.AddRange(active);
            foreach (var link in active)
            {
                _arriving.Remove(link);
                Arrive(link);
            }
        }

        public override void Canceled(Run run)
        {
            _tokens.RemoveAll(t => t.Link.To == run.Node.Id || t.Link.From == run.Node.Id);
            DropIdleBlocks(null);
        }

        private void Arrive(Link link)
        {
            var target = Model._chart.Node(link.To);
            var forward = Shape.ForwardInbound(target.Id);
            switch (ModeOf(target))
            {
                case "Merge" when forward.Count > 1 && !forward.All(Carries):
                case "Converge" when Shape.Inbound(target.Id) is { Count: > 1 } all && !all.All(Carries):
                    return;
                case "Merge" or "Converge":
                    Model.Schedule(target.Id);
                    return;
                case "Race" or "Cascade" when _tokens.Remove(new Token(link, Blocks: true)):
                    _tokens.Remove(new Token(link, Blocks: false));
                    return;
                case "Race" or "Cascade":
                    Model.Schedule(target.Id);
                    if (ModeOf(target) == "Race")
                        Model.CancelAncestors(target);
                    _tokens.AddRange(forward.Where(l => l != link && MayStillCome(l, null)).Select(l => new Token(l, Blocks: true)).Except(_tokens));
                    return;
                default:
                    if (!forward.Any(l => _tokens.Any(t => !t.Blocks && t.Link.To == l.From)))
                        Model.Schedule(target.Id);
                    return;
            }
        }

        /// <summary>A block stands only while something can still come along its connection, else it would swallow the next round.</summary>
        private void DropIdleBlocks(string? leaving) => _tokens.RemoveAll(t => t.Blocks && !MayStillCome(t.Link, leaving));

        private bool MayStillCome(Link link, string? leaving)
        {
            bool Before(string id) => id == link.From || Shape.Ancestors(link.From).Contains(id);
            return _arriving.Any(l => l == link || Before(l.To)) || (leaving is not null && Before(leaving)) || _tokens.Any(t => !t.Blocks && Before(t.Link.To))
                || Model._runs.Any(r => !r.Faulted && Before(r.Node.Id)) || Model._queue.Any(q => Before(q.Node.Id));
        }

        private bool Carries(Link link) => _tokens.Contains(new Token(link, Blocks: false));

        private static string? ModeOf(ChartNode node) => node.JoinMode switch
        {
            null => node.MergeMode,
            "WaitAny" => "Race",
            _ => "Merge",
        };

        private sealed record Token(Link Link, bool Blocks);
    }
}
