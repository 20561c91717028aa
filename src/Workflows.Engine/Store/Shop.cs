using System.Text.Json.Nodes;

namespace Workflows.Engine.Store;

/// <summary>A promotion of the shop (限时折扣, 满减, 赠品, 抽奖, ...).</summary>
/// <param name="Id">The shop's own number of it.</param>
/// <param name="Name">As customers see it; typed by people to confirm a deletion.</param>
/// <param name="Kind">Free text: 满减, 限时折扣, ...</param>
/// <param name="StartsAt">First instant it applies.</param>
/// <param name="EndsAt">First instant it no longer applies.</param>
/// <param name="Settings">What the front page is made of; null once the page is deleted. "stockCodes" limits it to some products, without it the whole shop takes part.</param>
/// <param name="RuleCache">The platform's compiled rules; null when there is none.</param>
/// <param name="PageDeletedAt">Set while the front page is gone.</param>
public sealed record Promotion(
    string Id,
    string Name,
    string Kind,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    JsonObject? Settings,
    string? RuleCache,
    DateTimeOffset? PageDeletedAt = null);

/// <summary>A promotion with what hangs on it, as the API shows it.</summary>
public sealed record PromotionState(Promotion Promotion, int Participants, int Flagged, int Transactions, IReadOnlyList<BackupSummary> Backups);

/// <summary>A customer who joined a promotion.</summary>
/// <param name="IsFlagged">The platform still marks the customer as taking part (用户参与标识).</param>
public sealed record Participant(string PromotionId, string CustomerId, string? Name, string? Mobile, DateTimeOffset JoinedAt, bool IsFlagged = true);

/// <summary>A purchase made under a promotion; amounts in the shop's currency, at most four decimals.</summary>
public sealed record PromotionTransaction(string PromotionId, string TransactionId, string CustomerId, DateTimeOffset At, decimal Amount, decimal Discount);

/// <summary>A product.</summary>
/// <param name="Cost">What the shop paid for it; null when not known, and then the one known before stays.</param>
/// <param name="ListedAt">Since when it is on sale; null as for the cost.</param>
public sealed record Product(string StockCode, string Name, decimal? Price, string? SupplierCode, decimal? Cost = null, DateTimeOffset? ListedAt = null);

/// <summary>A supplier or business partner who must be told before a promotion is deleted.</summary>
public sealed record Supplier(string Code, string Name, string Kind, string? Email, string? Mobile);

/// <summary>One line of an invoice.</summary>
/// <param name="Key">Natural key: a hash over all fields and the count of equal lines before it, so that importing the same file again adds nothing.</param>
/// <param name="Quantity">Negative for a return.</param>
/// <param name="UnitPrice">At most four decimals, never negative.</param>
/// <param name="IsCancelled">The invoice number begins with C.</param>
public sealed record SalesLine(
    byte[] Key,
    string InvoiceNo,
    string StockCode,
    string? Description,
    int Quantity,
    DateTimeOffset At,
    decimal UnitPrice,
    string? CustomerId,
    string? Country,
    bool IsCancelled);

/// <summary>Visitors of the shop on one calendar day of the shop's time zone.</summary>
public sealed record DailyVisits(DateOnly Day, long Visitors);

/// <summary>A message of the shop to a customer.</summary>
/// <param name="Batch">The operation it was written for; one message per batch, customer and channel.</param>
/// <param name="Channel">site (站内信) or sms.</param>
public sealed record CustomerMessage(string Batch, string PromotionId, string CustomerId, string Channel, string? Mobile, string Title, string Body, DateTimeOffset At);

/// <summary>A notice of the shop to all customers (公告).</summary>
/// <param name="Subject">What it is about: 系统维护, 商品说明, ...</param>
/// <param name="WithdrawnAt">Set once customers no longer see it.</param>
public sealed record Announcement(string Id, string Subject, string Title, string Body, DateTimeOffset PublishedAt, DateTimeOffset? WithdrawnAt);

/// <summary>A backup as lists show it.</summary>
/// <param name="VerifiedAt">Set while the last check of the set passed.</param>
public sealed record BackupSummary(string Id, string PromotionId, DateTimeOffset CreatedAt, DateTimeOffset? VerifiedAt, BackupManifest Manifest);
