using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>Complaints, what their customers are written, and what is given for them: once per order and cause, whoever asks.</summary>
public abstract class ComplaintContract(DatabaseFixture fixture) : EmbeddedStoreContract(fixture)
{
    [Fact]
    public async Task A_complaint_is_recorded_once_and_keeps_every_character()
    {
        var text = "包装破损😡，退款！\u200b\t“差评”\n第二行 \ufeff";
        var record = Record("c-1", "SO-1", text);
        await DoAsync(record, "k1");
        await DoAsync(record, "k1");

        var complaint = Assert.Single(await Shop.ListComplaintsAsync(10, Token));
        Assert.Equal((text, "received", A.Now), (complaint.Description, complaint.State, complaint.ReceivedAt));
        Assert.Contains("c-1", await RefusalAsync(record), StringComparison.Ordinal);
        Assert.Contains("顾客", await RefusalAsync(record with { Complaint = "c-2", Customer = " " }), StringComparison.Ordinal);
        Assert.Contains("不能晚于", await RefusalAsync(record with { Complaint = "c-2", ReceivedAt = A.Now.AddMinutes(5).AddSeconds(1) }), StringComparison.Ordinal);
        Assert.Single(await Shop.ListComplaintsAsync(10, Token));
        Assert.Null(await Shop.FindComplaintAsync("c-2", Token));
    }

    [Fact]
    public async Task The_first_answer_and_the_first_solution_keep_their_times()
    {
        await DoAsync(Record("c-1", "SO-1"));
        foreach (var state in (string[])[ComplaintState.Replied, ComplaintState.Solved, ComplaintState.Reopened, ComplaintState.Replied, ComplaintState.Solved])
        {
            Clock.Advance(TimeSpan.FromHours(1));
            await DoAsync(new StoreOperation.NoteComplaint("c-1", state, Satisfaction: state == ComplaintState.Solved ? 4 : null));
        }

        var complaint = (await Shop.FindComplaintAsync("c-1", Token))!;
        Assert.Equal((A.Now.AddHours(1), A.Now.AddHours(2), 1, 4, "solved"), (complaint.RepliedAt, complaint.SolvedAt, complaint.Reopened, complaint.Satisfaction, complaint.State));
        Assert.Contains("c-9", await RefusalAsync(new StoreOperation.NoteComplaint("c-9", ComplaintState.Solved)), StringComparison.Ordinal);
        Assert.Contains("lost", await RefusalAsync(new StoreOperation.NoteComplaint("c-1", "lost")), StringComparison.Ordinal);
        Assert.Contains("1 到 5", await RefusalAsync(new StoreOperation.NoteComplaint("c-1", ComplaintState.Solved, Satisfaction: 6)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_customer_is_written_once_in_the_shop()
    {
        await DoAsync(Record("c-1", "SO-1") with { Mobile = null });
        var tell = new StoreOperation.TellCustomer("c-1-4", "c-1", "投诉已受理", "我们将在24小时内回复您。");
        Assert.False((bool)(await DoAsync(tell, "k1"))["sms"]!);
        await DoAsync(tell, "k1");
        await DoAsync(tell, "k2");

        Assert.Equal([new CustomerNotice("c-1-4", "c-1", "投诉已受理", "我们将在24小时内回复您。", A.Now)], await Shop.ListCustomerNoticesAsync("c-1", Token));
        Assert.Contains("c-9", await RefusalAsync(tell with { Complaint = "c-9" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_cause_of_one_order_is_paid_once_whoever_asks()
    {
        await DoAsync(Record("c-1", "SO-1"));
        var first = await DoAsync(Give("p-1", "SO-1", "延迟发货", 5));
        var second = await DoAsync(Give("p-2", "SO-1", "延迟发货", 50) with { Complaint = "c-1" });
        Assert.True((bool)first["given"]!);
        Assert.Equal((false, "p-1", 5m), ((bool)second["given"]!, (string?)second["compensation"], (decimal)second["amount"]!));
        Assert.Equal("p-1", (await Shop.FindComplaintAsync("c-1", Token))!.Compensation);

        Assert.True((bool)(await DoAsync(Give("p-3", "SO-1", "破损", 20)))["given"]!);
        Assert.True((bool)(await DoAsync(Give("p-4", "SO-2", "延迟发货", 5)))["given"]!);
        Assert.Equal(2, (await Shop.ListCompensationsAsync("SO-1", Token)).Count);
        Assert.Equal(2, (await DoAsync(Record("c-2", "SO-1")))["paid"]!.AsArray().Count);
    }

    [Fact]
    public async Task Many_at_once_pay_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(n => AskAsync(Give($"p-{n}", "SO-1", "延迟发货", 5), $"key-{n}")));

        Assert.Single(answers, a => (bool)((StoreOutcome.Done)a).Result["given"]!);
        var only = Assert.Single(await Shop.ListCompensationsAsync("SO-1", Token));
        Assert.All(answers, a => Assert.Equal(only.Id, (string?)((StoreOutcome.Done)a).Result["compensation"]));
    }

    [Fact]
    public async Task Undoing_takes_back_what_this_step_gave_while_it_is_unused()
    {
        await DoAsync(Give("p-1", "SO-1", "破损", 20));
        await DoAsync(Give("p-2", "SO-1", "破损", 20));
        // The second step linked the first's: its undo touches nothing.
        Assert.False((bool)(await DoAsync(new StoreOperation.RevokeCompensation("p-2")))["revoked"]!);
        Assert.Null(Assert.Single(await Shop.ListCompensationsAsync("SO-1", Token)).RevokedAt);

        Assert.True((bool)(await DoAsync(new StoreOperation.RevokeCompensation("p-1")))["revoked"]!);
        Assert.Contains("收回", await RefusalAsync(new StoreOperation.UseCompensation("p-1")), StringComparison.Ordinal);
        // What was taken back makes room.
        Assert.True((bool)(await DoAsync(Give("p-3", "SO-1", "破损", 20)))["given"]!);
        await DoAsync(new StoreOperation.UseCompensation("p-3"));
        Assert.Contains("不能收回", await RefusalAsync(new StoreOperation.RevokeCompensation("p-3")), StringComparison.Ordinal);
        Assert.Contains("已使用", await RefusalAsync(new StoreOperation.UseCompensation("p-3")), StringComparison.Ordinal);
        Assert.Contains("p-9", await RefusalAsync(new StoreOperation.UseCompensation("p-9")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_paid_is_refused_in_plain_words()
    {
        Assert.Contains("订单", await RefusalAsync(Give("p-1", " ", "破损", 5)), StringComparison.Ordinal);
        Assert.Contains("大于 0", await RefusalAsync(Give("p-1", "SO-1", "破损", 0)), StringComparison.Ordinal);
        Assert.Contains("cash", await RefusalAsync(Give("p-1", "SO-1", "破损", 5) with { Form = "cash" }), StringComparison.Ordinal);
        await DoAsync(Give("p-1", "SO-1", "破损", 5));
        Assert.Contains("p-1", await RefusalAsync(Give("p-1", "SO-2", "破损", 5)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_month_is_counted_by_receipt_with_the_shares_of_what_was_promised()
    {
        var month = A.Now.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var n in Enumerable.Range(1, 4))
            await DoAsync(Record($"c-{n}", $"SO-{n}") with { Class = n == 1 ? "物流" : "商品质量" });
        await DoAsync(new StoreOperation.NoteComplaint("c-4", ComplaintState.Invalid));
        Clock.Advance(TimeSpan.FromHours(24));
        await DoAsync(new StoreOperation.NoteComplaint("c-1", ComplaintState.Replied));
        Clock.Advance(TimeSpan.FromTicks(10));
        await DoAsync(new StoreOperation.NoteComplaint("c-2", ComplaintState.Replied));
        await DoAsync(new StoreOperation.NoteComplaint("c-2", ComplaintState.Solved));
        await DoAsync(Give("p-1", "SO-1", "破损", 12.5m));

        var figures = (await DoAsync(new StoreOperation.MeasureComplaints(month, 24, 48)))["month"]!;
        Assert.Equal((4, 1, 33.33m, 33.33m), ((int)figures["received"]!, (int)figures["invalid"]!, (decimal)figures["repliedInTimePercent"]!, (decimal)figures["solvedInTimePercent"]!));
        Assert.Equal(["商品质量 2", "物流 1"], figures["classes"]!.AsArray().Select(c => $"{c!["class"]} {c["count"]}"));
        Assert.Contains("月份", await RefusalAsync(new StoreOperation.MeasureComplaints("十一月", 24, 48)), StringComparison.Ordinal);
        Assert.Equal(0, (int)(await DoAsync(new StoreOperation.MeasureComplaints("2020-01", 24, 48)))["month"]!["received"]!);
    }

    private static StoreOperation.RecordComplaint Record(string id, string order, string text = "杯子碎了") =>
        new(id, A.Now, $"C-{id}", "13800001234", order, "电话", null, null, text);

    private static StoreOperation.GiveCompensation Give(string id, string order, string cause, decimal amount) =>
        new(id, order, cause, CompensationForm.Coupon, amount, "C-1", null);
}

public sealed class SqliteComplaintTests(SqliteFixture fixture) : ComplaintContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresComplaintTests(PostgresFixture fixture) : ComplaintContract(fixture), IClassFixture<PostgresFixture>;
