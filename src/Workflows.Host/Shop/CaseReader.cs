using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Instances;
using Workflows.Host.Pages;
using Workflows.Host.Pages.Inbox;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Shop;

/// <summary>A case as the shop's pages name it.</summary>
/// <param name="Href">Null for a case that the reader may not open; its title is then its number.</param>
/// <param name="Stamp">Where it stands; null where that is not shown.</param>
public sealed record CaseLine(string? Href, string Title, string About, Stamp? Stamp);

/// <summary>The cases behind what was done to the shop: every act bears the number of the step that did it, and that begins with its case's.</summary>
internal sealed class CaseReader(IInstanceStore instances, InstanceAccess access, IGraphSource graphs, IOrganisationSource organisation)
{
    private const int MostOfOne = 20;

    /// <summary>The instance a step belongs to.</summary>
    public static string IdOf(string step) => step.LastIndexOf('-') is > 0 and var end ? step[..end] : step;

    /// <summary>The case of each step; null where there is none. One that the reader may not open is told by its number alone.</summary>
    public async Task<IReadOnlyDictionary<string, CaseLine?>> FindAllAsync(PageContext page, Actor actor, IEnumerable<string> steps, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, CaseLine?>();
        foreach (var group in steps.Distinct().GroupBy(IdOf))
        {
            var line = await FindAsync(page, actor, group.Key, cancellationToken);
            foreach (var step in group)
                found[step] = line;
        }

        return found;
    }

    private async Task<CaseLine?> FindAsync(PageContext page, Actor actor, string id, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(id, actor, cancellationToken) is { } seen)
            return await LineOfAsync(page, seen, null, cancellationToken);
        return await instances.FindAsync(id, cancellationToken) is { } hidden
            ? new CaseLine(null, page.T.With("case.hidden", InstanceNumber.Of(id, hidden.CreatedAt)), "", null)
            : null;
    }

    /// <summary>The cases of a business number, and those with the given ids, as far as the reader may open them; newest first.</summary>
    public async Task<IReadOnlyList<CaseLine>> AboutAsync(PageContext page, Actor actor, string number, IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var found = (await instances.ListAsync(new InstanceFilter(CorrelationId: number, Limit: MostOfOne) { Viewer = actor.Name, ViewedDefinitions = actor.ViewedDefinitions }, cancellationToken)).ToList();
        foreach (var id in ids.Distinct().Where(id => found.TrueForAll(f => f.Id != id)).Take(MostOfOne))
        {
            if (await access.FindAsync(id, actor, cancellationToken) is { } other)
                found.Add(other);
        }

        var lines = new List<CaseLine>();
        foreach (var one in found.OrderByDescending(f => f.CreatedAt))
        {
            var state = await instances.LoadAsync(one.Id, cancellationToken) is { } stored ? InstanceCodec.Read(stored.State.Span) : null;
            var stamp = Wording.StampOf(one.Status, one.SubStatus, state?.Output.GetValueOrDefault("endState")?.ToString(), false, state?.HasFailedUndo() == true, page.T);
            lines.Add(await LineOfAsync(page, one, stamp, cancellationToken));
        }

        return lines;
    }

    private async Task<CaseLine> LineOfAsync(PageContext page, InstanceSummary found, Stamp? stamp, CancellationToken cancellationToken)
    {
        var (t, people) = (page.T, organisation.Current);
        var graph = await graphs.FindVersionAsync(found.DefinitionVersionId, cancellationToken);
        var name = Wording.NameOf(graph, found.DefinitionId);
        // A case about a customer has them in its title, which does not belong beside what is masked.
        var own = found.Name is { Length: > 0 } title && graph is { PersonalInputs.Count: 0 } ? title : null;
        return new CaseLine(
            "/instances/" + Uri.EscapeDataString(found.Id),
            own ?? $"{name} {InstanceNumber.Of(found.Id, found.CreatedAt)}",
            string.Join(" · ", new[] { name, found.InitiatedBy is { } by ? people.DisplayName(by) : t["inbox.system"], Moments.Short(found.CreatedAt, page.Now, t) }.Skip(own is null ? 1 : 0)),
            stamp);
    }
}
