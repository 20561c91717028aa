using System.Buffers;
using System.Text;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Filters that encode and decode.</summary>
internal static class CodingFilters
{
    private const string Hex = "0123456789ABCDEF";

    // What a URL keeps as it is; a space becomes a plus.
    private static readonly SearchValues<byte> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"u8);

    public static IEnumerable<LiquidFilter> All { get; } =
    [
        new("json", 0, 1, Json),
        new("jsonify", 0, 1, Json),
        new("inspect", 0, 1, Json),
        new("url_encode", 0, 0, UrlEncode),
        new("url_decode", 0, 0, UrlDecode),
        new("base64", 0, 0, Encode),
        new("base64_encode", 0, 0, Encode),
        new("base64_decode", 0, 0, Decode),
    ];

    private static LiquidValue Json(FilterCall call) =>
        LiquidValue.Of(LiquidText.Json(call.Input, call.Meter, Math.Clamp(call.Whole(0, 0), 0, 10)));

    private static LiquidValue UrlEncode(FilterCall call)
    {
        var text = call.Text;
        call.Meter.Text(3L * text.Length);
        var encoded = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b == ' ')
                encoded.Append('+');
            else if (Unreserved.Contains(b))
                encoded.Append((char)b);
            else
                encoded.Append('%').Append(Hex[b >> 4]).Append(Hex[b & 15]);
        }

        return LiquidValue.Of(encoded.ToString());
    }

    private static LiquidValue UrlDecode(FilterCall call)
    {
        var text = call.Text;
        call.Meter.Text(text.Length);
        return LiquidValue.Of(Uri.UnescapeDataString(text.Replace('+', ' ')));
    }

    private static LiquidValue Encode(FilterCall call)
    {
        var text = call.Text;
        call.Meter.Text(4L * text.Length);
        return LiquidValue.Of(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
    }

    private static LiquidValue Decode(FilterCall call)
    {
        var text = call.Text.Trim();
        call.Meter.Text(text.Length);
        try
        {
            return LiquidValue.Of(Encoding.UTF8.GetString(Convert.FromBase64String(text)));
        }
        catch (FormatException)
        {
            throw call.Meter.Error("不是有效的 Base64 文本", "not valid base64");
        }
    }
}
