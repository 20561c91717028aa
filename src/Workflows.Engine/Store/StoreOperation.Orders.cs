namespace Workflows.Engine.Store;

/// <summary>What processes ask about orders (catalogue 3.2, 3.3, 3.5).</summary>
public abstract partial record StoreOperation
{
    /// <summary>An order as it stands now, with its supplier; "found" is false for one that was never brought in.</summary>
    public sealed record ReadOrder(string OrderNo) : StoreOperation
    {
        public const string Name = "store.read-order";

        public override string Kind => Name;
    }

    /// <summary>
    /// Orders delivered after what was promised, that nobody paid for and no earlier search answered: each is answered once, ever, so that
    /// what is started for it is started once. Refused for a number that is not above zero.
    /// </summary>
    /// <param name="By">The activity execution that asks, the same in every try.</param>
    /// <param name="Since">Only those delivered at or after this.</param>
    /// <param name="Cause">Under which they are paid.</param>
    /// <param name="Limit">At most so many at once, the earliest delivered first.</param>
    public sealed record ClaimLateOrders(string By, DateTimeOffset Since, string Cause, int Limit) : StoreOperation
    {
        public const string Name = "store.claim-late-orders";

        public override string Kind => Name;
    }

    /// <summary>Undo of a search or of a watch: what it took is there again for whoever comes next. What was paid meanwhile stays paid.</summary>
    public sealed record ReleaseOrders(string By) : StoreOperation
    {
        public const string Name = "store.release-orders";

        public override string Kind => Name;
    }

    /// <summary>Takes an order under watch; "begun" is false when it is watched for that already. Refused for an unknown order or watch.</summary>
    /// <param name="By">The activity execution that asks, the same in every try.</param>
    /// <param name="Watch">One of <see cref="OrderWatch"/>.</param>
    public sealed record WatchOrder(string By, string OrderNo, string Watch) : StoreOperation
    {
        public const string Name = "store.watch-order";

        public override string Kind => Name;
    }

    /// <summary>Orders paid and not dispatched (or dispatched and not delivered) since an instant that nobody watches for it, by number, those after <paramref name="After"/>.</summary>
    public sealed record FindOrdersToWatch(string Watch, DateTimeOffset Since, string? After, int Limit) : StoreOperation
    {
        public const string Name = "store.find-orders-to-watch";

        public override string Kind => Name;
    }

    /// <summary>
    /// Cancels an order and refunds what was paid, once. One that is cancelled already is answered with "cancelled" false. Refused for
    /// an unknown order, and for one that was dispatched: that is a return.
    /// </summary>
    /// <param name="By">The activity execution that asks, the same in every try.</param>
    public sealed record CancelOrder(string By, string OrderNo, string Reason) : StoreOperation
    {
        public const string Name = "store.cancel-order";

        public override string Kind => Name;
    }

    /// <summary>Undo of a cancellation: the order stands again and the refund is reversed (catalogue 3.5). What another process cancelled stays so.</summary>
    public sealed record ReinstateOrder(string By, string OrderNo) : StoreOperation
    {
        public const string Name = "store.reinstate-order";

        public override string Kind => Name;
    }

    /// <summary>Writes to the customer of an order, in the shop and by SMS when a number is known. Refused for an unknown order.</summary>
    /// <param name="Notice">Number of the message, the same in every try.</param>
    public sealed record TellBuyer(string Notice, string OrderNo, string Title, string Body) : StoreOperation
    {
        public const string Name = "store.tell-buyer";

        public override string Kind => Name;
    }
}
