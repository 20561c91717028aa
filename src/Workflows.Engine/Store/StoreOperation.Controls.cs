namespace Workflows.Engine.Store;

/// <summary>Blacklist and budgets (catalogue 5.12, 4.9, 3.8).</summary>
public abstract partial record StoreOperation
{
    /// <summary>
    /// Puts a customer on the blacklist for some of <see cref="BlacklistScope"/> (catalogue 5.12). What they are listed for already stays as it is and is answered under "already". Refused without
    /// customer, scope or reason, for an unknown scope, and for an end that has passed. That two people agreed is the process's to see to.
    /// </summary>
    /// <param name="Entry">Its number, the same in every try.</param>
    public sealed record Blacklist(string Entry, string Customer, IReadOnlyList<string> Scopes, string Reason, DateTimeOffset? Until) : StoreOperation
    {
        public const string Name = "store.blacklist";

        public override string Kind => Name;
    }

    /// <summary>Undo of a listing: takes away what that step put there, and nothing else.</summary>
    public sealed record UndoBlacklist(string Entry) : StoreOperation
    {
        public const string Name = "store.undo-blacklist";

        public override string Kind => Name;
    }

    /// <summary>Takes a customer off the blacklist, for all scopes or for some; the record stays. Refused without a reason.</summary>
    /// <param name="By">The activity execution that asks, the same in every try.</param>
    public sealed record Unblacklist(string By, string Customer, IReadOnlyList<string>? Scopes, string Reason) : StoreOperation
    {
        public const string Name = "store.unblacklist";

        public override string Kind => Name;
    }

    /// <summary>Undo of a removal: what that step removed counts again, unless the customer was listed anew meanwhile.</summary>
    public sealed record UndoUnblacklist(string By) : StoreOperation
    {
        public const string Name = "store.undo-unblacklist";

        public override string Kind => Name;
    }

    /// <summary>Opens a budget of so many yuan (catalogue 4.9). Refused for a sum that is not above zero, and for a number that is in use.</summary>
    /// <param name="By">The activity execution that asks, the same in every try.</param>
    public sealed record OpenBudget(string By, string Budget, string Title, decimal Amount) : StoreOperation
    {
        public const string Name = "store.open-budget";

        public override string Kind => Name;
    }

    /// <summary>Undo of an opening. Refused once something of it is reserved or spent.</summary>
    public sealed record CloseBudget(string By, string Budget) : StoreOperation
    {
        public const string Name = "store.close-budget";

        public override string Kind => Name;
    }

    /// <summary>
    /// Reserves part of a budget; "reserved" is false, with what is left, when it would exceed it: never more is promised than there is, whoever asks at once.
    /// Refused for an unknown budget and for a sum that is not above zero.
    /// </summary>
    /// <param name="Reservation">Its number, the same in every try.</param>
    public sealed record ReserveBudget(string Reservation, string Budget, decimal Amount, string Purpose) : StoreOperation
    {
        public const string Name = "store.reserve-budget";

        public override string Kind => Name;
    }

    /// <summary>Spends from a reservation. Refused for an unknown one, for more than is left of it, and for a sum that is not above zero.</summary>
    /// <param name="By">The activity execution that asks, the same in every try.</param>
    public sealed record SpendBudget(string By, string Reservation, decimal Amount) : StoreOperation
    {
        public const string Name = "store.spend-budget";

        public override string Kind => Name;
    }

    /// <summary>Undo of a spending: the sum is reserved again.</summary>
    public sealed record UnspendBudget(string By) : StoreOperation
    {
        public const string Name = "store.unspend-budget";

        public override string Kind => Name;
    }

    /// <summary>Gives back what is left of a reservation; what was spent stays spent. It is the undo of reserving too.</summary>
    public sealed record ReleaseBudget(string Reservation) : StoreOperation
    {
        public const string Name = "store.release-budget";

        public override string Kind => Name;
    }
}
