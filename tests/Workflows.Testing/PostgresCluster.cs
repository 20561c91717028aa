using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Workflows.Testing;

/// <summary>
/// A private PostgreSQL server of this test process: started when the first test asks for it, without fsync, on a free
/// port. A shell holds it and waits on our end of a pipe, so server and files are gone after the process, however that ends.
/// The environment variable WORKFLOWS_TEST_POSTGRES names a server to use instead.
/// </summary>
public static class PostgresCluster
{
    private static readonly Lazy<Task<(string? ConnectionString, string Reason)>> Server = new(StartAsync);
    private static Process? _holder;

    /// <summary>True before the first use: the server flushes every commit, for measuring. Tests do without.</summary>
    public static bool Durable { get; set; }

    /// <summary>True before the first use: the server counts its statements (pg_stat_statements), for measuring.</summary>
    public static bool CountsStatements { get; set; }

    /// <summary>The process that holds the server, whose descendants are the server's; null when the server is not ours.</summary>
    public static int? ProcessId => _holder?.Id;

    /// <summary>Connection string to the maintenance database. Without a server the calling test is skipped, in CI it fails.</summary>
    public static async Task<string> ConnectionStringAsync()
    {
        var (connectionString, reason) = await Server.Value;
        return connectionString ?? throw Missing.Tool(reason);
    }

    private static async Task<(string? ConnectionString, string Reason)> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("WORKFLOWS_TEST_POSTGRES") is { Length: > 0 } given)
            return (given, "");
        if (FindPrograms() is not { } programs)
            return (null, "no PostgreSQL 15 or newer on this machine: initdb and postgres are in no known folder, and WORKFLOWS_TEST_POSTGRES is not set");

        var port = FreePort();
        var script = $"""
            PATH="{programs}:$PATH"; export PATH
            dir=$(mktemp -d /tmp/workflows-pg-XXXXXX) || exit 1
            initdb -D "$dir/data" -A trust -U workflows -E UTF8 --locale=C.UTF-8 --no-sync > "$dir/initdb.log" 2>&1 || cat "$dir/initdb.log" >&2
            postgres -D "$dir/data" -p {port} -k "$dir" -c listen_addresses=127.0.0.1 -c fsync={(Durable ? "on" : "off")} -c shared_buffers={(Durable ? "1GB" : "128MB")} -c max_connections=300{(CountsStatements ? " -c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.track_planning=on -c compute_query_id=on" : "")} -c max_locks_per_transaction=256 > "$dir/log" 2>&1 &
            server=$!
            cat > /dev/null
            kill -QUIT $server
            wait $server
            rm -rf "$dir"
            """;
        // The server refuses to run as root.
        string[] command = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", "sh", "-c", script] : ["sh", "-c", script];
        _holder = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, WorkingDirectory = "/tmp" })!;

        var connectionString = $"Host=127.0.0.1;Port={port};Username=workflows;Database=postgres";
        return await AnswersAsync(connectionString + ";Pooling=false;Timeout=2")
            ? (connectionString, "")
            : (null, $"the private PostgreSQL server from {programs} did not start");
    }

    private static async Task<bool> AnswersAsync(string connectionString)
    {
        for (var i = 0; i < 300 && !_holder!.HasExited; i++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }

        return false;
    }

    private static string? FindPrograms() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Append("/usr/local/bin")
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => d, StringComparer.Ordinal).Select(d => Path.Combine(d, "bin"))
                : [])
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
