using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>
/// Blacklist and budgets.
/// </summary>
/// <remarks>
/// What can go wrong: two processes promise the last of a budget at once. The rule: whoever reserves holds the budget's row until their transaction
/// ends, and reads what is left under that lock. For the blacklist: the undo of one listing takes away another's; so every row carries the step
/// that made it.
/// </remarks>
public sealed partial class EmbeddedStore : IStoreControls
{
    private const decimal LargestBudget = 1_000_000_000;

    public async Task<IReadOnlyList<BlacklistEntry>> ListBlacklistAsync(string customer, CancellationToken cancellationToken) => await database.QueryAsync(
        "store_blacklist_of",
        new() { ["customer"] = customer },
        ReadBlacklistEntry,
        cancellationToken);

    public Task<Budget?> FindBudgetAsync(string id, CancellationToken cancellationToken) => database.ReadAsync(session => FindBudgetAsync(session, id, cancellationToken), cancellationToken);

    private async Task<StoreOutcome> BlacklistAsync(Session session, StoreOperation.Blacklist list, CancellationToken cancellationToken)
    {
        if (Given(list.Customer) is not { } customer || Given(list.Reason) is not { } reason || list.Scopes.Count == 0)
            return new StoreOutcome.Refused("列入黑名单须写明顾客、范围和理由 (customer, scope and reason are needed)");
        if (list.Scopes.FirstOrDefault(s => !BlacklistScope.All.Contains(s)) is { } unknown)
            return new StoreOutcome.Refused($"没有黑名单范围“{unknown}”，可选：{string.Join("、", BlacklistScope.All)} (unknown scope)");
        var now = clock.GetUtcNow();
        if (list.Until <= now)
            return new StoreOutcome.Refused("黑名单的到期时间已过 (the end has passed)");
        var (listed, already) = (new List<string>(), new List<string>());
        foreach (var scope in list.Scopes.Distinct())
        {
            var args = new SqlArgs { ["entry"] = list.Entry, ["customer"] = customer, ["scope"] = scope, ["reason"] = reason, ["at"] = now, ["until"] = list.Until };
            (await session.ExecuteAsync("store_blacklist", args, cancellationToken) == 1 ? listed : already).Add(scope);
        }

        return new StoreOutcome.Done(new JsonObject { ["entry"] = list.Entry, ["listed"] = Texts(listed), ["already"] = Texts(already) });
    }

    private static async Task<StoreOutcome> UndoBlacklistAsync(Session session, StoreOperation.UndoBlacklist undo, CancellationToken cancellationToken) =>
        new StoreOutcome.Done(new JsonObject { ["removed"] = await session.ExecuteAsync("store_undo_blacklist", new() { ["entry"] = undo.Entry }, cancellationToken) });

    private async Task<StoreOutcome> UnblacklistAsync(Session session, StoreOperation.Unblacklist remove, CancellationToken cancellationToken)
    {
        if (Given(remove.Reason) is not { } reason)
            return new StoreOutcome.Refused("移出黑名单须写明理由 (a reason is needed)");
        var args = new SqlArgs { ["customer"] = remove.Customer, ["by"] = remove.By, ["reason"] = reason, ["at"] = clock.GetUtcNow() };
        if (remove.Scopes is { Count: > 0 } scopes)
            args["scopes"] = scopes.ToArray();
        return new StoreOutcome.Done(new JsonObject { ["removed"] = await session.ExecuteAsync("store_unblacklist", args, cancellationToken) });
    }

    private async Task<StoreOutcome> UndoUnblacklistAsync(Session session, StoreOperation.UndoUnblacklist undo, CancellationToken cancellationToken) =>
        new StoreOutcome.Done(new JsonObject { ["listed"] = await session.ExecuteAsync("store_undo_unblacklist", new() { ["by"] = undo.By, ["at"] = clock.GetUtcNow() }, cancellationToken) });

    /// <summary>Whether a customer is kept from something now; nobody in particular is kept from nothing.</summary>
    private async Task<bool> IsBlacklistedAsync(Session session, string? customer, string scope, CancellationToken cancellationToken) =>
        customer is not null
        && await session.FirstAsync("store_is_blacklisted", new() { ["customer"] = customer, ["scope"] = scope, ["at"] = clock.GetUtcNow() }, row => row.GetInt64(0), cancellationToken) > 0;

    private async Task<StoreOutcome> OpenBudgetAsync(Session session, StoreOperation.OpenBudget open, CancellationToken cancellationToken)
    {
        if (Given(open.Budget) is not { } id || !IsSum(open.Amount))
            return NoSum();
        var args = new SqlArgs { ["id"] = id, ["title"] = open.Title, ["total"] = FenOf(open.Amount), ["by"] = open.By, ["at"] = clock.GetUtcNow() };
        return await session.ExecuteAsync("store_open_budget", args, cancellationToken) == 1
            ? new StoreOutcome.Done(new JsonObject { ["budget"] = id, ["available"] = open.Amount })
            : new StoreOutcome.Refused($"编号为 {id} 的预算已存在 (a budget of this number exists)");
    }

    private async Task<StoreOutcome> CloseBudgetAsync(Session session, StoreOperation.CloseBudget close, CancellationToken cancellationToken)
    {
        await session.FirstAsync("store_lock_budget", new() { ["id"] = close.Budget }, row => row.GetString(0), cancellationToken);
        if (await FindBudgetAsync(session, close.Budget, cancellationToken) is { } budget && budget.Available < budget.Total)
            return new StoreOutcome.Refused($"预算 {close.Budget} 已有占用或支出，不能撤销 (something of it is reserved or spent)");
        var args = new SqlArgs { ["id"] = close.Budget, ["by"] = close.By, ["at"] = clock.GetUtcNow() };
        return new StoreOutcome.Done(new JsonObject { ["closed"] = await session.ExecuteAsync("store_close_budget", args, cancellationToken) == 1 });
    }

    private async Task<StoreOutcome> ReserveBudgetAsync(Session session, StoreOperation.ReserveBudget reserve, CancellationToken cancellationToken)
    {
        if (!IsSum(reserve.Amount))
            return NoSum();
        await session.FirstAsync("store_lock_budget", new() { ["id"] = reserve.Budget }, row => row.GetString(0), cancellationToken);
        if (await FindBudgetAsync(session, reserve.Budget, cancellationToken) is not { } budget)
            return new StoreOutcome.Refused($"没有编号为 {reserve.Budget} 的预算 (no such budget)");
        if (reserve.Amount > budget.Available)
            return new StoreOutcome.Done(new JsonObject { ["reserved"] = false, ["available"] = budget.Available, ["reason"] = $"预算不足：需要 {reserve.Amount} 元，可用 {budget.Available} 元" });
        var args = new SqlArgs { ["id"] = reserve.Reservation, ["budget"] = budget.Id, ["purpose"] = reserve.Purpose, ["amount"] = FenOf(reserve.Amount), ["at"] = clock.GetUtcNow() };
        return await session.ExecuteAsync("store_reserve_budget", args, cancellationToken) == 1
            ? new StoreOutcome.Done(new JsonObject { ["reserved"] = true, ["reservation"] = reserve.Reservation, ["available"] = budget.Available - reserve.Amount })
            : new StoreOutcome.Refused($"编号为 {reserve.Reservation} 的预算占用已存在 (a reservation of this number exists)");
    }

    private async Task<StoreOutcome> SpendBudgetAsync(Session session, StoreOperation.SpendBudget spend, CancellationToken cancellationToken)
    {
        if (!IsSum(spend.Amount))
            return NoSum();
        var changed = await session.ExecuteAsync("store_spend_reservation", new() { ["id"] = spend.Reservation, ["amount"] = FenOf(spend.Amount) }, cancellationToken) == 1;
        var left = await session.FirstAsync("store_find_reservation", new() { ["id"] = spend.Reservation }, row => (long?)row.GetInt64(1), cancellationToken);
        if (left is null)
            return new StoreOutcome.Refused($"没有编号为 {spend.Reservation} 的预算占用 (no such reservation)");
        if (!changed)
            return new StoreOutcome.Refused($"预算占用只剩 {left / 100m} 元，不能支出 {spend.Amount} 元 (more than is left of the reservation)");
        await session.ExecuteAsync("store_add_spending", new() { ["id"] = spend.By, ["reservation"] = spend.Reservation, ["amount"] = FenOf(spend.Amount), ["at"] = clock.GetUtcNow() }, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["spent"] = spend.Amount, ["left"] = left / 100m });
    }

    /// <summary>What was never spent, because its host died before the act, has nothing to be returned.</summary>
    private async Task<StoreOutcome> UnspendBudgetAsync(Session session, StoreOperation.UnspendBudget unspend, CancellationToken cancellationToken)
    {
        var undone = await session.ExecuteAsync("store_undo_spending", new() { ["id"] = unspend.By, ["at"] = clock.GetUtcNow() }, cancellationToken) == 1;
        if (undone)
            await session.ExecuteAsync("store_return_spending", new() { ["id"] = unspend.By }, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["returned"] = undone });
    }

    private async Task<StoreOutcome> ReleaseBudgetAsync(Session session, StoreOperation.ReleaseBudget release, CancellationToken cancellationToken) =>
        new StoreOutcome.Done(new JsonObject { ["released"] = await session.ExecuteAsync("store_release_reservation", new() { ["id"] = release.Reservation, ["at"] = clock.GetUtcNow() }, cancellationToken) == 1 });

    private static Task<Budget?> FindBudgetAsync(Session session, string id, CancellationToken cancellationToken) => session.FirstAsync(
        "store_find_budget",
        new() { ["id"] = id },
        row => new Budget(row.GetString(0), row.GetString(1), row.GetInt64(2) / 100m, row.GetInt64(3) / 100m, row.GetInt64(4) / 100m),
        cancellationToken);

    private static bool IsSum(decimal yuan) => yuan is > 0 and <= LargestBudget && yuan == decimal.Round(yuan, 2);

    private static long FenOf(decimal yuan) => (long)(yuan * 100);

    private static StoreOutcome.Refused NoSum() => new($"金额须大于 0、不超过 {LargestBudget:0} 元，最多两位小数 (a sum above zero with at most two decimals)");
}
