using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Workflows.Designer.Studio;

/// <summary>
/// The files of Elsa Studio as the build brought them, and the designer's own styles and scripts. Anybody may have them: nothing in
/// them is anybody's own. They are answered before anything asks who is there, because a first visit takes some 130 of them.
/// </summary>
internal sealed partial class StudioFiles
{
    public const string BasePath = "/designer";
    private const string OwnAssets = "assets/";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".json"] = "application/json",
        [".wasm"] = "application/wasm",
        [".dat"] = "application/octet-stream",
        [".png"] = "image/png",
        [".svg"] = "image/svg+xml",
        [".ico"] = "image/x-icon",
        [".cur"] = "image/x-icon",
        [".ttf"] = "font/ttf",
        [".woff"] = "font/woff",
        [".woff2"] = "font/woff2",
        [".webmanifest"] = "application/manifest+json",
    }.ToFrozenDictionary();

    /// <summary>The package's own pages: ours stand in their place.</summary>
    private static readonly FrozenSet<string> Left = FrozenSet.Create("index.html", "package.json", ".complete");

    private readonly FrozenDictionary<string, string> _paths;
    private readonly FrozenDictionary<string, byte[]> _own;
    private readonly ConcurrentDictionary<string, string> _tags = new(StringComparer.Ordinal);

    public StudioFiles()
        : this(FindFolder())
    {
    }

    internal StudioFiles(string? folder)
    {
        Folder = folder;
        _paths = folder is null
            ? FrozenDictionary<string, string>.Empty
            : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(f => (Name: Path.GetRelativePath(folder, f).Replace('\\', '/'), Path: f))
                .Where(f => !Left.Contains(f.Name))
                .ToFrozenDictionary(f => f.Name, f => f.Path, StringComparer.Ordinal);
        var assembly = typeof(StudioFiles).Assembly;
        const string prefix = "Workflows.Designer.Studio.Assets.";
        _own = assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(n => OwnAssets + n[prefix.Length..], Read, StringComparer.Ordinal);

        byte[] Read(string name)
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }
    }

    /// <summary>Where the files are; null when the build could not bring them.</summary>
    public string? Folder { get; }

    /// <summary>True when the designer can be shown.</summary>
    public bool AreThere => _paths.ContainsKey("_framework/blazor.webassembly.js");

    /// <summary>Changes with the designer's own assets, so that they are loaded anew.</summary>
    public string OwnVersion => _ownVersion ??= Tag(_own.OrderBy(o => o.Key, StringComparer.Ordinal).SelectMany(o => o.Value).ToArray()).Trim((char)34);

    private string? _ownVersion;

    /// <summary>Answers a request for one of the files; false when the address is not one.</summary>
    public async Task<bool> TrySendAsync(HttpContext http)
    {
        var request = http.Request;
        if (!(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) || !request.Path.StartsWithSegments(BasePath, StringComparison.Ordinal, out var rest))
            return false;
        var name = rest.Value!.TrimStart('/');
        if (_own.TryGetValue(name, out var own))
        {
            // Their addresses carry the version.
            await SendAsync(http, name, request.Query.ContainsKey("v"), Tag(own), null, null, own);
            return true;
        }

        if (!_paths.TryGetValue(name, out var path) || name.EndsWith(".br", StringComparison.Ordinal))
            return false;
        var compressed = request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal) && _paths.TryGetValue(name + ".br", out var small) ? small : null;
        var sent = compressed ?? path;
        var tag = _tags.GetOrAdd(sent, static p => Tag(File.ReadAllBytes(p)));
        await SendAsync(http, name, Fingerprint().IsMatch(name), tag, compressed is null ? null : "br", sent, null);
        return true;
    }

    private static async Task SendAsync(HttpContext http, string name, bool isFixed, string tag, string? encoding, string? path, byte[]? content)
    {
        var response = http.Response;
        response.Headers.CacheControl = isFixed ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch.ToString().Split(',').Any(t => t.Trim() == tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = Types.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream");
        if (encoding is not null)
            response.Headers.ContentEncoding = encoding;
        response.ContentLength = content?.Length ?? new FileInfo(path!).Length;
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        if (content is not null)
            await response.Body.WriteAsync(content, http.RequestAborted);
        else
            await response.SendFileAsync(path!, http.RequestAborted);
    }

    /// <summary>Beside a published program, else where the build put them.</summary>
    private static string? FindFolder()
    {
        var built = typeof(StudioFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "StudioFolder")?.Value;
        return new[] { Path.Combine(AppContext.BaseDirectory, "studio"), built }.FirstOrDefault(f => f is not null && File.Exists(Path.Combine(f, ".complete")));
    }

    private static string Tag(byte[] content) => $"\"{Convert.ToHexString(SHA256.HashData(content))[..20]}\"";

    /// <summary>Names that change with their content.</summary>
    [GeneratedRegex(@"\.[a-z0-9]{10}\.(wasm|js|dat|css)$")]
    private static partial Regex Fingerprint();
}
