using System.Globalization;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Api;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Start;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.Inbox;

/// <summary>Reads a page of the inbox as the person chose it.</summary>
internal sealed class InboxReader(IInboxStore inbox, ICaseFileStore copies, IInstanceStore instances, IDefinitionStore definitions, IGraphSource graphs, IOrganisationSource organisation, DraftList drafts, Personal personal)
{
    private const int PageSize = 20;
    private const int MostInitiators = 200;
    private static readonly string[] Tabs = ["todo", "claimable", "done", "initiated", "cc", "drafts"];

    /// <summary>What the address asks for; a name nobody knows means the first tab, so that an old link still opens.</summary>
    public static InboxChoice ChoiceOf(IQueryCollection query)
    {
        string Of(string name) => query[name].ToString().Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: <= 200 } text ? text : "";
        var tab = Of("tab");
        return new InboxChoice
        {
            Tab = Tabs.Contains(tab) ? tab : Tabs[0],
            Search = Of("q"),
            Type = Of("type"),
            From = Of("from"),
            Since = Of("since"),
            Until = Of("until"),
            Due = Of("due"),
            Status = Of("status"),
        };
    }

    public async Task<InboxModel> ReadAsync(PageContext page, Actor actor, InboxChoice choice, string? after, CancellationToken cancellationToken)
    {
        var t = page.T;
        if (choice.Tab == "drafts")
            return new InboxModel(choice, [], null, true, [], null) { Drafts = await drafts.ListAsync(page, actor, cancellationToken) };
        var filters = await personal.FiltersAsync(actor, cancellationToken);
        var types = (await definitions.ListAsync(VersionKind.Published, null, cancellationToken)).Select(d => (d.DefinitionId, d.Name.Length > 0 ? d.Name : d.DefinitionId)).OrderBy(d => d.Item2, StringComparer.Ordinal).ToList();
        var initiators = choice.From.Length == 0 ? null : organisation.Current.Search(choice.From, MostInitiators).Select(p => p.UserName).ToList();
        var (filter, notice) = FilterOf(choice, page, initiators);
        var cursor = CursorOf(after, out var isForged);
        if (isForged)
            notice = t["inbox.badCursor"];
        try
        {
            var (rows, next) = await RowsAsync(page, actor, choice, filter, cursor, cancellationToken);
            return new InboxModel(choice, rows, QueryReader.CursorOf(next), cursor is null, types, notice) { Filters = filters };
        }
        catch (ArgumentException) when (cursor is not null)
        {
            var (rows, next) = await RowsAsync(page, actor, choice, filter, null, cancellationToken);
            return new InboxModel(choice, rows, QueryReader.CursorOf(next), true, types, t["inbox.badCursor"]) { Filters = filters };
        }
    }

    /// <summary>The person's tasks to do, in the order of the list; for "n of m" and the next one.</summary>
    public async Task<IReadOnlyList<StoredUserTask>> QueueAsync(Actor actor, int most, CancellationToken cancellationToken) =>
        (await inbox.ListAsync(new InboxQuery(TaskView.Todo, actor.Name, actor.Identities, new InboxFilter(), null, most) { Barred = actor.BarredDefinitions }, cancellationToken)).Items;

    public async Task<InboxRow> RowOfAsync(PageContext page, StoredUserTask stored, CancellationToken cancellationToken)
    {
        var (t, task, people) = (page.T, stored.Task, organisation.Current);
        var graph = await graphs.FindPublishedAsync(stored.DefinitionId, cancellationToken);
        var at = task.ClosedAt ?? task.CreatedAt;
        var closed = task.ClosedAt is not null;
        return new InboxRow(
            task.Id,
            "/tasks/" + Uri.EscapeDataString(task.Id),
            Wording.Title(stored.InitiatedBy, Wording.NameOf(graph, stored.DefinitionId), people, t),
            task.Title + (task.Round > 1 ? $" · {t.With("detail.round", task.Round)}" : ""),
            Wording.KeyFacts(task.Content, t, ContentLabels.Of(graph, task.NodeId)),
            stored.InitiatedBy is { } by ? Badge.Of(by, people) : null,
            Moments.Ago(at, page.Now, t),
            Moments.Full(at),
            closed ? null : SlaChip.Of(task, page.Now, t),
            closed ? new Stamp(task.Decision switch { "approve" or "complete" or "acknowledge" => "good", "reject" or "abort" => "bad", "return" => "returned", _ => "quiet" }, t.Or("decided." + task.Decision, t["decided.other"])) : null)
        {
            AllowsBulk = !closed && task.AllowBulk && task.ReturnsTo is null,
        };
    }

    private async Task<(IReadOnlyList<InboxRow> Rows, string? Next)> RowsAsync(PageContext page, Actor actor, InboxChoice choice, InboxFilter filter, string? cursor, CancellationToken cancellationToken)
    {
        var rows = new List<InboxRow>();
        if (choice.Tab == "cc")
        {
            var (received, nextCopy) = await copies.ListCopiesAsync(actor.Name, cursor, PageSize, cancellationToken);
            foreach (var copy in received)
                rows.Add(await RowOfAsync(page, copy, cancellationToken));
            return (rows, nextCopy);
        }

        if (choice.Tab == "initiated")
        {
            var (applications, nextOne) = await inbox.ListApplicationsAsync(actor.Name, filter, cursor, PageSize, cancellationToken);
            foreach (var application in applications)
                rows.Add(await RowOfAsync(page, application, cancellationToken));
            return (rows, nextOne);
        }

        var view = choice.Tab switch { "done" => TaskView.Done, "claimable" => TaskView.Claimable, _ => TaskView.Todo };
        var (items, next) = await inbox.ListAsync(new InboxQuery(view, actor.Name, actor.Identities, filter, cursor, PageSize) { Barred = actor.BarredDefinitions }, cancellationToken);
        foreach (var item in items)
            rows.Add(await RowOfAsync(page, item, cancellationToken));
        return (rows, next);
    }

    private async Task<InboxRow> RowOfAsync(PageContext page, CopyItem copy, CancellationToken cancellationToken)
    {
        var (t, people) = (page.T, organisation.Current);
        var instance = await instances.FindAsync(copy.InstanceId, cancellationToken);
        var graph = instance is null ? null : await graphs.FindVersionAsync(instance.DefinitionVersionId, cancellationToken);
        return new InboxRow(
            copy.Id,
            $"/instances/{Uri.EscapeDataString(copy.InstanceId)}?copy={Uri.EscapeDataString(copy.Id)}",
            Wording.Title(instance?.InitiatedBy, Wording.NameOf(graph, copy.DefinitionId ?? ""), people, t),
            t.With(copy.Reason == "mention" ? "inbox.mentioned" : "inbox.copied", people.DisplayName(copy.SentBy)),
            copy.InstanceName is { Length: > 0 } name ? [new Fact(t["inbox.about"], name)] : [],
            instance?.InitiatedBy is { } by ? Badge.Of(by, people) : null,
            Moments.Ago(copy.SentAt, page.Now, t),
            Moments.Full(copy.SentAt),
            null,
            copy.ReadAt is null ? new Stamp("running", t["notices.unread"]) : null);
    }

    private async Task<InboxRow> RowOfAsync(PageContext page, InboxApplication application, CancellationToken cancellationToken)
    {
        var (t, row, people) = (page.T, application.Instance, organisation.Current);
        var graph = await graphs.FindPublishedAsync(row.DefinitionId, cancellationToken);
        var waits = application.OpenTasks.Count > 0 ? application.OpenTasks[0] : null;
        // How it ended stands in its state; only finished ones are opened.
        var ended = row.Status == WorkflowStatus.Finished && await instances.LoadAsync(row.Id, cancellationToken) is { } stored ? InstanceCodec.Read(stored.State.Span) : null;
        var facts = new List<Fact> { new(t["detail.number"], InstanceNumber.Of(row.Id, row.CreatedAt)) };
        if (row.Name is { Length: > 0 } name)
            facts.Insert(0, new Fact(Wording.Application(Wording.NameOf(graph, row.DefinitionId), t), name));
        return new InboxRow(
            row.Id,
            "/instances/" + Uri.EscapeDataString(row.Id),
            row.Name is { Length: > 0 } named ? named : Wording.Application(Wording.NameOf(graph, row.DefinitionId), t),
            waits is null ? null : $"{waits.Title} · {Wording.NamesOf(waits.Assignee is { } one ? [one] : waits.Candidates, people, t)}",
            facts.TakeLast(1).ToList(),
            Badge.Of(row.InitiatedBy!, people),
            Moments.Ago(row.FinishedAt ?? row.CreatedAt, page.Now, t),
            Moments.Full(row.FinishedAt ?? row.CreatedAt),
            waits is null ? null : SlaChip.Of(waits, page.Now, t),
            Wording.StampOf(row.Status, row.SubStatus, ended?.Output.GetValueOrDefault("endState")?.ToString(), Wording.IsReturned(application.OpenTasks, graph), ended?.HasFailedUndo() == true, t));
    }

    private static (InboxFilter Filter, string? Notice) FilterOf(InboxChoice choice, PageContext page, IReadOnlyList<string>? initiators)
    {
        string? notice = null;
        DateTimeOffset? Day(string text)
        {
            if (text.Length == 0)
                return null;
            if (DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1970 and < 9000)
                return new DateTimeOffset(day, ShopTime.China.GetUtcOffset(day));
            notice = page.T["inbox.badDate"];
            return null;
        }

        var number = InstanceNumber.EndIn(choice.Search);
        return (new InboxFilter
        {
            Definitions = choice.Type.Length > 0 ? [choice.Type] : null,
            Initiators = initiators,
            Text = choice.Search.Length > 0 && number is null ? choice.Search : null,
            IdEnd = number,
            DueBefore = choice.Due switch { "late" => page.Now, "soon" => page.Now + InboxSummaries.Soon, _ => null },
            DueFrom = choice.Due == "soon" ? page.Now : null,
            CreatedFrom = Day(choice.Since),
            CreatedBefore = Day(choice.Until)?.AddDays(1),
            Finished = choice.Status switch { "running" => false, "finished" => true, _ => null },
        }, notice);
    }

    private static string? CursorOf(string? text, out bool isForged)
    {
        isForged = false;
        if (string.IsNullOrEmpty(text))
            return null;
        var cursor = QueryReader.PlaceOf(text);
        isForged = cursor is null;
        return cursor;
    }
}
