using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 1.1 with its emergencies 1.3 and 1.5: deleting a promotion, and every way it may go wrong.</summary>
public abstract class ActivityDeletionTests(DatabaseKind kind)
{
    private const string Definition = "activity_deletion";
    private const string Notice = "activity_deletion_stakeholder_notice";
    private const string Main = "P-1001";
    private const string Check = "核对相关方名单并发送通知";
    private const string Receipts = "登记相关方回执";
    private const string Review = "审核活动删除申请";
    private const string Approve = "审批活动删除申请";
    private const string First = "确认删除活动（第一人）";
    private const string Second = "确认删除活动（第二人）";
    private const string Third = "确认清理系统数据";
    private const string Clear = "清理系统数据";
    private const string Inspect = "核查删除结果";
    private const string Message = "核对并发送用户通知";
    private const string Evaluation = "activity_deletion_evaluation";
    private const string Note = "说明评估点数据";
    private const string Summary = "活动删除效果评估总结";

    private const string Mend = "补偿失败，请手工恢复";

    /// <summary>The shop refuses to show a deleted page again, until it is repaired.</summary>
    private IReadOnlyList<string> PageStaysGone => kind == DatabaseKind.Sqlite
        ? ["create trigger page_stays_gone before update of page_deleted_at on promotion when new.page_deleted_at is null begin select raise(abort, 'the disk of the pages is full'); end"]
        :
        [
            "create function page_stays_gone() returns trigger language plpgsql as $$ begin raise exception 'the disk of the pages is full'; end $$",
            "create trigger page_stays_gone before update of page_deleted_at on promotion for each row when (new.page_deleted_at is null) execute function page_stays_gone()",
        ];

    private IReadOnlyList<string> PageMayCome => ["drop trigger page_stays_gone" + (kind == DatabaseKind.Sqlite ? "" : " on promotion")];

    private static readonly object AllReplied = new { p1 = "已回执", p2 = "已回执", p3 = "已回执" };

    [Fact]
    public async Task E_01_deletion_straight_through()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-23 09:00");
        await BeginAsync(scenario);
        await scenario.AtAsync("2026-11-23 14:00");
        await scenario.DecideAsync("supervisor", Review, "approve");
        await scenario.AtAsync("2026-11-24 10:00");
        await scenario.DecideAsync("store_ops_manager", Approve, "approve");
        var deletion = scenario.Id;
        scenario.LookAt(await scenario.ChildAsync(Notice));
        await scenario.AtAsync("2026-11-24 10:30");
        await scenario.CompleteAsync("activity_owner", Check, new { });
        await scenario.TaskAsync("activity_owner", Receipts);
        await scenario.AtAsync("2026-11-24 15:00");
        await scenario.CompleteAsync("activity_owner", Receipts, AllReplied);
        Assert.Equal("complete", await scenario.EndStateAsync());
        scenario.LookAt(deletion);

        // The gate stays closed for a day after the notices. The backup is made shortly before it opens, and holds every row.
        await scenario.NextDueAsync("2026-11-25 09:40");
        await scenario.AtAsync("2026-11-25 09:41");
        var backup = await BackupAsync(scenario);
        Assert.Equal([("settings", 1), ("participants", 3_412), ("transactions", 5_870)], backup.Parts);
        await scenario.NextDueAsync("2026-11-25 10:30");
        await scenario.AtAsync("2026-11-25 10:25");
        Assert.False(await scenario.HasTaskAsync("deletion_operator", First));
        await scenario.AtAsync("2026-11-25 10:35");
        await scenario.CompleteAsync("deletion_operator", First, backup.Typed);
        Assert.True((bool)(await PromotionAsync(scenario))["pageExists"]!);
        await scenario.AtAsync("2026-11-25 10:48");
        await scenario.CompleteAsync("activity_owner", Second, backup.Typed);
        await scenario.AtAsync("2026-11-25 10:55");
        await scenario.CompleteAsync("deletion_operator", Third, backup.Typed);
        Assert.False((bool)(await PromotionAsync(scenario))["pageExists"]!);
        await scenario.AtAsync("2026-11-25 13:40");
        await scenario.CompleteAsync("taobao_tech_support", Clear, new { result = "执行清理" });
        await scenario.AtAsync("2026-11-25 14:10");
        await scenario.CompleteAsync("activity_owner", Inspect, new { result = "页面已无法打开，数据无误" });

        var task = await scenario.TaskAsync("activity_owner", Message);
        Near("2026-11-25 15:10", task["dueAt"]);
        Assert.Empty((await PromotionAsync(scenario))["messages"]!.AsObject());
        await scenario.AtAsync("2026-11-25 15:09");
        await scenario.CompleteAsync("activity_owner", Message, new { });
        var evaluation = await scenario.ChildAsync(Evaluation);
        await scenario.AtAsync("2026-11-25 15:10");
        var state = await PromotionAsync(scenario);
        Assert.Equal((3_412, 3_412), ((int)state["messages"]!["site"]!, (int)state["messages"]!["sms"]!));
        Assert.Equal((0, 0, 0), ((int)state["participants"]!, (int)state["flagged"]!, (int)state["transactions"]!));
        // That it is about to end is no longer true.
        Assert.Equal([("活动即将结束", false)], await scenario.AnnouncementsAsync());

        // Checkpoints on days 1, 3, 7 and 14, each explained within a working day; the final report three working days after the last.
        scenario.LookAt(evaluation);
        foreach (var (day, number, noteDue) in new[] { ("2026-11-26", 1, "2026-11-27"), ("2026-11-28", 3, "2026-12-01"), ("2026-12-02", 7, "2026-12-03"), ("2026-12-09", 14, "2026-12-10") })
        {
            await scenario.NextDueAsync(day + " 15:10");
            await scenario.AtAsync(day + " 15:12");
            Near(noteDue + " 18:00", (await scenario.TaskAsync("data_analyst", Note))["dueAt"]);
            await scenario.CompleteAsync("data_analyst", Note, new { checkpoint = $"第 {number} 天", comment = "数据平稳" });
        }

        Near("2026-12-14 18:00", (await scenario.TaskAsync("store_ops_manager", Summary))["dueAt"]);
        await scenario.CompleteAsync("store_ops_manager", Summary, new { result = "达到目的", summary = "达到目的，影响已消退" });
        Assert.Equal("aim_reached", await scenario.EndStateAsync());
        Assert.Equal(4, (await scenario.CaseAsync())["output"]!["notes"]!.AsArray().Count);
        scenario.LookAt(deletion);
        Assert.Equal("completed", await scenario.EndStateAsync());
        var output = (await scenario.CaseAsync())["output"]!;
        Assert.NotNull(output["impact"]!["during"]!["conversion"]);
        Assert.NotNull(output["snapshots"]!.AsArray()[^1]!["figures"]!["conversion"]);
    }

    [Fact]
    public async Task E_02_returned_resubmitted_rejected()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-23 09:00");
        await BeginAsync(scenario);
        Assert.Equal(422, await scenario.TryAsync("supervisor", Review, "return"));
        await scenario.DecideAsync("supervisor", Review, "return", "缺少风险应对措施");
        await scenario.CompleteAsync("activity_owner", "修改活动删除申请", new { choice = "重新提交", riskReport = "投诉：安排专属客服；数据波动：每日关注" });
        var task = await scenario.TaskAsync("supervisor", Review);
        Assert.Equal(2, (int)task["round"]!);
        await scenario.DecideAsync("supervisor", Review, "approve");
        await scenario.DecideAsync("store_ops_manager", Approve, "reject", "大促期间不宜删除");

        Assert.Equal("rejected", await scenario.EndStateAsync());
        await scenario.ToldAsync("activity_owner", "email", "活动删除申请已驳回");
        Assert.Empty((await PromotionAsync(scenario))["backups"]!.AsArray());
        // Round 1 is kept beside round 2.
        var timeline = (await (await scenario.AsAsync("activity_owner")).SendAsync(HttpMethod.Get, $"/api/v1/instances/{scenario.Id}/timeline")).Body!.ToJsonString();
        Assert.Contains("缺少风险应对措施", Unescaped(timeline), StringComparison.Ordinal);
    }

    [Fact]
    public async Task E_02_nobody_approves_their_own()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-23 09:00");
        var saved = await (await scenario.AsAsync("super_admin")).SendAsync(HttpMethod.Put, "/api/v1/organisation/people/supervisor", new
        {
            displayName = "上级主管",
            department = "store_operations",
            manager = "store_ops_manager",
            email = "supervisor@example.com",
            roles = (string[])["supervisor", "activity_owner"],
        });
        Assert.True(saved.Status == 200, saved.Body?.ToJsonString());
        await BeginAsync(scenario, user: "supervisor");

        Assert.False(await scenario.HasTaskAsync("supervisor", Review));
        await scenario.DecideAsync("store_ops_manager", Review, "approve");
        Assert.False(await scenario.HasTaskAsync("store_ops_manager", Approve));
        await scenario.DecideAsync("ops_director", Approve, "reject", "理由不充分");
        Assert.Equal("rejected", await scenario.EndStateAsync());
    }

    [Fact]
    public async Task E_03_the_supervisor_is_late()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-27 16:00");
        await BeginAsync(scenario);
        Near("2026-11-30 18:00", (await scenario.TaskAsync("supervisor", Review))["dueAt"]);

        await scenario.AtAsync("2026-11-27 17:59");
        Assert.DoesNotContain(await scenario.MessagesAsync("supervisor", "email"), m => m.Contains("即将超时", StringComparison.Ordinal));
        await scenario.AtAsync("2026-11-27 18:01");
        Assert.Single(await scenario.MessagesAsync("supervisor", "email"), m => m.Contains("即将超时", StringComparison.Ordinal));
        await scenario.AtAsync("2026-11-30 16:01");
        Assert.Equal(2, (await scenario.MessagesAsync("supervisor", "email")).Count(m => m.Contains("即将超时", StringComparison.Ordinal)));
        Assert.Empty(await scenario.MessagesAsync("store_ops_manager", "sms"));
        await scenario.AtAsync("2026-11-30 18:01");
        foreach (var channel in (string[])["sms", "email"])
        {
            await scenario.ToldAsync("supervisor", channel, "任务已逾期");
            await scenario.ToldAsync("store_ops_manager", channel, "下属任务已逾期");
        }

        var task = await scenario.TaskAsync("supervisor", Review);
        Assert.True((bool)task["overdue"]!);
        await scenario.AtAsync("2026-12-01 09:30");
        await scenario.DecideAsync("supervisor", Review, "approve");
        await scenario.AtAsync("2026-12-01 18:01");
        Assert.Empty(await scenario.MessagesAsync("ops_director", "sms"));
        var clock = (await (await scenario.AsAsync("super_admin")).SendAsync(HttpMethod.Get, $"/api/v1/instances/{scenario.Id}/clocks")).Body!["items"]!.AsArray()
            .Single(c => (string?)c!["label"] == Review)!;
        Assert.Equal(15.5, (Instant(clock["stoppedAt"]) - Instant(clock["dueAt"])).TotalHours, 0.1);
    }

    [Fact]
    public async Task E_03_a_day_later_the_operations_director_is_told()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-27 16:00");
        await BeginAsync(scenario);
        await scenario.AtAsync("2026-12-01 17:59");
        Assert.Empty(await scenario.MessagesAsync("ops_director", "sms"));
        await scenario.AtAsync("2026-12-01 18:01");

        await scenario.ToldAsync("ops_director", "sms", "下属任务已逾期");
        await scenario.ToldAsync("ops_director", "email", "下属任务已逾期");
        Assert.True(await scenario.HasTaskAsync("supervisor", Review));
    }

    [Fact]
    public async Task E_03_a_breach_while_the_engine_is_stopped_is_told_once_when_it_starts()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-27 16:00");
        await BeginAsync(scenario);
        await scenario.AtAsync("2026-11-30 17:30");
        await scenario.StandStillUntilAsync("2026-11-30 19:00");

        foreach (var user in (string[])["supervisor", "store_ops_manager"])
        {
            foreach (var channel in (string[])["sms", "email"])
                await scenario.ToldAsync(user, channel, "任务已逾期");
        }

        Assert.True((bool)(await scenario.TaskAsync("supervisor", Review))["overdue"]!);
        var clock = await ClockAsync(scenario, Review);
        Near("2026-11-30 18:00", clock["dueAt"]);
        Near("2026-11-30 19:00", clock["breachedAt"]);
        await scenario.AtAsync("2026-11-30 19:30");
        foreach (var user in (string[])["supervisor", "store_ops_manager"])
        {
            Assert.Single(await scenario.MessagesAsync(user, "sms"), m => m.Contains("任务已逾期", StringComparison.Ordinal));
            var told = Assert.Single(await scenario.MessagesAsync(user, "email"), m => m.Contains("任务已逾期", StringComparison.Ordinal));
            Assert.Matches("应在 [^。]*18:00[^。]* 前完成，已逾期 ?1 ?小时", told);
        }
    }

    [Fact]
    public async Task E_04_a_lapsed_confirmation_and_a_wrong_name()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-24 10:30");
        await GoToConfirmationAsync(scenario);
        await scenario.AtAsync("2026-11-25 10:35");
        var backup = await BackupAsync(scenario);
        Assert.Equal(422, await scenario.TryAsync("deletion_operator", First, "complete", form: new { promotionName = "满300减50", backupId = backup.Id }));
        await scenario.CompleteAsync("deletion_operator", First, backup.Typed);
        Assert.False(await scenario.HasTaskAsync("deletion_operator", Second));
        await scenario.AtAsync("2026-11-25 11:06");

        Assert.False(await scenario.HasTaskAsync("activity_owner", Second));
        Assert.True(await scenario.HasTaskAsync("deletion_operator", First));
        Assert.True((bool)(await PromotionAsync(scenario))["pageExists"]!);
    }

    [Fact]
    public async Task E_05_system_failure_in_mid_deletion()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-24 10:30");
        await GoToClearingAsync(scenario);
        var deletion = scenario.Id;
        var deletedAt = (string?)(await PromotionAsync(scenario))["pageDeletedAt"];
        await scenario.AtAsync("2026-11-25 11:15");
        await scenario.CompleteAsync("taobao_tech_support", Clear, new { result = "系统故障，无法清理", note = "数据库连接超时" });

        // The clock stands still at 3 h 45 min; support is called; those who watch get an SMS.
        var failure = await scenario.ChildAsync("activity_system_failure");
        Assert.Equal("Paused", (string?)(await ClockAsync(scenario, "系统数据清理"))["state"]);
        scenario.LookAt(failure);
        foreach (var user in (string[])["taobao_tech_support", "supervisor", "store_ops_manager"])
            await scenario.ToldAsync(user, "sms", "因系统故障暂停：数据库连接超时");
        await scenario.CompleteAsync("taobao_tech_support", "响应删除故障", new { estimate = "一小时" });

        // The engine itself is started anew in the pause.
        await scenario.AtAsync("2026-11-25 11:29");
        await scenario.StandStillUntilAsync("2026-11-25 11:30");
        scenario.LookAt(deletion);
        Assert.Equal("Paused", (string?)(await ClockAsync(scenario, "系统数据清理"))["state"]);
        Assert.False(await scenario.HasTaskAsync("taobao_tech_support", Clear));
        scenario.LookAt(failure);
        await scenario.AtAsync("2026-11-25 12:25");
        await scenario.CompleteAsync("taobao_tech_support", "修复删除故障", new { damage = "数据未受损", repair = "重启数据库代理" });
        Assert.Equal("resumed", await scenario.EndStateAsync());

        // It goes on where it stopped: the page is not deleted again, and the clearing is due so much later.
        scenario.LookAt(deletion);
        await scenario.TaskAsync("taobao_tech_support", Clear);
        Near("2026-11-25 16:10", (await ClockAsync(scenario, "系统数据清理"))["dueAt"]);
        Assert.Equal(deletedAt, (string?)(await PromotionAsync(scenario))["pageDeletedAt"]);
        await scenario.CompleteAsync("taobao_tech_support", Clear, new { result = "执行清理" });
        await scenario.TaskAsync("activity_owner", Inspect);
        Assert.Equal(0, (int)(await PromotionAsync(scenario))["participants"]!);
    }

    [Fact]
    public async Task E_05_not_repaired_in_four_hours_the_manager_chooses()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-24 10:30");
        await GoToClearingAsync(scenario);
        var deletion = scenario.Id;
        var before = await RowsAsync(scenario);
        await scenario.AtAsync("2026-11-25 11:15");
        await scenario.CompleteAsync("taobao_tech_support", Clear, new { result = "系统故障，无法清理" });
        scenario.LookAt(await scenario.ChildAsync("activity_system_failure"));
        await scenario.StandStillUntilAsync("2026-11-25 11:30");
        await scenario.AtAsync("2026-11-25 15:14");
        Assert.False(await scenario.HasTaskAsync("store_ops_manager", "故障未修复，请决定如何处理"));
        await scenario.AtAsync("2026-11-25 15:16");
        await scenario.CompleteAsync("store_ops_manager", "故障未修复，请决定如何处理", new { choice = "回滚" });
        Assert.Equal("rolled_back", await scenario.EndStateAsync());

        scenario.LookAt(deletion);
        Assert.Equal("rolled_back", await scenario.EndStateAsync());
        Assert.True((bool)(await PromotionAsync(scenario))["pageExists"]!);
        Assert.Equal(before.Count + 1, (await RowsAsync(scenario)).Count);
    }

    [Fact]
    public async Task E_06_data_loss_immediate_restore_and_rollback()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-24 10:30");
        var before = await RowsAsync(scenario);
        await GoToClearingAsync(scenario);
        var deletion = scenario.Id;
        await scenario.CompleteAsync("taobao_tech_support", Clear, new { result = "执行清理" });
        await scenario.AtAsync("2026-11-25 13:05");
        await scenario.CompleteAsync("data_analyst", Inspect, new { result = "发现数据丢失或误删", note = "另一活动少了 118 名参与者" });

        // Restored at once, with nobody's approval, and support asked at the same time.
        scenario.LookAt(await scenario.ChildAsync("activity_data_recovery"));
        await scenario.TaskAsync("taobao_tech_support", "协助修复丢失的数据");
        foreach (var user in (string[])["taobao_tech_support", "supervisor", "store_ops_manager"])
            await scenario.ToldAsync(user, "sms", "另一活动少了 118 名参与者");
        var restored = await PromotionAsync(scenario);
        Assert.Equal((3_412, 5_870, false), ((int)restored["participants"]!, (int)restored["transactions"]!, (bool)restored["pageExists"]!));
        await scenario.AtAsync("2026-11-25 14:20");
        await scenario.CompleteAsync("taobao_tech_support", "协助修复丢失的数据", new { finding = "118 名参与者已找回" });
        await scenario.CompleteAsync("supervisor", "数据已恢复，请提出建议", new { proposal = "回滚" });
        await scenario.CompleteAsync("store_ops_manager", "决定继续删除还是回滚", new { choice = "回滚" });
        Assert.Equal("rolled_back", await scenario.EndStateAsync());

        scenario.LookAt(deletion);
        await scenario.ToldAsync("activity_owner", "email", "活动删除已取消");
        await scenario.CompleteAsync("tech_support", "报告数据丢失原因", new { cause = "清理脚本条件有误", action = "清理前核对条数" });
        Assert.Equal("rolled_back", await scenario.EndStateAsync());
        Assert.Equal(before, await RowsAsync(scenario));
        // Users had not been told, so nobody is corrected.
        Assert.Empty((await PromotionAsync(scenario))["messages"]!.AsObject());
    }

    [Fact]
    public async Task E_06_the_count_check_finds_the_loss_and_the_front_page_does_not_come_back_at_once()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-24 10:30");
        var (before, others) = (await RowsAsync(scenario), await RowsAsync(scenario, "P-1002"));
        await GoToClearingAsync(scenario);
        var deletion = scenario.Id;

        // Whoever clears by hand takes 118 participants of another promotion along.
        await scenario.AtAsync("2026-11-25 13:05");
        await scenario.SqlAsync("create table lost_rows as select * from promotion_participant where promotion_id = 'P-1002' order by customer_id limit 118");
        await scenario.SqlAsync("delete from promotion_participant where promotion_id = 'P-1002' and customer_id in (select customer_id from lost_rows)");
        await scenario.CompleteAsync("taobao_tech_support", Clear, new { result = "执行清理" });

        // Nobody looked: the counts told. Frozen, restored by 13:15 with nobody's approval, and support asked at the same time.
        var recovery = await scenario.ChildAsync("activity_data_recovery");
        Assert.Equal("Paused", (string?)(await ClockAsync(scenario, "系统数据清理"))["state"]);
        Assert.False(await scenario.HasTaskAsync("data_analyst", Inspect));
        scenario.LookAt(recovery);
        foreach (var user in (string[])["taobao_tech_support", "supervisor", "store_ops_manager"])
            await scenario.ToldAsync(user, "sms", "少了 118 条参与者数据");
        await scenario.TaskAsync("taobao_tech_support", "协助修复丢失的数据");
        await scenario.AtAsync("2026-11-25 13:15");
        var restored = await PromotionAsync(scenario);
        Assert.Equal((3_412, 5_870, false), ((int)restored["participants"]!, (int)restored["transactions"]!, (bool)restored["pageExists"]!));
        await scenario.AtAsync("2026-11-25 14:20");
        await scenario.SqlAsync("insert into promotion_participant select * from lost_rows");
        await scenario.CompleteAsync("taobao_tech_support", "协助修复丢失的数据", new { finding = "118 名参与者已找回" });
        await scenario.CompleteAsync("supervisor", "数据已恢复，请提出建议", new { proposal = "回滚" });

        // The shop does not let the page come back: tried again and again, then a person's work; never shown as rolled back meanwhile.
        foreach (var sql in PageStaysGone)
            await scenario.SqlAsync(sql);
        await scenario.CompleteAsync("store_ops_manager", "决定继续删除还是回滚", new { choice = "回滚" });
        scenario.LookAt(deletion);
        await scenario.TaskAsync("tech_support", "报告数据丢失原因");
        while (!await scenario.HasTaskAsync("tech_support", Mend))
        {
            Assert.Equal("Running", (string?)(await scenario.CaseAsync())["instance"]!["status"]);
            await scenario.AtAsync(await scenario.NowAsync() + TimeSpan.FromMinutes(30));
        }

        var tries = (await (await scenario.AsAsync("super_admin")).SendAsync(HttpMethod.Get, $"/api/v1/ops/effects?instanceId={deletion}&limit=500")).Body!["items"]!.AsArray()
            .Single(e => (string?)e!["kind"] == "store.restore-page")!;
        Assert.True((int)tries["attempts"]! > 1, tries.ToJsonString());
        var view = await scenario.CaseAsync();
        Assert.Equal([("按备份恢复前台页面", "Failed")], view["undos"]!.AsArray().Where(u => (string?)u!["state"] == "Failed").Select(u => ((string)u!["label"]!, (string)u["state"]!)));
        Assert.Null(view["output"]!["endState"]);
        Assert.Contains("stamp-trouble\">补偿失败", await PageAsync(scenario, "activity_owner", "/instances/" + deletion), StringComparison.Ordinal);
        Assert.Contains("the disk of the pages is full", await PageAsync(scenario, "tech_support", "/tasks/" + (string)(await scenario.TaskAsync("tech_support", Mend))["id"]!), StringComparison.Ordinal);

        foreach (var sql in PageMayCome)
            await scenario.SqlAsync(sql);
        await scenario.CompleteAsync("tech_support", Mend, new { done = "已清理磁盘" });
        await scenario.CompleteAsync("tech_support", "报告数据丢失原因", new { cause = "清理脚本条件有误", action = "清理前核对条数" });
        Assert.Equal("rolled_back", await scenario.EndStateAsync());
        Assert.Equal(before, await RowsAsync(scenario));
        Assert.Equal(others, await RowsAsync(scenario, "P-1002"));
        // Each step back was done once, newest first; users had not been told, so nobody is corrected.
        var undone = (await (await scenario.AsAsync("super_admin")).SendAsync(HttpMethod.Get, $"/api/v1/instances/{deletion}/timeline")).Body!["items"]!.AsArray()
            .Select(e => (string)e!["text"]!).Where(text => text.StartsWith("执行撤销步骤：按备份", StringComparison.Ordinal)).ToList();
        Assert.Equal(["执行撤销步骤：按备份恢复参与者、交易记录、参与标识和规则缓存", "执行撤销步骤：按备份恢复前台页面", "执行撤销步骤：按备份恢复前台页面"], undone);
        Assert.All((await scenario.CaseAsync())["undos"]!.AsArray(), u => Assert.Equal("Done", (string?)u!["state"]));
        Assert.Empty((await PromotionAsync(scenario))["messages"]!.AsObject());
        Assert.Contains("已回滚", await PageAsync(scenario, "activity_owner", "/instances/" + deletion), StringComparison.Ordinal);
    }

    [Fact]
    public async Task E_07_residue_found_in_verification()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-24 10:30");
        await GoToClearingAsync(scenario);
        await scenario.CompleteAsync("taobao_tech_support", Clear, new { result = "执行清理" });
        await scenario.AtAsync("2026-11-25 14:10");
        await scenario.CompleteAsync("data_analyst", Inspect, new { result = "仍有残留", note = "规则缓存仍在" });

        Assert.False(await scenario.HasTaskAsync("activity_owner", Message));
        await scenario.CompleteAsync("taobao_tech_support", "处理删除残留", new { });
        await scenario.AtAsync("2026-11-25 15:30");
        Assert.Empty((await PromotionAsync(scenario))["messages"]!.AsObject());
        await scenario.CompleteAsync("data_analyst", Inspect, new { result = "页面已无法打开，数据无误" });
        Near("2026-11-25 16:30", (await scenario.TaskAsync("activity_owner", Message))["dueAt"]);
    }

    [Fact]
    public async Task E_09_business_rollback_inside_the_window()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-24 10:30");
        await SmallPromotionAsync(scenario);
        var before = await RowsAsync(scenario, "P-9");
        await GoToEvaluationAsync(scenario, "P-9");

        // 12 % under the base on day 1 is one checkpoint; 11 % on day 3 the second in a row.
        var deletion = scenario.Id;
        scenario.LookAt(await scenario.ChildAsync(Evaluation));
        await scenario.AtAsync("2026-11-26 14:12");
        Assert.DoesNotContain(await scenario.MessagesAsync("store_ops_manager", "email"), m => m.Contains("数据下降", StringComparison.Ordinal));
        await scenario.AtAsync("2026-11-28 14:12");
        await scenario.ToldAsync("store_ops_manager", "email", "数据下降");
        scenario.LookAt(deletion);

        await scenario.AtAsync("2026-11-30 10:00");
        await AskForRollbackAsync(scenario);
        await scenario.DecideAsync("supervisor", "审核活动回滚申请", "approve");
        Assert.False((bool)(await PromotionAsync(scenario, "P-9"))["pageExists"]!);
        await scenario.DecideAsync("store_ops_manager", "审批活动回滚申请", "approve");
        Assert.Equal("rolled_back", await scenario.EndStateAsync());
        Assert.Equal(before, await RowsAsync(scenario, "P-9"));
        Assert.Equal([12, 11], (await scenario.CaseAsync())["output"]!["snapshots"]!.AsArray().Select(s => Math.Round((double)s!["dropPercent"]!, 2)));
    }

    [Fact]
    public async Task E_09_business_rollback_outside_the_window()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-24 10:30");
        await SmallPromotionAsync(scenario);
        await GoToEvaluationAsync(scenario, "P-9");
        await scenario.AtAsync("2026-12-03 09:00");
        await AskForRollbackAsync(scenario);

        await scenario.ToldAsync("activity_owner", "email", "请新建活动");
        Assert.False(await scenario.HasTaskAsync("supervisor", "审核活动回滚申请"));
        Assert.False((bool)(await PromotionAsync(scenario, "P-9"))["pageExists"]!);
    }

    /// <summary>Applies; the first review is there once the shop has been measured.</summary>
    private static async Task BeginAsync(Scenario scenario, string promotion = Main, string user = "activity_owner")
    {
        await scenario.BeginAsync(user, Definition, new
        {
            promotionId = promotion,
            activityName = "满300减50返场",
            reason = "与新一季主推活动冲突",
            impactReport = "一周内回落",
            riskReport = "投诉：提前说明",
            parties = (string[])["杭州云锦纺织有限公司", "义乌好物日用品商行", "潮流研究社"],
            partyContacts = (string[])["yunjin@supplier.example", "haowu@supplier.example", "chaoliu@partner.example"],
        });
        await scenario.TaskAsync(user == "supervisor" ? "store_ops_manager" : "supervisor", Review);
    }

    /// <summary>Tuesday 10:30 to Wednesday 10:30, when the gate opens.</summary>
    private static async Task GoToConfirmationAsync(Scenario scenario, string promotion = Main)
    {
        await BeginAsync(scenario, promotion);
        await scenario.DecideAsync("supervisor", Review, "approve");
        await scenario.DecideAsync("store_ops_manager", Approve, "approve");
        var deletion = scenario.Id;
        scenario.LookAt(await scenario.ChildAsync(Notice));
        await scenario.CompleteAsync("activity_owner", Check, new { });
        await scenario.CompleteAsync("activity_owner", Receipts, AllReplied);
        await scenario.EndStateAsync();
        scenario.LookAt(deletion);
    }

    /// <summary>The page deleted at 10:52 and the clearing begun at 11:00.</summary>
    private static async Task GoToClearingAsync(Scenario scenario, string promotion = Main)
    {
        await GoToConfirmationAsync(scenario, promotion);
        await scenario.AtAsync("2026-11-25 10:45");
        var backup = await BackupAsync(scenario, promotion);
        await scenario.CompleteAsync("deletion_operator", First, backup.Typed);
        await scenario.AtAsync("2026-11-25 10:52");
        await scenario.CompleteAsync("activity_owner", Second, backup.Typed);
        await scenario.AtAsync("2026-11-25 11:00");
        await scenario.CompleteAsync("deletion_operator", Third, backup.Typed);
        await scenario.TaskAsync("taobao_tech_support", Clear);
    }

    /// <summary>Verified at 14:10, and users told.</summary>
    private static async Task GoToEvaluationAsync(Scenario scenario, string promotion)
    {
        await GoToClearingAsync(scenario, promotion);
        await scenario.CompleteAsync("taobao_tech_support", Clear, new { result = "执行清理" });
        await scenario.AtAsync("2026-11-25 14:10");
        await scenario.CompleteAsync("activity_owner", Inspect, new { result = "页面已无法打开，数据无误" });
        await scenario.CompleteAsync("activity_owner", Message, new { });
        await scenario.ChildAsync(Evaluation);
    }

    /// <summary>
    /// A promotion of one product with 100 orders of 1,000 visitors a week: 10 % conversion. Afterwards 22 orders of 250 visitors on the
    /// first day, and 89 of 1,000 on the first three.
    /// </summary>
    private static async Task SmallPromotionAsync(Scenario scenario)
    {
        await scenario.ImportAsync("promotions", "Id,Name,Kind,StartsAt,EndsAt,StockCodes,RuleCache\nP-9,真丝方巾周,满减,2026-11-16 00:00:00,2026-12-20 00:00:00,ZZ9,cache\n");
        await scenario.ImportAsync("participants", "PromotionId,CustomerId,JoinedAt,Mobile\nP-9,C1,2026-11-17 10:00:00,10000000001\nP-9,C2,2026-11-17 11:00:00,10000000002\n");
        await scenario.ImportAsync("transactions", "PromotionId,TransactionId,CustomerId,At,Amount\nP-9,T1,C1,2026-11-17 10:00:00,320\n");
        var visits = new StringBuilder("Day,Visitors\n");
        for (var day = 16; day <= 24; day++)
            visits.AppendLine(CultureInfo.InvariantCulture, $"2026-11-{day},{(day == 24 ? 200 : 100)}");
        visits.Append("2026-11-26,250\n2026-11-27,375\n2026-11-28,375\n");
        await scenario.ImportAsync("visits", visits.ToString());
        var sales = new StringBuilder("InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n");
        Sell("A", 100, "2026-11-18 10:00:00", 10);
        Sell("B", 22, "2026-11-26 10:00:00", 1000);
        Sell("D", 67, "2026-11-27 10:00:00", 1000);
        await scenario.ImportAsync("sales", sales.ToString());

        void Sell(string prefix, int orders, string at, int price)
        {
            for (var n = 1; n <= orders; n++)
                sales.AppendLine(CultureInfo.InvariantCulture, $"{prefix}{n},ZZ9,1,{at},{price},C{n}");
        }
    }

    private static async Task AskForRollbackAsync(Scenario scenario)
    {
        var asked = await (await scenario.AsAsync("activity_owner")).PostAsync(
            "/api/v1/events/activity_deletion.rollback_requested", new { instanceId = scenario.Id, payload = new { reason = "转化率下降" } });
        Assert.Equal(202, asked.Status);
    }

    private static async Task<JsonNode> PromotionAsync(Scenario scenario, string id = Main) =>
        (await (await scenario.AsAsync("activity_owner")).SendAsync(HttpMethod.Get, $"/api/v1/store/promotions/{id}")).Body!;

    private static async Task<(string Id, object Typed, (string, int)[] Parts)> BackupAsync(Scenario scenario, string id = Main)
    {
        var promotion = await Condition.FoundAsync(
            async () => await PromotionAsync(scenario, id) is var found && found["backups"]!.AsArray().Any(b => b!["verifiedAt"] is not null) ? found : null,
            "the backup was never made and checked",
            TestContext.Current.CancellationToken);
        var backup = promotion["backups"]!.AsArray()[0]!;
        var parts = backup["parts"]!.AsArray().Select(p => ((string)p!["part"]!, (int)p["count"]!)).ToArray();
        return ((string)backup["id"]!, new { promotionName = (string)promotion["name"]!, backupId = (string)backup["id"]! }, parts);
    }

    private static async Task<IReadOnlyList<string>> RowsAsync(Scenario scenario, string id = Main) =>
        [.. (await (await scenario.AsAsync("super_admin")).SendAsync(HttpMethod.Get, $"/api/v1/store/promotions/{id}/rows")).Body!["items"]!.AsArray().Select(r => r!.ToJsonString())];

    private static async Task<string> PageAsync(Scenario scenario, string user, string address) =>
        System.Net.WebUtility.HtmlDecode(await (await scenario.AsAsync(user)).GetStringAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken));

    private static async Task<JsonNode> ClockAsync(Scenario scenario, string label) =>
        (await (await scenario.AsAsync("super_admin")).SendAsync(HttpMethod.Get, $"/api/v1/instances/{scenario.Id}/clocks")).Body!["items"]!.AsArray().Single(c => (string?)c!["label"] == label)!;

    private static DateTimeOffset Instant(JsonNode? node) => DateTimeOffset.Parse((string)node!, CultureInfo.InvariantCulture);

    /// <summary>The clock runs on by the moments the test takes.</summary>
    private static void Near(string time, JsonNode? instant) => Assert.Equal(Scenario.At(time), Instant(instant), TimeSpan.FromMinutes(2));

    private static string Unescaped(string json) => JsonNode.Parse(json)!.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

public sealed class SqliteActivityDeletionTests() : ActivityDeletionTests(DatabaseKind.Sqlite);

public sealed class PostgresActivityDeletionTests() : ActivityDeletionTests(DatabaseKind.Postgres);
