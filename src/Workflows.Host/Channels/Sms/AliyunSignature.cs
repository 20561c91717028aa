using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Workflows.Host.Channels.Sms;

/// <summary>Signatures of Alibaba Cloud: ACS3-HMAC-SHA256 (V3) and the older RPC signature (V1).</summary>
internal static class AliyunSignature
{
    public const string Algorithm = "ACS3-HMAC-SHA256";

    /// <summary>V3. <paramref name="headers"/> are those that are signed: host and all x-acs ones.</summary>
    public static string Acs3(string method, string path, IEnumerable<KeyValuePair<string, string>> query, IEnumerable<KeyValuePair<string, string>> headers, string payloadHash, string secret)
    {
        var signed = headers.Select(h => KeyValuePair.Create(h.Key.ToLowerInvariant(), h.Value.Trim())).OrderBy(h => h.Key, StringComparer.Ordinal).ToList();
        var request = string.Join('\n', method, path, Query(query), string.Concat(signed.Select(h => $"{h.Key}:{h.Value}\n")), Names(signed), payloadHash);
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{Algorithm}\n{Hash(Encoding.UTF8.GetBytes(request))}")));
    }

    /// <summary>V1: signature of a request that carries everything in its query.</summary>
#pragma warning disable CA5350 // The older signature is HMAC-SHA1 by the vendor's definition.
    public static string Rpc(string method, IEnumerable<KeyValuePair<string, string>> query, string secret) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret + "&"), Encoding.UTF8.GetBytes($"{method}&{Encode("/")}&{Encode(Query(query))}")));
#pragma warning restore CA5350

    public static string Names(IEnumerable<KeyValuePair<string, string>> headers) => string.Join(';', headers.Select(h => h.Key.ToLowerInvariant()).Order(StringComparer.Ordinal));

    public static string Query(IEnumerable<KeyValuePair<string, string>> query) =>
        string.Join('&', query.OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => $"{Encode(q.Key)}={Encode(q.Value)}"));

    public static string Hash(byte[] payload) => Convert.ToHexStringLower(SHA256.HashData(payload));

    /// <summary>RFC 3986: everything but letters, digits and -_.~ as its UTF-8 bytes.</summary>
    private static string Encode(string text)
    {
        var encoded = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~')
                encoded.Append((char)b);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return encoded.ToString();
    }
}
