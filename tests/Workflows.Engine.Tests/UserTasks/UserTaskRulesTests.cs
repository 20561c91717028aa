using System.Text.Json.Nodes;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Tests.UserTasks;

public sealed class UserTaskRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 1, 0, 0, TimeSpan.Zero);

    private static readonly UserTask Task = new()
    {
        Id = "i-7",
        Execution = 4,
        NodeId = "Workflow1:fc:review",
        Kind = UserTaskKind.Approval,
        Title = "主管审核",
        Candidates = ["role:supervisor"],
        Actions = ["approve", "reject", "return"],
        CommentRequired = ["reject", "return"],
        Revision = 3,
    };

    [Fact]
    public void A_candidate_may_decide_at_once_and_becomes_the_assignee()
    {
        var verdict = UserTaskRules.Act(Task, Command("approve", "wang", "role:supervisor"), Now);

        var task = Assert.IsType<TaskVerdict.Accepted>(verdict).Task;
        Assert.Equal(("wang", "wang", "approve", UserTaskState.Completed, Now), (task.Assignee, task.DecidedBy, task.Decision, task.State, task.ClosedAt));
    }

    [Fact]
    public void A_claimed_task_is_refused_to_the_other_candidates_who_are_told_who_has_it()
    {
        var claimed = Task with { Assignee = "li", State = UserTaskState.Claimed };

        Assert.Equal(new TaskVerdict.AlreadyClaimed("li"), UserTaskRules.Act(claimed, Command("approve", "wang", "role:supervisor"), Now));
    }

    [Fact]
    public void A_form_is_refused_where_none_was_asked_for_and_not_kept_with_a_refusal()
    {
        var form = JsonNode.Parse("""{"amount":9}""");

        Assert.IsType<TaskVerdict.FormRefused>(UserTaskRules.Act(Task, Command("approve", "wang", "role:supervisor") with { Form = form }, Now));
        var rejected = UserTaskRules.Act(Task, Command("reject", "wang", "role:supervisor") with { Form = form, Comment = "理由不足" }, Now);
        Assert.Null(Assert.IsType<TaskVerdict.Accepted>(rejected).Task.Result);
    }

    [Fact]
    public void A_comment_of_invisible_characters_is_no_comment()
    {
        Assert.IsType<TaskVerdict.CommentMissing>(UserTaskRules.Act(Task, Command("reject", "wang", "role:supervisor") with { Comment = "\u200b \u2060\ufeff" }, Now));
    }

    [Theory]
    [InlineData("""{"properties":{"a":{"type":["string","null"]}}}""", "\"x\"", true)]
    [InlineData("""{"properties":{"a":{"type":["string","null"]}}}""", "5", false)]
    [InlineData("""{"properties":{"a":{"minLength":1.5,"maxLength":"x"}}}""", "\"x\"", false)]
    [InlineData("""{"properties":{"a":{"minimum":"x","maximum":{}}}}""", "5", true)]
    [InlineData("""{"required":[1,null],"properties":{"a":{"type":{}}}}""", "5", true)]
    [InlineData("""{"properties":{"a":{"const":1,"x-mismatch":5}}}""", "5", false)]
    [InlineData("""{"properties":{"a":{"maximum":10}}}""", "1e400", false)]
    public void A_form_is_judged_whatever_its_schema_looks_like(string schema, string value, bool accepted)
    {
        Assert.Equal(accepted, FormRules.Check(JsonNode.Parse(schema), JsonNode.Parse($$"""{"a":{{value}}}""")).Count == 0);
    }

    [Fact]
    public void A_stranger_is_no_candidate()
    {
        Assert.IsType<TaskVerdict.NotACandidate>(UserTaskRules.Act(Task, Command("approve", "zhao", "role:finance"), Now));
    }

    [Fact]
    public void An_excluded_person_may_not_decide_even_as_a_candidate()
    {
        var task = Task with { Excluded = ["wang"] };

        Assert.IsType<TaskVerdict.Excluded>(UserTaskRules.Act(task, Command("claim", "wang", "role:supervisor"), Now));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Rejecting_without_a_comment_is_refused(string? comment)
    {
        Assert.IsType<TaskVerdict.CommentMissing>(UserTaskRules.Act(Task, Command("reject", "wang", "role:supervisor") with { Comment = comment }, Now));
    }

    [Fact]
    public void A_closed_task_stays_as_it_was_decided()
    {
        var closed = Task with { State = UserTaskState.Completed, Decision = "reject", DecidedBy = "li" };

        Assert.Equal(new TaskVerdict.Closed(closed), UserTaskRules.Act(closed, Command("approve", "wang", "role:supervisor"), Now));
    }

    [Fact]
    public void A_person_who_saw_an_older_version_of_the_task_must_look_again()
    {
        Assert.IsType<TaskVerdict.Stale>(UserTaskRules.Act(Task, Command("approve", "wang", "role:supervisor") with { ExpectedRevision = 2 }, Now));
    }

    [Fact]
    public void A_task_given_to_one_person_cannot_be_put_back_into_a_queue_it_never_was_in()
    {
        var assigned = Task with { Assignee = "wang", Candidates = [] };

        Assert.IsType<TaskVerdict.UnknownAction>(UserTaskRules.Act(assigned, Command("unclaim", "wang"), Now));
    }

    [Fact]
    public void A_form_is_checked_field_by_field()
    {
        var task = Task with
        {
            Actions = ["complete"],
            Form = JsonNode.Parse("""
                {"required":["name","count"],"properties":{"name":{"type":"string","const":"满300减50返场","x-mismatch":"活动名称不一致"},"count":{"type":"integer","minimum":1}}}
                """),
        };

        var verdict = UserTaskRules.Act(task, Command("complete", "wang", "role:supervisor") with
        {
            Form = JsonNode.Parse("""{"name":"满300减50","count":0,"decision":"approve"}"""),
        }, Now);

        Assert.Equal(
            new Dictionary<string, string> { ["name"] = "活动名称不一致", ["count"] = "不能小于 1", ["decision"] = "表单中没有此项" },
            Assert.IsType<TaskVerdict.FormRefused>(verdict).Errors.ToDictionary(e => e.Key, e => e.Value.Zh));
    }

    private static TaskCommand Command(string action, string by, params string[] roles) => new(Task.Id, action, by, [by, .. roles]);
}
