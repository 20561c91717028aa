using System.Globalization;
using System.Text;
using Workflows.Engine.Organisation;

namespace Workflows.Engine.UserTasks;

/// <summary>What the rules may look at beside the task: the people, and the other open tasks of the instance.</summary>
public sealed record TaskScene(OrganisationSnapshot People, IReadOnlyList<UserTask> OpenTasks)
{
    public static TaskScene Empty { get; } = new(OrganisationSnapshot.Empty, []);
}

/// <summary>
/// Who may do what with a task. Pure: the burst asks, under the instance's lane, so that of two people acting at once
/// exactly one is accepted and the other is told who was first.
/// </summary>
public static class UserTaskRules
{
    public const string Claim = "claim";
    public const string Unclaim = "unclaim";

    /// <summary>转交: another person has it from now on.</summary>
    public const string Transfer = "transfer";

    /// <summary>委派: another person gives an opinion, and it comes back.</summary>
    public const string Delegate = "delegate";

    /// <summary>The opinion of whom it was delegated to.</summary>
    public const string Answer = "answer";
    public const string RequestInfo = "request-info";
    public const string AddSigners = "add-signers";
    public const string RemoveSigners = "remove-signers";

    private static readonly string[] AnswerOnly = [Answer];

    public static TaskVerdict Act(UserTask task, TaskCommand command, DateTimeOffset now, TaskScene? scene = null)
    {
        if (task.State is UserTaskState.Completed or UserTaskState.Cancelled)
            return new TaskVerdict.Closed(task);
        if (task.Assignee != command.By && !task.Candidates.Intersect(command.Identities).Any())
            return new TaskVerdict.NotACandidate();
        if (task.Excluded.Contains(command.By))
            return new TaskVerdict.Excluded();
        if (task.Assignee is { } other && other != command.By)
            return new TaskVerdict.AlreadyClaimed(other);
        if (command.ExpectedRevision is { } seen && seen != task.Revision)
            return new TaskVerdict.Stale(task);
        if (command.ContentHash is { } hash && hash != TaskContent.HashOf(task))
            return new TaskVerdict.ContentChanged(task);

        return command.Action switch
        {
            Claim => new TaskVerdict.Accepted(task with { State = UserTaskState.Claimed, Assignee = command.By, HeldSince = now }),
            Unclaim when task.Candidates.Count == 0 || task.ReturnsTo is not null => new TaskVerdict.UnknownAction(Offered(task)),
            Unclaim => new TaskVerdict.Accepted(task with { State = UserTaskState.Open, Assignee = null, HeldSince = null }),
            _ when !Offered(task).Contains(command.Action) => new TaskVerdict.UnknownAction(Offered(task)),
            Answer => IsReadable(command.Comment)
                ? new TaskVerdict.Accepted(Given(task, task.ReturnsTo!, null, now))
                : new TaskVerdict.CommentMissing(),
            Transfer or Delegate => HandOver(task, command, now, scene ?? TaskScene.Empty),
            RequestInfo => AskFor(task, command, scene ?? TaskScene.Empty),
            AddSigners => NewHolders(task, command, scene ?? TaskScene.Empty) ?? (TaskVerdict)new TaskVerdict.LeftToActivity(),
            RemoveSigners => command.People.Count == 0
                ? new TaskVerdict.BadPerson("", "请选择要减去的人", "name whom to take out")
                : new TaskVerdict.LeftToActivity(),
            _ => Decide(task, command, now, scene ?? TaskScene.Empty),
        };
    }

    /// <summary>What whoever holds the task may do with it, claiming aside.</summary>
    public static IReadOnlyList<string> Offered(UserTask task) => task.ReturnsTo is null ? [.. task.Actions, .. task.Acts] : AnswerOnly;

    /// <summary>
    /// Why a person cannot be given the task; null when they can. Whoever may not decide may not get it by another way either, and
    /// nobody sits at one table twice.
    /// </summary>
    public static TaskVerdict.BadPerson? Objection(UserTask task, string name, TaskScene scene)
    {
        if (scene.People.Find(name) is not { } person)
            return new TaskVerdict.BadPerson(name, $"没有在职人员“{name}”", $"no active person {name}");
        if (task.Excluded.Contains(name))
            return new TaskVerdict.BadPerson(name, $"{person.DisplayName}是申请人或已参与此审批，不能再审批", $"{name} applied or has decided already");
        if (task.Assignee == name || scene.OpenTasks.Any(t => t.Execution == task.Execution && t.Assignee == name))
            return new TaskVerdict.BadPerson(name, $"{person.DisplayName}已在本次审批中", $"{name} is asked already");
        return null;
    }

    private static TaskVerdict HandOver(UserTask task, TaskCommand command, DateTimeOffset now, TaskScene scene)
    {
        if (command.People.Count != 1)
            return new TaskVerdict.BadPerson("", "请选择一个人", "name one person");
        if (NewHolders(task, command, scene) is { } refused)
            return refused;
        return !IsReadable(command.Comment)
            ? new TaskVerdict.CommentMissing()
            : new TaskVerdict.Accepted(Given(task, command.People[0], command.Action == Delegate ? command.By : null, now) with { Involved = With(task, command.By) });
    }

    private static TaskVerdict AskFor(UserTask task, TaskCommand command, TaskScene scene)
    {
        if (command.People.Count != 1)
            return new TaskVerdict.BadPerson("", "请选择一个人", "name one person");
        if (scene.People.Find(command.People[0]) is null)
            return new TaskVerdict.BadPerson(command.People[0], $"没有在职人员“{command.People[0]}”", $"no active person {command.People[0]}");
        return !IsReadable(command.Comment)
            ? new TaskVerdict.CommentMissing()
            : new TaskVerdict.Accepted(task with { InfoFrom = command.People[0], Involved = With(task, command.People[0]) });
    }

    private static TaskVerdict.BadPerson? NewHolders(UserTask task, TaskCommand command, TaskScene scene)
    {
        if (command.People.Count == 0)
            return new TaskVerdict.BadPerson("", "请选择人员", "name somebody");
        if (command.People.Distinct().Count() != command.People.Count)
            return new TaskVerdict.BadPerson(command.People[0], "同一个人不能选两次", "a person is named twice");
        return command.People.Select(name => Objection(task, name, scene)).FirstOrDefault(o => o is not null);
    }

    // Whoever is given it has it: claimed by them, not theirs to put back into the queue while an opinion is asked.
    private static UserTask Given(UserTask task, string to, string? returnsTo, DateTimeOffset now) =>
        task with { Assignee = to, State = task.Candidates.Count > 0 ? UserTaskState.Claimed : task.State, ReturnsTo = returnsTo, HeldSince = now, OnBehalfOf = returnsTo is null ? null : task.OnBehalfOf };

    private static List<string> With(UserTask task, string name) => [.. task.Involved.Append(name).Distinct()];

    private static TaskVerdict Decide(UserTask task, TaskCommand command, DateTimeOffset now, TaskScene scene)
    {
        if (command.To is { } to && (command.Action != "return" || !task.ReturnTargets.Any(t => t.NodeId == to)))
            return new TaskVerdict.NotPossible("bad-target", "不能退回到该步骤", "this is no step to return to");
        // It can stand in for one step at a time.
        if (command.ComesStraightBack && scene.OpenTasks.FirstOrDefault(t => t.NodeId == command.To) is { } busy)
            return new TaskVerdict.NotPossible("target-busy", $"“{busy.Title}”正在处理中，请等其完成，或选择“重新走一遍”", "that step is being worked on; wait for it, or walk all steps again");
        if (task.CommentRequired.Contains(command.Action) && !IsReadable(command.Comment) && !command.IsTrial)
            return new TaskVerdict.CommentMissing();
        // Who says no, or sends it back, has nothing to fill in but the reason.
        var isFilled = command.Action is not ("reject" or "return");
        if (isFilled && FormRules.Check(task.Form, command.Form, scene.People) is { Count: > 0 } errors)
            return new TaskVerdict.FormRefused(errors);

        return new TaskVerdict.Accepted(task with
        {
            State = UserTaskState.Completed,
            Assignee = command.By,
            Decision = command.Action,
            DecidedBy = command.By,
            Comment = command.Comment,
            ReturnedTo = command.To,
            ComesStraightBack = command.To is not null && command.ComesStraightBack,
            // What was not checked is not kept.
            Result = isFilled ? command.Form : null,
            ClosedAt = now,
        });
    }

    /// <summary>True when a reader would see something: blanks and invisible characters are no reason.</summary>
    public static bool IsReadable(string? text) => text is not null && text.EnumerateRunes().Any(r =>
        !Rune.IsWhiteSpace(r) && Rune.GetUnicodeCategory(r) is not (UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned));
}
