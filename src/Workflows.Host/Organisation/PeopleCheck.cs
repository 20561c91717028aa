using System.Globalization;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Host.Organisation;

/// <summary>
/// Looks through every published definition and every open task for steps that nobody would do, keeps what it found, and tells those who
/// can mend it.
/// </summary>
/// <remarks>
/// Every host looks at night. The result of a night has the night's id and its messages the night's and the person's, so a second host, or a
/// host that repeats after a crash, adds nothing. The messages go first: a result that is kept has been told. What stood in the result of
/// before is not told again, because nobody reads the same list every morning.
/// </remarks>
internal sealed class PeopleCheck(IDefinitionStore definitions, IGraphSource graphs, IOpenTaskStore tasks, OrganisationCache organisation, ICheckStore checks, INoticeStore notices, EngineClock clock)
{
    private const int MostTasks = 500;
    private const int MostLines = 20;
    private const string Managers = "workflow_manager";

    /// <summary>The look of the night; null when another host's is kept already.</summary>
    public async Task<OrganisationCheck?> RunNightlyAsync(DateOnly night, CancellationToken cancellationToken)
    {
        var id = night.ToString("'night-'yyyy-MM-dd", CultureInfo.InvariantCulture);
        var before = await checks.FindLastAsync(cancellationToken);
        if (before?.Id == id)
            return null;
        var found = await LookAsync(id, null, cancellationToken);
        await TellAsync(found, before, cancellationToken);
        return await checks.AddAsync(found, cancellationToken) ? found : null;
    }

    /// <summary>A look on demand; whoever asked for it sees it, so nobody is told.</summary>
    public async Task<OrganisationCheck> RunAsync(string by, CancellationToken cancellationToken)
    {
        var found = await LookAsync(Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"), by, cancellationToken);
        await checks.AddAsync(found, cancellationToken);
        return found;
    }

    private async Task<OrganisationCheck> LookAsync(string id, string? by, CancellationToken cancellationToken)
    {
        await organisation.RefreshAsync(cancellationToken);
        var people = organisation.Current;
        var findings = new List<StepWithoutPerson>();
        var published = await definitions.ListAsync(VersionKind.Published, null, cancellationToken);
        foreach (var definition in published)
        {
            if (await graphs.FindVersionAsync(definition.VersionId, cancellationToken) is { } graph)
                findings.AddRange(NobodyHome.Check(graph, people));
        }

        // Most open tasks lie with somebody who is there; only those that lie with nobody are read, and after them some of those that
        // lie with one person, who may be barred.
        var identities = (await tasks.ListIdentitiesAsync(cancellationToken)).ToLookup(i => people.Behind(i).Count);
        var seen = new HashSet<string>();
        foreach (var doubtful in new[] { identities[0].ToList(), identities[1].ToList() })
        {
            foreach (var task in doubtful.Count == 0 ? [] : await tasks.ListOfIdentitiesAsync(doubtful, MostTasks, cancellationToken))
            {
                if (seen.Add(task.Task.Id) && NobodyHome.Check(task, await graphs.FindPublishedAsync(task.DefinitionId, cancellationToken), people) is { } finding)
                    findings.Add(finding);
            }
        }

        return new OrganisationCheck(id, clock.GetUtcNow(), by, published.Count, findings);
    }

    private async Task TellAsync(OrganisationCheck found, OrganisationCheck? before, CancellationToken cancellationToken)
    {
        var known = (before?.Findings ?? []).ToHashSet();
        var told = new Dictionary<string, List<StepWithoutPerson>>(StringComparer.Ordinal);
        foreach (var finding in found.Findings.Where(f => !known.Contains(f)))
        {
            foreach (var person in await WhoMendsAsync(finding, cancellationToken))
            {
                if (!told.TryGetValue(person, out var lines))
                    told[person] = lines = [];
                lines.Add(finding);
            }
        }

        foreach (var (person, lines) in told)
        {
            var body = string.Join('\n', lines.Take(MostLines).Select(f => $"{f.Definition} · {f.Node}：{f.Reason}"));
            if (lines.Count > MostLines)
                body += $"\n……等共 {lines.Count} 处";
            await notices.AddAsync(new Notice($"check-{found.Id}-{person}", person, $"有 {lines.Count} 处流程步骤无人可办", $"{body}\n请在“组织管理”的“无人可办检查”中查看并处理。", null, null, clock.GetUtcNow()), cancellationToken);
        }
    }

    /// <summary>The owner of the process and the managers of processes; administrators when there is neither.</summary>
    private async Task<IEnumerable<string>> WhoMendsAsync(StepWithoutPerson finding, CancellationToken cancellationToken)
    {
        var people = organisation.Current;
        var owner = ValueConverter.Text((await graphs.FindPublishedAsync(finding.DefinitionId, cancellationToken))?.Workflow.CustomProperties?["owner"]);
        var found = (owner is null ? [] : people.Behind(owner)).Concat(people.InRole(Managers)).Select(p => p.UserName).Distinct().ToList();
        return found.Count > 0 ? found : people.InRole("super_admin").Select(p => p.UserName);
    }
}
