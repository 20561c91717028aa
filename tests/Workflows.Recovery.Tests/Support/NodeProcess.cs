using System.Diagnostics;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Node;

namespace Workflows.Recovery.Tests.Support;

/// <summary>A node in a process of its own, asked over its standard input. Whatever it is, it ends with the test.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    /// <summary>What the operating system reports of a process ended by SIGKILL.</summary>
    public const int Killed = 137;

    private readonly Process _process;

    private NodeProcess(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a node and waits until it is ready; null when it died before that.</summary>
    public static async Task<(NodeProcess Node, bool IsReady)> StartAsync(Place place, string? fault, CancellationToken cancellationToken)
    {
        var kind = place.Options.Database.Provider;
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "Workflows.Recovery.Node.dll"),
            kind.ToString(), place.Options.DataDirectory, kind == DatabaseKind.Postgres ? place.Options.Database.ConnectionString! : "-", place.ReceiverFile,
        ])
        { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (fault is not null)
            start.Environment[Fault.Setting] = fault;
        var node = new NodeProcess(Process.Start(start)!);
        return (node, await node.ReadAsync(cancellationToken) == "ready");
    }

    /// <summary>Sends a command; null when the node died before it answered.</summary>
    public async Task<string?> AskAsync(string command, CancellationToken cancellationToken)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(command.AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // Its end of the pipe is gone: it died.
        }

        return await ReadAsync(cancellationToken);
    }

    /// <summary>Ends it the hard way.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken);
        if (line is null)
            await _process.WaitForExitAsync(cancellationToken);
        return line;
    }
}
