using System.Security.Cryptography;
using System.Text;

namespace Workflows.Engine.Messages;

/// <summary>How requests of ours are signed: HMAC-SHA256 over the timestamp in seconds, a dot, and the body.</summary>
public static class RequestSignature
{
    public const string TimestampHeader = "X-Workflows-Timestamp";

    /// <summary>"sha256=" and the signature in hex.</summary>
    public const string Header = "X-Workflows-Signature";

    /// <summary>What stands in the header after "sha256=".</summary>
    public static string Of(string secret, string timestamp, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp + "."), .. body];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }
}
