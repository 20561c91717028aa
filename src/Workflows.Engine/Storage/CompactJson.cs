using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Workflows.Engine.Storage;

/// <summary>
/// Writes stored shapes: no blanks, Chinese as it is (escaped it would take twice the bytes, and stored text never goes into HTML as it stands).
/// </summary>
/// <remarks>
/// Every commit writes several documents, so the writer and its buffer are kept per thread. The encoder belongs to the writer and not to the shapes'
/// options: with an encoder of their own the generated code that writes a shape directly would not be used.
/// </remarks>
public static class CompactJson
{
    private const int KeptBytes = 256 * 1024;

    // As deep as reading goes: what is deeper must fail here, where nothing is stored yet.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 64 };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _kept;

    /// <summary>The value as UTF-8.</summary>
    public static byte[] Bytes<T>(T value, JsonTypeInfo<T> shape) => Write(value, shape, static written => written.ToArray());

    /// <summary>The value as text.</summary>
    public static string Text<T>(T value, JsonTypeInfo<T> shape) => Write(value, shape, Encoding.UTF8.GetString);

    private static TResult Write<T, TResult>(T value, JsonTypeInfo<T> shape, Func<ReadOnlySpan<byte>, TResult> take)
    {
        // Taken while in use: what a shape's own code writes meanwhile gets another, and one left in disorder by a failure is not used again.
        var (buffer, writer) = _kept ?? Fresh();
        _kept = null;
        JsonSerializer.Serialize(writer, value, shape);
        writer.Flush();
        var result = take(buffer.WrittenSpan);
        if (buffer.Capacity <= KeptBytes)
        {
            buffer.ResetWrittenCount();
            writer.Reset();
            _kept = (buffer, writer);
        }

        return result;
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) Fresh()
    {
        var buffer = new ArrayBufferWriter<byte>(8 * 1024);
        return (buffer, new Utf8JsonWriter(buffer, Writing));
    }
}
