using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Workflows.Engine.Store;

/// <summary>
/// Something a process asks the shop to do. The kind is the effect kind; the members are its payload in camel case.
/// </summary>
public abstract partial record StoreOperation
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static readonly Dictionary<string, Type> Kinds = new()
    {
        [MeasureImpact.Name] = typeof(MeasureImpact),
        [DrillRestore.Name] = typeof(DrillRestore),
        [Backup.Name] = typeof(Backup),
        [RecordComplaint.Name] = typeof(RecordComplaint),
        [NoteComplaint.Name] = typeof(NoteComplaint),
        [TellCustomer.Name] = typeof(TellCustomer),
        [GiveCompensation.Name] = typeof(GiveCompensation),
        [RevokeCompensation.Name] = typeof(RevokeCompensation),
        [UseCompensation.Name] = typeof(UseCompensation),
        [MeasureComplaints.Name] = typeof(MeasureComplaints),
        [VerifyBackup.Name] = typeof(VerifyBackup),
        [DeletePage.Name] = typeof(DeletePage),
        [ClearData.Name] = typeof(ClearData),
        [VerifyDeleted.Name] = typeof(VerifyDeleted),
        [RestoreData.Name] = typeof(RestoreData),
        [RestorePage.Name] = typeof(RestorePage),
        [VerifyRestored.Name] = typeof(VerifyRestored),
        [MessageParticipants.Name] = typeof(MessageParticipants),
        [CorrectMessages.Name] = typeof(CorrectMessages),
        [SnapshotMetrics.Name] = typeof(SnapshotMetrics),
        [FindSlowMovers.Name] = typeof(FindSlowMovers),
        [ChangePrices.Name] = typeof(ChangePrices),
        [EndPrices.Name] = typeof(EndPrices),
        [MarkProducts.Name] = typeof(MarkProducts),
        [UnmarkProducts.Name] = typeof(UnmarkProducts),
        [TakeOffSale.Name] = typeof(TakeOffSale),
        [PutOnSale.Name] = typeof(PutOnSale),
        [StartCoupon.Name] = typeof(StartCoupon),
        [EndCoupon.Name] = typeof(EndCoupon),
        [ReadStock.Name] = typeof(ReadStock),
        [MeasureTrial.Name] = typeof(MeasureTrial),
        [MessageBuyers.Name] = typeof(MessageBuyers),
        [Blacklist.Name] = typeof(Blacklist),
        [UndoBlacklist.Name] = typeof(UndoBlacklist),
        [Unblacklist.Name] = typeof(Unblacklist),
        [UndoUnblacklist.Name] = typeof(UndoUnblacklist),
        [OpenBudget.Name] = typeof(OpenBudget),
        [CloseBudget.Name] = typeof(CloseBudget),
        [ReserveBudget.Name] = typeof(ReserveBudget),
        [SpendBudget.Name] = typeof(SpendBudget),
        [UnspendBudget.Name] = typeof(UnspendBudget),
        [ReleaseBudget.Name] = typeof(ReleaseBudget),
        [ReadOrder.Name] = typeof(ReadOrder),
        [ClaimLateOrders.Name] = typeof(ClaimLateOrders),
        [ReleaseOrders.Name] = typeof(ReleaseOrders),
        [WatchOrder.Name] = typeof(WatchOrder),
        [FindOrdersToWatch.Name] = typeof(FindOrdersToWatch),
        [CancelOrder.Name] = typeof(CancelOrder),
        [ReinstateOrder.Name] = typeof(ReinstateOrder),
        [TellBuyer.Name] = typeof(TellBuyer),
        [PublishAnnouncement.Name] = typeof(PublishAnnouncement),
        [WithdrawAnnouncement.Name] = typeof(WithdrawAnnouncement),
    };

    private StoreOperation()
    {
    }

    [JsonIgnore]
    public abstract string Kind { get; }

    /// <summary>True when it reads, compares or copies and changes nothing in the shop: it may be repeated, and is no act that stands in the way of a withdrawal.</summary>
    [JsonIgnore]
    public bool LeavesShopAsItIs => this is MeasureImpact or Backup or VerifyBackup or VerifyDeleted or VerifyRestored or SnapshotMetrics or MeasureComplaints or FindSlowMovers or ReadStock or MeasureTrial or DrillRestore or ReadOrder or FindOrdersToWatch;

    /// <summary>Figures of the promotion's period (up to now, or to its deletion) and of the period of the same length before it; when it was deleted.</summary>
    public sealed record MeasureImpact(string PromotionId) : StoreOperation
    {
        public const string Name = "store.measure-impact";

        public override string Kind => Name;
    }

    /// <summary>Copies settings, participants and transactions into a sealed set with a manifest.</summary>
    /// <param name="Onto">
    /// A backup of the same promotion, all of which the new set holds as well; what is there now takes the place of the same row. So rows that came after it are
    /// saved even when the page, or a part of the data, is deleted already. Refused when that backup is damaged.
    /// </param>
    public sealed record Backup(string PromotionId, string? Onto = null) : StoreOperation
    {
        public const string Name = "store.backup";

        public override string Kind => Name;
    }

    /// <summary>Compares a set with its manifest; only a set whose last check passed allows a deletion.</summary>
    public sealed record VerifyBackup(string BackupId) : StoreOperation
    {
        public const string Name = "store.verify-backup";

        public override string Kind => Name;
    }

    /// <summary>
    /// Part 1: the front page and its settings. Refused without a verified backup. When that differs from what is there now nothing is deleted, and the result
    /// says by <c>stale</c>, in words, what changed.
    /// </summary>
    public sealed record DeletePage(string PromotionId, string BackupId) : StoreOperation
    {
        public const string Name = "store.delete-page";

        public override string Kind => Name;
    }

    /// <summary>Part 2: rule cache, participation flags, participants, transactions of this promotion. Refused while the page stands. When a row is not in the backup nothing is cleared, and the result says so by <c>stale</c>.</summary>
    public sealed record ClearData(string PromotionId, string BackupId) : StoreOperation
    {
        public const string Name = "store.clear-data";

        public override string Kind => Name;
    }

    /// <summary>Looks for anything left of a deleted promotion.</summary>
    public sealed record VerifyDeleted(string PromotionId) : StoreOperation
    {
        public const string Name = "store.verify-deleted";

        public override string Kind => Name;
    }

    /// <summary>Undo of part 2: brings rows and rule cache back as they are in the backup.</summary>
    public sealed record RestoreData(string PromotionId, string BackupId) : StoreOperation
    {
        public const string Name = "store.restore-data";

        public override string Kind => Name;
    }

    /// <summary>Undo of part 1: makes the front page again from the backed-up settings.</summary>
    public sealed record RestorePage(string PromotionId, string BackupId) : StoreOperation
    {
        public const string Name = "store.restore-page";

        public override string Kind => Name;
    }

    /// <summary>Compares the live rows, row by row, with the backup.</summary>
    /// <param name="DataOnly">Leaves the page's settings out, for a promotion whose page is still deleted.</param>
    public sealed record VerifyRestored(string PromotionId, string BackupId, bool DataOnly = false) : StoreOperation
    {
        public const string Name = "store.restore-verify";

        public override string Kind => Name;
    }

    /// <summary>
    /// Writes one message per participant and channel, the participants taken from the backup because their rows are gone.
    /// Without the sms channel only in-site messages are written.
    /// </summary>
    /// <param name="BackupId">Empty: the newest backup; the participants that are there now when none was ever made.</param>
    /// <param name="Batch">Ties the messages together so that they can be corrected later.</param>
    public sealed record MessageParticipants(string PromotionId, string BackupId, string Batch, string Title, string Body, bool Sms = true) : StoreOperation
    {
        public const string Name = "store.message-participants";

        public override string Kind => Name;
    }

    /// <summary>Undo of messages: a correction to everybody who got one of that batch, and to nobody else.</summary>
    public sealed record CorrectMessages(string PromotionId, string Batch, string Title, string Body) : StoreOperation
    {
        public const string Name = "store.correct-messages";

        public override string Kind => Name;
    }

    /// <summary>Figures of the time since a promotion was deleted.</summary>
    public sealed record SnapshotMetrics(string PromotionId, string Label, DateTimeOffset From, DateTimeOffset To) : StoreOperation
    {
        public const string Name = "store.snapshot-metrics";

        public override string Kind => Name;
    }

    /// <summary>Publishes a notice to all customers of the shop (公告).</summary>
    /// <param name="Announcement">Its number, the same in every try.</param>
    /// <param name="Subject">What it is about, in a word customers may filter by: 系统维护, 商品说明, ...</param>
    public sealed record PublishAnnouncement(string Announcement, string Subject, string Title, string Body) : StoreOperation
    {
        public const string Name = "store.publish-announcement";

        public override string Kind => Name;
    }

    /// <summary>Undo of a publication: customers no longer see it; that it stood there stays on record.</summary>
    public sealed record WithdrawAnnouncement(string Announcement) : StoreOperation
    {
        public const string Name = "store.withdraw-announcement";

        public override string Kind => Name;
    }

    /// <summary>Reads an operation from an effect. Null when the kind is unknown; throws <see cref="JsonException"/> for a payload that does not fit.</summary>
    public static StoreOperation? Read(string kind, JsonNode? payload) =>
        Kinds.TryGetValue(kind, out var type) ? (StoreOperation?)payload.Deserialize(type, Options) : null;

    /// <summary>The payload of the effect.</summary>
    public JsonNode ToPayload() => JsonSerializer.SerializeToNode(this, GetType(), Options)!;
}

/// <summary>What became of an operation.</summary>
public abstract record StoreOutcome
{
    private StoreOutcome()
    {
    }

    /// <summary>Done, now or by an earlier call with the same key; the result is that of the first.</summary>
    public sealed record Done(JsonObject Result) : StoreOutcome;

    /// <summary>Not done, and nothing was changed; for a person to read.</summary>
    public sealed record Refused(string Reason) : StoreOutcome;
}
