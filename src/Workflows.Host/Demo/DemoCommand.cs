using System.Diagnostics;
using Workflows.Host.Hosting;

namespace Workflows.Host.Demo;

/// <summary>
/// Plays the deletion of a promotion through the HTTP API, with fast-forwarded time: once to its end, once through
/// rollback. Starts a host of its own with a temporary data directory unless an address is given.
/// </summary>
internal static class DemoCommand
{
    /// <summary>0 when both ran as they should and the data agree row by row.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (args is ["--url", var given] && Uri.TryCreate(given, UriKind.Absolute, out var address))
            return await PlayAsync(address, output, cancellationToken);
        if (args.Length > 0)
        {
            await output.WriteLineAsync("用法 (usage): demo [--url URL]");
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("workflows-demo-");
        try
        {
            await using var app = HostApplication.Build(
                ["--environment", "Development", "--urls", "http://127.0.0.1:0", "--Workflows:DataDirectory", folder.FullName, "--Workflows:Host:PrintLogins", "false"],
                builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
            await app.StartAsync(cancellationToken);
            var code = await PlayAsync(new Uri(app.Urls.First()), output, cancellationToken);
            await app.StopAsync(cancellationToken);
            return code;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> PlayAsync(Uri address, TextWriter output, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            await using var play = new DeletionPlay(new DemoApi(address), output);
            await play.CompleteAsync("P-1001", cancellationToken);
            await play.RollBackAsync("P-1002", cancellationToken);
            await output.WriteLineAsync($"演示完成，用时 {watch.Elapsed.TotalSeconds:F1} 秒：删除并核查一次，删除后按备份回滚一次，数据逐行一致。");
            return 0;
        }
        catch (DemoFailedException failed)
        {
            await output.WriteLineAsync($"演示失败 (failed): {failed.Message}");
            return 1;
        }
        catch (HttpRequestException unreachable)
        {
            await output.WriteLineAsync($"无法访问 {address} (cannot be reached): {unreachable.Message}");
            return 1;
        }
    }
}

/// <summary>Something came out differently than it must.</summary>
internal sealed class DemoFailedException(string message) : Exception(message);
