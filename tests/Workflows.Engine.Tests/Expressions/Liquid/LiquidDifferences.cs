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
    ];
}
