using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Testing;

namespace Workflows.Engine.Tests.Expressions.Liquid;

/// <summary>liquidjs, installed beside the tests' own output and asked in one process for many templates.</summary>
internal static class LiquidOracle
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "oracles");

    private static readonly Lazy<string?> Problem = new(Install);

    /// <summary>What liquidjs makes of each template; an error as "ERROR: ...". Skips visibly where Node or the package is not to be had.</summary>
    public static IReadOnlyList<string> Render(JsonObject data, IReadOnlyList<(string Template, bool IsHtml)> cases)
    {
        if (Problem.Value is { } problem)
            throw Missing.Tool($"liquidjs is not to be had: {problem}");

        var (asked, answered) = (Path.Combine(Folder, $"{Guid.NewGuid():N}.cases.json"), Path.Combine(Folder, $"{Guid.NewGuid():N}.results.json"));
        var questions = new JsonObject
        {
            ["data"] = data.DeepClone(),
            ["cases"] = new JsonArray([.. cases.Select(c => new JsonObject { ["template"] = c.Template, ["escape"] = c.IsHtml ? "html" : "none" })]),
        };
        File.WriteAllText(asked, questions.ToJsonString());
        if (Run("node", ["liquid.cjs", asked, answered], TimeSpan.FromMinutes(2)) is { } failed)
            throw new InvalidOperationException($"The oracle failed: {failed}");
        using var answers = JsonDocument.Parse(File.ReadAllText(answered));
        return [.. answers.RootElement.EnumerateArray().Select(a => a.TryGetProperty("text", out var text) ? text.GetString()! : $"ERROR: {a.GetProperty("error").GetString()}")];
    }

    private static string? Install()
    {
        var source = Path.Combine(Repository.Root, "tests", "Workflows.Engine.Tests", "Oracles");
        Directory.CreateDirectory(Folder);
        var isInstalled = File.Exists(Path.Combine(Folder, "node_modules", "liquidjs", "package.json"))
            && File.Exists(Path.Combine(Folder, "package-lock.json"))
            && File.ReadAllText(Path.Combine(Folder, "package-lock.json")) == File.ReadAllText(Path.Combine(source, "package-lock.json"));
        File.Copy(Path.Combine(source, "liquid.cjs"), Path.Combine(Folder, "liquid.cjs"), overwrite: true);
        if (isInstalled)
            return null;
        foreach (var file in new[] { "package.json", "package-lock.json", ".npmrc" })
            File.Copy(Path.Combine(source, file), Path.Combine(Folder, file), overwrite: true);
        return OperatingSystem.IsWindows()
            ? Run("cmd", ["/c", "npm", "ci", "--ignore-scripts"], TimeSpan.FromMinutes(2))
            : Run("npm", ["ci", "--ignore-scripts"], TimeSpan.FromMinutes(2));
    }

    /// <summary>Null when the program ended well, else what went wrong.</summary>
    private static string? Run(string program, string[] arguments, TimeSpan limit)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardError = true, RedirectStandardOutput = true };
            // Times without a zone are local to the process that reads them.
            start.Environment["TZ"] = "Asia/Shanghai";
            using var process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            var errors = new List<string>();
            process.ErrorDataReceived += (_, line) =>
            {
                lock (errors)
                    errors.Add(line.Data ?? "");
            };
            process.BeginErrorReadLine();
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                return $"{program} did not end within {limit}";
            }

            // Once more without a limit: only then is everything it wrote read.
            process.WaitForExit();
            lock (errors)
                return process.ExitCode == 0 ? null : $"{program} ended with {process.ExitCode}: {string.Join('\n', errors.TakeLast(5))}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"{program}: {e.Message}";
        }
    }
}
