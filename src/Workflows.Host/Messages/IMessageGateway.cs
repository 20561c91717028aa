using Workflows.Engine.Messages;

namespace Workflows.Host.Messages;

/// <summary>What an attempt to hand a message to a gateway came to.</summary>
internal abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>The gateway took it.</summary>
    /// <param name="GatewayId">Its number at the gateway, by which receipts may name it.</param>
    public sealed record Accepted(string? GatewayId = null) : SendOutcome;

    /// <summary>It was certainly not taken, and another try may help.</summary>
    /// <param name="GatewayAtFault">True when the same would happen to any message: no connection, a refused password, throttling.</param>
    public sealed record NotTaken(string Error, bool GatewayAtFault, TimeSpan? RetryAfter = null) : SendOutcome;

    /// <summary>Refused for good; the same message will be refused again.</summary>
    public sealed record Refused(string Error) : SendOutcome;

    /// <summary>The answer was lost: it may or may not have been taken.</summary>
    public sealed record Doubtful(string Error) : SendOutcome;
}

/// <summary>
/// Hands messages of one channel to one receiver: an SMTP server, an SMS provider, a robot, a webhook. Called outside every
/// transaction, after the attempt was recorded.
/// </summary>
internal interface IMessageGateway
{
    /// <summary>Name in deliveries, settings and logs: "mail", "sms", "robot:ops", "webhook:erp".</summary>
    string Name { get; }

    /// <summary>Most messages under way at once; a gateway that hangs keeps these places and no others.</summary>
    int Places { get; }

    /// <summary>True when the receiver honours the delivery's key, so that a repeat is harmless.</summary>
    bool IsKeyed { get; }

    /// <summary>True when the gateway tells later whether the message arrived.</summary>
    bool GivesReceipts { get; }

    /// <summary>Makes one attempt. Answers every foreseeable trouble as an outcome; an exception counts as doubtful.</summary>
    Task<SendOutcome> SendAsync(Delivery delivery, CancellationToken cancellationToken);
}
