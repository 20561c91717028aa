using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>
/// Figures of a product in trial (catalogue 2.2). With <see cref="Decide"/> off it only reads them and leaves by Read; otherwise by what
/// <see cref="TrialRule"/> says.
/// </summary>
[Activity("Store.MeasureTrial", Category = "Store", Zh = "读取试销数据", En = "Measure trial", Kind = ActivityKind.Task,
    DescriptionZh = "读取试销期的访客、下单用户、退货和库存，并按转化率判定。", DescriptionEn = "Visitors, buyers, returns and stock of a trial, and the verdict by its conversion.")]
[Outcome("Promote", Zh = "达标", En = "Promote")]
[Outcome("Delist", Zh = "不达标", En = "Delist")]
[Outcome("Insufficient", Zh = "样本不足", En = "Insufficient data")]
[Outcome("Read", Zh = "仅读取", En = "Read only")]
internal sealed class MeasureTrial : StoreActivity
{
    [Input(Zh = "商品编号", En = "Product", Required = true)]
    public string StockCode { get; set; } = "";

    [Input(Zh = "开始时间", En = "From", Required = true)]
    public DateTimeOffset From { get; set; }

    [Input(Zh = "判定", En = "Decide", Hint = "checkbox")]
    public bool Decide { get; set; } = true;

    [Input(Zh = "转化率下限（%）", En = "Conversion (%)", DescriptionZh = "达到此值（含）即达标。", DescriptionEn = "This much and more is promoted.")]
    public decimal ConversionPercent { get; set; } = 3;

    [Input(Zh = "最少访客数", En = "Minimum visitors", DescriptionZh = "不足此数为样本不足。", DescriptionEn = "Fewer are insufficient.")]
    public int MinimumVisitors { get; set; } = 100;

    [Output(Zh = "试销数据", En = "Figures")]
    public JsonObject? Figures { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.MeasureTrial(StockCode, From, context.Now);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        var (buyers, visitors) = ((long)result["buyers"]!, (long?)result["visitors"]);
        Figures = (JsonObject)result.DeepClone();
        Figures["conversionPercent"] = TrialRule.Conversion(buyers, visitors) is { } conversion ? Math.Round(conversion, 4) : null;
        context.Complete(Decide ? new TrialRule(ConversionPercent, MinimumVisitors).Judge(buyers, visitors).ToString() : "Read");
    }
}
