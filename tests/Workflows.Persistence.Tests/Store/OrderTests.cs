using System.Globalization;
using System.Text;
using Microsoft.VisualBasic.FileIO;
using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>Orders: brought in again and again without harm, late ones answered once each, cancelled and refunded once.</summary>
public abstract class OrderContract(DatabaseFixture fixture) : EmbeddedStoreContract(fixture)
{
    private const string Header = "OrderNo,Customer,Mobile,CityTier,SupplierCode,PlacedAt,PaidAt,PromisedDeliveryAt,DispatchedAt,DeliveredAt,State,Amount\n";
    private const string Cause = "物流延误";

    [Fact]
    public async Task Bad_rows_are_told_by_line_and_the_rest_is_taken_once()
    {
        var file = Header
            + "SO-1,C-1,13800001234,一线,S001,2030-01-05 10:00:00,2030-01-05 10:01:00,2030-01-08,,,待发货,59.90\n"
            + ",C-1,,,,2030-01-05 10:00:00,,,,,paid,1\n"
            + "SO-2,C-1,,火星,,2030-01-05 10:00:00,,,,,paid,1\n"
            + "SO-3,C-1,,,,2030-01-05 10:00:00,,,,,lost,1\n"
            + "SO-4,C-1,,,,yesterday,,,,,paid,1\n"
            + "SO-5,C-1,,,,2030-01-05 10:00:00,,,,,paid,1.999\n"
            + "SO-6,C-2,,,,2030-01-05 10:00:00,,,,,created,\n";

        var first = await ImportAsync(file);
        var second = await ImportAsync(file);

        Assert.Equal((7, 2, 5), (first.Rows, first.Saved, first.Rejected));
        Assert.Equal([3L, 4, 5, 6, 7], first.Errors.Select(e => e.Line));
        Assert.Contains("火星", first.Errors[1].Reason, StringComparison.Ordinal);
        Assert.Equal((0, 2), (second.Saved, second.Known));
        var order = (await Shop.FindOrderAsync("SO-1", Token))!;
        Assert.Equal(("tier1", "paid", 5_990L, "S001"), (order.CityTier, order.State, order.AmountFen, order.SupplierCode));

        // A later export that knows less takes nothing away.
        await ImportAsync("OrderNo,PlacedAt,State,DispatchedAt\nSO-1,2030-01-05 10:00:00,已发货,2030-01-06 09:00:00\n");
        order = (await Shop.FindOrderAsync("SO-1", Token))!;
        Assert.Equal(("13800001234", "dispatched", 5_990L), (order.Mobile, order.State, order.AmountFen));
        Assert.Equal(["SO-6", "SO-1"], (await Shop.ListOrdersAsync(new OrderFilter(), Token)).Select(o => o.OrderNo));
        Assert.Equal(["SO-1"], (await Shop.ListOrdersAsync(new OrderFilter(After: "SO-6"), Token)).Select(o => o.OrderNo));
    }

    [Fact]
    public async Task An_order_is_cancelled_and_refunded_once_and_reinstated_by_who_cancelled_it()
    {
        await ImportAsync(Header + "SO-1,C-1,,,,2030-01-05 10:00:00,2030-01-05 10:01:00,,,,paid,59.90\nSO-2,C-1,,,,2030-01-05 10:00:00,2030-01-05 10:01:00,,2030-01-06,,dispatched,20\n");

        var first = await DoAsync(new StoreOperation.CancelOrder("i-1", "SO-1", "重复下单"), "k1");
        Assert.Equal((true, 59.90m), ((bool)first["cancelled"]!, (decimal)first["refunded"]!));
        Assert.True((bool)(await DoAsync(new StoreOperation.CancelOrder("i-1", "SO-1", "重复下单"), "k1"))["cancelled"]!);
        Assert.False((bool)(await DoAsync(new StoreOperation.CancelOrder("i-2", "SO-1", "重复下单")))["cancelled"]!);
        Assert.Contains("已发货", await RefusalAsync(new StoreOperation.CancelOrder("i-3", "SO-2", "")), StringComparison.Ordinal);
        Assert.Contains("SO-9", await RefusalAsync(new StoreOperation.CancelOrder("i-3", "SO-9", "")), StringComparison.Ordinal);

        // An export that has not heard of it does not bring the order back; only the undo of that step does.
        await ImportAsync(Header + "SO-1,C-1,,,,2030-01-05 10:00:00,2030-01-05 10:01:00,,,,paid,59.90\n");
        Assert.Equal("cancelled", (await Shop.FindOrderAsync("SO-1", Token))!.State);
        Assert.False((bool)(await DoAsync(new StoreOperation.ReinstateOrder("i-2", "SO-1")))["reinstated"]!);
        Assert.True((bool)(await DoAsync(new StoreOperation.ReinstateOrder("i-1", "SO-1")))["reinstated"]!);
        Assert.Equal(("paid", null), ((await Shop.FindOrderAsync("SO-1", Token))!.State, (await Shop.FindOrderAsync("SO-1", Token))!.RefundedFen));
    }

    [Fact]
    public async Task A_customer_of_an_order_is_written_to_once_and_an_order_is_read_with_its_supplier()
    {
        await Shop.SaveAsync([new Supplier("S001", "云锦", "供应商", "a@supplier.example", null)], Token);
        await ImportAsync(Header + "SO-1,C-1,13800001234,,S001,2030-01-05 10:00:00,,,,,paid,59.90\n");

        Assert.True((bool)(await DoAsync(new StoreOperation.TellBuyer("i-1", "SO-1", "延迟发货", "很抱歉")))["sms"]!);
        await DoAsync(new StoreOperation.TellBuyer("i-1", "SO-1", "延迟发货", "很抱歉"));
        Assert.Equal("很抱歉", Assert.Single(await Shop.ListOrderNoticesAsync("SO-1", Token)).Body);
        Assert.Contains("SO-9", await RefusalAsync(new StoreOperation.TellBuyer("i-2", "SO-9", "", "")), StringComparison.Ordinal);

        var order = await DoAsync(new StoreOperation.ReadOrder("SO-1"));
        Assert.Equal((true, "a@supplier.example", 59.90m), ((bool)order["found"]!, (string?)order["supplierContact"]!["email"], (decimal)order["amount"]!));
        Assert.False((bool)(await DoAsync(new StoreOperation.ReadOrder("SO-9")))["found"]!);
    }

    [Fact]
    public async Task Late_is_after_the_promised_instant_and_each_late_order_is_answered_once()
    {
        await ImportAsync(Header
            + "SO-1,C-1,,,,2030-01-01,,2030-01-05 12:00:00,2030-01-02,2030-01-05 12:00:00,delivered,1\n"
            + "SO-2,C-1,,,,2030-01-01,,2030-01-05 12:00:00,2030-01-02,2030-01-05 12:00:01,delivered,1\n"
            + "SO-3,C-1,,,,2030-01-01,,2030-01-05 12:00:00,2030-01-02,2030-01-06 12:00:00,delivered,1\n"
            + "SO-4,C-1,,,,2030-01-01,,2030-01-05 12:00:00,2030-01-02,,dispatched,1\n"
            + "SO-5,C-1,,,,2030-01-01,,,2030-01-02,2030-01-06 12:00:00,delivered,1\n"
            + "SO-6,C-1,,,,2030-01-01,,2030-01-05 12:00:00,2030-01-02,2030-01-06 12:00:00,delivered,1\n");
        await DoAsync(new StoreOperation.GiveCompensation("p-1", "SO-6", Cause, CompensationForm.Coupon, 5, null, null));

        Assert.Equal(["SO-2"], await LateAsync("i-1", 1, "k1"));
        Assert.Equal(["SO-2"], await LateAsync("i-1", 1, "k1"));
        Assert.Equal(["SO-3"], await LateAsync("i-2", 10));
        Assert.Empty(await LateAsync("i-3", 10));
        await DoAsync(new StoreOperation.GiveCompensation("p-2", "SO-3", Cause, CompensationForm.Coupon, 5, null, null));
        Assert.Equal(0, (int)(await DoAsync(new StoreOperation.ReleaseOrders("i-2")))["released"]!);
        Assert.Equal(1, (int)(await DoAsync(new StoreOperation.ReleaseOrders("i-1")))["released"]!);
        Assert.Equal(["SO-2"], await LateAsync("i-4", 10));
        Assert.Contains("1000", await RefusalAsync(new StoreOperation.ClaimLateOrders("i-5", A.Now, Cause, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_under_way_is_found_until_somebody_watches_it()
    {
        await ImportAsync(Header
            + "SO-1,C-1,,,,2030-01-05,2030-01-05 12:00:00,,,,paid,1\n"
            + "SO-2,C-1,,,,2030-01-01,2030-01-01 12:00:00,,,,paid,1\n"
            + "SO-3,C-1,,,,2030-01-05,2030-01-05 12:00:00,,2030-01-05 18:00:00,,dispatched,1\n"
            + "SO-4,C-1,,,,2030-01-05,2030-01-05 12:00:00,,2030-01-05 18:00:00,2030-01-06,delivered,1\n");

        Assert.Equal(["SO-1"], await ToWatchAsync(OrderWatch.Dispatch));
        Assert.Equal(["SO-3"], await ToWatchAsync(OrderWatch.Delivery));
        Assert.True((bool)(await DoAsync(new StoreOperation.WatchOrder("i-1", "SO-1", OrderWatch.Dispatch)))["begun"]!);
        Assert.False((bool)(await DoAsync(new StoreOperation.WatchOrder("i-2", "SO-1", OrderWatch.Dispatch)))["begun"]!);
        Assert.True((bool)(await DoAsync(new StoreOperation.WatchOrder("i-3", "SO-1", OrderWatch.Delivery)))["begun"]!);
        Assert.True((bool)(await DoAsync(new StoreOperation.WatchOrder("i-5", "SO-1", OrderWatch.Extension)))["begun"]!);
        Assert.False((bool)(await DoAsync(new StoreOperation.WatchOrder("i-6", "SO-1", OrderWatch.Extension)))["begun"]!);
        Assert.Empty(await ToWatchAsync(OrderWatch.Dispatch));
        await DoAsync(new StoreOperation.ReleaseOrders("i-1"));
        Assert.Equal(["SO-1"], await ToWatchAsync(OrderWatch.Dispatch));
        Assert.Contains("SO-9", await RefusalAsync(new StoreOperation.WatchOrder("i-4", "SO-9", OrderWatch.Dispatch)), StringComparison.Ordinal);
        Assert.Contains("weather", await RefusalAsync(new StoreOperation.WatchOrder("i-4", "SO-1", "weather")), StringComparison.Ordinal);
    }

    /// <summary>The real orders: the search finds exactly those that a plain reader finds in the file, and each of them once.</summary>
    [Fact]
    public async Task Of_5987_real_orders_485_were_delivered_late_and_each_is_answered_and_paid_once()
    {
        var path = Path.Combine(Repository.SharedData ?? throw Missing.Tool("The shared orders are not here."), "orders", "olist_orders_sample.csv");
        ImportReport first, second;
        await using (var file = File.OpenRead(path))
            first = Assert.IsType<ImportOutcome.Finished>(await new StoreImporter(Shop, Clock).ImportAsync("orders", "olist", file, null, Token)).Report;
        await using (var file = File.OpenRead(path))
            second = Assert.IsType<ImportOutcome.Finished>(await new StoreImporter(Shop, Clock).ImportAsync("orders", "olist", file, null, Token)).Report;
        Assert.Equal((5_987, 5_987, 0, 5_987), (first.Rows, first.Saved, second.Saved, second.Known));

        var found = new List<string>();
        for (var search = 1; ; search++)
        {
            var some = await LateAsync($"i-{search}", 100, $"search-{search}");
            // As after a crash: the same search again answers the same.
            Assert.Equal(some, await LateAsync($"i-{search}", 100, $"search-{search}"));
            if (some.Count == 0)
                break;
            found.AddRange(some);
        }

        Assert.Equal(485, found.Count);
        Assert.Equal(LateIn(path).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        var given = 0;
        foreach (var (order, n) in found.Concat(found).Select((o, n) => (o, n)))
            given += (bool)(await DoAsync(new StoreOperation.GiveCompensation($"p-{n}", order, Cause, CompensationForm.Coupon, 5, null, null)))["given"]! ? 1 : 0;
        Assert.Equal(485, given);
    }

    /// <summary>The framework's own CSV reader and a plain comparison.</summary>
    private static IEnumerable<string> LateIn(string path)
    {
        using var parser = new TextFieldParser(path) { Delimiters = [","] };
        parser.ReadFields();
        while (parser.ReadFields() is { } f)
        {
            if (f[6].Length > 0 && DateTime.Parse(f[6], CultureInfo.InvariantCulture) > DateTime.Parse(f[7], CultureInfo.InvariantCulture))
                yield return f[0];
        }
    }

    private async Task<List<string>> LateAsync(string by, int limit, string? key = null) =>
        [.. (await DoAsync(new StoreOperation.ClaimLateOrders(by, DateTimeOffset.UnixEpoch, Cause, limit), key))["items"]!.AsArray().Select(o => (string)o!["order"]!)];

    private async Task<List<string>> ToWatchAsync(string watch) =>
        [.. (await DoAsync(new StoreOperation.FindOrdersToWatch(watch, new DateTimeOffset(2030, 1, 3, 0, 0, 0, TimeSpan.Zero), null, 10)))["orders"]!.AsArray().Select(o => (string)o!)];

    private async Task<ImportReport> ImportAsync(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return Assert.IsType<ImportOutcome.Finished>(await new StoreImporter(Shop, Clock).ImportAsync("orders", "orders.csv", stream, null, Token)).Report;
    }
}

public sealed class SqliteOrderTests(SqliteFixture fixture) : OrderContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresOrderTests(PostgresFixture fixture) : OrderContract(fixture), IClassFixture<PostgresFixture>;
