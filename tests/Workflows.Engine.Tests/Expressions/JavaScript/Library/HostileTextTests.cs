using Workflows.Engine.Expressions.JavaScript;

namespace Workflows.Engine.Tests.Expressions.JavaScript.Library;

/// <summary>Scripts that ask the built-ins for too much work or memory, and patterns that other engines hang on.</summary>
public sealed class HostileTextTests
{
    [Theory]
    [InlineData("'x'.repeat(20000000)", "内存上限")]
    [InlineData("'x'.padStart(20000000)", "内存上限")]
    [InlineData("'x'.repeat(10000000).split('')", "内存上限")]
    [InlineData("let s = 'a'; for (;;) s += s", "内存上限")]
    [InlineData("'ab'.repeat(1000000).replaceAll('b', 'xyz'.repeat(1000))", "内存上限")]
    [InlineData("'a'.repeat(100000).replace(/a/g, m => 'b'.repeat(100000))", "内存上限")]
    [InlineData("'a'.repeat(1000000).replace(/./g, \"$'\")", "内存上限")]
    [InlineData("'x'.concat(...Array(1000).fill('y'.repeat(100000)))", "内存上限")]
    [InlineData("const a = []; for (;;) a.push('x'.repeat(1000).toUpperCase())", "内存上限")]
    [InlineData("let s = '中'.repeat(1000); for (;;) s = encodeURIComponent(s)", "内存上限")]
    [InlineData("let s = 'x'; for (;;) s = JSON.stringify([s, s])", "内存上限")]
    [InlineData("JSON.stringify(Array(100000).fill(0).map(() => [[1]]), null, 'xxxxxxxxxx').repeat(10)", "内存上限")]
    [InlineData("let o = [1]; for (let i = 0; i < 40; i++) o = [o, o]; JSON.stringify(o)", "上限")]
    [InlineData("JSON.parse('['.repeat(100000))", "64 层")]
    [InlineData("let o = {}, c = o; for (let i = 0; i < 1000; i++) { c.a = {}; c = c.a; } JSON.stringify(o)", "200 层")]
    [InlineData("JSON.stringify({ toJSON() { return this.toJSON(); } })", "调用深度")]
    [InlineData("const o = { toJSON() { return { a: o }; } }; JSON.stringify(o)", "200 层")]
    [InlineData("/(\\w+)\\1{5}z/.test('a'.repeat(5000))", "正则表达式时间上限")]
    [InlineData("/^(?:(a+)\\1*)*b/.test('a'.repeat(5000))", "正则表达式时间上限")]
    [InlineData("try { /(a+)\\1*b/.test('a'.repeat(20000)) } catch (e) { 'caught' } finally { 'seen' }", "正则表达式时间上限")]
    public void Asking_for_too_much_ends_with_the_name_of_the_limit(string script, string limit)
    {
        var refusal = ScriptTable.Refusal(script, ScriptLimits.Default with { Time = TimeSpan.FromSeconds(20) });

        Assert.Contains(limit, refusal);
    }

    [Theory]
    [InlineData("/^(a|a)*$/.test('a'.repeat(2000) + 'b')", "false")]
    [InlineData("/(a+)+b/.test('a'.repeat(2000))", "false")]
    [InlineData("/(a*)*b/.test('a'.repeat(2000))", "false")]
    [InlineData("/^(?:a|aa)+(b)?(c)$/.exec('a'.repeat(60) + 'c').slice(1)", "[undefined,\"c\"]")]
    [InlineData("/^(\\w+\\s?)*$/.test('word '.repeat(50) + '!')", "false")]
    [InlineData("/(?:x+x+)+y/.exec('x'.repeat(500) + 'y').index", "0")]
    [InlineData("/^(([a-z])+.)+[A-Z]([a-z])+$/.test('a'.repeat(2000))", "false")]
    [InlineData("/(?:(?:a?){30}){30}a{30}/.test('a'.repeat(30))", "true")]
    [InlineData("/(?:a{1,30}){1,30}b/.test('a'.repeat(100))", "false")]
    [InlineData("/.*.*.*.*=x/.test('a'.repeat(2000))", "false")]
    [InlineData("new RegExp('(?:'.repeat(90) + 'a' + '){2}'.repeat(90)).test('a'.repeat(50))", "false")]
    [InlineData("new RegExp('(?:a'.repeat(90) + ')*'.repeat(90)).test('a'.repeat(50) + 'b')", "true")]
    [InlineData("new RegExp('('.repeat(101) + ')'.repeat(101))", "throws SyntaxError")]
    [InlineData("new RegExp('a'.repeat(2001))", "throws SyntaxError")]
    [InlineData("'x'.repeat(2 ** 40)", "throws RangeError")]
    [InlineData("'x'.padEnd(2 ** 30)", "throws RangeError")]
    [InlineData("'a'.repeat(1000000).lastIndexOf('b' + 'a'.repeat(300000))", "-1")]
    [InlineData("'a'.repeat(1000000).indexOf('a'.repeat(300000) + 'b')", "-1")]
    [InlineData("'a'.repeat(1000000).split('a'.repeat(1000) + 'b').length", "1")]
    [InlineData("('a'.repeat(1000) + 'b').repeat(3).lastIndexOf('a'.repeat(900) + 'b')", "2102")]
    [InlineData("Number('9'.repeat(1000000))", "Infinity")]
    [InlineData("Number('0.' + '0'.repeat(100000) + '1e100001')", "1")]
    [InlineData("/(?<=a*)b/.test('a'.repeat(100000))", "false")]
    public void Patterns_and_texts_that_hang_others_are_answered(string script, string expected) => Assert.Equal(expected, ScriptTable.Run(script));

    [Fact]
    public void A_pattern_that_is_not_valid_is_refused_with_its_place_before_anything_runs()
    {
        Assert.Equal("第 2 行第 3 列：正则表达式 /a(b/ 无效：缺少右括号 (invalid regular expression: unterminated group)", Beginning("1 +\n  /a(b/.test('x')"));
        Assert.StartsWith("第 1 行第 1 列：正则表达式 /\\p{Nope}/ 无效：不支持的字符属性“Nope”", Beginning("/\\p{Nope}/u"), StringComparison.Ordinal);
    }

    private static string Beginning(string script) => ScriptTable.Refusal(script)!.Split('；')[0];
}
