using System.Text.Json;
using System.Text.Json.Serialization;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Instances;

/// <summary>The stored form of an instance: compact JSON, nulls left out. Older forms must stay readable for ever.</summary>
public static class InstanceCodec
{
    public static byte[] Write(WorkflowInstance instance) => CompactJson.Bytes(instance, InstanceJson.Default.WorkflowInstance);

    public static WorkflowInstance Read(ReadOnlySpan<byte> state) =>
        JsonSerializer.Deserialize(state, InstanceJson.Default.WorkflowInstance)
        ?? throw new InvalidDataException("The stored state of an instance is empty.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(WorkflowInstance))]
internal sealed partial class InstanceJson : JsonSerializerContext;
