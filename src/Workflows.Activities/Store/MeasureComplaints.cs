using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Complaints of a month against the month before (catalogue 5.5).</summary>
[Activity("Store.MeasureComplaints", Category = "Store", Zh = "统计投诉", En = "Measure complaints", Kind = ActivityKind.Task,
    DescriptionZh = "统计某月投诉的数量、类别、及时率、费用，并与上月比较。", DescriptionEn = "Number, classes, share in time and cost of a month's complaints, and of the month before.")]
internal sealed class MeasureComplaints : StoreActivity
{
    [Input(Zh = "月份", En = "Month", DescriptionZh = "如 2026-11；不填为上个月。", DescriptionEn = "Like 2026-11; last month when empty.")]
    public string? Month { get; set; }

    [Input(Zh = "回复时限（小时）", En = "Reply within hours")]
    public decimal ReplyHours { get; set; } = 24;

    [Input(Zh = "解决时限（小时）", En = "Solve within hours")]
    public decimal SolveHours { get; set; } = 48;

    [Output(Zh = "统计", En = "Figures")]
    public JsonObject? Figures { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.MeasureComplaints(
        string.IsNullOrWhiteSpace(Month) ? TimeZoneInfo.ConvertTime(context.Now, ShopTime.China).AddMonths(-1).ToString("yyyy-MM", CultureInfo.InvariantCulture) : Month.Trim(), ReplyHours, SolveHours);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Figures = result;
        context.Complete();
    }
}
