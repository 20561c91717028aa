using System.Globalization;
using System.Text;

namespace Workflows.Engine.Tests.Expressions.Liquid;

/// <summary>Templates at random, of what both implementations promise to do alike. The seed makes them the same in every run.</summary>
internal sealed class TemplateGenerator(int seed)
{
    private static readonly string[] Texts =
        ["s", "title", "html", "order.no", "order.status", "客户.姓名", "客户.电话", "list[0].n", "'a,b,,c'", "\"x y  z\"", "''", "missing", "order.items[1].name", "'Tom & <b>'", "'1,2;3'"];

    private static readonly string[] Numbers = ["1", "0", "-3", "2.5", "num", "neg", "big", "order.items[0].qty", "order.items.size", "'12'", "a[1]", "o.x", "s.size"];

    private static readonly string[] Lists = ["a", "e", "order.tags", "(1..4)", "(2..o.x)", "missing"];

    private static readonly string[] TextFilters =
    [
        "upcase", "downcase", "capitalize", "strip", "lstrip", "rstrip", "escape", "escape_once", "strip_html", "strip_newlines", "newline_to_br", "url_encode", "size", "json",
        "append: 'z'", "prepend: s", "replace: 'a', 'b'", "replace: ' ', ''", "replace_first: 'l', 'L'", "replace_last: 'l', 'L'", "remove: 'l'", "remove_first: 'e'", "remove_last: 'o'",
        "truncate: 5", "truncate: 3, '~'", "slice: 1, 3", "slice: -2, 2", "default: 'none'", "split: ',' | join: '+'", "split: '' | reverse | join: ''",
        "split: ' ' | size", "split: ',' | first", "base64_encode", "base64_encode | base64_decode", "first", "last", "split: ',' | sort | json", "split: '' | uniq | join: ''",
    ];

    private static readonly string[] NumberFilters =
    [
        "plus: 2", "minus: 1.5", "times: 4", "times: 0.5", "divided_by: 4", "divided_by: 3, true", "modulo: 3", "abs", "ceil", "floor", "round", "round: 1", "at_least: 2", "at_most: 10",
        "plus: num", "minus: o.x", "append: ' 元'", "json", "default: 9", "times: a[2]", "size",
    ];

    private static readonly string[] ListFilters =
    [
        "join: ','", "join", "size", "first", "last", "reverse | join", "json", "concat: a | json", "push: 7 | json", "unshift: 's' | json", "pop | json", "shift | json", "uniq | json", "compact | json",
        "slice: 1, 2 | json", "slice: 0 | json", "where: 'k' | json", "default: 'leer' | json",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next one; those that show one of the differences listed elsewhere are left out.</summary>
    public string Next()
    {
        for (var template = Any(); ; template = Any())
        {
            if (!(template.Contains("missing", StringComparison.Ordinal) && template.Contains("json", StringComparison.Ordinal)))
                return template;
        }
    }

    private string Any() => _random.Next(8) switch
    {
        0 or 1 => Output(Texts, TextFilters, 4),
        2 => Output(Numbers, NumberFilters, 3),
        3 => Output(Lists, ListFilters, 1),
        4 => $"{{% if {Condition()} %}}{Small()}{{% elsif {Condition()} %}}{Small()}{{% else %}}{Small()}{{% endif %}}",
        5 => $"{{% for i in {Pick(Lists)}{Modifiers()} %}}{Small()}{{{{ i | json }}}}{{{{ forloop.{Pick(["index", "rindex0", "first", "last", "length"])} }}}}{(_random.Next(4) == 0 ? $"{{% if forloop.index == 2 %}}{{% {Pick(["break", "continue"])} %}}{{% endif %}}" : "")}{Small()};{{% else %}}none{{% endfor %}}",
        6 => $"{{% assign v = {Pick(Texts)} | {Pick(TextFilters)} %}}{Space()}{{{{ v }}}}{{% capture c %}}{Small()}{{% endcapture %}}{Space()}{{{{ c | {Pick(TextFilters)} }}}}",
        _ => $"{{% case {Pick([.. Numbers, .. Texts])} %}}{{% when {Pick(Numbers)} %}}1{Small()}{{% when {Pick(Texts)}, {Pick(Texts)} %}}2{{% else %}}3{Small()}{{% endcase %}}{{% unless {Condition()} %}}u{{% endunless %}}",
    };

    private string Output(string[] values, string[] filters, int most)
    {
        var text = new StringBuilder("a {{").Append(Pick(["", "-"])).Append(' ').Append(Pick(values));
        for (var i = _random.Next(most + 1); i > 0; i--)
            text.Append(" | ").Append(Pick(filters));
        return text.Append(' ').Append(Pick(["", "-"])).Append("}} z").ToString();
    }

    private string Small() => _random.Next(3) switch
    {
        0 => $" t{_random.Next(10).ToString(CultureInfo.InvariantCulture)} ",
        1 => Output(Texts, TextFilters, 1),
        _ => Output(Numbers, NumberFilters, 1),
    };

    private string Condition()
    {
        var text = new StringBuilder(Comparison());
        for (var i = _random.Next(3); i > 0; i--)
            text.Append(Pick([" and ", " or "])).Append(Comparison());
        return text.ToString();
    }

    private string Comparison() => _random.Next(6) switch
    {
        0 => Pick(["t", "f", "n", "missing", "s", "e", "not t", "not missing"]),
        1 => $"{Pick(Numbers)} {Pick(["==", "!=", "<", ">", "<=", ">="])} {Pick(Numbers)}",
        2 => $"{Pick(Texts)} {Pick(["==", "!="])} {Pick(["s", "'hello'", "order.status", "'paid'", "''", "empty", "blank"])}",
        3 => $"{Pick(["s", "title", "html", "order.no", "''"])} contains {Pick(["'l'", "s", "'世'", "'-'", "'zz'"])}",
        4 => $"{Pick(["a", "order.tags", "e"])} contains {Pick(["1", "'VIP'", "num", "'x'"])}",
        _ => $"{Pick(["a", "e", "eo", "s", "n", "''"])} {Pick(["==", "!="])} {Pick(["empty", "blank"])}",
    };

    private string Modifiers() => Pick(["", "", " reversed", " limit: 2", " offset: 1", " limit: 1 offset: 1", " reversed limit: 2", " limit: 2 offset: 1 reversed"]);

    private string Space() => Pick(["", " ", "\n", "  {%- comment -%} x {%- endcomment -%}  "]);

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
