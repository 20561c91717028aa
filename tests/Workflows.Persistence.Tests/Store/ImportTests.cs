using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.VisualBasic.FileIO;
using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

public abstract class ImportContract(DatabaseFixture fixture) : EmbeddedStoreContract(fixture)
{
    private const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    private StoreImporter Importer => new(Shop, Clock);

    [Fact]
    public async Task Bad_rows_are_rejected_with_line_and_reason_and_the_rest_is_taken()
    {
        var report = await ImportAsync("sales", Header
            + "1,A1,\"PLATE, 7\"\" \",6,2030-01-05 10:00:00,2.55,17850.0,China\r\n"
            + "1,,NO CODE,1,2030-01-05 10:00:00,1.00,,China\n"
            + "1,A1,\"TWO\nLINES\",1,2030-01-05 10:00:00,1.00,,China\n"
            + "2,A1,NEGATIVE,1,2030-01-05 10:00:00,-1.00,,China\n"
            + "2,A1,NOTHING,0,2030-01-05 10:00:00,1.00,,China\n"
            + "2,A1,WORD,many,2030-01-05 10:00:00,1.00,,China\n"
            + "2,A1,WHEN,1,soon,1.00,,China\n"
            + "2,A1,FINE,1,2030-01-05 10:00:00,1.00001,,China\n"
            + "2,A1,SHORT,1\n"
            + "2,A1,\"QUOTED\"X,1,2030-01-05 10:00:00,1.00,,China\n"
            + "\n"
            + "C3,B2,BACK,-2,2030-01-05 11:00:00,1.50,,China");

        Assert.Equal((11, 3, 8), (report.Rows, report.Saved, report.Rejected));
        Assert.Equal([3L, 6, 7, 8, 9, 10, 11, 12], report.Errors.Select(e => e.Line));
        Assert.Equal("StockCode 为空 (is empty)", report.Errors[0].Reason);
        Assert.Equal("UnitPrice 小于 0 (is negative)", report.Errors[1].Reason);
        Assert.Equal(8, report.Reasons.Values.Sum());
        var figures = await Shop.MeasureAsync(A.Now.AddDays(-5), A.Now, null, Token);
        Assert.Equal((3, (6 * 2.55m) + 1 - 3, 5, 1, 1), (figures.Lines, figures.Revenue, figures.Units, figures.Orders, figures.Customers));
        Assert.Equal(-3, (await Shop.MeasureAsync(A.Now.AddDays(-5), A.Now, ["B2"], Token)).Revenue);
    }

    [Fact]
    public async Task An_import_repeated_adds_nothing_yet_equal_lines_of_one_invoice_all_count()
    {
        var file = Header + "1,A1,X,1,2030-01-05 10:00:00,1,,\n1,A1,X,1,2030-01-05 10:00:00,1,,\n";

        var first = await ImportAsync("sales", file);
        var second = await ImportAsync("sales", file);

        Assert.Equal((2, 0), (first.Saved, first.Known));
        Assert.Equal((0, 2), (second.Saved, second.Known));
        Assert.Equal(2, await Shop.CountSalesAsync(Token));
    }

    [Theory]
    [InlineData("nonsense", "a,b\n", "nonsense")]
    [InlineData("sales", "", "空的")]
    [InlineData("sales", "InvoiceNo,Quantity\n", "StockCode")]
    public async Task A_file_that_cannot_be_taken_is_refused_with_the_reason(string kind, string text, string reason)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));

        var refused = Assert.IsType<ImportOutcome.Refused>(await Importer.ImportAsync(kind, "file", stream, null, Token));

        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_gzip_is_refused()
    {
        using var stream = new MemoryStream([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);

        Assert.IsType<ImportOutcome.Refused>(await Importer.ImportAsync("sales", "file", stream, null, Token));
    }

    [Fact]
    public async Task Promotions_products_participants_and_transactions_come_in_and_strays_stay_out()
    {
        var promotions = await ImportAsync("promotions", "id,name,kind,startsAt,endsAt,stockCodes\nP-7,双旦礼遇,满减,2029-12-20,2030-01-10T00:00:00+08:00,A1;B2\nP-8,倒着,满减,2030-01-10,2030-01-01,\n");
        var products = await ImportAsync("products", "\uFEFFStockCode,Name,Price\nA1,盘子,2.55\nA1,大盘子,3.1\n");
        var participants = await ImportAsync("participants", "PromotionId,CustomerId,Name,Mobile,JoinedAt\nP-7,C1,王女士,10000000001,2030-01-01 08:00:00\nP-9,C2,李先生,,2030-01-01\n");
        var transactions = await ImportAsync("transactions", "PromotionId,TransactionId,CustomerId,At,Amount\nP-7,T1,C1,2030-01-02,99.5\n");

        Assert.Equal((1, 1), (promotions.Saved, promotions.Rejected));
        Assert.Equal(1, products.Saved);
        Assert.Equal((1, 1), (participants.Saved, participants.Rejected));
        Assert.Equal(3, participants.Errors.Single().Line);
        Assert.Equal(1, transactions.Saved);
        var state = (await Shop.FindPromotionAsync("P-7", Token))!;
        Assert.Equal((1, 1), (state.Participants, state.Transactions));
        Assert.Equal(new DateTimeOffset(2029, 12, 19, 16, 0, 0, TimeSpan.Zero), state.Promotion.StartsAt);
        Assert.Equal("[\"A1\",\"B2\"]", state.Promotion.Settings!["stockCodes"]!.ToJsonString());
    }

    [Fact]
    public async Task An_import_does_not_bring_a_deleted_promotion_back()
    {
        await OpenShopAsync();
        await DeleteAsync();

        await ImportAsync("promotions", "Id,Name,StartsAt,EndsAt\nP-1,又来了,2030-01-01,2030-02-01\n");
        var participants = await ImportAsync("participants", "PromotionId,CustomerId,JoinedAt\nP-1,C1,2030-01-01\n");

        Assert.Equal(1, participants.Rejected);
        Assert.NotNull((await Shop.FindPromotionAsync(Wanted, Token))!.Promotion.PageDeletedAt);
    }

    [Fact]
    public async Task A_month_of_real_sales_gives_the_figures_an_independent_reader_finds()
    {
        var path = Path.Combine(Repository.SharedData ?? throw Missing.Tool("The shared retail lines are not here."), "retail-lines", "online-retail-2011-08.csv.gz");
        var (lines, revenue, units, orders, customers, rejected) = ReadIndependently(path);
        var seen = new List<ImportProgress>();

        await using var file = File.OpenRead(path);
        var report = Assert.IsType<ImportOutcome.Finished>(await Importer.ImportAsync("sales", Path.GetFileName(path), file, seen.Add, Token)).Report;
        var figures = await Shop.MeasureAsync(new DateTimeOffset(2011, 8, 1, 0, 0, 0, TimeSpan.FromHours(8)), new DateTimeOffset(2011, 9, 1, 0, 0, 0, TimeSpan.FromHours(8)), null, Token);

        Assert.Equal((35_284, 35_282, 2), (report.Rows, report.Saved, report.Rejected));
        Assert.Equal(rejected, report.Rejected);
        Assert.Equal(["UnitPrice 小于 0 (is negative)"], report.Reasons.Keys);
        Assert.Equal((lines, revenue, units, orders, customers), (figures.Lines, figures.Revenue, figures.Units, figures.Orders, figures.Customers));
        Assert.True(seen.Count >= 7);
        Assert.Equal(report.Saved, seen[^1].Saved);
    }

    private async Task<ImportReport> ImportAsync(string kind, string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return Assert.IsType<ImportOutcome.Finished>(await Importer.ImportAsync(kind, "file.csv", stream, null, Token)).Report;
    }

    /// <summary>The framework's own CSV reader and plain sums.</summary>
    private static (long Lines, decimal Revenue, long Units, long Orders, long Customers, long Rejected) ReadIndependently(string path)
    {
        using var parser = new TextFieldParser(new GZipStream(File.OpenRead(path), CompressionMode.Decompress)) { Delimiters = [","], TrimWhiteSpace = false };
        parser.ReadFields();
        var (lines, revenue, units, rejected) = (0L, 0m, 0L, 0L);
        var (orders, customers) = (new HashSet<string>(), new HashSet<string>());
        while (parser.ReadFields() is { } f)
        {
            var price = decimal.Parse(f[5], CultureInfo.InvariantCulture);
            if (price < 0)
            {
                rejected++;
                continue;
            }

            lines++;
            units += long.Parse(f[3], CultureInfo.InvariantCulture);
            revenue += price * long.Parse(f[3], CultureInfo.InvariantCulture);
            if (f[0][0] == 'C')
                continue;
            orders.Add(f[0]);
            if (f[6].Length > 0)
                customers.Add(f[6]);
        }

        return (lines, revenue, units, orders.Count, customers.Count, rejected);
    }
}

public sealed class SqliteImportTests(SqliteFixture fixture) : ImportContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresImportTests(PostgresFixture fixture) : ImportContract(fixture), IClassFixture<PostgresFixture>;
