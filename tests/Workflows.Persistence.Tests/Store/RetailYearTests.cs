using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.VisualBasic.FileIO;
using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>
/// Months of real invoice lines: import, the scan for slow movers at each month's end, and the trial of each product from its first sale on,
/// compared with plain loops over the files. The files know neither stock nor visitors; both are derived from them here: a product is counted
/// before the first day, with all it will sell and 50 more; its visitors of a day are the customers of the whole shop on that day.
/// One month always; WORKFLOWS_LONG_TESTS=1 takes all nine, 320,705 lines, and asks for at most 60 seconds.
/// </summary>
public abstract class RetailYearContract(DatabaseFixture fixture) : EmbeddedStoreContract(fixture)
{
    private static readonly TimeSpan ShopZone = TimeSpan.FromHours(8);

    private sealed record Line(string Invoice, string Code, string Name, int Quantity, DateTimeOffset At, string Buyer)
    {
        public bool IsSale => Quantity > 0 && Invoice[0] != 'C';
    }

    [Fact]
    public Task One_month_of_real_lines_gives_the_slow_movers_and_trials_an_independent_reader_finds() => PlayAsync(["2011-01"]);

    [Fact]
    public async Task Nine_months_of_real_lines_come_in_within_a_minute_and_give_the_slow_movers_and_trials_an_independent_reader_finds()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("WORKFLOWS_LONG_TESTS") == "1", "WORKFLOWS_LONG_TESTS=1 imports all nine months.");
        var (rows, took) = await PlayAsync(["2010-12", "2011-01", "2011-02", "2011-03", "2011-04", "2011-05", "2011-06", "2011-07", "2011-08"]);
        Assert.Equal(320_705, rows);
        Assert.True(took < TimeSpan.FromSeconds(60), $"the import took {took}");
    }

    private async Task<(long Rows, TimeSpan Took)> PlayAsync(string[] months)
    {
        var folder = Path.Combine(Repository.SharedData ?? throw Missing.Tool("The shared retail lines are not here."), "retail-lines");
        var importer = new StoreImporter(Shop, Clock);
        var (rows, rejected) = (0L, 0L);
        var watch = Stopwatch.StartNew();
        foreach (var month in months)
        {
            await using var file = File.OpenRead(Path.Combine(folder, $"online-retail-{month}.csv.gz"));
            var report = Assert.IsType<ImportOutcome.Finished>(await importer.ImportAsync("sales", month, file, null, Token)).Report;
            (rows, rejected) = (rows + report.Rows, rejected + report.Rejected);
        }

        var took = watch.Elapsed;
        TestContext.Current.TestOutputHelper?.WriteLine($"{rows} lines in {took.TotalSeconds:0.0} s");
        var lines = months.SelectMany(m => Read(Path.Combine(folder, $"online-retail-{m}.csv.gz"))).ToList();
        Assert.Equal(rows - rejected, lines.Count);

        var products = lines.GroupBy(l => l.Code).ToDictionary(g => g.Key, g => g.OrderBy(l => l.At).ToList());
        var firstSale = products.Where(p => p.Value.Exists(l => l.IsSale)).ToDictionary(p => p.Key, p => p.Value.First(l => l.IsSale).At);
        var customers = lines.Where(l => l.IsSale).GroupBy(l => l.At.Date).ToDictionary(g => g.Key, g => g.Select(l => l.Buyer).Distinct().LongCount());
        var begin = new DateTimeOffset(DateTime.ParseExact(months[0], "yyyy-MM", CultureInfo.InvariantCulture), ShopZone);
        var counted = products.ToDictionary(p => p.Key, p => Math.Max(0, p.Value.Sum(l => l.Quantity)) + 50L);
        await ImportAsync(importer, "products", "StockCode,Name,ListedAt", products.Select(p => $"{p.Key},\"{p.Value[0].Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{(firstSale.TryGetValue(p.Key, out var at) ? Text(at) : "")}"));
        await ImportAsync(importer, "stock", "StockCode,At,Kind,Quantity", counted.Select(c => $"{c.Key},{Text(begin.AddSeconds(-1))},count,{c.Value}"));
        await ImportAsync(importer, "product-visits", "StockCode,Day,Visitors", firstSale.SelectMany(f => Week(f.Value).Where(customers.ContainsKey).Select(d => $"{f.Key},{d:yyyy-MM-dd},{customers[d]}")));

        var slowMovers = 0;
        foreach (var end in months.Select(m => new DateTimeOffset(DateTime.ParseExact(m, "yyyy-MM", CultureInfo.InvariantCulture).AddMonths(1), ShopZone)))
        {
            var found = (await Shop.FindSlowMoversAsync(new SlowMoverRule(), end, Token)).Select(s => (s.Product.StockCode, s.Product.UnitsSold, s.Product.Stock, s.IsUnsold, s.IsSlow)).ToList();
            Assert.Equal(Scan(products, firstSale, counted, begin, end), found);
            slowMovers += found.Count;
            TestContext.Current.TestOutputHelper?.WriteLine($"{end:yyyy-MM-dd}: {found.Count} slow movers");
        }

        var verdicts = new SortedDictionary<string, int>();
        foreach (var (code, from) in firstSale)
        {
            var to = from.AddDays(7);
            var sales = products[code].Where(l => l.At >= from && l.At < to && l.IsSale).ToList();
            var visitors = Week(from).Where(customers.ContainsKey).Sum(d => customers[d]);
            var figures = await Shop.MeasureTrialAsync(code, from, to, Token);
            var buyers = sales.Select(l => l.Buyer).Distinct().LongCount();
            Assert.Equal((code, visitors, buyers, sales.Select(l => l.Invoice).Distinct().LongCount(), sales.Sum(l => (long)l.Quantity)), (figures.StockCode, figures.Visitors ?? 0, figures.Buyers, figures.Orders, figures.Units));
            var verdict = visitors < 100 ? "Insufficient" : (double)buyers / visitors >= 0.03 ? "Promote" : "Delist";
            Assert.Equal(verdict, new TrialRule().Judge(figures.Buyers, figures.Visitors).ToString());
            verdicts[verdict] = verdicts.GetValueOrDefault(verdict) + 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"trials: {string.Join(", ", verdicts.Select(v => $"{v.Key} {v.Value}"))}");
        Assert.Equal(firstSale.Count, verdicts.Values.Sum());
        Assert.True(months.Length == 1 || slowMovers > 0);
        return (rows, took);
    }

    /// <summary>As the catalogue puts it, in plain loops: 30 days without a sale, or at most 5 % of opening stock sold.</summary>
    private static List<(string, long, long?, bool, bool)> Scan(
        Dictionary<string, List<Line>> products, Dictionary<string, DateTimeOffset> firstSale, Dictionary<string, long> counted, DateTimeOffset begin, DateTimeOffset end)
    {
        var from = end.AddDays(-30);
        var found = new List<(string, long, long?, bool, bool)>();
        foreach (var (code, lines) in products.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (firstSale.TryGetValue(code, out var listed) && end < listed.AddDays(30))
                continue;
            long sold = 0, stock = counted[code], opening = counted[code];
            DateTimeOffset? last = null;
            foreach (var line in lines.Where(l => l.At <= end))
            {
                stock -= line.Quantity;
                if (line.At <= from)
                    opening -= line.Quantity;
                if (!line.IsSale)
                    continue;
                last = line.At;
                if (line.At > from)
                    sold += line.Quantity;
            }

            if (stock <= 0)
                continue;
            var isUnsold = last is null || end - last >= TimeSpan.FromDays(30);
            var isSlow = from >= begin.AddSeconds(-1) && opening > 0 && sold * 20 <= opening;
            if (isUnsold || isSlow)
                found.Add((code, sold, stock, isUnsold, isSlow));
        }

        return found;
    }

    /// <summary>The framework's own CSV reader; lines with a negative price are no sales.</summary>
    private static IEnumerable<Line> Read(string path)
    {
        using var parser = new TextFieldParser(new GZipStream(File.OpenRead(path), CompressionMode.Decompress)) { Delimiters = [","], TrimWhiteSpace = true };
        parser.ReadFields();
        while (parser.ReadFields() is { } f)
        {
            if (decimal.Parse(f[5], CultureInfo.InvariantCulture) >= 0)
                yield return new Line(f[0], f[1], f[2].Length > 0 ? f[2] : f[1], int.Parse(f[3], CultureInfo.InvariantCulture), new DateTimeOffset(DateTime.ParseExact(f[4], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), ShopZone), f[6].Length > 0 ? f[6] : "#" + f[0]);
        }
    }

    private static async Task ImportAsync(StoreImporter importer, string kind, string header, IEnumerable<string> rows)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($"{header}\n{string.Join('\n', rows)}\n"));
        Assert.Equal(0, Assert.IsType<ImportOutcome.Finished>(await importer.ImportAsync(kind, kind, stream, null, Token)).Report.Rejected);
    }

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static IEnumerable<DateTime> Week(DateTimeOffset from) => Enumerable.Range(0, 7).Select(d => from.Date.AddDays(d));
}

public sealed class SqliteRetailYearTests(SqliteFixture fixture) : RetailYearContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresRetailYearTests(PostgresFixture fixture) : RetailYearContract(fixture), IClassFixture<PostgresFixture>;
