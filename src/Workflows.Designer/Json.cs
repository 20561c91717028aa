using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workflows.Designer;

/// <summary>JSON as Studio speaks it: camel case names written out, Chinese as it is.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 };

    public static string Text(JsonNode node) => node.ToJsonString(Writing);

    public static IResult Answer(JsonNode node, int status = 200) => Results.Text(Text(node), "application/json", null, status);

    /// <summary>{items, count}.</summary>
    public static JsonObject List(IEnumerable<JsonNode> items)
    {
        var array = Array(items);
        return new JsonObject { ["items"] = array, ["count"] = array.Count };
    }

    public static JsonArray Array(IEnumerable<JsonNode> items) => [.. items];

    public static JsonArray Texts(IEnumerable<string> items) => [.. items.Select(i => (JsonNode)i)];

    public static string Instant(DateTimeOffset at) => at.ToString("O");
}
