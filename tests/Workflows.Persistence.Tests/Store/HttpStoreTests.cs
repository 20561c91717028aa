using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Activities.Store;
using Workflows.Activities.Store.Connector;
using Workflows.Engine.Outbox;
using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>The shop behind an address: the contract of the embedded one, and what is told apart when the way to it is bad.</summary>
public sealed class HttpStoreTests(SqliteFixture fixture) : EmbeddedStoreContract(fixture), IClassFixture<SqliteFixture>
{
    private static readonly StoreOperation.PublishAnnouncement Publish = new("a-1", "系统维护", "系统故障公告", "预计30分钟内恢复。");

    private ShopServer? _server;

    private ShopServer Server => _server ??= new ShopServer(Shop, Clock);

    public override async ValueTask DisposeAsync()
    {
        _server?.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Every_query_answers_as_the_embedded_shop_does()
    {
        await OpenShopAsync();
        await BackUpAsync();
        await Shop.SaveAsync([new Product("A1", "方巾", 99.5m, "S1", 40, A.Now.AddDays(-60))], Token);
        await Shop.SaveAsync([new StockEntry("A1", A.Now.AddDays(-40), StockEntry.Count, 10)], Token);
        await DoAsync(Publish);
        await DoAsync(new StoreOperation.RecordComplaint("c-1", A.Now, "C1", "13800001234", "T1", "电话", "质量", null, "破了"));
        await DoAsync(new StoreOperation.GiveCompensation("p-1", "T1", "破损", "coupon", 5, "C1", "c-1"));
        using var remote = Server.Connect();

        await SameAsync(s => s.ListPromotionsAsync(Token));
        await SameAsync(s => s.FindPromotionAsync(Wanted, Token));
        await SameAsync(s => s.FindPromotionAsync("none", Token));
        await SameAsync(s => s.ReadRowsAsync(Wanted, Token));
        await SameAsync(s => s.MeasureAsync(A.Now.AddDays(-5), A.Now, ["A1"], Token));
        await SameAsync(s => s.ListMessagesAsync(Wanted, 10, Token));
        await SameAsync(s => s.CountMessagesAsync(Wanted, Token));
        await SameAsync(s => s.ListAnnouncementsAsync(10, Token));
        await SameAsync(s => s.ListComplaintsAsync(10, Token));
        await SameAsync(s => s.FindComplaintAsync("c-1", Token));
        await SameAsync(s => s.ListCompensationsAsync("T1", Token));
        await SameAsync(s => s.ListCustomerNoticesAsync("c-1", Token));
        await SameAsync(async s => (object)await s.CountSalesAsync(Token));
        await SameAsync(s => s.ListProductsAsync(null, null, 10, Token));
        await SameAsync(s => s.ListCouponsAsync("A1", Token));
        await SameAsync(s => s.CountProductMessagesAsync("A1", Token));
        await SameAsync(s => s.FindSlowMoversAsync(new SlowMoverRule(), A.Now, Token));
        await SameAsync(s => s.MeasureTrialAsync("A1", A.Now.AddDays(-7), A.Now, Token));

        async Task SameAsync<T>(Func<IStorePlatform, Task<T>> ask) => Assert.Equal(JsonSerializer.Serialize(await ask(Shop)), JsonSerializer.Serialize(await ask(remote)));
    }

    [Theory]
    [InlineData("DropsAfterAccepting")]
    [InlineData("Hangs")]
    [InlineData("AnswersForAnother")]
    public async Task An_answer_that_is_lost_leaves_a_doubt_which_the_same_key_settles(string fault)
    {
        using var remote = Server.Connect(seconds: fault == "Hangs" ? 0.5 : 20);
        Server.Next = Enum.Parse<ShopFault>(fault);
        await Assert.ThrowsAsync<StoreDoubtException>(() => remote.PerformAsync("k-1", Publish, Token));

        var settled = Assert.IsType<StoreOutcome.Done>(await SettledAsync(remote, "k-1"));
        var again = Assert.IsType<StoreOutcome.Done>(await remote.PerformAsync("k-1", Publish, Token));

        Assert.Equal(settled.Result.ToJsonString(), again.Result.ToJsonString());
        Assert.Single(await Shop.ListAnnouncementsAsync(10, Token));
    }

    /// <summary>Asks again while in doubt, as the outbox does: the listener of this server cuts a connection that follows a cut one now and then.</summary>
    private static async Task<StoreOutcome> SettledAsync(HttpStore remote, string key)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await remote.PerformAsync(key, Publish, Token);
            }
            catch (StoreDoubtException) when (tries < 5)
            {
                // The next try.
            }
        }
    }

    [Theory]
    [InlineData("Breaks")]
    [InlineData("Babbles")]
    [InlineData("AnswersWithANumberForAKey")]
    public async Task A_broken_answer_is_a_doubt(string fault)
    {
        using var remote = Server.Connect();
        Server.Next = Enum.Parse<ShopFault>(fault);

        await Assert.ThrowsAsync<StoreDoubtException>(() => remote.PerformAsync("k-1", Publish, Token));
        Assert.Empty(await Shop.ListAnnouncementsAsync(10, Token));
    }

    [Fact]
    public async Task What_certainly_was_not_taken_is_no_doubt_and_a_refusal_is_a_value()
    {
        using var remote = Server.Connect();
        Server.Next = ShopFault.IsBusy;
        Assert.Equal(TimeSpan.FromSeconds(7), (await Assert.ThrowsAsync<StoreUnreachableException>(() => remote.PerformAsync("k-1", Publish, Token))).RetryAfter);
        using var stranger = Server.Connect("another-secret-of-nobody");
        await Assert.ThrowsAsync<StoreUnreachableException>(() => stranger.PerformAsync("k-1", Publish, Token));
        using var nobody = new HttpStore(new HttpStoreOptions { Address = $"http://127.0.0.1:{ShopServer.FreePort()}", Key = ShopServer.Secret }, Clock);
        await Assert.ThrowsAsync<StoreUnreachableException>(() => nobody.PerformAsync("k-1", Publish, Token));
        Assert.Empty(await Shop.ListAnnouncementsAsync(10, Token));

        await remote.PerformAsync("k-1", Publish, Token);
        Assert.Contains("a-1", Assert.IsType<StoreOutcome.Refused>(await remote.PerformAsync("k-2", Publish, Token)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_answers_twice_is_not_believed_the_second_time()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeTwiceAsync(listener);
        using var remote = new HttpStore(new HttpStoreOptions { Address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", Key = ShopServer.Secret }, Clock);

        Assert.Equal("k-1", (string?)Assert.IsType<StoreOutcome.Done>(await remote.PerformAsync("k-1", Publish, Token)).Result["done"]);
        Assert.Equal("k-2", (string?)Assert.IsType<StoreOutcome.Done>(await remote.PerformAsync("k-2", Publish, Token)).Result["done"]);
        listener.Stop();
        await serving;
    }

    [Fact]
    public async Task The_outbox_is_told_what_to_do()
    {
        using var remote = Server.Connect();
        var channel = new StoreChannel(remote);
        var effect = new Effect { Key = "k-1", Kind = Publish.Kind, InstanceId = "i", Execution = 1, Class = EffectClass.Irreversible, Payload = Publish.ToPayload() };
        foreach (var (fault, outcome) in ((ShopFault, Type)[])[
            (ShopFault.IsBusy, typeof(EffectOutcome.Transient)), (ShopFault.DropsAfterAccepting, typeof(EffectOutcome.Ambiguous)), (ShopFault.None, typeof(EffectOutcome.Done))])
        {
            Server.Next = fault;
            if (fault == ShopFault.None)
                await SettledAsync(remote, effect.Key);
            var told = await channel.PerformAsync(effect, 1, Token);
            Assert.True(told.GetType() == outcome, $"{fault}: {told}");
        }

        Assert.IsType<EffectOutcome.Refused>(await channel.PerformAsync(effect with { Key = "k-2" }, 1, Token));
    }

    [Theory]
    [InlineData("ftp://shop", "0123456789abcdef", false)]
    [InlineData("https://shop", "short", false)]
    [InlineData("http://shop", "0123456789abcdef", true)]
    public void Settings_that_cannot_be_are_named_without_showing_the_key(string address, string key, bool mustBeSecret)
    {
        var fault = Assert.Single(new HttpStoreOptions { Address = address, Key = key }.FindFaults(mustBeSecret));

        Assert.DoesNotContain(key, fault, StringComparison.Ordinal);
    }

    /// <summary>Sends each answer twice on a connection that stays open.</summary>
    private static async Task ServeTwiceAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                var (stream, buffer) = (client.GetStream(), new byte[64 * 1024]);
                var text = "";
                int read;
                while ((read = await stream.ReadAsync(buffer)) > 0)
                {
                    text += Encoding.UTF8.GetString(buffer, 0, read);
                    var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                    if (head < 0 || !text.EndsWith('}'))
                        continue;
                    var key = (string)JsonNode.Parse(text[(head + 4)..])!["key"]!;
                    var body = Encoding.UTF8.GetBytes($$$"""{"key":"{{{key}}}","result":{"done":"{{{key}}}"}}""");
                    byte[] answer = [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
                    await stream.WriteAsync((byte[])[.. answer, .. answer]);
                    text = "";
                }
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }
}

/// <summary>The operations' contract over HTTP.</summary>
public sealed class HttpGuardedDeletionTests(SqliteFixture fixture) : GuardedDeletionContract(fixture), IClassFixture<SqliteFixture>
{
    private ShopServer? _server;
    private HttpStore? _store;

    protected override IStorePlatform Platform => _store ??= (_server ??= new ShopServer(Shop, Clock)).Connect();

    public override async ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _server?.Dispose();
        await base.DisposeAsync();
    }
}

public sealed class HttpComplaintTests(SqliteFixture fixture) : ComplaintContract(fixture), IClassFixture<SqliteFixture>
{
    private ShopServer? _server;
    private HttpStore? _store;

    protected override IStorePlatform Platform => _store ??= (_server ??= new ShopServer(Shop, Clock)).Connect();

    public override async ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _server?.Dispose();
        await base.DisposeAsync();
    }
}
