using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Workflows.Activities.Http;

/// <summary>Why an HTTP endpoint does not take a request; each may be shown as an outcome of the workflow instead of a refusal.</summary>
public enum HttpRefusal
{
    RequestTooLarge,
    FileTooLarge,
    InvalidFileExtension,
    InvalidFileMimeType,
}

/// <summary>
/// What an HTTP endpoint accepts as uploaded files. Kept beside the route in triggers and bookmarks, and applied by the host
/// before anything of the request reaches an instance.
/// </summary>
public sealed record UploadRules
{
    /// <summary>
    /// Most bytes of all files of one request together. Files live in the instance's state in base64, possibly in three places
    /// (result, all files, first file), and that state is at most 1 MB.
    /// </summary>
    public const int MostBytes = 240 * 1024;

    private static readonly JsonSerializerOptions Shape = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Most bytes of one file; null leaves it to <see cref="MostBytes"/>.</summary>
    public long? FileSizeLimit { get; init; }

    /// <summary>With or without the dot; empty or null allows all.</summary>
    public string[]? AllowedFileExtensions { get; init; }

    public string[]? BlockedFileExtensions { get; init; }

    /// <summary>"image/png" or "image/*", compared with what the sender claims; empty or null allows all.</summary>
    public string[]? AllowedMimeTypes { get; init; }

    /// <summary>What becomes an outcome instead of a refusal.</summary>
    public HttpRefusal[]? Exposed { get; init; }

    public static UploadRules None { get; } = new();

    public bool Exposes(HttpRefusal refusal) => Exposed?.Contains(refusal) == true;

    /// <summary>Why a file is not taken; null when it is.</summary>
    public HttpRefusal? Refuse(string fileName, string? contentType, long length) =>
        length > (FileSizeLimit ?? MostBytes) ? HttpRefusal.FileTooLarge
        : !TakesExtension(ExtensionOf(fileName)) ? HttpRefusal.InvalidFileExtension
        : !TakesType(contentType) ? HttpRefusal.InvalidFileMimeType
        : null;

    public JsonNode? ToJson() => JsonSerializer.SerializeToNode(this, Shape);

    /// <summary>Reads what <see cref="ToJson"/> wrote; triggers stored before there were such rules have none.</summary>
    public static UploadRules Read(JsonNode? json) => json?.Deserialize<UploadRules>(Shape) ?? None;

    /// <summary>Without the dot. Trailing dots and blanks are no way around: some file systems drop them and run "a.exe. " as a program.</summary>
    private static string ExtensionOf(string fileName)
    {
        var name = fileName.TrimEnd('.', ' ');
        return name.LastIndexOf('.') is var dot and >= 0 ? name[(dot + 1)..] : "";
    }

    private bool TakesExtension(string extension)
    {
        bool In(string[] list) => list.Any(e => e.Trim().TrimStart('.').Equals(extension, StringComparison.OrdinalIgnoreCase));
        return (AllowedFileExtensions is not { Length: > 0 } allowed || In(allowed)) && !In(BlockedFileExtensions ?? []);
    }

    private bool TakesType(string? contentType)
    {
        if (AllowedMimeTypes is not { Length: > 0 } allowed)
            return true;
        var type = (contentType ?? "").Split(';')[0].Trim();
        return allowed.Select(a => a.Trim()).Any(a => a.EndsWith("/*", StringComparison.Ordinal)
            ? type.StartsWith(a[..^1], StringComparison.OrdinalIgnoreCase)
            : a.Equals(type, StringComparison.OrdinalIgnoreCase));
    }
}
