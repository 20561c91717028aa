using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Definitions;

/// <summary>What became of one file.</summary>
public enum SeedState
{
    /// <summary>New here: published as version 1.</summary>
    Published,

    /// <summary>The file changed since it was last taken: now a draft, offered to the managers.</summary>
    Drafted,

    /// <summary>Taken before, unchanged.</summary>
    Unchanged,

    /// <summary>Changed, but somebody's draft is in the way; tried again at the next start.</summary>
    Postponed,

    /// <summary>Not a definition, or one that cannot be published.</summary>
    Failed,
}

/// <summary>One file of the tree and what became of it.</summary>
/// <param name="Detail">Why it failed, one line per reason.</param>
public sealed record SeedResult(string File, string? DefinitionId, SeedState State, string? Detail = null);

/// <summary>
/// Brings the definition files that ship with the product into the store at start-up: unknown ones are published as
/// version 1; a newer file of a known one becomes a draft. What people changed is never overwritten.
/// </summary>
public sealed class DefinitionSeeder(DefinitionService service, IDefinitionStore store)
{
    /// <summary>Custom property that tells which file content a version was made from.</summary>
    public const string HashProperty = "Workflows:SeedHash";

    /// <summary>Takes every *.json below <paramref name="folder"/>; a bad file does not stop the others. Files are taken in name order, so a workflow used as activity must come before its user, or is found in a second pass.</summary>
    public async Task<IReadOnlyList<SeedResult>> SeedAsync(string folder, CancellationToken cancellationToken)
    {
        var files = Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var results = new Dictionary<string, SeedResult>();
        // A file may use another one as an activity that comes later; as long as a pass brings anything new, those that failed get another chance.
        for (var again = files; again.Count > 0;)
        {
            foreach (var file in again)
                results[file] = await SeedFileAsync(file, Path.GetRelativePath(folder, file), cancellationToken);
            var failed = again.Where(f => results[f].State == SeedState.Failed).ToList();
            again = failed.Count < again.Count ? failed : [];
        }

        return [.. files.Select(f => results[f])];
    }

    private async Task<SeedResult> SeedFileAsync(string file, string name, CancellationToken cancellationToken)
    {
        if (DefinitionReader.Read(await File.ReadAllBytesAsync(file, cancellationToken)) is not ReadResult.Read read)
            return new SeedResult(name, null, SeedState.Failed, Explain((ReadResult.Refused)DefinitionReader.Read(await File.ReadAllBytesAsync(file, cancellationToken))));

        var document = read.Document;
        var definitionId = document.DefinitionId.Length > 0 ? document.DefinitionId : Path.GetFileNameWithoutExtension(file);
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(document.Write())));
        document = Marked(document, hash);

        var versions = await store.ListAsync(VersionKind.AllVersions, definitionId, cancellationToken);
        if (versions.Count == 0)
            return Tell(name, definitionId, SeedState.Published, await service.SaveAsync(document, new SaveOptions { DefinitionId = definitionId, Publish = true, IsApproved = true }, cancellationToken));
        if (versions.Any(v => HashOf(v) == hash))
            return new SeedResult(name, definitionId, SeedState.Unchanged);

        var latest = versions.Single(v => v.IsLatest);
        if (!latest.IsPublished && !DefinitionReader.ReadStored(latest.Document).WasPublished)
            return new SeedResult(name, definitionId, SeedState.Postponed);
        return Tell(name, definitionId, SeedState.Drafted, await service.SaveAsync(document, new SaveOptions { DefinitionId = definitionId, ExpectedVersionId = latest.VersionId }, cancellationToken));
    }

    private static SeedResult Tell(string name, string definitionId, SeedState state, DefinitionOutcome outcome) => outcome switch
    {
        DefinitionOutcome.Saved => new SeedResult(name, definitionId, state),
        DefinitionOutcome.Invalid invalid => new SeedResult(name, definitionId, SeedState.Failed, string.Join('\n', invalid.Faults.Where(f => f.Severity == FaultSeverity.Fault))),
        // Another host was faster with the same files.
        DefinitionOutcome.Stale => new SeedResult(name, definitionId, SeedState.Unchanged),
        _ => new SeedResult(name, definitionId, SeedState.Failed, outcome.ToString()),
    };

    private static string Explain(ReadResult.Refused refused) => string.Join('\n', refused.Problems.Select(p => $"{p.Path}: {p.Zh} ({p.En})"));

    private static DefinitionDocument Marked(DefinitionDocument document, string hash)
    {
        var properties = document.Json["customProperties"]?.DeepClone() as JsonObject ?? [];
        properties[HashProperty] = hash;
        return document.With(("customProperties", properties));
    }

    private static string? HashOf(StoredDefinition version) =>
        DefinitionReader.ReadStored(version.Document).Json.Object("customProperties")?.Text(HashProperty);
}
