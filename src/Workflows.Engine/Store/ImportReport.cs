namespace Workflows.Engine.Store;

/// <summary>A row that was not taken.</summary>
public sealed record ImportError(long Line, string Reason);

/// <summary>What an import did.</summary>
/// <param name="Rows">Rows read, without the header.</param>
/// <param name="Saved">Rows that were new or changed something.</param>
/// <param name="Known">Rows that were there already, unchanged.</param>
/// <param name="Rejected">Rows not taken.</param>
/// <param name="Reasons">How many rows were rejected for each reason.</param>
/// <param name="Errors">The first rejected rows, with their lines.</param>
public sealed record ImportReport(
    string Kind,
    string FileName,
    long Rows,
    long Saved,
    long Known,
    long Rejected,
    IReadOnlyDictionary<string, long> Reasons,
    IReadOnlyList<ImportError> Errors,
    DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt);

/// <summary>How far an import has come.</summary>
public sealed record ImportProgress(long Rows, long Saved, long Rejected);

/// <summary>What became of an import.</summary>
public abstract record ImportOutcome
{
    private ImportOutcome()
    {
    }

    /// <summary>Read to the end; some rows may have been rejected.</summary>
    public sealed record Finished(ImportReport Report) : ImportOutcome;

    /// <summary>The file as a whole cannot be taken: unknown kind, a missing column, broken compression. Batches read before that are kept.</summary>
    public sealed record Refused(string Reason) : ImportOutcome;
}
