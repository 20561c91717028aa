using Workflows.Engine.Messages;
using Workflows.Host.Operations;
using Workflows.Host.Pages.Text;
using Delivery = Workflows.Engine.Messages.Delivery;

namespace Workflows.Host.Pages.Messages;

/// <summary>A message as the list shows it.</summary>
public sealed record OutboxLine(string Href, string Subject, string Way, string To, string State, string Stamp, string Ago, string When, string? Trouble);

/// <summary>What is listed, and by which filter.</summary>
public sealed record OutboxModel(string State, string Channel, string User, string Instance, IReadOnlyList<OutboxLine> Lines, string? Next, IReadOnlyList<(string Name, long Count)> Counts, IReadOnlyList<SiteLine> Site);

/// <summary>A message inside the product, in the record of its instance.</summary>
/// <param name="ReadAt">When its person opened it; null while unread.</param>
public sealed record SiteLine(string Subject, string To, string Ago, string When, string? ReadAt);

/// <summary>One message with everything that happened to it.</summary>
public sealed record OutboxDetail(
    string Key, string Subject, string Body, bool HasHtml, string Way, string To, string? Person, string State, string Stamp, string? Event, string Severity, string CreatedAt, string? DueAt,
    string? SentAt, string? ReceiptAt, string? Error, string? GatewayId, int Doubts, string? InstanceId, string? TaskId, string? ParentKey, string? MergedInto, bool MayResend,
    IReadOnlyList<OutboxValue> Values, IReadOnlyList<OutboxAttempt> Attempts, IReadOnlyList<OutboxReceipt> Receipts);

/// <summary>A value of an SMS template, or a name of an attachment.</summary>
public sealed record OutboxValue(string Name, string Value);

/// <summary>A try.</summary>
public sealed record OutboxAttempt(int Number, string BeganAt, string Outcome, string Stamp, string? Error, string Node);

/// <summary>A receipt.</summary>
public sealed record OutboxReceipt(string At, string State, string Detail);

/// <summary>Puts deliveries into the words of the page.</summary>
internal static class OutboxWording
{
    public static OutboxLine Line(Delivery d, PageContext page) => new(
        "/ops/outbox/" + Uri.EscapeDataString(d.Key),
        Title(d, page.T),
        Way(d, page.T),
        // A robot or program is its own receiver, and named by the way.
        d.Channel is MessageChannels.Robot or MessageChannels.Webhook ? "" : To(d),
        page.T["delivery." + d.State],
        Stamp(d.State),
        Moments.Ago(d.CreatedAt, page.Now, page.T),
        Moments.Full(d.CreatedAt),
        d.State is DeliveryState.Failed or DeliveryState.Unknown or DeliveryState.Queued ? d.LastError : null);

    /// <summary>What a person reads; a program is told the name of an event, which says what happened only to programs.</summary>
    private static string Title(Delivery d, Texts t) => d is { Channel: MessageChannels.Webhook, Event: { } name }
        ? $"{(t.IsChinese ? MessageEvents.Find(name).Zh : MessageEvents.Find(name).En)} · {name}"
        : d.Subject.Length > 0 ? d.Subject : d.Body.Length > 60 ? d.Body[..60] + "…" : d.Body;

    public static string Way(Delivery d, Texts t) => d.Channel is MessageChannels.Robot or MessageChannels.Webhook ? $"{t["channel." + d.Channel]} {d.Gateway[(d.Gateway.IndexOf(':', StringComparison.Ordinal) + 1)..]}" : t.Or("channel." + d.Channel, d.Channel);

    public static string To(Delivery d) => d.UserName is { } user ? $"{user} · {DeliveryEndpoints.Shown(d)}" : DeliveryEndpoints.Shown(d);

    public static string Stamp(DeliveryState state) => state switch
    {
        DeliveryState.Sent or DeliveryState.Delivered => "good",
        DeliveryState.Failed => "bad",
        DeliveryState.Unknown => "trouble",
        DeliveryState.Queued or DeliveryState.Sending => "running",
        DeliveryState.Held => "returned",
        _ => "quiet",
    };

    public static string Stamp(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Accepted => "good",
        AttemptOutcome.Refused => "bad",
        AttemptOutcome.Doubtful => "trouble",
        AttemptOutcome.NotTaken => "returned",
        _ => "running",
    };
}

/// <summary>A gateway as it is now.</summary>
public sealed record GatewayLine(string Name, string Kind, bool IsConfigured, bool IsPaused, int Busy, int Places, string Setting);

/// <summary>Whether the settings work.</summary>
public sealed record GatewayModel(IReadOnlyList<GatewayLine> Gateways, string? Error, string Channel, string To);

/// <summary>A template in the list.</summary>
public sealed record TemplateLine(string Event, string Name, string Severity, IReadOnlyList<TemplateCell> Cells);

/// <summary>A template of an event by channel and language.</summary>
public sealed record TemplateCell(string Href, string Channel, string Language, bool IsChanged);

/// <summary>A template being written.</summary>
public sealed record TemplateModel(
    string Event, string EventName, string Channel, string Language, int Version, bool IsChanged, string Subject, string Body, string Html, string Aliyun, string Tencent, string Review, string Values,
    string Sample, IReadOnlyList<string> Faults, Preview? Preview, IReadOnlyList<TemplateVersion> Versions);

/// <summary>A template put into words on a real case.</summary>
public sealed record Preview(string Subject, string Body, string? Html, string? Fault, string Of);

/// <summary>A saved version.</summary>
public sealed record TemplateVersion(int Version, string By, string At, bool IsShipped);

/// <summary>What a person wants to be sent.</summary>
public sealed record PreferenceModel(string Language, IReadOnlyList<PreferenceLine> Lines);

/// <summary>A category with its switches.</summary>
public sealed record PreferenceLine(string Category, bool IsMandatory, bool Email, bool Sms, bool Digest);
