using System.Globalization;
using System.Text;

namespace Workflows.Engine.UserTasks;

/// <summary>
/// Who may do what with a task. Pure: the burst asks, under the instance's lane, so that of two people acting at once
/// exactly one is accepted and the other is told who was first.
/// </summary>
public static class UserTaskRules
{
    public const string Claim = "claim";
    public const string Unclaim = "unclaim";

    public static TaskVerdict Act(UserTask task, TaskCommand command, DateTimeOffset now)
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

        return command.Action switch
        {
            Claim => new TaskVerdict.Accepted(task with { State = UserTaskState.Claimed, Assignee = command.By }),
            Unclaim when task.Candidates.Count == 0 => new TaskVerdict.UnknownAction(task.Actions),
            Unclaim => new TaskVerdict.Accepted(task with { State = UserTaskState.Open, Assignee = null }),
            _ => Decide(task, command, now),
        };
    }

    private static TaskVerdict Decide(UserTask task, TaskCommand command, DateTimeOffset now)
    {
        if (!task.Actions.Contains(command.Action))
            return new TaskVerdict.UnknownAction(task.Actions);
        if (task.CommentRequired.Contains(command.Action) && !IsReadable(command.Comment))
            return new TaskVerdict.CommentMissing();
        // Who says no, or sends it back, has nothing to fill in but the reason.
        var isFilled = command.Action is not ("reject" or "return");
        if (isFilled && FormRules.Check(task.Form, command.Form) is { Count: > 0 } errors)
            return new TaskVerdict.FormRefused(errors);

        return new TaskVerdict.Accepted(task with
        {
            State = UserTaskState.Completed,
            Assignee = command.By,
            Decision = command.Action,
            DecidedBy = command.By,
            Comment = command.Comment,
            // What was not checked is not kept.
            Result = isFilled ? command.Form : null,
            ClosedAt = now,
        });
    }

    /// <summary>True when a reader would see something: blanks and invisible characters are no reason.</summary>
    private static bool IsReadable(string? text) => text is not null && text.EnumerateRunes().Any(r =>
        !Rune.IsWhiteSpace(r) && Rune.GetUnicodeCategory(r) is not (UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned));
}
