using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>What comes in wrong (a file with other columns, a broken backup, a metric that is missing, a customer nobody knows) is told in plain Chinese, changes nothing and loses nothing.</summary>
public abstract class BadShopInputTests(DatabaseKind kind)
{
    private const string Promotion = "P-1001";

    [Fact]
    public async Task Bad_input_is_told_in_chinese_and_changes_nothing()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-23 09:00");
        var shop = await scenario.AsAsync("super_admin");
        await scenario.PerformAsync(new StoreOperation.Backup(Promotion));
        var backup = (string)(await ReadAsync(shop, $"/api/v1/store/promotions/{Promotion}"))["backups"]![0]!["id"]!;
        await scenario.PerformAsync(new StoreOperation.VerifyBackup(backup));
        var before = await SeenAsync(shop);

        // A file with other columns, one that is another kind of file, and one whose every row is wrong.
        Refused(await PostCsvAsync(shop, "sales", "商品,数量\n茶杯,2\n"), 400, "标题行缺少列");
        Refused(await PostCsvAsync(shop, "orders", "a,b,c\n1,2,3\n"), 400, "标题行缺少列");
        Refused(await PostCsvAsync(shop, "sales", ""), 400, "文件是空的");
        Refused(await PostCsvAsync(shop, "nonsense", "a\n1\n"), 404, "可选");
        var rows = await PostCsvAsync(shop, "sales", "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\nX1,A,两个,2026-11-20 10:00:00,1,C1\n");
        Assert.Equal((200, 0L, 1L), (rows.Status, (long)rows.Body!["saved"]!, (long)rows.Body["rejected"]!));
        Assert.Matches("[\\u4e00-\\u9fff]", Plain(rows.Body["errors"]!));

        // A backup that lost a row opens nothing, restores nothing, and is not called good.
        await scenario.SqlAsync($"delete from backup_row where backup_id = '{backup}' and row_key = 'P-1001-T05870'");
        var platform = scenario.Service<IStorePlatform>();
        foreach (var operation in (StoreOperation[])[new StoreOperation.RestoreData(Promotion, backup), new StoreOperation.RestorePage(Promotion, backup), new StoreOperation.DeletePage(Promotion, "B-none")])
        {
            var refused = Assert.IsType<StoreOutcome.Refused>(await platform.PerformAsync($"bad-{operation.Kind}", operation, TestContext.Current.CancellationToken));
            Assert.Matches("[\\u4e00-\\u9fff]", refused.Reason);
        }

        await scenario.PerformAsync(new StoreOperation.VerifyBackup(backup));
        var refusal = Assert.IsType<StoreOutcome.Refused>(await platform.PerformAsync("bad-delete", new StoreOperation.DeletePage(Promotion, backup), TestContext.Current.CancellationToken));
        Assert.Contains("没有通过校验", refusal.Reason, StringComparison.Ordinal);

        // A metric nobody knows, a value that is none, and one that is not recorded: neither raised nor cleared, and the page says so.
        Refused(await shop.PostAsync("/api/v1/store/metrics", new { items = new[] { new { metric = "complaints.count", scope = "x", value = 1 } } }), 400, "此指标由店铺数据计算");
        Refused(await shop.PostAsync("/api/v1/store/metrics", new { items = new[] { new { metric = "roi", scope = "", value = 1 } } }), 400, "");
        var figures = Assert.IsType<StoreOutcome.Done>(await platform.PerformAsync("bad-measure", new StoreOperation.SnapshotMetrics(Promotion, "无数据", Scenario.At("2019-01-01 00:00"), Scenario.At("2019-01-08 00:00")), TestContext.Current.CancellationToken));
        Assert.DoesNotContain("NaN", figures.Result.ToJsonString(), StringComparison.Ordinal);

        // A customer nobody knows, in the register, on the page, and in a complaint: that one is kept all the same.
        foreach (var act in (string[])["", "/reveal", "/erase"])
        {
            var path = "/api/v1/store/customers/C-nobody" + act;
            var user = await scenario.AsAsync(act == "/erase" ? "compliance_officer" : "cs_agent");
            var answer = act.Length == 0 ? await user.SendAsync(HttpMethod.Get, path) : await user.PostAsync(path, new { reason = "核对收件电话号码" });
            Refused(answer, 404, "");
        }

        var page = await (await scenario.AsAsync("cs_agent")).GetAsync(new Uri("/shop/customers/C-nobody", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)page.StatusCode);
        Assert.Equal(before, await SeenAsync(shop));
        await scenario.BeginAsync("cs_agent", "complaint_handling", new { customer = "C-nobody", order = "SO-nobody", promotion = "P-nobody", channel = "APP", description = "没有收到赠品" });
        await scenario.TaskAsync("cs_agent", "投诉分类派单");
        var complaint = await ReadAsync(await scenario.AsAsync("cs_agent"), $"/api/v1/store/complaints/{scenario.Id}");
        Assert.Equal("没有收到赠品", (string?)complaint["complaint"]!["description"]);
    }

    /// <summary>What the wrong things above might have touched, but not the backup that was damaged on purpose.</summary>
    private static async Task<string> SeenAsync(HttpClient shop)
    {
        var promotion = (JsonObject)await ReadAsync(shop, $"/api/v1/store/promotions/{Promotion}");
        promotion.Remove("backups");
        var rows = await ReadAsync(shop, $"/api/v1/store/promotions/{Promotion}/rows");
        var metrics = await ReadAsync(shop, "/api/v1/store/thresholds");
        return string.Join('\n', promotion.ToJsonString(), rows.ToJsonString(), string.Join(' ', metrics["items"]!.AsArray().Select(t => t!["scopes"]!.AsArray().Count)));
    }

    private static async Task<JsonNode> ReadAsync(HttpClient client, string path) => (await client.SendAsync(HttpMethod.Get, path)).Body!;

    private static async Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> PostCsvAsync(HttpClient shop, string what, string csv)
    {
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        return await shop.SendAsync(HttpMethod.Post, $"/api/v1/store/import/{what}", content: content);
    }

    private static void Refused((int Status, JsonNode? Body, HttpResponseMessage Response) answer, int status, string words)
    {
        Assert.True(answer.Status == status, $"{answer.Status} {answer.Body?.ToJsonString()}");
        Assert.Matches("[\\u4e00-\\u9fff]", Plain(answer.Body!));
        Assert.Contains(words, Plain(answer.Body!), StringComparison.Ordinal);
    }

    private static string Plain(JsonNode node) => node.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

public sealed class SqliteBadShopInputTests() : BadShopInputTests(DatabaseKind.Sqlite);

public sealed class PostgresBadShopInputTests() : BadShopInputTests(DatabaseKind.Postgres);
