using System.Text.Json.Nodes;
using Workflows.Engine.Messages;

namespace Workflows.Engine.Storage;

/// <summary>Which deliveries to list; null means any. Newest first.</summary>
public sealed record DeliveryFilter(DeliveryState? State = null, string? Channel = null, string? UserName = null, string? InstanceId = null, string? Event = null, string? After = null, int Limit = 50);

/// <summary>A group of mails for one person that are held and due.</summary>
public sealed record DigestGroup(string UserName, string Address, string Gateway);

/// <summary>
/// Deliveries of messages. What can go wrong and the rules are those of <see cref="IOutboxStore"/>: claims are leases with a
/// token, an attempt is on record before it is made, and a late writer writes nothing.
/// </summary>
public interface IDeliveryStore
{
    /// <summary>Stores what one effect asked for, all or nothing; what is known by its key is left as it is. Judges merging and daily limits in the same transaction.</summary>
    Task AddAsync(IReadOnlyList<PlannedDelivery> deliveries, IReadOnlyList<Notice> notices, IReadOnlyList<MessageCode> codes, CancellationToken cancellationToken);

    /// <summary>
    /// Takes due deliveries of a gateway under a lease, weightiest first, and records an attempt for each; one whose lease ran out counts as doubtful, and is
    /// settled instead of taken when a receipt has told what became of it.
    /// </summary>
    Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(DateTimeOffset? now, string gateway, string owner, TimeSpan lease, int batch, CancellationToken cancellationToken);

    /// <summary>Ends an attempt. False when the claim no longer holds. A receipt that came first is not undone.</summary>
    Task<bool> EndAsync(ClaimedDelivery claim, AttemptEnd end, DateTimeOffset? now, CancellationToken cancellationToken);

    /// <summary>Takes a receipt, found by key or by the gateway's number. Repeats, late and unknown ones change nothing. Answers whether the delivery is known.</summary>
    Task<bool> ReceiveAsync(string? key, string gateway, string? gatewayId, ReceiptState state, string detail, DateTimeOffset? now, CancellationToken cancellationToken);

    /// <summary>Queues held deliveries whose time has come, mails excepted that are to be gathered. Answers how many.</summary>
    Task<int> ReleaseHeldAsync(DateTimeOffset? now, CancellationToken cancellationToken);

    Task<IReadOnlyList<DigestGroup>> FindDigestsAsync(DateTimeOffset? now, int limit, CancellationToken cancellationToken);

    /// <summary>Gathers a group's held mails into one; <paramref name="compose"/> writes it from them, oldest first. A single one is queued as it is. Answers how many were gathered.</summary>
    Task<int> GatherAsync(DigestGroup group, DateTimeOffset? now, Func<IReadOnlyList<Delivery>, Delivery> compose, CancellationToken cancellationToken);

    /// <summary>Deliveries that have not arrived by the time their fallback is due, oldest first.</summary>
    Task<IReadOnlyList<Delivery>> FindFallbacksAsync(DateTimeOffset? now, int limit, CancellationToken cancellationToken);

    /// <summary>Ends a fallback: stores what goes out instead (null when nothing is left to try), once.</summary>
    Task FallBackAsync(string key, Delivery? instead, DateTimeOffset? now, CancellationToken cancellationToken);

    /// <summary>How long until a delivery of this gateway is due, or its claim runs out; null when there is none.</summary>
    Task<TimeSpan?> UntilNextAsync(string gateway, DateTimeOffset? now, CancellationToken cancellationToken);

    /// <summary>Gives back everything a crashed host held; for a database that only one host may open.</summary>
    Task ReleaseAllAsync(CancellationToken cancellationToken);

    /// <summary>Send again, on a person's word: what failed, is unknown, was captured or suppressed. False when it is none of these.</summary>
    Task<bool> RequeueAsync(string key, CancellationToken cancellationToken);

    /// <summary>Tells a webhook again what it was to be told in a time, whether it was or not. Answers how many.</summary>
    Task<int> ReplayAsync(string gateway, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken);

    Task<Delivery?> FindAsync(string key, CancellationToken cancellationToken);

    Task<(IReadOnlyList<Delivery> Items, string? Next)> ListAsync(DeliveryFilter filter, CancellationToken cancellationToken);

    Task<IReadOnlyList<DeliveryAttempt>> ListAttemptsAsync(string key, CancellationToken cancellationToken);

    Task<IReadOnlyList<DeliveryReceipt>> ListReceiptsAsync(string key, CancellationToken cancellationToken);

    /// <summary>Number of deliveries by state.</summary>
    Task<IReadOnlyDictionary<DeliveryState, long>> CountAsync(CancellationToken cancellationToken);

    /// <summary>The page a person's code stands for; null when it is unknown, somebody else's or too old.</summary>
    Task<string?> FindCodeAsync(string code, string userName, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>A message template as somebody saved it.</summary>
/// <param name="Version">1, 2, ...; the highest counts.</param>
/// <param name="Document">subject, body, html, codes of SMS providers and their values; null when this version goes back to the one that ships.</param>
public sealed record StoredTemplate(string Event, string Channel, string Language, int Version, JsonObject? Document, string ChangedBy, DateTimeOffset ChangedAt);

/// <summary>Message templates that people changed, and what people want to be sent.</summary>
public interface IMessageSettingStore
{
    /// <summary>Changes with every change here, so that hosts may keep what they read.</summary>
    Task<long> ReadStampAsync(CancellationToken cancellationToken);

    /// <summary>The latest version of every changed template.</summary>
    Task<IReadOnlyList<StoredTemplate>> ListTemplatesAsync(CancellationToken cancellationToken);

    /// <summary>All versions of one template, newest first.</summary>
    Task<IReadOnlyList<StoredTemplate>> ListVersionsAsync(string @event, string channel, string language, CancellationToken cancellationToken);

    /// <summary>Saves the next version; false when <paramref name="template"/>'s version is taken: somebody was faster.</summary>
    Task<bool> SaveTemplateAsync(StoredTemplate template, CancellationToken cancellationToken);

    /// <summary>What people chose: {language?, off: {category: [channel]}, digest: [category]} by user name.</summary>
    Task<IReadOnlyDictionary<string, JsonObject>> ListPreferencesAsync(CancellationToken cancellationToken);

    Task SavePreferenceAsync(string userName, JsonObject preference, CancellationToken cancellationToken);
}
