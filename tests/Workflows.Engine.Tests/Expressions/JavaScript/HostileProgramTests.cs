using System.Diagnostics;
using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript;
using Workflows.Engine.Expressions.JavaScript.Workflow;

namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>Hostile programs end soon, with a value, an error of their own or a limit; nothing of the host is reached, and its memory is given back.</summary>
public sealed class HostileProgramTests(ITestOutputHelper output)
{
    private const int StackBytes = 1024 * 1024;

    private const int Tries = 5;

    private static readonly string[] SignsOfSuccess = ["escaped", "hacked", "System.", "Workflows."];

    private static readonly TimeSpan Longest = 2 * ScriptLimits.Default.Time;

    [Fact]
    public void Hostile_programs_end_within_twice_the_time_limit_and_leave_nothing_behind()
    {
        Assert.InRange(HostilePrograms.All.Distinct().Count(), 300, int.MaxValue);
        List<string> wrong = [];
        var (slowest, most, greediest, ends) = (TimeSpan.Zero, 0L, "", new Dictionary<string, int>());
        Run("variables.order.items.map(i => i.price).join() + JSON.stringify({a: /a/.test('a')})");
        var before = GC.GetTotalMemory(forceFullCollection: true);

        foreach (var program in HostilePrograms.All)
        {
            // A machine busy with other things stretches every clock: the best of a few tries counts.
            var outcome = Run(program);
            for (var tries = 1; tries < Tries && outcome.Took > Longest; tries++)
                outcome = Run(program);
            if (outcome.Took > Longest)
                wrong.Add($"{outcome.Took.TotalMilliseconds:0} ms: {Short(program)} → {Short(outcome.Text)}");
            if (outcome.IsBug)
                wrong.Add($"bug: {Short(program)} → {outcome.Text}");
            if (outcome.Kind == "value" && Array.Exists(SignsOfSuccess, sign => outcome.Text.Contains(sign, StringComparison.Ordinal)))
                wrong.Add($"got out: {Short(program)} → {Short(outcome.Text)}");
            if (outcome.Allocated > 16 * ScriptLimits.Default.Bytes)
                wrong.Add($"allocated {outcome.Allocated >> 20} MB: {Short(program)} → {Short(outcome.Text)}");
            ends[outcome.Kind] = ends.GetValueOrDefault(outcome.Kind) + 1;
            slowest = outcome.Took > slowest ? outcome.Took : slowest;
            (most, greediest) = outcome.Allocated > most ? (outcome.Allocated, program) : (most, greediest);
        }

        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{HostilePrograms.All.Count} programs, slowest {slowest.TotalMilliseconds:0} ms, most allocated by one {most >> 20} MB ({Short(greediest)}), kept {kept / 1024} KB; {string.Join(", ", ends.Select(e => $"{e.Key} {e.Value}"))}");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {HostilePrograms.All.Count}\n{string.Join("\n", wrong)}");
        Assert.InRange(kept, long.MinValue, 50L << 20);
    }

    private sealed record Outcome(TimeSpan Took, string Kind, string Text, long Allocated)
    {
        public bool IsBug => Kind == "bug";
    }

    private static Outcome Run(string program)
    {
        Outcome? outcome = null;
        var thread = new Thread(() => outcome = RunHere(program), StackBytes) { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromSeconds(20)), $"never ends: {Short(program)}");
        return outcome!;
    }

    private static Outcome RunHere(string program)
    {
        var scope = new ScriptScope { Now = ProgramRun.Now };
        scope.Variables["order"] = ProgramRun.Globals()["order"]!.DeepClone();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var (kind, text) = Result(program, scope);
        return new Outcome(watch.Elapsed, kind, text, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private static (string Kind, string Text) Result(string program, ScriptScope scope)
    {
        try
        {
            var script = Script.Compile(program, WorkflowNames.Instance);
            var value = script.Evaluate(new Evaluation(scope, ScriptLimits.Default, ShopTime.China));
            foreach (var kept in scope.Variables.Values)
                RefuseHostObjects(kept);
            RefuseHostObjects(value);
            return ("value", Short(value?.ToJsonString() ?? "null"));
        }
        catch (ExpressionError error)
        {
            return (error.Message.Contains("上限", StringComparison.Ordinal) || error.Message.Contains("超过", StringComparison.Ordinal) ? "limit" : "error", error.Message);
        }
        catch (Exception bug)
        {
            return ("bug", bug.ToString());
        }
    }

    /// <summary>Only texts, numbers and flags may be in a result, never another object in the shape of a JSON value.</summary>
    private static void RefuseHostObjects(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, value) in members)
                    RefuseHostObjects(value);
                break;
            case JsonArray items:
                foreach (var item in items)
                    RefuseHostObjects(item);
                break;
            case JsonValue scalar:
                Assert.True(scalar.GetValueKind() is System.Text.Json.JsonValueKind.String or System.Text.Json.JsonValueKind.Number or System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False, $"host object {scalar.GetValueKind()}");
                break;
        }
    }

    private static string Short(string text) => text.Length <= 160 ? text : text[..160] + "…";
}
