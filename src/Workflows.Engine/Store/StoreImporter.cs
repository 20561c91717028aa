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
    public static IReadOnlyList<string> Kinds { get; } = ["products", "suppliers", "customers", "sales", "visits", "promotions", "participants", "transactions", "stock", "product-visits", "metrics", "orders"];

    /// <summary>Columns without which a kind cannot be read.</summary>
    public static IReadOnlyList<string> RequiredColumns(string kind) => RowsOf(kind)?.Required ?? [];

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
    public Task<ImportOutcome> ImportAsync(
        string kind, string fileName, Stream input, IReadOnlyDictionary<string, int>? columns, Func<ImportProgress, Task>? progress, Action<RejectedRow>? rejected, CancellationToken cancellationToken)
    {
        var file = new Source(kind, fileName, input, columns, progress, rejected);
        return RowsOf(kind) switch
        {
            ProductRows rows => RunAsync(file, rows, intake.SaveAsync, cancellationToken),
            SupplierRows rows => RunAsync(file, rows, intake.SaveAsync, cancellationToken),
            CustomerRows rows => RunAsync(file, rows, intake.SaveAsync, cancellationToken, FindErasedAsync),
            SalesRows rows => RunAsync(file, rows, intake.SaveAsync, cancellationToken),
            VisitRows rows => RunAsync(file, rows, intake.SaveAsync, cancellationToken),
            StockRows rows => RunAsync(file, rows, intake.SaveAsync, cancellationToken),
            ProductVisitRows rows => RunAsync(file, rows, intake.SaveAsync, cancellationToken),
            MetricRows rows => RunAsync(file, rows, intake.SaveAsync, cancellationToken),
            OrderRows rows => RunAsync(file, rows, intake.SaveAsync, cancellationToken),
            PromotionRows rows => RunAsync(file, rows, intake.SaveAsync, cancellationToken),
            ParticipantRows rows => RunAsync(file, rows, intake.SaveAsync, cancellationToken, (some, token) => FindStraysAsync(some, p => p.PromotionId, token)),
            TransactionRows rows => RunAsync(file, rows, intake.SaveAsync, cancellationToken, (some, token) => FindStraysAsync(some, t => t.PromotionId, token)),
            _ => Task.FromResult<ImportOutcome>(new ImportOutcome.Refused($"不能导入“{kind}”，可选：{string.Join("、", Kinds)} (unknown kind)")),
        };
    }

    /// <summary>Reads the header and the first rows, and says what an import would say of them; saves nothing.</summary>
    /// <param name="columns">As for an import.</param>
    public static Task<ImportPreview> PreviewAsync(string kind, Stream input, IReadOnlyDictionary<string, int>? columns, int count, CancellationToken cancellationToken) => RowsOf(kind) switch
    {
        ProductRows rows => PreviewAsync(kind, input, rows, columns, count, cancellationToken),
        SupplierRows rows => PreviewAsync(kind, input, rows, columns, count, cancellationToken),
        CustomerRows rows => PreviewAsync(kind, input, rows, columns, count, cancellationToken),
        SalesRows rows => PreviewAsync(kind, input, rows, columns, count, cancellationToken),
        VisitRows rows => PreviewAsync(kind, input, rows, columns, count, cancellationToken),
        StockRows rows => PreviewAsync(kind, input, rows, columns, count, cancellationToken),
        ProductVisitRows rows => PreviewAsync(kind, input, rows, columns, count, cancellationToken),
        MetricRows rows => PreviewAsync(kind, input, rows, columns, count, cancellationToken),
        OrderRows rows => PreviewAsync(kind, input, rows, columns, count, cancellationToken),
        PromotionRows rows => PreviewAsync(kind, input, rows, columns, count, cancellationToken),
        ParticipantRows rows => PreviewAsync(kind, input, rows, columns, count, cancellationToken),
        TransactionRows rows => PreviewAsync(kind, input, rows, columns, count, cancellationToken),
        _ => Task.FromResult(new ImportPreview([], new Dictionary<string, int>(), null, [], "不能导入这种数据 (unknown kind)")),
    };

    /// <summary>A reader for a kind; it keeps what it saw, so every file has its own.</summary>
    private static IRowColumns? RowsOf(string kind) => kind switch
    {
        "products" => new ProductRows(),
        "suppliers" => new SupplierRows(),
        "customers" => new CustomerRows(),
        "sales" => new SalesRows(),
        "visits" => new VisitRows(),
        "stock" => new StockRows(),
        "product-visits" => new ProductVisitRows(),
        "metrics" => new MetricRows(),
        "orders" => new OrderRows(),
        "promotions" => new PromotionRows(),
        "participants" => new ParticipantRows(),
        "transactions" => new TransactionRows(),
        _ => null,
    };

    private static IReadOnlyDictionary<string, int> ColumnsOf<T>(string kind, string[] header, IReadOnlyDictionary<string, int>? chosen)
    {
        if (chosen is not null)
            return chosen;
        // Headings of our own may name columns that only some readers know; they count before guesses.
        var columns = new Dictionary<string, int>(RowReader<T>.ByName(header), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, index) in ImportColumns.Guess(kind, header))
            columns.TryAdd(name, index);
        return columns;
    }

    private static async Task<ImportPreview> PreviewAsync<T>(
        string kind, Stream input, RowReader<T> rows, IReadOnlyDictionary<string, int>? chosen, int count, CancellationToken cancellationToken)
    {
        var none = new Dictionary<string, int>();
        try
        {
            using var text = await TextFile.OpenAsync(input, cancellationToken);
            var csv = new CsvReader(text);
            if (await csv.ReadAsync(cancellationToken) is not { Fields: { } header })
                return new ImportPreview([], none, null, [], "文件是空的，或没有标题行 (empty file, or no header line)");
            header[0] = header[0].TrimStart('\uFEFF');
            var columns = ColumnsOf<T>(kind, header, chosen);
            var missing = rows.Bind(header, columns);
            var lines = new List<PreviewRow>();
            while (lines.Count < count && await csv.ReadAsync(cancellationToken) is { } record)
                lines.Add(new PreviewRow(record.Line, record.Fields, record.Fields is null ? record.Fault : missing is null ? rows.Read(record.Fields).Fault : null));
            return new ImportPreview(header, columns, missing, lines, null);
        }
        catch (InvalidDataException e)
        {
            return new ImportPreview([], none, null, [], $"压缩文件已损坏：{e.Message} (broken gzip)");
        }
    }

    private async Task<ImportOutcome> RunAsync<T>(
        Source file,
        RowReader<T> rows,
        Func<IReadOnlyList<T>, CancellationToken, Task<int>> save,
        CancellationToken cancellationToken,
        Func<IReadOnlyList<T>, CancellationToken, Task<(Func<T, bool> IsRefused, string Reason)>>? sift = null)
    {
        var tally = new Tally(clock.GetUtcNow(), file.Rejected);
        try
        {
            using var text = await TextFile.OpenAsync(file.Input, cancellationToken);
            var csv = new CsvReader(text);
            if (await csv.ReadAsync(cancellationToken) is not { Fields: { } header })
                return new ImportOutcome.Refused("文件是空的，或没有标题行 (empty file, or no header line)");
            if (rows.Bind(header, ColumnsOf<T>(file.Kind, header, file.Columns)) is { } missing)
                return new ImportOutcome.Refused($"标题行缺少列 {missing} (missing column)");

            var batch = new List<(CsvRecord Record, T Row)>(BatchSize);
            while (await csv.ReadAsync(cancellationToken) is { } record)
            {
                tally.Rows++;
                if (record.Fields is null)
                    tally.Reject(record, record.Fault!);
                else if (rows.Read(record.Fields) is (var row, null))
                    batch.Add((record, row!));
                else
                    tally.Reject(record, rows.Fault!);

                if (batch.Count == BatchSize)
                    await FlushAsync();
            }

            await FlushAsync();

            async Task FlushAsync()
            {
                if (sift is not null && batch.Count > 0)
                {
                    var (isRefused, reason) = await sift([.. batch.Select(b => b.Row)], cancellationToken);
                    foreach (var (record, _) in batch.Where(b => isRefused(b.Row)))
                        tally.Reject(record, reason);
                    batch.RemoveAll(b => isRefused(b.Row));
                }

                if (batch.Count > 0)
                {
                    var saved = await save([.. batch.Select(b => b.Row)], cancellationToken);
                    tally.Saved += saved;
                    tally.Known += batch.Count - saved;
                    batch.Clear();
                }

                if (file.Progress is { } progress)
                    await progress(new ImportProgress(tally.Rows, tally.Saved, tally.Rejected));
            }
        }
        catch (InvalidDataException e)
        {
            return new ImportOutcome.Refused($"压缩文件已损坏：{e.Message} (broken gzip)");
        }

        var report = new ImportReport(file.Kind, file.FileName, tally.Rows, tally.Saved, tally.Known, tally.Rejected, tally.Reasons, tally.Errors, tally.StartedAt, clock.GetUtcNow());
        await intake.RecordAsync(report, cancellationToken);
        return new ImportOutcome.Finished(report);
    }

    private async Task<(Func<T, bool> IsRefused, string Reason)> FindStraysAsync<T>(IReadOnlyList<T> rows, Func<T, string> promotionOf, CancellationToken cancellationToken)
    {
        var open = await intake.FindOpenPromotionsAsync([.. rows.Select(promotionOf).Distinct()], cancellationToken);
        return (row => !open.Contains(promotionOf(row)), "没有这个活动，或活动已删除 (no such promotion, or deleted)");
    }

    private async Task<(Func<Customer, bool> IsRefused, string Reason)> FindErasedAsync(IReadOnlyList<Customer> rows, CancellationToken cancellationToken)
    {
        var erased = await intake.FindErasedCustomersAsync([.. rows.Select(c => c.Id).Distinct()], cancellationToken);
        return (customer => erased.Contains(customer.Id), "该顾客的个人信息已按要求删除，不再导入 (was erased, and stays so)");
    }

    private sealed record Source(
        string Kind, string FileName, Stream Input, IReadOnlyDictionary<string, int>? Columns, Func<ImportProgress, Task>? Progress, Action<RejectedRow>? Rejected);

    private sealed class Tally(DateTimeOffset startedAt, Action<RejectedRow>? rejected)
    {
        public DateTimeOffset StartedAt { get; } = startedAt;

        public long Rows { get; set; }

        public long Saved { get; set; }

        public long Known { get; set; }

        public long Rejected { get; private set; }

        public Dictionary<string, long> Reasons { get; } = [];

        public List<ImportError> Errors { get; } = [];

        public void Reject(CsvRecord record, string reason)
        {
            Rejected++;
            Reasons[reason] = Reasons.GetValueOrDefault(reason) + 1;
            if (Errors.Count < ErrorsKept)
                Errors.Add(new ImportError(record.Line, reason));
            rejected?.Invoke(new RejectedRow(record.Line, record.Fields ?? [], reason));
        }
    }
}
