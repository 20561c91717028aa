using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Workflows.Engine.Faults;
using Workflows.Engine.Messages;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Tests.Support;
using Workflows.Testing;

namespace Workflows.Recovery.Tests.Hosts;

/// <summary>
/// The real host dies by SIGKILL at every point on a message's way: stored, claimed with its attempt on record, sent, noted, receipt
/// stored. The next one goes on; a gateway that honours keys has taken the message once, and what was in doubt is on record.
/// </summary>
public abstract class MessageKillTests(DatabaseKind kind)
{
    private const string Secret = "Kx7Qm2Vt9Lp4Rw8Zs3Nd6Bf1";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static TheoryData<string> Points => [.. FaultPoint.OfMessages];

    public static TheoryData<string> LatePoints => [.. FaultPoint.OfLateMessages];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_message_survives_its_host(string point)
    {
        using var limit = Limited();
        await using var place = await HostProcess.SeededAsync(kind);
        using var gateway = new KeyedGateway();
        var settings = Settings(gateway);

        await using (var first = await HostProcess.StartAsync(place, $"{point}:1:kill", limit.Token, settings))
        {
            await SendAsync(first, OneSms, limit.Token);
            if (point == FaultPoint.ReceiptStored)
            {
                // A receipt may overtake the answer that it belongs to; here the answer is on record first.
                var sent = await gateway.TakenAsync(1, limit.Token);
                await InStateAsync(first, sent, "Sent", limit.Token);
                await ReportAsync(first, sent, limit.Token);
            }

            await DiedAsync(first, limit.Token);
        }

        await using var second = await HostProcess.StartAsync(place, null, limit.Token, settings);
        // Told of its arrival before the second try, it would not be made at all; here it is to be seen.
        var key = await gateway.TakenAsync(point == FaultPoint.MessageSent ? 2 : 1, limit.Token);
        if (point != FaultPoint.ReceiptStored)
            await ReportAsync(second, key, limit.Token);
        var answer = await DeliveredAsync(second, key, limit.Token);

        // The receiver saw it once, or knew it again by its key.
        Assert.Equal([key], gateway.Taken);
        Assert.Equal(point == FaultPoint.MessageSent ? 2 : 1, gateway.Visits);
        // The attempt the first host died with is in doubt, and no other.
        var lost = point is FaultPoint.MessageClaimed or FaultPoint.MessageSent;
        Assert.Equal(lost ? ["Doubtful", "Accepted"] : ["Accepted"], Outcomes(answer));
        Assert.Equal(lost ? 1 : 0, (int)answer["delivery"]!["doubts"]!);
    }

    [Fact]
    public async Task What_a_receipt_told_while_no_host_ran_the_message_is_not_sent_again()
    {
        using var limit = Limited();
        await using var place = await HostProcess.SeededAsync(kind);
        using var gateway = new KeyedGateway();
        var settings = Settings(gateway);
        await using (var first = await HostProcess.StartAsync(place, $"{FaultPoint.MessageSent}:1:kill", limit.Token, settings))
        {
            await SendAsync(first, OneSms, limit.Token);
            await DiedAsync(first, limit.Token);
        }

        var key = await gateway.TakenAsync(1, limit.Token);
        await using (var database = await place.ConnectAsync())
            await database.QueryAsync("update delivery set receipt = @p0 where key = @p1", (int)ReceiptState.Delivered, key);
        await using var second = await HostProcess.StartAsync(place, null, limit.Token, settings);
        var answer = await DeliveredAsync(second, key, limit.Token);

        Assert.Equal(1, gateway.Visits);
        Assert.Equal(["Doubtful"], Outcomes(answer));
    }

    /// <summary>A host so slow that a claim is nearly over when it comes to it sends nothing, and that is no doubt.</summary>
    [Fact]
    public async Task A_host_that_sleeps_through_its_lease_does_not_send_and_does_not_doubt()
    {
        using var limit = Limited();
        await using var place = await HostProcess.SeededAsync(kind);
        using var gateway = new KeyedGateway();
        await using var host = await HostProcess.StartAsync(place, $"{FaultPoint.MessageClaimed}:1:pause:6800", limit.Token, Settings(gateway));

        await SendAsync(host, OneSms, limit.Token);
        var key = await gateway.TakenAsync(1, limit.Token);
        await ReportAsync(host, key, limit.Token);
        var answer = await DeliveredAsync(host, key, limit.Token);

        Assert.Equal(1, gateway.Visits);
        Assert.Equal(["NotTaken", "Accepted"], Outcomes(answer));
        Assert.Equal(0, (int)answer["delivery"]!["doubts"]!);
    }

    [Theory]
    [MemberData(nameof(LatePoints))]
    public async Task What_waits_for_the_morning_the_digest_or_a_receipt_survives_its_host(string point)
    {
        using var limit = Limited();
        await using var place = await HostProcess.SeededAsync(kind);
        using var gateway = new KeyedGateway();
        var settings = new Dictionary<string, string>(Settings(gateway))
        {
            ["Workflows__Messages__QuietUntil"] = "23:59",
            ["Workflows__Sms__Http__ReceiptBase"] = gateway.Address,
            // Nobody listens there: what is to go by mail stays queued and can be counted.
            ["Workflows__Mail__Host"] = "127.0.0.1",
            ["Workflows__Mail__Port"] = "9",
            ["Workflows__Mail__From"] = "flow@shop.example",
        };

        await using (var first = await HostProcess.StartAsync(place, $"{point}:1:kill", limit.Token, settings))
        {
            await SendAsync(first, FourMessages, limit.Token);
            await gateway.TakenAsync(1, limit.Token);
            await MessagesAsync(first, 4, limit.Token);
            await AdvanceAsync(first, limit.Token);
            await DiedAsync(first, limit.Token);
        }

        await using var second = await HostProcess.StartAsync(place, null, limit.Token, settings);
        await gateway.TakenAsync(2, limit.Token);
        var all = await MessagesAsync(second, 6, limit.Token);

        // The one that was held and the weighty one, each once; one mail instead of two; one mail instead of the receipt.
        Assert.Equal(2, gateway.Taken.Distinct().Count());
        var digest = Assert.Single(all, d => (string?)d["event"] == "digest");
        Assert.Equal(2, all.Count(d => (string?)d["state"] == "Merged" && (string?)d["mergedInto"] == (string?)digest["key"]));
        Assert.Equal("email", (string?)Assert.Single(all, d => d["parentKey"] is not null)["channel"]);
    }

    private static CancellationTokenSource Limited()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        return limit;
    }

    private static Dictionary<string, string> Settings(KeyedGateway gateway) => new()
    {
        ["Workflows__Sms__Provider"] = "Http",
        ["Workflows__Sms__Http__Url"] = gateway.Address + "send?to={to}&text={text}",
        ["Workflows__Sms__Http__Keyed"] = "true",
        ["Workflows__Sms__ReceiptSecret"] = Secret,
        ["Workflows__Messages__QuietFrom"] = "00:00",
        ["Workflows__Messages__QuietUntil"] = "00:00",
        ["Workflows__Messages__Lease"] = "00:00:08",
    };

    private static async Task DiedAsync(HostProcess host, CancellationToken cancellationToken)
    {
        Assert.True(await host.HasDiedAsync(TimeSpan.FromSeconds(60), cancellationToken), host.Said);
        Assert.Equal(NodeProcess.Killed, host.ExitCode);
    }

    private static IEnumerable<string> Outcomes(JsonNode answer) => answer["attemptList"]!.AsArray().OrderBy(a => (int)a!["number"]!).Select(a => (string)a!["outcome"]!);

    private const string OneSms = """
        {"id":"m","type":"Notify.Message","version":1,
         "addresses":{"typeName":"String[]","expression":{"type":"Object","value":"[\"13812345678\"]"}},
         "body":{"typeName":"String","expression":{"type":"Literal","value":"您有新的待办"}}}
        """;

    private static string FourMessages => string.Join(',', Told("a", "Normal", "sms"), Told("b", "High", "sms"), Told("c", "Low", "email"), Told("d", "Low", "email"));

    private static string Told(string id, string severity, string channel) => $$$$"""
        {"id":"{{{{id}}}}","type":"Notify.Message","version":1,
         "users":{"typeName":"String[]","expression":{"type":"Object","value":"[\"supervisor\"]"}},
         "channels":{"typeName":"String[]","expression":{"type":"Object","value":"[\"{{{{channel}}}}\"]"}},
         "severity":{"typeName":"String","expression":{"type":"Literal","value":"{{{{severity}}}}"}},
         "subject":{"typeName":"String","expression":{"type":"Literal","value":"通知 {{{{id}}}}"}},
         "body":{"typeName":"String","expression":{"type":"Literal","value":"通知 {{{{id}}}}"}}}
        """;

    private static async Task SendAsync(HostProcess host, string steps, CancellationToken cancellationToken)
    {
        var definition = JsonNode.Parse($$$"""{"definitionId":"sms","name":"sms","version":1,"root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[{{{steps}}}]}}""");
        using var manager = await AsAsync(host, "workflow_manager", cancellationToken);
        (await manager.PostAsJsonAsync("api/v1/definitions?publish=true", definition, cancellationToken)).EnsureSuccessStatusCode();
        using var owner = await AsAsync(host, "activity_owner", cancellationToken);
        try
        {
            (await owner.PostAsJsonAsync("api/v1/instances", new { definitionId = "sms" }, cancellationToken)).EnsureSuccessStatusCode();
        }
        catch (HttpRequestException)
        {
            // It may die while it answers; the start is committed by then.
        }
    }

    private static async Task ReportAsync(HostProcess host, string key, CancellationToken cancellationToken)
    {
        try
        {
            await host.Client.GetAsync($"hooks/sms/{Secret}?id={Uri.EscapeDataString(key)}&status=1", cancellationToken);
        }
        catch (HttpRequestException)
        {
            // As above.
        }
    }

    /// <summary>The message with its attempts, once it is delivered.</summary>
    private static Task<JsonNode> DeliveredAsync(HostProcess host, string key, CancellationToken cancellationToken) => InStateAsync(host, key, "Delivered", cancellationToken);

    private static async Task<JsonNode> InStateAsync(HostProcess host, string key, string state, CancellationToken cancellationToken)
    {
        using var operations = await AsAsync(host, "tech_support", cancellationToken);
        return await Condition.FoundAsync(
            async () => await operations.GetFromJsonAsync<JsonNode>($"api/v1/ops/deliveries/{Uri.EscapeDataString(key)}", cancellationToken) is { } answer && (string?)answer["delivery"]!["state"] == state ? answer : null,
            $"The message was never {state}.",
            cancellationToken);
    }

    /// <summary>All messages there are, once there are as many as expected.</summary>
    private static async Task<IReadOnlyList<JsonNode>> MessagesAsync(HostProcess host, int count, CancellationToken cancellationToken)
    {
        using var operations = await AsAsync(host, "tech_support", cancellationToken);
        return await Condition.FoundAsync(
            async () => (await operations.GetFromJsonAsync<JsonNode>("api/v1/ops/deliveries?limit=200", cancellationToken))!["items"]!.AsArray() is { } all && all.Count >= count ? all.Select(d => d!).ToList() : null,
            $"The {count} messages did not come.",
            cancellationToken);
    }

    /// <summary>A day passes; the host may die of what that brings before it answers.</summary>
    private static async Task AdvanceAsync(HostProcess host, CancellationToken cancellationToken)
    {
        using var operations = await AsAsync(host, "tech_support", cancellationToken);
        try
        {
            await operations.PostAsJsonAsync("dev/clock/advance", new { by = "1.00:00:00" }, cancellationToken);
        }
        catch (HttpRequestException)
        {
            // As above.
        }
    }

    private static async Task<HttpClient> AsAsync(HostProcess host, string user, CancellationToken cancellationToken)
    {
        var answer = await host.Client.PostAsJsonAsync("api/v1/tokens", new { userName = user, password = "demo" }, cancellationToken);
        var token = (string)(await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["accessToken"]!;
        var client = new HttpClient { BaseAddress = host.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>An SMS gateway that takes a key once and answers a repeat as it answered the first.</summary>
    private sealed class KeyedGateway : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly ConcurrentQueue<string> _taken = new();
        private int _visits;

        public KeyedGateway()
        {
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
            }

            _listener.Prefixes.Add(Address);
            _listener.Start();
            _ = ServeAsync();
        }

        public string Address { get; }

        public IEnumerable<string> Taken => _taken;

        public int Visits => _visits;

        /// <summary>The first key it took, once it was visited so often.</summary>
        public Task<string> TakenAsync(int visits, CancellationToken cancellationToken) => Condition.FoundAsync(
            () => Task.FromResult(Visits >= visits && _taken.TryPeek(out var key) ? key : null), $"The gateway was not visited {visits} times.", cancellationToken);

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    var key = context.Request.Headers["Idempotency-Key"] ?? "";
                    Interlocked.Increment(ref _visits);
                    if (!_taken.Contains(key))
                        _taken.Enqueue(key);
                    context.Response.StatusCode = 202;
                    context.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
            }
        }
    }
}

public sealed class SqliteMessageKillTests() : MessageKillTests(DatabaseKind.Sqlite);

public sealed class PostgresMessageKillTests() : MessageKillTests(DatabaseKind.Postgres);
