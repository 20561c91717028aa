using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workflows.Engine.Definitions;

/// <summary>
/// Parses JSON from strangers into a tree, or tells where and why not. Refuses what would later break somewhere else:
/// duplicate keys (two readers would see two documents), NUL and lone surrogates (PostgreSQL cannot store them), numbers no
/// double can hold, nesting beyond the limit. The tree is built at once, so that reading it from many threads is safe.
/// </summary>
public static class StrictJson
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What became of a text.</summary>
    public abstract record Result
    {
        private Result()
        {
        }

        public sealed record Parsed(JsonNode? Node) : Result;

        public sealed record Refused(DefinitionProblem Problem) : Result;
    }

    public static Result Parse(string text, DefinitionLimits limits)
    {
        if (text.Length > limits.Bytes)
            return TooLong(limits);

        byte[] bytes;
        try
        {
            bytes = Utf8.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            return Refuse("bad-surrogate", "$", $"第 {e.Index} 个字符是不完整的代理对", $"character {e.Index} is half of a surrogate pair");
        }

        return Parse(bytes, limits);
    }

    public static Result Parse(ReadOnlySpan<byte> bytes, DefinitionLimits limits)
    {
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        if (bytes.Length > limits.Bytes)
            return TooLong(limits);

        var open = new Stack<Frame>();
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = limits.Depth + 2 });
        JsonNode? root = null;
        try
        {
            while (reader.Read())
            {
                if (Step(ref reader, open, ref root, limits) is { } refused)
                    return refused;
            }
        }
        catch (JsonException e)
        {
            return Refuse("not-json", PathOf(open), $"第 {e.LineNumber + 1} 行第 {e.BytePositionInLine + 1} 字节不是有效的 JSON", $"not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
        // The reader reports an escape that is half of a surrogate pair, and bytes that are not UTF-8, this way.
        catch (InvalidOperationException)
        {
            return Refuse("bad-surrogate", PathOf(open), "文本含有无效的字符编码", "a text is not valid Unicode");
        }

        return new Result.Parsed(root);
    }

    private static Result.Refused? Step(ref Utf8JsonReader reader, Stack<Frame> open, ref JsonNode? root, DefinitionLimits limits)
    {
        JsonNode? value;
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                var name = reader.GetString()!;
                var frame = open.Peek();
                frame.Name = name;
                if (name.Contains('\0', StringComparison.Ordinal))
                    return Nul(open);
                if (((JsonObject)frame.Node).ContainsKey(name))
                    return Refuse("duplicate-key", PathOf(open), "同一对象中有重复的键", "the key occurs twice in one object");
                return null;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                open.Pop();
                return null;
            case JsonTokenType.StartObject:
                value = new JsonObject();
                break;
            case JsonTokenType.StartArray:
                value = new JsonArray();
                break;
            case JsonTokenType.String:
                var text = reader.GetString()!;
                if (text.Contains('\0', StringComparison.Ordinal))
                    return Nul(open);
                value = JsonValue.Create(text);
                break;
            case JsonTokenType.Number:
                if (!reader.TryGetDouble(out var number) || !double.IsFinite(number))
                    return Refuse("bad-number", PathOf(open), "数字超出范围", "the number is out of range");
                value = JsonValue.Create(JsonElement.ParseValue(ref reader));
                break;
            case JsonTokenType.Null:
                value = null;
                break;
            default:
                value = JsonValue.Create(reader.GetBoolean());
                break;
        }

        if (open.TryPeek(out var parent))
            parent.Add(value);
        else
            root = value;

        if (value is JsonObject or JsonArray)
        {
            if (open.Count >= limits.Depth)
                return Refuse("too-deep", PathOf(open), $"嵌套超过 {limits.Depth} 层", $"nested deeper than {limits.Depth}");
            open.Push(new Frame(value));
        }

        return null;
    }

    private static Result.Refused Nul(Stack<Frame> open) => Refuse("nul-character", PathOf(open), "文本含有 NUL 字符", "a text contains a NUL character");

    private static Result.Refused TooLong(DefinitionLimits limits) =>
        Refuse("too-large", "$", $"内容超过 {limits.Bytes} 字节", $"larger than {limits.Bytes} bytes");

    private static Result.Refused Refuse(string code, string path, string zh, string en) => new(new DefinitionProblem(code, path, zh, en));

    private static string PathOf(Stack<Frame> open)
    {
        var path = new StringBuilder("$");
        foreach (var frame in open.Reverse())
            JsonPath.Append(path, frame.Node is JsonArray items ? Math.Max(0, items.Count - 1) : frame.Name);
        return path.ToString();
    }

    private sealed class Frame(JsonNode node)
    {
        public JsonNode Node { get; } = node;

        public string? Name { get; set; }

        public void Add(JsonNode? value)
        {
            if (Node is JsonArray items)
                items.Add(value);
            else
                ((JsonObject)Node).Add(Name!, value);
        }
    }
}
