using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Takes a customer off the blacklist, with a reason that stays on record (catalogue 5.12: removal with apology). Taking it back lists them again.</summary>
[Activity("Store.Unblacklist", Category = "Store", Zh = "移出黑名单", En = "Unblacklist customer", Kind = ActivityKind.Task,
    DescriptionZh = "把顾客移出黑名单，理由留痕；撤销时恢复。", DescriptionEn = "Takes a customer off the blacklist; the reason stays on record. Undoing lists them again.")]
internal sealed class UnblacklistCustomer : StoreActivity
{
    [Input(Zh = "顾客", En = "Customer", Required = true)]
    public string Customer { get; set; } = "";

    [Input(Zh = "范围", En = "Scopes", Hint = "multitext", DescriptionZh = "不填为全部。", DescriptionEn = "All when empty.")]
    public string[]? Scopes { get; set; }

    [Input(Zh = "理由", En = "Reason", Required = true, Hint = "multiline")]
    public string Reason { get; set; } = "";

    [Output(Zh = "结果", En = "Result")]
    public JsonObject? Result { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.Unblacklist(context.ExecutionId, Customer, Scopes, Reason);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) => (new StoreOperation.UndoUnblacklist(context.ExecutionId), $"恢复 {Customer} 的黑名单");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Result = result;
        context.Complete();
    }
}
