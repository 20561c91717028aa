using FsCheck;
using FsCheck.Fluent;

namespace Workflows.Engine.Tests.Model;

/// <summary>
/// Thousands of generated flowcharts run on the interpreter and on <see cref="ReferenceModel"/>, and must tell the same story
/// event by event. WORKFLOWS_MODEL_CASES raises the number for long runs, WORKFLOWS_MODEL_SEED moves to other cases.
/// </summary>
public sealed class FlowchartModelTests(ITestOutputHelper output)
{
    private static readonly string[] JoinModes = ["WaitAll", "WaitAny", "WaitAllActive"];
    private static readonly string[] MergeModes = ["merge None", "merge Stream", "merge Merge", "merge Converge", "merge Cascade", "merge Race"];

    private static readonly string[] Places = ["in a loop", "not in a loop"];

    private static int Cases => int.TryParse(Environment.GetEnvironmentVariable("WORKFLOWS_MODEL_CASES"), out var cases) ? cases : 5_000;

    private static ulong Seed => ulong.TryParse(Environment.GetEnvironmentVariable("WORKFLOWS_MODEL_SEED"), out var seed) ? seed : 20260302;

    [Fact]
    public void Generated_flowcharts_run_as_the_model_says_in_counter_mode() => Run(tokens: false, JoinModes);

    [Fact]
    public void Generated_flowcharts_run_as_the_model_says_in_token_mode() => Run(tokens: true, [.. JoinModes, .. MergeModes]);

    private void Run(bool tokens, string[] modes)
    {
        var coverage = new ChartCoverage();
        var exploded = 0;
        var charts = Gen.Sized(size => Gen.Choose(0, int.MaxValue - 1).Select(seed => ChartGenerator.Make(seed, size, tokens)));
        var property = Prop.ForAll(Arb.From(charts, ChartShrinker.Shrink), chart =>
        {
            if (ChartComparison.Compare(chart) is { } events)
                coverage.Add(chart, events);
            else
                exploded++;
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithReplay(Seed, 7), property);

        output.WriteLine($"{Cases} cases from seed {Seed}, {exploded} left out because they grow without end\n{coverage}");
        Assert.True(exploded <= Cases / 50, $"{exploded} of {Cases} cases explode");
        foreach (var key in from kind in Enum.GetValues<NodeKind>() from mode in modes from loop in Places select ChartCoverage.Key(kind, mode, loop))
            Assert.True(coverage.Count(key) >= Cases / 50, $"only {coverage.Count(key)} cases have {key}");
    }
}
