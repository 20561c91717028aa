using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.VisualBasic.FileIO;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>
/// Real orders: those delivered after what was promised are found, and each customer gets one coupon and one explanation, though the search is
/// asked for twice at once, the host goes away in the middle, and everything is brought in again. What is late is counted here straight from the file.
/// The first thousand orders always; WORKFLOWS_LONG_TESTS=1 takes all 5,987, of which 485 are late.
/// </summary>
public abstract class LateOrderScanTests(DatabaseKind kind)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Each_of_the_first_late_orders_is_compensated_once() => PlayAsync(1_000, null);

    [Fact]
    public Task Each_of_the_485_late_orders_is_compensated_once()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("WORKFLOWS_LONG_TESTS") == "1", "WORKFLOWS_LONG_TESTS=1 takes all orders.");
        return PlayAsync(int.MaxValue, 485);
    }

    private async Task PlayAsync(int rows, int? expected)
    {
        var path = Path.Combine(Repository.SharedData ?? throw Missing.Tool("The shared orders are not here."), "orders", "olist_orders_sample.csv");
        var file = string.Join('\n', File.ReadLines(path).Take(rows));
        var (all, late) = Read(file);
        Assert.Equal(expected ?? late.Count, late.Count);

        var host = await HostUnderTest.StartAsync(kind);
        try
        {
            await ImportAsync(host, file);
            var first = await ScanAsync(host);
            var second = await ScanAsync(host);
            await Condition.FoundAsync(async () => await PaidAsync(host, late) >= late.Count / 4 ? "enough" : null, "nobody is paid", Token, Patience);
            host = await host.RestartAsync();
            await ImportAsync(host, file);
            var found = await FoundAsync(host, first) + await FoundAsync(host, second);
            Assert.Equal(late.Count, found);
            Assert.Equal(0, await FoundAsync(host, await ScanAsync(host)));
            await Condition.FoundAsync(async () => await ToldAsync(host, late) == late.Count ? "all" : null, "not everybody was written to", Token, Patience);

            // People read the shop's time.
            using var admin = await host.AsAsync("super_admin");
            var exception = (string)(await admin.SendAsync(HttpMethod.Get, "/api/v1/instances?definitionId=order_exception&limit=1")).Body!["items"]![0]!["id"]!;
            Assert.Matches(@"^承诺 \d{4}-\d\d-\d\d \d\d:\d\d 前送达，实际 \d{4}-\d\d-\d\d \d\d:\d\d 签收$", (string?)(await admin.SendAsync(HttpMethod.Get, $"/api/v1/instances/{exception}")).Body!["input"]!["description"]);

            var shop = host.Service<IStorePlatform>();
            var notices = host.Service<IStoreOrders>();
            foreach (var order in all)
            {
                var (given, told) = (await shop.ListCompensationsAsync(order, Token), await notices.ListOrderNoticesAsync(order, Token));
                Assert.Equal(late.Contains(order) ? (1, 1) : (0, 0), (given.Count, told.Count));
                Assert.All(given, c => Assert.Equal((CompensationForm.Coupon, 5m, "物流延误"), (c.Form, c.Amount, c.Cause)));
            }
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>The framework's own CSV reader and a plain comparison.</summary>
    private static (IReadOnlyList<string> All, IReadOnlySet<string> Late) Read(string file)
    {
        using var parser = new TextFieldParser(new StringReader(file)) { Delimiters = [","] };
        parser.ReadFields();
        var (all, late) = (new List<string>(), new HashSet<string>());
        while (parser.ReadFields() is { } f)
        {
            all.Add(f[0]);
            if (f[6].Length > 0 && DateTime.Parse(f[6], CultureInfo.InvariantCulture) > DateTime.Parse(f[7], CultureInfo.InvariantCulture))
                late.Add(f[0]);
        }

        return (all, late);
    }

    private static async Task ImportAsync(HostUnderTest host, string csv)
    {
        using var content = new StringContent(csv, System.Text.Encoding.UTF8, new MediaTypeHeaderValue("text/csv"));
        using var analyst = await host.AsAsync("data_analyst");
        var answer = await analyst.SendAsync(HttpMethod.Post, "/api/v1/store/import/orders", content: content);
        Assert.True(answer.Status == 200 && (long)answer.Body!["rejected"]! == 0, answer.Body?.ToJsonString());
    }

    private static async Task<string> ScanAsync(HostUnderTest host)
    {
        using var manager = await host.AsAsync("cs_manager");
        return await Flows.StartAsync(manager, "late_order_scan", new { since = "2016-01-01T00:00:00+08:00" });
    }

    private static async Task<int> FoundAsync(HostUnderTest host, string scan)
    {
        using var admin = await host.AsAsync("super_admin");
        return (int)await Condition.FoundAsync(
            async () => (await admin.SendAsync(HttpMethod.Get, $"/api/v1/instances/{scan}")).Body is { } body && (string?)body["instance"]!["subStatus"] == "Finished" ? body["output"]!["found"] : null,
            "the search does not end",
            Token,
            Patience);
    }

    private static async Task<int> PaidAsync(HostUnderTest host, IEnumerable<string> orders)
    {
        var paid = 0;
        foreach (var order in orders)
            paid += (await host.Service<IStorePlatform>().ListCompensationsAsync(order, Token)).Count;
        return paid;
    }

    private static async Task<int> ToldAsync(HostUnderTest host, IEnumerable<string> orders)
    {
        var told = 0;
        foreach (var order in orders)
            told += (await host.Service<IStoreOrders>().ListOrderNoticesAsync(order, Token)).Count;
        return told;
    }
}

public sealed class SqliteLateOrderScanTests() : LateOrderScanTests(DatabaseKind.Sqlite);

public sealed class PostgresLateOrderScanTests() : LateOrderScanTests(DatabaseKind.Postgres);
