using System.Globalization;
using System.Text.Json;

namespace Workflows.Engine.Tests.Expressions.JavaScript.Library;

/// <summary>Thousands of made-up dates against Node, more than a table could hold. Seeded: what fails once fails again.</summary>
public sealed class DateSweepTests
{
    private const string Date = "\"§global Date\"";

    private static readonly string[] Texts =
    [
        "2026-11-22", "2026-11-22T10:00:00.123Z", "2026-11-22T10:00+08:00", "2026/11/22 10:00:00", "Nov 22, 2026 10:00 PM", "22 November 2026 1:02:03.4",
        "Sun Nov 22 2026 10:00:00 GMT+0800 (China Standard Time)", "Sun, 22 Nov 2026 02:00:00 GMT", "11/22/26 12:30 am", "+012026-01-01T00:00:00Z", "1 2 3 4:5:6 EST",
    ];

    [Fact]
    public Task Texts_with_letters_changed_are_read_as_Node_reads_them()
    {
        const string letters = "0123456789:-+/. ,TZ()apmGMTNov";
        var random = new Random(20261122);
        var calls = Enumerable.Range(0, 4000).Select(_ =>
        {
            var text = Texts[random.Next(Texts.Length)];
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                var at = random.Next(text.Length);
                var letter = letters[random.Next(letters.Length)].ToString();
                text = text[..at] + (random.Next(3) == 0 ? "" : letter) + text[(at + random.Next(2))..];
            }

            return (Date, "parse", JsonSerializer.Serialize(new[] { text }));
        });

        return CompareAsync(calls);
    }

    [Fact]
    public Task Local_times_become_the_moments_Node_makes_of_them()
    {
        var random = new Random(1986);
        var calls = Enumerable.Range(0, 3000).Select(_ =>
        {
            var year = random.Next(2) == 0 ? random.Next(1800, 2200) : random.Next(1985, 1993);
            return (Date, "new", JsonSerializer.Serialize(new[] { year, random.Next(-3, 15), random.Next(-40, 70), random.Next(-30, 60), random.Next(-90, 150), random.Next(100), random.Next(1500) }));
        });

        return CompareAsync(calls);
    }

    [Theory]
    [InlineData("toString")]
    [InlineData("toISOString")]
    [InlineData("getTimezoneOffset")]
    public Task Moments_are_shown_as_Node_shows_them(string method)
    {
        var random = new Random(method.Length);
        var calls = Enumerable.Range(0, 2000).Select(i =>
        {
            var time = Math.Round(((random.NextDouble() * 2) - 1) * (i % 2 == 0 ? 8.6e15 : 3e12));
            return ($"\"§Date {time.ToString(CultureInfo.InvariantCulture)}\"", method, "[]");
        });

        return CompareAsync(calls);
    }

    [Theory]
    [InlineData("setMonth")]
    [InlineData("setDate")]
    [InlineData("setHours")]
    [InlineData("setUTCMinutes")]
    public Task Dates_are_changed_as_Node_changes_them(string method)
    {
        var random = new Random(method.Length);
        var calls = Enumerable.Range(0, 500).Select(_ =>
            ($"\"§Date {Math.Round((random.NextDouble() * 4e12) - 1e12).ToString(CultureInfo.InvariantCulture)}\"", method, JsonSerializer.Serialize(new[] { random.Next(-40, 80), random.Next(-40, 80) })));

        return CompareAsync(calls);
    }

    private static async Task CompareAsync(IEnumerable<(string Self, string Method, string Arguments)> made)
    {
        var calls = made.ToList();

        var answers = await NodeOracle.AnswersAsync(calls);

        Assert.Equal(calls.Zip(answers, (c, answer) => $"{c} => {answer}"), calls.Select(c => $"{c} => {LibraryCall.Run(c.Self, c.Method, c.Arguments)}"));
    }
}
