using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Store;

/// <summary>
/// The application to delete a promotion: what the applicant filed, with the changes made after a return laid over it. Names
/// the instance after the promotion.
/// </summary>
[Activity("Store.DeletionApplication", Category = "Store", Zh = "整理删除申请", En = "Deletion application",
    DescriptionZh = "收集申请表内容；退回修改后合并修改的内容。", DescriptionEn = "Collects the application form; lays changes over it after a return.")]
internal sealed class DeletionApplication : CodeActivity
{
    private static readonly string[] Fields =
        ["promotionId", "activityName", "activityTime", "reason", "impactReport", "riskReport", "parties", "userMessage", "window", "backupScope", "urgency", "attachments"];

    private static readonly (string Field, string Label)[] Mandatory = [("promotionId", "活动编号"), ("reason", "删除原因"), ("impactReport", "业务影响评估报告"), ("riskReport", "风险评估报告")];

    [Input(Zh = "修改内容", En = "Changes")]
    public JsonObject? Changes { get; set; }

    [Input(Zh = "原申请", En = "Earlier application")]
    public JsonObject? Earlier { get; set; }

    [Output(Zh = "申请", En = "Application")]
    public JsonObject? Application { get; set; }

    [Output(Zh = "活动编号", En = "Promotion")]
    public string? PromotionId { get; set; }

    [Output(Zh = "删除原因", En = "Reason")]
    public string? Reason { get; set; }

    protected override void Run(ActivityContext context)
    {
        var application = new JsonObject();
        foreach (var field in Fields)
        {
            var value = Changes?[field] ?? Earlier?[field] ?? (context.Scope.TryGetInput(field, out var given) ? given : null);
            if (value is not null)
                application[field] = value.DeepClone();
        }

        // Which promotion is meant cannot be changed on the way: everybody has seen the other one.
        if (Earlier?["promotionId"] is { } first)
            application["promotionId"] = first.DeepClone();
        foreach (var (field, label) in Mandatory)
        {
            if (string.IsNullOrWhiteSpace(application[field]?.ToString()))
                throw new ActivityFailure("application-incomplete", $"申请缺少“{label}” ({field} is missing)");
        }

        Application = application;
        PromotionId = application["promotionId"]!.ToString();
        Reason = application["reason"]!.ToString();
        context.InstanceName = $"活动删除：{application["activityName"]?.ToString() ?? PromotionId}";
    }
}
