using Workflows.Engine.Storage;
using Workflows.Host.Security;

namespace Workflows.Host.Instances;

/// <summary>
/// Who may look at an instance: its initiator, whoever has or had a task in it, and who may view, operate or audit its process. Everybody else is answered as
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

    /// <summary>True when the person has, had or may claim the task, and may handle tasks of the process.</summary>
    public static bool TakesPart(StoredUserTask stored, Actor actor) =>
        stored.Task.DecidedBy == actor.Name
        || ((stored.Task.Assignee == actor.Name || stored.Task.Candidates.Intersect(actor.Identities).Any()) && actor.MayHandle(stored.DefinitionId));

    /// <summary>The same for a task, with those who were sent a copy of its instance.</summary>
    public async Task<bool> MayReadAsync(StoredUserTask stored, Actor actor, CancellationToken cancellationToken) =>
        MayRead(stored, actor) || await files.HasCopyAsync(stored.InstanceId, actor.Name, cancellationToken);

    /// <summary>True when the person held the task before, was asked something about it, or somebody stands in for them.</summary>
    public static bool IsInvolved(StoredUserTask stored, Actor actor) => stored.Task.Involved.Contains(actor.Name) || stored.Task.ReturnsTo == actor.Name || stored.Task.OnBehalfOf == actor.Name;

    /// <summary>True when the person may read the task: takes part, asked for it, or may see all of the process.</summary>
    public static bool MayRead(StoredUserTask stored, Actor actor) =>
        actor.MayView(stored.DefinitionId) || stored.InitiatedBy == actor.Name || TakesPart(stored, actor) || IsInvolved(stored, actor);
}
