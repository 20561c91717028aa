using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workflows.Engine.Bookmarks;

/// <summary>
/// Elsa's hash of a stimulus: upper-case hexadecimal SHA-256 over the non-empty parts name, payload and activity
/// instance id, joined with '|'. External callers compute it too, so it must not change.
/// </summary>
public static class StimulusHash
{
    // Elsa's serializer for bookmark payloads escapes as System.Text.Json does by default.
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>Hashes a stimulus. Null members of <paramref name="payload"/> are left out; names are taken as given (Pascal case in Elsa).</summary>
    public static string Compute(string name, JsonNode? payload, string? activityInstanceId = null)
    {
        string?[] parts = [name, payload is null ? null : WithoutNulls(payload)!.ToJsonString(Compact), activityInstanceId];
        var text = string.Join('|', parts.Where(p => !string.IsNullOrEmpty(p)));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static JsonNode? WithoutNulls(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Where(m => m.Value is not null).Select(m => KeyValuePair.Create(m.Key, WithoutNulls(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(WithoutNulls)]),
        null => null,
        _ => node.DeepClone(),
    };
}
