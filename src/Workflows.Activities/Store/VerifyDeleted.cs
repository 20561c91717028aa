using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Looks for anything left of a deleted promotion.</summary>
[Activity("Store.VerifyDeleted", Category = "Store", Zh = "核查删除结果", En = "Verify deletion", Kind = ActivityKind.Task,
    DescriptionZh = "检查页面、规则缓存、参与标识、参与者和交易记录是否有残留。", DescriptionEn = "Looks for residue: page, rule cache, flags, participants, transactions.")]
[Outcome("Clean", Zh = "无残留", En = "Clean")]
[Outcome("Residue", Zh = "有残留", En = "Residue")]
internal sealed class VerifyDeleted : StoreActivity
{
    [Input(Zh = "活动编号", En = "Promotion", Required = true)]
    public string PromotionId { get; set; } = "";

    [Output(Zh = "残留清单", En = "Residue")]
    public JsonArray? Residue { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.VerifyDeleted(PromotionId);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Residue = result["residue"] as JsonArray ?? [];
        context.Complete(Residue.Count == 0 ? "Clean" : "Residue");
    }
}
