using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Reserves part of a budget; never more is promised than there is (catalogue 4.9). Taking it back releases what was not spent.</summary>
[Activity("Store.ReserveBudget", Category = "Store", Zh = "占用预算", En = "Reserve budget", Kind = ActivityKind.Task,
    DescriptionZh = "占用一部分预算；不足时走“不足”，不占用。撤销时释放未支出的部分。", DescriptionEn = "Reserves part of a budget, or leaves by Exceeded. Undoing releases what was not spent.")]
[Outcome("Reserved", Zh = "已占用", En = "Reserved")]
[Outcome("Exceeded", Zh = "不足", En = "Exceeded")]
internal sealed class ReserveBudget : StoreActivity
{
    [Input(Zh = "预算编号", En = "Budget", Required = true)]
    public string Budget { get; set; } = "";

    [Input(Zh = "金额（元）", En = "Amount in yuan", Required = true)]
    public decimal Amount { get; set; }

    [Input(Zh = "用途", En = "Purpose", Required = true)]
    public string Purpose { get; set; } = "";

    [Output(Zh = "占用编号", En = "Reservation")]
    public string? Reservation { get; set; }

    [Output(Zh = "可用金额（元）", En = "Available in yuan")]
    public decimal? Available { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.ReserveBudget(context.ExecutionId, Budget, Amount, Purpose);

    protected override (StoreOperation Operation, string Label)? UndoOf(ActivityContext context) => (new StoreOperation.ReleaseBudget(context.ExecutionId), $"释放预算 {Budget} 的占用");

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        (Reservation, Available) = ((string?)result["reservation"], (decimal?)result["available"]);
        context.Complete((bool)result["reserved"]! ? "Reserved" : "Exceeded");
    }
}
