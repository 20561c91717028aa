using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Workflows.Host.Pages;

/// <summary>Style, script and icon of the pages: part of the program, so that a host needs no folder beside it.</summary>
internal static class Assets
{
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        ["app.css"] = "text/css; charset=utf-8",
        ["app.js"] = "text/javascript; charset=utf-8",
        ["charts.js"] = "text/javascript; charset=utf-8",
        ["echarts.js"] = "text/javascript; charset=utf-8",
        ["icon.svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, (byte[] Content, string Tag)> Files = Types.Keys.ToFrozenDictionary(name => name, Read);

    public static void MapAssets(this IEndpointRouteBuilder app) =>
        app.MapGet("/assets/{name}", (string name, HttpContext http) =>
        {
            if (!Files.TryGetValue(name, out var file))
                return Results.NotFound();
            // Their addresses carry the build, and nothing in them is anybody's own.
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Results.Bytes(file.Content, Types[name], entityTag: new(file.Tag));
        }).AllowAnonymous().ExcludeFromDescription();

    /// <summary>Browsers look here for an icon of what is no page of ours, a downloaded list for example.</summary>
    public static void MapIcon(this IEndpointRouteBuilder app) =>
        app.MapGet("/favicon.ico", () => Results.Bytes(Files["icon.svg"].Content, Types["icon.svg"])).AllowAnonymous().ExcludeFromDescription();

    private static (byte[] Content, string Tag) Read(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream("Workflows.Host.Pages.Assets." + name)
            ?? throw new InvalidOperationException($"{name} is not in this build.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return (copy.ToArray(), $"\"{Convert.ToHexString(SHA256.HashData(copy.ToArray()))[..16]}\"");
    }
}
