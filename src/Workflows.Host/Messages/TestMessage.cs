using System.Text.Json.Nodes;
using Workflows.Engine.Messages;
using Workflows.Engine.Storage;
using Workflows.Host.Channels.Mail;

namespace Workflows.Host.Messages;

/// <summary>Shows an operator whether the settings work: connects and signs in at once, then sends a message on the way all others take.</summary>
internal sealed class TestMessage(GatewayList gateways, IMailTransport mail, MessageComposer composer, TemplateBook book, IDeliveryStore deliveries, MessageSignal signal)
{
    private const string Event = "test";

    /// <summary>The key of the message that is on its way, or what is wrong.</summary>
    public async Task<(string? Key, string? Error)> SendAsync(string channel, string to, CancellationToken cancellationToken)
    {
        await book.RefreshAsync(cancellationToken);
        if (channel == MessageChannels.Email && gateways.IsConfigured(channel) && await mail.CheckAsync(cancellationToken) is var outcome and not SendOutcome.Accepted)
            return (null, ErrorOf(outcome));
        var key = $"test-{Guid.NewGuid():N}";
        var draft = new MessageDraft(key, "", null, Event, Severity.High, "测试消息", "这是一条测试消息。", null, new JsonObject(), []);
        var (planned, _) = composer.DeliveryOf(draft, key, channel, new Receiver(null, to));
        if (planned.Delivery.State == DeliveryState.Failed)
            return (null, planned.Delivery.LastError);
        await deliveries.AddAsync([planned with { DedupeKey = null, DailyLimit = null }], [], [], cancellationToken);
        signal.Give();
        return (key, null);
    }

    internal static string ErrorOf(SendOutcome outcome) => outcome switch
    {
        SendOutcome.NotTaken notTaken => notTaken.Error,
        SendOutcome.Refused refused => refused.Error,
        SendOutcome.Doubtful doubtful => doubtful.Error,
        _ => "",
    };
}
