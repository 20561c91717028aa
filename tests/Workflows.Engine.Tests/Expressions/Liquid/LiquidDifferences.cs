namespace Workflows.Engine.Tests.Expressions.Liquid;

/// <summary>A template that we render otherwise than liquidjs, and why.</summary>
internal sealed record LiquidDifference(string Template, string Theirs, string Ours, string Reason, bool IsHtml = false);

internal static class LiquidDifferences
{
    public static IReadOnlyList<LiquidDifference> All { get; } =
    [
        new("{{ 1 | foo }}", "1", "ERROR", "An unknown filter is a typo; found at publication instead of leaving the value as it is."),
        new("{{ 0.1 | plus: 0.2 }}", "0.30000000000000004", "0.3", "Decimal arithmetic: money adds up."),
        new("{{ 1.1 | times: 3 }}", "3.3000000000000003", "3.3", "Decimal arithmetic."),
        new("{{ 9007199254740993 | plus: 0 }}", "9007199254740992", "9007199254740993", "Long order numbers keep all their digits."),
        new("{{ 1 | divided_by: 0 }}", "Infinity", "ERROR", "No customer is told Infinity."),
        new("{{ 5 | modulo: 0 }}", "NaN", "ERROR", "As dividing by zero."),
        new("{{ n < 1 }} {{ n >= 0 }}", "true true", "false false", "A missing amount is not below 500."),
        new("{{ n == missing }}", "false", "true", "Null and absent are the same nothing."),
        new("{{ o }}", "[object Object]", """{"x":1,"y":"b","deep":{"list":[10,20,{"k":"v"}]}}""", "JSON tells more."),
        new("{{ o . x }}", "[object Object]", "1", "White space around a dot changes nothing."),
        new("a {%- raw -%} b {%- endraw -%} c", "ERROR", "abc", "Dashes on raw work as everywhere else."),
        new("{{ nested | join: '-' }}", "1,2-3", "12-3", "An element is joined as it would be put out."),
        new("{{ missing | json }}|{{ missing | slice: 0 | json }}", "|[]", "null|[]", "Null and absent are the same nothing."),
        new("{{ 'a b' | truncatewords: 2 }}", "a b...", "a b", "The ending says that something was cut; here nothing was."),
        new("{{ 'a%zz' | url_decode }}", "ERROR", "a%zz", "What is not encoded is left as it is."),
        new("{% for i in a limit: n %}{{ i }}{% endfor %}", "", "123", "No limit given is no limit."),
        new("{{ '2026-02-30' | date: '%Y-%m-%d' }}", "2026-03-02", "2026-02-30", "A day that does not exist is no date, not another day."),
        new("{{ '2026-03-02' | date: '%H:%M' }}", "08:00", "00:00", "A day without a time begins at midnight in the shop, not in Greenwich."),
        new("{{ order.paid_at | date: '%F %T %D %R %r %V %G' }}", "%F %T %D %R %r %V %G", "2026-03-02 17:05:07 03/02/26 17:05 05:05:07 PM 10 2026", "Fields of strftime that Elsa's Liquid has."),
        new("{{ order.paid_at | date: '%x %X' }}", "3/2/2026 5:05:07 PM", "03/02/26 17:05:07", "As strftime writes them, whatever the machine's language."),
        new("{{ '2026-03-02' | date: '%A, %Y年' }}", "Monday, 2026年", "星期一, 2026年", "A Chinese format has Chinese names."),
        new("{{ '0x10' | plus: 1 }}", "17", "1", "No hexadecimal numbers."),
        new("{{ o contains 'x' }}", "false", "true", "An object contains the names of its members."),
        new("{{ 'straße' | upcase }}", "STRASSE", "STRAßE", "One letter stays one letter."),
        new("{{ a b }}", "123", "ERROR", "What stands behind the value is a mistake."),
        new("{{ s | upcase: 1 }}", "HELLO", "ERROR", "And an argument that the filter does not take."),
        new("{{ 1e3 }}", "", "ERROR", "Half a number is a mistake."),
        new("{% capture c %}<b>{{ html | slice: 0, 2 }}</b>{% endcapture %}{{ c }}", "&lt;b&gt;&amp;lt;p&lt;/b&gt;", "<b>&lt;p</b>", "Captured text is part of the page; what it was filled with is escaped already.", IsHtml: true),
        new("{{ '<' | escape }}", "&amp;lt;", "&lt;", "Escaped once, not twice.", IsHtml: true),
    ];
}
