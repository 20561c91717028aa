namespace Workflows.Engine.Thresholds;

/// <summary>Why a value of a metric is not taken.</summary>
/// <param name="Column">Metric, Scope, Value, Count or At.</param>
/// <param name="Code">For programs.</param>
public sealed record MetricFault(string Column, string Code, string Zh, string En);

/// <summary>Which values of metrics the shop may record, by the API and by files alike.</summary>
public static class MetricRules
{
    private const int LongestName = 100;
    private const decimal LargestValue = 100_000_000m;

    /// <summary>How far another clock, the shop's or another host's, may be ahead of ours.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>What is wrong with a value; null when nothing is. Metrics that follow from the shop's own data are not recorded.</summary>
    public static MetricFault? Fault(MetricValue value, DateTimeOffset now)
    {
        if (!IsName(value.Metric) || !IsName(value.Scope))
            return new MetricFault(IsName(value.Metric) ? "Scope" : "Metric", "bad-name", $"指标和对象须为 1 到 {LongestName} 字，不含控制字符", $"metric and scope have 1 to {LongestName} characters, none of them a control character");
        if (ShopMetrics.AreDerived(value.Metric))
            return new MetricFault("Metric", "derived", "此指标由店铺数据计算，不能登记", "this metric follows from the shop's data and cannot be recorded");
        if (Math.Abs(value.Value) > LargestValue)
            return new MetricFault("Value", "out-of-range", "数值超出范围", "the value is out of range");
        if (value.Count < 0)
            return new MetricFault("Count", "out-of-range", "样本小于 0", "the count is negative");
        return value.At > now + Ahead ? new MetricFault("At", "in-the-future", "时间不能晚于现在", "the time is in the future") : null;
    }

    private static bool IsName(string? text) => text is { Length: > 0 and <= LongestName } && !text.Any(char.IsControl);
}
