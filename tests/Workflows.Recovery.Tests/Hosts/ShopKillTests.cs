using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Faults;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Tests.Support;

namespace Workflows.Recovery.Tests.Hosts;

/// <summary>
/// The real host dies by SIGKILL between a crossed threshold and its event, around the erasure of a customer, and at every step of reading an uploaded file. The next
/// one raises the event once, has erased all or nothing, and has read every row once.
/// </summary>
public abstract class ShopKillTests(DatabaseKind kind)
{
    private const int Lines = 5_200;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static TheoryData<string> ImportPoints => [.. FaultPoint.OfShop.Except([FaultPoint.ThresholdRaised])];

    public static TheoryData<string> ErasurePoints => [FaultPoint.StoreBeforeCommit, FaultPoint.StoreAfterCommit];

    [Fact]
    public async Task A_crossed_threshold_raises_its_event_once_though_its_host_died_before_it()
    {
        using var limit = Limited();
        await using var place = await HostProcess.SeededAsync(kind);
        await using var api = new HostCaller(place, $"{FaultPoint.ThresholdRaised}:1:kill");
        var mentions = new JsonObject { ["items"] = new JsonArray(new JsonObject { ["metric"] = "opinion.negative", ["scope"] = "SKU-KILL", ["value"] = 12, ["count"] = 12 }) };
        await api.PostAsync("super_admin", "/api/v1/store/metrics", "mentions", mentions, limit.Token);

        await using var connection = await place.ConnectAsync();
        const string Settled = "select count(*) from metric_state where scope = 'SKU-KILL' and episode = 1 and is_owed = 0 and case_id is not null";
        while (api.Deaths.Count == 0 || await connection.CountAsync(Settled) == 0)
        {
            await api.GetAsync("super_admin", "/api/v1/instances?definitionId=product_public_opinion", limit.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
        }

        Assert.Equal([NodeProcess.Killed], api.Deaths);
        Assert.Equal(1, await connection.CountAsync("select count(*) from event where id = 'threshold:product_opinion:SKU-KILL:1'"));
        Assert.Equal(1, await connection.CountAsync("select count(*) from instance where definition_id = 'product_public_opinion'"));
        Assert.Empty(await Checker.FindDivergencesAsync(connection));
    }

    [Theory]
    [MemberData(nameof(ErasurePoints))]
    public async Task A_customer_is_erased_wholly_and_once_though_the_host_died_of_it(string point)
    {
        using var limit = Limited();
        await using var place = await HostProcess.SeededAsync(kind);
        await using var api = new HostCaller(place, $"{point}:1:kill");
        await using var connection = await place.ConnectAsync();
        const string Traces = "select (select count(*) from customer where id = 'C000011' and (name is not null or mobile is not null or email is not null)) + (select count(*) from promotion_participant where customer_id = 'C000011' and (name is not null or mobile is not null))";
        Assert.True(await connection.CountAsync(Traces) > 1, "the customer is no participant, so there is nothing to be half erased");

        var erased = await api.PostAsync("compliance_officer", "/api/v1/store/customers/C000011/erase", "erase", new JsonObject { ["reason"] = "本人要求删除个人信息" }, limit.Token);

        Assert.Equal([NodeProcess.Killed], api.Deaths);
        Assert.Equal("C000011", (string?)erased["id"]);
        Assert.Equal(0, await connection.CountAsync(Traces));
        Assert.Equal(1, await connection.CountAsync("select count(*) from disclosure where subject_id = 'C000011'"));
    }

    [Theory]
    [MemberData(nameof(ImportPoints))]
    public async Task An_uploaded_file_is_read_to_its_last_row_once_though_its_host_died_over_it(string point)
    {
        using var limit = Limited();
        await using var place = await HostProcess.SeededAsync(kind);
        await using var api = new HostCaller(place, $"{point}:1:kill");
        await using var connection = await place.ConnectAsync();
        var before = await connection.CountAsync("select count(*) from sales_line");
        var csv = new StringBuilder("InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n");
        for (var n = 0; n < Lines; n++)
            csv.AppendLine(CultureInfo.InvariantCulture, $"K{n},SKU-{n % 7},1,2026-01-02 10:00:00,9.90,C{n}");
        csv.Append("K-bad,SKU-1,many,2026-01-02 10:00:00,9.90,C1\n");
        using var upload = new MultipartFormDataContent { { new StringContent("sales"), "kind" }, { new StringContent(csv.ToString()), "file", "sales.csv" } };
        Assert.True(await api.TryPageAsync("data_analyst", "/shop/import", upload, limit.Token));
        var id = (string)(await connection.QueryAsync("select id from import_upload"))[0][0]!;
        using var choice = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["c.InvoiceNo"] = "0",
            ["c.StockCode"] = "1",
            ["c.Quantity"] = "2",
            ["c.InvoiceDate"] = "3",
            ["c.UnitPrice"] = "4",
            ["c.CustomerID"] = "5",
            ["action"] = "import",
        });
        await api.TryPageAsync("data_analyst", $"/shop/import/{id}", choice, limit.Token);

        // Whoever looks at it once its host was silent for a minute has it read again.
        while (await connection.CountAsync("select count(*) from import_upload where state >= 3") == 0 || api.Deaths.Count == 0)
        {
            if (api.Deaths.Count > 0)
                await api.TryPostAsync("super_admin", "/dev/clock/advance", new JsonObject { ["by"] = "00:02:00" }, limit.Token);
            await api.TryPageAsync("data_analyst", $"/shop/import/{id}", null, limit.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
        }

        Assert.Equal([NodeProcess.Killed], api.Deaths);
        Assert.Equal(before + Lines, await connection.CountAsync("select count(*) from sales_line"));
        var report = (await connection.QueryAsync("select state, rows, saved + known, rejected, (content is null) from import_upload"))[0];
        Assert.Equal([3L, Lines + 1L, (long)Lines, 1L, 1L], report.Select(v => Convert.ToInt64(v, CultureInfo.InvariantCulture)));
    }

    private static CancellationTokenSource Limited()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        return limit;
    }
}

public sealed class SqliteShopKillTests() : ShopKillTests(DatabaseKind.Sqlite);

public sealed class PostgresShopKillTests() : ShopKillTests(DatabaseKind.Postgres);
