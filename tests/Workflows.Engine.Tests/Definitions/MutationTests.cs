using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Tests.Definitions;

/// <summary>Valid definitions, damaged at random: every text is read or refused with a place, and nothing throws.</summary>
public sealed class MutationTests
{
    private const int Cases = 1_000;
    private const int Seed = 20260301;

    private static readonly string[] Raw =
    [
        "1e400", "-1e400", "1E-400", "-0", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\ud83d\"", "{\"a\":1,\"a\":2}",
        "{\"__proto__\":{\"type\":\"Elsa.Start\",\"id\":\"p\"}}", "{\"constructor\":null,\"$values\":[null]}", "{\"$values\":{\"$values\":[]}}",
        new string('[', 10_000) + new string(']', 10_000), new string('[', 80), "\"" + new string('长', 3_000) + "\"", "\"" + new string('x', 3_000_000) + "\"",
        "{\"type\":\"Elsa.NotFoundActivity\",\"originalActivityJson\":\"{\\\"type\\\":\\\"Elsa.If\\\"}\"}", "{\"type\":\"Elsa.NotFoundActivity\",\"originalActivityJson\":\"{\"}",
        "{\"type\":\"Elsa.If\",\"then\":{\"type\":\"Elsa.Flowchart\",\"activities\":[{}]}}", "99999999999999999999999", "nul", "\"\"", "{}", "[]", "[[]]", "null", "true",
        "{\"type\":\"Variable\",\"value\":\"{\\\"id\\\":5}\"}", "{\"typeName\":\"Int32\",\"expression\":{\"type\":\"Literal\",\"value\":{}}}", "{\"typeName\":5,\"expression\":7}",
    ];

    [Fact]
    public void A_thousand_damaged_definitions_never_throw_and_every_refusal_names_a_place()
    {
        var random = new Random(Seed);
        var bases = GoldenFiles.All.Select(File.ReadAllText).ToList();
        var (read, refused) = (0, 0);
        for (var i = 0; i < Cases; i++)
        {
            var text = Damage(bases[i % bases.Count], random);
            try
            {
                switch (DefinitionReader.Read(text))
                {
                    case ReadResult.Read { Document: var document }:
                        read++;
                        Use(document);
                        break;
                    case ReadResult.Refused { Problems: var problems }:
                        refused++;
                        Assert.NotEmpty(problems);
                        Assert.All(problems, p => Assert.True(p.Path.StartsWith('$') && p.Zh.Length > 0 && p.En.Length > 0 && p.Code.Length > 0));
                        break;
                }
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {Seed}, case {i}: {e}\n{(text.Length > 4_000 ? text[..4_000] : text)}");
            }
        }

        Assert.Equal(Cases, read + refused);
        Assert.InRange(read, 100, Cases - 100);
    }

    private static void Use(DefinitionDocument document)
    {
        var written = document.Write();
        Assert.True(JsonNode.DeepEquals(document.Json, Samples.Document(written).Json));
        var graph = GraphCompiler.Compile(document, Samples.Catalogue, ExpressionLanguages.BuiltIn);
        var validation = DefinitionValidator.Validate(graph);
        Assert.All(validation.Faults, f => Assert.True(f.NodeId.StartsWith("Workflow1", StringComparison.Ordinal) && f.Zh.Length > 0));
        UnknownActivities.ForStudio(document, (type, _) => Samples.Catalogue.Find(type) is not null);
    }

    private static string Damage(string text, Random random)
    {
        var json = JsonNode.Parse(text)!;
        var raw = new List<string>();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var places = Places(json).ToList();
            Change(places[random.Next(places.Count)], places, random, raw);
        }

        var damaged = json.ToJsonString();
        for (var i = 0; i < raw.Count; i++)
            damaged = damaged.Replace($"\"@raw{i}@\"", raw[i], StringComparison.Ordinal);
        return random.Next(12) switch
        {
            0 => damaged[..random.Next(damaged.Length)],
            1 => damaged.Remove(random.Next(damaged.Length), 1),
            2 => damaged.Insert(random.Next(damaged.Length), ((char)random.Next(1, 0x2000)).ToString()),
            _ => damaged,
        };
    }

    private static void Change(JsonNode node, List<JsonNode> places, Random random, List<string> raw)
    {
        if (node is JsonArray items)
        {
            if (items.Count > 0 && random.Next(2) == 0)
                items.RemoveAt(random.Next(items.Count));
            else
                items.Insert(random.Next(items.Count + 1), Other(places, random, raw));
            return;
        }

        var members = (JsonObject)node;
        if (members.Count == 0)
        {
            members["x"] = Other(places, random, raw);
            return;
        }

        var name = members.ElementAt(random.Next(members.Count)).Key;
        switch (random.Next(5))
        {
            case 0:
                members.Remove(name);
                break;
            case 1:
                members[name.ToUpperInvariant() + random.Next(3).ToString(CultureInfo.InvariantCulture)] = members[name]?.DeepClone();
                break;
            case 2 when members.ContainsKey("id"):
                // A doubled id, or a connection end that leads nowhere.
                members["id"] = random.Next(2) == 0 ? "fc" : "nowhere";
                break;
            case 3 when members.ContainsKey("activity"):
                members["activity"] = "nowhere";
                break;
            default:
                members[name] = Other(places, random, raw);
                break;
        }
    }

    private static JsonNode? Other(List<JsonNode> places, Random random, List<string> raw)
    {
        switch (random.Next(6))
        {
            case 0:
                return null;
            case 1:
                return random.Next(-5, 5);
            case 2:
                return places[random.Next(places.Count)].DeepClone();
            default:
                raw.Add(Raw[random.Next(Raw.Length)]);
                return $"@raw{raw.Count - 1}@";
        }
    }

    private static IEnumerable<JsonNode> Places(JsonNode node)
    {
        yield return node;
        foreach (var child in node is JsonArray items ? items.ToList() : ((JsonObject)node).Select(m => m.Value).ToList())
        {
            if (child is not (JsonObject or JsonArray))
                continue;
            foreach (var place in Places(child))
                yield return place;
        }
    }
}
