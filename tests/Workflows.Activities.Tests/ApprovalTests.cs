using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.UserTasks;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

public sealed class ApprovalTests
{
    [Fact]
    public void The_only_holder_of_a_post_becomes_the_assignee_and_is_told_why()
    {
        var run = Started("activity_owner", ("roles", Json(new JsonArray("supervisor"))));

        Assert.Equal("supervisor", run.OpenTask.Assignee);
        Assert.Equal("因为您是主管", run.OpenTask.Reason);
        Assert.Equal(["activity_owner"], run.OpenTask.Excluded);
        Assert.Equal(1, run.OpenTask.Round);
        Assert.NotEqual(0, run.OpenTask.Revision);
    }

    [Fact]
    public void Several_holders_of_a_post_may_claim_it_and_the_first_keeps_it()
    {
        var run = Started("activity_owner", ("roles", Json(new JsonArray("cs_agent"))));

        Assert.Null(run.OpenTask.Assignee);
        Assert.Equal(["role:cs_agent"], run.OpenTask.Candidates);
        Assert.IsType<BurstResult.Changed>(run.Act("cs_agent_1", "claim"));
        var refused = Assert.IsType<BurstResult.Refused>(run.Act("cs_agent_2", "approve"));
        Assert.Equal("cs_agent_1", Assert.IsType<TaskVerdict.AlreadyClaimed>(refused.Verdict).By);
    }

    [Theory]
    [InlineData("approve", "Approved")]
    [InlineData("reject", "Rejected")]
    [InlineData("return", "Returned")]
    public void Each_decision_leaves_by_its_own_outcome_with_the_decider_and_the_comment(string action, string outcome)
    {
        var run = Started("activity_owner", ("roles", Json(new JsonArray("supervisor"))));

        run.Act("supervisor", action, "看过了");

        Assert.Equal($"{outcome} 看过了 supervisor", $"{run.Lines} {run.Instance.Output["comment"]} {run.Instance.Output["by"]}");
        Assert.Equal(UserTaskState.Completed, run.Tasks.Single().State);
        Assert.Equal("supervisor", run.Journal.Single(e => e.Event == "Decided").By);
        Assert.Null(run.Journal.Last(e => e is { Event: "Completed", ActivityType: "Elsa.WriteLine" }).By);
    }

    [Fact]
    public void Rejecting_without_a_comment_is_refused_and_changes_nothing()
    {
        var run = Started("activity_owner", ("roles", Json(new JsonArray("supervisor"))));

        var refused = Assert.IsType<BurstResult.Refused>(run.Act("supervisor", "reject"));

        Assert.IsType<TaskVerdict.CommentMissing>(refused.Verdict);
        Assert.Single(run.Instance.Tasks);
    }

    [Fact]
    public void The_applicant_never_decides_and_the_task_goes_to_the_next_manager_up()
    {
        var run = Started("supervisor", ("roles", Json(new JsonArray("supervisor"))));

        Assert.Equal("store_ops_manager", run.OpenTask.Assignee);
        Assert.Equal("因为主管老王不能办理此件，您是其上级", run.OpenTask.Reason);
    }

    [Fact]
    public void The_applicant_who_holds_the_post_with_others_is_left_out()
    {
        var run = Started("cs_agent_1", ("roles", Json(new JsonArray("cs_agent"))));

        Assert.Equal("cs_agent_2", run.OpenTask.Assignee);
    }

    [Fact]
    public void The_manager_of_the_applicant_is_found_in_the_organisation()
    {
        var run = Started("activity_owner", ("managerOfInitiator", true));

        Assert.Equal("supervisor", run.OpenTask.Assignee);
        Assert.Equal("因为您是申请人活动负责人小李的上级", run.OpenTask.Reason);
    }

    [Fact]
    public void Nobody_to_ask_is_an_incident_and_never_an_approval()
    {
        foreach (var (initiator, rule) in new[] { ("activity_owner", ("roles", (JsonNode)Json(new JsonArray("finance")))), ("ops_director", ("roles", Json(new JsonArray("ops_director")))), ("ops_director", ("managerOfInitiator", true)) })
        {
            var run = Started(initiator, rule);

            Assert.Equal("no-approver", run.Instance.Incidents.Single().Kind);
            Assert.Equal(WorkflowSubStatus.Faulted, run.Instance.SubStatus);
            Assert.Equal("", run.Lines);
        }
    }

    [Fact]
    public void Under_four_eyes_nobody_decides_at_two_nodes()
    {
        var run = new InMemoryRun(new Flow(Sequence("s",
            Step("Human.Approval", "one", ("users", Json(new JsonArray("supervisor")))),
            Step("Human.Approval", "two", ("users", Json(new JsonArray("supervisor")))))).Compile(), People.Shop).InitiatedBy("activity_owner");
        run.Start();
        run.Act("supervisor", "approve");

        Assert.Equal("store_ops_manager", run.OpenTask.Assignee);
        Assert.Contains("supervisor", run.OpenTask.Excluded);
    }

    [Fact]
    public void Under_four_eyes_nobody_decides_in_two_branches_that_wait_side_by_side()
    {
        var run = new InMemoryRun(new Flow(Step("Elsa.Parallel", "p", ("activities", new JsonArray(
            Step("Human.Approval", "one", ("users", Json(new JsonArray("supervisor")))),
            Step("Human.Approval", "two", ("users", Json(new JsonArray("supervisor"))))))))
            .Compile(), People.Shop).InitiatedBy("activity_owner");
        run.Start();
        var second = run.Instance.Tasks[1].Id;
        run.Apply(new Stimulus.ActOnTask(new TaskCommand(run.Instance.Tasks[0].Id, "approve", "supervisor", ["supervisor", "role:supervisor"])));

        var refused = Assert.IsType<BurstResult.Refused>(run.Apply(new Stimulus.ActOnTask(new TaskCommand(second, "approve", "supervisor", ["supervisor", "role:supervisor"]))));

        Assert.IsType<TaskVerdict.NotACandidate>(refused.Verdict);
        Assert.Equal("store_ops_manager", run.OpenTask.Assignee);
        run.Act("store_ops_manager", "approve");
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void Under_four_eyes_a_decision_in_an_earlier_round_counts()
    {
        var run = InMemoryRun.Of(new Flow(Chart(
            [Step("Human.Approval", "one", ("roles", Json(new JsonArray("cs_agent")))), Step("Human.Task", "mend", ("initiator", true)), Step("Human.Approval", "two", ("roles", Json(new JsonArray("cs_agent"))))],
            "one:Returned->mend", "mend->one", "one:Approved->two")), People.Shop).InitiatedBy("activity_owner");
        run.Start();
        run.Act("cs_agent_1", "return", "请补充");
        run.Act("activity_owner", "complete");
        run.Act("cs_agent_2", "approve");

        Assert.Equal("supervisor", run.OpenTask.Assignee);
    }

    [Fact]
    public void A_returned_application_comes_back_as_the_next_round()
    {
        var run = InMemoryRun.Of(new Flow(Chart(
            [Step("Human.Task", "apply", ("initiator", true)), Step("Human.Approval", "check", ("roles", Json(new JsonArray("supervisor")))), Line("end")],
            "apply->check", "check:Returned->apply", "check:Approved->end")), People.Shop).InitiatedBy("activity_owner");
        run.Start();
        run.Act("activity_owner", "complete");
        run.Act("supervisor", "return", "请补充");
        Assert.Equal(2, run.OpenTask.Round);
        run.Act("activity_owner", "complete");
        Assert.Equal(2, run.OpenTask.Round);
        run.Act("supervisor", "approve");

        Assert.Equal("end", run.Lines);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void A_passed_deadline_marks_the_task_and_tells_assignee_and_manager_but_decides_nothing()
    {
        var run = Started("activity_owner", ("roles", Json(new JsonArray("supervisor"))), ("dueIn", "1.00:00:00"));
        run.Advance(TimeSpan.FromHours(23));
        Assert.False(run.OpenTask.Overdue);

        run.Advance(TimeSpan.FromHours(2));

        Assert.True(run.OpenTask.Overdue);
        Assert.Equal("", run.Lines);
        Assert.Contains(run.Journal, e => e.Event == "Overdue");
        Assert.Equal(["notify.site:supervisor", "notify.email:supervisor", "notify.site:store_ops_manager", "notify.email:store_ops_manager"],
            run.Effects.Select(e => $"{e.Kind}:{e.Payload!["user"]}"));
        run.Act("supervisor", "approve");
        Assert.Equal("Approved", run.Lines);
    }

    [Fact]
    public void Of_decision_and_deadline_at_one_instant_the_later_changes_nothing()
    {
        var run = Started("activity_owner", ("roles", Json(new JsonArray("supervisor"))), ("dueIn", "1.00:00:00"));
        var timer = run.Instance.Timers.Single().Id;
        run.Act("supervisor", "approve");

        Assert.IsType<BurstResult.Ignored>(run.Apply(new Stimulus.TimerDue(timer)));
    }

    private static InMemoryRun Started(string initiator, params (string, JsonNode?)[] inputs)
    {
        var approval = Step("Human.Approval", "approval", [.. inputs, ("comment", Into("comment")), ("decidedBy", Into("by"))]);
        var run = InMemoryRun.Of(new Flow(Chart([approval, Line("Approved"), Line("Rejected"), Line("Returned")],
            "approval:Approved->Approved", "approval:Rejected->Rejected", "approval:Returned->Returned")).WithOutput("comment").WithOutput("by"), People.Shop).InitiatedBy(initiator);
        run.Start();
        return run;
    }
}
