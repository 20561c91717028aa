using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.Liquid;

namespace Workflows.Engine.Tests.Expressions.Liquid;

/// <summary>What liquidjs cannot be asked: our own filters, errors, escaping, exactness, the clock.</summary>
public sealed class LiquidTemplateTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 1, 5, 7, TimeSpan.Zero);

    [Theory]
    [InlineData("1234.5", "{{ v | money }}", "¥1,234.50")]
    [InlineData("1.005", "{{ v | money }}", "¥1.01")]
    [InlineData("2.675", "{{ v | money }}", "¥2.68")]
    [InlineData("-0.005", "{{ v | money }}", "-¥0.01")]
    [InlineData("-0.001", "{{ v | money }}", "¥0.00")]
    [InlineData("-1234567.891", "{{ v | money }}", "-¥1,234,567.89")]
    [InlineData("0", "{{ v | money }}", "¥0.00")]
    [InlineData("\"88.8\"", "{{ v | money }}", "¥88.80")]
    [InlineData("9007199254740993.07", "{{ v | money }}", "¥9,007,199,254,740,993.07")]
    [InlineData("1234.5", "{{ v | money: 'USD' }}", "US$1,234.50")]
    [InlineData("1234.5", "{{ v | money: 'jpy' }}", "JP¥1,235")]
    [InlineData("1234.5", "{{ v | money: 'CHF' }}", "CHF 1,234.50")]
    [InlineData("1234.5678", "{{ v | money: 'CNY', 0 }}", "¥1,235")]
    [InlineData("1234.5678", "{{ v | money: 'CNY', 3 }}", "¥1,234.568")]
    [InlineData("null", "{{ v | money }}", "")]
    [InlineData("\" \"", "{{ v | money }}", "")]
    [InlineData("0.1", "{{ v | plus: 0.2 | times: 3 | money }}", "¥0.90")]
    [InlineData("1.15", "{{ v | times: 3 }}", "3.45")]
    [InlineData("10", "{{ v | divided_by: 3 | times: 3 }}", "10")]
    [InlineData("0.0000001", "{{ v }}", "0.0000001")]
    [InlineData("1e30", "{{ v }}", "1e+30")]
    [InlineData("1.10", "{{ v }}", "1.1")]
    [InlineData("12345678901234567890", "{{ v }}", "12345678901234567890")]
    public void Money_and_sums_are_exact(string json, string template, string text) =>
        Assert.Equal(text, Render(template, $$"""{"v":{{json}}}"""));

    [Theory]
    [InlineData("{{ '13812341234' | mask }}", "138****1234")]
    [InlineData("{{ 13812341234 | mask }}", "138****1234")]
    [InlineData("{{ '张三' | mask: 1, 0 }}", "张*")]
    [InlineData("{{ '王小明' | mask: 1, 1 }}", "王*明")]
    [InlineData("{{ '张三' | mask }}", "张*")]
    [InlineData("{{ '12345678' | mask }}", "1*******")]
    [InlineData("{{ '😀😀😀' | mask: 1, 0 }}", "😀**")]
    [InlineData("{{ 'x' | mask }}", "*")]
    [InlineData("{{ '' | mask }}{{ nil | mask }}", "")]
    [InlineData("{{ 'user@example.com' | mask: 2, 4 }}", "us**********.com")]
    public void A_mask_hides_at_least_a_third(string template, string text) => Assert.Equal(text, Render(template));

    [Theory]
    [InlineData("{{ 'now' | date: '%Y-%m-%d %H:%M' }}", "2026-03-02 09:05")]
    [InlineData("{{ 'today' | date: '%F' }}", "2026-03-02")]
    [InlineData("{{ 'now' | date: '%Y年%m月%d日 %A' }}", "2026年03月02日 星期一")]
    [InlineData("{{ 'now' | date: '%-m月%-d日（%a）%p%-I点' }}", "3月2日（周一）上午9点")]
    [InlineData("{{ 'now' | date: '%B', lang: 'zh' }}", "三月")]
    [InlineData("{{ 'now' | date: '%A %b', lang: 'zh-CN' }}", "星期一 3月")]
    [InlineData("{{ 'now' | date: '%Y年 %A', lang: 'en' }}", "2026年 Monday")]
    [InlineData("{{ 'now' | date: '%A' }}", "Monday")]
    [InlineData("{{ '2026-03-02' | date: '%F %T' }}", "2026-03-02 00:00:00")]
    [InlineData("{{ '2026年3月2日' | date: '%F' }}", "2026-03-02")]
    [InlineData("{{ '2026-03-02T23:30:00Z' | date: '%F %R' }}", "2026-03-03 07:30")]
    [InlineData("{{ '2026-01-01' | date: '%G-W%V' }}", "2026-W01")]
    [InlineData("{{ 'nonsense' | date: '%F' }}", "nonsense")]
    [InlineData("{{ 99999999999999 | date: '%F' }}", "99999999999999")]
    [InlineData("{{ '0001-01-01' | date: '%F' }}{{ '9999-12-31T23:59:59Z' | date: '%F' }}", "0001-01-019999-12-31")]
    public void Dates_are_the_shops_and_Chinese_where_the_format_is(string template, string text) => Assert.Equal(text, Render(template));

    [Fact]
    public void The_word_now_stays_when_nobody_says_what_time_it_is() =>
        Assert.Equal("now", LiquidTemplate.Parse("{{ 'now' | date: '%F' }}").Render([]));

    [Fact]
    public void Another_zone_can_be_the_shops()
    {
        var options = new LiquidOptions { Now = Now, TimeZone = TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(-5), null, null) };

        Assert.Equal("2026-03-01 20:05 -0500", LiquidTemplate.Parse("{{ 'now' | date: '%Y-%m-%d %H:%M %z' }}").Render([], options));
    }

    [Theory]
    [InlineData("{{ html }}", "&lt;b&gt;Tom &amp; &#39;Jerry&#39;&lt;/b&gt;")]
    [InlineData("{{ html | raw }}", "<b>Tom & 'Jerry'</b>")]
    [InlineData("{{ html | raw | append: '<' }}", "&lt;b&gt;Tom &amp; &#39;Jerry&#39;&lt;/b&gt;&lt;")]
    [InlineData("{{ html | escape }}", "&lt;b&gt;Tom &amp; &#39;Jerry&#39;&lt;/b&gt;")]
    [InlineData("{{ html | escape | newline_to_br | raw }}", "&lt;b&gt;Tom &amp; &#39;Jerry&#39;&lt;/b&gt;")]
    [InlineData("{{ html | upcase }}", "&lt;B&gt;TOM &amp; &#39;JERRY&#39;&lt;/B&gt;")]
    [InlineData("<p>{{ o }}</p>", "<p>{&#34;x&#34;:&#34;&lt;&#34;}</p>")]
    [InlineData("{{ list }}{{ list | join }}{{ list | json }}", "&lt;i&gt;&lt;i&gt;[&#34;&lt;i&gt;&#34;]")]
    [InlineData("{% for i in list %}{{ i }}{% endfor %}", "&lt;i&gt;")]
    [InlineData("{% echo html %}", "&lt;b&gt;Tom &amp; &#39;Jerry&#39;&lt;/b&gt;")]
    [InlineData("{% cycle html, 'x' %}", "&lt;b&gt;Tom &amp; &#39;Jerry&#39;&lt;/b&gt;")]
    [InlineData("{% capture c %}<td>{{ list[0] }}</td>{% endcapture %}{{ c }}|{% assign d = c %}{{ d }}", "<td>&lt;i&gt;</td>|<td>&lt;i&gt;</td>")]
    [InlineData("{% capture c %}<td>{{ list[0] }}</td>{% endcapture %}{{ c | append: '' }}", "&lt;td&gt;&amp;lt;i&amp;gt;&lt;/td&gt;")]
    [InlineData("{% assign s = '<script>alert(1)</script>' %}{{ s }}", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("{{ '\\u003cscript\\u003e' }}", "&lt;script&gt;")]
    [InlineData("{{ 'PHNjcmlwdD4=' | base64_decode }}{{ '%3Cscript%3E' | url_decode }}", "&lt;script&gt;&lt;script&gt;")]
    [InlineData("{{ '<<script>script>' | strip_html }}", "script&gt;")]
    [InlineData("{{ 0 | date: '<%Y>' }}{{ 5 | money: '<b>' }}", "&lt;1970&gt;&lt;B&gt; 5.00")]
    [InlineData("{{ '<' | default: 'x' }}{{ nil | default: '<' }}", "&lt;&lt;")]
    [InlineData("{% tablerow i in list %}{{ i }}{% endtablerow %}", "<tr class=\"row1\"><td class=\"col1\">&lt;i&gt;</td></tr>")]
    public void In_html_every_value_is_text_unless_the_template_says_raw(string template, string text)
    {
        var data = JsonNode.Parse("""{"html":"<b>Tom & 'Jerry'</b>","list":["<i>"],"o":{"x":"<"}}""")!.AsObject();

        Assert.Equal(text, LiquidTemplate.Parse(template).Render(data, new LiquidOptions { Escaping = LiquidEscaping.Html }));
    }

    [Theory]
    [InlineData("{{ x | upcas }}", "第 1 行第 8 列：没有过滤器“upcas”，是不是“upcase”？ (line 1, column 8: there is no filter upcas; did you mean upcase?)")]
    [InlineData("您好\n  {% fro i in x %}", "第 2 行第 3 列：没有标签“fro”，是不是“for”？ (line 2, column 3: there is no tag fro; did you mean for?)")]
    [InlineData("{{ x | zzzzzz }}", "第 1 行第 8 列：没有过滤器“zzzzzz” (line 1, column 8: there is no filter zzzzzz)")]
    [InlineData("{% include 'x' %}", "第 1 行第 1 列：不支持标签“include”：模板不能引用别的文件 (line 1, column 1: tag include is refused: a template cannot use another file)")]
    [InlineData("{% render 'x' %}", "不支持标签“render”")]
    [InlineData("a\n{% if x %}b", "第 2 行第 1 列：“if”没有用“endif”结束 (line 2, column 1: if is not closed by endif)")]
    [InlineData("{% if x %}{% endfor %}{% endif %}", "第 1 行第 11 列：“endfor”前面没有与它对应的标签")]
    [InlineData("{% endif %}", "“endif”前面没有与它对应的标签")]
    [InlineData("{% if x %}{% else %}{% else %}{% endif %}", "“else”前面没有与它对应的标签")]
    [InlineData("{{ x", "第 1 行第 1 列：“{{”没有用“}}”结束")]
    [InlineData("{% if x", "“{%”没有用“%}”结束")]
    [InlineData("{{ }}", "应为一个值，但到这里就结束了")]
    [InlineData("{{ a b }}", "多余的内容，这里是“b”")]
    [InlineData("{{ a | }}", "应为过滤器名称")]
    [InlineData("{{ a | append }}", "过滤器“append”需要 1 个参数，这里有 0 个")]
    [InlineData("{{ a | upcase: 1 }}", "过滤器“upcase”需要 0 个参数，这里有 1 个")]
    [InlineData("{{ a | date: 1, 2, 3 }}", "需要 0 到 2 个参数")]
    [InlineData("{% if %}{% endif %}", "应为一个值")]
    [InlineData("{% if a == %}{% endif %}", "应为一个值")]
    [InlineData("{% if a = b %}{% endif %}", "多余的内容，这里是“=”")]
    [InlineData("{% if a & b %}{% endif %}", "看不懂的字符“&”")]
    [InlineData("{% for in x %}{% endfor %}", "应为“in”")]
    [InlineData("{% for i on x %}{% endfor %}", "应为“in”，这里是“on”")]
    [InlineData("{% for i in x limt: 2 %}{% endfor %}", "没有循环选项“limt”，是不是“limit”？")]
    [InlineData("{% assign x %}", "应为“=”")]
    [InlineData("{% assign x = %}", "应为一个值")]
    [InlineData("{% capture %}{% endcapture %}", "应为变量名")]
    [InlineData("{% %}", "标签没有名称")]
    [InlineData("{{ 1e3 }}", "不是数字")]
    [InlineData("{{ a[1 }}", "应为“]”")]
    [InlineData("{{ (1..) }}", "应为一个值")]
    [InlineData("{% raw %}x", "“raw”没有用“endraw”结束")]
    [InlineData("{% liquid\n  if x\n  echo x\n%}", "第 2 行第 3 列：“if”没有用“endif”结束")]
    [InlineData("{% liquid\n  ech x\n%}", "第 2 行第 3 列：没有标签“ech”，是不是“echo”？")]
    public void What_cannot_be_read_is_refused_with_line_column_and_a_hint(string template, string message)
    {
        var error = Assert.Throws<ExpressionError>(() => LiquidTemplate.Parse(template));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Matches(@"^第 \d+ 行第 \d+ 列：.* \(line \d+, column \d+: .+\)$", error.Message);
    }

    [Theory]
    [InlineData("一\n{{ 'abc' | money }}", "第 2 行第 12 列：“abc”不是金额 (line 2, column 12: abc is not an amount)")]
    [InlineData("{{ 1 | divided_by: 0 }}", "第 1 行第 8 列：除数为零 (line 1, column 8: division by zero)")]
    [InlineData("{{ '!' | base64_decode }}", "不是有效的 Base64 文本")]
    [InlineData("{{ 0 | date: '%F', 'Mars/Base' }}", "没有时区“Mars/Base”")]
    [InlineData("{{ 5 | money: '' }}", "货币代码不对")]
    public void What_does_not_fit_when_it_runs_names_its_place(string template, string message)
    {
        var error = Assert.Throws<ExpressionError>(() => Render(template));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ o | keys | join: ',' }}", "b,a")]
    [InlineData("{{ '中文' | base64 }}", "5Lit5paH")]
    [InlineData("{{ n | keys | size }}", "0")]
    [InlineData("{{ o contains 'b' }}", "true")]
    [InlineData("{% for i in (1..2) %}{% for j in (1..2) %}{{ forloop.parentloop.index }}{{ forloop.index }} {% endfor %}{% endfor %}", "11 12 21 22 ")]
    [InlineData("{{ 'a😀' | last }}{{ '😀a' | first }}{{ '😀' | split: '' | size }}", "😀😀1")]
    [InlineData("{% liquid\n # 客户's remark\n echo 1\n%}", "1")]
    [InlineData("{% comment %}{% if %}{% endcomment %}{% # 客户's remark %}x", "x")]
    [InlineData("{% for i in l limit: nil %}{{ i }}{% endfor %}", "12")]
    public void Our_own_additions_work(string template, string text) => Assert.Equal(text, Render(template, """{"o":{"b":1,"a":2},"l":[1,2]}"""));

    [Fact]
    public void A_template_is_rendered_by_many_threads_at_once_and_changes_nothing()
    {
        var data = JsonNode.Parse("""{"items":[{"n":3},{"n":1},{"n":2}],"c":5}""")!.AsObject();
        var before = data.ToJsonString();
        var template = LiquidTemplate.Parse("{% assign c = 7 %}{% increment d %}{% for i in items %}{{ i.n }}{% cycle 'a','b' %}{% endfor %}{{ items | sort: 'n' | map: 'n' | join }}{{ c }}");

        var results = new string[1_000];
        Parallel.For(0, results.Length, i => results[i] = template.Render(data));

        Assert.All(results, r => Assert.Equal("03a1b2a1 2 37", r));
        Assert.Equal(before, data.ToJsonString());
    }

    [Theory]
    [InlineData("{{ Variables.a }}{{ Variables['b c'] }}{{ Variables.d.e[Input.f].g }}{{ Variables[h] }}{% if Input.i == 1 %}{% endif %}", "a,b c,d", "f,i", "Input,Variables,h")]
    [InlineData("{% assign x = Variables.a %}{{ x.y }}{% for i in Variables.l %}{{ i.n }}{{ forloop.index }}{% endfor %}{% capture c %}{% endcapture %}{{ c }}{% increment k %}{{ k }}", "a,l", "", "Variables")]
    [InlineData("{{ x | default: Variables.a, allow_false: Input.b }}{% case Variables.c %}{% when Variables.d %}{% endcase %}{% cycle Variables.e: 'x' %}", "a,c,d,e", "b", "Input,Variables,x")]
    [InlineData("{% raw %}{{ Variables.a }}{% endraw %}{% comment %}{{ Variables.b }}{% endcomment %}{{ 'Variables.c' }}", "", "", "")]
    [InlineData("{% assign Variables = 1 %}{{ Variables.a }}", "", "", "")]
    [InlineData("{% for i in (Variables.a..Variables.b) limit: Input.c %}{% endfor %}", "a,b", "c", "Input,Variables")]
    public void A_template_tells_which_names_it_uses(string template, string variables, string inputs, string roots)
    {
        var used = LiquidTemplate.Parse(template).References;

        Assert.Equal((variables, inputs, roots), (string.Join(',', used.Variables), string.Join(',', used.Inputs), string.Join(',', used.Roots)));
    }

    private static string Render(string template, string json = "{}") =>
        LiquidTemplate.Parse(template).Render(JsonNode.Parse(json)!.AsObject(), new LiquidOptions { Now = Now });
}
