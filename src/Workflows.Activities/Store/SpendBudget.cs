using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Spends from a reservation, phase by phase (catalogue 4.9). Taking it back makes the sum reserved again.</summary>
[Activity("Store.SpendBudget", Category = "Store", Zh = "支出预算", En = "Spend budget", Kind = ActivityKind.Task,
    DescriptionZh = "从占用中支出；不得超过占用余额。撤销时退回占用。", DescriptionEn = "Spends from a reservation, at most what is left of it. Undoing returns it.")]
internal sealed class SpendBudget : StoreActivity
{
    [Input(Zh = "占用编号", En = "Reservation", Required = true)]
    public string Reservation { get; set; } = "";

    [Input(Zh = "金额（元）", En = "Amount in yuan", Required = true)]
    public decimal Amount { get; set; }

    [Output(Zh = "占用余额（元）", En = "Left in yuan")]
    public decimal? Left { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.SpendBudget(context.ExecutionId, Reservation, Amount);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) => (new StoreOperation.UnspendBudget(context.ExecutionId), $"冲回支出 {Amount} 元");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Left = (decimal?)result["left"];
        context.Complete();
    }
}
