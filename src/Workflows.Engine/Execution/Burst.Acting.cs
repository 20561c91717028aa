using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Instances;
using Workflows.Engine.Messages;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Execution;

/// <summary>What people do: with a task, and with the instance as a whole. A refusal leaves everything as it was.</summary>
internal sealed partial class Burst
{
    /// <summary>Instance property: node, person and revision of the last approval, for taking it back.</summary>
    public const string LastApprovalKey = "LastApproval";

    /// <summary>Instance property: who decided, by node.</summary>
    public const string DecidersKey = "Deciders";

    private const string UrgedKey = "Urged";
    private static readonly TimeSpan UrgeCoolDown = TimeSpan.FromHours(4);

    private TaskVerdict? ActOnTask(TaskCommand command)
    {
        if (Instance.Tasks.FirstOrDefault(t => t.Id == command.TaskId) is not { } task)
            return new TaskVerdict.NotFound();
        var verdict = UserTaskRules.Act(task, command, Now, new TaskScene(Organisation, Instance.Tasks));
        var execution = _executions[task.Execution];
        if (verdict is TaskVerdict.Accepted && task.Actions.Contains(command.Action) && Refreshed(task, execution, pinned: true) is { } now)
            return new TaskVerdict.ContentChanged(now) { Changes = TaskContent.Changes(task, now) };
        if (verdict is TaskVerdict.LeftToActivity || (command.IsTrial && verdict is TaskVerdict.Accepted))
            return Ask(execution, task, command);
        if (verdict is not TaskVerdict.Accepted accepted)
            return verdict;

        _by = command.By;
        ActedOn = accepted.Task;
        SaveTask(accepted.Task);
        Journal(EventOf(command.Action), execution, command.Comment, command.By, Payload(task, command));
        switch (command.Action)
        {
            case UserTaskRules.Transfer or UserTaskRules.Delegate or UserTaskRules.Answer:
                Notice(command.Action == UserTaskRules.Answer ? MessageEvents.TaskAnswered : MessageEvents.TaskHandedOver, [accepted.Task.Assignee!], command, task);
                break;
            case UserTaskRules.RequestInfo:
                Notice(MessageEvents.TaskInfoRequested, [accepted.Task.InfoFrom!], command, task);
                break;
        }

        if (accepted.Task.State != UserTaskState.Completed)
            return null;
        if (accepted.Task is { Kind: UserTaskKind.Approval, FourEyes: true })
            TellRelatives([.. new[] { command.By, accepted.Task.OnBehalfOf }.OfType<string>()], null);
        Call(Graph.Find(execution.NodeId)!, execution, (activity, context) => activity.TaskCompleted(context, accepted.Task));
        Instance.Properties.Remove(LastApprovalKey);
        if (accepted.Task is { Kind: UserTaskKind.Approval, Decision: "approve" } && execution.Status == ActivityStatus.Completed)
        {
            Instance.Properties[LastApprovalKey] = new JsonObject
            {
                ["node"] = execution.NodeId,
                ["by"] = command.By,
                ["at"] = Now.ToString("O", CultureInfo.InvariantCulture),
                ["revision"] = Instance.Revision + 1,
                ["acts"] = (int?)Instance.Properties.GetValueOrDefault(Withdrawal.IrreversibleKey) ?? 0,
            };
        }

        return null;
    }

    private TaskVerdict? Ask(ActivityExecution execution, UserTask task, TaskCommand command)
    {
        TaskVerdict? refused = null;
        _by = command.By;
        Call(Graph.Find(execution.NodeId)!, execution, (activity, context) => refused = activity.ActOnTask(context, task, command));
        if (refused is not null)
            return refused;
        ActedOn = Instance.Tasks.FirstOrDefault(t => t.Id == task.Id) ?? _tasks.GetValueOrDefault(task.Id) ?? task;
        // Its row moves with the act, so that who saw it before is told.
        _tasks[task.Id] = ActedOn;
        Journal(EventOf(command.Action), execution, command.Comment, command.By, Payload(task, command));
        return null;
    }

    private TaskVerdict? ActOnInstance(InstanceCommand command)
    {
        _by = command.By;
        return command.Action switch
        {
            InstanceActs.Withdraw => Withdraw(command),
            InstanceActs.TakeBack => TakeBack(command),
            InstanceActs.Urge => Urge(command),
            InstanceActs.Comment => Comment(command),
            InstanceActs.Copy => Copy(command),
            _ => new TaskVerdict.UnknownAction([]),
        };
    }

    private TaskVerdict? TakeBack(InstanceCommand command)
    {
        if (Instance.Properties.GetValueOrDefault(LastApprovalKey) is not JsonObject last || (string?)last["by"] != command.By || Graph.Find((string)last["node"]!) is not { Parent: { } chart } node)
            return new TaskVerdict.NotPossible("take-back-not-last", "只有最近一次审批的人可以拿回", "only whoever approved last may take it back");
        if (Instance.Tasks.Exists(t => t.Revision != (long?)last["revision"] && t.CreatedAt >= DateTimeOffset.Parse((string)last["at"]!, CultureInfo.InvariantCulture))
            || ((int?)Instance.Properties.GetValueOrDefault(Withdrawal.IrreversibleKey) ?? 0) != (int?)last["acts"])
            return new TaskVerdict.NotPossible("take-back-late", "后续步骤已经开始处理，不能拿回", "the next step has been taken up already");
        if (Instance.Executions.LastOrDefault(e => e.NodeId == chart.NodeId && e.Status == ActivityStatus.Running) is not { } owner)
            return new TaskVerdict.NotPossible("take-back-late", "后续步骤已经开始处理，不能拿回", "the flow has left this part");
        var way = new Signal.Return(node, null, false);
        var before = JournalMark();
        Call(chart, owner, (activity, context) => activity.Receive(context, way));
        if (!way.IsTaken)
            return JournalBack(before, new TaskVerdict.NotPossible("take-back-late", "此步骤不能拿回", "this step cannot be taken back"));
        Instance.Properties.Remove(LastApprovalKey);
        Journal("TakenBack", owner, command.Comment, command.By, new JsonObject { ["node"] = node.NodeId });
        return null;
    }

    private TaskVerdict? Urge(InstanceCommand command)
    {
        if (Instance.InitiatedBy != command.By)
            return new TaskVerdict.Excluded();
        var urged = Instance.Properties.GetValueOrDefault(UrgedKey)?.DeepClone() as JsonObject ?? [];
        var holders = Instance.Tasks.SelectMany(t => HoldersOf(t).Select(p => (Person: p, Task: t))).Where(h => h.Person != command.By).DistinctBy(h => h.Person).ToList();
        if (holders.Count == 0)
            return new TaskVerdict.NotPossible("nobody-to-urge", "当前没有待处理的人", "nobody is being waited for");
        DateTimeOffset FreeAt(string person) => urged[person] is { } at ? DateTimeOffset.Parse((string)at!, CultureInfo.InvariantCulture) + UrgeCoolDown : Now;
        var due = holders.Where(h => FreeAt(h.Person) <= Now).ToList();
        if (due.Count == 0)
        {
            var until = holders.Min(h => FreeAt(h.Person));
            return new TaskVerdict.NotPossible("urged-lately", "刚刚催办过，请稍后再催", "they were reminded a short while ago", until) { Wait = until - Now };
        }

        foreach (var (person, task) in due)
        {
            urged[person] = Now.ToString("O", CultureInfo.InvariantCulture);
            Notice(MessageEvents.TaskUrged, [person], command.By, command.Comment, task);
        }

        Instance.Properties[UrgedKey] = urged;
        Journal("Urged", null, $"催办 {string.Join("、", due.Select(d => Name(d.Person)))}", command.By);
        return null;
    }

    private TaskVerdict? Comment(InstanceCommand command)
    {
        if (!UserTaskRules.IsReadable(command.Comment))
            return new TaskVerdict.CommentMissing();
        if (Strangers(command) is { } refused)
            return refused;
        // What was asked for is answered by a comment of whoever was asked.
        foreach (var task in Instance.Tasks.Where(t => t.InfoFrom == command.By && (command.TaskId is null || t.Id == command.TaskId)).ToList())
        {
            SaveTask(task with { InfoFrom = null });
            if (task.Assignee is { } holder)
                Notice(MessageEvents.TaskInfoGiven, [holder], command.By, command.Comment, task);
        }

        if (command.People.Count > 0)
        {
            Notice(MessageEvents.CaseMentioned, command.People, command.By, command.Comment, null, command.TaskId);
            TellCopies(command, "mention");
        }

        Journal("Commented", null, command.Comment, command.By, new JsonObject
        {
            ["task"] = command.TaskId,
            ["mentions"] = new JsonArray([.. command.People.Select(p => (JsonNode)p)]),
        });
        return null;
    }

    private TaskVerdict.BadPerson? Copy(InstanceCommand command)
    {
        if (command.People.Count == 0)
            return new TaskVerdict.BadPerson("", "请选择抄送人", "name somebody");
        if (Strangers(command) is { } refused)
            return refused;
        TellCopies(command, "cc");
        Notice(MessageEvents.CaseCopied, command.People, command.By, command.Comment, null, command.TaskId);
        Journal("Copied", null, $"抄送 {string.Join("、", command.People.Select(Name))}{(command.Comment is { Length: > 0 } said ? $"：{said}" : "")}", command.By);
        return null;
    }

    private TaskVerdict.BadPerson? Strangers(InstanceCommand command) =>
        command.People.FirstOrDefault(p => Organisation.Find(p) is null) is { } unknown
            ? new TaskVerdict.BadPerson(unknown, $"没有在职人员“{unknown}”", $"no active person {unknown}")
            : null;

    private void TellCopies(InstanceCommand command, string reason) => Tell("inbox.cc", new JsonObject
    {
        ["people"] = new JsonArray([.. command.People.Distinct().Select(p => (JsonNode)p)]),
        ["by"] = command.By,
        ["task"] = command.TaskId,
        ["reason"] = reason,
        ["note"] = command.Comment,
    }, 50);

    private void Notice(string @event, IReadOnlyList<string> people, TaskCommand command, UserTask task) => Notice(@event, people, command.By, command.Comment, task);

    /// <summary>Tells people of an event; words and channels are the host's, by its templates.</summary>
    private void Notice(string @event, IReadOnlyList<string> people, string by, string? comment, UserTask? task, string? taskId = null)
    {
        if (people.Count > 0)
            Tell(MessagePayload.Kind, MessagePayload.Of(@event, people, "", comment ?? "", task?.Id ?? taskId, MessagePayload.Data(Name(by), comment, task, MessagePayload.Case(Instance, Graph, Organisation))), 50);
    }

    private IEnumerable<string> HoldersOf(UserTask task) =>
        (task.Assignee is { } assignee ? [assignee] : task.Candidates.SelectMany(c => c.StartsWith("role:", StringComparison.Ordinal) ? Organisation.InRole(c[5..]).Select(p => p.UserName) : [c]))
        .Where(p => !task.Excluded.Contains(p));

    private string Name(string user) => Organisation.DisplayName(user);

    private int JournalMark() => _journal.Count;

    /// <summary>Nothing was done, so nothing is told.</summary>
    private TaskVerdict JournalBack(int mark, TaskVerdict refusal)
    {
        Instance.JournalLength -= _journal.Count - mark;
        _journal.RemoveRange(mark, _journal.Count - mark);
        return refusal;
    }

    private static JsonObject Payload(UserTask task, TaskCommand command)
    {
        var payload = new JsonObject { ["task"] = task.Id, ["action"] = command.Action, ["title"] = task.Title };
        if (command.People.Count > 0)
            payload["people"] = new JsonArray([.. command.People.Select(p => (JsonNode)p)]);
        if (command.Action == UserTaskRules.AddSigners)
            payload["place"] = command.Place.ToString();
        if (command.To is not null)
            (payload["to"], payload["straight"]) = (command.To, command.ComesStraightBack);
        return payload;
    }

    private static string EventOf(string action) => action switch
    {
        UserTaskRules.Claim => "Claimed",
        UserTaskRules.Unclaim => "Unclaimed",
        UserTaskRules.Transfer => "Transferred",
        UserTaskRules.Delegate => "Delegated",
        UserTaskRules.Answer => "Answered",
        UserTaskRules.RequestInfo => "InfoRequested",
        UserTaskRules.AddSigners => "SignersAdded",
        UserTaskRules.RemoveSigners => "SignersRemoved",
        _ => "Decided",
    };
}
