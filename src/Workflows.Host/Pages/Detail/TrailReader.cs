using System.Text.RegularExpressions;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Host.Instances;
using Workflows.Host.Pages.Inbox;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.Detail;

/// <summary>
/// The approval process of an instance in one list, oldest first: what was decided, what the system did, what is waited for, and
/// what may be expected.
/// </summary>
internal sealed partial class TrailReader(IUserTaskStore tasks, Timeline timeline, IGraphSource graphs, IOrganisationSource organisation)
{
    private static readonly string[] SystemKinds = ["journal", "undo", "incident", "deadline"];

    public async Task<IReadOnlyList<TrailNode>> ReadAsync(PageContext page, InstanceSummary instance, WorkflowInstance? state, Stamp end, IReadOnlySet<string> hidden, CancellationToken cancellationToken)
    {
        var (t, now, people) = (page.T, page.Now, organisation.Current);
        var all = (await tasks.ListOfInstanceAsync(instance.Id, cancellationToken)).Select(s => s.Task).ToList();
        var past = new List<(DateTimeOffset At, TrailNode Node)>();
        foreach (var task in all.Where(x => x.ClosedAt is not null))
            past.Add((task.ClosedAt!.Value, Closed(task, page, people)));
        foreach (var entry in await timeline.ReadAsync(instance, hidden, cancellationToken))
        {
            if (entry.At is not { } at)
                continue;
            var when = Moments.Short(at, now, t);
            if (SystemKinds.Contains(entry.Kind) && entry.By is null)
                past.Add((at, new TrailNode(entry.Kind == "incident" || entry.Overdue ? "trouble" : "system", RecordWords.In(t, entry.Kind == "deadline" ? Seconds().Replace(entry.Text, "$1") : entry.Text), Who: t["trail.system"], When: when)));
            // What people did beside deciding: claimed, transferred, added signers, urged, commented. Tasks themselves are told above.
            else if (SystemKinds.Contains(entry.Kind) || entry.Kind == "comment" || (entry.Kind == "task" && entry.TaskId is null))
                past.Add((at, new TrailNode("act", RecordWords.In(t, entry.Text), entry.By is { } who ? Badge.Of(who.UserName, people) : null, entry.By?.DisplayName, When: when)));
        }

        var nodes = new List<TrailNode>
        {
            new("start", t["trail.start"], instance.InitiatedBy is { } by ? Badge.Of(by, people) : null, instance.InitiatedBy is { } name ? people.DisplayName(name) : t["trail.system"], When: Moments.Short(instance.CreatedAt, now, t)),
        };
        nodes.AddRange(past.OrderBy(p => p.At).Select(p => p.Node));
        nodes.AddRange(all.Where(x => x.ClosedAt is null).Select(x => Waiting(x, page, people)));
        if (instance.Status == WorkflowStatus.Running && state is not null && await graphs.FindVersionAsync(instance.DefinitionVersionId, cancellationToken) is { } graph)
            nodes.AddRange(Expected(Prediction.Of(graph, PlacesOf(state), instance.InitiatedBy, people), t));
        nodes.Add(instance.FinishedAt is { } finished
            ? new TrailNode(end.Kind is "good" or "bad" or "returned" ? end.Kind : "end", t["trail.end"], Who: end.Text, When: Moments.Short(finished, now, t))
            : new TrailNode("predicted", t["trail.end"]));
        return nodes;
    }

    /// <summary>A due time to the second, after its day; readers go by minutes.</summary>
    [GeneratedRegex(@"(?<=\d{4}-\d\d-\d\d 周. )(\d\d:\d\d):\d\d")]
    private static partial Regex Seconds();

    /// <summary>The chain a new application would take.</summary>
    public static IReadOnlyList<TrailNode> Preview(WorkflowGraph graph, string initiator, OrganisationSnapshot people, Texts t) =>
    [
        new("start", t["trail.start"], Badge.Of(initiator, people), people.DisplayName(initiator)),
        .. Expected(Prediction.Of(graph, [], initiator, people), t),
        new("predicted", t["trail.end"]),
    ];

    private static IEnumerable<TrailNode> Expected(IEnumerable<PredictedStep> steps, Texts t) => steps.Select(step => new TrailNode(
        "predicted",
        step.Title,
        step.People.Count == 1 ? new Badge(step.People[0].UserName, step.People[0].DisplayName, null) : null,
        step.People.Count == 0 ? t["trail.later"] : string.Join(t.IsChinese ? "、" : ", ", step.People.Take(3).Select(p => p.DisplayName)) + (step.People.Count > 3 ? " " + t.With("trail.more", step.People.Count) : ""),
        t["trail.predicted"]));

    private static TrailNode Closed(UserTask task, PageContext page, OrganisationSnapshot people)
    {
        var (t, at) = (page.T, task.ClosedAt!.Value);
        var title = task.Title + (task.Round > 1 ? $" · {t.With("detail.round", task.Round)}" : "");
        if (task.State == UserTaskState.Cancelled || task.DecidedBy is not { } by)
            return new TrailNode("skipped", title, State: t["trail.cancelled"], When: Moments.Short(at, page.Now, t));
        var kind = task.Decision switch { "reject" or "abort" => "bad", "return" => "returned", _ => "good" };
        var state = t.Or("decided." + task.Decision, t["decided.other"]) + (task.Overdue || task.DueAt < at ? $" · {t["trail.late"]}" : "");
        return new TrailNode(kind, title, Badge.Of(by, people), people.DisplayName(by), state, task.Comment, Moments.Short(at, page.Now, t), t.With("trail.took", Moments.Span(at - task.CreatedAt, t)));
    }

    private static TrailNode Waiting(UserTask task, PageContext page, OrganisationSnapshot people)
    {
        var t = page.T;
        return new TrailNode(
            "current",
            task.Title + (task.Round > 1 ? $" · {t.With("detail.round", task.Round)}" : ""),
            task.Assignee is { } one ? Badge.Of(one, people) : null,
            Wording.NamesOf(task.Assignee is { } name ? [name] : task.Candidates, people, t),
            t[task.Assignee is null ? "trail.claimable" : "trail.waiting"],
            Took: t.With("trail.waitingFor", Moments.Span(page.Now - task.CreatedAt, t)),
            Sla: SlaChip.Of(task, page.Now, t));
    }

    /// <summary>The nodes an instance stands at: those of its open tasks, else the innermost that still run.</summary>
    private static IReadOnlyCollection<string> PlacesOf(WorkflowInstance state)
    {
        if (state.Tasks.Count > 0)
            return [.. state.Tasks.Select(x => x.NodeId).Distinct()];
        var open = state.Executions.Where(e => e.IsOpen).ToList();
        var parents = open.Select(e => e.Parent).OfType<int>().ToHashSet();
        return [.. open.Where(e => !parents.Contains(e.Number)).Select(e => e.NodeId).Distinct()];
    }
}
