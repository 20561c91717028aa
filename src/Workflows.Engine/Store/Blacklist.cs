namespace Workflows.Engine.Store;

/// <summary>What somebody on the blacklist (黑名单) is kept from (catalogue 5.12). Refunds and reshipments are never kept from anybody.</summary>
public static class BlacklistScope
{
    /// <summary>No orders are taken.</summary>
    public const string Orders = "orders";

    /// <summary>No coupons are given, as compensation neither.</summary>
    public const string Coupons = "coupons";

    /// <summary>Reviews are not shown.</summary>
    public const string Reviews = "reviews";

    public static IReadOnlyList<string> All { get; } = [Orders, Coupons, Reviews];
}

/// <summary>Somebody on the blacklist, for one scope.</summary>
/// <param name="Entry">The step that put them there.</param>
/// <param name="Until">When it ends by itself; null for no end.</param>
/// <param name="RemovedAt">Set once they were taken off before.</param>
public sealed record BlacklistEntry(string Entry, string Customer, string Scope, string Reason, DateTimeOffset ListedAt, DateTimeOffset? Until, DateTimeOffset? RemovedAt, string? RemovalReason)
{
    /// <summary>The step that took them off.</summary>
    public string? RemovedBy { get; init; }

    public bool Stands(DateTimeOffset now) => RemovedAt is null && (Until is null || Until > now);
}

/// <summary>Which entries of the blacklist to list; null means any. Newest first.</summary>
/// <param name="Customer">The whole number or name they were listed under.</param>
/// <param name="Stands">Whether they hold now; false for those that ended or were lifted.</param>
/// <param name="After">The last entry of the page before.</param>
public sealed record BlacklistFilter(string? Customer = null, string? Scope = null, bool? Stands = null, BlacklistEntry? After = null, int Limit = 50);

/// <summary>Money set aside for something (catalogue 4.9), in yuan.</summary>
/// <param name="Reserved">Promised and not yet spent.</param>
public sealed record Budget(string Id, string Name, decimal Total, decimal Reserved, decimal Spent)
{
    public decimal Available => Total - Reserved - Spent;
}

/// <summary>A budget as it stands on record, closed ones too.</summary>
/// <param name="OpenedBy">The step that opened it.</param>
public sealed record BudgetRecord(Budget Budget, string OpenedBy, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt);

/// <summary>A part of a budget that something was promised, in yuan.</summary>
/// <param name="Id">The step that reserved it.</param>
/// <param name="Open">Promised and not yet spent.</param>
/// <param name="Spendings">What was spent of it, oldest first, taken back or not.</param>
public sealed record BudgetReservation(string Id, string Purpose, decimal Open, decimal Spent, DateTimeOffset ReservedAt, DateTimeOffset? ReleasedAt, IReadOnlyList<BudgetSpending> Spendings);

/// <param name="Id">The step that spent it.</param>
public sealed record BudgetSpending(string Id, decimal Amount, DateTimeOffset At, DateTimeOffset? UndoneAt);

/// <summary>Looking at the blacklist and at budgets.</summary>
public interface IStoreControls
{
    /// <summary>All entries of a customer, the newest first, those that ended included.</summary>
    Task<IReadOnlyList<BlacklistEntry>> ListBlacklistAsync(string customer, CancellationToken cancellationToken);

    /// <summary>Entries of all customers.</summary>
    Task<IReadOnlyList<BlacklistEntry>> ListBlacklistAsync(BlacklistFilter filter, CancellationToken cancellationToken);

    /// <summary>Budgets by number, those after <paramref name="after"/>.</summary>
    /// <param name="open">True for those in use, false for closed ones, null for all.</param>
    Task<IReadOnlyList<BudgetRecord>> ListBudgetsAsync(bool? open, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>A budget on record, a closed one too; null when none of this number was opened.</summary>
    Task<BudgetRecord?> FindBudgetRecordAsync(string id, CancellationToken cancellationToken);

    /// <summary>What was promised and spent of a budget, newest first.</summary>
    Task<IReadOnlyList<BudgetReservation>> ListReservationsAsync(string budget, CancellationToken cancellationToken);

    /// <summary>A budget in use; null when none of this number was opened, or it was closed.</summary>
    Task<Budget?> FindBudgetAsync(string id, CancellationToken cancellationToken);
}
