using System.Text.Json.Nodes;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 1.2: everybody affected is told before a promotion is deleted, and the gate of the deletion hangs on it.</summary>
public abstract class ActivityDeletionStakeholderNoticeTests(DatabaseKind kind)
{
    private const string Check = "核对相关方名单并发送通知";
    private const string Receipts = "登记相关方回执";
    private const string Call = "电话跟进未告知的相关方";
    private const string Confirm = "确认删除活动（第一人）";

    [Fact]
    public async Task E_04_an_untold_supplier_keeps_the_gate_closed()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-24 10:00");
        var notice = await GoToNoticeAsync(scenario);
        await scenario.AtAsync("2026-11-24 10:30");
        // A carrier is told when the notice arrives; the second supplier has no address at all.
        await scenario.CompleteAsync("activity_owner", Check, new { added = (object[])[new { party = "中通快递", kind = "物流公司", contact = "13900000009" }, new { party = "未留地址厂", kind = "供应商" }] });
        await scenario.TaskAsync("activity_owner", Receipts);
        Assert.Contains(await DeliveriesAsync(scenario, "email"), d => (d.To, d.Body) == ("yunjin@supplier.example", "您参与的活动“满300减50返场”即将删除。请回复确认收到；如对您有影响，请尽快与店铺联系。"));
        Assert.Contains(await DeliveriesAsync(scenario, "sms"), d => d.To == "139****0009" && d.Body.Contains("即将删除", StringComparison.Ordinal));
        Assert.Contains(await scenario.AnnouncementsAsync(), a => a is { Title: "活动即将结束", IsShown: true });

        // One answers, one does not: only the silent one is asked for again.
        await scenario.AtAsync("2026-11-24 15:00");
        Assert.Equal(422, await scenario.TryAsync("activity_owner", Receipts, "complete", form: new { p1 = "已送达" }));
        await scenario.CompleteAsync("activity_owner", Receipts, new { p1 = "已回执", p2 = "已送达", p3 = "未回复" });
        var task = await TaskWithAsync(scenario, Receipts, "p3");
        Assert.Equal(["p3", "note"], task["form"]!["properties"]!.AsObject().Select(p => p.Key));

        // Twelve hours after the notices it is reminded, and the owner is asked to call; the gate of the deletion stays closed for as long as that takes.
        await scenario.AtAsync("2026-11-24 22:29");
        Assert.False(await scenario.HasTaskAsync("activity_owner", Call));
        await scenario.AtAsync("2026-11-24 22:31");
        await scenario.CompleteAsync("activity_owner", Call, new { p3 = "未联系上" });
        await scenario.AtAsync("2026-11-25 11:00");
        Assert.True(await scenario.HasTaskAsync("activity_owner", Call));
        scenario.LookAt(scenario.RootId);
        Assert.False(await scenario.HasTaskAsync("deletion_operator", Confirm));
        scenario.LookAt(notice);
        await scenario.CompleteAsync("activity_owner", Call, new { p3 = "已电话告知", note = "已与负责人通话" });
        Assert.Equal("complete", await scenario.EndStateAsync());
        scenario.LookAt(scenario.RootId);
        await scenario.TaskAsync("deletion_operator", Confirm);
    }

    [Fact]
    public async Task E_04_a_party_out_of_reach_is_waived_by_the_manager_with_a_reason_and_a_withdrawal_calls_off()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-24 10:00");
        var notice = await GoToNoticeAsync(scenario);
        await scenario.CompleteAsync("activity_owner", Check, new { });
        // A notice that did not arrive is not waited for.
        await scenario.CompleteAsync("activity_owner", Receipts, new { p1 = "未送达" });
        await scenario.CompleteAsync("activity_owner", Call, new { p1 = "未联系上", waiver = true, note = "三次无人接听" });
        Assert.Equal(422, await scenario.TryAsync("store_ops_manager", "审批相关方告知豁免", "approve"));
        await scenario.DecideAsync("store_ops_manager", "审批相关方告知豁免", "reject", "再联系一次");
        await scenario.CompleteAsync("activity_owner", Call, new { p1 = "未联系上", waiver = true });
        await scenario.DecideAsync("store_ops_manager", "审批相关方告知豁免", "approve", "供应商已停业");
        Assert.Equal("waived", await scenario.EndStateAsync());
        Assert.Equal("供应商已停业", (string?)(await scenario.CaseAsync())["output"]!["waiverReason"]);

        // Called off before anything was deleted: the same list hears of it, once.
        scenario.LookAt(scenario.RootId);
        await scenario.NextDueAsync("2026-11-25 09:10");
        var answer = await (await scenario.AsAsync("activity_owner")).PostAsync($"/api/v1/instances/{scenario.Id}/withdraw", new { comment = "改期" });
        Assert.True(answer.Status == 200, answer.Body?.ToJsonString());
        await Testing.Condition.FoundAsync(async () => (await scenario.CaseAsync())["instance"] is { } found && (string?)found["subStatus"] == "Cancelled" ? found : null, "it is not withdrawn", TestContext.Current.CancellationToken);
        Assert.Single(await DeliveriesAsync(scenario, "email"), d => d.To == "yunjin@supplier.example" && d.Body.Contains("现已取消", StringComparison.Ordinal));
        Assert.Contains(await scenario.AnnouncementsAsync(), a => a is { Title: "活动即将结束", IsShown: false });
        scenario.LookAt(notice);
    }

    /// <summary>Approved, with one supplier known to the application.</summary>
    private static async Task<string> GoToNoticeAsync(Scenario scenario)
    {
        await scenario.BeginAsync("activity_owner", "activity_deletion", new
        {
            promotionId = "P-1001",
            activityName = "满300减50返场",
            reason = "与新一季主推活动冲突",
            impactReport = "一周内回落",
            riskReport = "投诉：提前说明",
            parties = (string[])["杭州云锦纺织有限公司"],
            partyContacts = (string[])["yunjin@supplier.example"],
        });
        await scenario.DecideAsync("supervisor", "审核活动删除申请", "approve");
        await scenario.DecideAsync("store_ops_manager", "审批活动删除申请", "approve");
        var notice = await scenario.ChildAsync("activity_deletion_stakeholder_notice");
        scenario.LookAt(notice);
        return notice;
    }

    /// <summary>The open task once its form asks for this field first.</summary>
    private static async Task<JsonNode> TaskWithAsync(Scenario scenario, string title, string field) => await Testing.Condition.FoundAsync(
        async () =>
        {
            var id = (string)(await scenario.TaskAsync("activity_owner", title))["id"]!;
            var task = (await (await scenario.AsAsync("activity_owner")).SendAsync(HttpMethod.Get, $"/api/v1/tasks/{id}")).Body!;
            return task["form"]!["properties"]!.AsObject().First().Key == field ? task : null;
        },
        $"the form never asks for {field}",
        TestContext.Current.CancellationToken);

    private static async Task<IReadOnlyList<(string To, string Body)>> DeliveriesAsync(Scenario scenario, string channel)
    {
        var page = await (await scenario.AsAsync("tech_support")).SendAsync(HttpMethod.Get, $"/api/v1/ops/deliveries?instanceId={scenario.Id}&channel={channel}&limit=200");
        return [.. page.Body!["items"]!.AsArray().Where(d => d!["userName"] is null).Select(d => ((string)d!["address"]!, (string)d["body"]!))];
    }
}

public sealed class SqliteActivityDeletionStakeholderNoticeTests() : ActivityDeletionStakeholderNoticeTests(DatabaseKind.Sqlite);

public sealed class PostgresActivityDeletionStakeholderNoticeTests() : ActivityDeletionStakeholderNoticeTests(DatabaseKind.Postgres);
