using System.Text.Json.Nodes;

namespace Workflows.Engine.Store;

/// <summary>A customer's complaint as the shop keeps it (投诉单).</summary>
/// <param name="Id">Number of the case that handles it.</param>
/// <param name="RepliedAt">The first answer; a later one does not move it.</param>
/// <param name="SolvedAt">The first solution, likewise.</param>
/// <param name="Reopened">How often the customer came back.</param>
/// <param name="Compensation">What was given for it, or for the same cause of the same order before.</param>
/// <param name="Satisfaction">1 to 5, from the call-back.</param>
public sealed record Complaint(
    string Id,
    DateTimeOffset ReceivedAt,
    string Customer,
    string? Mobile,
    string? OrderNo,
    string Channel,
    string? Class,
    string? Cause,
    string? Severity,
    string Description,
    string State,
    DateTimeOffset? RepliedAt,
    DateTimeOffset? SolvedAt,
    int Reopened,
    string? Compensation,
    int? Satisfaction);

/// <summary>Where a complaint stands.</summary>
public static class ComplaintState
{
    public const string Received = "received";
    public const string Replied = "replied";
    public const string Solved = "solved";
    public const string Reopened = "reopened";
    public const string Invalid = "invalid";
    public const string Dispute = "dispute";
    public const string Closed = "closed";

    public static readonly IReadOnlySet<string> All = new HashSet<string> { Received, Replied, Solved, Reopened, Invalid, Dispute, Closed };
}

/// <summary>What compensation may be.</summary>
public static class CompensationForm
{
    public const string Coupon = "coupon";
    public const string Refund = "refund";
    public const string Reshipment = "reshipment";

    public static readonly IReadOnlySet<string> All = new HashSet<string> { Coupon, Refund, Reshipment };
}

/// <summary>Something given to a customer for a cause of an order.</summary>
/// <param name="Amount">Worth in yuan.</param>
public sealed record Compensation(
    string Id, string OrderNo, string Cause, string Form, decimal Amount, string? Customer, string? Complaint, DateTimeOffset GivenAt, DateTimeOffset? UsedAt, DateTimeOffset? RevokedAt)
{
    public JsonObject ToJson() => new()
    {
        ["compensation"] = Id,
        ["orderNo"] = OrderNo,
        ["cause"] = Cause,
        ["form"] = Form,
        ["amount"] = Amount,
        ["givenAt"] = GivenAt.ToString("O"),
    };
}

/// <summary>A message of the shop to the customer of a complaint.</summary>
public sealed record CustomerNotice(string Id, string Complaint, string Title, string Body, DateTimeOffset At);

/// <summary>Complaints of a month.</summary>
/// <param name="Received">All that were received in it.</param>
/// <param name="Invalid">Of these, without ground; they count in no share.</param>
/// <param name="RepliedInTime">Answered within the promised hours.</param>
/// <param name="SolvedInTime">Solved within the promised hours.</param>
/// <param name="Complainants">Different customers.</param>
/// <param name="ActiveCustomers">Different customers who bought in the month.</param>
/// <param name="Cost">Worth of what was given and not taken back, in yuan.</param>
public sealed record ComplaintFigures(
    string Month,
    long Received,
    long Invalid,
    long RepliedInTime,
    long SolvedInTime,
    long Reopened,
    long Disputes,
    long Complainants,
    long ActiveCustomers,
    decimal Cost,
    IReadOnlyList<(string Class, long Count)> Classes)
{
    private long Valid => Received - Invalid;

    public JsonObject ToJson() => new()
    {
        ["month"] = Month,
        ["received"] = Received,
        ["invalid"] = Invalid,
        ["repliedInTimePercent"] = Percent(RepliedInTime, Valid),
        ["solvedInTimePercent"] = Percent(SolvedInTime, Valid),
        ["reopened"] = Reopened,
        ["disputes"] = Disputes,
        ["complainants"] = Complainants,
        ["activeCustomers"] = ActiveCustomers,
        // Catalogue 5.4: complaint rate = complainants ÷ active users.
        ["complaintRatePercent"] = Percent(Complainants, ActiveCustomers),
        ["cost"] = Cost,
        ["classes"] = new JsonArray([.. Classes.Select(c => new JsonObject { ["class"] = c.Class, ["count"] = c.Count, ["percent"] = Percent(c.Count, Valid) })]),
    };

    /// <summary>Null when there is nothing to be a share of.</summary>
    private static JsonValue? Percent(long part, long whole) => whole <= 0 ? null : JsonValue.Create(Math.Round(part * 100m / whole, 2));
}
