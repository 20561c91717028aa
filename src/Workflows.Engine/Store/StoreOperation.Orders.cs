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

    /// <summary>Undo of a search: what it answered is answered again to whoever searches next. What was paid meanwhile stays paid.</summary>
    public sealed record ReleaseLateOrders(string By) : StoreOperation
    {
        public const string Name = "store.release-late-orders";

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
