namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>Made-up programs give what Node gives.</summary>
public sealed class GeneratedProgramTests(NodeProcess node) : IClassFixture<NodeProcess>
{
    private const int Seed = 3_000_000;

    private const int Count = 20_000;

    [Fact]
    public async Task Twenty_thousand_generated_programs_give_what_Node_gives()
    {
        var programs = Enumerable.Range(Seed, Count).Select(ProgramGenerator.Program).ToList();

        var expected = await node.AnswersAsync(programs, shared: true);

        var differences = programs
            .Select((text, i) => (Seed: Seed + i, Text: text, Node: expected[i], Ours: ProgramRun.Answer(text)))
            .Where(p => p.Node != p.Ours)
            .Select(p => $"seed {p.Seed}: {p.Text}\n  Node: {p.Node}\n  ours: {p.Ours}")
            .ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} of {Count} differ\n{string.Join("\n", differences.Take(60))}");
        Assert.True(expected.Count(e => e.StartsWith("error:", StringComparison.Ordinal)) < Count / 5, "too many programs end in an error");
    }
}
