using System.Net;
using System.Net.Sockets;

namespace Workflows.Persistence.Tests;

/// <summary>Stands between driver and server and, when told, swallows one message and cuts both sides.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly int _serverPort;
    private readonly Task _accepting;
    private int _swallowAnswer;
    private int _swallowRequest;
    private int _cuts;

    public CuttingProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Cuts => _cuts;

    public void SwallowNextAnswer() => _swallowAnswer = 1;

    public void SwallowNextRequest() => _swallowRequest = 1;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ending.Token);
                connections.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _serverPort);
        using (client)
        {
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
            var up = PumpAsync(client.GetStream(), server.GetStream(), () => Interlocked.Exchange(ref _swallowRequest, 0), cut);
            var down = PumpAsync(server.GetStream(), client.GetStream(), () => Interlocked.Exchange(ref _swallowAnswer, 0), cut);
            await Task.WhenAll(up, down);
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Func<int> swallow, CancellationTokenSource cut)
    {
        var buffer = new byte[65536];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, cut.Token)) > 0)
            {
                if (swallow() == 1)
                {
                    Interlocked.Increment(ref _cuts);
                    break;
                }

                await to.WriteAsync(buffer.AsMemory(0, read), cut.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Either side hung up.
        }

        await cut.CancelAsync();
    }
}
