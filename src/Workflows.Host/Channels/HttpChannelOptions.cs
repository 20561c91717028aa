using System.ComponentModel.DataAnnotations;

namespace Workflows.Host.Channels;

/// <summary>Where workflows may send HTTP requests: section "Workflows:Http".</summary>
internal sealed class HttpChannelOptions
{
    public const string Section = "Workflows:Http";

    /// <summary>
    /// Hosts that workflows may call, as "host" or "host:port"; "*.example.com" takes in all below. Empty: none. A listed
    /// host that resolves to an inside address is still refused unless it is listed under <see cref="AllowedInsideHosts"/>.
    /// </summary>
    public string[] AllowedHosts { get; set; } = [];

    /// <summary>Listed hosts that may resolve to loopback, private or link-local addresses (a service of one's own).</summary>
    public string[] AllowedInsideHosts { get; set; } = [];

    /// <summary>Longest time of one request, answer included.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest answer that is read, in bytes.</summary>
    [Range(1_024, 16 * 1024 * 1024)]
    public int LargestAnswer { get; set; } = 256 * 1024;
}
