using System.Text.Json.Nodes;
using Workflows.Engine.Thresholds;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 1.4: many complaints after a promotion was deleted, and the crisis they may become.</summary>
public abstract class ActivityMassComplaintTests(DatabaseKind kind)
{
    private const string Definition = "activity_mass_complaint";
    private const string Promotion = "P-1001";
    private const string Team = "成立投诉专项处理小组";
    private const string Plan = "制定投诉解决方案";
    private static readonly object Members = new { members = (object[])[new { name = "李娜", from = "客服" }, new { name = "王强", from = "财务" }] };

    [Fact]
    public async Task E_08_mass_complaints_from_the_threshold_to_a_crisis()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-25 16:00");
        await ComplainAsync(scenario, 1, 10);
        await scenario.AtAsync("2026-11-25 16:50");
        var complaint = await ComplainAsync(scenario, 11, 9);
        await scenario.AtAsync("2026-11-25 16:57");
        await scenario.Service<ThresholdLoop>().RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await MassesAsync(scenario));

        // The twentieth starts it, and it alone.
        await scenario.AtAsync("2026-11-25 16:58");
        await ComplainAsync(scenario, 20, 1);
        var mass = await scenario.ChildAsync(Definition);
        await ComplainAsync(scenario, 21, 1);
        await scenario.Service<ThresholdLoop>().RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Single(await MassesAsync(scenario));
        scenario.LookAt(mass);
        await scenario.ToldAsync("store_ops_manager", "sms", "出现大量投诉（20 件）");
        var clocks = await scenario.ClocksAsync();
        Assert.Equal([("成立专项小组", 0.5), ("首次公开说明", 2)], clocks);
        await scenario.NextDueAsync("2026-11-25 17:13");
        await scenario.TaskAsync("store_ops_manager", Team);

        await scenario.AtAsync("2026-11-25 17:27");
        Assert.DoesNotContain(await scenario.MessagesAsync("ops_director", "sms"), m => m.Contains("成立专项小组", StringComparison.Ordinal));
        await scenario.AtAsync("2026-11-25 17:29");
        await scenario.ToldAsync("ops_director", "sms", "成立专项小组");
        Assert.Equal(422, await scenario.TryAsync("store_ops_manager", Team, "complete", form: new { members = Array.Empty<object>() }));
        await scenario.CompleteAsync("store_ops_manager", Team, Members);
        await scenario.CompleteAsync("task_force", "归类投诉诉求", new { grievances = "赠品未发、优惠未兑现", people = 900 });

        // Above 5,000 yuan the operations director decides; the participants are taken from the backup or, as here, are still there.
        await scenario.CompleteAsync("task_force", Plan, new { solution = "优惠券", cost = 12_000, title = "关于满减活动的说明", apology = "活动提前结束给您带来不便，我们将补发等值优惠券。" });
        Assert.False(await scenario.HasTaskAsync("store_ops_manager", "审批投诉解决方案"));
        await scenario.DecideAsync("ops_director", "审批投诉解决方案（总监）", "approve");
        await scenario.AtAsync("2026-11-25 18:50");
        await scenario.CompleteAsync("ops_team", "在公众号发布说明", new { link = "关于满减活动的说明" });
        await scenario.TaskAsync("cs_manager", "逐单解决投诉");
        var state = (await (await scenario.AsAsync("activity_owner")).SendAsync(HttpMethod.Get, $"/api/v1/store/promotions/{Promotion}")).Body!;
        Assert.Equal((3_412, 3_412), ((int)state["messages"]!["site"]!, (int)state["messages"]!["sms"]!));
        Assert.Equal([("关于满减活动的说明", true)], await scenario.AnnouncementsAsync());
        var states = await scenario.ClockStatesAsync();
        Assert.Contains("Breached", states["成立专项小组"], StringComparison.Ordinal);
        Assert.DoesNotContain("Breached", states["首次公开说明"], StringComparison.Ordinal);
        scenario.LookAt(complaint);
        Assert.Equal([24d, 48d], (await scenario.ClocksAsync()).Take(2).Select(c => c.Hours));

        // Exactly 1,000 people stay here; one more is a crisis of the first grade, which goes on with what was published.
        scenario.LookAt(mass);
        await scenario.RaiseAsync("super_admin", "activity_mass_complaint.people", new { people = 1000 });
        await scenario.RaiseAsync("super_admin", "activity_mass_complaint.people", new { people = 1001 });
        Assert.Equal("crisis", await scenario.EndStateAsync());
        scenario.LookAt(await scenario.ChildAsync("crisis_pr"));
        await scenario.TaskAsync("backup_cs_team", "一级危机：启用备用客服团队");
        Assert.False(await scenario.HasTaskAsync("ops_team", "核实危机事实"));
    }

    [Fact]
    public async Task E_08_declared_by_hand_and_calmed()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-25 17:00");
        await scenario.BeginAsync("cs_manager", Definition, new { promotionId = Promotion, count = 12, matter = "赠品未发" });
        await scenario.CompleteAsync("store_ops_manager", Team, Members);
        await scenario.CompleteAsync("task_force", "归类投诉诉求", new { grievances = "赠品未发", people = 40 });
        var plan = new { solution = "恢复活动", cost = 5_000, title = "活动说明", apology = "非常抱歉，活动将恢复。" };
        await scenario.CompleteAsync("task_force", Plan, plan);
        Assert.False(await scenario.HasTaskAsync("ops_director", "审批投诉解决方案（总监）"));
        await scenario.DecideAsync("store_ops_manager", "审批投诉解决方案", "reject", "说明写得不够清楚");
        await scenario.CompleteAsync("task_force", Plan, plan);
        await scenario.DecideAsync("store_ops_manager", "审批投诉解决方案", "approve");
        await scenario.CompleteAsync("ops_team", "在公众号发布说明", new { link = "活动说明", calls = 3 });
        await scenario.ToldAsync("activity_owner", "sms", "请在该活动的删除申请中申请回滚");
        await scenario.CompleteAsync("cs_manager", "逐单解决投诉", new { assigned = 12 });
        // A second case of the same promotion is refused while this one runs.
        var again = await (await scenario.AsAsync("cs_manager")).PostAsync("/api/v1/instances", new { definitionId = Definition, correlationId = Promotion, input = new { promotionId = Promotion } });
        Assert.True(again.Status is 409 or 422, $"{again.Status}");

        await scenario.AtAsync("2026-11-25 18:01");
        await scenario.CompleteAsync("cs_manager", "登记投诉走势", new { count = 6 });
        await scenario.AtAsync("2026-11-25 19:02");
        await scenario.CompleteAsync("cs_manager", "登记投诉走势", new { count = 5 });
        await scenario.CompleteAsync("store_ops_manager", "大量投诉处理总结", new { cause = "未提前说明", measures = "提前公告" });
        Assert.Equal("calmed", await scenario.EndStateAsync());
    }

    /// <summary>Complaints about the deleted promotion; answers the last one's case.</summary>
    private static async Task<string> ComplainAsync(Scenario scenario, int first, int count)
    {
        for (var n = first; n < first + count; n++)
            await scenario.BeginAsync("cs_agent", "complaint_handling", new { customer = $"C-{n}", channel = "APP", promotion = Promotion, description = "活动突然没有了，赠品还发吗" });
        await scenario.TaskAsync("cs_agent", "投诉分类派单");
        return scenario.Id;
    }

    private static async Task<JsonArray> MassesAsync(Scenario scenario) =>
        (await (await scenario.AsAsync("super_admin")).SendAsync(HttpMethod.Get, $"/api/v1/instances?definitionId={Definition}")).Body!["items"]!.AsArray();
}

public sealed class SqliteActivityMassComplaintTests() : ActivityMassComplaintTests(DatabaseKind.Sqlite);

public sealed class PostgresActivityMassComplaintTests() : ActivityMassComplaintTests(DatabaseKind.Postgres);
