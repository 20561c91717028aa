using System.Buffers;
using System.Globalization;
using System.Text;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Values as text and as JSON, paid for as they grow.</summary>
internal static class LiquidText
{
    // What JSON writes otherwise: quote, backslash, control characters, halves of pairs.
    private static readonly SearchValues<char> Special =
        SearchValues.Create([.. Enumerable.Range(0, ' ').Select(i => (char)i), '"', '\\', .. Enumerable.Range(0xD800, 0x800).Select(i => (char)i)]);

    /// <summary>What <c>{{ value }}</c> puts out: nothing for nil, elements one after the other, JSON for an object.</summary>
    public static string Of(LiquidValue value, Meter meter)
    {
        switch (value.Kind)
        {
            case LiquidKind.Text:
                return value.Text;
            case LiquidKind.Number:
                return LiquidNumbers.Write(value);
            case LiquidKind.Bool:
                return value.IsTruthy ? "true" : "false";
            case LiquidKind.List:
                var text = new StringBuilder();
                AppendElements(text, value.List, meter, 1);
                return text.ToString();
            case LiquidKind.Map:
                return Json(value, meter);
            default:
                return "";
        }
    }

    /// <summary>JSON on one line, or with <paramref name="indent"/> spaces per level.</summary>
    public static string Json(LiquidValue value, Meter meter, int indent = 0)
    {
        var text = new StringBuilder();
        AppendJson(text, value, meter, indent, 0);
        return text.ToString();
    }

    private static void AppendElements(StringBuilder text, LiquidList list, Meter meter, int depth)
    {
        meter.Depth(depth);
        meter.Step(list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is { Kind: LiquidKind.List } inner)
                AppendElements(text, inner.List, meter, depth + 1);
            else
                Append(text, Of(list[i], meter), meter);
        }
    }

    private static void AppendJson(StringBuilder text, LiquidValue value, Meter meter, int indent, int depth)
    {
        meter.Depth(depth);
        meter.Step();
        switch (value.Kind)
        {
            case LiquidKind.Text:
                Quote(text, value.Text, meter);
                break;
            case LiquidKind.Number or LiquidKind.Bool:
                Append(text, Of(value, meter), meter);
                break;
            case LiquidKind.List:
                var list = value.List;
                Members(text, '[', ']', Enumerable.Range(0, list.Count), i => AppendJson(text, list[i], meter, indent, depth + 1), meter, indent, depth);
                break;
            case LiquidKind.Map:
                var map = value.Map;
                Members(text, '{', '}', map.Keys, key =>
                {
                    Quote(text, key, meter);
                    text.Append(indent > 0 ? ": " : ":");
                    map.TryGet(key, out var member);
                    AppendJson(text, member, meter, indent, depth + 1);
                }, meter, indent, depth);
                break;
            default:
                text.Append("null");
                break;
        }
    }

    private static void Members<T>(StringBuilder text, char open, char close, IEnumerable<T> members, Action<T> write, Meter meter, int indent, int depth)
    {
        text.Append(open);
        var isFirst = true;
        foreach (var member in members)
        {
            if (!isFirst)
                text.Append(',');
            isFirst = false;
            NewLine(depth + 1);
            write(member);
        }

        if (!isFirst)
            NewLine(depth);
        text.Append(close);

        void NewLine(int levels)
        {
            if (indent == 0)
                return;
            meter.Text(1 + levels * indent);
            text.Append('\n').Append(' ', levels * indent);
        }
    }

    private static void Append(StringBuilder text, string part, Meter meter)
    {
        meter.Text(part.Length);
        text.Append(part);
    }

    private static void Quote(StringBuilder text, string value, Meter meter)
    {
        var paid = text.Length;
        text.Append('"');
        for (var at = 0; at < value.Length;)
        {
            meter.Grown(text, ref paid);
            var special = value.AsSpan(at).IndexOfAny(Special);
            text.Append(value, at, special < 0 ? value.Length - at : special);
            at = special < 0 ? value.Length : at + special;
            if (at < value.Length)
                at += AppendSpecial(text, value, at);
        }

        text.Append('"');
        meter.Text(text.Length - paid);
    }

    /// <summary>A character that JSON wants written otherwise, or a pair of surrogates, which stays. Answers how many it took.</summary>
    private static int AppendSpecial(StringBuilder text, string value, int at)
    {
        var c = value[at];
        if (char.IsHighSurrogate(c) && at + 1 < value.Length && char.IsLowSurrogate(value[at + 1]))
        {
            text.Append(value, at, 2);
            return 2;
        }

        _ = c switch
        {
            '"' => text.Append("\\\""),
            '\\' => text.Append("\\\\"),
            '\n' => text.Append("\\n"),
            '\r' => text.Append("\\r"),
            '\t' => text.Append("\\t"),
            '\b' => text.Append("\\b"),
            '\f' => text.Append("\\f"),
            _ => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        };
        return 1;
    }
}
