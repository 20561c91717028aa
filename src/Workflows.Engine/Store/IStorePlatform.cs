using Workflows.Engine.Thresholds;

namespace Workflows.Engine.Store;

/// <summary>
/// The shop, as processes see it. The embedded one keeps its data in our database; one that talks to a real platform has the
/// same contract.
/// </summary>
public interface IStorePlatform
{
    /// <summary>
    /// Performs an operation at most once per key: a repeat with the same key answers what the first call answered. Answers
    /// expected refusals as a value; throws when the shop cannot be reached, and then nothing is known about the operation.
    /// </summary>
    Task<StoreOutcome> PerformAsync(string key, StoreOperation operation, CancellationToken cancellationToken);

    Task<IReadOnlyList<Promotion>> ListPromotionsAsync(CancellationToken cancellationToken);

    /// <summary>A promotion with its counts and backups; null when the shop never had it.</summary>
    Task<PromotionState?> FindPromotionAsync(string promotionId, CancellationToken cancellationToken);

    /// <summary>The live rows of a promotion in comparable form, ordered by part and key.</summary>
    Task<IReadOnlyList<StoreRow>> ReadRowsAsync(string promotionId, CancellationToken cancellationToken);

    /// <summary>Sales of a period; <paramref name="stockCodes"/> null means the whole shop.</summary>
    Task<SalesFigures> MeasureAsync(DateTimeOffset from, DateTimeOffset to, IReadOnlyList<string>? stockCodes, CancellationToken cancellationToken);

    /// <summary>Messages written about a promotion, newest first.</summary>
    Task<IReadOnlyList<CustomerMessage>> ListMessagesAsync(string promotionId, int limit, CancellationToken cancellationToken);

    /// <summary>Number of messages of each channel about a promotion.</summary>
    Task<IReadOnlyDictionary<string, long>> CountMessagesAsync(string promotionId, CancellationToken cancellationToken);

    /// <summary>Announcements, withdrawn ones included, newest first.</summary>
    Task<IReadOnlyList<Announcement>> ListAnnouncementsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Complaints, newest first.</summary>
    Task<IReadOnlyList<Complaint>> ListComplaintsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>A complaint; null when none of this number is on record.</summary>
    Task<Complaint?> FindComplaintAsync(string id, CancellationToken cancellationToken);

    /// <summary>What was given for an order, taken back or not, newest first.</summary>
    Task<IReadOnlyList<Compensation>> ListCompensationsAsync(string orderNo, CancellationToken cancellationToken);

    /// <summary>What the customer of a complaint was written, oldest first.</summary>
    Task<IReadOnlyList<CustomerNotice>> ListCustomerNoticesAsync(string complaint, CancellationToken cancellationToken);

    Task<long> CountSalesAsync(CancellationToken cancellationToken);

    /// <summary>Products by number, those after <paramref name="after"/>; <paramref name="stockCodes"/> null means all.</summary>
    Task<IReadOnlyList<ProductState>> ListProductsAsync(IReadOnlyList<string>? stockCodes, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Coupons of a product, newest first.</summary>
    Task<IReadOnlyList<ProductCoupon>> ListCouponsAsync(string stockCode, CancellationToken cancellationToken);

    /// <summary>Number of messages of each channel about a product.</summary>
    Task<IReadOnlyDictionary<string, long>> CountProductMessagesAsync(string stockCode, CancellationToken cancellationToken);

    /// <summary>Products that count as slow at an instant, by number.</summary>
    Task<IReadOnlyList<SlowMover>> FindSlowMoversAsync(SlowMoverRule rule, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>How a trial went; <paramref name="from"/> and <paramref name="to"/> bound the sales, the days they lie in the visitors.</summary>
    Task<TrialFigures> MeasureTrialAsync(string stockCode, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);
}

/// <summary>
/// Takes data in. Every batch is one transaction; rows that are there already are left or brought up to date, so that a
/// repeat changes nothing. Answers the number of rows that were new or changed.
/// </summary>
public interface IStoreIntake
{
    Task<int> SaveAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken);

    Task<int> SaveAsync(IReadOnlyList<Supplier> suppliers, CancellationToken cancellationToken);

    Task<int> SaveAsync(IReadOnlyList<Promotion> promotions, CancellationToken cancellationToken);

    Task<int> SaveAsync(IReadOnlyList<Participant> participants, CancellationToken cancellationToken);

    Task<int> SaveAsync(IReadOnlyList<PromotionTransaction> transactions, CancellationToken cancellationToken);

    Task<int> SaveAsync(IReadOnlyList<SalesLine> lines, CancellationToken cancellationToken);

    Task<int> SaveAsync(IReadOnlyList<DailyVisits> visits, CancellationToken cancellationToken);

    Task<int> SaveAsync(IReadOnlyList<StockEntry> entries, CancellationToken cancellationToken);

    Task<int> SaveAsync(IReadOnlyList<ProductVisits> visits, CancellationToken cancellationToken);

    Task<int> SaveAsync(IReadOnlyList<Customer> customers, CancellationToken cancellationToken);

    /// <summary>Of the given customers those who were erased: nothing may bring them back.</summary>
    Task<IReadOnlySet<string>> FindErasedCustomersAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    Task<int> SaveAsync(IReadOnlyList<MetricValue> values, CancellationToken cancellationToken);

    Task<int> SaveAsync(IReadOnlyList<Order> orders, CancellationToken cancellationToken);

    /// <summary>Numbers of the given promotions that exist and whose page is not deleted.</summary>
    Task<IReadOnlySet<string>> FindOpenPromotionsAsync(IReadOnlyList<string> promotionIds, CancellationToken cancellationToken);

    /// <summary>Notes a finished import for operators.</summary>
    Task RecordAsync(ImportReport report, CancellationToken cancellationToken);
}
