using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Workflows.Host.Tests.Messages;

/// <summary>What a gateway did with each message: how often it took it, and how often without saying so.</summary>
internal sealed class GatewayBook
{
    private readonly ConcurrentDictionary<string, int> _visits = new();

    public ConcurrentDictionary<string, int> Taken { get; } = new();

    /// <summary>Visits that ended without an answer, or with one that says nothing, whether the message was taken or not.</summary>
    public ConcurrentDictionary<string, int> Unanswered { get; } = new();

    /// <summary>A number from 0 to 99 that is the same in every run for this key and visit.</summary>
    public int Draw(string key) => (int)(BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"{key}#{_visits.AddOrUpdate(key, 1, (_, n) => n + 1)}"))) % 100);

    public void Take(string key) => Taken.AddOrUpdate(key, 1, (_, n) => n + 1);

    public void LeaveUnanswered(string key) => Unanswered.AddOrUpdate(key, 1, (_, n) => n + 1);
}

/// <summary>An SMS gateway that honours keys and misbehaves in every other way, and one path on which it is well.</summary>
internal sealed class HostileSmsGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HostileSmsGateway(WebApplication app) => _app = app;

    public GatewayBook Book { get; } = new();

    /// <summary>When each healthy message arrived, by its key.</summary>
    public ConcurrentDictionary<string, long> Healthy { get; } = new();

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<HostileSmsGateway> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var gateway = new HostileSmsGateway(builder.Build());
        gateway._app.MapGet("/send", gateway.MisbehaveAsync);
        gateway._app.MapPost("/healthy", (HttpContext http) =>
        {
            gateway.Healthy.TryAdd(http.Request.Headers["X-Workflows-Id"].ToString(), TimeProvider.System.GetTimestamp());
            return Results.Ok();
        });
        await gateway._app.StartAsync();
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private async Task MisbehaveAsync(HttpContext http)
    {
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        switch (Book.Draw(key))
        {
            case < 45:
                TakeOnce(key);
                return;
            case < 55:
                TakeOnce(key);
                Book.LeaveUnanswered(key);
                http.Abort();
                return;
            case < 62:
                TakeOnce(key);
                Book.LeaveUnanswered(key);
                http.Response.StatusCode = 500;
                return;
            case < 64:
                // Longer than the sender waits.
                TakeOnce(key);
                Book.LeaveUnanswered(key);
                await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            case < 72:
                http.Response.StatusCode = 429;
                http.Response.Headers.RetryAfter = (key.GetHashCode(StringComparison.Ordinal) % 3) switch { 0 => "-1", 1 => "315360000", _ => "soon" };
                return;
            case < 76:
                http.Response.StatusCode = 503;
                return;
            case < 79:
                http.Response.Redirect("http://169.254.169.254/latest");
                return;
            case < 82:
                // An answer without an end.
                TakeOnce(key);
                Book.LeaveUnanswered(key);
                http.Response.ContentType = "text/plain";
                for (var i = 0; i < 64 && !http.RequestAborted.IsCancellationRequested; i++)
                    await http.Response.WriteAsync(new string('x', 16_384));
                return;
            case < 85:
                TakeOnce(key);
                http.Response.Headers.ContentEncoding = "gzip";
                await http.Response.Body.WriteAsync(Convert.FromBase64String("H4sIAAAAAAAAA+3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"));
                return;
            default:
                TakeOnce(key);
                await http.Response.WriteAsync("{\"broken\":");
                return;
        }
    }

    /// <summary>The key makes a repeat harmless: it is answered and not taken again.</summary>
    private void TakeOnce(string key)
    {
        if (Book.Taken.TryAdd(key, 1))
            return;
    }
}

/// <summary>A mail server that does not look at Message-IDs and breaks off wherever it can.</summary>
internal sealed class HostileMailServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    public HostileMailServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public GatewayBook Book { get; } = new();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
                await TalkAsync(client.GetStream());
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        Task Say(string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), _stop.Token).AsTask();
        await Say("220 hostile");
        string key = "", verdict = "";
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            if (line.StartsWith("RCPT TO:<", StringComparison.Ordinal))
            {
                key = line["RCPT TO:<".Length..line.IndexOf('@', StringComparison.Ordinal)];
                verdict = Book.Draw(key) switch { < 50 => "take", < 60 => "take-drop", < 62 => "take-hang", < 70 => "drop", < 78 => "451", < 82 => "421", < 84 => "data-drop", < 86 => "twice", < 88 => "nonsense", _ => "take" };
                if (verdict == "drop")
                    return;
                await Say(verdict switch { "451" => "451 later", "421" => "421 closing", _ => "250 ok" });
                if (verdict == "421")
                    return;
            }
            else if (line == "DATA")
            {
                await Say("354 go");
                string? text;
                while ((text = await reader.ReadLineAsync(_stop.Token)) is not (null or "."))
                {
                    if (verdict == "data-drop")
                        return;
                }

                if (text is null)
                    return;
                Book.Take(key);
                if (verdict is "take-drop" or "take-hang" or "nonsense")
                    Book.LeaveUnanswered(key);
                if (verdict == "take-drop")
                    return;
                if (verdict == "take-hang")
                    await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System, _stop.Token);
                await Say(verdict switch { "twice" => "250 taken\r\n250 taken", "nonsense" => "hello", _ => "250 taken" });
            }
            else
            {
                await Say(line == "QUIT" ? "221 bye" : "250 ok");
            }
        }
    }
}
