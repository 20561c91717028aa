using System.Globalization;
using Workflows.Engine.Messages;
using Workflows.Engine.Storage;
using Workflows.Host.Messages;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests.Messages;

/// <summary>
/// Gateways that hang, refuse, take and drop, answer twice, throttle and answer nonsense, a seeded mix. Nothing is lost, a
/// gateway that honours keys has every message once, at one that does not no duplicate is without its doubtful attempt on record, and a healthy gateway
/// beside them hardly notices. WORKFLOWS_LONG_TESTS=1 sends 5,000 messages.
/// </summary>
public sealed class HostileGatewayTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("WORKFLOWS_LONG_TESTS") == "1";
    private static readonly int Messages = IsLong ? 5_000 : 240;
    private static readonly int Probes = IsLong ? 1_500 : 150;
    private static readonly TimeSpan Patience = IsLong ? TimeSpan.FromMinutes(20) : TimeSpan.FromMinutes(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Nothing_is_lost_and_every_doubt_is_on_record(DatabaseKind kind)
    {
        await using var sms = await HostileSmsGateway.StartAsync();
        using var mail = new HostileMailServer();
        await using var host = await HostUnderTest.StartAsync(
            kind,
            "Development",
            ("Workflows:Mail:Host", "127.0.0.1"),
            ("Workflows:Mail:Port", mail.Port.ToString(CultureInfo.InvariantCulture)),
            ("Workflows:Mail:Security", "None"),
            ("Workflows:Mail:From", "flow@shop.example"),
            ("Workflows:Mail:Timeout", "00:00:01"),
            ("Workflows:Sms:Provider", "Http"),
            ("Workflows:Sms:Http:Url", sms.Address + "/send?to={to}&text={text}"),
            ("Workflows:Sms:Http:Keyed", "true"),
            ("Workflows:Sms:Timeout", "00:00:01"),
            ("Workflows:Webhooks:healthy:Url", sms.Address + "/healthy"),
            ("Workflows:Webhooks:healthy:Secret", "0123456789abcdef"),
            ("Workflows:Messages:FirstRetry", "00:00:00.020"),
            ("Workflows:Messages:BreakerPause", "00:00:00.050"),
            ("Workflows:Messages:MostAttempts", "200"),
            ("Workflows:Messages:MostDoubts", "5"));
        var deliveries = host.Service<IDeliveryStore>();
        var before = Environment.WorkingSet;

        var basis = await ProbeAsync(host, sms, "base", Probes);
        var began = TimeProvider.System.GetTimestamp();
        for (var n = 0; n < Messages; n += 50)
        {
            await deliveries.AddAsync([.. Enumerable.Range(n, Math.Min(50, Messages - n)).Select(i => new PlannedDelivery(i % 2 == 0
                ? Deliveries.Of($"m{i}", MessageChannels.Email, "mail", $"m{i}@example.com", "待办") : Deliveries.Sms($"s{i}", "待办")))], [], [], Token);
        }

        host.Service<MessageSignal>().Give();
        var meanwhile = await ProbeAsync(host, sms, "meanwhile", Probes);
        await Condition.FoundAsync(async () => await OpenAsync(deliveries) == 0 ? deliveries : null, "The messages did not come to an end in time.", Token, Patience);
        var took = TimeProvider.System.GetElapsedTime(began);
        var all = await AllAsync(deliveries);
        Assert.Equal(Messages, all.Count);
        var (mails, texts) = (all.Where(d => d.Channel == MessageChannels.Email).ToList(), all.Where(d => d.Channel == MessageChannels.Sms).ToList());
        // The keyed gateway: every message, each once.
        Assert.All(texts, d => Assert.Equal((DeliveryState.Sent, 1), (d.State, sms.Book.Taken.GetValueOrDefault(d.Key))));
        Assert.Equal(texts.Count, sms.Book.Taken.Count);
        // The other: what is said to be sent was taken, what was taken oftener was in doubt as often, and nothing that is in doubt says "failed".
        Assert.All(mails, d => Assert.True(d.State is DeliveryState.Sent or DeliveryState.Unknown, $"{d.Key} is {d.State}: {d.LastError}"));
        Assert.All(mails.Where(d => d.State == DeliveryState.Sent), d => Assert.InRange(mail.Book.Taken.GetValueOrDefault(d.Key), 1, 1 + d.Doubts));
        Assert.All(mails.Where(d => d.State == DeliveryState.Unknown), d => Assert.Equal(5, d.Doubts));
        var duplicates = mail.Book.Taken.Values.Sum(n => n - 1);
        var (injected, recorded) = (0, 0);
        foreach (var delivery in all)
        {
            var book = delivery.Channel == MessageChannels.Email ? mail.Book : sms.Book;
            var doubtful = (await deliveries.ListAttemptsAsync(delivery.Key, Token)).Count(a => a.Outcome == AttemptOutcome.Doubtful);
            Assert.Equal(delivery.Doubts, doubtful);
            Assert.True(doubtful >= book.Unanswered.GetValueOrDefault(delivery.Key), $"{delivery.Key}: {book.Unanswered.GetValueOrDefault(delivery.Key)} without an answer, {doubtful} on record");
            injected += book.Unanswered.GetValueOrDefault(delivery.Key);
            recorded += doubtful;
        }

        Assert.True(duplicates <= mails.Sum(d => d.Doubts));
        output.WriteLine($"{kind}: {Messages} messages in {took.TotalSeconds:0.0} s, {all.Sum(d => d.Attempts)} attempts; lost 0; keyed {texts.Count} taken once each; mail {mails.Count}, of them unknown {mails.Count(d => d.State == DeliveryState.Unknown)}, duplicates {duplicates}; without an answer {injected}, doubtful on record {recorded}");
        output.WriteLine($"healthy gateway, p50/p99: base {At(basis, 50):0.0}/{At(basis, 99):0.0} ms, meanwhile {At(meanwhile, 50):0.0}/{At(meanwhile, 99):0.0} ms; memory +{(Environment.WorkingSet - before) / 1e6:0} MB");
        // Small runs on a busy machine only tell that nobody waits for a gateway that hangs.
        Assert.True(At(meanwhile, 99) <= (IsLong ? Math.Max(2 * At(basis, 99), 100) : 1_000), $"p99 {At(meanwhile, 99):0.0} ms beside {At(basis, 99):0.0} ms");
    }

    /// <summary>Milliseconds from storing to arrival of messages to the healthy gateway, one at each tick.</summary>
    private static async Task<List<double>> ProbeAsync(HostUnderTest host, HostileSmsGateway gateway, string name, int count)
    {
        var (deliveries, signal, stored) = (host.Service<IDeliveryStore>(), host.Service<MessageSignal>(), new Dictionary<string, long>());
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        for (var n = 0; n < count && await ticks.WaitForNextTickAsync(Token); n++)
        {
            var key = $"{name}-{n}";
            await deliveries.AddAsync([new PlannedDelivery(Deliveries.Of(key, MessageChannels.Webhook, "webhook:healthy", "webhook:healthy", "x") with { Content = new() { ["id"] = key } })], [], [], Token);
            stored[key] = TimeProvider.System.GetTimestamp();
            signal.Give();
        }

        await Condition.FoundAsync(() => Task.FromResult(stored.Keys.All(gateway.Healthy.ContainsKey) ? stored : null), "Messages to the healthy gateway did not arrive.", Token);
        return [.. stored.Select(s => TimeProvider.System.GetElapsedTime(s.Value, gateway.Healthy[s.Key]).TotalMilliseconds).Order()];
    }

    private static async Task<long> OpenAsync(IDeliveryStore deliveries)
    {
        var counts = await deliveries.CountAsync(Token);
        return counts.GetValueOrDefault(DeliveryState.Queued) + counts.GetValueOrDefault(DeliveryState.Sending) + counts.GetValueOrDefault(DeliveryState.Held);
    }

    private static async Task<List<Delivery>> AllAsync(IDeliveryStore deliveries)
    {
        var (all, after) = (new List<Delivery>(), (string?)null);
        do
        {
            var (page, next) = await deliveries.ListAsync(new DeliveryFilter(After: after, Limit: 500), Token);
            all.AddRange(page.Where(d => d.Channel != MessageChannels.Webhook));
            after = next;
        }
        while (after is not null);
        return all;
    }

    private static double At(List<double> sorted, int percent) => sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];
}
