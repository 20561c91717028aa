using Microsoft.AspNetCore.Http.HttpResults;

namespace Workflows.Designer.Studio;

/// <summary>The pages that hold one element of Studio each. Studio brings its own styles and scripts, so they stand outside the frame of the staff pages.</summary>
internal static class StudioPages
{
    /// <summary>The one script that this version of Studio writes into the page itself, the keys of its editor, as its editor and its list of instances write it.</summary>
    private const string HotkeyScript = "'sha256-snlP1jz0gjwc5cTz9ErZcliXuCK63+Mmf68RRCeptgc=' 'sha256-vu6sQrKXQHR4Yn3FMMihA/9TxxfIXnCxKwvLrTPJ5ts='";

    /// <summary>
    /// Studio is WebAssembly, styles its elements inline and runs its text editor in workers made from blobs. Scripts still come from
    /// here alone, and nothing is sent anywhere else.
    /// </summary>
    public const string Policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' " + HotkeyScript + "; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public static IResult Page(HttpContext http, StudioFiles files, IDesignerHost host, StudioPageModel model)
    {
        var here = model with
        {
            IsChinese = host.IsChinese(http),
            Base = http.Request.PathBase + StudioFiles.BasePath + "/",
            Version = files.OwnVersion,
            Proof = host.ProofOf(http),
            AreThere = files.AreThere,
        };
        http.Response.Headers.ContentSecurityPolicy = Policy;
        return new RazorComponentResult<StudioPage>(new { Model = here });
    }
}

/// <summary>What a Studio page shows. Public, as everything a Razor component takes must be.</summary>
/// <param name="Element">The custom element.</param>
/// <param name="Title">Title of the page.</param>
public sealed record StudioPageModel(string Element, string Title)
{
    /// <summary>Attribute of the element that names its object, and the object's id.</summary>
    public (string Name, string Value)? Object { get; init; }

    public string? DefinitionId { get; init; }

    /// <summary>True when the instance shown may have steps that failed, and this person may have them tried again.</summary>
    public bool MayRetry { get; init; }

    /// <summary>Who holds the edit lock, when it is somebody else; the page then offers to take it over.</summary>
    public string? LockedBy { get; init; }

    /// <summary>True when this person edits, and the page keeps the lock alive.</summary>
    public bool Edits { get; init; }

    /// <summary>True when publishing starts an approval.</summary>
    public bool IsGoverned { get; init; }

    /// <summary>The instance that decides on the change, while it runs.</summary>
    public string? PendingChange { get; init; }

    public bool IsChinese { get; init; } = true;

    public string Base { get; init; } = "/designer/";

    public string Version { get; init; } = "";

    public (string Field, string Value) Proof { get; init; }

    public bool AreThere { get; init; }

    /// <summary>A text in the page's language.</summary>
    public string T(string zh, string en) => IsChinese ? zh : en;
}
