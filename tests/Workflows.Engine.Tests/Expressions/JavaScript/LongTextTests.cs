using System.Diagnostics;
using Workflows.Engine.Expressions.JavaScript;

namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>Texts of millions of letters: comparing them or looking one up takes long, so each time counts.</summary>
public sealed class LongTextTests
{
    private const string Long = "let a = 'x'; for (let i = 0; i < 21; i++) a += a; const b = a + 'y', c = a + 'z', o = {}; o[b] = 1; let n = 0; ";

    [Theory]
    [InlineData("for (;;) if (b === c) n++;")]
    [InlineData("for (;;) if (b !== c) n++;")]
    [InlineData("for (;;) if (b == c) n++;")]
    [InlineData("for (;;) if (b < c) n++;")]
    [InlineData("for (;;) switch (b) { case c: n++; }")]
    [InlineData("for (;;) if (o[c]) n++;")]
    [InlineData("for (;;) if (c in o) n++;")]
    [InlineData("for (;;) if (o[a + 'y']) n++;")]
    [InlineData("for (;;) if ((a + 'y')[5]) n++;")]
    [InlineData("for (;;) if ((a + 'y')['5']) n++;")]
    [InlineData("for (;;) o[a + 'y'] = n++;")]
    [InlineData("for (;;) if ([b].includes(c)) n++;")]
    [InlineData("for (;;) if (new Set([b]).has(c)) n++;")]
    [InlineData("for (;;) if (Object.is(b, c)) n++;")]
    [InlineData("for (;;) if (Object.hasOwn(o, c)) n++;")]
    [InlineData("for (;;) if (Number(a + 'y')) n++;")]
    [InlineData("for (;;) if (+(a + 'y')) n++;")]
    [InlineData("for (;;) if (`${a + 'y'}`) n++;")]
    [InlineData("for (;;) if ((a + 'y').indexOf('q') > 0) n++;")]
    [InlineData("for (;;) if ((a + 'y').startsWith('q')) n++;")]
    [InlineData("for (;;) if ((a + 'y').charCodeAt(5) === 1) n++;")]
    [InlineData("for (;;) if ((a + 'y').slice(0, 1) === 'q') n++;")]
    [InlineData("for (;;) if (isNaN(Date.parse(a + 'y'))) n++;")]
    public void A_loop_over_long_texts_ends_in_time(string loop)
    {
        ProgramRun.Answer("1 + 1");
        var watch = Stopwatch.StartNew();

        var answer = ProgramRun.Answer(Long + loop, ScriptLimits.Default);

        Assert.StartsWith("limit:", answer, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 3);
    }
}
