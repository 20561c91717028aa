using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Workflows.Engine.Outbox;
using Workflows.Host.Channels;

namespace Workflows.Host.Tests;

public sealed class HttpChannelTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.255.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("::1", true)]
    [InlineData("::", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("64:ff9b::a00:1", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("2606:4700::1111", false)]
    public void Inside_addresses_are_known(string address, bool inside) => Assert.Equal(inside, OutboundGuard.IsInside(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://example.org/")]
    [InlineData("http://api.example.com@example.org/")]
    [InlineData("http://api.example.com.evil.org/")]
    [InlineData("ftp://api.example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:secret@api.example.com/")]
    [InlineData("http://api.example.com:8080/")]
    public async Task What_is_not_listed_is_refused(string address)
    {
        using var channel = Channel(new HttpChannelOptions { AllowedHosts = ["api.example.com:80"] });
        Assert.IsType<EffectOutcome.Refused>(await channel.PerformAsync(Request(address), 1, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("http://localhost:{port}/")]
    [InlineData("http://127.0.0.1:{port}/")]
    [InlineData("http://2130706433:{port}/")]
    [InlineData("http://0x7f.1:{port}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{port}/")]
    [InlineData("http://127.1:{port}/")]
    public async Task A_listed_name_that_resolves_to_an_inside_address_is_refused_when_it_connects(string address)
    {
        await using var server = await Server.StartAsync();
        using var channel = Channel(new HttpChannelOptions { AllowedHosts = ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "::ffff:127.0.0.1", "::ffff:7f00:1"] });

        var outcome = await channel.PerformAsync(Request(address.Replace("{port}", server.Port, StringComparison.Ordinal)), 1, TestContext.Current.CancellationToken);

        Assert.IsType<EffectOutcome.Refused>(outcome);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task An_answer_is_read_a_redirect_is_not_followed_and_the_key_is_sent()
    {
        await using var server = await Server.StartAsync();
        using var channel = Channel(new HttpChannelOptions { AllowedInsideHosts = ["127.0.0.1"] });

        var answer = Assert.IsType<EffectOutcome.Done>(await channel.PerformAsync(Request($"http://127.0.0.1:{server.Port}/json"), 1, TestContext.Current.CancellationToken));
        var redirect = Assert.IsType<EffectOutcome.Done>(await channel.PerformAsync(Request($"http://127.0.0.1:{server.Port}/redirect"), 1, TestContext.Current.CancellationToken));
        var large = Assert.IsType<EffectOutcome.Refused>(await channel.PerformAsync(Request($"http://127.0.0.1:{server.Port}/large"), 1, TestContext.Current.CancellationToken));
        Assert.IsType<EffectOutcome.Transient>(await channel.PerformAsync(Request("http://127.0.0.1:1/"), 1, TestContext.Current.CancellationToken));

        Assert.Equal("key-1", (string?)answer.Result!["content"]!["key"]);
        Assert.Equal(302, (int)redirect.Result!["statusCode"]!);
        Assert.Equal("answer-too-large", (string?)large.Result!["failure"]);
        Assert.Equal(3, server.Requests);
    }

    private static HttpChannel Channel(HttpChannelOptions options) => new(new OutboundGuard(Options.Create(options)), Options.Create(options));

    private static Effect Request(string address) => new()
    {
        Key = "key-1",
        InstanceId = "i",
        Execution = 1,
        Kind = "http",
        Class = EffectClass.Irreversible,
        Payload = new JsonObject { ["method"] = "GET", ["url"] = address },
    };

    private sealed class Server(WebApplication app) : IAsyncDisposable
    {
        private int _requests;

        public int Requests => _requests;

        public string Port => new Uri(app.Urls.First()).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        public static async Task<Server> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var server = new Server(app);
            app.Run(async context =>
            {
                Interlocked.Increment(ref server._requests);
                switch (context.Request.Path.Value)
                {
                    case "/redirect":
                        context.Response.Redirect("http://127.0.0.1:1/");
                        break;
                    case "/large":
                        await context.Response.WriteAsync(new string('x', 1024 * 1024));
                        break;
                    default:
                        await context.Response.WriteAsJsonAsync(new { key = context.Request.Headers["Idempotency-Key"].ToString() });
                        break;
                }
            });
            await app.StartAsync();
            return server;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
