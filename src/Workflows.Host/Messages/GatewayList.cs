using Workflows.Engine.Messages;

namespace Workflows.Host.Messages;

/// <summary>Which gateways are configured, by name.</summary>
internal sealed class GatewayList(IEnumerable<IMessageGateway> gateways)
{
    private readonly Dictionary<string, IMessageGateway> _byName = gateways.ToDictionary(g => g.Name, StringComparer.Ordinal);

    public IEnumerable<IMessageGateway> All => _byName.Values;

    public IMessageGateway? Find(string name) => _byName.GetValueOrDefault(name);

    public bool IsConfigured(string channel) => _byName.ContainsKey(NameOf(channel));

    /// <summary>The gateway of a channel: "mail", "sms"; robots and webhooks are named one by one ("robot:ops").</summary>
    public static string NameOf(string channel) => channel switch
    {
        MessageChannels.Email => "mail",
        MessageChannels.Sms => "sms",
        _ => channel,
    };
}
