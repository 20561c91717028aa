using System.Data.Common;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>Looking at orders, at the blacklist and at budgets; nothing here changes them.</summary>
public sealed partial class EmbeddedStore
{
    public async Task<IReadOnlyList<Order>> ListOrdersAsync(OrderFilter filter, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var args = new SqlArgs
        {
            ["number"] = filter.Number,
            // The greatest character there is ends the range of numbers that begin with the text.
            ["number_end"] = filter.Number is { } number ? number + "\uFFFF" : null,
            ["state"] = filter.State,
            ["late"] = filter.IsLate == true ? now : null,
            ["in_time"] = filter.IsLate == false ? now : null,
            ["from"] = filter.PlacedFrom,
            ["to"] = filter.PlacedBefore,
            ["limit"] = filter.Limit,
        };
        if (filter.After is { } after)
        {
            if (await FindOrderAsync(after, cancellationToken) is not { } last)
                return [];
            (args["after"], args["after_at"]) = (last.OrderNo, last.PlacedAt);
            if (filter.LateFirst)
                args["after_rank"] = last.IsLate(now) ? 0 : 1;
        }

        if (filter.LateFirst)
            args["now"] = now;
        return await database.QueryAsync(filter.LateFirst ? "store_list_orders_late_first" : "store_list_orders", args, ReadOrderRow, cancellationToken);
    }

    public async Task<IReadOnlyList<string>> ListComplaintsOfOrderAsync(string orderNo, CancellationToken cancellationToken) =>
        await database.QueryAsync("store_complaints_of_order", new() { ["order_no"] = orderNo }, row => row.GetString(0), cancellationToken);

    public Task<Order?> RevealOrderAsync(string orderNo, string by, string reason, CancellationToken cancellationToken) =>
        RevealAsync(Disclosure.OfOrder, orderNo, by, reason, session => FindOrderAsync(session, orderNo, cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<BlacklistEntry>> ListBlacklistAsync(BlacklistFilter filter, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var args = new SqlArgs
        {
            ["customer"] = filter.Customer,
            ["scope"] = filter.Scope,
            ["standing"] = filter.Stands == true ? now : null,
            ["ended"] = filter.Stands == false ? now : null,
            ["limit"] = filter.Limit,
        };
        if (filter.After is { } last)
            (args["after_at"], args["after_entry"], args["after_scope"]) = (last.ListedAt, last.Entry, last.Scope);
        return await database.QueryAsync("store_list_blacklist", args, ReadBlacklistEntry, cancellationToken);
    }

    public async Task<IReadOnlyList<BudgetRecord>> ListBudgetsAsync(bool? open, string? after, int limit, CancellationToken cancellationToken) => await database.QueryAsync(
        "store_list_budgets", new() { ["open"] = open == true ? 1 : null, ["closed"] = open == false ? 1 : null, ["after"] = after, ["limit"] = limit }, ReadBudgetRecord, cancellationToken);

    public Task<BudgetRecord?> FindBudgetRecordAsync(string id, CancellationToken cancellationToken) =>
        database.FirstAsync("store_budget_record", new() { ["id"] = id }, ReadBudgetRecord, cancellationToken);

    public Task<IReadOnlyList<BudgetReservation>> ListReservationsAsync(string budget, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<BudgetReservation>>(
        async session =>
        {
            var args = new SqlArgs { ["budget"] = budget };
            var spendings = (await session.QueryAsync(
                "store_spendings_of_budget", args,
                row => (Reservation: row.GetString(0), Spending: new BudgetSpending(row.GetString(1), row.GetInt64(2) / 100m, row.Instant(3), row.InstantOrNull(4))),
                cancellationToken)).ToLookup(s => s.Reservation, s => s.Spending);
            return await session.QueryAsync(
                "store_reservations_of_budget", args,
                row => new BudgetReservation(
                    row.GetString(0), row.GetString(1), row.GetInt64(2) / 100m, row.GetInt64(3) / 100m, row.Instant(4), row.InstantOrNull(5), [.. spendings[row.GetString(0)]]),
                cancellationToken);
        },
        cancellationToken);

    private static BlacklistEntry ReadBlacklistEntry(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Instant(4), row.InstantOrNull(5), row.InstantOrNull(6), row.TextOrNull(7)) { RemovedBy = row.TextOrNull(8) };

    private static BudgetRecord ReadBudgetRecord(DbDataReader row) => new(
        new Budget(row.GetString(0), row.GetString(1), row.GetInt64(2) / 100m, row.GetInt64(3) / 100m, row.GetInt64(4) / 100m), row.GetString(5), row.Instant(6), row.InstantOrNull(7));
}
