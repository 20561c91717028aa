using Workflows.Host.Messages;

namespace Workflows.Host.Channels.Sms;

/// <summary>An SMS as every provider can carry it: a text, and the same as a template with named values in the template's order.</summary>
/// <param name="Key">The delivery's key; echoed in receipts.</param>
/// <param name="Number">E.164.</param>
/// <param name="Template">The provider's template code; null when the event has none.</param>
internal sealed record Sms(string Key, string Number, string Text, string? Template, IReadOnlyList<KeyValuePair<string, string>> Values);

/// <summary>What a provider tells later about a message.</summary>
/// <param name="Key">Our key; null when only the provider's own number is told.</param>
/// <param name="GatewayId">The provider's number.</param>
internal sealed record SmsReceipt(string? Key, string? GatewayId, Engine.Messages.ReceiptState State, string? Detail);

/// <summary>What is peculiar to a provider; connection, limits and outcomes are the gateway's.</summary>
internal interface ISmsProvider
{
    bool IsKeyed { get; }

    bool GivesReceipts { get; }

    /// <summary>The request that sends; null with a reason when this message cannot be sent by this provider.</summary>
    (HttpRequestMessage? Request, string? Refusal) Build(Sms sms, DateTimeOffset now);

    /// <summary>What an answer with a body means. Statuses that mean the same everywhere have been dealt with.</summary>
    SendOutcome Read(int status, string body);

    /// <summary>The receipts of a request the provider made to us; null when it is none.</summary>
    Task<IReadOnlyList<SmsReceipt>?> ReadReceiptsAsync(HttpRequest request, string body);

    /// <summary>What the provider expects as answer to its receipts.</summary>
    string ReceiptAnswer { get; }
}
