using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 10.12 and 0.3: a process is changed while its cases run, and a channel fails while a limit is broken.</summary>
public abstract class WorkflowChangeTests(DatabaseKind kind)
{
    private const string Process = "complaint_handling";

    [Fact]
    public async Task E_25_edited_workflow_and_failing_channel()
    {
        using var sms = new SmsProvider();
        await using var scenario = await Scenario.OpenAtAsync(
            kind, "2026-11-23 09:00",
            ("Workflows:Sms:Provider", "Http"),
            ("Workflows:Sms:Http:Url", sms.Address + "?to={to}&text={text}"),
            ("Workflows:Sms:Http:Keyed", "true"),
            ("Workflows:Messages:FirstRetry", "00:00:00.020"),
            ("Workflows:Messages:BreakerPause", "00:00:00.050"),
            ("Workflows:Messages:MostAttempts", "200"));
        var old = new List<string>();
        for (var n = 0; n < 3; n++)
        {
            await BeginAsync(scenario);
            Assert.Equal(("投诉回复", 24.0), (await scenario.ClocksAsync())[0]);
            old.Add(scenario.Id);
        }

        // A new version with 12 hours for the reply: the three keep 24, a new one has 12.
        var manager = await scenario.AsAsync("workflow_manager");
        var definition = (await manager.SendAsync(HttpMethod.Get, $"/api/v1/definitions/{Process}")).Body!.AsObject();
        var before = (int)definition["version"]!;
        foreach (var member in (string[])["id", "version", "isPublished", "isLatest"])
            definition.Remove(member);
        definition["variables"]!.AsArray().Single(v => (string?)v!["name"] == "replyHours")!["value"] = "12";
        var saved = await manager.PostAsync("/api/v1/definitions?publish=true", definition);
        Assert.True(saved.Status == 200, saved.Body?.ToJsonString());
        Assert.Equal(before + 1, (int)saved.Body!["version"]!);
        await BeginAsync(scenario);
        Assert.Equal(("投诉回复", 12.0), (await scenario.ClocksAsync())[0]);
        foreach (var id in old)
        {
            scenario.LookAt(id);
            Assert.Equal(("投诉回复", 24.0), (await scenario.ClocksAsync())[0]);
        }

        // A path that never ends cannot be published, and what is published stays.
        var ways = definition["root"]!["connections"]!.AsArray();
        var way = ways.First(c => (string?)c!["target"]!["activity"] == "record")!;
        way["target"] = way["source"]!.DeepClone();
        way["target"]!["port"] = "In";
        var refused = await manager.PostAsync("/api/v1/definitions?publish=true", definition);
        Assert.Equal(422, refused.Status);
        Assert.Contains("endless-loop", refused.Body!.ToJsonString(), StringComparison.Ordinal);
        var published = await manager.SendAsync(HttpMethod.Get, $"/api/v1/definitions/{Process}?kind=Published");
        Assert.Equal(before + 1, (int)published.Body!["version"]!);

        // The provider is down when the first reply is late: the mail leaves, the SMS is tried again and says why, clock and work are what they are.
        sms.IsDown = true;
        scenario.LookAt(old[0]);
        await scenario.AtAsync("2026-11-24 09:01");
        await scenario.ToldAsync("cs_manager", "email", "投诉回复");
        var waiting = await Condition.FoundAsync(
            async () => (await SmsAsync(scenario)).FirstOrDefault(d => (string?)d["state"] == "Queued" && (int)d["attempts"]! > 1),
            "the SMS is not tried again",
            TestContext.Current.CancellationToken);
        Assert.Contains("503", (string)waiting["lastError"]!, StringComparison.Ordinal);
        Assert.Contains("Breached", (await scenario.ClockStatesAsync())["投诉回复"], StringComparison.Ordinal);
        await scenario.TaskAsync("cs_agent", "投诉分类派单");

        // It is up again: each SMS arrives, once.
        sms.IsDown = false;
        await Condition.FoundAsync(
            async () => (await SmsAsync(scenario)).All(d => (string?)d["state"] == "Sent") ? "" : null, "the SMS does not arrive", TestContext.Current.CancellationToken);
        Assert.All(sms.Taken.Values, n => Assert.Equal(1, n));
        Assert.Single(await SmsAsync(scenario));
    }

    private static Task BeginAsync(Scenario scenario) => scenario.BeginAsync(
        "cs_agent", Process, new { customer = "王女士", mobile = "13800001234", order = "", channel = "电话", description = "收到的花瓶碎了。", wish = "补发" });

    private static async Task<IReadOnlyList<JsonNode>> SmsAsync(Scenario scenario) =>
        [.. (await (await scenario.AsAsync("tech_support")).SendAsync(HttpMethod.Get, $"/api/v1/ops/deliveries?instanceId={scenario.Id}&user=cs_manager&channel=sms&limit=200")).Body!["items"]!.AsArray().OfType<JsonNode>()];

    /// <summary>An SMS provider that honours keys and can be down.</summary>
    private sealed class SmsProvider : IDisposable
    {
        private readonly HttpListener _listener = new();

        public SmsProvider()
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/send";
            free.Stop();
            _listener.Prefixes.Add(Address + "/");
            _listener.Start();
            _ = ServeAsync();
        }

        public string Address { get; }

        public bool IsDown { get; set; }

        public ConcurrentDictionary<string, int> Taken { get; } = new();

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            while (_listener.IsListening)
            {
                try
                {
                    var context = await _listener.GetContextAsync();
                    if (!IsDown)
                        Taken.AddOrUpdate(context.Request.Headers["Idempotency-Key"] ?? "", 1, (_, n) => n + 1);
                    context.Response.StatusCode = IsDown ? 503 : 200;
                    context.Response.Close();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}

public sealed class SqliteWorkflowChangeTests() : WorkflowChangeTests(DatabaseKind.Sqlite);

public sealed class PostgresWorkflowChangeTests() : WorkflowChangeTests(DatabaseKind.Postgres);
