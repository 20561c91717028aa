using System.Text.Json.Nodes;
using Workflows.Activities.Flowcharts;
using Workflows.Activities.Notify;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Messages;
using Workflows.Engine.UserTasks;

namespace Workflows.Activities.Human;

/// <summary>
/// One visit of the node: seats and their tasks, which carry the same ids. The round is kept with the execution; a task is open
/// exactly while its seat is.
/// </summary>
internal sealed partial class Approval
{
    private const string RoundKey = "Round";
    private const string VisitKey = "Visit";
    private const string ReturnKey = "Return";
    private static readonly string[] AllActs = [UserTaskRules.Transfer, UserTaskRules.Delegate, UserTaskRules.AddSigners, UserTaskRules.RequestInfo];

    private void GoOn(ActivityContext context, (ApprovalRound Round, RoundOutcome? Outcome) now)
    {
        var (round, outcome) = now;
        context.Set(RoundKey, round.ToJson());
        var open = context.OpenTasks.Where(t => t.Kind == UserTaskKind.Approval).ToDictionary(t => t.Id);
        foreach (var seat in round.Seats.Where(s => s.State != SeatState.Open && open.ContainsKey(s.Id)))
        {
            var holder = open[seat.Id].Assignee ?? seat.Assignee;
            context.ChangeTask(open[seat.Id] with { State = UserTaskState.Cancelled, ClosedAt = context.Now });
            var why = seat.State switch { SeatState.Removed => "已减签", SeatState.Waiting => "等待前加签人先审批", _ => "审批已有结果，无需再处理" };
            context.Journal("SeatClosed", $"{(holder is null ? "待认领的审批" : context.Organisation.DisplayName(holder))}：{why}", new JsonObject { ["task"] = seat.Id });
        }

        if (outcome is null)
        {
            foreach (var seat in round.Seats.Where(s => s.State == SeatState.Open && !open.ContainsKey(s.Id)))
                AskAt(context, round, seat);
            return;
        }

        if (round.Seats.Count > 1)
        {
            int Count(SeatState state) => round.Seats.Count(s => s.State == state);
            context.Journal("RoundDecided", $"{ModeName(round)}：{round.Seats.Count} 人，同意 {Count(SeatState.Approved)}，驳回 {Count(SeatState.Rejected)}，结果{(outcome == RoundOutcome.Approved ? "同意" : "驳回")}");
        }

        Decision ??= outcome == RoundOutcome.Approved ? Approve : Reject;
        if (round.Seats.Count > 1)
            Decision = outcome == RoundOutcome.Approved ? Approve : Reject;
        Decisions = Told(round);
        TellInitiator(context, round, outcome.Value);
        context.Complete(outcome.ToString()!);
    }

    /// <summary>What became of their application at this node, with the last word that was said.</summary>
    private void TellInitiator(ActivityContext context, ApprovalRound round, RoundOutcome outcome)
    {
        if (context.InitiatedBy is not { } initiator)
            return;
        var last = round.Seats.Where(s => s.DecidedAt is not null && (s.State == SeatState.Approved) == (outcome == RoundOutcome.Approved)).MaxBy(s => s.DecidedAt);
        var task = new UserTask { Id = "", Execution = context.Execution.Number, NodeId = context.Node.NodeId, Kind = UserTaskKind.Approval, Title = string.IsNullOrEmpty(Title) ? context.Node.DisplayText : Title };
        Notices.Announce(context, MessageEvents.CaseDecided, [initiator], task, last?.DecidedBy is { } by ? context.Organisation.DisplayName(by) : null, last?.Comment, new JsonObject { ["outcome"] = outcome.ToString() });
    }

    private void AskAt(ActivityContext context, ApprovalRound round, Seat seat)
    {
        // Who spoke at one place of the table does not speak at another.
        var excluded = Barred(context).Concat(round.Seats.Where(s => s.Id != seat.Id).Select(s => s.DecidedBy).OfType<string>()).Distinct().ToList();
        // And who has decided elsewhere since the place was found is replaced as on entering.
        if (seat.Assignee is { } barred && excluded.Contains(barred) && context.Organisation.Find(barred) is { } person)
        {
            var instead = Audience.Instead(context, Rule(context), person, excluded);
            seat = seat with { Assignee = instead.Assignee, Candidates = instead.Candidates, Reason = instead.Reason };
        }

        // Whoever stands in for somebody on leave must not thereby sit at the table twice.
        string? absent = null;
        var seated = round.Seats.Where(s => s.Id != seat.Id).SelectMany(s => new[] { s.Assignee, HolderOf(context, s) }).OfType<string>();
        if (seat.Assignee is { } asked && Engine.Organisation.Deputies.Find(context.Organisation, asked, context.Graph.DefinitionId, context.Now, [.. excluded, .. seated]) is { IsDeputised: true } found)
        {
            absent = asked;
            context.Journal("Deputised", $"{found.Told}（{context.Organisation.DisplayName(asked)}不在）", new JsonObject { ["task"] = seat.Id });
            seat = seat with { Assignee = found.Acts.UserName, Reason = $"{seat.Reason}；{found.Told}" };
        }

        List<string> acts = [.. Acts is { Length: > 0 } ? AllActs.Intersect(Acts) : AllActs];
        if (round.Seats.Any(s => s.AddedAt == seat.Id && s.AddedBy is not null && !s.IsSettled))
            acts.Add(UserTaskRules.RemoveSigners);
        var task = new UserTask
        {
            Id = seat.Id,
            Execution = context.Execution.Number,
            NodeId = context.Node.NodeId,
            Kind = UserTaskKind.Approval,
            Title = string.IsNullOrEmpty(Title) ? context.Node.DisplayText : Title,
            Assignee = seat.Assignee,
            Candidates = seat.Candidates,
            Excluded = excluded,
            FourEyes = FourEyes,
            Reason = seat.Reason,
            OnBehalfOf = absent,
            Actions = AllowReturn ? [Approve, Reject, Return] : [Approve, Reject],
            Acts = acts,
            ReturnTargets = AllowReturn ? [.. Targets(context)] : [],
            AllowBulk = AllowBulk,
            CommentRequired = CommentRequired == CommentPolicy.Always ? [Approve, Reject, Return] : [Reject, Return],
            Content = ShownContent(context),
            Form = ShownForm(context),
            Hidden = Engine.UserTasks.FieldRights.Hidden(FieldRights),
            Round = context.Get<int>(VisitKey),
            DueAt = Target is null ? context.Now + DueIn : null,
        };
        TaskWatch.Announce(context, ClockFor(task.Title) is { } clock ? context.Ask(task, clock) : context.Ask(task));
        if (Target is null && DueIn is { } due)
            context.SetDeadline(context.Now + due, TaskWatch.Due);
    }

    public override ShownContent Shown(ActivityContext context, UserTask task) =>
        task.Kind == UserTaskKind.Approval ? new ShownContent(ShownContent(context), ShownForm(context)) : base.Shown(context, task);

    /// <summary>As the data is now: whoever is asked later in a round sees what those before have changed.</summary>
    private JsonNode? ShownContent(ActivityContext context) =>
        Engine.UserTasks.FieldRights.ToContent(context.Node.Inputs.ContainsKey("content") ? context.Evaluate<JsonNode>("content") : Content, FieldRights);

    private JsonNode? ShownForm(ActivityContext context) =>
        Engine.UserTasks.FieldRights.ToDataForm(Form, FieldRights, name => context.Scope.TryGetVariable(name, out var value) ? value : null);

    /// <summary>What the approver changed goes into the variables of those names, each with a line of what it was.</summary>
    private void KeepFields(ActivityContext context, UserTask task)
    {
        var changes = new JsonArray();
        foreach (var (field, value) in task.Result as JsonObject ?? [])
        {
            context.Scope.TryGetVariable(field, out var before);
            if (!Engine.UserTasks.FieldRights.MayEdit(FieldRights, field) || JsonNode.DeepEquals(before, value) || !context.Scope.TrySetVariable(field, value?.DeepClone()))
                continue;
            var label = (string?)task.Form?["properties"]?[field]?["title"] ?? field;
            changes.Add(new JsonObject { ["field"] = field, ["label"] = label, ["before"] = before?.DeepClone(), ["after"] = value?.DeepClone() });
        }

        if (changes.Count > 0)
            context.Journal("FieldsChanged", null, new JsonObject { ["task"] = task.Id, ["changes"] = changes }, task.DecidedBy);
    }

    private TaskVerdict? AddSigners(ActivityContext context, UserTask task, TaskCommand command)
    {
        var round = RoundOf(context, task);
        var by = context.Organisation.DisplayName(command.By);
        var added = command.People.Select((name, n) => new Seat
        {
            Id = command.IsTrial ? $"trial-{n}" : context.NewId(),
            Assignee = name,
            AddedBy = command.By,
            Reason = $"因为{by}请您{PlaceName(command.Place)}",
        }).ToList();
        if (ApprovalRules.Add(round, round.Find(task.Id)!, command.Place, added) is not { } more)
            return new TaskVerdict.NotPossible("too-many-signers", "加签最多两层，一次审批最多 100 人", "signers may be added twice over at most, 100 in all");
        var after = ApprovalRules.Settle(more);
        if (command.IsTrial)
            return new TaskVerdict.Planned(new JsonObject { ["chain"] = Chain(context, after.Round) });
        GoOn(context, after);
        if (context.OpenTasks.FirstOrDefault(t => t.Id == task.Id) is { } mine && !mine.Acts.Contains(UserTaskRules.RemoveSigners))
            context.ChangeTask(mine with { Acts = [.. mine.Acts, UserTaskRules.RemoveSigners] });
        return null;
    }

    private TaskVerdict? RemoveSigners(ActivityContext context, UserTask task, TaskCommand command)
    {
        var round = RoundOf(context, task);
        var now = (Round: round, Outcome: (RoundOutcome?)null);
        foreach (var name in command.People)
        {
            var seat = now.Round.Seats.FirstOrDefault(s => s.AddedBy == command.By && (s.Assignee == name || HolderOf(context, s) == name) && !s.IsSettled);
            if (seat is null || ApprovalRules.Remove(now.Round, seat) is not { } left)
                return new TaskVerdict.BadPerson(name, $"{context.Organisation.DisplayName(name)}不是您加签的人，或已审批", $"{name} was not added by you, or has decided");
            now = left;
        }

        if (command.IsTrial)
            return new TaskVerdict.Planned(new JsonObject { ["chain"] = Chain(context, now.Round) });
        GoOn(context, now);
        return null;
    }

    private static JsonArray Chain(ActivityContext context, ApprovalRound round) => [.. round.Seats.Where(s => s.State != SeatState.Removed).Select(s => (JsonNode)new JsonObject
    {
        ["user"] = HolderOf(context, s),
        ["name"] = HolderOf(context, s) is { } user ? context.Organisation.DisplayName(user) : string.Join("、", s.Candidates),
        ["state"] = s.State.ToString(),
        ["place"] = s.Place.ToString(),
        ["addedBy"] = s.AddedBy,
    })];

    private static string? HolderOf(ActivityContext context, Seat seat) => seat.DecidedBy ?? context.OpenTasks.FirstOrDefault(t => t.Id == seat.Id)?.Assignee ?? seat.Assignee;

    private static JsonArray Told(ApprovalRound round) => [.. round.Seats.Where(s => s.State is SeatState.Approved or SeatState.Rejected).OrderBy(s => s.DecidedAt).Select(s => (JsonNode)new JsonObject
    {
        ["by"] = s.DecidedBy,
        ["onBehalfOf"] = s.OnBehalfOf,
        ["decision"] = s.State == SeatState.Approved ? Approve : Reject,
        ["comment"] = s.Comment,
        ["at"] = s.DecidedAt?.ToString("O"),
        ["rule"] = s.AutoRule,
    })];

    /// <summary>States written before rounds were kept hold one task and nothing else.</summary>
    private static ApprovalRound RoundOf(ActivityContext context, UserTask task) =>
        ApprovalRound.Read(context.Get<JsonNode>(RoundKey)) is { } round && round.Find(task.Id) is not null
            ? round
            : new ApprovalRound { Seats = [new Seat { Id = task.Id, State = SeatState.Open, Assignee = task.Assignee, Candidates = task.Candidates }] };

    private static IEnumerable<ReturnTarget> Targets(ActivityContext context)
    {
        if (context.InitiatedBy is not null)
            yield return new ReturnTarget(ReturnTarget.Initiator, "申请人");
        if (context.Node.Parent is not { ActivityType.ClrType: var type } || type != typeof(Flowchart))
            yield break;
        var before = FlowReturn.Before(context.Node);
        foreach (var id in TaskWatch.Visited(context))
        {
            if (context.Graph.Find(id) is { } node && node != context.Node && node.Parent == context.Node.Parent && before.Contains(node.Id) && !context.OtherOpenTasks.Any(t => t.NodeId == id))
                yield return new ReturnTarget(id, node.DisplayText);
        }
    }

    private void GoBack(ActivityContext context, UserTask task)
    {
        switch (task.ReturnedTo)
        {
            case null:
                context.Complete("Returned");
                break;
            case ReturnTarget.Initiator:
                AskInitiator(context, task);
                break;
            case var to:
                context.Send(Way(context, to, task.ComesStraightBack, isTrial: false));
                break;
        }
    }

    private static Signal.Return Way(ActivityContext context, string to, bool straight, bool isTrial) =>
        new(context.Graph.Find(to)!, context.Node, straight) { OriginTag = context.Execution.Tag, IsTrial = isTrial };

    private static TaskVerdict.Planned TrialOfReturn(ActivityContext context, string to, bool straight)
    {
        var cancelled = new List<ActivityNode>();
        if (to != ReturnTarget.Initiator)
        {
            var way = Way(context, to, straight, isTrial: true);
            context.Send(way);
            cancelled = way.Cancelled;
        }

        return new TaskVerdict.Planned(new JsonObject
        {
            ["to"] = to,
            ["comesStraightBack"] = straight,
            ["cancels"] = new JsonArray([.. cancelled.Select(n => (JsonNode)new JsonObject { ["node"] = n.NodeId, ["title"] = n.DisplayText })]),
        });
    }

    /// <summary>The applicant mends the application at this node; the places still open are closed with the old round.</summary>
    private void AskInitiator(ActivityContext context, UserTask task)
    {
        context.StopWaiting();
        context.Set(ReturnKey, task.ComesStraightBack);
        var again = context.Ask(new UserTask
        {
            Id = context.NewId(),
            Execution = context.Execution.Number,
            NodeId = context.Node.NodeId,
            Kind = UserTaskKind.Handling,
            Title = $"修改后重新提交：{task.Title}",
            Assignee = context.InitiatedBy,
            Reason = $"因为{context.Organisation.DisplayName(task.DecidedBy!)}退回了您的申请",
            Actions = ["complete"],
            Content = task.Content?.DeepClone(),
            Form = ResubmitForm?.DeepClone(),
            Round = context.Get<int>(VisitKey),
        });
        TaskWatch.Announce(context, again, MessageEvents.TaskReturned, context.Organisation.DisplayName(task.DecidedBy!), task.Comment);
    }

    private void HandedInAgain(ActivityContext context, UserTask task)
    {
        foreach (var (field, value) in task.Result as JsonObject ?? [])
            context.Scope.TrySetVariable(field, value?.DeepClone());
        context.Journal("Resubmitted", $"{context.Organisation.DisplayName(task.DecidedBy!)}重新提交", by: task.DecidedBy);
        if (!context.Get<bool>(ReturnKey) && Targets(context).FirstOrDefault(t => t.NodeId != ReturnTarget.Initiator) is { } first)
        {
            var way = Way(context, first.NodeId, straight: false, isTrial: false);
            context.Send(way);
            if (way.IsTaken)
                return;
        }

        // Shown anew: what was handed in may differ from what was sent back.
        Content = context.Evaluate<JsonNode>("content");
        if (context.Execution.Inputs is { } inputs && inputs.ContainsKey("content"))
            inputs["content"] = Content?.DeepClone();
        Execute(context);
    }

    private static string ModeName(ApprovalRound round) => round.Mode switch
    {
        ApprovalMode.Any => "或签",
        ApprovalMode.All => "会签",
        ApprovalMode.Sequential => "依次审批",
        ApprovalMode.Quorum => $"{round.Required} 人通过",
        _ => "每组一人",
    };

    private static string PlaceName(SeatPlace place) => place switch
    {
        SeatPlace.Before => "前加签",
        SeatPlace.After => "后加签",
        _ => "加签",
    };
}
