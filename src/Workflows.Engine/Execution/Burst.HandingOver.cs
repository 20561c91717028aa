using System.Text.Json.Nodes;
using Workflows.Engine.Messages;
using Workflows.Engine.Organisation;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Execution;

/// <summary>Whom work lies with when the person it is meant for is away, and when they leave for good.</summary>
internal sealed partial class Burst
{
    /// <summary>A task for one person goes to whoever stands in for them; every activity's tasks pass here, so none can forget it.</summary>
    private UserTask WithDeputy(UserTask task)
    {
        // An approval finds deputies itself: it knows who else sits at its table before their tasks are made.
        if (task.Assignee is not { } asked || task.Kind == UserTaskKind.Approval || task.OnBehalfOf is not null || Deputies.Find(Organisation, asked, Graph.DefinitionId, Now, BarredFrom(task, asked)) is not { } found)
            return task;
        // Whoever is barred was passed over by the activity; what it decided is not changed here.
        if (found.Chain[0].UserName != asked)
            return task;
        return task with
        {
            Assignee = found.Acts.UserName,
            OnBehalfOf = found.IsDeputised ? asked : null,
            // Who is stood in for may see what is done in their name.
            Involved = [.. task.Involved.Union(found.OnBehalfOf)],
            Reason = Join(task.Reason, found.IsDeputised ? found.Told : null, found.Note),
        };
    }

    /// <summary>Moves the open tasks of somebody who leaves. False when there are none here, or nobody may have them.</summary>
    private bool HandOver(Stimulus.HandOver act)
    {
        _by = act.By;
        var moved = false;
        foreach (var task in Instance.Tasks.Where(t => t.Assignee == act.From || t.Candidates.Contains(act.From) || t.ReturnsTo == act.From || t.InfoFrom == act.From).ToList())
        {
            if (Deputies.Find(Organisation, act.To, Graph.DefinitionId, Now, BarredFrom(task, act.From)) is not { } heir)
                continue;
            var to = heir.Acts.UserName;
            SaveTask(task with
            {
                Assignee = task.Assignee == act.From ? to : task.Assignee,
                ReturnsTo = task.ReturnsTo == act.From ? to : task.ReturnsTo,
                InfoFrom = task.InfoFrom == act.From ? to : task.InfoFrom,
                Candidates = [.. task.Candidates.Select(c => c == act.From ? to : c).Distinct()],
                OnBehalfOf = task.Assignee != act.From ? task.OnBehalfOf : heir.IsDeputised ? act.To : null,
                Reason = Join(task.Reason, $"由{Organisation.DisplayName(act.From)}交接给{heir.Told}", heir.Note),
            });
            Journal("HandedOver", _executions[task.Execution], $"任务“{task.Title}”由{Organisation.DisplayName(act.From)}交接给{heir.Told}", act.By,
                new JsonObject { ["task"] = task.Id, ["from"] = act.From, ["to"] = to });
            moved = true;
        }

        return moved;
    }

    /// <summary>Gives a task to another, checked like whoever finds it by another way; an operator never takes one themselves.</summary>
    private TaskVerdict? Reassign(Stimulus.Reassign act)
    {
        if (Instance.Tasks.FirstOrDefault(t => t.Id == act.TaskId) is not { } task)
            return new TaskVerdict.NotFound();
        if (act.To == act.By)
            return new TaskVerdict.BadPerson(act.To, "不能把任务改派给自己", "nobody reassigns a task to themselves");
        if (UserTaskRules.Objection(task, act.To, new TaskScene(Organisation, Instance.Tasks)) is { } objection)
            return objection;
        if (act.IsTrial)
            return new TaskVerdict.Planned([]);
        _by = act.By;
        var given = task with
        {
            Assignee = act.To,
            State = task.Candidates.Count > 0 ? UserTaskState.Claimed : task.State,
            HeldSince = Now,
            ReturnsTo = null,
            OnBehalfOf = null,
            Involved = task.Assignee is { } before ? [.. task.Involved.Append(before).Distinct()] : task.Involved,
            Reason = Join(task.Reason, $"由{Organisation.DisplayName(act.By)}改派"),
        };
        ActedOn = given;
        SaveTask(given);
        Journal("Reassigned", _executions[task.Execution], $"任务“{task.Title}”由{Organisation.DisplayName(act.By)}改派给{Organisation.DisplayName(act.To)}：{act.Reason}", act.By,
            new JsonObject { ["task"] = task.Id, ["from"] = task.Assignee, ["to"] = act.To });
        Notice(MessageEvents.TaskHandedOver, [act.To], act.By, act.Reason, given);
        return null;
    }

    /// <summary>Who must not have a task: whoever is barred from it, and whoever sits at the same table already.</summary>
    private HashSet<string> BarredFrom(UserTask task, string asked) =>
        [.. task.Excluded, .. Instance.Tasks.Where(t => t.Execution == task.Execution && t.Id != task.Id).Select(t => t.Assignee).OfType<string>().Where(name => name != asked)];

    private static string? Join(params string?[] parts) => string.Join("；", parts.Where(p => !string.IsNullOrEmpty(p))) is { Length: > 0 } text ? text : null;
}
