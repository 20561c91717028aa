using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>
/// Looks for anything left of a deleted promotion, and for anything that others lost meanwhile (catalogue 1.3). Loss comes before residue, and only where its
/// outcome leads on; a loss that was known when somebody decided to go on is not told again.
/// </summary>
[Activity("Store.VerifyDeleted", Category = "Store", Zh = "核查删除结果", En = "Verify deletion", Kind = ActivityKind.Task,
    DescriptionZh = "检查页面、规则缓存、参与标识、参与者和交易记录是否有残留，并核对其他活动的数据自备份以来没有减少。", DescriptionEn = "Looks for residue (page, rule cache, flags, participants, transactions), and whether other promotions lost rows since the backup.")]
[Outcome("Clean", Zh = "无残留", En = "Clean")]
[Outcome("Residue", Zh = "有残留", En = "Residue")]
[Outcome(Loss, Zh = "数据丢失", En = "Loss")]
internal sealed class VerifyDeleted : StoreActivity
{
    private const string Loss = "Loss";

    [Input(Zh = "活动编号", En = "Promotion", Required = true)]
    public string PromotionId { get; set; } = "";

    [Input(Zh = "已知的丢失", En = "Known loss", DescriptionZh = "此前核查报告、已决定继续的丢失清单。", DescriptionEn = "What an earlier verification told and somebody decided to go on with.")]
    public JsonArray? Known { get; set; }

    [Output(Zh = "丢失清单", En = "Lost")]
    public JsonArray? Lost { get; set; }

    [Output(Zh = "残留清单", En = "Residue")]
    public JsonArray? Residue { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.VerifyDeleted(PromotionId);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Residue = result["residue"] as JsonArray ?? [];
        Lost = result["lost"] as JsonArray ?? [];
        var isNews = Lost.Any(l => !(Known ?? []).Any(k => IsOf(k, l) && (long)k!["count"]! >= (long)l!["count"]!));
        context.Complete(isNews && context.LeadsOn(Loss) ? Loss : Residue.Count == 0 ? "Clean" : "Residue");

        static bool IsOf(JsonNode? one, JsonNode? other) => (string?)one?["promotionId"] == (string?)other?["promotionId"] && (string?)one?["part"] == (string?)other?["part"];
    }
}
