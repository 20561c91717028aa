using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Host.Security;

namespace Workflows.Host.Instances;

/// <summary>
/// Who may look at an instance, and who has a part in it. Looking: its initiator, whoever has or had a task in it, and who may view, operate or audit its process. Everybody else is answered as
/// if it did not exist.
/// </summary>
internal sealed class InstanceAccess(IInstanceStore instances, IUserTaskStore tasks, ICaseFileStore files)
{
    public async Task<InstanceSummary?> FindAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        if (await instances.FindAsync(id, cancellationToken) is not { } found)
            return null;
        if (actor.MayView(found.DefinitionId) || found.InitiatedBy == actor.Name)
            return found;
        return (await tasks.ListOfInstanceAsync(id, cancellationToken)).Any(t => TakesPart(t, actor) || IsInvolved(t, actor)) || await files.HasCopyAsync(id, actor.Name, cancellationToken) ? found : null;
    }

    /// <summary>What the person is to an instance they were found to see.</summary>
    public async Task<Standing> StandingAsync(InstanceSummary found, Actor actor, CancellationToken cancellationToken)
    {
        if (found.InitiatedBy == actor.Name || (await tasks.ListOfInstanceAsync(found.Id, cancellationToken)).Any(t => IsParty(t, actor)))
            return Standing.Participant;
        return await files.HasCopyAsync(found.Id, actor.Name, cancellationToken) ? Standing.Copied : Standing.Reader;
    }

    /// <summary>True when a user, who may be anybody, has a part in the instance or a copy of it.</summary>
    private async Task<bool> IsInAsync(InstanceSummary found, string userName, CancellationToken cancellationToken) =>
        found.InitiatedBy == userName
        || (await tasks.ListOfInstanceAsync(found.Id, cancellationToken)).Any(t => t.Task.Assignee == userName || t.Task.DecidedBy == userName || IsInvolved(t.Task, userName))
        || await files.HasCopyAsync(found.Id, userName, cancellationToken);

    /// <summary>The first of the people named who would be let in by somebody who may not let others in; null when there is none.</summary>
    public async Task<TaskVerdict.BadPerson?> StrangerAsync(InstanceSummary found, Standing standing, IEnumerable<string> people, CancellationToken cancellationToken)
    {
        if (CaseRights.Allows(standing, CaseRights.LetIn))
            return null;
        foreach (var name in people.Distinct())
        {
            if (!await IsInAsync(found, name, cancellationToken))
                return new TaskVerdict.BadPerson(name, "您只能提及已参与此流程的人员", "you may mention only people who have a part in this");
        }

        return null;
    }

    /// <summary>
    /// Fields that are hidden from a person in an instance they see: those that every step of theirs hides; for somebody without a step, those any step
    /// hides. The applicant and who may view the process see all.
    /// </summary>
    public async Task<IReadOnlySet<string>> HiddenAsync(InstanceSummary found, Actor actor, CancellationToken cancellationToken)
    {
        if (found.InitiatedBy == actor.Name || actor.MayView(found.DefinitionId))
            return HiddenFields.None;
        var all = await tasks.ListOfInstanceAsync(found.Id, cancellationToken);
        var own = all.Where(t => IsParty(t, actor)).ToList();
        return own.Count == 0
            ? all.SelectMany(t => t.Task.Hidden).ToHashSet()
            : own.Skip(1).Aggregate(own[0].Task.Hidden.AsEnumerable(), (hidden, t) => hidden.Intersect(t.Task.Hidden)).ToHashSet();
    }

    private static bool IsParty(StoredUserTask stored, Actor actor) =>
        stored.Task.DecidedBy == actor.Name
        || IsInvolved(stored, actor)
        || (actor.MayHandle(stored.DefinitionId)
            && (stored.Task.Assignee == actor.Name || (stored.Task is { State: UserTaskState.Open, Assignee: null } && !stored.Task.Excluded.Contains(actor.Name) && stored.Task.Candidates.Intersect(actor.Identities).Any())));

    /// <summary>True when the person has, had or may claim the task, and may handle tasks of the process.</summary>
    public static bool TakesPart(StoredUserTask stored, Actor actor) =>
        stored.Task.DecidedBy == actor.Name
        || ((stored.Task.Assignee == actor.Name || stored.Task.Candidates.Intersect(actor.Identities).Any()) && actor.MayHandle(stored.DefinitionId));

    /// <summary>The same for a task, with those who were sent a copy of its instance.</summary>
    public async Task<bool> MayReadAsync(StoredUserTask stored, Actor actor, CancellationToken cancellationToken) =>
        MayRead(stored, actor) || await files.HasCopyAsync(stored.InstanceId, actor.Name, cancellationToken);

    /// <summary>True when the person held the task before, was asked something about it, or somebody stands in for them.</summary>
    public static bool IsInvolved(StoredUserTask stored, Actor actor) => IsInvolved(stored.Task, actor.Name);

    private static bool IsInvolved(UserTask task, string userName) => task.Involved.Contains(userName) || task.ReturnsTo == userName || task.OnBehalfOf == userName;

    /// <summary>True when the person may read the task: takes part, asked for it, or may see all of the process.</summary>
    public static bool MayRead(StoredUserTask stored, Actor actor) =>
        actor.MayView(stored.DefinitionId) || stored.InitiatedBy == actor.Name || TakesPart(stored, actor) || IsInvolved(stored, actor);
}
