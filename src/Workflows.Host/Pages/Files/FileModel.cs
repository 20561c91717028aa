namespace Workflows.Host.Pages.Files;

/// <summary>A file as a page lists it.</summary>
/// <param name="Href">Where it is downloaded; null while it waits with a draft.</param>
/// <param name="By">Who added it; null when it can only be oneself.</param>
/// <param name="Removable">True for one's own, while nobody has decided with it in view.</param>
public sealed record FileLine(string Id, string Name, string Size, string? Href, string? By, string? When, bool Removable);

/// <summary>The files of a page.</summary>
/// <param name="MayAdd">True when the person may add some.</param>
/// <param name="Problems">What was wrong with those that were just sent.</param>
public sealed record FileModel(IReadOnlyList<FileLine> Files, bool MayAdd, IReadOnlyList<string> Problems)
{
    public static FileModel None { get; } = new([], false, []);
}
