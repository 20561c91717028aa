using Workflows.Engine.Definitions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Host.Organisation;

/// <summary>What a check found.</summary>
internal sealed record CheckView(DateTimeOffset At, int Definitions, IReadOnlyList<StepWithoutPerson> Findings);

/// <summary>Looks through every published definition and every open task for steps that nobody would do.</summary>
internal sealed class PeopleCheck(IDefinitionStore definitions, IGraphSource graphs, IOpenTaskStore tasks, OrganisationCache organisation, EngineClock clock)
{
    private const int MostTasks = 500;

    public async Task<CheckView> RunAsync(CancellationToken cancellationToken)
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

        return new CheckView(clock.GetUtcNow(), published.Count, findings);
    }
}
