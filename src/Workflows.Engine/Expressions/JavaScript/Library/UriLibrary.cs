using System.Text;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>encodeURIComponent, decodeURIComponent, encodeURI, decodeURI.</summary>
internal static class UriLibrary
{
    private const string Marks = "-_.!~*'()";
    private const string Separators = ";/?:@&=+$,#";

    public static readonly NativeFunction EncodeUriComponent = new("encodeURIComponent", 1, (e, _, a) => Encode(e, a, Marks));

    public static readonly NativeFunction EncodeUri = new("encodeURI", 1, (e, _, a) => Encode(e, a, Marks + Separators));

    public static readonly NativeFunction DecodeUriComponent = new("decodeURIComponent", 1, (e, _, a) => Decode(e, a, ""));

    public static readonly NativeFunction DecodeUri = new("decodeURI", 1, (e, _, a) => Decode(e, a, Separators));

    private static JsValue Encode(Evaluation e, Arguments a, string kept)
    {
        var text = Conversion.ToText(e, a[0]);
        var result = new TextBuilder(e);
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiLetterOrDigit(text[i]) || kept.Contains(text[i], StringComparison.Ordinal))
            {
                result.Append(text[i]);
                continue;
            }

            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var point, out var units) != System.Buffers.OperationStatus.Done)
                throw Malformed(e);
            i += units - 1;
            foreach (var one in bytes[..point.EncodeToUtf8(bytes)])
                result.Append('%').Append(Digit(one >> 4)).Append(Digit(one & 15));
        }

        return result.ToString();
    }

    private static JsValue Decode(Evaluation e, Arguments a, string keptEncoded)
    {
        var text = Conversion.ToText(e, a[0]);
        var result = new TextBuilder(e);
        Span<byte> bytes = stackalloc byte[4];
        Span<char> units = stackalloc char[2];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                result.Append(text[i]);
                continue;
            }

            var start = i;
            bytes[0] = Byte(e, text, i);
            i += 2;
            var length = bytes[0] < 0x80 ? 1 : bytes[0] is >= 0xC2 and < 0xE0 ? 2 : bytes[0] is >= 0xE0 and < 0xF0 ? 3 : bytes[0] is >= 0xF0 and < 0xF5 ? 4 : throw Malformed(e);
            for (var k = 1; k < length; k++)
            {
                if (i + 1 >= text.Length || text[i + 1] != '%')
                    throw Malformed(e);
                bytes[k] = Byte(e, text, i + 1);
                i += 3;
            }

            if (Rune.DecodeFromUtf8(bytes[..length], out var point, out var used) != System.Buffers.OperationStatus.Done || used != length)
                throw Malformed(e);
            if (length == 1 && keptEncoded.Contains((char)bytes[0], StringComparison.Ordinal))
                result.Append(text.AsSpan(start, 3));
            else
                result.Append(units[..point.EncodeToUtf16(units)]);
        }

        return result.ToString();
    }

    private static byte Byte(Evaluation e, string text, int at)
    {
        if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
            throw Malformed(e);
        return (byte)((NumberText.DigitOf(text[at + 1]) * 16) + NumberText.DigitOf(text[at + 2]));
    }

    private static char Digit(int value) => (char)(value < 10 ? '0' + value : 'A' + value - 10);

    private static JsThrow Malformed(Evaluation e) => e.Error("URIError", "URI 格式错误 (URI malformed)");
}
