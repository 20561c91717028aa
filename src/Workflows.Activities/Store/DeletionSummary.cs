using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Store;

/// <summary>What deciders and confirmers are shown of a deletion: application and figures, by Chinese label.</summary>
[Activity("Store.DeletionSummary", Category = "Store", Zh = "生成审批内容", En = "Deletion summary",
    DescriptionZh = "把申请和影响数据整理成审批人看的内容。", DescriptionEn = "Puts application and figures into words for the deciders.")]
internal sealed class DeletionSummary : CodeActivity
{
    private static readonly (string Field, string Label)[] Application =
    [
        ("promotionId", "活动编号"), ("activityTime", "活动时间"), ("reason", "删除原因"), ("impactReport", "业务影响评估报告"), ("riskReport", "风险评估报告"),
        ("parties", "相关方"), ("userMessage", "用户通知草稿"), ("window", "希望删除时段"), ("backupScope", "备份范围"), ("urgency", "紧急程度"),
    ];

    [Input(Zh = "申请", En = "Application", Required = true)]
    public JsonObject? Filed { get; set; }

    [Input(Zh = "影响数据", En = "Impact", Required = true)]
    public JsonObject? Impact { get; set; }

    [Output(Zh = "内容", En = "Content")]
    public JsonObject? Content { get; set; }

    protected override void Run(ActivityContext context)
    {
        var content = new JsonObject { ["活动名称"] = Impact?["promotionName"]?.DeepClone() };
        foreach (var (field, label) in Application)
        {
            if (Filed?[field] is { } value)
                content[label] = value.DeepClone();
        }

        content["参与者"] = Impact?["participants"]?.DeepClone();
        content["交易记录"] = Impact?["transactions"]?.DeepClone();
        foreach (var (member, label) in new[] { ("during", "活动期间"), ("before", "活动之前") })
        {
            if (Impact?[member] is JsonObject figures)
                content[label] = Words(figures);
        }

        if (Number(Impact?["change"]?["revenuePercent"]) is { } change)
            content["日均销售额变化"] = string.Create(CultureInfo.InvariantCulture, $"{change:+0.##;-0.##;0}%");
        Content = content;
    }

    /// <summary>Figures of the shop in one line.</summary>
    internal static string Words(JsonObject figures)
    {
        var conversion = Number(figures["conversion"]) is { } rate ? string.Create(CultureInfo.InvariantCulture, $"，转化率 {rate:0.00%}") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Number(figures["days"]):0.#} 天，销售额 {Number(figures["revenue"]):0.00}，{Number(figures["units"]):0} 件，订单 {Number(figures["orders"]):0}，顾客 {Number(figures["customers"]):0}{conversion}");
    }

    private static double? Number(JsonNode? node) => node is null ? null : double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);
}
