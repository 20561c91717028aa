using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Puts a customer on the blacklist (catalogue 5.12), once two people agreed, which is the definition's to see to. Taking it back removes what this step put there.</summary>
[Activity("Store.Blacklist", Category = "Store", Zh = "列入黑名单", En = "Blacklist customer", Kind = ActivityKind.Task,
    DescriptionZh = "把顾客列入黑名单：不接单、不发券或不展示评价；退款和补发不受影响。撤销时移除。", DescriptionEn = "Keeps a customer from orders, coupons or reviews; refunds and reshipments are not kept from anybody. Undoing removes it.")]
internal sealed class BlacklistCustomer : StoreActivity
{
    [Input(Zh = "顾客", En = "Customer", Required = true)]
    public string Customer { get; set; } = "";

    [Input(Zh = "范围", En = "Scopes", Required = true, Hint = "multitext", DescriptionZh = "orders（下单）、coupons（优惠券）、reviews（评价）。", DescriptionEn = "orders, coupons, reviews.")]
    public string[] Scopes { get; set; } = [];

    [Input(Zh = "理由", En = "Reason", Required = true, Hint = "multiline")]
    public string Reason { get; set; } = "";

    [Input(Zh = "到期时间", En = "Until", DescriptionZh = "不填为长期，到期自动失效。", DescriptionEn = "No end when empty; ends by itself.")]
    public DateTimeOffset? Until { get; set; }

    [Output(Zh = "结果", En = "Result")]
    public JsonObject? Result { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.Blacklist(context.ExecutionId, Customer, Scopes, Reason, Until);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) => (new StoreOperation.UndoBlacklist(context.ExecutionId), $"把 {Customer} 移出黑名单");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Result = result;
        context.Complete();
    }
}
