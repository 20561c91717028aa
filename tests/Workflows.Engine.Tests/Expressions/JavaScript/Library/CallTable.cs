namespace Workflows.Engine.Tests.Expressions.JavaScript.Library;

/// <summary>Calls and what they give, one a line: self, method, arguments, with " ~ " between, then " => " and the result.</summary>
internal static class CallTable
{
    public static IEnumerable<TheoryDataRow<string>> Rows(string table) =>
        table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => new TheoryDataRow<string>(line));

    public static (string Self, string Method, string Arguments, string Expected) Parse(string line)
    {
        var parts = line.Split(" => ", 2);
        var words = parts[0].Split(" ~ ");
        return (words[0], words[1], words[2], parts[1]);
    }

    public static void Check(string line)
    {
        var (self, method, arguments, expected) = Parse(line);

        Assert.Equal(expected, LibraryCall.Run(self, method, arguments));
    }

    /// <summary>Whether a whole table says what Node says.</summary>
    public static async Task CompareWithNodeAsync(string table, string language = "en_US.UTF-8")
    {
        var calls = Rows(table).Select(row => Parse(row.Data)).ToList();

        var answers = await NodeOracle.AnswersAsync(calls.Select(c => (c.Self, c.Method, c.Arguments)), language);

        Assert.Equal(calls.Select((c, i) => $"{c.Self} {c.Method} {c.Arguments} => {answers[i]}"), calls.Select(c => $"{c.Self} {c.Method} {c.Arguments} => {c.Expected}"));
    }
}
