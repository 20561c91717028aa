namespace Workflows.Persistence.Commit;

/// <summary>Writes a group in one transaction. The databases differ too much here to share more than this.</summary>
internal interface IGroupWriter : IAsyncDisposable
{
    /// <summary>
    /// Returns when every member has an outcome and the ends of effects are written, as far as their claims hold. Throws when the database is out of reach or broken; members without an
    /// outcome may then be stored or not.
    /// </summary>
    Task WriteAsync(IReadOnlyList<PendingCommit> group, IReadOnlyList<EndRow> ends);
}
