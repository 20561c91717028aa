using System.Text;
using Workflows.Engine.Store;
using Workflows.Persistence.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>Customers: found without guessing, revealed with a record, erased everywhere and for good.</summary>
public abstract class CustomerContract(DatabaseFixture fixture) : EmbeddedStoreContract(fixture)
{
    private const string File = "顾客编号,姓名,手机,邮箱,等级\nC1,王芳,13800001234,wang@example.com,金卡会员\nC2,李雷,13900005678,,\n,无名,,,\n";

    [Fact]
    public async Task Customers_come_in_under_chinese_headings_and_are_found_by_what_somebody_knows_whole()
    {
        var report = await ImportAsync(File);
        Assert.Equal((3, 2, 1, "CustomerId 为空 (is empty)"), (report.Rows, report.Saved, report.Rejected, report.Errors.Single().Reason));
        Assert.Equal((0, 2), ((await ImportAsync(File)).Saved, (await ImportAsync(File)).Known));

        Assert.Equal(["C1", "C2"], await FoundAsync(null));
        Assert.Equal(["C2"], await FoundAsync(null, after: "C1"));
        Assert.Equal(["C1"], await FoundAsync("C1"));
        Assert.Equal(["C1", "C2"], await FoundAsync("C"));
        Assert.Equal(["C2"], await FoundAsync("13900005678"));
        Assert.Equal(["C1"], await FoundAsync("王芳"));
        // Parts of a name or number tell nothing: they could be guessed digit by digit.
        Assert.Empty(await FoundAsync("1390000"));
        Assert.Empty(await FoundAsync("王"));
        Assert.Empty(await FoundAsync("%"));
    }

    [Fact]
    public async Task Whoever_sees_a_customer_whole_leaves_a_record_and_who_is_not_there_leaves_none()
    {
        await ImportAsync(File);
        await DoAsync(new StoreOperation.RecordComplaint("c-1", A.Now, "C1", "13800001234", "SO-1", "电话", null, null, "杯子碎了"));

        Assert.Equal("13800001234", (await Shop.RevealCustomerAsync("C1", "cs_agent", "回访投诉", Token))!.Mobile);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await Shop.RevealCustomerAsync("C1", "cs_manager", "复核", Token);
        Assert.Equal("13800001234", (await Shop.RevealComplaintAsync("c-1", "cs_agent", "致电顾客", Token))!.Mobile);
        Assert.Null(await Shop.RevealCustomerAsync("C9", "cs_agent", "好奇", Token));

        Assert.Equal(["cs_manager 复核 revealed", "cs_agent 回访投诉 revealed"], (await Shop.ListDisclosuresAsync(Disclosure.OfCustomer, "C1", 10, Token)).Select(d => $"{d.By} {d.Reason} {d.Act}"));
        Assert.Equal("致电顾客", Assert.Single(await Shop.ListDisclosuresAsync(Disclosure.OfComplaint, "c-1", 10, Token)).Reason);
        Assert.Empty(await Shop.ListDisclosuresAsync(Disclosure.OfCustomer, "C9", 10, Token));
    }

    [Fact]
    public async Task Erasing_takes_what_is_personal_everywhere_and_no_import_brings_it_back()
    {
        await OpenShopAsync();
        await ImportAsync(File);
        var backup = await BackUpAsync();
        await DoAsync(new StoreOperation.RecordComplaint("c-1", A.Now, "王芳", "13800001234", "SO-1", "电话", null, null, "请打13800001234给我"));
        await DoAsync(new StoreOperation.GiveCompensation("p-1", "SO-1", "破损", CompensationForm.Coupon, 5, "王芳", "c-1"));
        await DoAsync(new StoreOperation.MessageParticipants(Wanted, backup, "batch-1", "活动调整", "抱歉"));

        await ImportAsync("订单号,顾客编号,手机号,下单时间,订单状态\nO-1,C1,13800001234,2030-01-02 08:00:00,paid\nO-2,C2,13800001234,2030-01-02 08:00:00,paid\n", "orders");

        Assert.IsType<Erasure.Done>(await Shop.EraseAsync("C1", "compliance_officer", "本人要求删除", Token));

        Assert.Equal(new Customer("C1", null, null, null, null, null, null, A.Now), await Shop.FindCustomerAsync("C1", Token));
        var complaint = (await Shop.FindComplaintAsync("c-1", Token))!;
        Assert.Equal(("C1", null, "请打***********给我"), (complaint.Customer, complaint.Mobile, complaint.Description));
        Assert.Equal("C1", Assert.Single(await Shop.ListCompensationsAsync("SO-1", Token)).Customer);
        var row = (await Shop.ReadRowsAsync(Wanted, Token)).Single(r => r.Part == StoreRow.Participants && r.Key == "C1").ToParticipant(Wanted);
        Assert.Equal((null, null), (row.Name, row.Mobile));
        // The backup lost the name too and is still whole: the deletion it was made for goes on, and so does its way back.
        await DoAsync(new StoreOperation.DeletePage(Wanted, backup));
        await DoAsync(new StoreOperation.ClearData(Wanted, backup));
        await DoAsync(new StoreOperation.RestoreData(Wanted, backup));
        await DoAsync(new StoreOperation.RestorePage(Wanted, backup));
        Assert.DoesNotContain("顾客1\"", string.Concat((await Shop.ReadRowsAsync(Wanted, Token)).Select(r => r.Content)), StringComparison.Ordinal);

        await ImportAsync("订单号,顾客编号,手机号,下单时间,订单状态\nO-1,C1,13800001234,2030-01-02 08:00:00,paid\n", "orders");
        // Nor does a file that names nobody, or the customer by name.
        await ImportAsync("订单号,顾客编号,手机号,下单时间,订单状态\nO-1,,13800001234,2030-01-02 08:00:00,paid\n", "orders");
        await ImportAsync("订单号,顾客编号,手机号,下单时间,订单状态\nO-1,王芳,13800001234,2030-01-02 08:00:00,paid\n", "orders");
        // A telephone may be two people's: the other keeps the number that orders know them by.
        Assert.Equal(["O-1 C1 ", "O-2 C2 "], (await Shop.ListOrdersAsync(new OrderFilter(), Token)).Select(o => $"{o.OrderNo} {o.Customer} {o.Mobile}").Order());

        Assert.Contains("已按要求删除", (await ImportAsync("CustomerId,Name\nC1,王芳\n")).Errors.Single().Reason, StringComparison.Ordinal);
        await Shop.SaveAsync([new Participant(Other, "C1", "王芳", "13800001234", A.Now)], Token);
        Assert.DoesNotContain("王芳", string.Concat((await Shop.ReadRowsAsync(Other, Token)).Select(r => r.Content)), StringComparison.Ordinal);
        Assert.IsType<Erasure.AlreadyErased>(await Shop.EraseAsync("C1", "compliance_officer", "再次要求", Token));
        Assert.IsType<Erasure.Unknown>(await Shop.EraseAsync("C99", "compliance_officer", "本人要求删除", Token));
        Assert.Equal("本人要求删除", Assert.Single(await Shop.ListDisclosuresAsync(Disclosure.OfCustomer, "C1", 10, Token)).Reason);
        // One whom only a promotion knows can be erased as well.
        Assert.IsType<Erasure.Done>(await Shop.EraseAsync("C5", "compliance_officer", "本人要求删除", Token));
        // So can one whom only an order or a compensation knows.
        await ImportAsync("订单号,顾客编号,手机号,下单时间,订单状态\nO-7,C7,13800007777,2030-01-02 08:00:00,paid\n", "orders");
        await DoAsync(new StoreOperation.GiveCompensation("p-8", "SO-8", "破损", CompensationForm.Coupon, 5, "C8", null));
        Assert.IsType<Erasure.Done>(await Shop.EraseAsync("C7", "compliance_officer", "本人要求删除", Token));
        Assert.IsType<Erasure.Done>(await Shop.EraseAsync("C8", "compliance_officer", "本人要求删除", Token));
        Assert.Null((await Shop.FindOrderAsync("O-7", Token))!.Mobile);
    }

    [Fact]
    public async Task A_customer_of_many_numbers_is_erased_with_all_of_them_and_others_keep_theirs()
    {
        await ImportAsync("顾客编号,姓名,手机\nC2,李雷,13900005678\nC3,王芳,\n");
        await ImportAsync("订单号,顾客编号,手机号,下单时间,订单状态\nO-1,C3,13700001111,2030-01-02 08:00:00,paid\nO-2,C3,13900005678,2030-01-02 08:00:00,paid\nO-3,王芳,137 0000 1111,2030-01-02 08:00:00,paid\nO-4,C2,13700001111,2030-01-02 08:00:00,paid\n", "orders");
        await DoAsync(new StoreOperation.RecordComplaint("c-1", A.Now, "C3", "13600002222", null, "电话", null, null, "我是王芳，或打 +86 136-0000-2222，不行找１３７００００１１１１"), "c-1-7");
        await DoAsync(new StoreOperation.RecordComplaint("c-2", A.Now, "芳芳", "13500003333", "O-1", "App", null, null, "芳芳的单号123456789012345还没到"));
        await DoAsync(new StoreOperation.RecordComplaint("c-3", A.Now, "C2", "13900005678", null, "电话", null, null, "请联系李雷13900005678"));
        await DoAsync(new StoreOperation.TellCustomer("c-1-8", "c-1", "已受理", "王芳您好，我们会打13600002222"));
        await DoAsync(new StoreOperation.TellBuyer("n-1-3", "O-1", "延迟发货", "王芳您好，包裹延迟"), "n-1-3");
        foreach (var (entry, customer) in new[] { ("b-1", "13700001111"), ("b-2", "王芳"), ("b-3", "李雷") })
            await DoAsync(new StoreOperation.Blacklist($"{entry}-1", customer, [BlacklistScope.Coupons], $"{customer} 恶意退货", null), $"{entry}-1");
        Assert.Equal(["c-2", "c-1"], (await Shop.FindTracesAsync("C3", Token)).Complaints);
        var uploads = new ImportUploads(Db.Database, Clock);
        await uploads.AddAsync(new ImportUpload("u1", "customers", "c.csv", "finance", A.Now, UploadState.Open, new Dictionary<string, int>(), 3, 0, 0, 0, 0, null, A.Now), [1], Token);
        await uploads.ChooseAsync("u1", new Dictionary<string, int>(), queue: true, Token);
        await uploads.TakeAsync(A.Now, Token);
        await uploads.FinishAsync("u1", new ImportOutcome.Refused("x"), "2,\"原因, 一\",C3,不详\r\n3,原因,C2,李雷\r\n4,原因,C9,\"王芳,13600002222\"\r\n", Token);

        Assert.IsType<Erasure.Done>(await Shop.EraseAsync("C3", "compliance_officer", "本人要求删除", Token));

        Assert.Equal(["O-1 C3 ", "O-2 C3 ", "O-3 C3 ", "O-4 C2 13700001111"], (await Shop.ListOrdersAsync(new OrderFilter(), Token)).Select(o => $"{o.OrderNo} {o.Customer} {o.Mobile}").Order());
        var first = (await Shop.FindComplaintAsync("c-1", Token))!;
        Assert.Equal(("C3", null, "我是***，或打 ***********，不行找***********"), (first.Customer, first.Mobile, first.Description));
        var second = (await Shop.FindComplaintAsync("c-2", Token))!;
        Assert.Equal(("C3", null, "***的单号123456789012345还没到"), (second.Customer, second.Mobile, second.Description));
        Assert.Equal("请联系李雷13900005678", (await Shop.FindComplaintAsync("c-3", Token))!.Description);
        Assert.Equal("***您好，我们会打***********", Assert.Single(await Shop.ListCustomerNoticesAsync("c-1", Token)).Body);
        Assert.Equal("2,\"原因, 一\"\r\n3,原因,C2,李雷\r\n4,原因\r\n", await uploads.ReadRejectedAsync("u1", Token));
        Assert.DoesNotContain("13600002222", string.Concat(await Db.TextsAsync("select payload from store_operation where key = 'c-1-7'")), StringComparison.Ordinal);
        Assert.Equal(
            ["b-1-1 C3 *********** 恶意退货", "b-2-1 C3 *** 恶意退货", "b-3-1 李雷 李雷 恶意退货"],
            (await Shop.ListBlacklistAsync(new BlacklistFilter(), Token)).Select(b => $"{b.Entry} {b.Customer} {b.Reason}").Order());
        var recorded = string.Concat(await Db.TextsAsync("select payload from store_operation where key in ('n-1-3', 'b-1-1', 'b-2-1')"));
        Assert.False(recorded.Contains("王芳", StringComparison.Ordinal) || recorded.Contains("13700001111", StringComparison.Ordinal), recorded);
        // What a file brings again is not kept with what was rejected.
        var rejected = new List<RejectedRow>();
        using var file = new MemoryStream(Encoding.UTF8.GetBytes("CustomerId,Name\nC3,王芳\n"));
        await new StoreImporter(Shop, Clock).ImportAsync("customers", "file", file, null, null, rejected.Add, Token);
        Assert.Empty(Assert.Single(rejected).Fields);
    }

    [Fact]
    public async Task A_broken_backup_is_not_blessed_by_an_erasure()
    {
        await OpenShopAsync();
        var backup = await BackUpAsync();
        await Db.ExecuteAsync("update backup_row set content = replace(content, '顾客2', '顾客X') where row_key = 'C2'");

        await Shop.EraseAsync("C1", "compliance_officer", "本人要求删除", Token);

        Assert.False((bool)(await DoAsync(new StoreOperation.VerifyBackup(backup)))["valid"]!);
    }

    private async Task<IEnumerable<string>> FoundAsync(string? search, string? after = null) => (await Shop.ListAsync(search, after, 10, Token)).Select(c => c.Id);

    private async Task<ImportReport> ImportAsync(string text, string kind = "customers")
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return Assert.IsType<ImportOutcome.Finished>(await new StoreImporter(Shop, Clock).ImportAsync(kind, "file", stream, null, Token)).Report;
    }
}

public sealed class SqliteCustomerTests(SqliteFixture fixture) : CustomerContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresCustomerTests(PostgresFixture fixture) : CustomerContract(fixture), IClassFixture<PostgresFixture>;
