namespace Workflows.Engine.Thresholds;

/// <summary>The thresholds the catalogue names. Marks (P) there are defaults of ours; all levels can be changed.</summary>
public static class ShippedThresholds
{
    public static readonly IReadOnlyList<MetricThreshold> All =
    [
        new()
        {
            Id = "mass_complaint_count",
            Name = "活动相关投诉（每小时件数）",
            NameEn = "Complaints about a promotion within an hour",
            Metric = ShopMetrics.Complaints,
            Unit = "件",
            Scope = "promotion",
            Comparison = Comparison.AtLeast,
            Raise = 20,
            Clear = 5,
            Lowest = 1,
            Highest = 10_000,
            Event = "store.complaints.threshold",
            Definitions = ["activity_mass_complaint"],
            Source = "1.4 (P)",
        },
        new()
        {
            Id = "mass_complaint_share",
            Name = "活动相关投诉（每小时占参与人数 %）",
            NameEn = "Complaints about a promotion within an hour, percent of its participants",
            Metric = ShopMetrics.ComplaintShare,
            Unit = "%",
            Scope = "promotion",
            Comparison = Comparison.AtLeast,
            Raise = 1,
            Clear = 0.25m,
            Lowest = 0.01m,
            Highest = 100,
            // One complaint of fifty participants is no mass.
            MinCount = 5,
            Event = "store.complaints.threshold",
            Definitions = ["activity_mass_complaint"],
            Source = "1.4 (P)",
        },
        new()
        {
            Id = "product_opinion",
            Name = "商品负面舆情（每小时条数）",
            NameEn = "Negative mentions of a product within an hour",
            Metric = "opinion.negative",
            Unit = "条",
            Scope = "stockCode",
            Comparison = Comparison.AtLeast,
            Raise = 10,
            Clear = 2,
            Lowest = 1,
            Highest = 100_000,
            ClearMinutes = 60,
            FreshMinutes = 120,
            Event = "product_public_opinion.reported",
            Definitions = ["product_public_opinion"],
            Source = "8.2, 8.4 (P)",
        },
        new()
        {
            Id = "campaign_roi",
            Name = "投放 ROI 预警线",
            NameEn = "Warning line of a campaign's ROI",
            Metric = "roi",
            Scope = "plan",
            Comparison = Comparison.Below,
            Raise = 1.5m,
            Clear = 1.5m,
            Lowest = 0,
            Highest = 100,
            ClearMinutes = 48 * 60,
            MinCount = 200,
            FreshMinutes = 120,
            Event = "store.roi.threshold",
            Source = "4.5, C.2",
        },
    ];
}
