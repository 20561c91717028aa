namespace Workflows.Engine.Store;

/// <summary>
/// Reads exports of the seller back end: CSV with a header line, plain or gzip, UTF-8 or GB18030, streamed in batches. The same file may
/// be imported again, also after a crash in the middle: rows are recognised by their natural key.
/// </summary>
/// <param name="intake">Where rows go.</param>
/// <param name="clock">Stamps the report.</param>
public sealed class StoreImporter(IStoreIntake intake, TimeProvider clock)
{
    private const int BatchSize = 5_000;
    private const int ErrorsKept = 1_000;

    /// <summary>What can be imported.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. ImportKind.All.Select(k => k.Name)];

    /// <summary>Columns without which a kind cannot be read.</summary>
    public static IReadOnlyList<string> RequiredColumns(string kind) => ImportKind.Find(kind)?.Open(default).Required ?? [];

    /// <summary>Imports a file.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="fileName">For the report only.</param>
    /// <param name="input">Read to its end; left open.</param>
    /// <param name="progress">Called after each batch.</param>
    /// <param name="cancellationToken">Stops between rows; batches already saved stay.</param>
    public Task<ImportOutcome> ImportAsync(string kind, string fileName, Stream input, Action<ImportProgress>? progress, CancellationToken cancellationToken) =>
        ImportAsync(kind, fileName, input, null, p => { progress?.Invoke(p); return Task.CompletedTask; }, null, cancellationToken);

    /// <summary>Imports a file whose columns somebody named.</summary>
    /// <param name="columns">Where each column stands, from 0; null to find them by their headings.</param>
    /// <param name="progress">Called after each batch.</param>
    /// <param name="rejected">Called for each row that was not taken.</param>
    public async Task<ImportOutcome> ImportAsync(
        string kind, string fileName, Stream input, IReadOnlyDictionary<string, int>? columns, Func<ImportProgress, Task>? progress, Action<RejectedRow>? rejected, CancellationToken cancellationToken)
    {
        var tally = new Tally(clock.GetUtcNow(), rejected);
        if (ImportKind.Find(kind)?.Open(tally.StartedAt) is not { } rows)
            return new ImportOutcome.Refused($"不能导入“{kind}”，可选：{string.Join("、", Kinds)} (unknown kind)");
        try
        {
            using var text = await TextFile.OpenAsync(input, cancellationToken);
            var csv = new CsvReader(text);
            if (await csv.ReadAsync(cancellationToken) is not { Fields: { } header })
                return new ImportOutcome.Refused("文件是空的，或没有标题行 (empty file, or no header line)");
            if (rows.Bind(header, ColumnsOf(kind, header, columns)) is { } missing)
                return new ImportOutcome.Refused($"标题行缺少列 {missing} (missing column)");

            while (await csv.ReadAsync(cancellationToken) is { } record)
            {
                tally.Rows++;
                if ((record.Fields is null ? record.Fault : rows.Take(record)) is { } fault)
                    tally.Reject(new RejectedRow(record.Line, record.Fields ?? [], fault));
                if (rows.Held == BatchSize)
                    await FlushAsync();
            }

            await FlushAsync();

            async Task FlushAsync()
            {
                var saved = await rows.SaveAsync(intake, tally.Reject, cancellationToken);
                tally.Saved += saved;
                tally.Known += rows.Held - saved;
                rows.Clear();
                if (progress is not null)
                    await progress(new ImportProgress(tally.Rows, tally.Saved, tally.Rejected));
            }
        }
        catch (InvalidDataException e)
        {
            return new ImportOutcome.Refused($"压缩文件已损坏：{e.Message} (broken gzip)");
        }

        var report = new ImportReport(kind, fileName, tally.Rows, tally.Saved, tally.Known, tally.Rejected, tally.Reasons, tally.Errors, tally.StartedAt, clock.GetUtcNow());
        await intake.RecordAsync(report, cancellationToken);
        return new ImportOutcome.Finished(report);
    }

    /// <summary>Reads the header and the first rows, and says what an import would say of them; saves nothing.</summary>
    /// <param name="columns">As for an import.</param>
    public async Task<ImportPreview> PreviewAsync(string kind, Stream input, IReadOnlyDictionary<string, int>? columns, int count, CancellationToken cancellationToken)
    {
        var none = new Dictionary<string, int>();
        if (ImportKind.Find(kind)?.Open(clock.GetUtcNow()) is not { } rows)
            return new ImportPreview([], none, null, [], "不能导入这种数据 (unknown kind)");
        try
        {
            using var text = await TextFile.OpenAsync(input, cancellationToken);
            var csv = new CsvReader(text);
            if (await csv.ReadAsync(cancellationToken) is not { Fields: { } header })
                return new ImportPreview([], none, null, [], "文件是空的，或没有标题行 (empty file, or no header line)");
            header[0] = header[0].TrimStart('\uFEFF');
            var found = ColumnsOf(kind, header, columns);
            var missing = rows.Bind(header, found);
            var lines = new List<PreviewRow>();
            while (lines.Count < count && await csv.ReadAsync(cancellationToken) is { } record)
                lines.Add(new PreviewRow(record.Line, record.Fields, record.Fields is null ? record.Fault : missing is null ? rows.Judge(record.Fields) : null));
            return new ImportPreview(header, found, missing, lines, null);
        }
        catch (InvalidDataException e)
        {
            return new ImportPreview([], none, null, [], $"压缩文件已损坏：{e.Message} (broken gzip)");
        }
    }

    private static IReadOnlyDictionary<string, int> ColumnsOf(string kind, string[] header, IReadOnlyDictionary<string, int>? chosen)
    {
        if (chosen is not null)
            return chosen;
        // Headings of our own may name columns that only some readers know; they count before guesses.
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < header.Length; i++)
            columns.TryAdd(header[i].Trim().TrimStart('\uFEFF'), i);
        foreach (var (name, index) in ImportColumns.Guess(kind, header))
            columns.TryAdd(name, index);
        return columns;
    }

    private sealed class Tally(DateTimeOffset startedAt, Action<RejectedRow>? rejected)
    {
        public DateTimeOffset StartedAt { get; } = startedAt;

        public long Rows { get; set; }

        public long Saved { get; set; }

        public long Known { get; set; }

        public long Rejected { get; private set; }

        public Dictionary<string, long> Reasons { get; } = [];

        public List<ImportError> Errors { get; } = [];

        public void Reject(RejectedRow row)
        {
            Rejected++;
            Reasons[row.Reason] = Reasons.GetValueOrDefault(row.Reason) + 1;
            if (Errors.Count < ErrorsKept)
                Errors.Add(new ImportError(row.Line, row.Reason));
            rejected?.Invoke(row);
        }
    }
}
