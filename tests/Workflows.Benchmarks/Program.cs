using System.Globalization;
using Workflows.Benchmarks;
using Workflows.Persistence.Databases;

// dotnet run -c Release --project tests/Workflows.Benchmarks -- [--smallest] [--database sqlite|postgres|both] [--seconds N] [--only raw|engine|http|timers|suspended]
var smallest = args.Contains("--smallest");
var time = TimeSpan.FromSeconds(double.Parse(Value("--seconds") ?? (smallest ? "1" : "10"), CultureInfo.InvariantCulture));
var databases = (Value("--database") ?? "both") switch
{
    "sqlite" => [DatabaseKind.Sqlite],
    "postgres" => [DatabaseKind.Postgres],
    _ => new[] { DatabaseKind.Postgres, DatabaseKind.Sqlite },
};
var only = Value("--only");

Report.Machine();
foreach (var kind in databases)
{
    var figures = new List<Figures>();
    if (Wanted("raw"))
        figures.AddRange(await RawLimits.MeasureAsync(kind, time));
    Report.Table(kind, figures);
}

return 0;

string? Value(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

bool Wanted(string part) => only is null || only == part || (part == "raw" && only is "engine" or "http");
