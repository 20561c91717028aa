using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 8.2 and 8.5: an opinion about a product, and the crisis it may become.</summary>
public abstract class ProductPublicOpinionTests(DatabaseKind kind)
{
    private const string Alone = "声明未批：请直接审批";
    private const string Causes = "危机 5Why 与限时整改";

    [Fact]
    public async Task E_20_product_opinion_becomes_a_crisis()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-29 14:50");
        await scenario.ImportAsync("products", "StockCode,Name,Price,Cost\nMASK-1,补水面膜,99,40\n");
        await scenario.BeginAsync("ops_team", "product_public_opinion", new { claim = "面膜过敏", stockCode = "MASK-1", foundAt = Scenario.At("2026-11-29 14:00"), customer = "顾客 13800001234" });
        await scenario.ToldAsync("product_ops_manager", "sms", "商品舆情：面膜过敏");

        // Started at 50 minutes and verified at 58: both limits of an hour kept. For health the sale stops meanwhile.
        await scenario.AtAsync("2026-11-29 14:58");
        await scenario.CompleteAsync("ops_team", "联系用户并核实舆情", new { outcome = "质量问题", health = true, people = 1000, facts = "防腐剂超标，已有 1000 人反映" });
        await scenario.TaskAsync("ops_team", "起草商品舆情声明");
        Assert.True((bool)(await scenario.ProductAsync("MASK-1"))["product"]!["isBlocked"]!);
        var clocks = await scenario.ClockStatesAsync();
        Assert.DoesNotContain("Breached", clocks["舆情启动"] + clocks["舆情核实"], StringComparison.Ordinal);

        // Nobody has approved at 15:45: top management may alone, and at 16:00 the statement is late.
        await scenario.CompleteAsync("ops_team", "起草商品舆情声明", new { title = "关于补水面膜的说明", text = "已停售送检，退换运费由我们承担。" });
        await scenario.TaskAsync("ops_director", "审批商品舆情声明");
        await scenario.AtAsync("2026-11-29 15:44");
        Assert.False(await scenario.HasTaskAsync("executive", Alone));
        await scenario.AtAsync("2026-11-29 15:46");
        await scenario.TaskAsync("executive", Alone);
        await scenario.AtAsync("2026-11-29 16:01");
        await scenario.ToldAsync("ops_director", "sms", "舆情声明");
        await scenario.AtAsync("2026-11-29 16:10");
        Assert.Empty(await scenario.AnnouncementsAsync());
        await scenario.DecideAsync("executive", Alone, "approve");
        await scenario.TaskAsync("cs_manager", "办理退换并承担运费");
        Assert.Equal([("关于补水面膜的说明", true)], await scenario.AnnouncementsAsync());
        Assert.False(await scenario.HasTaskAsync("ops_director", "审批商品舆情声明"));
        Assert.Contains("Breached", (await scenario.ClockStatesAsync())["舆情声明"], StringComparison.Ordinal);

        // Exactly 1,000 is no crisis; one more is, of the first grade: reserve team and duty round the clock.
        await scenario.RaiseAsync("ops_team", "product_public_opinion.people", new { people = 1000 });
        await scenario.RaiseAsync("ops_team", "product_public_opinion.people", new { people = 1001 });
        var crisis = await scenario.ChildAsync("crisis_pr");
        scenario.LookAt(crisis);
        await scenario.TaskAsync("backup_cs_team", "一级危机：启用备用客服团队");
        await scenario.TaskAsync("cs_duty_team", "一级危机：安排 24 小时值守");
        await scenario.ToldAsync("executive", "sms", "一级危机");
        Assert.False(await scenario.HasTaskAsync("ops_team", "核实危机事实"));

        // It is not closed without five whys and an action with its owner and date.
        await scenario.CompleteAsync("cs_manager", "组织值守应答", new { answered = 900 });
        await scenario.AtAsync("2026-11-29 20:15");
        await scenario.CompleteAsync("ops_team", "更新危机进展", new { state = "已平息", text = "已全部退换，质检进行中。" });
        var actions = new[] { new { action = "更换原料供应商", owner = "product_ops_manager", due = "2026-12-20" } };
        Assert.Equal(422, await scenario.TryAsync("cs_manager", Causes, "complete", form: new { why1 = "一", why2 = "二", why3 = "三", why4 = "四", actions }));
        Assert.Equal(422, await scenario.TryAsync("cs_manager", Causes, "complete", form: new { why1 = "一", why2 = "二", why3 = "三", why4 = "四", why5 = "五", actions = Array.Empty<object>() }));
        Assert.Equal(200, await scenario.TryAsync("cs_manager", Causes, "complete", form: new { why1 = "一", why2 = "二", why3 = "三", why4 = "四", why5 = "五", actions }));
        await scenario.CompleteAsync("ops_team", "危机结案报告", new { summary = "按时核实，公告晚 10 分钟" });
        Assert.Equal("calmed", await scenario.EndStateAsync());

        // The product's own case goes on to the inspection, which takes it off sale for good.
        scenario.LookAt(scenario.RootId);
        await scenario.CompleteAsync("cs_manager", "办理退换并承担运费", new { handled = 950, cost = 12000 });
        await scenario.CompleteAsync("product_ops_manager", "商品送检", new { result = "不合格", report = "防腐剂超标" });
        Assert.Equal("quality_confirmed", await scenario.EndStateAsync());
        await scenario.ChildAsync("product_delisting");
    }

    [Fact]
    public async Task An_opinion_without_ground_is_explained_and_changes_nothing()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-30 09:00");
        await scenario.BeginAsync("cs_manager", "product_public_opinion", new { claim = "疑似假货", stockCode = "MASK-1" });
        await scenario.CompleteAsync("ops_team", "联系用户并核实舆情", new { outcome = "不属实", people = 1, facts = "非本店购买" });
        await scenario.CompleteAsync("cs_manager", "向用户澄清", new { note = "已说明" });

        Assert.Equal("unfounded", await scenario.EndStateAsync());
        Assert.Empty(await scenario.AnnouncementsAsync());
    }

    [Fact]
    public async Task A_declared_crisis_that_is_small_needs_no_first_grade_and_a_refused_statement_is_drafted_anew()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-30 09:00");
        await scenario.BeginAsync("ops_team", "crisis_pr", new { matter = "直播翻车" });
        await scenario.CompleteAsync("ops_team", "核实危机事实", new { real = "属实", people = 80, facts = "口播价格有误" });
        await scenario.CompleteAsync("ops_team", "起草危机声明", new { title = "说明", text = "不合适的文字" });
        await scenario.DecideAsync("ops_director", "审批危机声明", "reject", "请致歉");
        await scenario.CompleteAsync("ops_team", "起草危机声明", new { title = "致歉声明", text = "按口播价格兑现，深表歉意。" });
        await scenario.DecideAsync("ops_director", "审批危机声明", "approve");
        await scenario.TaskAsync("cs_manager", "组织值守应答");

        Assert.Equal([("致歉声明", true)], await scenario.AnnouncementsAsync());
        // E-26: exactly 1,000 people are no first grade yet.
        await scenario.RaiseAsync("ops_team", "crisis_pr.people", new { people = 1000 });
        await scenario.AtAsync("2026-11-30 09:30");
        Assert.False(await scenario.HasTaskAsync("backup_cs_team", "一级危机：启用备用客服团队"));
        await scenario.RaiseAsync("ops_team", "crisis_pr.people", new { people = 1001 });
        await scenario.TaskAsync("backup_cs_team", "一级危机：启用备用客服团队");
        await scenario.AtAsync("2026-11-30 11:30");
        Assert.False(await scenario.HasTaskAsync("executive", Alone));
    }
}

public sealed class SqliteProductPublicOpinionTests() : ProductPublicOpinionTests(DatabaseKind.Sqlite);

public sealed class PostgresProductPublicOpinionTests() : ProductPublicOpinionTests(DatabaseKind.Postgres);
