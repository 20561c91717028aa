using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Workflows.Engine.Faults;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Tests.Support;

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

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_message_survives_its_host(string point)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        await using var place = await Place.CreateAsync(kind);
        using var gateway = new KeyedGateway();
        var settings = new Dictionary<string, string>
        {
            ["Workflows__Sms__Provider"] = "Http",
            ["Workflows__Sms__Http__Url"] = gateway.Address + "send?to={to}&text={text}",
            ["Workflows__Sms__Http__Keyed"] = "true",
            ["Workflows__Sms__ReceiptSecret"] = Secret,
            ["Workflows__Messages__QuietFrom"] = "00:00",
            ["Workflows__Messages__QuietUntil"] = "00:00",
            ["Workflows__Messages__Lease"] = "00:00:08",
        };

        await using (var first = await HostProcess.StartAsync(place, $"{point}:1:kill", limit.Token, settings))
        {
            await SendAsync(first, limit.Token);
            if (point == FaultPoint.ReceiptStored)
                await ReportAsync(first, await gateway.TakenAsync(limit.Token), limit.Token);
            Assert.True(await first.HasDiedAsync(TimeSpan.FromSeconds(60), limit.Token), first.Said);
            Assert.Equal(NodeProcess.Killed, first.ExitCode);
        }

        await using var second = await HostProcess.StartAsync(place, null, limit.Token, settings);
        var key = await gateway.TakenAsync(limit.Token);
        if (point != FaultPoint.ReceiptStored)
            await ReportAsync(second, key, limit.Token);
        var delivery = await DeliveredAsync(second, key, limit.Token);

        // The receiver saw it once, or knew it again by its key.
        Assert.Equal([key], gateway.Taken);
        var visits = gateway.Visits;
        Assert.Equal(point == FaultPoint.MessageSent ? 2 : 1, visits);
        var lost = point is FaultPoint.MessageClaimed or FaultPoint.MessageSent;
        Assert.Equal((lost ? 2 : 1, lost ? 1 : 0), ((int)delivery["attempts"]!, (int)delivery["doubts"]!));
    }

    private static async Task SendAsync(HostProcess host, CancellationToken cancellationToken)
    {
        var definition = JsonNode.Parse("""
            {"definitionId":"sms","name":"sms","version":1,"root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[
              {"id":"m","type":"Notify.Message","version":1,
               "addresses":{"typeName":"String[]","expression":{"type":"Object","value":"[\"13812345678\"]"}},
               "body":{"typeName":"String","expression":{"type":"Literal","value":"您有新的待办"}}}]}}
            """);
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

    private static async Task<JsonNode> DeliveredAsync(HostProcess host, string key, CancellationToken cancellationToken)
    {
        using var operations = await AsAsync(host, "tech_support", cancellationToken);
        while (true)
        {
            var answer = await operations.GetFromJsonAsync<JsonNode>($"api/v1/ops/deliveries/{Uri.EscapeDataString(key)}", cancellationToken);
            if ((string?)answer!["delivery"]!["state"] == "Delivered")
                return answer["delivery"]!;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
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

        public async Task<string> TakenAsync(CancellationToken cancellationToken)
        {
            string? key;
            while (!_taken.TryPeek(out key))
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            return key;
        }

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
