namespace Workflows.Engine.Store;

internal sealed class StockRows : RowReader<StockEntry>
{
    public override IReadOnlyList<string> Required => ["StockCode", "At", "Kind", "Quantity"];

    protected override StockEntry Make()
    {
        var kind = Text("Kind") switch
        {
            "count" or "盘点" => StockEntry.Count,
            "received" or "入库" => StockEntry.Received,
            _ => null,
        };
        if (kind is null)
            Refuse("Kind 须为 count（盘点）或 received（入库） (neither count nor received)");
        var quantity = Whole("Quantity");
        if (quantity < 0)
            Refuse("Quantity 小于 0 (is negative)");
        return new StockEntry(Text("StockCode"), Instant("At"), kind ?? "", quantity);
    }
}

internal sealed class ProductVisitRows : RowReader<ProductVisits>
{
    public override IReadOnlyList<string> Required => ["StockCode", "Day", "Visitors"];

    protected override ProductVisits Make()
    {
        var visitors = Whole("Visitors");
        if (visitors < 0)
            Refuse("Visitors 小于 0 (is negative)");
        return new ProductVisits(Text("StockCode"), DateOnly.FromDateTime(Instant("Day").DateTime), visitors);
    }
}
