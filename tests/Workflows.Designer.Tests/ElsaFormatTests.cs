using System.Text.Json.Nodes;
using Workflows.Designer.Api;
using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Designer.Tests;

/// <summary>What is exported keeps Elsa's rules for exchanged definitions, checked here without the reader that made it.</summary>
public sealed class ElsaFormatTests
{
    public static TheoryData<string> Shipped() => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "definitions"), "*.json", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Repository.Root, f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void An_exported_definition_keeps_the_rules(string file)
    {
        var document = ProcessDiffTests.Read(File.ReadAllText(Path.Combine(Repository.Root, file)));
        var stored = new StoredDefinition("version-1", document.DefinitionId, 3, document.Name, document.Description, true, true, document.With(("publishedAt", "2026-01-01T00:00:00Z")).Write(), A.Now, A.Now, null);

        var json = JsonNode.Parse(DefinitionEndpoints.Exported(stored))!.AsObject();

        Assert.StartsWith("https://elsaworkflows.io/schemas/workflow-definition/v3", (string?)json["$schema"], StringComparison.Ordinal);
        Assert.Equal(("version-1", document.DefinitionId, 3, true, true), ((string)json["id"]!, (string)json["definitionId"]!, (int)json["version"]!, (bool)json["isLatest"]!, (bool)json["isPublished"]!));
        Assert.True(Version.TryParse((string?)json["toolVersion"], out _));
        Assert.True(DateTimeOffset.TryParse((string?)json["createdAt"], System.Globalization.CultureInfo.InvariantCulture, out _));
        Assert.False(json.ContainsKey("publishedAt"));
        foreach (var list in new[] { "variables", "inputs", "outputs", "outcomes" })
            Assert.IsType<JsonArray>(json[list]);
        foreach (var variable in json["variables"]!.AsArray())
            Assert.True(variable!["id"] is not null && variable["name"] is not null && variable["typeName"] is not null && variable["isArray"] is not null && variable["storageDriverTypeName"] is not null);
        Assert.IsType<JsonObject>(json["options"]);
        Assert.IsType<JsonObject>(json["customProperties"]);
        Activity(json["root"]!.AsObject(), "Workflow1", []);
    }

    private static void Activity(JsonObject activity, string parent, HashSet<string> ids)
    {
        var id = (string)activity["id"]!;
        Assert.True(ids.Add(id), $"id {id} twice");
        Assert.Equal($"{parent}:{id}", (string?)activity["nodeId"]);
        Assert.Contains('.', (string)activity["type"]!);
        Assert.True((int)activity["version"]! >= 1);
        Assert.IsType<JsonObject>(activity["customProperties"]);
        Assert.IsType<JsonObject>(activity["metadata"]);
        foreach (var (member, value) in activity)
        {
            Assert.True(char.IsLower(member[0]), $"{id}.{member}");
            if (value is not JsonObject input || member is "customProperties" or "metadata" || input.ContainsKey("id"))
                continue;
            Assert.True(input.ContainsKey("typeName"), $"{id}.{member} has no typeName");
            if (input["expression"] is { } expression)
                Assert.True(expression["type"] is not null && expression.AsObject().ContainsKey("value"), $"{id}.{member}");
            else
                Assert.True(input["memoryReference"]?["id"] is not null, $"{id}.{member}");
        }

        var children = (activity["activities"] as JsonArray ?? []).Select(a => a!.AsObject()).ToList();
        foreach (var child in children)
            Activity(child, (string)activity["nodeId"]!, ids);
        foreach (var connection in activity["connections"] as JsonArray ?? [])
        {
            Assert.Contains((string?)connection!["source"]!["activity"], children.Select(c => (string?)c["id"]));
            Assert.Contains((string?)connection["target"]!["activity"], children.Select(c => (string?)c["id"]));
            Assert.NotNull((string?)connection["source"]!["port"]);
            Assert.Equal("In", (string?)connection["target"]!["port"]);
            Assert.IsType<JsonArray>(connection["vertices"]);
        }
    }
}
