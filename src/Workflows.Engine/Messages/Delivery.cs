using System.Text.Json.Nodes;

namespace Workflows.Engine.Messages;

/// <summary>How much a message matters. High and critical ones are not held back at night, and go on to the next channel when no receipt comes.</summary>
public enum Severity
{
    /// <summary>May wait for the next digest.</summary>
    Low,
    Normal,
    High,

    /// <summary>Somebody must act now: a duty page, a crisis.</summary>
    Critical,
}

/// <summary>Where the delivery of a message to one person by one channel stands.</summary>
public enum DeliveryState
{
    /// <summary>Waits for the morning or for the next digest.</summary>
    Held,

    /// <summary>Waits for its turn or its next try.</summary>
    Queued,

    /// <summary>An attempt is recorded as begun; if its lease runs out, the answer was lost.</summary>
    Sending,

    /// <summary>The gateway took it.</summary>
    Sent,

    /// <summary>A receipt says that it arrived.</summary>
    Delivered,

    /// <summary>Given up on: refused, undeliverable, or its tries ran out.</summary>
    Failed,

    /// <summary>The answers of its tries were lost; it may have arrived.</summary>
    Unknown,

    /// <summary>Said by another message: one about the same case shortly before, or a digest.</summary>
    Merged,

    /// <summary>No gateway is configured; kept to be read here.</summary>
    Captured,

    /// <summary>The person has switched this kind off.</summary>
    Suppressed,
}

/// <summary>What a gateway told later about a message it took.</summary>
public enum ReceiptState
{
    None,
    OnTheWay,
    Delivered,
    Failed,
}

/// <summary>Names of channels.</summary>
public static class MessageChannels
{
    public const string Site = "site";
    public const string Email = "email";
    public const string Sms = "sms";
    public const string Webhook = "webhook";
    public const string Robot = "robot";
}

/// <summary>
/// A message on its way to one receiver by one channel: the record of what was said to whom, and what became of it. Kept with
/// the case, unlike the effect that asked for it.
/// </summary>
public sealed record Delivery
{
    /// <summary>Made from the effect that asked for it, so it is the same in every run; sent to gateways that honour keys.</summary>
    public required string Key { get; init; }

    /// <summary>Key of that effect.</summary>
    public required string Cause { get; init; }

    public required string InstanceId { get; init; }

    public string? TaskId { get; init; }

    /// <summary>Name of the event; null for the free text of a definition.</summary>
    public string? Event { get; init; }

    public Severity Severity { get; init; } = Severity.Normal;

    public required string Channel { get; init; }

    /// <summary>Name of the gateway that is to carry it.</summary>
    public required string Gateway { get; init; }

    /// <summary>The person; null for an address outside.</summary>
    public string? UserName { get; init; }

    /// <summary>Mail address or number (E.164) of the receiver; the gateway's own name for robots and webhooks.</summary>
    public required string Address { get; init; }

    public string Subject { get; init; } = "";

    public string Body { get; init; } = "";

    /// <summary>What else the channel needs: html, cc, replyTo, attachments, template and values of an SMS, payload of a webhook.</summary>
    public JsonObject? Content { get; init; }

    public DeliveryState State { get; init; } = DeliveryState.Queued;

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Not before this instant.</summary>
    public DateTimeOffset DueAt { get; init; }

    public int Attempts { get; init; }

    /// <summary>Attempts whose answer was lost: so many duplicates are possible at a gateway that does not honour keys.</summary>
    public int Doubts { get; init; }

    public string? LastError { get; init; }

    /// <summary>Its number at the gateway.</summary>
    public string? GatewayId { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public ReceiptState Receipt { get; init; }

    public DateTimeOffset? ReceiptAt { get; init; }

    /// <summary>When the next channel or person is tried unless this has arrived; null for never, and once that was done.</summary>
    public DateTimeOffset? FallbackAt { get; init; }

    /// <summary>The delivery this one stands in for.</summary>
    public string? ParentKey { get; init; }

    /// <summary>The delivery that says it all; for <see cref="DeliveryState.Merged"/>.</summary>
    public string? MergedInto { get; init; }
}

/// <summary>A delivery to be stored, with the conditions that are judged as it is.</summary>
/// <param name="Delivery">As planned.</param>
/// <param name="DedupeKey">Merged into an earlier one of the same key; null for never.</param>
/// <param name="DedupeSince">How early that may have been.</param>
/// <param name="DailyLimit">Most deliveries to this address on this day; null for no limit.</param>
/// <param name="Day">The shop's date, for the limit.</param>
public sealed record PlannedDelivery(Delivery Delivery, string? DedupeKey = null, DateTimeOffset DedupeSince = default, int? DailyLimit = null, string? Day = null);

/// <summary>A short code for an SMS that stands for a page, for one person.</summary>
public sealed record MessageCode(string Code, string UserName, string Path, DateTimeOffset ExpiresAt);

/// <summary>A delivery claimed by this host for one attempt, which is on record already.</summary>
/// <param name="Number">Number of the attempt, from 1.</param>
/// <param name="Token">Fences the claim: a host that slept past its lease records nothing.</param>
public sealed record ClaimedDelivery(Delivery Delivery, int Number, string Token);

/// <summary>What an attempt came to, as it is recorded.</summary>
public enum AttemptOutcome
{
    /// <summary>Under way, or cut off by the end of its host.</summary>
    None,
    Accepted,
    NotTaken,
    Refused,
    Doubtful,
}

/// <summary>The end of an attempt.</summary>
/// <param name="State">What the delivery becomes.</param>
/// <param name="RetryAfter">Wait before the next try, for <see cref="DeliveryState.Queued"/>.</param>
/// <param name="FallBack">True when the next channel or person is to be tried at once.</param>
public sealed record AttemptEnd(AttemptOutcome Outcome, DeliveryState State, string? Error = null, string? GatewayId = null, TimeSpan RetryAfter = default, bool FallBack = false);

/// <summary>An attempt as it stands on record.</summary>
public sealed record DeliveryAttempt(int Number, DateTimeOffset BeganAt, DateTimeOffset? EndedAt, AttemptOutcome Outcome, string? Error, string Node);

/// <summary>A receipt as it stands on record.</summary>
public sealed record DeliveryReceipt(DateTimeOffset At, ReceiptState State, string Detail);
