using System.Text;
using Workflows.Engine.Faults;
using Workflows.Engine.Runtime;
using Workflows.Engine.Store;
using Workflows.Engine.Timers;
using Workflows.Host.Organisation;

namespace Workflows.Host.Shop;

/// <summary>Wakes the loop that reads uploaded files.</summary>
internal sealed class ImportSignal
{
    public Wakeup Wakeup { get; } = new();
}

/// <summary>
/// Reads uploaded files into the shop, one after the other. What can go wrong: the host dies in the middle. The rule: reading a file again changes nothing that is there,
/// so a file whose host was not heard of for a minute is read again, by whichever host is asked about it next or starts next. Or: the file itself is what fails, for ever. The rule: each
/// try is counted before it begins, and after five the file goes back to whoever sent it, with what was saved and what to do.
/// </summary>
internal sealed class ImportLoop(IImportUploads uploads, StoreImporter importer, ImportSignal signal, EventHub events, EngineClock clock, ILogger<ImportLoop> logger) : EngineLoop(logger)
{
    public static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(1);

    /// <summary>Most characters of rejected rows that are kept for download; the numbers count all of them.</summary>
    private const int MostRejectedText = 4 * 1024 * 1024;

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>How often a file is begun, by whichever host, before it goes back to whoever sent it.</summary>
    public const int MostTries = 5;

    public override async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (await uploads.TakeAsync(clock.GetUtcNow() - StaleAfter, cancellationToken) is not { } upload)
            return 0;
        await FaultPoint.Pass(FaultPoint.ImportTaken);
        // Hosts died over it, without a word.
        if (upload.Tries > MostTries)
        {
            await StopAsync(upload, null, cancellationToken);
            return 1;
        }

        try
        {
            await ReadAsync(upload, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (upload.Tries < MostTries)
            {
                await uploads.PutBackAsync(upload.Id, queue: true, cancellationToken);
                throw;
            }

            await StopAsync(upload, e, cancellationToken);
        }

        return 1;
    }

    private async Task StopAsync(ImportUpload upload, Exception? error, CancellationToken cancellationToken)
    {
        await uploads.PutBackAsync(upload.Id, queue: false, cancellationToken);
        Log.ImportStopped(logger, upload.Id, upload.Kind, MostTries, error);
    }

    private async Task ReadAsync(ImportUpload upload, CancellationToken cancellationToken)
    {
        if (await uploads.ReadContentAsync(upload.Id, cancellationToken) is not { } content)
            return;
        var rejected = new StringBuilder();
        using var input = new MemoryStream(content, writable: false);
        var outcome = await importer.ImportAsync(upload.Kind, upload.FileName, input, upload.Columns, NoteAsync, Reject, cancellationToken);
        await OrdersImported.TellAsync(outcome, upload.Id, events, upload.UploadedBy, cancellationToken);
        await FaultPoint.Pass(FaultPoint.ImportRead);
        await uploads.FinishAsync(upload.Id, outcome, rejected.Length > 0 ? rejected.ToString() : null, cancellationToken);
        await FaultPoint.Pass(FaultPoint.ImportEnded);
        if (outcome is ImportOutcome.Finished { Report: var report })
            Log.ImportFinished(logger, upload.Id, upload.Kind, report.Rows, report.Saved, report.Rejected);
        else
            Log.ImportRefused(logger, upload.Id, upload.Kind);

        async Task NoteAsync(ImportProgress progress)
        {
            await uploads.NoteProgressAsync(upload.Id, progress, cancellationToken);
            await FaultPoint.Pass(FaultPoint.ImportBatch);
        }

        // Nothing here may be a formula to the spreadsheet that opens it: the rows come from outside. PostgreSQL keeps no NUL, which is one reason to reject a row.
        void Reject(RejectedRow row)
        {
            if (rejected.Length < MostRejectedText)
                rejected.Append(row.Line).Append(',').Append(CsvCells.Write(row.Reason)).Append(row.Fields.Count > 0 ? "," : "").AppendJoin(',', row.Fields.Select(f => CsvCells.Write(f.Replace("\0", "", StringComparison.Ordinal)))).Append("\r\n");
        }
    }

    protected override Task WaitAsync(int handled, CancellationToken cancellationToken) =>
        handled > 0 ? Task.CompletedTask : signal.Wakeup.WaitAsync(LongestWait, TimeProvider.System, cancellationToken);
}
