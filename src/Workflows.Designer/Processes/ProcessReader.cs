using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Workflows.Engine.Definitions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;

namespace Workflows.Designer.Processes;

/// <summary>A process as the list shows it.</summary>
/// <param name="Draft">Version of the draft that is not in service yet.</param>
/// <param name="Published">Version in service.</param>
/// <param name="Faults">What stands in the way of publishing the draft.</param>
public sealed record ProcessLine(string Id, string Name, string? Description, string Area, string? Owner, int? Published, int? Draft, int Running, int Troubled, int Faults, bool IsGoverned, bool IsPending, bool MayDesign, string? EditedBy);

/// <summary>A version as the history shows it.</summary>
public sealed record VersionLine(string VersionId, int Version, string State, string By, string At, int Running, IReadOnlyList<ProcessChange>? Changes, bool IsPublished, bool IsDraft);

/// <summary>Who holds a right, in words, and as they are written.</summary>
public sealed record RightLine(ProcessRight Right, string Label, string Holders, string Written, bool IsSet);

/// <summary>One process with its draft, versions and rights.</summary>
public sealed record ProcessPageModel(ProcessLine Line)
{
    public required IReadOnlyList<VersionLine> Versions { get; init; }

    public required IReadOnlyList<RightLine> Rights { get; init; }

    /// <summary>What the draft changes against the version in service.</summary>
    public IReadOnlyList<ProcessChange> Changes { get; init; } = [];

    public IReadOnlyList<string> Faults { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public string? Pending { get; init; }

    public string? LockedBy { get; init; }

    public bool MayAdminister { get; init; }

    public bool MayView { get; init; }

    public string OwnerKey { get; init; } = "";

    public IReadOnlyList<(string Value, string Text)> Owners { get; init; } = [];

    /// <summary>Waits without a limit: allowed, and shown, so that nobody is surprised.</summary>
    public IReadOnlyList<string> OpenWaits { get; init; } = [];
}

/// <summary>Reads what the pages around the editor show.</summary>
internal sealed class ProcessReader(
    IDefinitionStore store,
    IDesignStore design,
    IAccessStore access,
    IInstanceStore instances,
    DefinitionService definitions,
    ProcessEditing editing,
    IOrganisationSource organisation,
    IOptions<EngineOptions> engine)
{
    // A version is read and checked once; it is looked at again when it changes.
    private readonly ConcurrentDictionary<string, (DateTimeOffset UpdatedAt, Facts Facts)> _facts = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<ProcessLine>> ListAsync(IDesignerPerson person, string search, Wording t, CancellationToken cancellationToken)
    {
        var loads = (await design.CountAsync(cancellationToken)).ToLookup(l => l.DefinitionId);
        var pending = (await instances.ListAsync(new InstanceFilter(ProcessEditing.ChangeDefinition, Status: Engine.Instances.WorkflowStatus.Running, Limit: 200), cancellationToken)).Select(i => i.CorrelationId).ToHashSet();
        var lines = new List<ProcessLine>();
        foreach (var group in (await store.ListAsync(VersionKind.LatestOrPublished, null, cancellationToken)).GroupBy(d => d.DefinitionId))
        {
            if (!person.MayRead(group.Key))
                continue;
            var line = await LineAsync([.. group], loads[group.Key], pending.Contains(group.Key), person, null, cancellationToken);
            if (search.Length == 0 || new[] { line.Name, line.Id, line.Description, line.Owner, t.Area(line.Area) }.Any(x => x?.Contains(search, StringComparison.OrdinalIgnoreCase) == true))
                lines.Add(line);
        }

        return [.. lines.OrderBy(l => l.Name, StringComparer.Ordinal)];
    }

    public async Task<ProcessPageModel?> FindAsync(string definitionId, IDesignerPerson person, Wording t, CancellationToken cancellationToken)
    {
        var versions = await definitions.ListVersionsAsync(definitionId, cancellationToken);
        if (versions.Count == 0 || !person.MayRead(definitionId))
            return null;
        var loads = (await design.CountAsync(cancellationToken)).Where(l => l.DefinitionId == definitionId).ToList();
        var pending = await editing.FindPendingAsync(definitionId, cancellationToken);
        var held = await editing.FindLockAsync(definitionId, cancellationToken);
        var lockedBy = held is not null && held.UserName != person.UserName ? organisation.Current.DisplayName(held.UserName) : null;
        var latest = versions[0];
        var line = await LineAsync(versions, loads, pending is not null, person, lockedBy, cancellationToken);
        var document = DefinitionReader.ReadStored(latest.Document);
        var isDraft = !latest.IsPublished && !document.WasPublished;
        var validation = isDraft ? await definitions.ValidateAsync(document, cancellationToken) : null;
        var published = versions.FirstOrDefault(v => v.IsPublished);
        var people = organisation.Current;
        return new ProcessPageModel(line)
        {
            Versions = [.. await VersionsAsync(versions, loads, t, cancellationToken)],
            Rights = await RightsAsync(published ?? latest, t, cancellationToken),
            Changes = isDraft ? editing.Compare(published, latest, t.IsChinese) : [],
            Faults = [.. (validation?.Faults ?? []).Where(f => f.Severity == FaultSeverity.Fault).Select(f => Told(f, t))],
            Warnings = [.. (validation?.Faults ?? []).Where(f => f.Severity == FaultSeverity.Warning).Select(f => Told(f, t))],
            Pending = pending,
            LockedBy = lockedBy,
            MayAdminister = person.MayAdminister,
            MayView = person.MayView(definitionId),
            OwnerKey = document.Json.Object("customProperties")?.Text("owner") ?? "",
            Owners = [.. people.People.Select(p => (p.UserName, $"{p.DisplayName}（{p.UserName}）"))],
            OpenWaits = OpenWaits(document),
        };
    }

    public string Moment(DateTimeOffset at) => Wording.Moment(at, Zone);

    public TimeZoneInfo? Zone => Wording.ZoneOf(engine.Value.TimeZone);

    private static string Told(DefinitionFault fault, Wording t) => t[$"“{fault.Node}”：{fault.Zh}", $"“{fault.Node}”: {fault.En}"];

    /// <summary>People are asked without a limit here: allowed, but somebody should know.</summary>
    private static string[] OpenWaits(DefinitionDocument document) =>
        [.. ProcessDiff.Nodes(document).Values.Where(n => n.Text("type") is "Human.Approval" or "Human.Task" && n["dueIn"] is null && n["expiresIn"] is null).Select(ProcessDiff.NameOf)];

    private async Task<ProcessLine> LineAsync(IReadOnlyList<StoredDefinition> versions, IEnumerable<DefinitionLoad> loads, bool isPending, IDesignerPerson person, string? lockedBy, CancellationToken cancellationToken)
    {
        var latest = versions.First(v => v.IsLatest);
        var published = versions.FirstOrDefault(v => v.IsPublished);
        var facts = await FactsAsync(latest, cancellationToken);
        return new ProcessLine(
            latest.DefinitionId,
            latest.Name.Length > 0 ? latest.Name : latest.DefinitionId,
            latest.Description,
            facts.Area,
            facts.Owner is { } owner ? organisation.Current.DisplayName(owner) : null,
            published?.Version,
            latest.IsPublished || facts.WasPublished ? null : latest.Version,
            loads.Sum(l => l.Running),
            loads.Sum(l => l.Troubled),
            facts.Faults,
            facts.IsGoverned || (published is not null && published.VersionId != latest.VersionId && (await FactsAsync(published, cancellationToken)).IsGoverned),
            isPending,
            person.MayDesign(latest.DefinitionId),
            lockedBy);
    }

    private async Task<Facts> FactsAsync(StoredDefinition version, CancellationToken cancellationToken)
    {
        if (_facts.TryGetValue(version.VersionId, out var known) && known.UpdatedAt == version.UpdatedAt)
            return known.Facts;
        var document = DefinitionReader.ReadStored(version.Document);
        var properties = document.Json.Object("customProperties");
        var faults = document.WasPublished ? 0 : (await definitions.ValidateAsync(document, cancellationToken)).Faults.Count(f => f.Severity == FaultSeverity.Fault);
        var facts = new Facts(properties?.Text("category") ?? "other", properties?.Text("owner"), properties.Flag(DefinitionService.GovernedProperty), document.WasPublished, faults);
        _facts[version.VersionId] = (version.UpdatedAt, facts);
        return facts;
    }

    private async Task<List<VersionLine>> VersionsAsync(IReadOnlyList<StoredDefinition> versions, List<DefinitionLoad> loads, Wording t, CancellationToken cancellationToken)
    {
        const int Explained = 20;
        var lines = new List<VersionLine>();
        for (var n = 0; n < versions.Count; n++)
        {
            var version = versions[n];
            var before = n + 1 < versions.Count ? versions[n + 1] : null;
            var facts = await FactsAsync(version, cancellationToken);
            var isDraft = version.IsLatest && !version.IsPublished && !facts.WasPublished;
            lines.Add(new VersionLine(
                version.VersionId,
                version.Version,
                version.IsPublished ? t["在用", "In service"] : isDraft ? t["草稿", "Draft"] : facts.WasPublished ? t["已停用", "Replaced"] : t["未发布", "Never published"],
                version.CreatedBy is { } by ? organisation.Current.DisplayName(by) : t["随系统提供", "Shipped"],
                Moment(version.UpdatedAt),
                loads.Where(l => l.Version == version.Version).Sum(l => l.Running),
                before is null || n >= Explained ? null : editing.Compare(before, version, t.IsChinese),
                version.IsPublished,
                isDraft));
        }

        return lines;
    }

    private async Task<IReadOnlyList<RightLine>> RightsAsync(StoredDefinition ruling, Wording t, CancellationToken cancellationToken)
    {
        var properties = DefinitionReader.ReadStored(ruling.Document).Json.Object("customProperties");
        var declared = properties?.Object("rights");
        var set = (await access.ListGrantsAsync(cancellationToken)).Where(g => g.DefinitionId == ruling.DefinitionId).ToDictionary(g => g.Right, g => g.Identities);
        var lines = new List<RightLine>();
        foreach (var (right, zh, en) in new[] { (ProcessRight.Start, "发起", "Start"), (ProcessRight.Handle, "办理", "Handle"), (ProcessRight.View, "查看全部", "See all"), (ProcessRight.Design, "设计", "Design"), (ProcessRight.Operate, "运维", "Operate"), (ProcessRight.Audit, "审计", "Audit") })
        {
            var identities = set.GetValueOrDefault(right)
                ?? (declared?.FirstOrDefault(d => d.Key.Equals(right.ToString(), StringComparison.OrdinalIgnoreCase)).Value as System.Text.Json.Nodes.JsonArray)?.Select(i => Engine.Expressions.ValueConverter.Text(i) ?? "").ToList()
                ?? (right is ProcessRight.Start or ProcessRight.Handle ? ["*"] : []);
            // The owner sees the instances unless somebody set by hand who does.
            if (right == ProcessRight.View && !set.ContainsKey(right) && properties?.Text("owner") is { Length: > 0 } owner)
                identities = [.. identities.Append(owner).Distinct()];
            lines.Add(new RightLine(right, t[zh, en], identities.Count == 0 ? t["仅管理岗位", "Administrators only"] : string.Join("、", identities.Select(i => Name(i, t))), string.Join(' ', identities), set.ContainsKey(right)));
        }

        return lines;
    }

    private string Name(string identity, Wording t) =>
        identity == "*" ? t["所有人", "Everybody"]
        : identity.StartsWith("role:", StringComparison.Ordinal) ? Api.ActivityDescriptors.RoleName(identity["role:".Length..], organisation.Current)
        : identity.StartsWith("group:", StringComparison.Ordinal) ? organisation.Current.FindGroup(identity["group:".Length..])?.Name ?? identity
        : organisation.Current.DisplayName(identity);

    private sealed record Facts(string Area, string? Owner, bool IsGoverned, bool WasPublished, int Faults);
}
