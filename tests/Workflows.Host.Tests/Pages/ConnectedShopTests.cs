using System.Net;
using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Pages;

/// <summary>Pages and the gate before complainants with a shop behind an address: there, away, and back again.</summary>
public sealed class ConnectedShopTests
{
    private const string Complaint = """
        {"id":"c-1","receivedAt":"2026-11-25T08:00:00Z","customer":"王芳","mobile":"13800001234","channel":"电话","description":"碎了","state":"received","reopened":0}
        """;

    [Fact]
    public async Task An_away_shop_is_told_in_plain_words_and_a_remote_complaint_is_revealed_for_a_reason_on_record()
    {
        using var server = new TinyShop();
        await using var host = await HostUnderTest.StartAsync(DatabaseKind.Sqlite, "Development", ("Workflows:Store:Address", server.Address), ("Workflows:Store:Key", "0123456789abcdef-shop"));
        using var agent = await Visitor.OfAsync(host, "cs_agent");
        using var program = await host.AsAsync("cs_agent");

        var page = await agent.GetAsync("/shop/complaints/c-1");
        Assert.Contains("138****1234", page.Text, StringComparison.Ordinal);
        var whole = await agent.PostAsync("/shop/complaints/c-1/reveal", new() { ["_csrf"] = page.Hidden("_csrf"), ["reason"] = "致电顾客了解情况" });
        Assert.Equal(200, whole.Status);
        Assert.Contains("13800001234", whole.Text, StringComparison.Ordinal);
        Assert.Equal("王芳", (string?)(await program.PostAsync("/api/v1/store/complaints/c-1/reveal", new { reason = "核对收件电话" })).Body!["customer"]);
        Assert.Equal(404, (await program.PostAsync("/api/v1/store/complaints/c-9/reveal", new { reason = "核对收件电话" })).Status);
        var register = host.Service<ICustomerRegister>();
        Assert.Equal(2, (await register.ListDisclosuresAsync(Disclosure.OfComplaint, "c-1", 10, TestContext.Current.CancellationToken)).Count);
        Assert.Empty(await register.ListDisclosuresAsync(Disclosure.OfComplaint, "c-9", 10, TestContext.Current.CancellationToken));

        server.IsAway = true;
        foreach (var address in (string[])["/shop/complaints", "/shop/complaints/c-1", "/shop/products", "/shop/products/A1", "/shop/promotions", "/shop/promotions/P-1"])
        {
            var away = await agent.GetAsync(address);
            Assert.Equal((address, 503), (address, away.Status));
            Assert.Contains("店铺暂时联系不上", away.Text, StringComparison.Ordinal);
        }

        Assert.Contains("href=\"/instances/c-1\"", (await agent.GetAsync("/shop/complaints/c-1")).Html, StringComparison.Ordinal);
        Assert.Contains("致电顾客了解情况", (await agent.GetAsync("/shop/complaints/c-1")).Text, StringComparison.Ordinal);
        var refused = await program.PostAsync("/api/v1/store/complaints/c-1/reveal", new { reason = "核对收件电话" });
        Assert.Equal((503, "shop-away"), (refused.Status, (string?)refused.Body!["code"]));
        server.IsAway = false;
        Assert.Equal(200, (await agent.GetAsync("/shop/complaints/c-1")).Status);
    }

    /// <summary>Knows one complaint and nothing else.</summary>
    private sealed class TinyShop : IDisposable
    {
        private readonly HttpListener _listener = new();

        public TinyShop()
        {
            using var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/shop/";
            free.Stop();
            _listener.Prefixes.Add(Address);
            _listener.Start();
            _ = ServeAsync();
        }

        public string Address { get; }

        public bool IsAway { get; set; }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            try
            {
                while (await _listener.GetContextAsync() is { } context)
                {
                    using var response = context.Response;
                    response.StatusCode = IsAway ? 503 : 200;
                    var asked = (await JsonNode.ParseAsync(context.Request.InputStream))!;
                    JsonNode? result = (string?)asked["query"] switch
                    {
                        "complaint" => (string?)asked["args"]!["complaint"] == "c-1" ? JsonNode.Parse(Complaint) : null,
                        "promotion" => null,
                        _ => new JsonArray(),
                    };
                    if (!IsAway)
                        await response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["key"] = asked["key"]!.DeepClone(), ["result"] = result }.ToJsonString()));
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Closed.
            }
        }
    }
}
