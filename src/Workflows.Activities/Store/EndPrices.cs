using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Ends prices for a time: the old ones come back, or, for what is sold out, the price stays where it stands.</summary>
[Activity("Store.EndPrices", Category = "Store", Zh = "结束限时价格", En = "End prices for a time", Kind = ActivityKind.Task,
    DescriptionZh = "恢复原价；选“保持”则不恢复（已售罄的商品）。", DescriptionEn = "Brings the old prices back; with Stay they are left, as for what is sold out.")]
internal sealed class EndPrices : StoreActivity
{
    [Input(Zh = "改价编号", En = "Change", Required = true)]
    public string Change { get; set; } = "";

    [Input(Zh = "商品编号", En = "Products", DescriptionZh = "不填则为该次改价的全部商品。", DescriptionEn = "Empty: all of that change.")]
    public string[]? StockCodes { get; set; }

    [Input(Zh = "保持现价", En = "Stay", Hint = "checkbox")]
    public bool Stay { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.EndPrices(Change, StockCodes, Stay);
}
