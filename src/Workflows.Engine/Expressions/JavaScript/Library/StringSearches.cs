using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods of texts that look for another text.</summary>
internal static class StringSearches
{
    public static readonly Members Methods = new()
    {
        { "endsWith", 1, EndsWith },
        { "includes", 1, (e, self, a) => First(e, self, a, "includes") >= 0 },
        { "indexOf", 1, (e, self, a) => First(e, self, a, "indexOf") },
        { "lastIndexOf", 1, LastIndexOf },
        { "startsWith", 1, StartsWith },
    };

    private static int First(Evaluation e, JsValue self, Arguments a, string method)
    {
        var text = StringLibrary.Text(e, self, method);
        var wanted = Wanted(e, a, refusePatterns: method == "includes");
        var from = (int)Math.Clamp(Conversion.ToInteger(e, a[1]), 0, text.Length);
        return new TextSearch(e, text, wanted).Next(from);
    }

    private static JsValue LastIndexOf(Evaluation e, JsValue self, Arguments a)
    {
        var text = StringLibrary.Text(e, self, "lastIndexOf");
        var wanted = Wanted(e, a, refusePatterns: false);
        var limit = Conversion.ToNumber(e, a[1]);
        return new TextSearch(e, text, wanted).Last(double.IsNaN(limit) ? text.Length : (int)Math.Clamp(limit, 0, text.Length));
    }

    private static JsValue StartsWith(Evaluation e, JsValue self, Arguments a)
    {
        var text = StringLibrary.Text(e, self, "startsWith");
        var wanted = Wanted(e, a, refusePatterns: true);
        var from = (int)Math.Clamp(Conversion.ToInteger(e, a[1]), 0, text.Length);
        e.Step(wanted.Length / 16);
        return text.AsSpan(from).StartsWith(wanted, StringComparison.Ordinal);
    }

    private static JsValue EndsWith(Evaluation e, JsValue self, Arguments a)
    {
        var text = StringLibrary.Text(e, self, "endsWith");
        var wanted = Wanted(e, a, refusePatterns: true);
        var end = a[1].IsUndefined ? text.Length : (int)Math.Clamp(Conversion.ToInteger(e, a[1]), 0, text.Length);
        e.Step(wanted.Length / 16);
        return text.AsSpan(0, end).EndsWith(wanted, StringComparison.Ordinal);
    }

    private static string Wanted(Evaluation e, Arguments a, bool refusePatterns) =>
        refusePatterns && a[0].Object is JsRegex
            ? throw e.TypeError("这里需要文字，不能是正则表达式 (first argument must not be a regular expression)")
            : Conversion.ToText(e, a[0]);
}
