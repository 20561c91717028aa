using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>
/// An evaluation checkpoint: figures since the deletion against those of the promotion. Leaves by Done, and besides by Attention when sales or
/// conversion lie below the base by more than the limit for the given number of checkpoints in a row, otherwise by Normal.
/// </summary>
[Activity("Store.SnapshotMetrics", Category = "Store", Zh = "评估点数据", En = "Evaluation checkpoint", Kind = ActivityKind.Task,
    DescriptionZh = "记录删除后的销售数据并与活动期间比较；连续多次降幅超过上限时需要关注。", DescriptionEn = "Records figures since the deletion and compares them with those during the promotion.")]
[Outcome("Done", Zh = "已记录", En = "Recorded")]
[Outcome("Normal", Zh = "正常", En = "Normal")]
[Outcome("Attention", Zh = "需关注", En = "Attention")]
internal sealed class SnapshotMetrics : StoreActivity
{
    [Input(Zh = "活动编号", En = "Promotion", Required = true)]
    public string PromotionId { get; set; } = "";

    [Input(Zh = "起算时间", En = "Since", Required = true)]
    public DateTimeOffset Since { get; set; }

    [Input(Zh = "第几天", En = "Day")]
    public int Day { get; set; }

    [Input(Zh = "基准数据", En = "Base", DescriptionZh = "测算活动影响的结果。")]
    public JsonObject? Baseline { get; set; }

    [Input(Zh = "降幅上限（%）", En = "Limit (%)", DescriptionZh = "超过（不含）才算下降。")]
    public double DropLimitPercent { get; set; } = 10;

    [Input(Zh = "连续次数", En = "In a row")]
    public int InARow { get; set; } = 2;

    [Input(Zh = "已有记录", En = "Earlier snapshots")]
    public JsonArray? Snapshots { get; set; }

    [Output(Name = "allSnapshots", Zh = "全部记录", En = "All snapshots")]
    public JsonArray? AllSnapshots { get; set; }

    /// <summary>Base and checkpoints by Chinese label, for people to read.</summary>
    [Output(Zh = "数据说明", En = "In words")]
    public JsonObject? Content { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) =>
        new StoreOperation.SnapshotMetrics(PromotionId, $"D{Day}", Since, context.Now);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        var drop = Math.Max(Drop(result, "revenuePerDay"), Drop(result, "conversion"));
        var snapshot = new JsonObject
        {
            ["day"] = Day,
            ["figures"] = result["figures"]?.DeepClone(),
            ["dropPercent"] = Math.Round(drop, 4),
            ["below"] = drop > DropLimitPercent,
        };
        AllSnapshots = [.. (Snapshots ?? []).Select(s => s!.DeepClone()), snapshot];
        Content = InWords();
        var last = AllSnapshots.TakeLast(InARow).ToList();
        context.Complete("Done", last.Count == InARow && last.TrueForAll(s => (bool)s!["below"]!) ? "Attention" : "Normal");
    }

    private JsonObject InWords()
    {
        var content = new JsonObject { ["活动编号"] = PromotionId };
        if (Baseline?["during"] is JsonObject during)
            content["活动期间（基准）"] = DeletionSummary.Words(during);
        foreach (var snapshot in AllSnapshots!)
        {
            var words = snapshot!["figures"] is JsonObject figures ? DeletionSummary.Words(figures) : "没有数据";
            var drop = (double)snapshot["dropPercent"]!;
            content[$"第 {snapshot["day"]} 天"] = words + (drop > 0 ? string.Create(CultureInfo.InvariantCulture, $"；比基准低 {drop:0.##}%") : "；不低于基准");
        }

        return content;
    }

    /// <summary>Percent below the base; 0 when there is no base or no figure, for then nothing can be said.</summary>
    private double Drop(JsonObject result, string figure) =>
        (double?)result["figures"]?[figure] is { } now && (double?)Baseline?["during"]?[figure] is > 0 and { } then ? (then - now) / then * 100 : 0;
}
