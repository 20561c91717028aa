using System.Diagnostics;
using System.Globalization;
using Workflows.Activities;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;

namespace Workflows.Benchmarks;

/// <summary>The interpreter alone: bursts and their stored form, no database, one thread.</summary>
internal static class BurstRate
{
    public static string Measure(TimeSpan time)
    {
        var document = ((ReadResult.Read)DefinitionReader.Read(ApprovalWorkload.Definition)).Document;
        var graph = GraphCompiler.Compile(document, ActivityRegistration.Catalogue(), ExpressionLanguages.BuiltIn);
        var people = new OrganisationSnapshot(
        [
            new Person("activity_owner", "活动负责人", "supervisor", null, null, ["activity_owner"]),
            new Person("supervisor", "上级主管", "store_ops_manager", null, null, ["supervisor"]),
            new Person("store_ops_manager", "店铺运营经理", null, null, null, ["store_ops_manager"]),
        ]);
        Run(graph, people, TimeSpan.FromSeconds(0.5));
        var (bursts, seconds, bytes) = Run(graph, people, time);
        return string.Create(CultureInfo.InvariantCulture, $"| interpreter alone, one thread | {bursts / seconds:N0} bursts per CPU second | {seconds * 1e6 / bursts:N1} µs each | {bytes / (double)bursts:N0} bytes of state |");
    }

    private static (long Bursts, double Seconds, long Bytes) Run(WorkflowGraph graph, OrganisationSnapshot people, TimeSpan time)
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(56);
        long bursts = 0, bytes = 0;
        var clock = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        while (clock.Elapsed < time)
        {
            var instance = new WorkflowInstance
            {
                Id = bursts.ToString("x32", CultureInfo.InvariantCulture),
                DefinitionId = graph.DefinitionId,
                DefinitionVersionId = graph.VersionId,
                InitiatedBy = "activity_owner",
                CreatedAt = now,
                Input = new(ApprovalWorkload.Input),
            };
            Stimulus stimulus = new Stimulus.Start();
            for (var step = 0; step < Load.StepsPerInstance; step++)
            {
                var changed = (BurstResult.Changed)Interpreter.Run(new BurstRequest { Graph = graph, Instance = instance, Stimulus = stimulus, Now = now, Organisation = people });
                bursts++;
                bytes += changed.Changes.Instance.State.Length;
                if (changed.Changes.Tasks.FirstOrDefault(t => t.State == UserTaskState.Open) is { } task)
                    stimulus = new Stimulus.ActOnTask(new TaskCommand(task.Id, "approve", task.Assignee!, [task.Assignee!]));
            }
        }

        return (bursts, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, bytes);
    }
}
