namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>
/// The programs of the folder Probes, one a line (a line that begins with two blanks belongs to the one before), give what
/// Node gives.
/// </summary>
public sealed class ProbeTests(NodeProcess node) : IClassFixture<NodeProcess>
{
    public static TheoryData<string> Subjects => [.. Directory.GetFiles(Path.Combine(ProgramRun.Folder, "Probes"), "*.js").Select(f => Path.GetFileNameWithoutExtension(f)).Order()];

    [Theory]
    [MemberData(nameof(Subjects))]
    public async Task Probe_programs_give_what_Node_gives(string subject)
    {
        var programs = Programs(subject);

        var expected = await node.AnswersAsync(programs);

        var differences = programs.Zip(expected)
            .Select(p => (Text: p.First, Node: p.Second, Ours: ProgramRun.Answer(p.First)))
            .Where(p => p.Node != p.Ours)
            .Select(p => $"{p.Text}\n  Node: {p.Node}\n  ours: {p.Ours}")
            .ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} of {programs.Count}\n{string.Join("\n", differences)}");
    }

    [Fact]
    public void There_are_at_least_450_probe_programs() => Assert.InRange(Subjects.Sum(s => Programs(s).Count), 450, int.MaxValue);

    private static List<string> Programs(string subject)
    {
        List<string> programs = [];
        foreach (var line in File.ReadLines(Path.Combine(ProgramRun.Folder, "Probes", subject + ".js")))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
                programs[^1] += "\n" + line;
            else if (line.Length > 0)
                programs.Add(line);
        }

        return programs;
    }
}
