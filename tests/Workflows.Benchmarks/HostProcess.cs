using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Workflows.Persistence.Databases;

namespace Workflows.Benchmarks;

/// <summary>The real host in a process of its own, as an operator would run it, in Development for its demo logins.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;

    private HostProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public int Id => _process.Id;

    public static async Task<HostProcess> StartAsync(BenchmarkDatabase database)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Workflows.Host.dll")])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = database.Options.DataDirectory,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = address.ToString(),
                ["Workflows__DataDirectory"] = database.Options.DataDirectory,
                ["Workflows__Database__Provider"] = database.Kind.ToString(),
            },
        };
        if (database.Kind == DatabaseKind.Postgres)
            start.Environment["Workflows__Database__ConnectionString"] = database.Options.Database.ConnectionString;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var host = new HostProcess(process, address);
        using var probe = host.Client(1, null);
        for (var i = 0; i < 600; i++)
        {
            try
            {
                if ((await probe.GetAsync("health/ready")).StatusCode == HttpStatusCode.OK)
                    return host;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        throw new InvalidOperationException("The host did not become ready within a minute.");
    }

    /// <summary>A client with a bearer token, or without one.</summary>
    public HttpClient Client(int connections, string? token)
    {
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = Address };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task<string> SignInAsync(string userName)
    {
        using var client = Client(1, null);
        using var answer = await client.PostAsJsonAsync("api/v1/tokens", new { userName, password = "demo" });
        return (string)(await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!["accessToken"]!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
