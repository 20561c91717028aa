using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Gives back what is left of a reservation (catalogue 4.9: unspent phase cancelled). There is no undo: what is wanted again is reserved anew.</summary>
[Activity("Store.ReleaseBudget", Category = "Store", Zh = "释放预算", En = "Release budget", Kind = ActivityKind.Task,
    DescriptionZh = "释放占用中未支出的部分。", DescriptionEn = "Gives back what is left of a reservation.")]
internal sealed class ReleaseBudget : StoreActivity
{
    [Input(Zh = "占用编号", En = "Reservation", Required = true)]
    public string Reservation { get; set; } = "";

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.ReleaseBudget(Reservation);
}
