using System.Text.Json.Nodes;

namespace Workflows.Engine.Storage;

/// <summary>An application somebody began and has not handed in.</summary>
/// <param name="Id">Made by the page that began it, so that saving again changes the same draft.</param>
/// <param name="Form">Values by name of the field; what cannot be read yet stands in it as typed.</param>
public sealed record StartDraft(string Id, string UserName, string DefinitionId, JsonObject Form, DateTimeOffset SavedAt);

/// <summary>A file that waits with a draft until the application is handed in.</summary>
public sealed record DraftFile(string Id, string DraftId, string Name, string ContentType, long Size, string Hash, DateTimeOffset AddedAt);

/// <summary>A task whose form somebody began.</summary>
public sealed record BegunTask(StoredUserTask Task, DateTimeOffset SavedAt);

/// <summary>What people began: applications with their files, and the list of forms of tasks. Every act names the person, whose own alone are found.</summary>
public interface IDraftStore
{
    /// <summary>Saves a draft; false when it is somebody else's, or when the person already keeps <paramref name="most"/> others.</summary>
    Task<bool> SaveAsync(StartDraft draft, int most, CancellationToken cancellationToken);

    Task<StartDraft?> FindAsync(string id, string userName, CancellationToken cancellationToken);

    /// <summary>The person's drafts, the last saved first.</summary>
    Task<IReadOnlyList<StartDraft>> ListAsync(string userName, CancellationToken cancellationToken);

    /// <summary>The open tasks whose forms the person began, the last saved first.</summary>
    Task<IReadOnlyList<BegunTask>> ListTasksAsync(string userName, CancellationToken cancellationToken);

    /// <summary>Removes a draft with its files; nothing happens when there is none.</summary>
    Task DeleteAsync(string id, string userName, CancellationToken cancellationToken);

    /// <summary>Adds a file to a draft that is there; an equal file of the same name is kept once.</summary>
    Task AddFileAsync(DraftFile file, CancellationToken cancellationToken);

    Task RemoveFileAsync(string id, string draftId, string userName, CancellationToken cancellationToken);

    Task<IReadOnlyList<DraftFile>> ListFilesAsync(string draftId, string userName, CancellationToken cancellationToken);

    /// <summary>Gives the files of a draft to the application that was made of it and removes the draft, all or nothing. Repeating it changes nothing.</summary>
    Task HandInAsync(string id, string userName, string instanceId, CancellationToken cancellationToken);
}

/// <summary>Small things people set for themselves, each under a name: phrases for opinions, filters of the inbox.</summary>
public interface IPersonalStore
{
    /// <summary>Null when the person never set it.</summary>
    Task<JsonNode?> FindAsync(string userName, string name, CancellationToken cancellationToken);

    Task SaveAsync(string userName, string name, JsonNode value, CancellationToken cancellationToken);
}
