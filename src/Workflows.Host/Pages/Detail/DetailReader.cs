using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Store;
using Workflows.Engine.UserTasks;
using Workflows.Host.Instances;
using Workflows.Host.Pages.Clocks;
using Workflows.Host.Pages.Files;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Inbox;
using Workflows.Host.Pages.Start;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;
using Workflows.Host.Tasks;

namespace Workflows.Host.Pages.Detail;

/// <summary>Puts together what the detail pages show. Rights are those of the API: what may not be read there is not found here.</summary>
internal sealed class DetailReader(IUserTaskStore tasks, IInstanceStore instances, ShownFiles shown, InstanceAccess access, TrailReader trails, InboxReader inbox, ClockReader clocks, ICaseFileStore files, Personal personal, StartCatalogue catalogue, IGraphSource graphs, IOrganisationSource organisation)
{
    private const int LongestQueue = 100;
    private const int QueueShown = 30;
    private const string Opinions = "$opinions";

    /// <summary>Acts on the instance that are offered on the page of a task too.</summary>
    private static readonly string[] OfInstance = [InstanceActs.Comment, InstanceActs.Copy];

    private static readonly Dictionary<string, JsonNode?> Nothing = [];

    public async Task<StoredUserTask?> FindTaskAsync(string id, Actor actor, CancellationToken cancellationToken) =>
        await tasks.FindAsync(id, cancellationToken) is { } found && await access.MayReadAsync(found, actor, cancellationToken) ? found : null;

    /// <summary>The task's part of the hash a page was made with, and what came to the files since; null when nothing did.</summary>
    public Task<(string? Hash, TaskVerdict.ContentChanged? Changed)> CheckSeenAsync(string seen, StoredUserTask stored, string act, Actor actor, CancellationToken cancellationToken) =>
        shown.CheckAsync(seen.Length > 0 ? seen : null, stored, act, actor.Name, cancellationToken);

    public async Task<TaskModel> ReadAsync(PageContext page, Actor actor, StoredUserTask stored, FormState filled, ActState act, string? key, CancellationToken cancellationToken, IReadOnlyList<string>? fileProblems = null)
    {
        var (t, task, people) = (page.T, stored.Task, organisation.Current);
        var (instance, state) = await LoadAsync(stored.InstanceId, cancellationToken);
        var head = await HeadOfAsync(page, instance, state, cancellationToken);
        var round = RoundReader.Of(task, state);
        var phrases = await personal.PhrasesAsync(actor, cancellationToken);
        var added = RoundReader.AddedBy(actor.Name, round, state, people);
        var own = ActionOffer.Of(TaskItem.Of(stored, actor, people), task, t, phrases)
            .Where(a => a.Name != UserTaskRules.RemoveSigners || added.Count > 0)
            .Select(a => a.Name == UserTaskRules.RemoveSigners ? a with { Only = added } : a).ToList();
        var standing = await access.StandingAsync(instance, actor, cancellationToken);
        var isHolder = own.Exists(a => a.Enabled);
        var isAsked = task.ClosedAt is null && task.InfoFrom == actor.Name;
        IEnumerable<PageAction> others = state is null ? [] : OffersOf(instance, state, actor, standing, await graphs.FindVersionAsync(instance.DefinitionVersionId, cancellationToken), t, phrases).Where(a => OfInstance.Contains(a.Name));
        IReadOnlyList<PageAction> actions = [.. own, .. others.Select(a => isAsked && a.Name == InstanceActs.Comment ? a with { Label = t["action.inform"], Hint = t["act.hint.inform"], Tone = "primary" } : a)];
        var form = isHolder ? SchemaForm.Of(task.Form) : [];
        TaskDraft? draft = null;
        if (isHolder && task.ClosedAt is null && !filled.WasSent)
        {
            draft = await files.FindDraftAsync(task.Id, actor.Name, cancellationToken);
            filled = FilledFrom(form, draft, stored, actor, state);
            act = act with { Typed = OpinionsOf(draft) };
        }

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
            Why = own.Count > 0 && task.Reason is { } reason ? RecordWords.In(page.T, reason) : null,
            Instructions = (task.Content as JsonObject)?[Wording.Instructions]?.ToString(),
            Sla = task.ClosedAt is null ? SlaChip.Of(task, page.Now, t) : null,
            Clocks = await clocks.OfTaskAsync(page, task.Id, cancellationToken),
            Closed = ClosedLine(task, actor, page, people) ?? (own.Count > 0 ? null : t[isAsked ? "detail.askedYou" : "detail.watch"]),
            Facts = FactReader.Of(task.Content, t, ContentLabels.Of(await graphs.FindVersionAsync(instance.DefinitionVersionId, cancellationToken), task.NodeId)),
            Result = FactReader.Of(WithNames(task.Result, SchemaForm.Of(task.Form), people), t, SchemaForm.Of(task.Form).ToDictionary(f => f.Name, f => f.Label)),
            Form = form,
            Filled = filled,
            Actions = actions,
            Trail = await trails.ReadAsync(page, instance, state, head.Stamp, await access.HiddenAsync(instance, actor, cancellationToken), cancellationToken),
            Place = PlaceOf(queue, task.Id),
            Queue = rows,
            Revision = task.Revision,
            Seen = await shown.HashAsync(stored, actor.Name, cancellationToken),
            Files = await FilesOfAsync(page, actor, instance, fileProblems, cancellationToken),
            Draft = draft is null ? null : t.With("draft.savedAt", Moments.Short(draft.SavedAt, page.Now, t)),
            Table = RoundReader.Told(round, t),
            Asked = task.ClosedAt is null && task.InfoFrom is { } asked && !isAsked ? t.With("detail.asked", people.DisplayName(asked)) : null,
            Key = key ?? PostedAct.NewKey(),
            Act = act,
        };
    }

    public async Task<InstanceModel?> ReadInstanceAsync(PageContext page, Actor actor, string id, ActState act, string? key, CancellationToken cancellationToken, IReadOnlyList<string>? fileProblems = null)
    {
        if (await access.FindAsync(id, actor, cancellationToken) is not { } found)
            return null;
        var (instance, state) = await LoadAsync(found.Id, cancellationToken);
        var head = await HeadOfAsync(page, instance, state, cancellationToken);
        var graph = await graphs.FindVersionAsync(instance.DefinitionVersionId, cancellationToken);
        var all = (await tasks.ListOfInstanceAsync(id, cancellationToken)).Select(s => s.Task).ToList();
        var mine = all.FirstOrDefault(x => x.ClosedAt is null && !x.Excluded.Contains(actor.Name) && (x.Assignee == actor.Name || (x.Assignee is null && x.Candidates.Intersect(actor.Identities).Any())));
        IReadOnlyList<PageAction> actions = state is null ? [] : OffersOf(instance, state, actor, await access.StandingAsync(instance, actor, cancellationToken), graph, page.T, await personal.PhrasesAsync(actor, cancellationToken));
        var people = organisation.Current;
        var isMine = instance.InitiatedBy == actor.Name;
        return new InstanceModel
        {
            Id = id,
            Head = head,
            Facts = FactReader.Of(ObjectOf(HiddenFields.Without(state is null ? Nothing : new PersonalMask(state, graph).Data(state.Input), HiddenFields.WithNames(await access.HiddenAsync(instance, actor, cancellationToken), graph))), page.T, LabelsOf(graph?.Inputs)),
            Result = [],
            Trail = await trails.ReadAsync(page, instance, state, head.Stamp, await access.HiddenAsync(instance, actor, cancellationToken), cancellationToken),
            Clocks = await clocks.OfInstanceAsync(page, id, cancellationToken),
            Reveal = graph is { PersonalInputs.Count: > 0 } && actor is { MaySeeComplaints: true, MayRevealCustomers: true } ? $"/shop/complaints/{Uri.EscapeDataString(id)}" : null,
            MyTask = mine?.Id,
            SeesDiagram = actor.MayView(instance.DefinitionId),
            Actions = actions,
            Files = await FilesOfAsync(page, actor, instance, fileProblems, cancellationToken),
            Copies =
            [
                .. (await files.ListCopiesOfInstanceAsync(id, cancellationToken)).DistinctBy(c => c.UserName).Select(c => new CopyLine(
                    Badge.Of(c.UserName, people), people.DisplayName(c.SentBy), Moments.Short(c.SentAt, page.Now, page.T), c.ReadAt is { } at ? Moments.Short(at, page.Now, page.T) : null)),
            ],
            Again = isMine && await catalogue.FindAsync(instance.DefinitionId, actor, cancellationToken) is not null
                ? $"/start/{Uri.EscapeDataString(instance.DefinitionId)}?from={Uri.EscapeDataString(id)}" : null,
            Key = key ?? PostedAct.NewKey(),
            Act = act,
        };
    }

    /// <summary>Of the people named, the first whom this person may not let in; null when there is none.</summary>
    public async Task<TaskVerdict.BadPerson?> StrangerAsync(string id, Actor actor, IReadOnlyList<string> people, CancellationToken cancellationToken) =>
        people.Count > 0 && await access.FindAsync(id, actor, cancellationToken) is { } found
            ? await access.StrangerAsync(found, await access.StandingAsync(found, actor, cancellationToken), people, cancellationToken)
            : null;

    /// <summary>True when the person may do this with the instance of a task now.</summary>
    public async Task<bool> IsOfferedAsync(StoredUserTask task, string action, Actor actor, CancellationToken cancellationToken)
    {
        var (instance, state) = await LoadAsync(task.InstanceId, cancellationToken);
        return state is not null && InstanceActEndpoints.Offered(instance, state, actor, await access.StandingAsync(instance, actor, cancellationToken), await graphs.FindVersionAsync(instance.DefinitionVersionId, cancellationToken)).Any(a => a.Name == action && a.Enabled);
    }

    /// <summary>Where a task stands in the person's queue, from 0; -1 when it is not in it.</summary>
    public async Task<int> PlaceAsync(Actor actor, string id, CancellationToken cancellationToken) =>
        (await inbox.QueueAsync(actor, LongestQueue, cancellationToken)).ToList().FindIndex(q => q.Task.Id == id);

    /// <summary>Where to go after a decision: the task that was behind it, else the first, else the list.</summary>
    /// <param name="place">Where the decided one stood.</param>
    public async Task<string> NextAsync(Actor actor, string decidedId, int place, string flash, CancellationToken cancellationToken)
    {
        var queue = (await inbox.QueueAsync(actor, LongestQueue, cancellationToken)).Where(q => q.Task.Id != decidedId).ToList();
        return queue.Count == 0 ? $"/?m={flash}.last" : $"/tasks/{Uri.EscapeDataString(queue[place > 0 && place < queue.Count ? place : 0].Task.Id)}?m={flash}.next";
    }

    /// <summary>Keeps what was typed on the page of a task: the form's values and the opinions.</summary>
    public static JsonObject DraftOf(JsonObject form, IReadOnlyDictionary<string, string> typed)
    {
        var opinions = typed.Where(x => x.Key.StartsWith("comment.", StringComparison.Ordinal) && x.Value.Length > 0).ToList();
        if (opinions.Count > 0)
            form[Opinions] = new JsonObject(opinions.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value)));
        return form;
    }

    private static Dictionary<string, string> OpinionsOf(TaskDraft? draft) =>
        (draft?.Form?[Opinions] as JsonObject ?? []).Where(o => o.Value?.GetValueKind() == System.Text.Json.JsonValueKind.String).ToDictionary(o => o.Key, o => (string)o.Value!);

    /// <summary>The draft; without one, for the applicant who mends an application, what they applied with.</summary>
    private static FormState FilledFrom(IReadOnlyList<FormField> form, TaskDraft? draft, StoredUserTask stored, Actor actor, WorkflowInstance? state)
    {
        if (draft?.Form is JsonObject begun)
            return FormReader.Fill(form, begun) with { WasSent = true };
        return stored.InitiatedBy == actor.Name && state is not null ? FormReader.Fill([.. form.Where(f => f.Initial.Length == 0)], ObjectOf(state.Input)) : FormState.Empty;
    }

    private static IReadOnlyList<PageAction> OffersOf(InstanceSummary instance, WorkflowInstance state, Actor actor, Standing standing, WorkflowGraph? graph, Texts t, IReadOnlyList<string> phrases) =>
        [.. InstanceActEndpoints.Offered(instance, state, actor, standing, graph).Select(a => ActionOffer.Of(a.Name, a.Label, t, a.CommentRequired, a.Enabled, a.DisabledReason, ownPhrases: a.Name == InstanceActs.Comment ? phrases : []))];

    public async Task<bool> MayAddFilesAsync(string instanceId, Actor actor, CancellationToken cancellationToken) =>
        await instances.FindAsync(instanceId, cancellationToken) is { } instance && await MayAddFilesAsync(instance, actor, cancellationToken);

    private async Task<bool> MayAddFilesAsync(InstanceSummary instance, Actor actor, CancellationToken cancellationToken) =>
        instance.Status == WorkflowStatus.Running && CaseRights.Allows(await access.StandingAsync(instance, actor, cancellationToken), CaseRights.Attach);

    private async Task<FileModel> FilesOfAsync(PageContext page, Actor actor, InstanceSummary instance, IReadOnlyList<string>? problems, CancellationToken cancellationToken)
    {
        var decisions = (await tasks.ListOfInstanceAsync(instance.Id, cancellationToken)).Where(x => x.Task is { DecidedBy: not null, ClosedAt: not null }).Select(x => x.Task.ClosedAt!.Value).ToList();
        var lines = (await files.ListAttachmentsAsync(instance.Id, cancellationToken)).Select(a => PostedFiles.LineOf(a, actor.Name, decisions, page, organisation.Current));
        return new FileModel([.. lines], await MayAddFilesAsync(instance, actor, cancellationToken), problems ?? []);
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
            Wording.StampOf(instance.Status, instance.SubStatus, state?.Output.GetValueOrDefault("endState")?.ToString(), Wording.IsReturned(state?.Tasks ?? [], graph), state?.HasFailedUndo() == true, t));
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

    /// <summary>A filled form with the people it names as readers know them.</summary>
    private static JsonNode? WithNames(JsonNode? result, IReadOnlyList<FormField> fields, OrganisationSnapshot people)
    {
        if (result is not JsonObject filled)
            return result;
        var shown = filled.DeepClone().AsObject();
        foreach (var name in fields.Where(f => f.Kind is FieldKind.Person or FieldKind.People).Select(f => f.Name))
        {
            shown[name] = shown[name] switch
            {
                JsonArray several => new JsonArray([.. several.Select(n => (JsonNode)people.DisplayName(SchemaForm.Word(n)))]),
                JsonValue one => people.DisplayName(SchemaForm.Word(one)),
                _ => null,
            };
        }

        return shown;
    }

    private static QueuePlace? PlaceOf(IReadOnlyList<StoredUserTask> queue, string id)
    {
        var at = queue.ToList().FindIndex(q => q.Task.Id == id);
        string? To(int index) => index >= 0 && index < queue.Count ? "/tasks/" + Uri.EscapeDataString(queue[index].Task.Id) : null;
        return at < 0 ? null : new QueuePlace(at + 1, queue.Count, To(at - 1), To(at + 1));
    }

    private static JsonObject ObjectOf(IReadOnlyDictionary<string, JsonNode?> values) => new(values.Select(v => KeyValuePair.Create(v.Key, v.Value?.DeepClone())));

    private static Dictionary<string, string>? LabelsOf(IReadOnlyList<VariableDeclaration>? declared) =>
        declared?.ToDictionary(d => d.Name, d => d.DisplayName ?? d.Name);
}
