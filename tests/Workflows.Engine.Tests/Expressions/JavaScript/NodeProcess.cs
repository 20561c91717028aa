using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Testing;

namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>
/// The Node of this machine, kept running for the tests of a class: tells what programs give there, in the notation of
/// <see cref="ProgramRun"/>. Its clock stands at <see cref="ProgramRun.Now"/>, its time zone is the shop's.
/// </summary>
public sealed class NodeProcess : IAsyncLifetime
{
    private const int LongestRequest = 400;

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private Process? _process;

    public ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo("node", [Path.Combine(ProgramRun.Folder, "oracle.js")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        start.Environment["TZ"] = "Asia/Shanghai";
        start.Environment["LC_ALL"] = "en_US.UTF-8";
        try
        {
            _process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            // No Node here: each test says so when it asks.
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>What each program gives; a visible skip where there is no Node.</summary>
    /// <param name="programs">The programs.</param>
    /// <param name="shared">One set of built-in objects for all of them: faster, for programs that leave those alone.</param>
    /// <param name="syntaxOnly">Only whether Node can parse them: "ok" or "error".</param>
    public async Task<IReadOnlyList<string>> AnswersAsync(IReadOnlyList<string> programs, bool shared = false, bool syntaxOnly = false)
    {
        if (_process is not { } process)
            throw Missing.Tool("Node is not installed: nothing to compare scripts with.");
        var token = TestContext.Current.CancellationToken;
        List<string> answers = [];
        await _oneAtATime.WaitAsync(token);
        try
        {
            foreach (var part in programs.Chunk(LongestRequest))
            {
                var request = new JsonObject
                {
                    ["globals"] = ProgramRun.Globals(),
                    ["now"] = ProgramRun.Now.ToUnixTimeMilliseconds(),
                    ["shared"] = shared,
                    ["syntaxOnly"] = syntaxOnly,
                    ["programs"] = JsonSerializer.SerializeToNode(part),
                };
                await process.StandardInput.WriteLineAsync(request.ToJsonString().AsMemory(), token);
                await process.StandardInput.FlushAsync(token);
                var line = await process.StandardOutput.ReadLineAsync(token) ?? throw new InvalidOperationException("Node ended.");
                answers.AddRange(JsonSerializer.Deserialize<string[]>(line)!);
            }
        }
        finally
        {
            _oneAtATime.Release();
        }

        return answers;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not { } process)
            return;
        process.StandardInput.Close();
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10)))
        {
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }

        process.Dispose();
        _oneAtATime.Dispose();
    }
}
