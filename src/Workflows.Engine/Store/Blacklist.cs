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
public sealed record BlacklistEntry(string Entry, string Customer, string Scope, string Reason, DateTimeOffset ListedAt, DateTimeOffset? Until, DateTimeOffset? RemovedAt, string? RemovalReason);

/// <summary>Money set aside for something (catalogue 4.9), in yuan.</summary>
/// <param name="Reserved">Promised and not yet spent.</param>
public sealed record Budget(string Id, string Name, decimal Total, decimal Reserved, decimal Spent)
{
    public decimal Available => Total - Reserved - Spent;
}

/// <summary>Looking at the blacklist and at budgets.</summary>
public interface IStoreControls
{
    /// <summary>All entries of a customer, the newest first, those that ended included.</summary>
    Task<IReadOnlyList<BlacklistEntry>> ListBlacklistAsync(string customer, CancellationToken cancellationToken);

    /// <summary>A budget; null when none of this number was opened.</summary>
    Task<Budget?> FindBudgetAsync(string id, CancellationToken cancellationToken);
}
