using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Workflows.Host.Pages.Shop;

/// <param name="Kind">bar or line.</param>
/// <param name="Axis">0 for the left scale, 1 for the right one.</param>
/// <param name="Unit">As on its axis: "%" or a word.</param>
/// <param name="Values">One for each label; null where there is none.</param>
/// <param name="Tone">bad to be drawn in the colour of what went wrong.</param>
public sealed record ChartSeries(string Name, string Kind, int Axis, string Unit, IReadOnlyList<decimal?> Values, string? Tone = null);

/// <summary>A line across a chart that something must reach.</summary>
public sealed record ChartLimit(decimal Value, string Label, int Axis);

/// <summary>A chart and the table beneath it: one set of figures, shown twice, so that nobody needs scripts or eyes for it.</summary>
/// <param name="First">Heading of the column of labels.</param>
/// <param name="Empty">What stands there when there is nothing to show.</param>
public sealed record ChartModel(string Title, string First, IReadOnlyList<string> Labels, IReadOnlyList<ChartSeries> Series, string Empty)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public bool Stacked { get; init; }
    public ChartLimit? Limit { get; init; }

    /// <summary>A remark under the title: what is counted how.</summary>
    public string? Note { get; init; }

    public bool IsEmpty => Labels.Count == 0 || Series.All(s => s.Values.All(v => v is null or 0));

    public string ToJson() => JsonSerializer.Serialize(
        new { Labels, Series, Stacked, Limit, Units = Series.GroupBy(s => s.Axis).OrderBy(g => g.Key).Select(g => g.First().Unit) }, Json);

    public static string Cell(decimal? value, string unit) => value is not { } number ? "–"
        : unit == "%" ? number.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture) + " %"
        : number.ToString("#,0.##", System.Globalization.CultureInfo.InvariantCulture);
}
