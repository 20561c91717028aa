namespace Workflows.Engine.Timers;

/// <summary>
/// A durable wake-up of an instance, of any length. Its row is written with the state that needs it and deleted with the
/// state that used it.
/// </summary>
/// <param name="Id">Unique everywhere.</param>
/// <param name="DueAt">Never acted on before this instant by the database's clock.</param>
/// <param name="Execution">Number of the activity execution it wakes.</param>
/// <param name="BookmarkId">The bookmark that is resumed; null for a deadline, which only tells the activity.</param>
/// <param name="Tag">Tells the activity which of its timers fired.</param>
public sealed record WorkflowTimer(string Id, DateTimeOffset DueAt, int Execution, string? BookmarkId, string? Tag);
