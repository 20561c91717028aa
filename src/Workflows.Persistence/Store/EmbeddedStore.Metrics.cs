using Workflows.Engine.Thresholds;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>Values of metrics the shop records.</summary>
public sealed partial class EmbeddedStore
{
    private static readonly Column<MetricValue>[] MetricColumns =
    [
        Column.Text<MetricValue>("metric", v => v.Metric),
        Column.Text<MetricValue>("scope", v => v.Scope),
        Column.Number<MetricValue>("at", v => Instants.ToMicros(v.At)),
        Column.Number<MetricValue>("value", v => TenThousandths.Of(v.Value)),
        Column.Number<MetricValue>("count", v => v.Count),
    ];

    public Task<int> SaveAsync(IReadOnlyList<MetricValue> values, CancellationToken cancellationToken) =>
        SaveBatchAsync("store_save_metrics", values, v => (v.Metric, v.Scope, v.At), MetricColumns, cancellationToken);

    /// <summary>The promotion a complaint is about: the one it names, or the one its order was part of. Null when it is about none that is known.</summary>
    private static async Task<string?> LinkPromotionAsync(Session session, string complaint, string? promotion, string? orderNo, CancellationToken cancellationToken)
    {
        if (promotion is null && orderNo is null)
            return null;
        var found = await session.FirstAsync("store_promotion_of_complaint", new() { ["promotion"] = promotion, ["order_no"] = orderNo }, row => row.GetString(0), cancellationToken);
        if (found is not null)
            await session.ExecuteAsync("store_link_promotion", new() { ["id"] = complaint, ["promotion"] = found }, cancellationToken);
        return found;
    }
}
