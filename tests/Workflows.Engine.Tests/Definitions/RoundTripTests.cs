using System.Text.Json.Nodes;
using Workflows.Testing;

namespace Workflows.Engine.Tests.Definitions;

public sealed class RoundTripTests
{
    public static TheoryData<string> Golden => [.. GoldenFiles.All.Select(Path.GetFileName).OfType<string>()];

    [Theory]
    [MemberData(nameof(Golden))]
    public void Reading_what_was_written_gives_the_same_definition(string file)
    {
        var first = Samples.Document(GoldenFiles.Text(file));
        var second = Samples.Document(first.Write());

        Assert.True(JsonNode.DeepEquals(first.Json, second.Json));
        Assert.Equal(first.Write(), second.Write());
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void Nothing_of_the_original_is_lost(string file)
    {
        var original = JsonNode.Parse(GoldenFiles.Text(file))!;
        var lost = Lost(Plain(original["model"] ?? original), Samples.Document(GoldenFiles.Text(file)).Json, "$").ToList();

        Assert.Empty(lost);
    }

    [Fact]
    public void Every_nested_activity_of_the_containers_is_found_where_it_stands()
    {
        var graph = Samples.Graph(GoldenFiles.Text("elsa-containers.json"));
        string[] found = [.. graph.Nodes.Where(n => n.NodeId.Count(c => c == ':') > 2).Select(n => n.Id)];

        // Types that the sample catalogue does not know stay whole: their children are found once their type is known.
        Assert.Equal(["t", "c1", "d"], found);
        var document = graph.Workflow.Branch("root")!.Json;
        var nodeIds = Descend(document).OfType<JsonObject>().Where(o => o.ContainsKey("nodeId")).Select(o => (string?)o["id"]).ToHashSet();
        Assert.Superset(new HashSet<string?> { "t", "wb", "eb", "pb", "b1", "b2", "c1", "d", "ok", "um", "en", "tr", "ac" }, nodeIds);
    }

    [Fact]
    public void Numbers_and_text_keep_their_meaning()
    {
        const string Text = """{ "root": { "type": "A", "n": [1.10, -0, 1E-7, 12345678901234567890, 0.1], "s": "“引号” \\u0041 \" / <b>&'\t\u2028 😀" } }""";

        var written = Samples.Document(Samples.Document(Text).Write()).Root;

        Assert.Equal("""[1.10,-0,1E-7,12345678901234567890,0.1]""", written["n"]!.ToJsonString());
        Assert.Equal((string?)JsonNode.Parse(Text)!["root"]!["s"], (string?)written["s"]);
    }

    /// <summary>Old wrappers and names taken off, as the format page says they may be.</summary>
    private static JsonNode? Plain(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject json when json["$values"] is JsonArray values:
                return Plain(values);
            case JsonObject json:
                var plain = new JsonObject();
                foreach (var (name, value) in json)
                {
                    if (name is "applicationProperties")
                        plain["customProperties"] = Plain(value);
                    else if (name is "usableAsActivity" && json.ContainsKey("root"))
                        plain["options"] = new JsonObject { ["usableAsActivity"] = value?.DeepClone() };
                    else if (name is "connections" && value is JsonObject flat && flat.ContainsKey("sourcePort"))
                        plain[name] = new JsonArray(new JsonObject { ["source"] = End(flat, "source"), ["target"] = End(flat, "target") });
                    else
                        plain[name] = Plain(value);
                }

                return plain;
            case JsonArray items:
                return new JsonArray([.. items.Select(Plain)]);
            default:
                return node?.DeepClone();
        }
    }

    private static JsonObject End(JsonObject flat, string name) => new() { ["activity"] = flat[name]?.DeepClone(), ["port"] = flat[name + "Port"]?.DeepClone() };

    /// <summary>Places of the original that are not in the copy; null and absent are the same.</summary>
    private static IEnumerable<string> Lost(JsonNode? original, JsonNode? copy, string path)
    {
        switch (original)
        {
            case null:
                yield break;
            case JsonObject json:
                foreach (var (name, value) in json)
                {
                    foreach (var lost in Lost(value, (copy as JsonObject)?[name], $"{path}.{name}"))
                        yield return lost;
                }

                if (copy is not JsonObject)
                    yield return path;
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    foreach (var lost in Lost(items[i], copy is JsonArray c && c.Count == items.Count ? c[i] : null, $"{path}[{i}]"))
                        yield return lost;
                }

                break;
            default:
                if (!JsonNode.DeepEquals(original, copy))
                    yield return path;
                break;
        }
    }

    private static IEnumerable<JsonNode?> Descend(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(m => Descend(m.Value)).Prepend(node),
        JsonArray items => items.SelectMany(Descend).Prepend(node),
        _ => [node],
    };
}

/// <summary>Exports written down once from the documented shapes; they may be added to, never edited to make a test pass.</summary>
internal static class GoldenFiles
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Workflows.Engine.Tests", "Definitions", "Golden");

    public static IEnumerable<string> All => Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal);

    public static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));
}
