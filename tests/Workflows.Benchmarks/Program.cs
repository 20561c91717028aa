using System.Globalization;
using Workflows.Benchmarks;
using Workflows.Persistence.Databases;
using Workflows.Testing;

// dotnet run -c Release --project tests/Workflows.Benchmarks -- [--smallest] [--database sqlite|postgres|both] [--seconds N] [--only script|burst|raw|engine|http|timers|clocks|suspended|inbox|ratios] [--clocks N] [--spread SECONDS] [--callers N] [--no-raw] [--statements] [--announce] [--committers N]
var smallest = args.Contains("--smallest");
var time = TimeSpan.FromSeconds(double.Parse(Value("--seconds") ?? (smallest ? "1" : "10"), CultureInfo.InvariantCulture));
var databases = (Value("--database") ?? "both") switch
{
    "sqlite" => [DatabaseKind.Sqlite],
    "postgres" => [DatabaseKind.Postgres],
    _ => new[] { DatabaseKind.Postgres, DatabaseKind.Sqlite },
};
var only = Value("--only");
ApprovalWorkload.Announces = args.Contains("--announce");
EngineUnderTest.Committers = Value("--committers") is { } committers ? int.Parse(committers, CultureInfo.InvariantCulture) : EngineUnderTest.Committers;
StatementCounts.IsWanted = PostgresCluster.CountsStatements = args.Contains("--statements");

Report.Machine();
if (only == "ratios")
{
    foreach (var kind in databases)
        await Ratios.MeasureAsync(kind, int.Parse(Value("--rounds") ?? "5", CultureInfo.InvariantCulture), time);
    return 0;
}

if (Wanted("script"))
{
    Report.Line(ScriptRate.FirstUse());
    ScriptRate.Measure(smallest ? 20_000 : 1_000_000).ToList().ForEach(Report.Line);
}

if (Wanted("burst"))
    Report.Line(BurstRate.Measure(time));
if (Wanted("inbox") && databases.Contains(DatabaseKind.Postgres))
    (await InboxPage.MeasureAsync(smallest ? 20_000 : 1_000_000, smallest ? 50 : 1_000)).ToList().ForEach(Report.Line);
foreach (var kind in databases)
{
    var figures = new List<Figures>();
    if (Wanted("raw"))
        figures.AddRange(await RawLimits.MeasureAsync(kind, time));
    if (Wanted("engine"))
        figures.AddRange(await EngineRate.MeasureAsync(kind, time, Callers(1, 32, 512)));
    if (Wanted("http"))
        figures.AddRange(await HttpRate.MeasureAsync(kind, time, Callers(1, 32)));
    Report.Table(kind, figures);
    if (Wanted("timers"))
        Report.Line(await TimerLag.MeasureAsync(kind, smallest ? 10_000 : 1_000_000, smallest ? 50 : 500, smallest ? 2 : 20));
    if (Wanted("clocks"))
    {
        var clocks = int.Parse(Value("--clocks") ?? (smallest ? "200" : "100000"), CultureInfo.InvariantCulture);
        Report.Line(await ClockRun.MeasureAsync(kind, clocks, int.Parse(Value("--spread") ?? (smallest ? "2" : "300"), CultureInfo.InvariantCulture)));
        Report.Line(await ClockRun.CatchUpAsync(kind, Math.Max(100, clocks / 10)));
    }

    if (Wanted("suspended"))
        (await Suspended.MeasureAsync(kind, smallest ? 200 : 10_000, smallest ? 1_000 : 100_000, TimeSpan.FromSeconds(smallest ? 1 : 60))).ToList().ForEach(Report.Line);
}

return 0;

int[] Callers(params int[] usual) => Value("--callers") is { } given ? [int.Parse(given, CultureInfo.InvariantCulture)] : usual;

string? Value(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

bool Wanted(string part) => only is null || only == part || (part == "raw" && only is "engine" or "http" && !args.Contains("--no-raw"));
