using System.Diagnostics;
using Workflows.Host.Hosting;

namespace Workflows.Host.Demo;

/// <summary>
/// Plays a story of the shop through the HTTP API, with fast-forwarded time. Starts a host of its own with a temporary data directory unless an
/// address is given.
/// </summary>
internal static class DemoCommand
{
    private const string Usage = "用法 (usage): demo [NAME] [--url URL] | demo --list";

    /// <summary>0 when the story ended as it should, 1 when not, 2 when there is no such story.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (args is ["--list"])
        {
            await output.WriteLineAsync(string.Join(Environment.NewLine, DemoStory.Lines()));
            return 0;
        }

        var story = DemoStory.All[0];
        if (args is [var name, ..] && !name.StartsWith('-'))
        {
            if (DemoStory.Find(name) is not { } named)
            {
                await output.WriteLineAsync($"没有这个演示 (unknown): {name}{Environment.NewLine}{Usage}{Environment.NewLine}{string.Join(Environment.NewLine, DemoStory.Lines())}");
                return 2;
            }

            (story, args) = (named, args[1..]);
        }

        if (args is ["--url", var given] && Uri.TryCreate(given, UriKind.Absolute, out var address))
            return await PlayAsync(story, address, output, cancellationToken);
        if (args.Length > 0)
        {
            await output.WriteLineAsync(Usage);
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("workflows-demo-");
        try
        {
            await using var app = HostApplication.Build(
                ["--environment", "Development", "--urls", "http://127.0.0.1:0", "--Workflows:DataDirectory", folder.FullName, "--Workflows:Host:PrintLogins", "false"],
                builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
            await app.StartAsync(cancellationToken);
            var code = await PlayAsync(story, new Uri(app.Urls.First()), output, cancellationToken);
            await app.StopAsync(cancellationToken);
            return code;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal static async Task<int> PlayAsync(DemoStory story, Uri address, TextWriter output, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            using var player = new DemoPlayer(new DemoApi(address), output, cancellationToken);
            await story.PlayAsync(player);
            await output.WriteLineAsync($"演示完成，用时 {watch.Elapsed.TotalSeconds:F1} 秒：{story.Title}。");
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
