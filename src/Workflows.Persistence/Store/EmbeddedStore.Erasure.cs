using System.Text;
using Workflows.Engine.Faults;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>
/// Erasing a customer. What can go wrong: they are erased here and live on there; or somebody else loses what is theirs.
/// </summary>
/// <remarks>
/// An erasure and everything it touches are one transaction, backups included; a sealed set that loses a name gets a manifest over what is left in the same
/// transaction, so that it still equals the rows it was made from.
/// A customer is known by more than the register: by the numbers of their orders, complaints, promotions and messages. What names them goes whole. What only has a number of theirs
/// goes when it names nobody of the shop, or when the number is the registered one; a number that another customer registered counts for nothing but their own rows.
/// Names and numbers go out of free text too: of complaints, of what was written to them, of the record of operations, and of rejected rows of uploads.
/// </remarks>
public sealed partial class EmbeddedStore
{
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

                var words = await session.QueryAsync("store_personal_words", args, row => row.GetString(0), cancellationToken);
                words.AddRange(new[] { customer.Name, customer.Mobile, customer.Email }.OfType<string>());
                var rows = await session.ExecuteAsync("store_erase_participant", args, cancellationToken);
                rows += await EraseFromBackupsAsync(session, id, words, cancellationToken);
                var (records, traces) = await EraseFromRecordsAsync(session, customer, words, cancellationToken);
                rows += records;
                rows += await session.ExecuteAsync("store_erase_messages", args, cancellationToken);
                rows += await session.ExecuteAsync("store_erase_goods_notices", args, cancellationToken);
                rows += await EraseFromUploadsAsync(session, id, traces, cancellationToken);
                await session.ExecuteAsync("store_erase_customer", new() { ["id"] = id, ["at"] = now }, cancellationToken);
                await RecordDisclosureAsync(session, new Disclosure(NewId(now), Disclosure.OfCustomer, id, Disclosure.Erased, by, reason, now), cancellationToken);
                await FaultPoint.Pass(FaultPoint.StoreBeforeCommit);
                return new Erasure.Done(rows);
            },
            cancellationToken);
        await FaultPoint.Pass(FaultPoint.StoreAfterCommit);
        return erasure;
    }

    /// <summary>Orders, complaints and compensations keep the customer's number, which then leads to nobody. Adds to <paramref name="words"/> what they knew the customer by, and
    /// answers all of these as the traces that free text is searched for.</summary>
    private static async Task<(int Rows, PersonalTraces Traces)> EraseFromRecordsAsync(Session session, Customer customer, List<string> words, CancellationToken cancellationToken)
    {
        var others = (await session.QueryAsync("store_numbers_of_others", new() { ["id"] = customer.Id, ["words"] = words.ToArray() }, row => row.GetString(0), cancellationToken)).ToHashSet();
        var registered = customer.Mobile is { } own ? PersonalData.DigitsOf(own) ?? own : null;
        var numbers = words.Where(w => PersonalData.DigitsOf(w) is not null && !others.Contains(w)).Append(customer.Mobile).SelectMany(Spellings).Distinct().ToArray();
        // What names another customer is theirs; only the registered number goes from there.
        bool IsMeant(string? holder, bool isKnown, string? mobile) => holder == customer.Id || !IsSomebody(holder, isKnown) || (mobile is not null && (PersonalData.DigitsOf(mobile) ?? mobile) == registered);

        var orders = (await session.QueryAsync(
            "store_orders_to_erase",
            new() { ["id"] = customer.Id, ["numbers"] = numbers },
            row => (OrderNo: row.GetString(0), Holder: row.TextOrNull(1), Mobile: row.TextOrNull(2), IsKnown: row.GetInt64(3) > 0),
            cancellationToken)).Where(o => IsMeant(o.Holder, o.IsKnown, o.Mobile)).ToList();
        var complaints = (await session.QueryAsync(
            "store_complaints_to_erase",
            new() { ["id"] = customer.Id, ["numbers"] = numbers },
            row => (Id: row.GetString(0), Holder: row.GetString(1), Mobile: row.TextOrNull(2), IsKnown: row.GetInt64(3) > 0, Description: row.GetString(4), Cause: row.TextOrNull(5)),
            cancellationToken)).Where(c => IsMeant(c.Holder, c.IsKnown, c.Mobile)).ToList();
        var (orderNos, complaintIds) = (orders.Select(o => o.OrderNo).ToArray(), complaints.Select(c => c.Id).ToArray());
        words.AddRange(orders.Where(o => !IsSomebody(o.Holder, o.IsKnown)).SelectMany(o => new[] { o.Holder, o.Mobile }).OfType<string>());
        words.AddRange(complaints.Where(c => !IsSomebody(c.Holder, c.IsKnown)).SelectMany(c => new[] { c.Holder, c.Mobile }).OfType<string>());
        var traces = new PersonalTraces(words);

        var rows = 0;
        foreach (var (order, holder, _, isKnown) in orders)
            rows += await session.ExecuteAsync("store_erase_order", new() { ["order_no"] = order, ["customer"] = IsSomebody(holder, isKnown) ? holder : customer.Id }, cancellationToken);
        foreach (var complaint in complaints)
        {
            var row = new SqlArgs
            {
                ["complaint"] = complaint.Id,
                ["customer"] = IsSomebody(complaint.Holder, complaint.IsKnown) ? complaint.Holder : customer.Id,
                ["description"] = traces.Redact(complaint.Description),
                ["cause"] = complaint.Cause is { } cause ? traces.Redact(cause) : null,
            };
            rows += await session.ExecuteAsync("store_erase_complaint", row, cancellationToken);
        }

        var given = await session.QueryAsync(
            "store_compensations_to_erase",
            new() { ["id"] = customer.Id, ["complaints"] = complaintIds, ["orders"] = orderNos },
            row => (Id: row.GetString(0), Holder: row.TextOrNull(1), IsKnown: row.GetInt64(2) > 0),
            cancellationToken);
        foreach (var (compensation, _, _) in given.Where(g => !IsSomebody(g.Holder, g.IsKnown)))
            rows += await session.ExecuteAsync("store_erase_compensation", new() { ["compensation"] = compensation, ["customer"] = customer.Id }, cancellationToken);

        // Whatever the cases that touched them did to the shop is on record with its words.
        var cases = complaintIds.Select(c => c + "-").Concat(given.Select(g => CaseOf(g.Id))).ToHashSet();
        foreach (var (order, said, step) in await session.QueryAsync("store_cancellations_to_erase", new() { ["orders"] = orderNos }, row => (row.GetString(0), row.GetString(1), row.GetString(2)), cancellationToken))
        {
            cases.Add(CaseOf(step));
            if (traces.Redact(said) is var clean && clean != said)
                rows += await session.ExecuteAsync("store_replace_cancel_reason", new() { ["order_no"] = order, ["reason"] = clean }, cancellationToken);
        }

        var names = words.Where(w => PersonalData.DigitsOf(w) is null).Distinct().ToArray();
        foreach (var (entry, scope, said, removed) in await session.QueryAsync(
            "store_blacklist_to_erase", new() { ["id"] = customer.Id, ["numbers"] = numbers, ["names"] = names }, row => (row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)), cancellationToken))
        {
            cases.Add(CaseOf(entry));
            rows += await session.ExecuteAsync(
                "store_erase_blacklist", new() { ["id"] = customer.Id, ["entry"] = entry, ["scope"] = scope, ["reason"] = traces.Redact(said), ["removal_reason"] = traces.Redact(removed) }, cancellationToken);
        }

        cases.UnionWith((await session.QueryAsync("store_texts_to_buyer", new() { ["orders"] = orderNos }, row => row.GetString(0), cancellationToken)).Select(CaseOf));
        rows += await RedactAsync(session, "store_texts_to_customer", new() { ["complaints"] = complaintIds }, "store_replace_text_to_customer", ("notice", "title", "body"), traces, cancellationToken);
        rows += await RedactAsync(session, "store_texts_to_buyer", new() { ["orders"] = orderNos }, "store_replace_text_to_buyer", ("notice", "title", "body"), traces, cancellationToken);
        rows += await RedactAsync(
            session, "store_operations_of_instances", new() { ["prefixes"] = cases.ToArray() }, "store_replace_operation", ("key", "payload", "result"), traces, cancellationToken);
        return (rows, traces);
    }

    /// <summary>How the keys of a step's case begin.</summary>
    private static string CaseOf(string step) => step.TrimEnd("0123456789".ToCharArray());

    /// <summary>Takes the customer's traces out of two texts of each row that has some.</summary>
    private static async Task<int> RedactAsync(
        Session session, string find, SqlArgs args, string replace, (string Key, string First, string Second) columns, PersonalTraces traces, CancellationToken cancellationToken)
    {
        var rows = 0;
        foreach (var (key, first, second) in await session.QueryAsync(find, args, row => (row.GetString(0), row.GetString(1), row.GetString(2)), cancellationToken))
        {
            var (clean, cleanSecond) = (traces.Redact(first), traces.Redact(second));
            if (clean != first || cleanSecond != second)
                rows += await session.ExecuteAsync(replace, new() { [columns.Key] = key, [columns.First] = clean, [columns.Second] = cleanSecond }, cancellationToken);
        }

        return rows;
    }

    /// <summary>Rows that an import did not take are kept for download: those that name the customer keep their line and reason only.</summary>
    private static async Task<int> EraseFromUploadsAsync(Session session, string id, PersonalTraces traces, CancellationToken cancellationToken)
    {
        var changed = 0;
        foreach (var (upload, text) in await session.QueryAsync("store_uploads_with_rejected_rows", SqlArgs.None, row => (row.GetString(0), row.GetString(1)), cancellationToken))
        {
            var kept = new StringBuilder();
            var csv = new CsvReader(new StringReader(text));
            var rows = 0;
            while (await csv.ReadAsync(cancellationToken) is { } record)
            {
                if (record.Fields is not { Length: >= 2 } fields)
                    continue;
                var isTheirs = fields.Skip(2).Any(f => f.Trim() == id || traces.AreIn(f));
                rows += isTheirs ? 1 : 0;
                kept.AppendJoin(',', (isTheirs ? fields.Take(2) : fields).Select(CsvReader.Quoted)).Append("\r\n");
            }

            if (rows > 0)
                changed += await session.ExecuteAsync("store_replace_rejected_rows", new() { ["upload"] = upload, ["rows"] = kept.ToString() }, cancellationToken);
        }

        return changed;
    }

    private static async Task<int> EraseFromBackupsAsync(Session session, string id, List<string> words, CancellationToken cancellationToken)
    {
        var backups = await session.QueryAsync("store_backups_of_customer", new() { ["id"] = id }, row => (Backup: row.GetString(0), Content: row.GetString(1)), cancellationToken);
        foreach (var (backup, content) in backups)
        {
            var manifest = (await FindBackupAsync(session, backup, cancellationToken))!.Manifest;
            // A set that is broken already stays broken: a new manifest would bless the damage.
            var isWhole = manifest.Check(await BackupRowsAsync(session, backup, cancellationToken)).All(p => p.IsEqual);
            var participant = new StoreRow(StoreRow.Participants, id, content).ToParticipant("");
            words.AddRange(new[] { participant.Name, participant.Mobile }.OfType<string>());
            var nameless = StoreRow.Of(participant with { Name = null, Mobile = null });
            await session.ExecuteAsync("store_replace_backup_row", new() { ["id"] = backup, ["part"] = StoreRow.Participants, ["key"] = id, ["content"] = nameless.Content }, cancellationToken);
            if (!isWhole)
                continue;
            var sealedAnew = BackupManifest.Of(await BackupRowsAsync(session, backup, cancellationToken));
            await session.ExecuteAsync("store_reseal_backup", new() { ["id"] = backup, ["manifest"] = JsonText.Write(sealedAnew.ToJson()) }, cancellationToken);
        }

        return backups.Count;
    }

    /// <summary>Whether a row names a customer by number, and not by what people call them.</summary>
    private static bool IsSomebody(string? holder, bool isKnown) => holder is not null && (isKnown || PersonalData.IsOfTheShop(holder));

    /// <summary>A telephone number as files write it.</summary>
    private static IEnumerable<string> Spellings(string? number) =>
        number is null ? [] : PersonalData.DigitsOf(number) is { } digits ? [number, digits, "86" + digits, "+86" + digits] : [number];
}
