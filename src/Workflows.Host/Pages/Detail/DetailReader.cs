using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Host.Instances;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Inbox;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;
using Workflows.Host.Tasks;

namespace Workflows.Host.Pages.Detail;

/// <summary>Puts together what the detail pages show. Rights are those of the API: what may not be read there is not found here.</summary>
internal sealed class DetailReader(IUserTaskStore tasks, IInstanceStore instances, InstanceAccess access, TrailReader trails, InboxReader inbox, IGraphSource graphs, IOrganisationSource organisation)
{
    private const int LongestQueue = 100;
    private const int QueueShown = 30;
    private const int MostPeople = 500;
    private static readonly Dictionary<string, JsonNode?> Nothing = [];

    public async Task<StoredUserTask?> FindTaskAsync(string id, Actor actor, CancellationToken cancellationToken) =>
        await tasks.FindAsync(id, cancellationToken) is { } found && await access.MayReadAsync(found, actor, cancellationToken) ? found : null;

    public async Task<TaskModel> ReadAsync(PageContext page, Actor actor, StoredUserTask stored, FormState filled, ActState act, string? key, CancellationToken cancellationToken)
    {
        var (t, task, people) = (page.T, stored.Task, organisation.Current);
        var (instance, state) = await LoadAsync(stored.InstanceId, cancellationToken);
        var head = await HeadOfAsync(page, instance, state, cancellationToken);
        var actions = ActionOffer.Of(TaskItem.Of(stored, actor, people), task, t);
        var queue = await inbox.QueueAsync(actor, LongestQueue, cancellationToken);
        var rows = new List<InboxRow>();
        foreach (var waiting in queue.Take(QueueShown))
            rows.Add(await inbox.RowOfAsync(page, waiting, cancellationToken));
        return new TaskModel
        {
            Id = task.Id,
            InstanceId = stored.InstanceId,
            Head = head,
            Step = task.Title + (task.Round > 1 ? $" · {t.With("detail.round", task.Round)}" : ""),
            Why = actions.Count > 0 ? task.Reason : null,
            Instructions = (task.Content as JsonObject)?[Wording.Instructions]?.ToString(),
            Sla = task.ClosedAt is null ? SlaChip.Of(task.CreatedAt, task.DueAt, page.Now, t) : null,
            Closed = ClosedLine(task, actor, page, people) ?? (actions.Count == 0 ? t["detail.watch"] : null),
            Facts = FactReader.Of(task.Content, t),
            Result = FactReader.Of(task.Result, t, SchemaForm.Of(task.Form).ToDictionary(f => f.Name, f => f.Label)),
            Form = actions.Any(a => a.Enabled) ? SchemaForm.Of(task.Form) : [],
            Filled = filled,
            Actions = actions,
            Trail = await trails.ReadAsync(page, instance, state, head.Stamp, cancellationToken),
            Place = PlaceOf(queue, task.Id),
            Queue = rows,
            Revision = task.Revision,
            Seen = TaskContent.HashOf(task),
            People = actions.Any(a => a.TakesPeople) ? Everybody(people) : [],
            Key = key ?? PostedAct.NewKey(),
            Act = act,
        };
    }

    public async Task<InstanceModel?> ReadInstanceAsync(PageContext page, Actor actor, string id, ActState act, string? key, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(id, actor, cancellationToken) is not { } found)
            return null;
        var (instance, state) = await LoadAsync(found.Id, cancellationToken);
        var head = await HeadOfAsync(page, instance, state, cancellationToken);
        var graph = await graphs.FindVersionAsync(instance.DefinitionVersionId, cancellationToken);
        var all = (await tasks.ListOfInstanceAsync(id, cancellationToken)).Select(s => s.Task).ToList();
        var mine = all.FirstOrDefault(x => x.ClosedAt is null && !x.Excluded.Contains(actor.Name) && (x.Assignee == actor.Name || (x.Assignee is null && x.Candidates.Intersect(actor.Identities).Any())));
        IReadOnlyList<PageAction> actions = state is null ? [] :
        [
            .. InstanceActEndpoints.Offered(instance, state, actor, await access.StandingAsync(instance, actor, cancellationToken), graph)
                .Select(a => ActionOffer.Of(a.Name, a.Label, page.T, a.CommentRequired, a.Enabled, a.DisabledReason)),
        ];
        return new InstanceModel
        {
            Id = id,
            Head = head,
            Facts = FactReader.Of(ObjectOf(state?.Input ?? Nothing), page.T, LabelsOf(graph?.Inputs)),
            Result = [],
            Trail = await trails.ReadAsync(page, instance, state, head.Stamp, cancellationToken),
            MyTask = mine?.Id,
            Actions = actions,
            People = actions.Any(a => a.TakesPeople) ? Everybody(organisation.Current) : [],
            Key = key ?? PostedAct.NewKey(),
            Act = act,
        };
    }

    /// <summary>Of the people named, the first whom this person may not let in; null when there is none.</summary>
    public async Task<TaskVerdict.BadPerson?> StrangerAsync(string id, Actor actor, IReadOnlyList<string> people, CancellationToken cancellationToken) =>
        people.Count > 0 && await access.FindAsync(id, actor, cancellationToken) is { } found
            ? await access.StrangerAsync(found, await access.StandingAsync(found, actor, cancellationToken), people, cancellationToken)
            : null;

    /// <summary>Where to go after a decision: the next task to do, or the list.</summary>
    public async Task<string> NextAsync(Actor actor, string decidedId, string flash, CancellationToken cancellationToken)
    {
        var queue = await inbox.QueueAsync(actor, 2, cancellationToken);
        return queue.FirstOrDefault(q => q.Task.Id != decidedId) is { } next ? $"/tasks/{Uri.EscapeDataString(next.Task.Id)}?m={flash}.next" : $"/?m={flash}.last";
    }

    private async Task<(InstanceSummary Row, WorkflowInstance? State)> LoadAsync(string id, CancellationToken cancellationToken)
    {
        var row = await instances.FindAsync(id, cancellationToken) ?? throw new InvalidOperationException($"Instance {id} has tasks and no row.");
        return (row, await instances.LoadAsync(id, cancellationToken) is { } stored ? InstanceCodec.Read(stored.State.Span) : null);
    }

    private async Task<DetailHead> HeadOfAsync(PageContext page, InstanceSummary instance, WorkflowInstance? state, CancellationToken cancellationToken)
    {
        var (t, people) = (page.T, organisation.Current);
        var graph = await graphs.FindVersionAsync(instance.DefinitionVersionId, cancellationToken);
        var title = Wording.Title(instance.InitiatedBy, Wording.NameOf(graph, instance.DefinitionId), people, t);
        return new DetailHead(
            title,
            instance.Name,
            InstanceNumber.Of(instance.Id, instance.CreatedAt),
            instance.InitiatedBy is { } by ? Badge.Of(by, people) : null,
            t.With("detail.submitted", instance.InitiatedBy is { } name ? people.DisplayName(name) : t["inbox.system"], Moments.Short(instance.CreatedAt, page.Now, t)),
            Wording.StampOf(instance.Status, instance.SubStatus, state?.Output.GetValueOrDefault("endState")?.ToString(), t));
    }

    private static string? ClosedLine(UserTask task, Actor actor, PageContext page, OrganisationSnapshot people)
    {
        if (task.ClosedAt is not { } at)
            return null;
        var (t, when) = (page.T, Moments.Short(at, page.Now, page.T));
        var decision = t.Or("decided." + task.Decision, t["decided.other"]);
        return task.DecidedBy is not { } by ? t["detail.closed.gone"]
            : by == actor.Name ? t.With("detail.closed.you", decision, when)
            : t.With("detail.closed.by", people.DisplayName(by), decision, when);
    }

    private static QueuePlace? PlaceOf(IReadOnlyList<StoredUserTask> queue, string id)
    {
        var at = queue.ToList().FindIndex(q => q.Task.Id == id);
        string? To(int index) => index >= 0 && index < queue.Count ? "/tasks/" + Uri.EscapeDataString(queue[index].Task.Id) : null;
        return at < 0 ? null : new QueuePlace(at + 1, queue.Count, To(at - 1), To(at + 1));
    }

    private static IReadOnlyList<Badge> Everybody(OrganisationSnapshot people) => [.. people.People.Take(MostPeople).Select(p => new Badge(p.UserName, p.DisplayName, null))];

    private static JsonObject ObjectOf(IReadOnlyDictionary<string, JsonNode?> values) => new(values.Select(v => KeyValuePair.Create(v.Key, v.Value?.DeepClone())));

    private static Dictionary<string, string>? LabelsOf(IReadOnlyList<VariableDeclaration>? declared) =>
        declared?.ToDictionary(d => d.Name, d => d.DisplayName ?? d.Name);
}
