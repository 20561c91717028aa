using Workflows.Engine.Thresholds;

namespace Workflows.Engine.Store;

/// <summary>Values of metrics from a file: Metric,Scope,At,Value and, if known, Count.</summary>
internal sealed class MetricRows : RowReader<MetricValue>
{
    public override IReadOnlyList<string> Required => ["Metric", "Scope", "At", "Value"];

    protected override MetricValue Make()
    {
        var count = Optional("Count") is null ? 0 : Whole("Count");
        if (count < 0)
            Refuse("Count 小于 0 (is negative)");
        return new MetricValue(Text("Metric"), Text("Scope"), Instant("At"), Amount("Value"), count);
    }
}
