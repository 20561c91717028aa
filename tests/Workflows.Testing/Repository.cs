namespace Workflows.Testing;

/// <summary>Where the repository and the shared input data lie, seen from a running test.</summary>
public static class Repository
{
    private static readonly Lazy<string> FoundRoot = new(() => Upwards(d => File.Exists(Path.Combine(d, "Workflows.sln")))
        ?? throw new InvalidOperationException("Workflows.sln was not found above the test's folder."));

    public static string Root => FoundRoot.Value;

    /// <summary>Folder of the real input data; null where it is not to be had, and then a test that needs it skips visibly.</summary>
    public static string? SharedData =>
        Environment.GetEnvironmentVariable("WORKFLOWS_SHARED_DATA") is { Length: > 0 } named && Directory.Exists(named)
            ? named
            : Path.Combine(Root, "..", "shared", "data") is var beside && Directory.Exists(beside) ? Path.GetFullPath(beside) : null;

    private static string? Upwards(Func<string, bool> found)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (found(folder))
                return folder;
        }

        return null;
    }
}
