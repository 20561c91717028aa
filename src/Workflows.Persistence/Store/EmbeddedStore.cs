using System.Text.Json.Nodes;
using Workflows.Engine.Faults;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>
/// The shop kept in our own database.
/// </summary>
/// <remarks>
/// What can go wrong: the host dies after an operation was done and before its answer was recorded, and the operation is
/// asked for again; or it dies half-way. The rule: an operation, its result and its key are one transaction. Either none of
/// it happened, or all of it did and a repeat finds the result. Refusals change nothing and are not recorded, so that the
/// same step may succeed once the reason is gone.
/// What must never go: data that cannot be brought back. Part 1 wants a verified backup equal to what is there; part 2 wants
/// every single row to be in that backup; a restore wants the backup to equal its manifest.
/// </remarks>
public sealed partial class EmbeddedStore(Database database, TimeProvider clock) : IStorePlatform, IStoreIntake
{
    public async Task<StoreOutcome> PerformAsync(string key, StoreOperation operation, CancellationToken cancellationToken)
    {
        var outcome = await database.WriteAsync(
            async session =>
            {
                await session.FirstAsync("store_lock_key", new() { ["key"] = key }, _ => true, cancellationToken);
                var earlier = await session.FirstAsync(
                    "store_find_operation", new() { ["key"] = key }, row => (Kind: row.GetString(0), Result: row.GetString(1)), cancellationToken);
                if (earlier.Result is { } result)
                {
                    return earlier.Kind == operation.Kind
                        ? new StoreOutcome.Done((JsonObject)JsonNode.Parse(result)!)
                        : new StoreOutcome.Refused($"键 {key} 已用于 {earlier.Kind} (key was used for another operation)");
                }

                var fresh = await RunAsync(session, key, operation, cancellationToken);
                if (fresh is StoreOutcome.Done done)
                {
                    var text = JsonText.Write(done.Result)!;
                    var record = new SqlArgs
                    {
                        ["key"] = key,
                        ["kind"] = operation.Kind,
                        ["payload"] = JsonText.Write(operation.ToPayload()),
                        ["result"] = text,
                        ["at"] = clock.GetUtcNow(),
                    };
                    await session.ExecuteAsync("store_record_operation", record, cancellationToken);
                    await FaultPoint.Pass(FaultPoint.StoreBeforeCommit);
                    // As a repeat will read it: the first answer and all later ones are the same, down to the kind of number.
                    return new StoreOutcome.Done((JsonObject)JsonNode.Parse(text)!);
                }

                return fresh;
            },
            cancellationToken);
        await FaultPoint.Pass(FaultPoint.StoreAfterCommit);
        return outcome;
    }

    private Task<StoreOutcome> RunAsync(Session session, string key, StoreOperation operation, CancellationToken cancellationToken) => operation switch
    {
        StoreOperation.MeasureImpact impact => MeasureImpactAsync(session, impact, cancellationToken),
        StoreOperation.RecordComplaint record => RecordComplaintAsync(session, record, cancellationToken),
        StoreOperation.NoteComplaint note => NoteComplaintAsync(session, note, cancellationToken),
        StoreOperation.TellCustomer tell => TellCustomerAsync(session, tell, cancellationToken),
        StoreOperation.GiveCompensation give => GiveCompensationAsync(session, give, cancellationToken),
        StoreOperation.RevokeCompensation revoke => RevokeCompensationAsync(session, revoke, cancellationToken),
        StoreOperation.UseCompensation use => UseCompensationAsync(session, use, cancellationToken),
        StoreOperation.MeasureComplaints measure => MeasureComplaintsAsync(session, measure, cancellationToken),
        StoreOperation.SnapshotMetrics snapshot => SnapshotAsync(session, snapshot, cancellationToken),
        StoreOperation.FindSlowMovers find => FindSlowMoversAsync(session, find, cancellationToken),
        StoreOperation.ChangePrices change => ChangePricesAsync(session, change, cancellationToken),
        StoreOperation.EndPrices end => EndPricesAsync(session, end, cancellationToken),
        StoreOperation.MarkProducts mark => MarkAsync(session, mark, cancellationToken),
        StoreOperation.UnmarkProducts unmark => UnmarkAsync(session, unmark, cancellationToken),
        StoreOperation.TakeOffSale take => TakeOffSaleAsync(session, take, cancellationToken),
        StoreOperation.PutOnSale put => PutOnSaleAsync(session, put, cancellationToken),
        StoreOperation.StartCoupon start => StartCouponAsync(session, start, cancellationToken),
        StoreOperation.EndCoupon end => EndCouponAsync(session, end, cancellationToken),
        StoreOperation.ReadStock read => ReadStockAsync(session, read, cancellationToken),
        StoreOperation.MeasureTrial measure => MeasureTrialAsync(session, measure, cancellationToken),
        StoreOperation.MessageBuyers message => MessageBuyersAsync(session, message, cancellationToken),
        StoreOperation.Backup backup => BackUpAsync(session, key, backup, cancellationToken),
        StoreOperation.VerifyBackup verify => VerifyBackupAsync(session, verify, cancellationToken),
        StoreOperation.DrillRestore drill => DrillRestoreAsync(session, drill, cancellationToken),
        StoreOperation.DeletePage delete => DeletePageAsync(session, delete, cancellationToken),
        StoreOperation.ClearData clear => ClearDataAsync(session, clear, cancellationToken),
        StoreOperation.VerifyDeleted verify => VerifyDeletedAsync(session, verify, cancellationToken),
        StoreOperation.RestoreData restore => RestoreDataAsync(session, restore, cancellationToken),
        StoreOperation.RestorePage restore => RestorePageAsync(session, restore, cancellationToken),
        StoreOperation.VerifyRestored verify => VerifyRestoredAsync(session, verify, cancellationToken),
        StoreOperation.MessageParticipants message => MessageAsync(session, message, cancellationToken),
        StoreOperation.CorrectMessages correct => CorrectAsync(session, correct, cancellationToken),
        StoreOperation.Blacklist list => BlacklistAsync(session, list, cancellationToken),
        StoreOperation.UndoBlacklist undo => UndoBlacklistAsync(session, undo, cancellationToken),
        StoreOperation.Unblacklist remove => UnblacklistAsync(session, remove, cancellationToken),
        StoreOperation.UndoUnblacklist undo => UndoUnblacklistAsync(session, undo, cancellationToken),
        StoreOperation.OpenBudget open => OpenBudgetAsync(session, open, cancellationToken),
        StoreOperation.CloseBudget close => CloseBudgetAsync(session, close, cancellationToken),
        StoreOperation.ReserveBudget reserve => ReserveBudgetAsync(session, reserve, cancellationToken),
        StoreOperation.SpendBudget spend => SpendBudgetAsync(session, spend, cancellationToken),
        StoreOperation.UnspendBudget unspend => UnspendBudgetAsync(session, unspend, cancellationToken),
        StoreOperation.ReleaseBudget release => ReleaseBudgetAsync(session, release, cancellationToken),
        StoreOperation.ReadOrder read => ReadOrderAsync(session, read, cancellationToken),
        StoreOperation.ClaimLateOrders claim => ClaimLateOrdersAsync(session, claim, cancellationToken),
        StoreOperation.ReleaseOrders release => ReleaseOrdersAsync(session, release, cancellationToken),
        StoreOperation.WatchOrder watch => WatchOrderAsync(session, watch, cancellationToken),
        StoreOperation.FindOrdersToWatch find => FindOrdersToWatchAsync(session, find, cancellationToken),
        StoreOperation.CancelOrder cancel => CancelOrderAsync(session, cancel, cancellationToken),
        StoreOperation.ReinstateOrder reinstate => ReinstateOrderAsync(session, reinstate, cancellationToken),
        StoreOperation.TellBuyer tell => TellBuyerAsync(session, tell, cancellationToken),
        StoreOperation.PublishAnnouncement publish => PublishAsync(session, publish, cancellationToken),
        StoreOperation.WithdrawAnnouncement withdraw => WithdrawAsync(session, withdraw, cancellationToken),
        _ => Task.FromResult<StoreOutcome>(new StoreOutcome.Refused($"店铺没有“{operation.Kind}”这种操作 (unknown operation)")),
    };

    private static StoreOutcome.Refused NoPromotion(string id) => new($"没有编号为 {id} 的活动 (no such promotion)");

    private static Task<Promotion?> LockAsync(Session session, string promotionId, CancellationToken cancellationToken) =>
        session.FirstAsync("store_lock_promotion", new() { ["id"] = promotionId }, ReadPromotion, cancellationToken);
}
