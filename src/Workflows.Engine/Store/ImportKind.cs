namespace Workflows.Engine.Store;

/// <summary>A kind of shop data that is brought in as files: how its rows are read, where they go, and which are kept out.</summary>
/// <param name="Name">As addresses and settings call it.</param>
internal abstract record ImportKind(string Name)
{
    /// <summary>In the order in which pages list them.</summary>
    public static IReadOnlyList<ImportKind> All { get; } =
    [
        Of("products", _ => new ProductRows(), shop => shop.SaveAsync),
        Of("suppliers", _ => new SupplierRows(), shop => shop.SaveAsync),
        Of("customers", _ => new CustomerRows(), shop => shop.SaveAsync, FindErasedAsync),
        Of("sales", _ => new SalesRows(), shop => shop.SaveAsync),
        Of("visits", _ => new VisitRows(), shop => shop.SaveAsync),
        Of("promotions", _ => new PromotionRows(), shop => shop.SaveAsync),
        Of("participants", _ => new ParticipantRows(), shop => shop.SaveAsync, (shop, rows, token) => FindStraysAsync(shop, rows, p => p.PromotionId, token)),
        Of("transactions", _ => new TransactionRows(), shop => shop.SaveAsync, (shop, rows, token) => FindStraysAsync(shop, rows, t => t.PromotionId, token)),
        Of("stock", _ => new StockRows(), shop => shop.SaveAsync),
        Of("product-visits", _ => new ProductVisitRows(), shop => shop.SaveAsync),
        Of("metrics", now => new MetricRows(now), shop => shop.SaveAsync),
        Of("orders", _ => new OrderRows(), shop => shop.SaveAsync),
    ];

    public static ImportKind? Find(string name) => All.FirstOrDefault(k => k.Name == name);

    /// <summary>A reader for one file; it keeps what it saw.</summary>
    /// <param name="now">What lies after it has not happened yet.</param>
    public abstract IImportReader Open(DateTimeOffset now);

    private static Typed<T> Of<T>(string name, Func<DateTimeOffset, RowReader<T>> open, Func<IStoreIntake, Save<T>> save, Sift<T>? sift = null) => new(name, open, save, sift);

    private static async Task<Sifted<T>> FindStraysAsync<T>(IStoreIntake shop, IReadOnlyList<T> rows, Func<T, string> promotionOf, CancellationToken cancellationToken)
    {
        var open = await shop.FindOpenPromotionsAsync([.. rows.Select(promotionOf).Distinct()], cancellationToken);
        return new Sifted<T>(row => !open.Contains(promotionOf(row)), "没有这个活动，或活动已删除 (no such promotion, or deleted)");
    }

    private static async Task<Sifted<Customer>> FindErasedAsync(IStoreIntake shop, IReadOnlyList<Customer> rows, CancellationToken cancellationToken)
    {
        var erased = await shop.FindErasedCustomersAsync([.. rows.Select(c => c.Id).Distinct()], cancellationToken);
        return new Sifted<Customer>(customer => erased.Contains(customer.Id), "该顾客的个人信息已按要求删除，不再导入 (was erased, and stays so)", IsKept: false);
    }

    private delegate Task<int> Save<T>(IReadOnlyList<T> rows, CancellationToken cancellationToken);

    private delegate Task<Sifted<T>> Sift<T>(IStoreIntake shop, IReadOnlyList<T> rows, CancellationToken cancellationToken);

    /// <summary>Rows of a batch that are kept out, and why.</summary>
    /// <param name="IsKept">Whether what they hold may be shown to whoever sent them.</param>
    private sealed record Sifted<T>(Func<T, bool> IsRefused, string Reason, bool IsKept = true);

    private sealed record Typed<T>(string Name, Func<DateTimeOffset, RowReader<T>> Reader, Func<IStoreIntake, Save<T>> SaveOf, Sift<T>? Sift) : ImportKind(Name)
    {
        public override IImportReader Open(DateTimeOffset now) => new File(Reader(now), this);

        private sealed class File(RowReader<T> rows, Typed<T> kind) : IImportReader
        {
            private readonly List<(CsvRecord Record, T Row)> _batch = [];

            public IReadOnlyList<string> Required => rows.Required;

            public int Held => _batch.Count;

            public string? Bind(string[] header, IReadOnlyDictionary<string, int> columns) => rows.Bind(header, columns);

            public string? Judge(string[] fields) => rows.Read(fields).Fault;

            public string? Take(CsvRecord record)
            {
                var (row, fault) = rows.Read(record.Fields!);
                if (fault is null)
                    _batch.Add((record, row!));
                return fault;
            }

            public async Task<int> SaveAsync(IStoreIntake shop, Action<RejectedRow> reject, CancellationToken cancellationToken)
            {
                if (kind.Sift is not null && _batch.Count > 0)
                {
                    var sifted = await kind.Sift(shop, [.. _batch.Select(b => b.Row)], cancellationToken);
                    foreach (var (record, _) in _batch.Where(b => sifted.IsRefused(b.Row)))
                        reject(new RejectedRow(record.Line, sifted.IsKept ? record.Fields! : [], sifted.Reason));
                    _batch.RemoveAll(b => sifted.IsRefused(b.Row));
                }

                var saved = _batch.Count > 0 ? await kind.SaveOf(shop)([.. _batch.Select(b => b.Row)], cancellationToken) : 0;
                return saved;
            }

            public void Clear() => _batch.Clear();
        }
    }
}

/// <summary>Reads the rows of one file, whatever they are, and saves them in batches.</summary>
internal interface IImportReader
{
    /// <summary>Headings that must be there.</summary>
    IReadOnlyList<string> Required { get; }

    /// <summary>Good rows that were taken and are not cleared yet.</summary>
    int Held { get; }

    /// <summary>Remembers where columns are; answers the first required one that is missing.</summary>
    string? Bind(string[] header, IReadOnlyDictionary<string, int> columns);

    /// <summary>Why a row would not be taken; null when it would.</summary>
    string? Judge(string[] fields);

    /// <summary>Takes a row for the next save; answers why not.</summary>
    string? Take(CsvRecord record);

    /// <summary>Saves what is held and answers how many rows were new or changed; what may not come in leaves the batch as rejected.</summary>
    Task<int> SaveAsync(IStoreIntake shop, Action<RejectedRow> reject, CancellationToken cancellationToken);

    void Clear();
}
