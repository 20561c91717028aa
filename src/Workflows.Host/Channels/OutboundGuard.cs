using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Workflows.Host.Channels;

/// <summary>
/// Keeps workflows from using this host as a proxy into its own network.
/// </summary>
/// <remarks>
/// What can go wrong: a definition names an inside address, spells it in an unusual way, uses a name that resolves to one, or
/// a server redirects there. The rules: only listed hosts; the address is checked when the socket connects, after every
/// resolution, so neither spelling nor a changing name helps; redirects are not followed.
/// </remarks>
internal sealed class OutboundGuard(IOptions<HttpChannelOptions> options)
{
    private static readonly (IPAddress Network, int Bits)[] Inside =
    [
        (IPAddress.Parse("0.0.0.0"), 8), (IPAddress.Parse("10.0.0.0"), 8), (IPAddress.Parse("100.64.0.0"), 10), (IPAddress.Parse("127.0.0.0"), 8),
        (IPAddress.Parse("169.254.0.0"), 16), (IPAddress.Parse("172.16.0.0"), 12), (IPAddress.Parse("192.0.0.0"), 24), (IPAddress.Parse("192.168.0.0"), 16),
        (IPAddress.Parse("198.18.0.0"), 15), (IPAddress.Parse("224.0.0.0"), 3), (IPAddress.Parse("::"), 127), (IPAddress.Parse("fc00::"), 7),
        (IPAddress.Parse("fe80::"), 10), (IPAddress.Parse("ff00::"), 8), (IPAddress.Parse("64:ff9b::"), 96), (IPAddress.Parse("2002::"), 16), (IPAddress.Parse("2001::"), 32),
    ];

    private static readonly IPNetwork[] InsideNetworks = [.. Inside.Select(n => new IPNetwork(n.Network, n.Bits))];

    private readonly HttpChannelOptions _options = options.Value;

    /// <summary>Why the address may not be called; null when it may.</summary>
    public string? Refusal(Uri uri)
    {
        if (!uri.IsAbsoluteUri || uri.Scheme is not ("http" or "https"))
            return "只允许 http 和 https 地址 (only http and https)";
        if (uri.UserInfo.Length > 0)
            return "地址中不得包含用户名或密码 (no credentials in the address)";
        return Lists(_options.AllowedHosts, uri.IdnHost, uri.Port) || Lists(_options.AllowedInsideHosts, uri.IdnHost, uri.Port)
            ? null
            : $"主机 {uri.IdnHost} 不在允许列表 Workflows:Http:AllowedHosts 中 (the host is not on the allow-list)";
    }

    /// <summary>Connects to the first permitted address of the host.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var mayBeInside = Lists(_options.AllowedInsideHosts, host, port);
        var permitted = (await Dns.GetHostAddressesAsync(host, cancellationToken)).Where(a => mayBeInside || !IsInside(a)).ToArray();
        if (permitted.Length == 0)
            throw new OutboundRefusedException($"主机 {host} 解析到内部地址，已拒绝 (the host resolves to an inside address)");

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(permitted, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal static bool IsInside(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return InsideNetworks.Any(n => n.BaseAddress.AddressFamily == plain.AddressFamily && n.Contains(plain));
    }

    private static bool Lists(string[] hosts, string host, int port) => hosts.Any(listed =>
    {
        var colon = listed.LastIndexOf(':');
        var hasPort = colon > 0 && !listed.EndsWith(']') && int.TryParse(listed[(colon + 1)..], out _);
        var name = hasPort ? listed[..colon] : listed;
        if (hasPort && listed[(colon + 1)..] != port.ToString(System.Globalization.CultureInfo.InvariantCulture))
            return false;
        return name.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase)
            : host.Equals(name, StringComparison.OrdinalIgnoreCase);
    });
}

/// <summary>The guard refused to connect; nothing was sent.</summary>
internal sealed class OutboundRefusedException(string message) : IOException(message);
