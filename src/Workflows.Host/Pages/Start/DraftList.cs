using Workflows.Engine.Definitions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Instances;
using Workflows.Host.Pages.Inbox;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.Start;

/// <summary>Something begun and not sent: an application, or the form of a task.</summary>
/// <param name="DefinitionId">For an application, what it is of; null for a task.</param>
public sealed record DraftLine(string Id, string Title, string Hint, string Href, string When, string? DefinitionId);

/// <summary>草稿: what the person began, the last saved first.</summary>
internal sealed class DraftList(IDraftStore drafts, IGraphSource graphs, IOrganisationSource organisation)
{
    private const int LongestHint = 60;

    public async Task<IReadOnlyList<DraftLine>> ListAsync(PageContext page, Actor actor, CancellationToken cancellationToken)
    {
        var lines = new List<(DateTimeOffset At, DraftLine Line)>();
        foreach (var draft in await drafts.ListAsync(actor.Name, cancellationToken))
        {
            // What one may no longer start cannot be handed in either; it is kept in case the right comes back.
            if (!actor.MayStart(draft.DefinitionId) || await graphs.FindPublishedAsync(draft.DefinitionId, cancellationToken) is not { } graph)
                continue;
            var hint = string.Join(page.T.IsChinese ? "，" : ", ", draft.Form.Select(f => Wording.Value(f.Value, page.T)).Where(v => v.Length > 0).Take(3));
            lines.Add((draft.SavedAt, new DraftLine(
                draft.Id,
                Wording.Application(Wording.NameOf(graph, draft.DefinitionId), page.T),
                hint.Length > LongestHint ? hint[..LongestHint] + "…" : hint,
                $"/start/{Uri.EscapeDataString(draft.DefinitionId)}?draft={Uri.EscapeDataString(draft.Id)}",
                Moments.Ago(draft.SavedAt, page.Now, page.T),
                draft.DefinitionId)));
        }

        foreach (var begun in (await drafts.ListTasksAsync(actor.Name, cancellationToken)).Where(b => InstanceAccess.TakesPart(b.Task, actor)))
        {
            var graph = await graphs.FindPublishedAsync(begun.Task.DefinitionId, cancellationToken);
            lines.Add((begun.SavedAt, new DraftLine(
                begun.Task.Task.Id,
                begun.Task.Task.Title,
                Wording.Title(begun.Task.InitiatedBy, Wording.NameOf(graph, begun.Task.DefinitionId), organisation.Current, page.T),
                "/tasks/" + Uri.EscapeDataString(begun.Task.Task.Id),
                Moments.Ago(begun.SavedAt, page.Now, page.T),
                null)));
        }

        return [.. lines.OrderByDescending(l => l.At).Select(l => l.Line)];
    }
}
