using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Engine.Thresholds;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Metrics of the shop that start processes: once for a crossing, one case for a matter (catalogue 1.4, 8.2, 0.3, F-31).</summary>
public abstract class MetricThresholdTests(DatabaseKind kind)
{
    private const string Opinion = "product_public_opinion";
    private const string Listener = "threshold_listener";

    [Fact]
    public async Task E_08_the_twentieth_complaint_within_an_hour_raises_one_event_for_its_promotion()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-25 16:50");
        await ListenAsync(scenario, "store.complaints.threshold");
        await ComplainAsync(scenario, 19);
        await RoundAsync(scenario);
        Assert.Empty(await CasesAsync(scenario, Listener));

        await scenario.AtAsync("2026-11-25 16:58");
        await ComplainAsync(scenario, 3);
        await RoundAsync(scenario);
        var input = Assert.Single(await CasesAsync(scenario, Listener));
        Assert.Equal("P-1001", (string?)input["correlationId"]);
        var state = Assert.Single(await scenario.Service<IThresholdStore>().ListStatesAsync(TestContext.Current.CancellationToken), s => s.Threshold == "mass_complaint_count");
        Assert.Equal((22m, 1), (state.Value!.Value, state.Episode));
        Assert.InRange(state.Since!.Value, Scenario.At("2026-11-25 16:49"), Scenario.At("2026-11-25 16:52"));

        // An hour later nothing is counted any more, and the next mass would be another matter.
        await scenario.AtAsync("2026-11-25 18:10");
        await RoundAsync(scenario);
        Assert.False((await scenario.Service<IThresholdStore>().ListStatesAsync(TestContext.Current.CancellationToken)).Single(s => s.Threshold == "mass_complaint_count").IsRaised);
        Assert.Single(await CasesAsync(scenario, Listener));
    }

    [Fact]
    public async Task Mentions_of_a_product_start_one_case_and_a_later_crossing_is_linked_to_it()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-30 09:00");
        await scenario.ImportAsync("products", "StockCode,Name,Price,Cost\nMASK-1,补水面膜,99,40\nMASK-2,保湿面膜,99,40\n");
        await RecordAsync(scenario, "MASK-1", 9);
        await RoundAsync(scenario);
        Assert.Empty(await CasesAsync(scenario, Opinion));

        // Again and higher: one case, with the reason in words.
        foreach (var mentions in (int[])[10, 15, 12])
        {
            await scenario.AtAsync(await scenario.NowAsync() + TimeSpan.FromMinutes(1));
            await RecordAsync(scenario, "MASK-1", mentions);
            await RoundAsync(scenario);
        }

        scenario.LookAt((string)Assert.Single(await CasesAsync(scenario, Opinion))["id"]!);
        await scenario.ToldAsync("product_ops_manager", "sms", "商品负面舆情（每小时条数）：10");

        // Quiet for an hour, and beyond the level again: the case that runs has the matter.
        foreach (var (minutes, mentions) in ((int, int)[])[(10, 1), (61, 1), (5, 30)])
        {
            await scenario.AtAsync(await scenario.NowAsync() + TimeSpan.FromMinutes(minutes));
            await RecordAsync(scenario, "MASK-1", mentions);
            await RoundAsync(scenario);
        }

        var view = (await ViewAsync(scenario, "product_opinion"))["scopes"]!.AsArray().Single()!;
        Assert.Equal(("raised", 2, true, scenario.Id), ((string?)view["state"], (int)view["raised"]!, (bool)view["isLinked"]!, (string?)view["case"]));
        Assert.Single(await CasesAsync(scenario, Opinion));

        // A host that dies between noticing and publishing leaves the debt to the next.
        var now = await scenario.NowAsync();
        var rule = ShippedThresholds.All.Single(r => r.Id == "product_opinion");
        await scenario.Service<IThresholdStore>().ObserveAsync(rule, new MetricReading("MASK-2", 11, 11, now), now, TestContext.Current.CancellationToken);
        await RoundAsync(scenario);
        Assert.Equal(2, (await CasesAsync(scenario, Opinion)).Count);

        // Two hours without a value: no data, and nothing is cleared by that.
        await scenario.AtAsync(await scenario.NowAsync() + TimeSpan.FromHours(3));
        await RoundAsync(scenario);
        Assert.All((await ViewAsync(scenario, "product_opinion"))["scopes"]!.AsArray(), s => Assert.Equal("missing", (string?)s!["state"]));
        var page = await (await (await scenario.AsAsync("ops_director")).GetAsync(new Uri("/thresholds", UriKind.Relative), TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("最近没有这项指标的数据：不触发，也不解除。", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_and_levels_that_cannot_be_are_refused_in_plain_words()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        var shop = await scenario.AsAsync("super_admin");
        var derived = await shop.PostAsync("/api/v1/store/metrics", new { items = new[] { new { metric = ShopMetrics.Complaints, scope = "P-1001", value = 3 } } });
        Assert.Equal(400, derived.Status);
        Assert.Contains("此指标由店铺数据计算", Words(derived.Body!), StringComparison.Ordinal);
        Assert.Equal(400, (await shop.PostAsync("/api/v1/store/metrics", new { items = new[] { new { metric = "roi", scope = "plan-1", value = 3, at = (await scenario.NowAsync()).AddHours(1) } } })).Status);
        Assert.Equal(400, (await shop.PostAsync("/api/v1/store/metrics", new { items = Array.Empty<object>() })).Status);

        var gap = await shop.SendAsync(HttpMethod.Put, "/api/v1/store/thresholds/mass_complaint_count", new { raise = 20, clear = 20, version = 0 });
        Assert.Equal(422, gap.Status);
        Assert.Contains("解除值须低于触发值", Words(gap.Body!), StringComparison.Ordinal);
        Assert.Equal(200, (await shop.SendAsync(HttpMethod.Put, "/api/v1/store/thresholds/mass_complaint_count", new { raise = 30, clear = 5, version = 0 })).Status);
        Assert.Equal(409, (await shop.SendAsync(HttpMethod.Put, "/api/v1/store/thresholds/mass_complaint_count", new { raise = 40, clear = 5, version = 0 })).Status);
        // The page says the same of the same levels.
        var typed = new Dictionary<string, string> { ["id"] = "mass_complaint_count", ["version"] = "1", ["raise"] = "20", ["clear"] = "20", ["hold"] = "0", ["clearFor"] = "0", ["min"] = "0", ["isOn"] = "on" };
        Assert.Contains("解除值须低于触发值", await PageAsync(shop, typed), StringComparison.Ordinal);
        Assert.Contains("他人刚刚", await PageAsync(shop, new(typed) { ["version"] = "0", ["clear"] = "5" }), StringComparison.Ordinal);
        Assert.Equal(404, (await shop.SendAsync(HttpMethod.Put, "/api/v1/store/thresholds/none", new { raise = 40, clear = 5, version = 0 })).Status);
        await ListenAsync(scenario, "store.complaints.threshold");
        await ComplainAsync(scenario, 29);
        await RoundAsync(scenario);
        Assert.Empty(await CasesAsync(scenario, Listener));
        await scenario.ImportAsync("metrics", "Metric,Scope,At,Value,Count\nroi,plan-1,2026-11-25 08:00:00,1.4,300\n");
    }

    private static async Task<string> PageAsync(HttpClient client, Dictionary<string, string> form)
    {
        using var content = new FormUrlEncodedContent(form);
        var answer = await client.PostAsync(new Uri("/thresholds", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(422, (int)answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A process of three lines that an event starts.</summary>
    private static async Task ListenAsync(Scenario scenario, string name)
    {
        var definition = JsonNode.Parse($$$"""
            {"definitionId":"{{{Listener}}}","name":"{{{Listener}}}","version":1,"root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[
             {"id":"event","type":"Elsa.Event","version":1,"eventName":{"typeName":"String","expression":{"type":"Literal","value":"{{{name}}}"}},"customProperties":{"canStartWorkflow":true}}]}}
            """)!;
        var answer = await (await scenario.AsAsync("workflow_manager")).PostAsync("/api/v1/definitions?publish=true", definition);
        Assert.True(answer.Status is 200 or 201, answer.Body?.ToJsonString());
    }

    private static async Task ComplainAsync(Scenario scenario, int count)
    {
        // The database's clock says what time it is, and the host's may be a little behind: a round right after would not count yet what is received now.
        var received = (await scenario.NowAsync()).AddSeconds(-1);
        for (var n = 0; n < count; n++)
            await scenario.PerformAsync(new StoreOperation.RecordComplaint($"c-{Guid.NewGuid():N}", received, $"顾客{n}", null, null, "APP", null, null, "活动突然取消，赠品没有了", "P-1001"));
    }

    private static async Task RecordAsync(Scenario scenario, string product, int mentions)
    {
        var answer = await (await scenario.AsAsync("super_admin")).PostAsync("/api/v1/store/metrics", new { items = new[] { new { metric = "opinion.negative", scope = product, value = mentions, count = mentions } } });
        Assert.True(answer.Status == 200 && (int)answer.Body!["saved"]! == 1, answer.Body?.ToJsonString());
    }

    /// <summary>One look of a host at all thresholds; the host's own loop may look at the same time.</summary>
    private static Task<int> RoundAsync(Scenario scenario) => scenario.Service<ThresholdLoop>().RunOnceAsync(TestContext.Current.CancellationToken);

    private static async Task<IReadOnlyList<JsonNode>> CasesAsync(Scenario scenario, string definition) =>
        [.. (await (await scenario.AsAsync("super_admin")).SendAsync(HttpMethod.Get, $"/api/v1/instances?definitionId={definition}")).Body!["items"]!.AsArray().OfType<JsonNode>()];

    private static async Task<JsonNode> ViewAsync(Scenario scenario, string threshold) =>
        (await (await scenario.AsAsync("ops_director")).SendAsync(HttpMethod.Get, "/api/v1/store/thresholds")).Body!["items"]!.AsArray().Single(t => (string?)t!["threshold"]!["id"] == threshold)!;

    private static string Words(JsonNode problem) => problem.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

public sealed class SqliteMetricThresholdTests() : MetricThresholdTests(DatabaseKind.Sqlite);

public sealed class PostgresMetricThresholdTests() : MetricThresholdTests(DatabaseKind.Postgres);
