using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Takes a mark away that an earlier step set; marks of other cases stay.</summary>
[Activity("Store.UnmarkProducts", Category = "Store", Zh = "取消商品标记", En = "Unmark products", Kind = ActivityKind.Task,
    DescriptionZh = "取消之前步骤设置的标记；其他流程的标记不变。", DescriptionEn = "Takes away what an earlier step marked; marks of other cases stay.")]
internal sealed class UnmarkProducts : StoreActivity
{
    [Input(Zh = "标记编号", En = "Marking", Required = true)]
    public string Marking { get; set; } = "";

    [Input(Zh = "标记", En = "Mark", Required = true, Hint = "dropdown", Options = ["trial", "seasonal", "complaint", "no-replenishment"], OptionsZh = ["试销中", "季节备货", "投诉未结", "停止补货"])]
    public string Mark { get; set; } = "";

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.UnmarkProducts(Marking, Mark);
}
