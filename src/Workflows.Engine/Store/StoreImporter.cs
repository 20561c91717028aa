using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;

namespace Workflows.Engine.Store;

/// <summary>
/// Reads exports of the seller back end: CSV with a header line, plain or gzip, UTF-8, streamed in batches. The same file may
/// be imported again, also after a crash in the middle: rows are recognised by their natural key.
/// </summary>
/// <param name="intake">Where rows go.</param>
/// <param name="clock">Stamps the report.</param>
public sealed class StoreImporter(IStoreIntake intake, TimeProvider clock)
{
    private const int BatchSize = 5_000;
    private const int ErrorsKept = 1_000;

    /// <summary>What can be imported.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["products", "suppliers", "sales", "visits", "promotions", "participants", "transactions", "stock", "product-visits"];

    /// <summary>Imports a file.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="fileName">For the report only.</param>
    /// <param name="input">Read to its end; left open.</param>
    /// <param name="progress">Called after each batch.</param>
    /// <param name="cancellationToken">Stops between rows; batches already saved stay.</param>
    public Task<ImportOutcome> ImportAsync(string kind, string fileName, Stream input, Action<ImportProgress>? progress, CancellationToken cancellationToken) =>
        kind switch
        {
            "products" => RunAsync(kind, fileName, input, new ProductRows(), intake.SaveAsync, null, progress, cancellationToken),
            "suppliers" => RunAsync(kind, fileName, input, new SupplierRows(), intake.SaveAsync, null, progress, cancellationToken),
            "sales" => RunAsync(kind, fileName, input, new SalesRows(), intake.SaveAsync, null, progress, cancellationToken),
            "visits" => RunAsync(kind, fileName, input, new VisitRows(), intake.SaveAsync, null, progress, cancellationToken),
            "stock" => RunAsync(kind, fileName, input, new StockRows(), intake.SaveAsync, null, progress, cancellationToken),
            "product-visits" => RunAsync(kind, fileName, input, new ProductVisitRows(), intake.SaveAsync, null, progress, cancellationToken),
            "promotions" => RunAsync(kind, fileName, input, new PromotionRows(), intake.SaveAsync, null, progress, cancellationToken),
            "participants" => RunAsync(kind, fileName, input, new ParticipantRows(), intake.SaveAsync, p => p.PromotionId, progress, cancellationToken),
            "transactions" => RunAsync(kind, fileName, input, new TransactionRows(), intake.SaveAsync, t => t.PromotionId, progress, cancellationToken),
            _ => Task.FromResult<ImportOutcome>(new ImportOutcome.Refused($"不能导入“{kind}”，可选：{string.Join("、", Kinds)} (unknown kind)")),
        };

    private async Task<ImportOutcome> RunAsync<T>(
        string kind,
        string fileName,
        Stream input,
        RowReader<T> rows,
        Func<IReadOnlyList<T>, CancellationToken, Task<int>> save,
        Func<T, string>? promotionOf,
        Action<ImportProgress>? progress,
        CancellationToken cancellationToken)
    {
        var tally = new Tally(clock.GetUtcNow());
        try
        {
            var pipe = PipeReader.Create(input, new StreamPipeReaderOptions(leaveOpen: true));
            await using var plain = await UnpackAsync(pipe, cancellationToken);
            using var text = new StreamReader(plain, Encoding.UTF8);
            var csv = new CsvReader(text);
            if (await csv.ReadAsync(cancellationToken) is not { Fields: { } header })
                return new ImportOutcome.Refused("文件是空的，或没有标题行 (empty file, or no header line)");
            if (rows.Bind(header) is { } missing)
                return new ImportOutcome.Refused($"标题行缺少列 {missing} (missing column)");

            var batch = new List<(long Line, T Row)>(BatchSize);
            while (await csv.ReadAsync(cancellationToken) is { } record)
            {
                tally.Rows++;
                if (record.Fields is null)
                    tally.Reject(record.Line, record.Fault!);
                else if (rows.Read(record.Fields) is (var row, null))
                    batch.Add((record.Line, row!));
                else
                    tally.Reject(record.Line, rows.Fault!);

                if (batch.Count == BatchSize)
                    await FlushAsync();
            }

            await FlushAsync();

            async Task FlushAsync()
            {
                if (promotionOf is not null)
                    await RejectStrayAsync(batch, promotionOf, tally, cancellationToken);
                if (batch.Count > 0)
                {
                    var saved = await save([.. batch.Select(b => b.Row)], cancellationToken);
                    tally.Saved += saved;
                    tally.Known += batch.Count - saved;
                    batch.Clear();
                }

                progress?.Invoke(new ImportProgress(tally.Rows, tally.Saved, tally.Rejected));
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

    private static async Task<Stream> UnpackAsync(PipeReader pipe, CancellationToken cancellationToken)
    {
        var start = await pipe.ReadAtLeastAsync(2, cancellationToken);
        var head = new byte[2];
        var length = (int)Math.Min(2, start.Buffer.Length);
        System.Buffers.BuffersExtensions.CopyTo(start.Buffer.Slice(0, length), head);
        pipe.AdvanceTo(start.Buffer.Start);
        return head is [0x1f, 0x8b] ? new GZipStream(pipe.AsStream(), CompressionMode.Decompress) : pipe.AsStream();
    }

    private async Task RejectStrayAsync<T>(List<(long Line, T Row)> batch, Func<T, string> promotionOf, Tally tally, CancellationToken cancellationToken)
    {
        var open = await intake.FindOpenPromotionsAsync([.. batch.Select(b => promotionOf(b.Row)).Distinct()], cancellationToken);
        foreach (var (line, row) in batch.Where(b => !open.Contains(promotionOf(b.Row))))
            tally.Reject(line, "没有这个活动，或活动已删除 (no such promotion, or deleted)");
        batch.RemoveAll(b => !open.Contains(promotionOf(b.Row)));
    }

    private sealed class Tally(DateTimeOffset startedAt)
    {
        public DateTimeOffset StartedAt { get; } = startedAt;

        public long Rows { get; set; }

        public long Saved { get; set; }

        public long Known { get; set; }

        public long Rejected { get; private set; }

        public Dictionary<string, long> Reasons { get; } = [];

        public List<ImportError> Errors { get; } = [];

        public void Reject(long line, string reason)
        {
            Rejected++;
            Reasons[reason] = Reasons.GetValueOrDefault(reason) + 1;
            if (Errors.Count < ErrorsKept)
                Errors.Add(new ImportError(line, reason));
        }
    }
}
