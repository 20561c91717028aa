using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.UserTasks;

namespace Workflows.Activities.Tests.Store;

public sealed class ActivityDeletionTests
{
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void The_shipped_definition_can_be_published()
    {
        var validation = DefinitionValidator.Validate(DeletionCase.Compile());

        Assert.Empty(validation.Faults.Select(f => f.ToString()));
    }

    [Fact]
    public void Its_nodes_do_not_cover_each_other()
    {
        var boxes = DeletionCase.Compile().Nodes.Select(n => n.Json["metadata"]?["designer"]).OfType<JsonNode>()
            .Select(d => (X: (int)d["position"]!["x"]!, Y: (int)d["position"]!["y"]!, W: (int)d["size"]!["width"]!, H: (int)d["size"]!["height"]!)).ToList();

        Assert.Equal(97, boxes.Count);
        Assert.DoesNotContain(boxes.SelectMany((a, i) => boxes.Skip(i + 1).Select(b => (a, b))), p =>
            p.a.X < p.b.X + p.b.W && p.b.X < p.a.X + p.a.W && p.a.Y < p.b.Y + p.b.H && p.b.Y < p.a.Y + p.a.H);
    }

    [Fact]
    public async Task Straight_through_to_completed()
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.GoToEvaluationAsync();

        var state = (await c.Shop.FindPromotionAsync(DeletionCase.Promotion, TestContext.Current.CancellationToken))!;
        Assert.NotNull(state.Promotion.PageDeletedAt);
        Assert.Equal((0, 0, 0), (state.Participants, state.Flagged, state.Transactions));
        Assert.Equal(60, (await c.Shop.CountMessagesAsync(DeletionCase.Promotion, TestContext.Current.CancellationToken)).Values.Sum());
        Assert.Empty(c.Run.Instance.Tasks);
        await c.EndEvaluationAsync();

        Assert.Equal("completed", c.EndState);
        Assert.Equal(WorkflowSubStatus.Finished, c.Run.Instance.SubStatus);
        Assert.Equal([1], c.Run.Instance.Output["snapshots"]!.AsArray().Select(s => (int)s!["day"]!));
        Assert.NotNull(c.Run.Instance.Output["impact"]!["during"]);
        Assert.Empty(await c.RowsAsync());
    }

    [Fact]
    public async Task Returned_then_resubmitted_goes_round_again_and_a_rejection_ends_it_before_anything_was_touched()
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.StartAsync();
        Assert.IsType<TaskVerdict.CommentMissing>(c.Refusal("supervisor", "return"));
        await c.ActAsync("supervisor", "return", "缺少风险应对措施");
        Assert.Equal("activity_owner", c.Run.OpenTask.Assignee);

        await c.ActAsync("activity_owner", form: new JsonObject { ["choice"] = "重新提交", ["riskReport"] = "已补充对策" });
        Assert.Equal(2, c.Run.OpenTask.Round);
        Assert.Equal("已补充对策", (string)c.Run.OpenTask.Content!["风险评估报告"]!);
        await c.ActAsync("supervisor", "approve");
        await c.ActAsync("store_ops_manager", "return", "再补充");
        await c.ActAsync("activity_owner", form: new JsonObject { ["choice"] = "重新提交" });
        await c.ActAsync("supervisor", "approve");
        await c.ActAsync("store_ops_manager", "reject", "不同意");

        Assert.Equal("rejected", c.EndState);
        Assert.DoesNotContain("backup", c.Visited);
        Assert.Contains(c.Notices, n => n.Kind == "notify.email" && n.Payload!.ToJsonString().Contains("activity_owner@", StringComparison.Ordinal));
        Assert.Equal(c.Before, await c.RowsAsync());
    }

    [Fact]
    public async Task A_returned_application_can_be_withdrawn()
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.StartAsync();
        await c.ActAsync("supervisor", "return", "请再想想");

        await c.ActAsync("activity_owner", form: new JsonObject { ["choice"] = "撤回" });

        Assert.Equal("withdrawn", c.EndState);
    }

    [Fact]
    public async Task The_gate_stays_closed_until_the_lead_time_of_the_notices_has_passed()
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.StartAsync();
        await c.ActAsync("supervisor", "approve");
        await c.ActAsync("store_ops_manager", "approve");
        // The notice is a process of its own; if it ends without everybody being told, it is begun again.
        await c.EndNoticeAsync("cancelled");
        await c.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Empty(c.Run.Instance.Tasks);
        await c.EndNoticeAsync("waived");

        await c.AdvanceAsync(TimeSpan.FromHours(23));
        Assert.Empty(c.Run.Instance.Tasks);
        await c.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Contains("role:deletion_operator", c.Run.OpenTask.Candidates);
    }

    [Fact]
    public async Task A_wrong_name_is_refused_a_lapsed_first_confirmation_starts_again_and_nobody_confirms_twice()
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.GoToConfirmationAsync();
        var wrong = c.Confirmation();
        wrong["promotionName"] = "满300减50";
        Assert.IsType<TaskVerdict.FormRefused>(c.Refusal("deletion_operator", "complete", form: wrong));
        await c.ActAsync("deletion_operator", form: c.Confirmation());
        Assert.IsType<TaskVerdict.NotACandidate>(c.Refusal("deletion_operator", "complete", form: c.Confirmation()));

        await c.AdvanceAsync(TimeSpan.FromMinutes(30));
        Assert.Contains("role:deletion_operator", c.Run.OpenTask.Candidates);
        Assert.DoesNotContain("deletePage", c.Visited);
        await c.ActAsync("deletion_operator", form: c.Confirmation());
        await c.AdvanceAsync(TimeSpan.FromMinutes(31));
        await c.ActAsync("deletion_operator", "reject", "不删了");

        Assert.Equal("aborted", c.EndState);
        Assert.Equal(c.Before, await c.RowsAsync());
    }

    [Fact]
    public async Task A_bad_backup_is_checked_twice_then_made_anew_and_only_then_the_gate_opens()
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.SqlAsync("create trigger spoil after insert on backup_row when new.row_key = 'T50' begin delete from backup_row where row_key = 'T50'; end");
        await c.StartAsync();
        await c.ActAsync("supervisor", "approve");
        await c.ActAsync("store_ops_manager", "approve");
        await c.EndNoticeAsync();
        Assert.DoesNotContain("backup", c.Visited);
        await c.AdvanceAsync(TimeSpan.FromHours(23.5));
        Assert.Equal(["verify1", "verify2"], c.Visited.Where(n => n.StartsWith("verify", StringComparison.Ordinal)));
        Assert.Contains(c.Notices, n => n.Kind == "notify.sms");

        await c.SqlAsync("drop trigger spoil");
        await c.ActAsync("tech_support", form: new JsonObject { ["choice"] = "重新备份" });
        await c.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Contains("role:deletion_operator", c.Run.OpenTask.Candidates.Append($"role:{c.Run.OpenTask.Assignee}"));
    }

    [Fact]
    public async Task Residue_goes_back_to_clearing_and_nobody_is_told_before_the_second_check_passes()
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.SqlAsync("create trigger stale after update of rule_cache on promotion when new.rule_cache is null begin update promotion set rule_cache = 'stale' where id = new.id; end");
        await c.GoToVerificationAsync();
        Assert.Equal("taobao_tech_support", c.Run.OpenTask.Candidates.FirstOrDefault(i => i.Contains("taobao", StringComparison.Ordinal))?["role:".Length..]);
        Assert.DoesNotContain("message", c.Visited);

        await c.SqlAsync("drop trigger stale");
        await c.ActAsync("taobao_tech_support");
        await c.PassVerificationAsync();

        Assert.Equal(2, c.Visited.Count(n => n == "verify"));
        Assert.Contains("message", c.Visited);
    }

    [Fact]
    public async Task Refusing_the_second_part_brings_the_page_back()
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.GoToConfirmationAsync();
        await c.ActAsync("deletion_operator", form: c.Confirmation());
        await c.ActAsync("supervisor", form: c.Confirmation());
        await c.ActAsync("deletion_operator", "reject", "发现问题");

        Assert.Equal("rolled_back", c.EndState);
        Assert.Equal(c.Before, await c.RowsAsync());
    }

    [Fact]
    public async Task A_rollback_asked_for_within_the_window_restores_everything_in_reverse_order()
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.GoToEvaluationAsync();
        await c.AdvanceAsync(TimeSpan.FromDays(5));
        await c.PublishRollbackAsync();
        await c.ActAsync("supervisor", "reject", "再观察");
        Assert.Empty(c.Run.Instance.Tasks);

        await c.PublishRollbackAsync();
        await c.ActAsync("supervisor", "approve");
        await c.ActAsync("store_ops_manager", "approve");
        // Nothing is restored while the evaluation still runs: it is told to end, and how it ends is the sign to begin.
        Assert.DoesNotContain("rollback", c.Visited);
        Assert.Contains(c.Run.Effects, e => (string?)e.Payload?["eventName"] == "activity_deletion_evaluation.rollback_approved");
        await c.EndEvaluationAsync("rollback_requested");

        Assert.Equal("rolled_back", c.EndState);
        Assert.Equal(c.Before, await c.RowsAsync());
        Assert.Equal(
            ["向已通知的参与者发送更正消息", "按备份恢复参与者、交易记录、参与标识和规则缓存", "按备份恢复前台页面", "通知 yunjin@supplier.example 删除已取消", "下架活动说明公告"],
            c.Run.Journal.Where(e => e.Event == "UndoStarted").Select(e => e.Message!));
        Assert.Equal(120, (await c.Shop.CountMessagesAsync(DeletionCase.Promotion, TestContext.Current.CancellationToken)).Values.Sum());
    }

    [Fact]
    public async Task A_rollback_asked_for_after_the_window_changes_nothing()
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.GoToEvaluationAsync();
        await c.AdvanceAsync(TimeSpan.FromDays(8));

        await c.PublishRollbackAsync();

        Assert.Empty(c.Run.Instance.Tasks);
        Assert.Contains(c.Run.Journal, e => e.Event == "RollbackRefused");
        await c.EndEvaluationAsync();
        Assert.Equal("completed", c.EndState);
        Assert.Equal(WorkflowSubStatus.Finished, c.Run.Instance.SubStatus);
    }

    [Theory]
    [InlineData("approve", "rolled_back")]
    [InlineData("reject", "completed")]
    public async Task An_evaluation_that_ends_while_a_rollback_awaits_approval_leaves_the_end_to_the_approvers(string decision, string expected)
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.GoToEvaluationAsync();
        await c.PublishRollbackAsync();
        await c.EndEvaluationAsync();
        Assert.Null(c.EndState);

        await c.ActAsync("supervisor", "approve");
        await c.ActAsync("store_ops_manager", decision, "看过了");

        Assert.Equal(expected, c.EndState);
        Assert.Equal(WorkflowSubStatus.Finished, c.Run.Instance.SubStatus);
    }

    [Fact]
    public async Task Data_lost_after_residue_and_after_a_failure_still_lead_back()
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.GoToConfirmationAsync();
        await c.ActAsync("deletion_operator", form: c.Confirmation());
        await c.ActAsync("activity_owner", form: c.Confirmation());
        await c.ActAsync("deletion_operator", form: c.Confirmation());
        await c.SawAsync("taobao_tech_support", "系统故障，无法清理");
        await c.EndChildAsync(new JsonObject { ["endState"] = "resumed" });
        await c.SawAsync("taobao_tech_support", "执行清理");
        await c.SawAsync("activity_owner", "仍有残留");
        await c.ActAsync("taobao_tech_support");
        Assert.Equal("核查删除结果", c.Run.OpenTask.Title);
        await c.SawAsync("activity_owner", "发现数据丢失或误删");
        await c.EndChildAsync(new JsonObject { ["endState"] = "resumed" });
        await c.SawAsync("taobao_tech_support", "发现数据丢失或误删");
        await c.EndChildAsync(new JsonObject { ["endState"] = "rolled_back" });

        Assert.Equal("rolled_back", c.EndState);
        Assert.Equal(c.Before, await c.RowsAsync());
    }

    [Fact]
    public async Task What_changed_since_the_backup_leads_to_a_new_one_and_to_both_confirmations_again()
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.GoToConfirmationAsync();
        var stale = c.Confirmation();
        await c.ActAsync("deletion_operator", form: stale);
        await c.SqlAsync("update promotion_participant set name = '改了' where customer_id = 'C3'");
        await c.ActAsync("activity_owner", form: stale);

        // Nothing was deleted and nothing is promised to be undone; those who backed up are told why.
        Assert.Equal(["通知 yunjin@supplier.example 删除已取消"], c.Run.Instance.Undos.Select(u => u.Label).Where(l => !l.StartsWith("下架", StringComparison.Ordinal)));
        Assert.Contains(c.Notices, n => n.Payload!.ToJsonString(Unescaped).Contains("备份之后参与者数据有变化", StringComparison.Ordinal));
        Assert.Equal("确认删除活动（第一人）", c.Run.OpenTask.Title);
        Assert.NotEqual((string)stale["backupId"]!, (string)c.Confirmation()["backupId"]!);
        await c.ActAsync("deletion_operator", form: c.Confirmation());
        await c.ActAsync("activity_owner", form: c.Confirmation());
        Assert.Equal("确认清理系统数据", c.Run.OpenTask.Title);
    }

    [Fact]
    public async Task Rows_that_came_after_the_page_was_deleted_are_backed_up_before_anything_is_cleared()
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.GoToConfirmationAsync();
        await c.ActAsync("deletion_operator", form: c.Confirmation());
        await c.ActAsync("activity_owner", form: c.Confirmation());
        await c.ActAsync("deletion_operator", form: c.Confirmation());
        await c.SqlAsync("insert into promotion_participant (promotion_id, customer_id, joined_at, flagged) values ('P-1', 'C99', 1, 1)");
        await c.SawAsync("taobao_tech_support", "执行清理");

        Assert.Equal("确认清理系统数据", c.Run.OpenTask.Title);
        Assert.DoesNotContain("按备份恢复参与者、交易记录、参与标识和规则缓存", c.Run.Instance.Undos.Select(u => u.Label));
        await c.ActAsync("deletion_operator", form: c.Confirmation());
        await c.SawAsync("activity_owner", "发现数据丢失或误删");
        await c.EndChildAsync(new JsonObject { ["endState"] = "rolled_back" });

        Assert.Equal("rolled_back", c.EndState);
        Assert.Equal(c.Before.Count + 1, (await c.RowsAsync()).Count);
    }

    [Fact]
    public async Task A_refused_operation_is_an_incident_and_a_retry_goes_on_with_one_undo()
    {
        await using var c = await DeletionCase.OpenAsync();
        await c.GoToConfirmationAsync();
        await c.ActAsync("deletion_operator", form: c.Confirmation());
        await c.SqlAsync("update backup_set set verified_at = null");
        c.AllowsIncidents = true;
        await c.ActAsync("activity_owner", form: c.Confirmation());
        Assert.Contains("没有通过校验", Assert.Single(c.Run.Instance.Incidents).Message, StringComparison.Ordinal);

        await c.SqlAsync("update backup_set set verified_at = 1");
        c.Run.Apply(new Engine.Execution.Stimulus.Retry("operator"));
        await c.SettleAsync();

        Assert.Empty(c.Run.Instance.Incidents);
        Assert.Equal(["下架活动说明公告", "通知 yunjin@supplier.example 删除已取消", "按备份恢复前台页面"], c.Run.Instance.Undos.Select(u => u.Label));
        Assert.Equal("确认清理系统数据", c.Run.OpenTask.Title);
    }
}
