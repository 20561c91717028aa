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

/// <summary>A row that was not taken, as it stood in the file.</summary>
/// <param name="Fields">Empty when the record could not be read.</param>
public sealed record RejectedRow(long Line, IReadOnlyList<string> Fields, string Reason);

/// <param name="Fault">Why an import would not take the row; null when it would.</param>
public sealed record PreviewRow(long Line, IReadOnlyList<string>? Fields, string? Fault);

/// <summary>The beginning of a file, as an import would see it.</summary>
/// <param name="Columns">Where each column was found or put.</param>
/// <param name="Missing">The first column without which nothing can be imported; null when all are there.</param>
/// <param name="Refused">Why the file as a whole cannot be read.</param>
public sealed record ImportPreview(IReadOnlyList<string> Header, IReadOnlyDictionary<string, int> Columns, string? Missing, IReadOnlyList<PreviewRow> Rows, string? Refused);
