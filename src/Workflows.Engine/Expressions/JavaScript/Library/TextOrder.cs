using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>
/// Order of texts for people: localeCompare. Symbols before digits before letters; letters by the alphabet first, then
/// without before with accent, then small before capital, as Node orders them. Chinese characters follow in the order of
/// their code points, not of pinyin. Options numeric and sensitivity are followed.
/// </summary>
internal static class TextOrder
{
    private const string Order = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>-1, 0 or 1.</summary>
    public static double Compare(Evaluation e, string left, string right, JsValue locale, JsValue options)
    {
        e.Step((left.Length + right.Length) / 2);
        if (left == right)
            return 0;
        var numeric = options.Object is { } given && Conversion.ToBoolean(given.Get("numeric"));
        var sensitivity = options.Object?.Get("sensitivity") is { IsUndefined: false } chosen ? Conversion.ToText(e, chosen) : "variant";
        var (a, b) = (Decomposed(e, left), Decomposed(e, right));
        var order = ByAlphabet(a, b, numeric);
        if (order == 0 && sensitivity is "variant" or "accent")
            order = order != 0 ? order : ByMark(a, b);
        if (order == 0 && sensitivity is "variant" or "case")
            order = order != 0 ? order : ByCase(a, b);
        return Math.Sign(order);
    }

    private static string Decomposed(Evaluation e, string text)
    {
        foreach (var c in text)
        {
            if (c >= 0xC0)
                return NormalForms.Apply(e, text, composed: false, compatible: false);
        }

        return text;
    }

    private static int ByAlphabet(string left, string right, bool numeric)
    {
        var (i, k) = (0, 0);
        while (true)
        {
            while (i < left.Length && Weight(left[i]) == 0)
                i++;
            while (k < right.Length && Weight(right[k]) == 0)
                k++;
            if (i == left.Length || k == right.Length)
                return (left.Length - i).CompareTo(right.Length - k);
            if (numeric && char.IsAsciiDigit(left[i]) && char.IsAsciiDigit(right[k]))
            {
                var first = Digits(left, ref i);
                var second = Digits(right, ref k);
                var order = first.Length != second.Length ? first.Length - second.Length : first.CompareTo(second, StringComparison.Ordinal);
                if (order != 0)
                    return order;
                continue;
            }

            var difference = Weight(left[i++]) - Weight(right[k++]);
            if (difference != 0)
                return difference;
        }
    }

    private static ReadOnlySpan<char> Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return text.AsSpan(start, at - start).TrimStart('0');
    }

    // Texts of the same letters: the first letter without a mark where the other has one comes first.
    private static int ByMark(string left, string right)
    {
        var (i, k) = (0, 0);
        while (i < left.Length && k < right.Length)
        {
            var (a, b) = (IsMark(left[i]), IsMark(right[k]));
            if (a || b)
            {
                if (a != b)
                    return a ? 1 : -1;
                if (left[i] != right[k])
                    return left[i] - right[k];
            }

            i++;
            k++;
        }

        return (left.Length - i).CompareTo(right.Length - k);
    }

    private static int ByCase(string left, string right)
    {
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            var (a, b) = (char.IsUpper(left[i]), char.IsUpper(right[i]));
            if (a != b)
                return a ? 1 : -1;
        }

        return 0;
    }

    private static bool IsMark(char c) => c is >= '\u0300' and < '\u0370';

    private static int Weight(char c)
    {
        if (c < 128)
            return Order.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal) + 1;
        return IsMark(c) ? 0 : 1000 + char.ToLowerInvariant(c);
    }
}
