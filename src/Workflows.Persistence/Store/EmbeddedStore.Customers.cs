using System.Data.Common;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>
/// Customers. What can go wrong: somebody sees a number and the record of it is lost. The rule: what is revealed and its record are one transaction.
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
        Column.Number<Customer>("registered_at", c => Instants.ToMicros(c.RegisteredAt)),
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
                "store_customer_traces", new() { ["id"] = id }, row => new CustomerTraces(row.GetInt64(0), TenThousandths.ToDecimal(row.GetInt64(1)), row.GetInt64(2), complaints), cancellationToken))!;
        },
        cancellationToken);

    public Task<Customer?> RevealCustomerAsync(string id, string by, string reason, CancellationToken cancellationToken) => RevealAsync(
        Disclosure.OfCustomer, id, by, reason, session => session.FirstAsync("store_find_customer", new() { ["id"] = id }, ReadCustomer, cancellationToken), cancellationToken);

    public Task<Complaint?> RevealComplaintAsync(string id, string by, string reason, CancellationToken cancellationToken) => RevealAsync(
        Disclosure.OfComplaint, id, by, reason, session => FindComplaintAsync(session, id, cancellationToken), cancellationToken);

    public Task NoteRevealAsync(string subject, string id, string by, string reason, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            var now = clock.GetUtcNow();
            return await RecordDisclosureAsync(session, new Disclosure(NewId(now), subject, id, Disclosure.Revealed, by, reason, now), cancellationToken);
        },
        cancellationToken);

    public async Task<IReadOnlyList<Disclosure>> ListDisclosuresAsync(string subject, string id, int limit, CancellationToken cancellationToken) => await database.QueryAsync(
        "store_list_disclosures",
        new() { ["subject"] = subject, ["subject_id"] = id, ["limit"] = limit },
        row => new Disclosure(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.Instant(6)),
        cancellationToken);

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
