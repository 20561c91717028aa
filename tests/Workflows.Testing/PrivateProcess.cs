using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Workflows.Testing;

/// <summary>
/// A server program of a test, with a folder of its own. A shell holds it and waits on our end of a pipe, so program and files
/// are gone after the test process, however that ends.
/// </summary>
internal sealed class PrivateProcess : IDisposable
{
    private readonly Process _holder;

    private PrivateProcess(Process holder) => _holder = holder;

    public bool HasExited => _holder.HasExited;

    /// <param name="commands">Shell lines that start programs in the background with "&amp;"; each of them is ended with the holder.</param>
    /// <param name="folder">Removed at the end.</param>
    public static PrivateProcess Start(string commands, string folder)
    {
        var script = $"""
            {commands}
            cat > /dev/null
            kill $(jobs -p) 2> /dev/null
            wait
            rm -rf "{folder}" 2> /dev/null || (sleep 0.5; rm -rf "{folder}")
            """;
        return new PrivateProcess(Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardInput = true, WorkingDirectory = "/tmp" })!);
    }

    public void Dispose()
    {
        _holder.StandardInput.Close();
        _holder.WaitForExit(TimeSpan.FromSeconds(10));
        _holder.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The path of an installed program; null when it is not there.</summary>
    public static string? Find(params string[] paths) => Array.Find(paths, File.Exists);

    /// <summary>Waits until something listens; false when it does not in time or the program has ended.</summary>
    public async Task<bool> ListensAsync(int port)
    {
        for (var i = 0; i < 200 && !HasExited; i++)
        {
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }

        return false;
    }
}
