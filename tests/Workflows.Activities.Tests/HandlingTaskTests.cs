using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.UserTasks;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

public sealed class HandlingTaskTests
{
    private static readonly JsonObject Schema = new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("name"),
        ["properties"] = new JsonObject { ["name"] = new JsonObject { ["const"] = "双11满减" } },
    };

    [Fact]
    public void A_form_that_breaks_its_rules_is_refused_and_a_good_one_becomes_the_output()
    {
        var run = Started(("form", Json(Schema)));

        var refused = Assert.IsType<BurstResult.Refused>(run.Act("supervisor", "complete", form: new JsonObject { ["name"] = "别的" }));
        Assert.Equal(["name"], Assert.IsType<TaskVerdict.FormRefused>(refused.Verdict).Errors.Keys);
        run.Act("supervisor", "complete", form: new JsonObject { ["name"] = "双11满减" });

        Assert.Equal("Done", run.Lines);
        Assert.Equal("双11满减", run.Instance.Output["values"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public void Somebody_excluded_may_not_do_it_even_when_named()
    {
        var run = Started(("users", Json(new JsonArray("supervisor", "cs_agent_1", "cs_agent_2"))), ("excluded", Json(new JsonArray("supervisor"))));

        Assert.Equal(["cs_agent_1", "cs_agent_2"], run.OpenTask.Candidates);
        Assert.IsType<TaskVerdict.NotACandidate>(Assert.IsType<BurstResult.Refused>(run.Act("supervisor", "complete")).Verdict);
    }

    [Fact]
    public void The_excluded_person_can_come_from_who_did_the_step_before()
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s",
            Step("Human.Task", "first", ("roles", Json(new JsonArray("cs_agent"))), ("decidedBy", Into("operator"))),
            Step("Human.Task", "second", ("roles", Json(new JsonArray("cs_agent"))), ("excluded", Variable("operator"))))).With("operator"), People.Shop);
        run.Start();
        run.Act("cs_agent_2", "complete");

        Assert.Equal("cs_agent_1", run.OpenTask.Assignee);
    }

    [Fact]
    public void A_confirmation_lapses_after_its_time_and_its_task_is_withdrawn()
    {
        var run = Started(("expiresIn", "00:30:00"), ("dueIn", "00:10:00"));

        run.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal("Expired", run.Lines);
        Assert.Equal(UserTaskState.Cancelled, run.Tasks.Single().State);
        Assert.True(run.Tasks.Single().Overdue);
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    [Fact]
    public void Instructions_stand_before_the_facts()
    {
        var run = Started(("instructions", "先备份再删除"), ("content", Json(new JsonObject { ["活动"] = "双11" })));

        Assert.Equal(["办理说明", "活动"], run.OpenTask.Content!.AsObject().Select(c => c.Key));
    }

    private static InMemoryRun Started(params (string Name, JsonNode?)[] inputs)
    {
        var named = inputs.Any(i => i.Name == "users") ? inputs : [("roles", Json(new JsonArray("supervisor"))), .. inputs];
        var task = Step("Human.Task", "task", [.. named, ("result", Into("values"))]);
        var run = InMemoryRun.Of(new Flow(Chart([task, Line("Done"), Line("Expired")], "task:Done->Done", "task:Expired->Expired")).WithOutput("values"), People.Shop)
            .InitiatedBy("activity_owner");
        run.Start();
        return run;
    }
}
