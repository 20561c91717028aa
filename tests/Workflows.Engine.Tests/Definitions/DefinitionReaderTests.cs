using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;

namespace Workflows.Engine.Tests.Definitions;

public sealed class DefinitionReaderTests
{
    [Theory]
    [InlineData("""{ "name": "n", "root": { "type": "Elsa.Start" } }""")]
    [InlineData("""{ "model": { "name": "n", "root": { "type": "Elsa.Start" } }, "publish": true }""")]
    [InlineData("\uFEFF{ \"name\": \"n\", \"root\": { \"type\": \"Elsa.Start\", \"version\": null, \"id\": null } }")]
    public void A_name_and_a_root_are_enough(string text)
    {
        var document = Read(text);

        Assert.Equal(("n", 1, "start1", "Workflow1:start1"), (document.Name, document.Version, (string?)document.Root["id"], (string?)document.Root["nodeId"]));
    }

    [Fact]
    public void A_save_request_tells_whether_to_publish()
    {
        Assert.True(Assert.IsType<ReadResult.Read>(DefinitionReader.Read("""{ "model": { "root": { "type": "A" } }, "publish": true }""")).Publish);
        Assert.Null(Assert.IsType<ReadResult.Read>(DefinitionReader.Read("""{ "model": { "root": { "type": "A" } }, "publish": null }""")).Publish);
    }

    [Theory]
    [InlineData("""[{ "source": "a", "sourcePort": "Done", "target": "b", "targetPort": "In" }]""")]
    [InlineData("""[{ "source": "a", "target": "b" }]""")]
    [InlineData("""{ "source": { "activity": "a" }, "target": { "activity": "b", "port": null } }""")]
    [InlineData("""{ "source": "a", "sourcePort": null, "target": "b", "targetPort": null }""")]
    [InlineData("""{ "$id": "7", "$values": [{ "source": { "activity": "a", "port": "Done" }, "target": { "activity": "b", "port": "In" } }] }""")]
    [InlineData("""[null, { "source": { "activity": "a", "port": "Done" }, "target": { "activity": "b", "port": "In" } }, { "source": { "activity": "a" } }, { "source": {}, "target": "b" }]""")]
    public void Connections_of_every_age_become_one_shape(string connections)
    {
        var document = Read($$"""{ "root": { "type": "Elsa.Flowchart", "activities": { "$values": [{ "id": "a", "type": "X" }, { "id": "b", "type": "X" }] }, "connections": {{connections}} } }""");

        AssertSame("""[{ "source": { "activity": "a", "port": "Done" }, "target": { "activity": "b", "port": "In" } }]""", document.Root["connections"]);
        Assert.Equal(2, ((JsonArray)document.Root["activities"]!).Count);
    }

    [Fact]
    public void Unknown_members_of_connections_are_kept()
    {
        var document = Read("""{ "root": { "type": "Elsa.Flowchart", "activities": [], "connections": [{ "source": "a", "target": "b", "vertices": [{ "x": 1, "y": 2 }], "label": "是" }] } }""");

        AssertSame("""[{ "source": { "activity": "a", "port": "Done" }, "target": { "activity": "b", "port": "In" }, "vertices": [{ "x": 1, "y": 2 }], "label": "是" }]""", document.Root["connections"]);
    }

    [Fact]
    public void Old_members_move_to_their_new_place()
    {
        var document = Read("""
            { "usableAsActivity": true, "applicationProperties": { "a": 1, "b": 2 }, "customProperties": { "b": 3 },
              "root": { "type": "X", "applicationProperties": { "canStartWorkflow": true } } }
            """);

        Assert.True(document.IsUsableAsActivity);
        AssertSame("""{ "b": 3, "a": 1 }""", document.Json["customProperties"]);
        AssertSame("""{ "canStartWorkflow": true }""", document.Root["customProperties"]);
        Assert.False(document.Json.ContainsKey("usableAsActivity") || document.Json.ContainsKey("applicationProperties"));
    }

    [Fact]
    public void Missing_ids_are_made_and_never_clash_and_node_ids_are_always_ours()
    {
        var document = Read("""
            { "root": { "id": "fc", "type": "Elsa.Flowchart", "nodeId": "wrong", "activities": [
                { "type": "Elsa.If", "then": { "type": "Elsa.WriteLine" }, "else": { "id": "writeLine1", "type": "Elsa.WriteLine" } },
                { "type": "Elsa.Switch", "cases": [{ "label": "a", "condition": { "type": "JavaScript", "value": "1" }, "activity": { "type": "Elsa.WriteLine" } }] } ] } }
            """);

        Assert.Equal("Workflow1:fc", (string?)document.Root["nodeId"]);
        var activities = (JsonArray)document.Root["activities"]!;
        Assert.Equal("Workflow1:fc:if1:writeLine2", (string?)activities[0]!["then"]!["nodeId"]);
        Assert.Equal("Workflow1:fc:switch1:writeLine3", (string?)activities[1]!["cases"]![0]!["activity"]!["nodeId"]);
        Assert.False(((JsonObject)activities[1]!["cases"]![0]!["condition"]!).ContainsKey("id"));
    }

    [Fact]
    public void Parked_connections_of_activities_that_are_back_return()
    {
        var document = Read("""
            { "root": { "type": "Elsa.Flowchart", "activities": [{ "id": "a", "type": "X" }, { "id": "b", "type": "Y" }], "connections": [],
              "customProperties": { "notFoundConnections": [{ "source": { "activity": "a", "port": "Done" }, "target": { "activity": "b", "port": "In" } }, { "source": { "activity": "a", "port": "Done" }, "target": { "activity": "gone", "port": "In" } }] } } }
            """);

        Assert.Equal("b", (string?)Assert.Single((JsonArray)document.Root["connections"]!)!["target"]!["activity"]);
        Assert.Equal("gone", (string?)Assert.Single((JsonArray)document.Root["customProperties"]!["notFoundConnections"]!)!["target"]!["activity"]);
    }

    [Fact]
    public void A_stand_in_for_Studio_carries_the_unknown_activity_and_turns_back_where_it_was_moved()
    {
        var document = Read("""
            { "root": { "id": "fc", "type": "Elsa.Flowchart", "activities": [
                { "id": "u", "type": "Acme.X", "version": 3, "secret": [1, { "deep": null }], "metadata": { "designer": { "position": { "x": 1, "y": 1 } } } },
                { "id": "i", "type": "Elsa.If", "then": { "id": "n", "type": "Acme.Y", "data": "保留" } } ] } }
            """);

        var shown = UnknownActivities.ForStudio(document, (type, _) => type.StartsWith("Elsa.", StringComparison.Ordinal));
        var standIn = (JsonObject)shown["root"]!["activities"]![0]!;
        Assert.Equal(("Elsa.NotFoundActivity", "Acme.X"), ((string?)standIn["type"], (string?)standIn["missingTypeName"]));
        standIn["metadata"]!["designer"]!["position"]!["x"] = 99;

        var back = Read(shown.ToJsonString());
        Assert.Equal(99, (int)back.Root["activities"]![0]!["metadata"]!["designer"]!["position"]!["x"]!);
        back.Root["activities"]![0]!["metadata"]!["designer"]!["position"]!["x"] = 1;
        AssertSame(document.Root.ToJsonString(), back.Root);
    }

    [Theory]
    [InlineData("", "not-json", "$")]
    [InlineData("[]", "not-a-definition", "$")]
    [InlineData("null", "not-a-definition", "$")]
    [InlineData("""{ "name": "n" }""", "missing-root", "$.root")]
    [InlineData("""{ "model": { "name": "n" } }""", "missing-root", "$.model.root")]
    [InlineData("""{ "root": 5 }""", "missing-root", "$.root")]
    [InlineData("""{ "root": {} }""", "missing-type", "$.root.type")]
    [InlineData("""{ "root": { "type": "Elsa.Sequence", "activities": [{ "type": "A" }, { "id": "b" }] } }""", "missing-type", "$.root.activities[1].type")]
    [InlineData("""{ "root": { "type": "Elsa.Sequence", "activities": [7] } }""", "not-an-activity", "$.root.activities[0]")]
    [InlineData("""{ "root": { "type": "Elsa.Sequence", "activities": "x" } }""", "bad-type", "$.root.activities")]
    [InlineData("""{ "root": { "type": "A", "id": 5 } }""", "bad-type", "$.root.id")]
    [InlineData("""{ "root": { "type": "A", "version": "new" } }""", "bad-type", "$.root.version")]
    [InlineData("""{ "root": { "type": "A", "customProperties": [] } }""", "bad-type", "$.root.customProperties")]
    [InlineData("""{ "root": { "type": "A" }, "variables": {} }""", "bad-type", "$.variables")]
    [InlineData("""{ "root": { "type": "A" }, "variables": [1] }""", "bad-type", "$.variables[0]")]
    [InlineData("""{ "root": { "type": "A" }, "inputs": [{ "type": "String" }] }""", "missing-name", "$.inputs[0].name")]
    [InlineData("""{ "root": { "type": "Elsa.Flowchart", "connections": [3] } }""", "bad-type", "$.root.connections[0]")]
    [InlineData("""{ "root": { "type": "Elsa.Flowchart", "connections": [{ "source": 1, "target": "b" }] } }""", "bad-type", "$.root.connections[0].source")]
    [InlineData("""{ "name": "a", "name": "b" }""", "duplicate-key", "$.name")]
    [InlineData("""{ "root": { "type": "A", "x y": { "n": 1e400 } } }""", "bad-number", "$.root['x y'].n")]
    [InlineData("""{ "root": { "type": "A", "t": "a\u0000b" } }""", "nul-character", "$.root.t")]
    [InlineData("""{ "root": { "type": "A", "t": ["ok", "\ud800"] } }""", "bad-surrogate", "$.root.t[0]")]
    [InlineData("""{ "root": { "type": "A", }""", "not-json", "$.root.type")]
    public void A_refusal_names_the_place(string text, string code, string path)
    {
        var problem = Refused(text)[0];

        Assert.Equal((code, path), (problem.Code, problem.Path));
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", problem.Zh);
        Assert.NotEmpty(problem.En);
    }

    [Fact]
    public void The_limits_hold()
    {
        Assert.Equal("too-large", Refused("{\"name\":\"" + new string('x', 2 * 1024 * 1024) + "\"}")[0].Code);
        Assert.Equal("too-large", Refused("{\"name\":\"" + new string('同', 800_000) + "\"}")[0].Code);
        Assert.Equal("too-deep", Refused(new string('[', 10_000))[0].Code);
        Assert.Equal("too-deep", Refused("{\"root\":" + string.Concat(Enumerable.Repeat("{\"type\":\"Elsa.If\",\"then\":", 100)) + "null" + new string('}', 101))[0].Code);
        Assert.Equal("too-long", Refused("{\"root\":{\"type\":\"A\",\"id\":\"" + new string('x', 1000) + "\"}}")[0].Code);
        Assert.Equal("bad-surrogate", Refused("{\"name\":\"" + '\ud800' + "\"}")[0].Code);

        string Many(int count) => "{\"root\":{\"type\":\"Elsa.Sequence\",\"activities\":[" + string.Join(',', Enumerable.Repeat("{\"type\":\"A\"}", count)) + "]}}";
        Assert.Equal("too-many-activities", Assert.Single(Refused(Many(2_000))).Code);
        Read(Many(1_999));
    }

    [Fact]
    public void Bytes_that_are_not_text_are_refused()
    {
        Assert.IsType<ReadResult.Refused>(DefinitionReader.Read([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]));
        Assert.IsType<ReadResult.Refused>(DefinitionReader.Read(Encoding.Unicode.GetBytes("{}")));
        Assert.IsType<ReadResult.Refused>(DefinitionReader.Read([]));
    }

    internal static void AssertSame(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nbut was {actual?.ToJsonString()}");

    private static DefinitionDocument Read(string text) => Samples.Document(text);

    private static IReadOnlyList<DefinitionProblem> Refused(string text) => Assert.IsType<ReadResult.Refused>(DefinitionReader.Read(text)).Problems;
}
