using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.UserTasks;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

/// <summary>Going back to an earlier step, in both ways of running a flowchart.</summary>
public sealed class ReturnTests
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 12).Select(n => $"n{n}")];

    private static readonly Engine.Organisation.OrganisationSnapshot Everybody = new([People.Person("owner", "申请人", null), .. Names.Select(n => People.Person(n, n, null))]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Walking_again_asks_every_step_from_there_on_as_the_next_round(bool tokens)
    {
        var run = Started(tokens, ["n0", "n1", "n2"], "n0->n1", "n1->n2", "n2->end");
        Approve(run, "n0");
        Approve(run, "n1");
        Return(run, "n2", "n0", straight: false);

        Assert.Equal(("n0", 2), (run.OpenTask.Assignee, run.OpenTask.Round));
        Approve(run, "n0");
        Assert.Equal(("n1", 2), (run.OpenTask.Assignee, run.OpenTask.Round));
        Approve(run, "n1");
        Approve(run, "n2");
        AssertEnded(run);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Coming_straight_back_asks_only_the_target_and_then_the_one_who_sent_it_back(bool tokens)
    {
        var run = Started(tokens, ["n0", "n1", "n2"], "n0->n1", "n1->n2", "n2->end");
        Approve(run, "n0");
        Approve(run, "n1");
        Return(run, "n2", "n0", straight: true);
        Approve(run, "n0");

        Assert.Equal(("n2", 2), (run.OpenTask.Assignee, run.OpenTask.Round));
        Approve(run, "n2");
        AssertEnded(run);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_return_before_the_fork_cancels_the_sibling_branch_and_the_trial_says_so(bool tokens)
    {
        var run = Started(tokens, ["n0", "n1", "n2"], "n0->n1", "n0->n2", "n1->j", "n2->j", "j->end");
        Approve(run, "n0");
        var task = TaskOf(run, "n1");
        var trial = Assert.IsType<BurstResult.Refused>(run.Apply(new Stimulus.ActOnTask(new TaskCommand(task.Id, "return", "n1", ["n1"], "退回") { To = NodeOf(run, "n0"), IsTrial = true })));
        Assert.Equal("n2", (string)Assert.IsType<TaskVerdict.Planned>(trial.Verdict).Plan["cancels"]![0]!["title"]!);
        Assert.Equal(2, run.Instance.Tasks.Count);

        Return(run, "n1", "n0", straight: false);
        Assert.Equal("n0", run.OpenTask.Assignee);
        Assert.Contains(run.Journal, e => e.Event == "CancelledByReturn");
        Approve(run, "n0");
        Approve(run, "n2");
        Approve(run, "n1");
        AssertEnded(run);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_branch_that_does_not_hang_on_the_target_goes_on_and_its_report_still_counts(bool tokens)
    {
        var run = Started(tokens, ["n0", "n1", "n2", "n3"], "n0->n1", "n0->n3", "n1->n2", "n2->j", "n3->j", "j->end");
        Approve(run, "n0");
        Approve(run, "n1");
        Approve(run, "n3");
        Return(run, "n2", "n1", straight: false);
        Assert.Equal("n1", run.OpenTask.Assignee);
        Approve(run, "n1");
        Approve(run, "n2");
        AssertEnded(run);
    }

    [Fact]
    public void Returned_to_the_applicant_the_form_is_mended_and_handed_in_again()
    {
        var form = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["amount"] = new JsonObject { ["type"] = "number" } } };
        var run = InMemoryRun.Of(new Flow(Chart(
            [Step("Human.Approval", "n0", ("users", Json(new JsonArray("n0"))), ("content", Script("({ 金额: variables.amount })")), ("resubmitForm", Json(form))), Line("end")],
            "n0:Approved->end")).With("amount", 1), Everybody).InitiatedBy("owner");
        run.Start();
        Return(run, "n0", ReturnTarget.Initiator, straight: true);
        Assert.Equal(("owner", UserTaskKind.Handling), (run.OpenTask.Assignee, run.OpenTask.Kind));

        run.Act("owner", "complete", form: new JsonObject { ["amount"] = 5 });

        Assert.Equal(("n0", 2, 5), (run.OpenTask.Assignee, run.OpenTask.Round, (int)run.OpenTask.Content!["金额"]!));
        Approve(run, "n0");
        AssertEnded(run);
    }

    [Fact]
    public void The_last_approver_takes_a_decision_back_while_nobody_went_on_from_it()
    {
        var run = Started(false, ["n0", "n1", "n2"], "n0->n1", "n1->n2", "n2->end");
        BurstResult TakeBack(string by) => run.Apply(new Stimulus.ActOnInstance(new InstanceCommand(InstanceActs.TakeBack, by)));
        Approve(run, "n0");
        Assert.IsType<BurstResult.Refused>(TakeBack("n1"));
        Assert.IsType<BurstResult.Changed>(TakeBack("n0"));
        Assert.Equal("n0", run.OpenTask.Assignee);
        Approve(run, "n0");
        Approve(run, "n1");

        Assert.Equal("take-back-not-last", Assert.IsType<TaskVerdict.NotPossible>(Assert.IsType<BurstResult.Refused>(TakeBack("n0")).Verdict).Code);
        Approve(run, "n2");
        AssertEnded(run);
    }

    [Fact]
    public void A_next_task_that_was_taken_up_cannot_be_pulled_away()
    {
        var run = Started(false, ["n0", "n1"], "n0->n1", "n1->end");
        Approve(run, "n0");
        run.Apply(new Stimulus.ActOnTask(new TaskCommand(run.OpenTask.Id, "request-info", "n1", ["n1"], "请说明") { People = ["owner"] }));

        var refused = Assert.IsType<BurstResult.Refused>(run.Apply(new Stimulus.ActOnInstance(new InstanceCommand(InstanceActs.TakeBack, "n0"))));
        Assert.Equal("take-back-late", Assert.IsType<TaskVerdict.NotPossible>(refused.Verdict).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_is_returned_wherever_every_instance_ends(bool tokens)
    {
        var returns = 0;
        for (var seed = 1; seed <= 250; seed++)
        {
            var random = new Random(seed);
            var count = random.Next(3, 9);
            // Every step hangs on one or two earlier ones, so branches fork and meet anywhere; what leads nowhere leads to the end.
            var arrows = new List<string>();
            for (var n = 1; n < count; n++)
            {
                foreach (var from in Enumerable.Range(0, random.Next(1, 3)).Select(_ => random.Next(n)).Distinct())
                    arrows.Add($"n{from}->n{n}");
            }

            var joins = arrows.Select(a => a.Split("->")[1]).GroupBy(t => t).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
            arrows.AddRange(Enumerable.Range(0, count).Where(n => !arrows.Exists(a => a.StartsWith($"n{n}->", StringComparison.Ordinal))).Select(n => $"n{n}->j"));
            arrows.Add("j->end");
            var run = Started(tokens, Names[..count], joins, [.. arrows]);
            var left = 6;
            for (var step = 0; run.Instance.Status == WorkflowStatus.Running; step++)
            {
                Assert.True(step < 300, $"seed {seed}: it never ends");
                Assert.True(run.Instance.Tasks.Count > 0 && run.Instance.Incidents.Count == 0, $"seed {seed}: it hangs after {string.Join(' ', run.Journal.Where(e => e.Event == "Decided").Select(e => $"{e.By}:{e.Payload!["action"]}{e.Payload["to"]}{e.Payload["straight"]}"))} in {string.Join(' ', arrows)}");
                var task = run.Instance.Tasks[random.Next(run.Instance.Tasks.Count)];
                var targets = task.ReturnTargets.Where(t => t.NodeId != ReturnTarget.Initiator).ToList();
                if (targets.Count > 0 && left > 0 && random.Next(3) == 0)
                {
                    left--;
                    var outcome = run.Apply(new Stimulus.ActOnTask(new TaskCommand(task.Id, "return", task.Assignee!, [task.Assignee!], "退回")
                    {
                        To = targets[random.Next(targets.Count)].NodeId,
                        ComesStraightBack = random.Next(2) == 0,
                    }));
                    Assert.True(outcome is BurstResult.Changed or BurstResult.Refused { Verdict: TaskVerdict.NotPossible { Code: "target-busy" } }, $"seed {seed}: {outcome}");
                    returns += outcome is BurstResult.Changed ? 1 : 0;
                }
                else
                {
                    run.Act(task.Assignee!, "approve", task: task);
                }
            }

            Assert.True(run.Lines.Split(' ').Count(l => l == "end") == 1, $"seed {seed}: it ended with “{run.Lines}” after {string.Join(' ', run.Journal.Where(e => e.Event == "Decided").Select(e => $"{e.By}:{e.Payload!["action"]}{e.Payload["to"]}{e.Payload["straight"]}"))} in {string.Join(' ', arrows)}");
            var last = run.Journal.Where(e => e.Event == "Decided").GroupBy(e => e.By).ToDictionary(g => g.Key!, g => (string)g.Last().Payload!["action"]!);
            Assert.True(last.Count == count && last.Values.All(d => d == "approve"), $"seed {seed}: somebody was passed over");
        }

        Assert.True(returns > 200);
    }

    private static InMemoryRun Started(bool tokens, string[] steps, params string[] arrows) => Started(tokens, steps, ["j"], arrows);

    private static InMemoryRun Started(bool tokens, string[] steps, IEnumerable<string> joins, params string[] arrows)
    {
        var merging = joins.ToHashSet();
        var activities = steps.Select(n =>
        {
            var step = Step("Human.Approval", n, ("title", n), ("users", Json(new JsonArray(n))));
            step["metadata"] = new JsonObject { ["displayText"] = n };
            if (tokens && merging.Contains(n))
                step["customProperties"] = new JsonObject { ["mergeMode"] = "Converge" };
            return step;
        }).ToList();
        var lines = arrows.Select(a => a.Split("->")[0] is var from && from.StartsWith('n') ? $"{from}:Approved->{a.Split("->")[1]}" : a).ToArray();
        if (arrows.Any(a => a.StartsWith("j->", StringComparison.Ordinal)))
            activities.Add(Join("j", "WaitAll"));
        activities.Add(Line("end"));
        var chart = tokens ? TokenChart([.. activities], lines) : Chart([.. activities], lines);
        var run = InMemoryRun.Of(new Flow(chart), Everybody).InitiatedBy("owner");
        run.Start();
        return run;
    }

    private static UserTask TaskOf(InMemoryRun run, string who) => run.Instance.Tasks.Single(t => t.Assignee == who);

    private static string NodeOf(InMemoryRun run, string who) => run.Tasks.First(t => t.Assignee == who).NodeId;

    private static void Approve(InMemoryRun run, string who) => Assert.IsType<BurstResult.Changed>(run.Act(who, "approve", task: TaskOf(run, who)));

    private static void Return(InMemoryRun run, string who, string to, bool straight) => Assert.IsType<BurstResult.Changed>(
        run.Apply(new Stimulus.ActOnTask(new TaskCommand(TaskOf(run, who).Id, "return", who, [who], "退回")
        {
            To = to == ReturnTarget.Initiator ? to : NodeOf(run, to),
            ComesStraightBack = straight,
        })));

    private static void AssertEnded(InMemoryRun run)
    {
        Assert.Equal("end", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }
}
