using System.Text;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>
/// toLocaleString of numbers for Chinese (zh-CN) and English (en-US, the default), as Node 20 writes them: thousands
/// separators, fraction digits, percent and currency. Other languages and styles are refused with a RangeError.
/// </summary>
internal static class LocaleNumbers
{
    private const int MaxDigits = 100;

    /// <summary>How many digits there may and must be; significant digits win over fraction digits.</summary>
    private sealed record Shape(int MinWhole, int MinFraction, int MaxFraction, int? MinSignificant, int? MaxSignificant);

    public static string Format(Evaluation e, double number, JsValue locale, JsValue options)
    {
        e.Step(16);
        e.AllocateText(64);
        var chinese = IsChinese(e, locale);
        if (options.IsNull)
            throw e.TypeError("选项不能为 null (cannot convert null to object)");
        var style = Choice(e, options, "style", "decimal", "percent", "currency") ?? "decimal";
        var code = Option(options, "currency") is { IsUndefined: false } given ? CurrencyCode(e, Conversion.ToText(e, given)) : null;
        if (style == "currency" && code is null)
            throw e.TypeError("style 为 currency 时需要 currency (currency code is required with currency style)");
        var display = Choice(e, options, "currencyDisplay", "symbol", "narrowSymbol", "code", "name") ?? "symbol";
        Choice(e, options, "notation", "standard");
        var shape = ShapeOf(e, options, style, style == "currency" ? FractionOf(code!) : null);
        var grouped = Grouping(e, options);
        var signs = Choice(e, options, "signDisplay", "auto", "always", "never", "exceptZero", "negative") ?? "auto";

        var negative = double.IsNegative(number) && !double.IsNaN(number);
        var (digits, isZero) = Digits(e, Math.Abs(number), style == "percent" ? 2 : 0, shape, grouped);
        var sign = signs switch
        {
            "never" => "",
            "always" => negative ? "-" : "+",
            "exceptZero" => isZero || double.IsNaN(number) ? "" : negative ? "-" : "+",
            "negative" => negative && !isZero ? "-" : "",
            _ => negative ? "-" : "",
        };
        if (style == "percent")
            return $"{sign}{digits}%";
        if (style != "currency")
            return sign + digits;
        if (display == "name")
            return NamedCurrency(e, sign + digits, code!, chinese, digits);
        var symbol = display == "code" ? code! : Symbol(code!, chinese, display == "narrowSymbol");
        return char.IsAsciiLetter(symbol[^1]) ? $"{sign}{symbol}\u00A0{digits}" : sign + symbol + digits;
    }

    private static bool IsChinese(Evaluation e, JsValue locale)
    {
        if (locale.Object is JsArray list)
            locale = list.Length > 0 ? list[0] : JsValue.Undefined;
        if (locale.IsUndefined)
            return false;
        if (!locale.IsText)
            throw e.TypeError("语言标签必须是文字 (incorrect locale information provided)");
        var tag = locale.Text!;
        if (tag.Equals("zh", StringComparison.OrdinalIgnoreCase) || tag.Equals("zh-CN", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("zh-Hans", StringComparison.OrdinalIgnoreCase))
            return true;
        if (tag.Equals("en", StringComparison.OrdinalIgnoreCase) || tag.Equals("en-US", StringComparison.OrdinalIgnoreCase))
            return false;
        throw e.RangeError($"不支持语言“{(tag.Length > 40 ? tag[..40] : tag)}”，只支持 zh-CN 和 en-US (only zh-CN and en-US are supported)");
    }

    private static JsValue Option(JsValue options, string name) => options.Object?.Get(name) ?? default;

    private static string? Choice(Evaluation e, JsValue options, string name, params string[] known)
    {
        var value = Option(options, name);
        if (value.IsUndefined)
            return null;
        var text = Conversion.ToText(e, value);
        return Array.IndexOf(known, text) >= 0
            ? text
            : throw e.RangeError($"{name} 的值“{(text.Length > 40 ? text[..40] : text)}”不支持 (value out of range for option {name})");
    }

    private static bool Grouping(Evaluation e, JsValue options)
    {
        var value = Option(options, "useGrouping");
        return value.IsUndefined || (value.IsText ? value.Text != "false" : Conversion.ToBoolean(value));
    }

    private static string CurrencyCode(Evaluation e, string code) =>
        code.Length == 3 && code.All(char.IsAsciiLetter) ? code.ToUpperInvariant() : throw e.RangeError("currency 必须是三个字母 (invalid currency code)");

    private static int FractionOf(string currency) => currency is "JPY" or "KRW" or "VND" or "CLP" or "ISK" or "UGX" ? 0 : currency is "KWD" or "BHD" or "JOD" or "OMR" or "TND" or "IQD" or "LYD" ? 3 : 2;

    private static Shape ShapeOf(Evaluation e, JsValue options, string style, int? currencyDigits)
    {
        var minWhole = Count(e, options, "minimumIntegerDigits", 1, 21) ?? 1;
        var minFraction = Count(e, options, "minimumFractionDigits", 0, MaxDigits);
        var maxFraction = Count(e, options, "maximumFractionDigits", 0, MaxDigits);
        var minSignificant = Count(e, options, "minimumSignificantDigits", 1, 21);
        var maxSignificant = Count(e, options, "maximumSignificantDigits", minSignificant ?? 1, 21);
        if (minSignificant is not null || maxSignificant is not null)
            return new Shape(minWhole, 0, 0, minSignificant ?? 1, maxSignificant ?? 21);

        var defaultMin = currencyDigits ?? 0;
        var defaultMax = currencyDigits ?? (style == "percent" ? 0 : 3);
        if (minFraction > maxFraction)
            throw e.RangeError("maximumFractionDigits 小于 minimumFractionDigits (maximumFractionDigits value is out of range)");
        var min = minFraction ?? Math.Min(defaultMin, maxFraction ?? int.MaxValue);
        return new Shape(minWhole, min, maxFraction ?? Math.Max(defaultMax, min), null, null);
    }

    private static int? Count(Evaluation e, JsValue options, string name, int min, int max)
    {
        var value = Option(options, name);
        if (value.IsUndefined)
            return null;
        var number = Conversion.ToNumber(e, value);
        return number >= min && number <= max ? (int)Math.Floor(number) : throw e.RangeError($"{name} 的值超出范围 ({name} value is out of range)");
    }

    // Digits with separators, of the shortest decimal text of the number, halves away from zero; and whether all are zero.
    private static (string Digits, bool IsZero) Digits(Evaluation e, double number, int shift, Shape shape, bool grouped)
    {
        if (double.IsNaN(number))
            return ("NaN", false);
        if (double.IsInfinity(number))
            return ("∞", false);
        var (digits, exponent) = number == 0 ? ("0", 0) : NumberText.Digits(number);
        var pointAt = number == 0 ? 1 : exponent + 1 + shift;
        e.AllocateText(2 * (Math.Abs(pointAt) + MaxDigits));

        var kept = shape.MaxSignificant ?? (pointAt + shape.MaxFraction);
        if (kept < digits.Length)
            (digits, pointAt) = Round(digits, pointAt, kept);
        digits = digits.TrimEnd('0');
        var whole = (pointAt <= 0 ? "" : digits.Length <= pointAt ? digits.PadRight(pointAt, '0') : digits[..pointAt]).TrimStart('0').PadLeft(shape.MinWhole, '0');
        var fraction = pointAt >= digits.Length ? "" : pointAt >= 0 ? digits[pointAt..] : new string('0', -pointAt) + digits;
        if (digits.Length == 0)
            fraction = "";
        var minFraction = shape.MinSignificant is { } significant ? significant - Math.Max(digits.Length == 0 ? 1 : pointAt, 0) - (pointAt < 0 && digits.Length > 0 ? pointAt : 0) : shape.MinFraction;
        fraction = fraction.PadRight(Math.Max(0, minFraction), '0');
        var text = grouped ? Group(whole) : whole;
        return (fraction.Length == 0 ? text : $"{text}.{fraction}", digits.Length == 0);
    }

    private static (string Digits, int PointAt) Round(string digits, int pointAt, int kept)
    {
        if (kept < 0)
            return ("", pointAt);
        var rounded = digits[..kept].ToCharArray();
        if (digits[kept] < '5')
            return (new string(rounded), pointAt);
        for (var i = kept - 1; i >= 0; i--)
        {
            if (rounded[i] != '9')
            {
                rounded[i]++;
                return (new string(rounded), pointAt);
            }

            rounded[i] = '0';
        }

        return ("1" + new string(rounded), pointAt + 1);
    }

    private static string Group(string whole)
    {
        var text = new StringBuilder(whole);
        for (var at = whole.Length - 3; at > 0; at -= 3)
            text.Insert(at, ',');
        return text.ToString();
    }

    private static string Symbol(string code, bool chinese, bool narrow) => (code, chinese) switch
    {
        ("CNY", true) => "¥",
        ("CNY", false) => narrow ? "¥" : "CN¥",
        ("USD", true) => narrow ? "$" : "US$",
        ("USD", false) => "$",
        ("JPY", true) => narrow ? "¥" : "JP¥",
        ("JPY", false) => "¥",
        ("HKD" or "TWD" or "AUD" or "CAD" or "NZD", _) when narrow => "$",
        ("HKD", _) => "HK$",
        ("TWD", _) => "NT$",
        ("AUD", true) => "AU$",
        ("AUD", false) => "A$",
        ("CAD", _) => "CA$",
        ("NZD", _) => "NZ$",
        ("EUR", _) => "€",
        ("GBP", _) => "£",
        ("KRW", true) => narrow ? "₩" : "￦",
        ("KRW", false) => "₩",
        ("INR", _) => "₹",
        ("VND", _) => "₫",
        _ => code,
    };

    private static string NamedCurrency(Evaluation e, string text, string code, bool chinese, string digits) => (code, chinese) switch
    {
        ("CNY", true) => text + "人民币",
        ("USD", true) => text + "美元",
        ("EUR", true) => text + "欧元",
        ("JPY", true) => text + "日元",
        ("HKD", true) => text + "港元",
        ("CNY", false) => text + " Chinese yuan",
        ("USD", false) => text + (digits == "1" ? " US dollar" : " US dollars"),
        ("EUR", false) => text + (digits == "1" ? " euro" : " euros"),
        ("JPY", false) => text + " Japanese yen",
        _ => throw e.RangeError($"currencyDisplay 为 name 时不支持 {code} (currency name not supported)"),
    };
}
