using System.Data.Common;
using Workflows.Engine.Faults;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>
/// Customers. What can go wrong: somebody sees a number and the record of it is lost, or a customer is erased here and lives on there. The rule: what is
/// revealed and its record are one transaction, and so is an erasure with everything it touches, backups included; a sealed set that loses a
/// name gets a manifest over what is left in the same transaction, so that it still equals the rows it was made from.
/// </summary>
public sealed partial class EmbeddedStore : ICustomerRegister
{
    private static readonly Column<Customer>[] CustomerColumns =
    [
        Column.Text<Customer>("id", c => c.Id),
        Column.Text<Customer>("name", c => c.Name),
        Column.Text<Customer>("mobile", c => c.Mobile),
        Column.Text<Customer>("email", c => c.Email),
        Column.Text<Customer>("level", c => c.Level),
        Column.Text<Customer>("region", c => c.Region),
        Column.Number<Customer>("registered_at", c => c.RegisteredAt is { } at ? Instants.ToMicros(at) : null),
    ];

    public Task<int> SaveAsync(IReadOnlyList<Customer> customers, CancellationToken cancellationToken) =>
        SaveBatchAsync("store_save_customers", customers, c => c.Id, CustomerColumns, cancellationToken);

    public async Task<IReadOnlySet<string>> FindErasedCustomersAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        (await database.QueryAsync("store_erased_customers", new() { ["ids"] = ids.ToArray() }, row => row.GetString(0), cancellationToken)).ToHashSet();

    public async Task<IReadOnlyList<Customer>> ListAsync(string? search, string? after, int limit, CancellationToken cancellationToken) => await database.QueryAsync(
        "store_customers",
        // The greatest character there is ends the range of numbers that begin with the text.
        new() { ["search"] = search, ["search_end"] = search is null ? null : search + "\uFFFF", ["after"] = after, ["limit"] = limit },
        ReadCustomer,
        cancellationToken);

    public Task<Customer?> FindCustomerAsync(string id, CancellationToken cancellationToken) =>
        database.FirstAsync("store_find_customer", new() { ["id"] = id }, ReadCustomer, cancellationToken);

    public Task<CustomerTraces> FindTracesAsync(string id, CancellationToken cancellationToken) => database.ReadAsync(
        async session =>
        {
            var complaints = await session.QueryAsync("store_complaints_of_customer", new() { ["id"] = id }, row => row.GetString(0), cancellationToken);
            return (await session.FirstAsync(
                "store_customer_traces", new() { ["id"] = id }, row => new CustomerTraces(row.GetInt64(0), Money(row.GetInt64(1)), row.GetInt64(2), complaints), cancellationToken))!;
        },
        cancellationToken);

    public Task<Customer?> RevealCustomerAsync(string id, string by, string reason, CancellationToken cancellationToken) => RevealAsync(
        Disclosure.OfCustomer, id, by, reason, session => session.FirstAsync("store_find_customer", new() { ["id"] = id }, ReadCustomer, cancellationToken), cancellationToken);

    public Task<Complaint?> RevealComplaintAsync(string id, string by, string reason, CancellationToken cancellationToken) => RevealAsync(
        Disclosure.OfComplaint, id, by, reason, session => FindComplaintAsync(session, id, cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<Disclosure>> ListDisclosuresAsync(string subject, string id, int limit, CancellationToken cancellationToken) => await database.QueryAsync(
        "store_list_disclosures",
        new() { ["subject"] = subject, ["subject_id"] = id, ["limit"] = limit },
        row => new Disclosure(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.Instant(6)),
        cancellationToken);

    public async Task<Erasure> EraseAsync(string id, string by, string reason, CancellationToken cancellationToken)
    {
        var erasure = await database.WriteAsync(
            async session =>
            {
                var now = clock.GetUtcNow();
                var args = new SqlArgs { ["id"] = id };
                // Promotions first and in one order, as every operation locks them, so that none waits for another in a circle.
                foreach (var promotion in await session.QueryAsync("store_promotions_of_customer", args, row => row.GetString(0), cancellationToken))
                    await LockAsync(session, promotion, cancellationToken);
                // A number that only promotions, complaints, orders or the like know becomes a customer first: the mark that nothing may bring it back must stand somewhere.
                await session.ExecuteAsync("store_add_traced_customer", args, cancellationToken);
                if (await session.FirstAsync("store_lock_customer", args, ReadCustomer, cancellationToken) is not { } customer)
                    return (Erasure)new Erasure.Unknown();
                if (customer.ErasedAt is { } earlier)
                    return new Erasure.AlreadyErased(earlier);

                var rows = await session.ExecuteAsync("store_erase_participant", args, cancellationToken);
                rows += await EraseFromBackupsAsync(session, id, cancellationToken);
                rows += await session.ExecuteAsync("store_erase_compensation", new() { ["id"] = id, ["mobile"] = customer.Mobile }, cancellationToken);
                rows += await session.ExecuteAsync("store_erase_complaints", new() { ["id"] = id, ["mobile"] = customer.Mobile }, cancellationToken);
                rows += await session.ExecuteAsync("store_erase_messages", args, cancellationToken);
                rows += await session.ExecuteAsync("store_erase_orders", new() { ["id"] = id, ["mobile"] = customer.Mobile }, cancellationToken);
                rows += await session.ExecuteAsync("store_erase_goods_notices", args, cancellationToken);
                await session.ExecuteAsync("store_erase_customer", new() { ["id"] = id, ["at"] = now }, cancellationToken);
                await RecordDisclosureAsync(session, new Disclosure(NewId(now), Disclosure.OfCustomer, id, Disclosure.Erased, by, reason, now), cancellationToken);
                await FaultPoint.Pass(FaultPoint.StoreBeforeCommit);
                return new Erasure.Done(rows);
            },
            cancellationToken);
        await FaultPoint.Pass(FaultPoint.StoreAfterCommit);
        return erasure;
    }

    private static async Task<int> EraseFromBackupsAsync(Session session, string id, CancellationToken cancellationToken)
    {
        var backups = await session.QueryAsync("store_backups_of_customer", new() { ["id"] = id }, row => (Backup: row.GetString(0), Content: row.GetString(1)), cancellationToken);
        foreach (var (backup, content) in backups)
        {
            var manifest = (await FindBackupAsync(session, backup, cancellationToken))!.Manifest;
            // A set that is broken already stays broken: a new manifest would bless the damage.
            var isWhole = manifest.Check(await BackupRowsAsync(session, backup, cancellationToken)).All(p => p.IsEqual);
            var nameless = StoreRow.Of(new StoreRow(StoreRow.Participants, id, content).ToParticipant("") with { Name = null, Mobile = null });
            await session.ExecuteAsync("store_replace_backup_row", new() { ["id"] = backup, ["part"] = StoreRow.Participants, ["key"] = id, ["content"] = nameless.Content }, cancellationToken);
            if (!isWhole)
                continue;
            var sealedAnew = BackupManifest.Of(await BackupRowsAsync(session, backup, cancellationToken));
            await session.ExecuteAsync("store_reseal_backup", new() { ["id"] = backup, ["manifest"] = JsonText.Write(sealedAnew.ToJson()) }, cancellationToken);
        }

        return backups.Count;
    }

    private Task<T?> RevealAsync<T>(string subject, string id, string by, string reason, Func<Session, Task<T?>> find, CancellationToken cancellationToken)
        where T : class => database.WriteAsync(
        async session =>
        {
            if (await find(session) is not { } found)
                return null;
            var now = clock.GetUtcNow();
            await RecordDisclosureAsync(session, new Disclosure(NewId(now), subject, id, Disclosure.Revealed, by, reason, now), cancellationToken);
            return found;
        },
        cancellationToken);

    private static Task<int> RecordDisclosureAsync(Session session, Disclosure entry, CancellationToken cancellationToken) => session.ExecuteAsync(
        "store_record_disclosure",
        new() { ["id"] = entry.Id, ["subject"] = entry.Subject, ["subject_id"] = entry.SubjectId, ["act"] = entry.Act, ["by"] = entry.By, ["reason"] = entry.Reason, ["at"] = entry.At },
        cancellationToken);

    private static string NewId(DateTimeOffset now) => Guid.CreateVersion7(now).ToString("N");

    private static Customer ReadCustomer(DbDataReader row) => new(
        row.GetString(0), row.TextOrNull(1), row.TextOrNull(2), row.TextOrNull(3), row.TextOrNull(4), row.TextOrNull(5), row.InstantOrNull(6), row.InstantOrNull(7));
}
