namespace Workflows.Engine.Storage;

/// <summary>Looks at the open tasks of all instances: for handing over, and for finding those that nobody can do.</summary>
public interface IOpenTaskStore
{
    /// <summary>Open tasks assigned to a person, or offered to them by name (not by a role or group), oldest first.</summary>
    Task<IReadOnlyList<StoredUserTask>> ListOfPersonAsync(string userName, int limit, CancellationToken cancellationToken);

    /// <summary>Whom open tasks lie with: every assignee, and every candidate of unclaimed ones.</summary>
    Task<IReadOnlyList<string>> ListIdentitiesAsync(CancellationToken cancellationToken);

    /// <summary>Open tasks that lie with one of the identities, oldest first.</summary>
    Task<IReadOnlyList<StoredUserTask>> ListOfIdentitiesAsync(IReadOnlyList<string> identities, int limit, CancellationToken cancellationToken);
}
