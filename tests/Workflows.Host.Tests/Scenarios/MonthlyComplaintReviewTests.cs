using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 5.5: complaints of a month are counted by themselves, and end in measures that somebody looks after.</summary>
public abstract class MonthlyComplaintReviewTests(DatabaseKind kind)
{
    [Fact]
    public async Task The_first_working_day_counts_the_month_before_and_measures_are_followed_up()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-27 22:00");
        await scenario.BeginAsync("cs_agent", "complaint_handling", new { customer = "王女士", description = "花瓶碎了" });
        await scenario.CompleteAsync("cs_agent", "投诉分类派单", new { verdict = "受理", @class = "商品质量", cause = "破损" });
        await scenario.CompleteAsync("cs_agent", "回复投诉顾客", new { reply = "我们将为您补发。" });
        await scenario.TaskAsync("cs_agent", "制定投诉处理方案");

        await scenario.AtAsync("2026-12-01 09:01");
        scenario.LookAt(await scenario.ChildAsync("monthly_complaint_review"));
        var task = await scenario.TaskAsync("cs_manager", "月度投诉复盘：分析原因");
        var content = (await (await scenario.AsAsync("cs_manager")).SendAsync(HttpMethod.Get, $"/api/v1/tasks/{(string)task["id"]!}")).Body!["content"]!;
        Assert.Equal("2026-11（对比 2026-10）", (string?)content["月份"]);
        Assert.Equal("1（前月 0）", (string?)content["收到投诉"]);
        Assert.Equal("100（前月 无）", (string?)content["按时回复 %"]);
        Assert.StartsWith("商品质量 1 件 100 %", (string?)content["类别"], StringComparison.Ordinal);

        await scenario.CompleteAsync("cs_manager", "月度投诉复盘：分析原因", new { causes = "易碎品包装薄", meetingAt = "2026-12-03" });
        await scenario.ToldAsync("product_ops_manager", "email", "主要原因：易碎品包装薄");
        await scenario.CompleteAsync("cs_manager", "月度投诉复盘：确定措施", new { measure1 = "加厚包装", owner1 = "supply_chain_manager", due1 = "2026-12-20" });
        await scenario.ToldAsync("supply_chain_manager", "email", "加厚包装（2026-12-20）");

        // Not all done at the first look: looked at again.
        await scenario.AtAsync("2026-12-31 10:00");
        await scenario.CompleteAsync("cs_manager", "核对投诉改进措施", new { result = "未完成，继续跟踪" });
        await scenario.AtAsync("2027-01-30 11:00");
        await scenario.CompleteAsync("cs_manager", "核对投诉改进措施", new { result = "全部完成" });
        Assert.Equal("measures_closed", await scenario.EndStateAsync());
    }
}

public sealed class SqliteMonthlyComplaintReviewTests() : MonthlyComplaintReviewTests(DatabaseKind.Sqlite);

public sealed class PostgresMonthlyComplaintReviewTests() : MonthlyComplaintReviewTests(DatabaseKind.Postgres);
