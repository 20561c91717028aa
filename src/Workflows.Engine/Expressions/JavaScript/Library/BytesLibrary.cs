using System.Text;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Elsa's helpers for bytes and Base64. Bytes are a list of numbers from 0 to 255; text is UTF-8.</summary>
/// <remarks>Where bytes are asked for, Base64 text will do too: that is how a variable of type ByteArray comes as JSON.</remarks>
internal static class BytesLibrary
{
    // Throws instead of putting U+FFFD in place of what is no UTF-8: wrong bytes should be noticed, not stored.
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    public static readonly Members Functions = new()
    {
        { "bytesToString", 1, (e, _, a) => Text(e, Bytes(e, a[0])) },
        { "bytesFromString", 1, (e, _, a) => List(e, Encode(e, a[0])) },
        { "bytesToBase64", 1, (e, _, a) => ToBase64(e, Bytes(e, a[0])) },
        { "bytesFromBase64", 1, (e, _, a) => List(e, FromBase64(e, Conversion.ToText(e, a[0]))) },
        { "stringToBase64", 1, (e, _, a) => ToBase64(e, Encode(e, a[0])) },
        { "stringFromBase64", 1, (e, _, a) => Text(e, FromBase64(e, Conversion.ToText(e, a[0]))) },
    };

    private static byte[] Bytes(Evaluation e, JsValue value)
    {
        if (value.Text is { } text)
            return FromBase64(e, text);
        if (value.Object is not JsArray list)
            throw e.TypeError("需要字节列表或 Base64 文字 (a list of bytes or Base64 text is needed)");
        Pay(e, list.Length);
        var bytes = new byte[list.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!list[i].IsNumber || list[i].Number is not (>= 0 and <= 255) || list[i].Number != Math.Floor(list[i].Number))
                throw e.TypeError($"第 {i} 个元素不是 0 到 255 的整数 (element {i} is no byte)");
            bytes[i] = (byte)list[i].Number;
        }

        return bytes;
    }

    private static byte[] Encode(Evaluation e, JsValue value)
    {
        var text = Conversion.ToText(e, value);
        Pay(e, 3L * text.Length);

        // Half a surrogate pair has no UTF-8: it is written as U+FFFD, as everywhere.
        return Encoding.UTF8.GetBytes(text);
    }

    private static byte[] FromBase64(Evaluation e, string text)
    {
        Pay(e, text.Length);
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw e.TypeError("不是有效的 Base64 文字 (not valid Base64)");
        }
    }

    private static string ToBase64(Evaluation e, byte[] bytes)
    {
        e.AllocateText(4L * ((bytes.Length + 2) / 3));
        return Convert.ToBase64String(bytes);
    }

    private static string Text(Evaluation e, byte[] bytes)
    {
        e.AllocateText(bytes.Length);
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw e.TypeError("字节不是有效的 UTF-8 文字 (the bytes are no UTF-8 text)");
        }
    }

    private static JsArray List(Evaluation e, byte[] bytes)
    {
        e.AllocateElements(bytes.Length);
        return new JsArray([.. bytes.Select(b => JsValue.Of((double)b))]);
    }

    private static void Pay(Evaluation e, long bytes)
    {
        e.Allocate(bytes);
        e.Step(bytes / 16);
    }
}
