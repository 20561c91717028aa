using System.Text.Json.Nodes;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 5.4 and 5.11: complaints are answered within 24 and solved within 48 hours of receipt, weekends included; who refuses twice has a dispute.</summary>
public abstract class ComplaintHandlingTests(DatabaseKind kind)
{
    private const int Hour = 60;
    private const int Day = 24 * Hour;
    private const string Mobile = "13800001234";

    [Fact]
    public async Task E_15_complaint_on_a_weekend_on_time()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-27 22:00");
        await BeginAsync(scenario);

        // At once the customer is told, and both clocks run from the receipt, over the weekend.
        await ToldCustomerAsync(scenario, "您的投诉我们已收到并登记");
        Assert.Equal([("投诉回复", 24.0), ("投诉解决", 48.0)], await scenario.ClocksAsync());

        await TriageAsync(scenario, "破损");
        await scenario.AtMinuteAsync(11.9 * Hour);
        Assert.Empty(await RemindersAsync(scenario, "cs_agent", "email"));
        await scenario.CompleteAsync("cs_agent", "回复投诉顾客", new { reply = "经核查包装破损，我们将为您补发，运费由我们承担。" });
        await ToldCustomerAsync(scenario, "运费由我们承担");
        await scenario.AtMinuteAsync(13 * Hour);
        await ProposeAsync(scenario, "补发", 59);
        await ConsentAsync(scenario, "同意");
        await scenario.AtMinuteAsync(35 * Hour);
        await scenario.CompleteAsync("cs_agent", "执行投诉处理方案", new { done = "已预约补发", voucher = "SF1000000001", cost = 12 });

        await ToldCustomerAsync(scenario, "诚邀您对本次处理评分");
        var complaint = await FindAsync(scenario);
        Assert.Equal("solved", (string?)complaint["complaint"]!["state"]);
        Assert.Equal("138****1234", (string?)complaint["complaint"]!["mobile"]);
        Assert.Equal(("reshipment", 59m), Single(complaint));
        Assert.Equal(35, (Time(complaint, "solvedAt") - Time(complaint, "receivedAt")).TotalHours, 0.01);
        await scenario.CompleteAsync("product_ops_manager", "核查投诉原因", new { responsible = "物流公司", result = "运输途中挤压" });

        // Three days after the solution somebody calls, and on the seventh the case closes; nobody was reminded of anything.
        Assert.False(await scenario.HasTaskAsync("cs_agent", "回访投诉顾客"));
        await scenario.AtMinuteAsync((35 * Hour) + (3 * Day) + 1);
        await scenario.CompleteAsync("cs_agent", "回访投诉顾客", new { result = "满意", satisfaction = 5 });
        await scenario.AtMinuteAsync((35 * Hour) + (7 * Day) + 1);
        Assert.Equal("solved_satisfied", await scenario.EndStateAsync());
        Assert.Empty(await RemindersAsync(scenario, "cs_agent", "email"));
        Assert.Empty(await RemindersAsync(scenario, "cs_manager", "sms"));
        Assert.Equal(5, (int?)(await FindAsync(scenario))["complaint"]!["satisfaction"]);
    }

    [Fact]
    public async Task E_16_complaint_late_twice_then_dispute()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-23 09:00");
        await BeginAsync(scenario);
        await TriageAsync(scenario, "质量问题");

        // Unanswered: reminders at 12 h and 19 h 12 min, the manager at 24 h.
        await scenario.AtMinuteAsync((12 * Hour) - 1);
        Assert.Empty(await RemindersAsync(scenario, "cs_agent", "email"));
        await scenario.AtMinuteAsync((12 * Hour) + 1);
        await scenario.ToldAsync("cs_agent", "email", "即将超时：投诉回复");
        Assert.Empty(await RemindersAsync(scenario, "cs_agent", "sms"));
        await scenario.AtMinuteAsync((19.2 * Hour) - 1);
        Assert.Single(await RemindersAsync(scenario, "cs_agent", "email"));
        await scenario.AtMinuteAsync((19.2 * Hour) + 1);
        await scenario.ToldAsync("cs_agent", "sms", "投诉回复");
        await scenario.AtMinuteAsync((24 * Hour) - 1);
        Assert.Empty(await RemindersAsync(scenario, "cs_manager", "sms"));
        await scenario.AtMinuteAsync((24 * Hour) + 1);
        await scenario.ToldAsync("cs_manager", "sms", "投诉回复");
        await scenario.ToldAsync("cs_manager", "email", "投诉回复");

        // Unsolved: a warning at 38 h 24 min, the director at 48 h, top management at 72 h.
        await scenario.AtMinuteAsync((38.4 * Hour) - 1);
        Assert.DoesNotContain(await RemindersAsync(scenario, "cs_manager", "email"), m => m.Contains("投诉解决", StringComparison.Ordinal));
        await scenario.AtMinuteAsync((38.4 * Hour) + 1);
        await scenario.ToldAsync("cs_manager", "email", "即将超时：投诉解决");
        await scenario.ToldAsync("cs_agent", "email", "即将超时：投诉解决");
        Assert.Empty(await RemindersAsync(scenario, "ops_director", "sms"));
        await scenario.AtMinuteAsync((48 * Hour) + 1);
        await scenario.ToldAsync("ops_director", "sms", "投诉解决");
        await scenario.AtMinuteAsync((72 * Hour) - 1);
        Assert.Empty(await RemindersAsync(scenario, "executive", "sms"));
        await scenario.AtMinuteAsync((72 * Hour) + 1);
        await scenario.ToldAsync("executive", "sms", "投诉解决");

        // The work went on all the time. Twelve hundred yuan need the operations director; the customer refuses twice.
        await scenario.CompleteAsync("cs_agent", "回复投诉顾客", new { reply = "我们正在核查。" });
        await ProposeAsync(scenario, "退款", 1200);
        Assert.False(await scenario.HasTaskAsync("cs_manager", "审批投诉赔付"));
        await scenario.DecideAsync("ops_director", "审批投诉赔付", "approve", "同意");
        await ConsentAsync(scenario, "拒绝", "金额太低");
        await ProposeAsync(scenario, "退款", 100);
        await ConsentAsync(scenario, "拒绝", "不接受");
        Assert.Equal("dispute", await scenario.EndStateAsync());
        await ToldCustomerAsync(scenario, "已转由客服经理专人处理");
        var complaint = await FindAsync(scenario);
        Assert.Equal("dispute", (string?)complaint["complaint"]!["state"]);
        Assert.Empty(complaint["compensations"]!.AsArray());
        Assert.Contains("Breached", (await scenario.ClockStatesAsync())["投诉解决"], StringComparison.Ordinal);

        // The manager has the whole history, and settles.
        scenario.LookAt(await scenario.ChildAsync("dispute_handling"));
        var task = await scenario.TaskAsync("cs_manager", "处理纠纷：提出二次方案");
        var shown = (await (await scenario.AsAsync("cs_manager")).SendAsync(HttpMethod.Get, $"/api/v1/tasks/{(string)task["id"]!}")).Body!["content"]!["被拒方案"]!.ToString();
        Assert.Contains("金额太低", shown, StringComparison.Ordinal);
        Assert.Contains("1200", shown, StringComparison.Ordinal);
        await scenario.CompleteAsync("cs_manager", "处理纠纷：提出二次方案", new { way = "继续协商", plan = "全额退款并致歉", form = "退款", amount = 1500 });
        await scenario.DecideAsync("ops_director", "审批纠纷赔付", "approve", "同意");
        await scenario.CompleteAsync("cs_manager", "征得纠纷顾客同意", new { answer = "同意" });
        Assert.Equal("settled", await scenario.EndStateAsync());
    }

    [Fact]
    public async Task Up_to_a_hundred_yuan_need_nobody_and_up_to_a_thousand_the_manager()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        await BeginAsync(scenario);
        await TriageAsync(scenario, "服务态度");
        await scenario.CompleteAsync("cs_agent", "回复投诉顾客", new { reply = "对不起。" });
        await ProposeAsync(scenario, "退款", 100.01m);
        await scenario.DecideAsync("cs_manager", "审批投诉赔付", "reject", "金额偏高");
        await ProposeAsync(scenario, "退款", 1000);
        await scenario.DecideAsync("cs_manager", "审批投诉赔付", "approve", "同意");
        await ConsentAsync(scenario, "拒绝");
        await ProposeAsync(scenario, "退款", 100);
        await ConsentAsync(scenario, "同意");
        await scenario.TaskAsync("cs_agent", "执行投诉处理方案");
        Assert.Equal(("refund", 100m), Single(await FindAsync(scenario)));
    }

    [Fact]
    public async Task What_was_paid_for_the_same_cause_is_linked_and_not_paid_again()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        await SolveAsync(scenario, "延迟发货", 5);
        await SolveAsync(scenario, "延迟发货", 5);
        var second = await FindAsync(scenario);
        Assert.Equal(("coupon", 5m), Single(second));
        Assert.Equal((string?)second["compensations"]![0]!["id"], (string?)second["complaint"]!["compensation"]);

        await SolveAsync(scenario, "破损", 20);
        Assert.Equal(2, (await FindAsync(scenario))["compensations"]!.AsArray().Count);
    }

    [Fact]
    public async Task Reopened_within_seven_days_a_complaint_gets_new_clocks()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        await SolveAsync(scenario, "物流延误", 5);
        await scenario.AtMinuteAsync(2 * Day);
        await scenario.RaiseAsync("cs_agent", "complaint_handling.reopen_requested");

        await ToldCustomerAsync(scenario, "您的投诉已重新受理");
        Assert.Equal([("投诉回复", 24.0), ("投诉解决", 48.0)], (await scenario.ClocksAsync()).TakeLast(2));
        await scenario.AtMinuteAsync((3 * Day) - 5);
        Assert.Empty(await RemindersAsync(scenario, "cs_manager", "sms"));
        await scenario.AtMinuteAsync((3 * Day) + 5);
        await scenario.ToldAsync("cs_manager", "sms", "投诉回复");
        await scenario.CompleteAsync("cs_agent", "回复投诉顾客", new { reply = "已再次核查。" });
        await ProposeAsync(scenario, "道歉说明", 0);
        await ConsentAsync(scenario, "同意");
        await scenario.CompleteAsync("cs_agent", "执行投诉处理方案", new { done = "已致歉" });
        Assert.Equal(1, (int?)(await FindAsync(scenario))["complaint"]!["reopened"]);
    }

    [Fact]
    public async Task A_complaint_without_ground_ends_with_word_to_the_customer()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        await BeginAsync(scenario);
        await scenario.CompleteAsync("cs_agent", "投诉分类派单", new { verdict = "不成立", @class = "服务", cause = "其他" });
        Assert.Equal("invalid", await scenario.EndStateAsync());
        await ToldCustomerAsync(scenario, "本次投诉不予受理");
        await scenario.AtMinuteAsync(3 * Day);
        Assert.Empty(await RemindersAsync(scenario, "ops_director", "sms"));
    }

    private static Task BeginAsync(Scenario scenario) => scenario.BeginAsync("cs_agent", "complaint_handling", new
    {
        customer = "王女士",
        mobile = Mobile,
        order = "SO-2026-1127",
        channel = "电话",
        description = "收到的花瓶碎了，要求补发。",
        wish = "补发",
        loss = 59,
    });

    private static Task TriageAsync(Scenario scenario, string cause) => scenario.CompleteAsync("cs_agent", "投诉分类派单", new { verdict = "受理", @class = "商品质量", cause, crisis = "否" });

    private static Task ProposeAsync(Scenario scenario, string solution, decimal amount) =>
        scenario.CompleteAsync("cs_agent", "制定投诉处理方案", new { solution, plan = $"{solution} {amount} 元", amount });

    private static Task ConsentAsync(Scenario scenario, string answer, string note = "") => scenario.CompleteAsync("cs_agent", "征得投诉顾客同意", new { answer, note });

    private static async Task SolveAsync(Scenario scenario, string cause, decimal amount)
    {
        await BeginAsync(scenario);
        await TriageAsync(scenario, cause);
        await scenario.CompleteAsync("cs_agent", "回复投诉顾客", new { reply = "很抱歉，我们补偿您优惠券。" });
        await ProposeAsync(scenario, "优惠券", amount);
        await ConsentAsync(scenario, "同意");
        await scenario.CompleteAsync("cs_agent", "执行投诉处理方案", new { done = "已发放" });
        await ToldCustomerAsync(scenario, "诚邀您对本次处理评分");
    }

    /// <summary>In the shop and by SMS.</summary>
    private static async Task ToldCustomerAsync(Scenario scenario, string text)
    {
        await Condition.FoundAsync(
            async () => (await FindAsync(scenario))["messages"]!.AsArray().FirstOrDefault(m => ((string)m!["body"]!).Contains(text, StringComparison.Ordinal)),
            $"the customer was not written \"{text}\"",
            TestContext.Current.CancellationToken);
        await Condition.FoundAsync(
            async () => (await scenario.SmsToOutsideAsync()).FirstOrDefault(b => b.Contains(text, StringComparison.Ordinal)),
            $"the customer got no SMS \"{text}\"",
            TestContext.Current.CancellationToken);
    }

    private static async Task<IReadOnlyList<string>> RemindersAsync(Scenario scenario, string user, string channel) =>
        [.. (await scenario.MessagesAsync(user, channel)).Where(m => m.Contains("投诉回复", StringComparison.Ordinal) || m.Contains("投诉解决", StringComparison.Ordinal))];

    private static async Task<JsonNode> FindAsync(Scenario scenario) => await Condition.FoundAsync(
        async () => (await (await scenario.AsAsync("cs_manager")).SendAsync(HttpMethod.Get, $"/api/v1/store/complaints/{scenario.RootId}")) is { Status: 200 } answer ? answer.Body : null,
        "the complaint is not on record",
        TestContext.Current.CancellationToken);

    private static (string Form, decimal Amount) Single(JsonNode complaint)
    {
        var only = Assert.Single(complaint["compensations"]!.AsArray())!;
        return ((string)only["form"]!, (decimal)only["amount"]!);
    }

    private static DateTimeOffset Time(JsonNode complaint, string name) => (DateTimeOffset)complaint["complaint"]![name]!;
}

public sealed class SqliteComplaintHandlingTests() : ComplaintHandlingTests(DatabaseKind.Sqlite);

public sealed class PostgresComplaintHandlingTests() : ComplaintHandlingTests(DatabaseKind.Postgres);
