using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.UserTasks;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

public sealed class ApprovalModeTests
{
    private static readonly OrganisationSnapshot Shop = new(
    [
        People.Person("owner", "小李", "a"),
        People.Person("a", "阿一", "b"),
        People.Person("b", "阿二", "c"),
        People.Person("c", "阿三", "top"),
        People.Person("top", "总监", null, "director"),
        People.Person("d", "丁", "top", "finance"),
        People.Person("e", "戊", "top", "finance"),
        People.Person("deputy", "代理", "top"),
        People.Person("admin", "管理员", "top", "workflow_manager"),
    ]);

    [Fact]
    public void All_asks_everybody_at_once_and_one_rejection_cancels_the_rest_visibly()
    {
        var run = Started(Users("a", "b", "c"), ("mode", "All"));
        Assert.Equal(["a", "b", "c"], Open(run));

        Do(run, "b", "approve");
        Assert.Equal(["a", "c"], Open(run));
        Do(run, "c", "reject");

        Assert.Equal("Rejected", run.Lines);
        Assert.Equal(UserTaskState.Cancelled, run.Tasks.Single(t => t.Assignee == "a").State);
        Assert.Contains(run.Journal, e => e.Message == "阿一：审批已有结果，无需再处理");
        Assert.Contains(run.Journal, e => e.Message == "会签：3 人，同意 1，驳回 1，结果驳回");
        Assert.Equal(2, run.Instance.Output["all"]!.AsArray().Count);
    }

    [Fact]
    public void In_turn_each_is_asked_after_the_one_before_and_has_the_whole_time()
    {
        var run = Started(Users("a", "b"), ("mode", "Sequential"), ("dueIn", "1.00:00:00"));
        Assert.Equal(["a"], Open(run));
        run.Advance(TimeSpan.FromHours(20));
        Do(run, "a", "approve");
        Assert.Equal(["b"], Open(run));

        run.Advance(TimeSpan.FromHours(10));
        Assert.False(run.OpenTask.Overdue);
        run.Advance(TimeSpan.FromHours(15));
        Assert.True(run.OpenTask.Overdue);
        Do(run, "b", "approve");

        Assert.Equal("Approved", run.Lines);
    }

    [Fact]
    public void M_of_n_is_decided_as_soon_as_enough_agree()
    {
        var run = Started(Users("a", "b", "c"), ("mode", "Quorum"), ("required", 2));
        Do(run, "a", "approve");
        Do(run, "b", "reject");
        Do(run, "c", "approve");

        Assert.Equal("Approved", run.Lines);
    }

    [Fact]
    public void Of_each_group_one_speaks_and_nobody_speaks_for_two()
    {
        var run = Started([("roles", Json(new JsonArray("finance", "director")))], ("mode", "PerGroup"));
        Assert.Equal(["role:finance", "top"], run.Instance.Tasks.Select(t => t.Assignee ?? t.Candidates[0]));

        Do(run, "d", "approve", run.Instance.Tasks[0]);
        Assert.Equal(["top"], Open(run));
        Do(run, "top", "approve");

        Assert.Equal("Approved", run.Lines);
    }

    [Fact]
    public void A_chain_of_managers_goes_up_level_by_level_until_the_post()
    {
        var levels = Started([("managerLevels", 2)]);
        Assert.Equal("因为您是申请人小李的第 1 级上级", levels.OpenTask.Reason);
        Do(levels, "a", "approve");
        Do(levels, "b", "approve");
        Assert.Equal("Approved", levels.Lines);

        var until = Started([("managersUntil", "director")]);
        foreach (var who in new[] { "a", "b", "c", "top" })
            Do(until, who, "approve");
        Assert.Equal("Approved", until.Lines);
    }

    [Fact]
    public void The_initiator_may_choose_and_an_expression_may_read_the_form()
    {
        var chosen = InMemoryRun.Of(Definition([], ("chosenByInitiator", true)), Shop).InitiatedBy("owner").WithInput("approvers", new JsonObject { ["approval"] = new JsonArray("c") });
        chosen.Start();
        Assert.Equal("c 申请人选择由您审批", $"{chosen.OpenTask.Assignee} {chosen.OpenTask.Reason![2..]}");

        var read = InMemoryRun.Of(Definition([("users", Script("[getInput('buddy')]"))]), Shop).InitiatedBy("owner").WithInput("buddy", "d");
        read.Start();
        Assert.Equal("d", read.OpenTask.Assignee);
    }

    [Fact]
    public void When_nobody_is_found_stand_ins_are_asked_in_order_and_it_is_told()
    {
        var deputy = Started(Users("nobody"), ("deputies", Json(new JsonArray("deputy"))));
        Assert.Equal("deputy", deputy.OpenTask.Assignee);
        Assert.Equal("因为人员 nobody 不存在或已停用，您是指定的代理审批人", deputy.OpenTask.Reason);
        Assert.Contains(deputy.Journal, e => e.Event == "StandIn");

        Assert.Equal("admin", Started(Users("nobody")).OpenTask.Assignee);
        var off = Started(Users("nobody"), ("fallBack", false));
        Assert.Equal("no-approver", off.Instance.Incidents.Single().Kind);
    }

    [Fact]
    public void Automatic_decisions_are_off_by_default_and_told_when_they_are_on()
    {
        Assert.Equal("a", Started(Users("owner")).OpenTask.Assignee);

        var run = Started(Users("owner", "b"), ("mode", "All"), ("autoApproveInitiator", true));
        Assert.Contains(run.Journal, e => e.Message == "系统自动通过：小李（申请人即审批人）");
        Assert.Equal(["b"], Open(run));
        Do(run, "b", "approve");
        Assert.Equal("Approved", run.Lines);

        var twice = new InMemoryRun(new Flow(Sequence("s",
            Step("Human.Approval", "one", ("users", Json(new JsonArray("a")))),
            Step("Human.Approval", "two", ("users", Json(new JsonArray("a"))), ("autoApproveRepeated", true)))).Compile(), Shop).InitiatedBy("owner");
        twice.Start();
        Do(twice, "a", "approve");
        Assert.Equal(WorkflowSubStatus.Finished, twice.Instance.SubStatus);
        Assert.Contains(twice.Journal, e => e.Message == "系统自动通过：阿一（同一审批人已同意）");
    }

    [Fact]
    public void A_transferred_task_is_the_others_and_four_eyes_holds_for_them_too()
    {
        var run = Started(Users("a"));

        Assert.IsType<TaskVerdict.BadPerson>(Refusal(run, "a", "transfer", "owner"));
        Assert.IsType<TaskVerdict.BadPerson>(Refusal(run, "a", "transfer", "stranger"));
        Assert.IsType<TaskVerdict.CommentMissing>(Refusal(run, "a", "transfer", "c", null));
        Do(run, "a", "transfer", "c");

        Assert.Equal("c", run.OpenTask.Assignee);
        Assert.IsType<TaskVerdict.NotACandidate>(Refusal(run, "a", "approve"));
        Do(run, "c", "approve");
        Assert.Equal("Approved", run.Lines);
    }

    [Fact]
    public void A_delegated_task_comes_back_with_the_opinion()
    {
        var run = Started(Users("a"));
        Do(run, "a", "delegate", "c");

        Assert.Equal("c", run.OpenTask.Assignee);
        Assert.IsType<TaskVerdict.UnknownAction>(Refusal(run, "c", "approve"));
        Do(run, "c", "answer");
        Assert.Equal("a", run.OpenTask.Assignee);
        Do(run, "a", "approve");

        Assert.Equal("Approved", run.Lines);
    }

    [Theory]
    [InlineData(SeatPlace.Before, "c", "c a")]
    [InlineData(SeatPlace.After, "a", "a c")]
    [InlineData(SeatPlace.Beside, "a c", "c a")]
    public void Signers_are_added_before_after_and_beside(SeatPlace place, string then, string order)
    {
        var run = Started(Users("a"));
        var planned = Assert.IsType<TaskVerdict.Planned>(Assert.IsType<BurstResult.Refused>(run.Apply(Stimulus(run, "a", "add-signers", place, isTrial: true, people: ["c"]))).Verdict);
        Assert.Equal(2, planned.Plan["chain"]!.AsArray().Count);
        Assert.Equal(["a"], Open(run));

        Assert.IsType<BurstResult.Changed>(run.Apply(Stimulus(run, "a", "add-signers", place, people: ["c"])));
        Assert.Equal(then.Split(' '), Open(run).Order());
        foreach (var who in order.Split(' '))
            Do(run, who, "approve");

        Assert.Equal("Approved", run.Lines);
    }

    [Fact]
    public void Who_added_a_signer_may_take_them_out_again()
    {
        var run = Started(Users("a", "b"), ("mode", "All"));
        run.Apply(Stimulus(run, "a", "add-signers", SeatPlace.Beside, people: ["c"]));

        Assert.IsType<TaskVerdict.BadPerson>(Refusal(run, "a", "remove-signers", "b"));
        Do(run, "a", "remove-signers", "c");

        Assert.Equal(["a", "b"], Open(run));
    }

    [Fact]
    public void Asking_for_information_keeps_the_task_and_a_comment_answers()
    {
        var run = Started(Users("a"));
        Do(run, "a", "request-info", "owner");
        Assert.Equal(("a", "owner"), (run.OpenTask.Assignee, run.OpenTask.InfoFrom));

        run.Apply(new Stimulus.ActOnInstance(new InstanceCommand(InstanceActs.Comment, "owner", "补充如下") { People = ["d"] }));

        Assert.Null(run.OpenTask.InfoFrom);
        Assert.Equal("补充如下", run.Journal.Single(e => e.Event == "Commented").Message);
        Assert.Contains(run.Effects, e => e.Kind == "inbox.cc");
    }

    [Fact]
    public void Urging_has_a_cool_down_per_person()
    {
        var run = Started(Users("a", "b"), ("mode", "Sequential"));
        BurstResult Urge(string by) => run.Apply(new Stimulus.ActOnInstance(new InstanceCommand(InstanceActs.Urge, by)));

        Assert.IsType<BurstResult.Refused>(Urge("d"));
        Assert.IsType<BurstResult.Changed>(Urge("owner"));
        var early = Assert.IsType<TaskVerdict.NotPossible>(Assert.IsType<BurstResult.Refused>(Urge("owner")).Verdict);
        Assert.Equal(("urged-lately", run.Now + TimeSpan.FromHours(4)), (early.Code, early.Until));
        Do(run, "a", "approve");
        Assert.IsType<BurstResult.Changed>(Urge("owner"));
        run.Advance(TimeSpan.FromHours(4));
        Assert.IsType<BurstResult.Changed>(Urge("owner"));
    }

    [Fact]
    public void The_head_of_the_department_decides_and_a_deputy_stands_in_while_they_are_away()
    {
        var data = new OrganisationData([.. Shop.People.Select(p => p.UserName == "owner" ? p with { Department = "shop" } : p)])
        {
            Departments = [new Department("shop", "店铺部", null, "b", 1)],
            Delegations = [new Delegation("1", "b", "d", null, new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 8, 0, 0, 0, TimeSpan.Zero), "年假", "b", new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero))],
        };
        var run = InMemoryRun.Of(Definition([("departmentHead", true)]), new OrganisationSnapshot(data)).InitiatedBy("owner");
        run.Start();

        Assert.Equal(("d", "b"), (run.OpenTask.Assignee, run.OpenTask.OnBehalfOf));
        Assert.Equal("因为您是店铺部负责人；丁 代 阿二", run.OpenTask.Reason);
        Do(run, "d", "approve");
        Assert.Equal("b", (string?)run.Instance.Output["all"]![0]!["onBehalfOf"]);

        // Nobody sits at one table twice, also not for somebody else.
        var both = InMemoryRun.Of(Definition(Users("b", "d"), ("mode", "All")), new OrganisationSnapshot(data)).InitiatedBy("owner");
        both.Start();
        Assert.Equal(["b", "d"], Open(both));
    }

    [Fact]
    public void A_decision_on_what_was_not_shown_is_refused()
    {
        var run = Started(Users("a"), ("content", Json(new JsonObject { ["金额"] = 1 })));
        BurstResult Decide(string hash) => run.Apply(new Stimulus.ActOnTask(new TaskCommand(run.OpenTask.Id, "approve", "a", ["a"]) { ContentHash = hash }));

        Assert.IsType<TaskVerdict.ContentChanged>(Assert.IsType<BurstResult.Refused>(Decide("other")).Verdict);
        Assert.IsType<BurstResult.Changed>(Decide(TaskContent.HashOf(run.OpenTask)));
    }

    [Fact]
    public void Field_rights_hide_facts_before_they_leave_the_engine()
    {
        var run = Started(Users("a"), ("content", Json(new JsonObject { ["金额"] = 1, ["成本"] = 2 })), ("fieldRights", Json(new JsonObject { ["成本"] = "hide" })));

        Assert.Equal("""{"金额":1}""", run.OpenTask.Content!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    private static (string, JsonNode?)[] Users(params string[] names) => [("users", Json(new JsonArray([.. names.Select(n => (JsonNode)n)])))];

    private static Flow Definition((string, JsonNode?)[] who, params (string, JsonNode?)[] inputs) => new Flow(Chart(
        [Step("Human.Approval", "approval", [.. who, .. inputs, ("decisions", Into("all"))]), Line("Approved"), Line("Rejected"), Line("Returned")],
        "approval:Approved->Approved", "approval:Rejected->Rejected", "approval:Returned->Returned")).WithOutput("all");

    private static InMemoryRun Started((string, JsonNode?)[] who, params (string, JsonNode?)[] inputs)
    {
        var run = InMemoryRun.Of(Definition(who, inputs), Shop).InitiatedBy("owner");
        run.Start();
        return run;
    }

    private static IEnumerable<string> Open(InMemoryRun run) => run.Instance.Tasks.Select(t => t.Assignee!);

    private static void Do(InMemoryRun run, string user, string action, UserTask task) => Assert.IsType<BurstResult.Changed>(run.Act(user, action, "意见", task: task));

    private static void Do(InMemoryRun run, string user, string action, params string[] people) =>
        Assert.IsType<BurstResult.Changed>(run.Apply(Stimulus(run, user, action, people: people)));

    private static TaskVerdict Refusal(InMemoryRun run, string user, string action, string? person = null, string? comment = "意见") =>
        Assert.IsType<BurstResult.Refused>(run.Apply(Stimulus(run, user, action, comment: comment, people: person is null ? [] : [person]))).Verdict;

    private static Stimulus.ActOnTask Stimulus(InMemoryRun run, string user, string action, SeatPlace place = SeatPlace.Beside, bool isTrial = false, string? comment = "意见", params string[] people) =>
        new(new TaskCommand((run.Instance.Tasks.FirstOrDefault(t => t.Assignee == user) ?? run.Instance.Tasks[0]).Id, action, user, [user], comment) { People = people, Place = place, IsTrial = isTrial });
}
