using System.Diagnostics;
using System.Text.Json;

namespace Workflows.Engine.Tests.Expressions.JavaScript.Library;

/// <summary>Asks the Node on this machine what a call of a built-in gives, in the notation of <see cref="LibraryCall"/>.</summary>
internal static class NodeOracle
{
    private const string Script = """
        const read = node => {
          if (Array.isArray(node)) {
            const items = node.map(read);
            if (node[0] === '§Map') return new Map(items.slice(1));
            if (node[0] === '§Set') return new Set(items.slice(1));
            node.forEach((item, i) => { if (item === '§hole') delete items[i]; });
            return items;
          }
          if (node && typeof node === 'object') return Object.fromEntries(Object.entries(node).map(([k, v]) => [k, read(v)]));
          if (typeof node !== 'string' || node[0] !== '§') return node;
          const [first, rest] = node.slice(1).split(' ');
          switch (first) {
            case 'undefined': case 'hole': return undefined;
            case 'fn': return (0, eval)('"use strict"; (' + functions[rest] + ')');
            case 'global': return globalThis[rest];
            case 'Date': return new Date(Number(rest));
            default: return Number(first);
          }
        };
        const show = v => {
          if (v === undefined) return '"§undefined"';
          if (typeof v === 'number') return Object.is(v, -0) ? '"§-0"' : Number.isFinite(v) ? String(v) : `"§${v}"`;
          if (typeof v === 'function') return '"§fn"';
          if (v === null || typeof v !== 'object') return JSON.stringify(v);
          if (v instanceof Number || v instanceof String || v instanceof Boolean) return '"§boxed"';
          if (Array.isArray(v)) return '[' + Array.from({ length: v.length }, (_, i) => i in v ? show(v[i]) : '"§hole"').join(',') + ']';
          if (v instanceof Map) return show(['§Map', ...v]);
          if (v instanceof Set) return show(['§Set', ...v]);
          if (v instanceof Date) return `"§Date ${v.getTime()}"`;
          if (v instanceof Error) return JSON.stringify('§' + v);
          if (v[Symbol.iterator]) return show([...v]);
          return '{' + Object.keys(v).map(k => JSON.stringify(k) + ':' + show(v[k])).join(',') + '}';
        };
        const { functions, calls } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        const answers = calls.map(([self, method, args]) => {
          try {
            const receiver = read(JSON.parse(self)), given = read(JSON.parse(args));
            const result = method === 'new' ? new receiver(...given) : method === '()' ? (0, receiver)(...given) : receiver[method](...given);
            const shown = show(result), after = show(receiver);
            return shown + (after === show(read(JSON.parse(self))) ? '' : ' ; ' + after);
          } catch (e) { return e.name; }
        });
        console.log(JSON.stringify({ version: process.versions.node, answers }));
        """;

    /// <summary>What Node answers to (self, method, arguments); skips the test where there is no Node 20.</summary>
    public static async Task<string[]> AnswersAsync(IEnumerable<(string Self, string Method, string Arguments)> calls, string language = "en_US.UTF-8")
    {
        var start = new ProcessStartInfo("node", ["-e", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["TZ"] = "Asia/Shanghai";
        start.Environment["LC_ALL"] = language;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("Node is not installed: nothing to compare with.");
            return [];
        }

        using (process)
        {
            var token = TestContext.Current.CancellationToken;
            var input = JsonSerializer.Serialize(new
            {
                functions = LibraryCall.Functions.ToDictionary(f => f.Key, f => f.Value.Source),
                calls = calls.Select(c => new[] { c.Self, c.Method, c.Arguments }),
            });
            await process.StandardInput.WriteAsync(input.AsMemory(), token);
            process.StandardInput.Close();
            var output = await process.StandardOutput.ReadToEndAsync(token);
            await process.WaitForExitAsync(token);
            var (version, answers) = JsonSerializer.Deserialize<Answer>(output, JsonSerializerOptions.Web)!;
            Assert.SkipUnless(version.StartsWith("20.", StringComparison.Ordinal), $"Node {version} is installed; the comparison is with Node 20.");
            return answers;
        }
    }

    private sealed record Answer(string Version, string[] Answers);
}
