namespace Workflows.Engine.Store;

/// <summary>Operations on products. What one process set, only it may end: "By" is the activity execution that set it, the same in every try.</summary>
public abstract partial record StoreOperation
{
    /// <summary>Products that do not sell, by <see cref="SlowMoverRule"/>, as of now.</summary>
    public sealed record FindSlowMovers(int Days, decimal SellThroughPercent) : StoreOperation
    {
        public const string Name = "store.find-slow-movers";

        public override string Kind => Name;
    }

    /// <summary>Prices for a time. Refused as a whole when a product is unknown, not on sale, or has such a price already.</summary>
    /// <param name="Until">When the price ends; later than now.</param>
    public sealed record ChangePrices(string By, IReadOnlyList<ProductPrice> Prices, DateTimeOffset Until) : StoreOperation
    {
        public const string Name = "store.change-prices";

        public override string Kind => Name;
    }

    /// <summary>Undo of prices for a time: the old ones come back. With <paramref name="Stay"/> the price ends where it stands.</summary>
    /// <param name="StockCodes">Null for all that were set by it.</param>
    public sealed record EndPrices(string By, IReadOnlyList<string>? StockCodes = null, bool Stay = false) : StoreOperation
    {
        public const string Name = "store.end-prices";

        public override string Kind => Name;
    }

    /// <summary>Sets one of <see cref="ProductMarks"/>, for example "not ordered any more".</summary>
    public sealed record MarkProducts(string By, string Mark, IReadOnlyList<string> StockCodes) : StoreOperation
    {
        public const string Name = "store.mark-products";

        public override string Kind => Name;
    }

    /// <summary>Undo of a mark: takes away what was set by it; the mark of another process stays.</summary>
    public sealed record UnmarkProducts(string By, string Mark) : StoreOperation
    {
        public const string Name = "store.unmark-products";

        public override string Kind => Name;
    }

    /// <summary>Takes products off sale (下架). A product that is off sale already stays as it is, apart from its stock being blocked.</summary>
    /// <param name="Block">The stock may not leave the house.</param>
    public sealed record TakeOffSale(string By, IReadOnlyList<string> StockCodes, string Reason, bool Block = false) : StoreOperation
    {
        public const string Name = "store.take-off-sale";

        public override string Kind => Name;
    }

    /// <summary>Puts products on sale (上架). As undo, with <paramref name="TakenOffBy"/>, only those which that step had taken off.</summary>
    public sealed record PutOnSale(IReadOnlyList<string> StockCodes, string? TakenOffBy = null) : StoreOperation
    {
        public const string Name = "store.put-on-sale";

        public override string Kind => Name;
    }

    /// <summary>Switches a coupon for one product on.</summary>
    /// <param name="Coupon">Its number, the same in every try.</param>
    /// <param name="PercentOff">Above 0 and below 100.</param>
    public sealed record StartCoupon(string Coupon, string StockCode, string Title, decimal PercentOff, DateTimeOffset Until) : StoreOperation
    {
        public const string Name = "store.start-coupon";

        public override string Kind => Name;
    }

    /// <summary>Undo of a coupon: nobody gets it any more.</summary>
    public sealed record EndCoupon(string Coupon) : StoreOperation
    {
        public const string Name = "store.end-coupon";

        public override string Kind => Name;
    }

    /// <summary>Stock of products now.</summary>
    public sealed record ReadStock(IReadOnlyList<string> StockCodes) : StoreOperation
    {
        public const string Name = "store.read-stock";

        public override string Kind => Name;
    }

    /// <summary>Visitors, buyers, orders, returns and stock of a product in trial.</summary>
    public sealed record MeasureTrial(string StockCode, DateTimeOffset From, DateTimeOffset To) : StoreOperation
    {
        public const string Name = "store.measure-trial";

        public override string Kind => Name;
    }

    /// <summary>Writes to everybody who bought one of the products.</summary>
    /// <param name="Batch">The activity execution; one message per batch, customer and channel.</param>
    /// <param name="Since">Purchases from this instant on.</param>
    /// <param name="IdleDays">Only those who bought nothing at all for so many days; null for all.</param>
    /// <param name="Sms">By SMS too, where the shop knows a number.</param>
    public sealed record MessageBuyers(string Batch, IReadOnlyList<string> StockCodes, DateTimeOffset Since, string Title, string Body, int? IdleDays = null, bool Sms = true) : StoreOperation
    {
        public const string Name = "store.message-buyers";

        public override string Kind => Name;
    }
}
