using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workflows.Engine.Definitions;

/// <summary>
/// A definition in canonical Elsa JSON: old shapes made new, ids assigned, everything unknown kept. Made by
/// <see cref="DefinitionReader"/>; its JSON is shared and must not be changed: use <see cref="With"/>.
/// </summary>
public sealed class DefinitionDocument
{
    /// <summary>Id of the workflow node in every node id.</summary>
    public const string WorkflowId = "Workflow1";

    internal const string PublishedAtMember = "publishedAt";

    internal static readonly JsonSerializerOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 };

    internal DefinitionDocument(JsonObject json) => Json = json;

    public JsonObject Json { get; }

    /// <summary>Id of the version; empty when the text gave none and it was never stored.</summary>
    public string VersionId => Json.Text("id") ?? "";

    /// <summary>Id of the definition; empty when the text gave none and it was never stored.</summary>
    public string DefinitionId => Json.Text("definitionId") ?? "";

    public int Version => Json.Number("version") ?? 1;

    public string Name => Json.Text("name") ?? "";

    public string? Description => Json.Text("description");

    public JsonObject Root => (JsonObject)Json["root"]!;

    /// <summary>True once this version was published, also after it was retracted: instances may run on it, so it must not change any more.</summary>
    public bool WasPublished => Json.Text(PublishedAtMember) is not null;

    public bool IsUsableAsActivity => Json.Object("options").Flag("usableAsActivity");

    /// <summary>A copy with some members of the header replaced; null removes one.</summary>
    public DefinitionDocument With(params ReadOnlySpan<(string Member, JsonNode? Value)> members)
    {
        var copy = (JsonObject)Json.DeepClone();
        foreach (var (member, value) in members)
        {
            if (value is null)
                copy.Remove(member);
            else
                copy[member] = value;
        }

        return new DefinitionDocument(copy);
    }

    /// <summary>The text that is stored and exchanged.</summary>
    public string Write() => Json.ToJsonString(Writing);
}
