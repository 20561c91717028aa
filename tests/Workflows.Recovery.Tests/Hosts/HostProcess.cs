using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Workflows.Host.Hosting;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Node;
using Workflows.Recovery.Tests.Support;
using Workflows.Testing;

namespace Workflows.Recovery.Tests.Hosts;

/// <summary>The real host in a process of its own, in Development for its demo shop and clock. A startup hook gives it the fault.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private static readonly ConcurrentDictionary<(DatabaseKind Kind, string Definitions), DatabaseTemplate> Seeded = new();

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();

    private HostProcess(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };
        process.OutputDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; }

    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote to its console, for the message of a failing test.</summary>
    public string Said => string.Join('\n', _said);

    /// <summary>A place as a host's first start left it, with the processes of a folder under definitions/, or with all.</summary>
    public static Task<Place> SeededAsync(DatabaseKind kind, string definitions = "") => Place.CopyAsync(Seeded.GetOrAdd((kind, definitions), key => new DatabaseTemplate(key.Kind, async options =>
    {
        await using var app = HostApplication.Build(["--environment", "Development", "--urls", "http://127.0.0.1:0", "--contentRoot", Repository.Root], builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Error);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Workflows:DataDirectory"] = options.DataDirectory,
                ["Workflows:Database:Provider"] = key.Kind.ToString(),
                ["Workflows:Database:ConnectionString"] = options.Database.ConnectionString,
                ["Workflows:Host:PrintLogins"] = "false",
                ["Workflows:Host:DefinitionsDirectory"] = Path.Combine(Repository.Root, "definitions", key.Definitions),
            });
        });
        await app.StartAsync();
        await app.StopAsync();
    })));

    /// <summary>Starts a host and waits until it is ready. A fault that hits before that is a mistake in the test.</summary>
    public static async Task<HostProcess> StartAsync(Place place, string? fault, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? settings = null)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var database = place.Options.Database;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Workflows.Host.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = place.Options.DataDirectory,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = address.ToString(),
                ["DOTNET_TieredPGO"] = "0",
                ["Logging__LogLevel__Default"] = "Warning",
                ["Workflows__DataDirectory"] = place.Options.DataDirectory,
                ["Workflows__Database__Provider"] = database.Provider.ToString(),
                ["Workflows__Host__DefinitionsDirectory"] = Path.Combine(Repository.Root, "definitions"),
                ["Workflows__Host__PrintLogins"] = "false",
                ["Workflows__Engine__Lease"] = "00:00:01",
                ["Workflows__Engine__EffectLease"] = "00:00:02",
                ["Workflows__Engine__PollInterval"] = "00:00:00.2",
                ["Workflows__Engine__RecoveryInterval"] = "00:00:00.2",
            },
        };
        if (database.Provider == DatabaseKind.Postgres)
            start.Environment["Workflows__Database__ConnectionString"] = database.ConnectionString;
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        if (fault is not null)
        {
            start.Environment["DOTNET_STARTUP_HOOKS"] = Path.Combine(AppContext.BaseDirectory, "Workflows.Recovery.Node.dll");
            start.Environment[Fault.Setting] = fault;
        }

        var host = new HostProcess(Process.Start(start)!, address);
        try
        {
            await host.UntilReadyAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>True when it is dead, or dies within the limit: a broken connection is seen before the end of the process.</summary>
    public async Task<bool> HasDiedAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(atMost, TimeProvider.System, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task UntilReadyAsync(CancellationToken cancellationToken)
    {
        while (!_process.HasExited)
        {
            try
            {
                using var answer = await Client.GetAsync("health/ready", cancellationToken);
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(LookAgain, TimeProvider.System, cancellationToken);
        }

        throw new InvalidOperationException($"The host ended before it was ready ({ExitCode}).\n{Said}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
