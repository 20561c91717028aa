using Workflows.Persistence.Databases;

namespace Workflows.Benchmarks;

/// <summary>
/// The goals that compare with a raw limit, measured in rounds: each limit directly beside what is compared with it, because on
/// a machine that others use only neighbours in time can be compared. The median over the rounds is the figure.
/// </summary>
internal static class Ratios
{
    public static async Task MeasureAsync(DatabaseKind kind, int rounds, TimeSpan time)
    {
        var (http, process) = (new List<double>(), new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            Report.Line($"{kind}, round {round} of {rounds}, load {Report.LoadAverage()}");
            var transactions = Show(await RawLimits.OneByOneAsync(kind, 32, time));
            http.Add(Show((await HttpRate.MeasureAsync(kind, time, 32))[0]) / transactions);
            var grouped = Show(await RawLimits.GroupAsync(kind, 512, time));
            process.Add(Show((await EngineRate.MeasureAsync(kind, time, 512))[0]) / grouped);
            Report.Line($"HTTP at 32 / raw transactions at 32: {http[^1]:N2}; in process at 512 / raw group at 512: {process[^1]:N2}; load {Report.LoadAverage()}");
        }

        Report.Line($"{kind}: HTTP at 32 callers {Median(http):N2} × raw transactions (goal 1.0), in process at 512 {Median(process):N2} × raw group (goal 0.4); medians of {rounds}");
    }

    private static double Show(Figures figures)
    {
        Report.Row(figures);
        return figures.Rate;
    }

    private static double Median(List<double> values) => Load.At([.. values.Order()], 0.5);
}
