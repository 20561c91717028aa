using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;

namespace Workflows.Designer.Api;

/// <summary>
/// The descriptors of all activities, made once and kept as the bytes that are sent: Studio asks for them after every save.
/// </summary>
/// <remarks>
/// They depend on the organisation, on calendars and ladders, and on the published definitions that can be used as steps. Drafts move the definitions' stamp with
/// every save, so a new stamp only begins to look at the published ones, beside the answer, and the next call has the result; a
/// publication on this host waits for it.
/// </remarks>
internal sealed class Toolbox(ActivityCatalogue catalogue, IOrganisationSource organisation, ITimeRulesSource times, IDefinitionStore definitions) : IDisposable
{
    private readonly ConcurrentDictionary<bool, Made> _made = new();
    private readonly ConcurrentDictionary<string, (DateTimeOffset UpdatedAt, UsableWorkflow? Workflow)> _read = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Usable _usable = new(-1, [], new HashSet<string>());

    public async Task<StudioAnswers.Content> GetAsync(bool isChinese, CancellationToken cancellationToken)
    {
        var stamp = await definitions.ReadStampAsync(cancellationToken);
        if (_usable.Stamp < 0)
            await RefreshAsync(cancellationToken);
        else if (_usable.Stamp != stamp)
            _ = RefreshInBackgroundAsync();
        var (people, rules) = (organisation.Current, times.Current);
        var usable = _usable;
        if (_made.TryGetValue(isChinese, out var made) && ReferenceEquals(made.People, people) && ReferenceEquals(made.Times, rules) && ReferenceEquals(made.Workflows, usable.Workflows))
            return made.Content;
        var list = new ActivityDescriptors(catalogue, rules, isChinese).Build(people, usable.Workflows);
        made = new Made(people, rules, usable.Workflows, StudioAnswers.Content.Of(Json.Text(new JsonObject { ["count"] = list.Count, ["items"] = list }), CompressionLevel.Optimal));
        _made[isChinese] = made;
        return made.Content;
    }

    /// <summary>True when Studio gets a descriptor for this type and version; any other activity must be shown as a stand-in.</summary>
    public bool Knows(string type, int? version) =>
        catalogue.Find(type) is { } known ? version is null || version == known.Info.Version : _usable.Types.Contains($"{type} {version}");

    /// <summary>Looks at the published definitions now.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var stamp = await definitions.ReadStampAsync(cancellationToken);
            if (_usable.Stamp == stamp)
                return;
            var found = new List<UsableWorkflow>();
            foreach (var stored in await definitions.ListAsync(VersionKind.Published, null, cancellationToken))
            {
                if (!_read.TryGetValue(stored.VersionId, out var known) || known.UpdatedAt != stored.UpdatedAt)
                    _read[stored.VersionId] = known = (stored.UpdatedAt, Read(stored));
                if (known.Workflow is { } workflow)
                    found.Add(workflow);
            }

            var same = found.SequenceEqual(_usable.Workflows);
            _usable = new Usable(stamp, same ? _usable.Workflows : found, found.Select(w => $"{w.TypeName} {w.Version}").ToHashSet());
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task RefreshInBackgroundAsync()
    {
        try
        {
            await RefreshAsync(CancellationToken.None);
        }
        // A database out of reach is told to whoever asks it next; what is known serves on.
        catch (Exception)
        {
            return;
        }
    }

    private static UsableWorkflow? Read(StoredDefinition stored)
    {
        // Most are not usable as activities, and reading a whole document to learn that is slow.
        if (!stored.Document.Contains("\"usableAsActivity\"", StringComparison.Ordinal))
            return null;
        var document = DefinitionReader.ReadStored(stored.Document);
        return document.IsUsableAsActivity
            ? new UsableWorkflow(TypeNameOf(stored), stored.Name.Length > 0 ? stored.Name : stored.DefinitionId, stored.Description, stored.DefinitionId, stored.VersionId, stored.Version,
                document.Json["inputs"] as JsonArray ?? [], document.Json["outputs"] as JsonArray ?? [], document.Json["outcomes"] as JsonArray ?? [])
            : null;
    }

    /// <summary>Elsa writes the name in Pascal case; a Chinese name has none, so the definition's id serves.</summary>
    internal static string TypeNameOf(StoredDefinition stored)
    {
        var source = stored.Name.Length > 0 && stored.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '_' or '-') ? stored.Name : stored.DefinitionId;
        var name = new StringBuilder();
        var upper = true;
        foreach (var c in source)
        {
            if (!char.IsLetterOrDigit(c))
            {
                upper = true;
                continue;
            }

            name.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = false;
        }

        return name.Length > 0 ? name.ToString() : "Workflow";
    }

    private sealed record Made(OrganisationSnapshot People, TimeRules Times, IReadOnlyList<UsableWorkflow> Workflows, StudioAnswers.Content Content);

    private sealed record Usable(long Stamp, IReadOnlyList<UsableWorkflow> Workflows, IReadOnlySet<string> Types);
}
