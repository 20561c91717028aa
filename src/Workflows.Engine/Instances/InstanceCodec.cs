using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workflows.Engine.Instances;

/// <summary>The stored form of an instance: compact JSON, nulls left out. Older forms must stay readable for ever.</summary>
public static class InstanceCodec
{
    // Chinese stays as it is: escaped it would take twice the bytes, and the text never goes into HTML as it stands.
    private static readonly InstanceJson Shapes = new(new JsonSerializerOptions(InstanceJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static byte[] Write(WorkflowInstance instance) => JsonSerializer.SerializeToUtf8Bytes(instance, Shapes.WorkflowInstance);

    public static WorkflowInstance Read(ReadOnlySpan<byte> state) =>
        JsonSerializer.Deserialize(state, Shapes.WorkflowInstance)
        ?? throw new InvalidDataException("The stored state of an instance is empty.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(WorkflowInstance))]
internal sealed partial class InstanceJson : JsonSerializerContext;
