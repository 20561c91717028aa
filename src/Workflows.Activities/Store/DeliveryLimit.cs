using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>When a parcel has to be with the customer, by <see cref="DeliveryLimits"/>, and when to warn.</summary>
[Activity("Store.DeliveryLimit", Category = "Store", Zh = "计算送达时限", En = "Delivery limit",
    DescriptionZh = "按城市级别，自物流揽收起计算应送达时间和预警时间。", DescriptionEn = "By city tier, from the carrier's pick-up: when a parcel is due, and when to warn.")]
internal sealed class DeliveryLimit : CodeActivity
{
    [Input(Zh = "揽收时间", En = "Picked up at", Required = true)]
    public DateTimeOffset From { get; set; }

    [Input(Zh = "城市级别", En = "City tier", DescriptionZh = "tier1、tier2、remote；未知按偏远。", DescriptionEn = "tier1, tier2 or remote; unknown counts as remote.")]
    public string? Tier { get; set; }

    [Input(Zh = "一线城市（小时）", En = "First tier (hours)")]
    public decimal FirstHours { get; set; } = 24;

    [Input(Zh = "二线城市（小时）", En = "Second tier (hours)")]
    public decimal SecondHours { get; set; } = 48;

    [Input(Zh = "偏远地区（小时）", En = "Remote (hours)")]
    public decimal RemoteHours { get; set; } = 72;

    [Input(Zh = "预警百分比", En = "Warn at percent")]
    public decimal WarnPercent { get; set; } = 80;

    [Output(Zh = "应送达时间", En = "Due at")]
    public DateTimeOffset? DueAt { get; set; }

    [Output(Zh = "预警时间", En = "Warn at")]
    public DateTimeOffset? WarnAt { get; set; }

    protected override void Run(ActivityContext context)
    {
        var limit = new DeliveryLimits(FirstHours, SecondHours, RemoteHours).Of(Tier);
        (DueAt, WarnAt) = (From + limit, From + (limit * (double)(WarnPercent / 100)));
    }
}
