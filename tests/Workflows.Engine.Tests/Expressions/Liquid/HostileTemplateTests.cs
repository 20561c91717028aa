using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.Liquid;

namespace Workflows.Engine.Tests.Expressions.Liquid;

/// <summary>
/// Templates written to hang the engine or fill its memory: each ends in time and says which limit it met. On a busy machine
/// the limit on time may be met before the one that is named here.
/// </summary>
public sealed class HostileTemplateTests
{
    private const string Time = "limit on time";
    private const string Steps = "limit on steps";
    private const string Memory = "limit on memory";
    private const string Output = "limit on output length";
    private const string Depth = "limit on depth of nested data";
    private const string Tags = "limit on nested tags";
    private const string Brackets = "limit on nested brackets";

    // Made of parts, for the sources of bombs are short and the bombs are not.
    private const string Doubling = "{% assign s = 'aaaaaaaaaa' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}";
    private const string Million = "{% assign m = 'aaaaaaaaaa' %}{% for i in (1..17) %}{% assign m = m | append: m %}{% endfor %}";

    private static readonly JsonObject Data = new()
    {
        ["text"] = new string('x', 200_000),
        ["angles"] = new string('<', 200_000),
        ["scripts"] = string.Concat(Enumerable.Repeat("<script", 30_000)),
        ["amps"] = string.Concat(Enumerable.Repeat("&amp;", 40_000)),
        ["spaces"] = new string(' ', 200_000) + "x",
        ["digits"] = new string('9', 200_000),
        ["list"] = new JsonArray([.. Enumerable.Range(0, 5_000).Select(i => new JsonObject { ["n"] = i % 97, ["t"] = new string('y', 100) + i })]),
        ["same"] = new JsonArray([.. Enumerable.Range(0, 2_000).Select(i => (JsonNode)(new string('z', 2_000) + i % 7))]),
        ["deep"] = Enumerable.Range(0, 60).Aggregate((JsonNode)new JsonArray(1), (inner, _) => new JsonArray(inner)),
    };

    public static TheoryData<string, string> Endless => new()
    {
        { "{% for i in (1..1000000000) %}{% endfor %}", Steps },
        { "{% for i in (1..1000000000) %}x{% endfor %}", Steps },
        { "{% for i in (1..99999999999999999999) %}{% endfor %}", Steps },
        { "{% for i in (-99999999999..99999999999) %}{% endfor %}", Steps },
        { "{% for i in (1..1000) %}{% for j in (1..1000) %}{% for k in (1..1000) %}{% endfor %}{% endfor %}{% endfor %}", Steps },
        { "{% for a in (1..99) %}{% for b in (1..99) %}{% for c in (1..99) %}{% for d in (1..99) %}{{ d }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}", Steps },
        { "{% for i in (1..1000000000) reversed %}{% endfor %}", Steps },
        { "{% for i in (1..1000000000) limit: 500000000 offset: 400000 %}{% endfor %}", Steps },
        { "{% for i in (1..1000000) %}{% continue %}{% endfor %}", Steps },
        { "{% for i in (1..1000000) %}{% if i > 5 %}{% endif %}{% endfor %}", Steps },
        { "{% for i in (1..1000000) %}{% cycle 'a', 'b' %}{% endfor %}", Steps },
        { "{% for i in (1..1000000) %}{% increment n %}{% endfor %}", Steps },
        { "{% for i in (1..1000000) %}{% case i %}{% when 1, 2, 3, 4, 5 %}{% endcase %}{% endfor %}", Steps },
        { "{% tablerow i in (1..1000000000) cols: 3 %}{% endtablerow %}", Output },
        { "{{ (1..1000000000) }}", Steps },
        { "{{ (1..1000000000) | size | plus: 1 }}{{ (1..1000000000) | join }}", Memory },
        { "{{ (1..1000000000) | reverse }}", Memory },
        { "{{ (1..1000000000) | sort | last }}", Memory },
        { "{{ (1..300000) | json }}", Steps },
        { "{{ (1..300000) | join: ',' }}", Steps },
        { "{{ (1..300000) | sum }}", Steps },
        { "{{ (1..300000) | uniq | size }}", Steps },
        { "{{ (1..300000) | map: 'x' | size }}", Steps },
        { "{{ (1..300000) | where: 'x' | size }}", Steps },
        { "{{ (1..300000) | concat: list | size }}", Steps },
        { "{{ (1..300000) | slice: 0, 900000 | size }}", Steps },
        { "{% assign x = (1..300000) | reverse %}{{ x }}", Steps },
        { "{% if (1..1000000000) contains 0 %}{% endif %}", Steps },
        { "{% if (1..1000000000) == (1..1000000000) %}{% endif %}", Steps },
        { "{% for i in (1..100000) %}{{ list | sort: 'n' | size }}{% endfor %}", Steps },
        { "{% for i in (1..100000) %}{{ list | group_by: 't' | size }}{% endfor %}", Steps },
        { "{% for i in (1..100000) %}{{ list | where: 't', 'q' | size }}{% endfor %}", Steps },
        { "{% for i in (1..100000) %}{{ same | sort | first | size }}{{ same | uniq | size }}{% endfor %}", Steps },
        { "{% for i in (1..100000) %}{{ list | sum: 'n' }}{% endfor %}", Steps },
        { "{% for i in (1..100000) %}{% if text contains 'xy' %}{% endif %}{% endfor %}", Steps },
        { "{% for i in (1..100000) %}{% if same contains 'zz' %}{% endif %}{% endfor %}", Steps },
        { "{% for i in (1..100000) %}{% if list == list %}{% endif %}{% endfor %}", Steps },
        { "{% for i in (1..100000) %}{{ text | replace_first: 'xy', '' | size }}{% endfor %}", Steps },
        { "{% for i in (1..100000) %}{% assign c = text | remove: 'q' %}{% endfor %}", Steps },
        { Doubling, Memory },
        { Doubling + "{{ s }}", Memory },
        { "{% assign s = 'a' %}{% for i in (1..60) %}{% assign s = s | prepend: s %}{% endfor %}", Memory },
        { "{% assign s = 'ab' %}{% for i in (1..60) %}{% assign s = s | replace: 'a', s %}{% endfor %}", Memory },
        { "{% assign s = 'ab' %}{% for i in (1..60) %}{% assign s = s | replace: '', s %}{% endfor %}", Memory },
        { "{% assign s = 'ab' %}{% for i in (1..60) %}{% assign s = s | split: '' | join: s %}{% endfor %}", Memory },
        { "{% assign s = 'ab' %}{% for i in (1..60) %}{% assign s = s | json %}{% assign s = s | append: s %}{% endfor %}", Memory },
        { "{% assign s = '<&>' %}{% for i in (1..60) %}{% assign s = s | escape %}{% endfor %}{% for i in (1..40) %}{% assign s = s | append: s | escape %}{% endfor %}", Memory },
        { "{% capture s %}aaaaaaaa{% endcapture %}{% for i in (1..60) %}{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}", Output },
        { "{% assign l = 'a' | split: ',' %}{% for i in (1..60) %}{% assign l = l | concat: l %}{% endfor %}", Steps },
        { "{% assign l = 'a,b' | split: ',' %}{% for i in (1..50) %}{% assign l = l | push: l %}{% endfor %}{{ l }}", Steps },
        { "{% assign l = 'a,b' | split: ',' %}{% for i in (1..50) %}{% assign l = l | push: l %}{% endfor %}{{ l | json }}", Steps },
        { "{% assign l = 'a,b' | split: ',' %}{% for i in (1..50) %}{% assign l = l | push: l %}{% endfor %}{% assign k = l | push: 1 | pop %}{% if l == k %}{% endif %}", Steps },
        { "{% assign l = 'a' | split: ',' %}{% for i in (1..5000) %}{% assign l = l | slice: 0, 1 | unshift: l %}{% endfor %}{{ l }}", Depth },
        { "{% assign l = 'a' | split: ',' %}{% for i in (1..500) %}{% assign l = '' | split: ',' | push: l %}{% endfor %}{{ l }}", Depth },
        { "{% assign l = 'a' | split: ',' %}{% for i in (1..500) %}{% assign l = '' | split: ',' | push: l %}{% endfor %}{{ l | json }}", Depth },
        { "{% assign l = 'a' | split: ',' %}{% for i in (1..500) %}{% assign l = l | group_by: 'x' %}{% endfor %}{{ l | json }}", Depth },
        { "{% assign l = deep %}{% for i in (1..20) %}{% assign l = '' | split: ',' | push: l %}{% endfor %}{{ l }}", Depth },
        { Million + "{% for i in (1..100) %}{{ m }}{% endfor %}", Output },
        { Million + "{% for i in (1..100000) %}{% assign c = m | upcase %}{% endfor %}", Memory },
        { Million + "{% for i in (1..100000) %}{% assign c = m | split: '' %}{% endfor %}", Memory },
        { Million + "{% for i in (1..100000) %}{% assign c = m | slice: 0, 1000000 %}{% endfor %}", Memory },
        { Million + "{% for i in (1..100000) %}{% assign c = m | truncate: 999999 %}{% endfor %}", Memory },
        { Million + "{% for i in (1..100000) %}{% assign c = m | url_encode %}{% endfor %}", Memory },
        { Million + "{% for i in (1..100000) %}{% assign c = m | base64 %}{% endfor %}", Memory },
        { Million + "{% for i in (1..100000) %}{% assign c = m | mask %}{% endfor %}", Memory },
        { Million + "{% for i in (1..100000) %}{% assign c = m | strip: m %}{% endfor %}", Steps },
        { Million + "{% for i in (1..100000) %}{% assign c = m | times: m %}{% endfor %}{% for i in (1..1000000) %}{% endfor %}", Steps },
        { Million + "{% for i in (1..100000) %}{% assign c = 0 | date: m %}{% endfor %}", Memory },
        { "{% for i in (1..100000) %}{{ angles | strip_html | size }}{% endfor %}", Memory },
        { "{% for i in (1..100000) %}{{ scripts | strip_html | size }}{% endfor %}", Memory },
        { "{% for i in (1..100000) %}{{ amps | escape_once | size }}{% endfor %}", Memory },
        { "{% for i in (1..100000) %}{{ spaces | strip | truncatewords: 2 }}{{ spaces | truncatewords: 5 }}{% endfor %}", Steps },
        { "{% for i in (1..100000) %}{{ digits | plus: digits }}{{ digits | money }}{% endfor %}", "不是金额" },
        { "{% for i in (1..100000) %}{{ list }}{% endfor %}", Output },
        { "{% for i in (1..100000) %}{{ 0 | date: '%99999999Y%99999999d%99999999H' }}{% endfor %}", Output },
    };

    public static TheoryData<string, string> Nested => new()
    {
        { Repeat("{% if true %}", 5_000), Tags },
        { Repeat("{% for i in a %}", 5_000), Tags },
        { Repeat("{% capture a %}", 5_000), Tags },
        { Repeat("{% case a %}", 5_000), Tags },
        { "{{ " + Repeat("a[", 5_000) + " }}", Brackets },
        { "{{ " + Repeat("(", 5_000) + " }}", Brackets },
        { "{% for i in " + Repeat("(1..", 5_000) + " %}", Brackets },
        { "{{ a" + Repeat("[a", 5_000) + Repeat("]", 5_000) + " }}", Brackets },
        { Repeat("{% liquid\nif a\n", 5_000), "not closed" },
        { Repeat("{{", 100_000), "not closed" },
        { Repeat("{% raw %}", 50_000), "not closed" },
        { Repeat("{% comment %}{%", 30_000), "not closed" },
        { "{% raw %}" + Repeat("{% endraw", 50_000), "not closed" },
        { "{{ '" + Repeat("\\'", 100_000), "not closed" },
        { new string('a', 600_000), "longer than" },
    };

    [Theory]
    [MemberData(nameof(Endless))]
    public void A_template_that_would_run_on_ends_in_time_and_names_the_limit(string template, string limit)
    {
        var parsed = LiquidTemplate.Parse(template);

        Ends(() => parsed.Render(Data), limit);
    }

    [Theory]
    [MemberData(nameof(Nested))]
    public void A_template_that_cannot_be_read_is_refused_in_time(string template, string problem)
    {
        Ends(() => LiquidTemplate.Parse(template), problem);
    }

    [Theory]
    [InlineData(5_000, "{{ a", " | append: 'b'", " }}")]
    [InlineData(5_000, "{% if a", " and b or c", " %}{% endif %}")]
    [InlineData(5_000, "{% if ", "not ", "a %}{% endif %}")]
    [InlineData(5_000, "{{ a", ".b", " }}")]
    [InlineData(5_000, "{{ a | default: ", "a, b: ", "c }}")]
    [InlineData(5_000, "", "{% if a %}x{% elsif b %}y{% endif %}", "")]
    [InlineData(5_000, "{% if a %}", "{% elsif b %}y", "{% endif %}")]
    [InlineData(5_000, "{% case a %}", "{% when b, c %}y", "{% endcase %}")]
    public void A_very_long_template_is_walked_and_not_nested(int times, string before, string part, string after)
    {
        var template = before + Repeat(part, times) + after;

        Ends(() =>
        {
            try
            {
                LiquidTemplate.Parse(template).Render(new JsonObject());
            }
            catch (ExpressionError error) when (error.Message.Contains("takes", StringComparison.Ordinal) || error.Message.Contains("limit", StringComparison.Ordinal))
            {
                // A limit is as good an end as any.
            }

            throw new ExpressionError("ended");
        }, "ended");
    }

    [Fact]
    public void Time_is_a_limit_of_its_own()
    {
        var options = new LiquidOptions { Timer = new LeapingTimer(), Limits = new LiquidLimits { Steps = long.MaxValue } };

        Ends(() => LiquidTemplate.Parse("{% for i in (1..1000000000) %}{% endfor %}").Render([], options), "limit on time in milliseconds, 250");
    }

    [Fact]
    public void A_limit_is_named_in_Chinese_with_the_place()
    {
        var error = Assert.Throws<ExpressionError>(() => LiquidTemplate.Parse("您好\n{{ (1..1000000000) | join }}").Render([]));

        Assert.StartsWith("第 2 行第 ", error.Message, StringComparison.Ordinal);
        Assert.Contains("模板超出限制：内存（字符数）不得超过 8000000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_is_back_after_all_of_them()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var row in Endless)
            Assert.Throws<ExpressionError>(() => LiquidTemplate.Parse(row.Data.Item1).Render(Data));
        var after = GC.GetTotalMemory(forceFullCollection: true);

        Assert.True(after - before < 50_000_000, $"{(after - before) / 1_000_000} MB are still held");
    }

    /// <summary>Within twice the limit on time; the best of five, for the machine may be busy with something else.</summary>
    private static void Ends(Action action, string words)
    {
        var allowed = 2 * LiquidLimits.Default.Time;
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 5 && best > allowed; i++)
        {
            var watch = Stopwatch.StartNew();
            var error = Assert.Throws<ExpressionError>(action);
            best = watch.Elapsed < best ? watch.Elapsed : best;
            Assert.Contains(error.Message.Contains(Time, StringComparison.Ordinal) ? Time : words, error.Message, StringComparison.Ordinal);
        }

        Assert.True(best <= allowed, $"took {best.TotalMilliseconds:F0} ms");
    }

    private static string Repeat(string part, int times) => new StringBuilder(part.Length * times).Insert(0, part, times).ToString();

    /// <summary>A clock on which a tenth of a second passes between two looks.</summary>
    private sealed class LeapingTimer : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => _now += 100;
    }
}
