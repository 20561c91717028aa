using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Workflows.Engine.Clocks;
using Workflows.Engine.Organisation;
using Workflows.Engine.UserTasks;

namespace Workflows.Persistence.Databases;

/// <summary>Shapes we store as JSON text.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(UserTask))]
[JsonSerializable(typeof(RunningClock))]
[JsonSerializable(typeof(StoredEntry[]))]
[JsonSerializable(typeof(IReadOnlyList<StepWithoutPerson>))]
[JsonSerializable(typeof(List<StepWithoutPerson>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
internal sealed partial class StoredJson : JsonSerializerContext;

/// <summary>How JSON is written into text columns.</summary>
internal static class JsonText
{
    // Chinese stays as it is, as in CompactJson.
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For rows that are sent to the database as JSON.</summary>
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string? Write(JsonNode? node) => node?.ToJsonString(Compact);
}
