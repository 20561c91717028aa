using Workflows.Engine.Thresholds;

namespace Workflows.Engine.Store;

/// <summary>Values of metrics from a file: Metric,Scope,At,Value and, if known, Count. Judged as the API judges them.</summary>
internal sealed class MetricRows(DateTimeOffset now) : RowReader<MetricValue>
{
    public override IReadOnlyList<string> Required => ["Metric", "Scope", "At", "Value"];

    protected override MetricValue Make()
    {
        var value = new MetricValue(Text("Metric"), Text("Scope"), Instant("At"), Number("Value"), Optional("Count") is null ? 0 : Whole("Count"));
        if (Fault is null && MetricRules.Fault(value, now) is { } fault)
            Refuse($"{fault.Zh} ({fault.En})");
        return value;
    }
}
