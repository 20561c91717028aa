using System.Text.Json.Nodes;
using Workflows.Activities;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;
using Workflows.Engine.Instances;

namespace Workflows.Engine.Tests.Model;

/// <summary>A generated chart on the real interpreter, told in the words of the model.</summary>
/// <param name="reload">True: after every burst the instance is written and read again, as between two hosts.</param>
internal sealed class ChartRun(Chart chart, bool reload)
{
    private const string ChartPath = "Workflow1:fc";
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly ActivityCatalogue Catalogue = ActivityCatalogue.Of(typeof(ActivityRegistration).Assembly, typeof(ChartRun).Assembly);
    private static readonly ExpressionLanguages Languages = new([new AnswersLanguage()]);

    private readonly WorkflowGraph _graph = Compile(chart);
    private WorkflowInstance _instance = new() { Id = "i", DefinitionId = "chart", DefinitionVersionId = "chart-1", CreatedAt = Now };
    private int _journal;

    public List<string> Events { get; } = [];

    /// <summary>The stored form after the last burst.</summary>
    public byte[] State { get; private set; } = [];

    public string Status => _instance.SubStatus.ToString();

    public IReadOnlyList<string> Waiting => [.. WaitingExecutions.Select(e => Short(e.NodeId))];

    private IEnumerable<ActivityExecution> WaitingExecutions => _instance.Executions.Where(e =>
        e.Status == ActivityStatus.Running && (_instance.Bookmarks.Any(b => b.Execution == e.Number) || _instance.Timers.Any(t => t.Execution == e.Number)));

    public void Start() => Burst(new Stimulus.Start());

    public void Resume(int index, IReadOnlyList<string> outcomes)
    {
        var execution = WaitingExecutions.ElementAt(index);
        Burst(_instance.Timers.FirstOrDefault(t => t.Execution == execution.Number) is { } timer
            ? new Stimulus.TimerDue(timer.Id)
            : new Stimulus.Resume(_instance.Bookmarks.First(b => b.Execution == execution.Number).Id, new JsonArray([.. outcomes.Select(o => (JsonNode)o)])));
    }

    private static WorkflowGraph Compile(Chart chart)
    {
        var read = Assert.IsType<ReadResult.Read>(DefinitionReader.Read(ChartJson.Write(chart)));
        var graph = GraphCompiler.Compile(read.Document, Catalogue, Languages);
        Assert.Empty(graph.Faults);
        return graph;
    }

    private static string Short(string nodeId) => nodeId == ChartPath ? "chart" : nodeId[(nodeId.LastIndexOf(':') + 1)..];

    private void Burst(Stimulus stimulus)
    {
        var result = Assert.IsType<BurstResult.Changed>(Interpreter.Run(new BurstRequest
        {
            Graph = _graph,
            Instance = _instance,
            Stimulus = stimulus,
            Now = Now,
        }));
        Assert.False(result.Continues);
        foreach (var entry in result.Changes.Journal)
        {
            Assert.Equal(++_journal, entry.Sequence);
            if (entry.NodeId?.StartsWith(ChartPath, StringComparison.Ordinal) != true || entry.Event is not ("Started" or "Resumed" or "Completed" or "Canceled" or "Faulted"))
                continue;
            var outcomes = entry.Event == "Completed" ? " " + string.Join(",", entry.Payload!["outcomes"]!.AsArray()) : "";
            Events.Add($"{entry.Event} {Short(entry.NodeId)}{outcomes}");
        }

        State = InstanceCodec.Write(_instance);
        if (reload)
            _instance = InstanceCodec.Read(State);
    }
}
