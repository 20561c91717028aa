using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Workflows.Host.Channels.Sms;

/// <summary>Signature of Tencent Cloud: TC3-HMAC-SHA256.</summary>
internal static class TencentSignature
{
    public const string Algorithm = "TC3-HMAC-SHA256";

    /// <summary>Signs a POST of a JSON body. <paramref name="headers"/> are those that are signed, with their values as sent.</summary>
    public static string Sign(string service, IEnumerable<KeyValuePair<string, string>> headers, byte[] body, DateTimeOffset at, string secret)
    {
        var signed = headers.Select(h => KeyValuePair.Create(h.Key.ToLowerInvariant(), h.Value.Trim().ToLowerInvariant())).OrderBy(h => h.Key, StringComparer.Ordinal).ToList();
        var request = string.Join('\n', "POST", "/", "", string.Concat(signed.Select(h => $"{h.Key}:{h.Value}\n")), Names(signed), Hash(body));
        var text = string.Join('\n', Algorithm, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), Scope(service, at), Hash(Encoding.UTF8.GetBytes(request)));
        var day = Hmac(Encoding.UTF8.GetBytes("TC3" + secret), Day(at));
        return Convert.ToHexStringLower(Hmac(Hmac(Hmac(day, service), "tc3_request"), text));
    }

    public static string Scope(string service, DateTimeOffset at) => $"{Day(at)}/{service}/tc3_request";

    public static string Names(IEnumerable<KeyValuePair<string, string>> headers) => string.Join(';', headers.Select(h => h.Key.ToLowerInvariant()).Order(StringComparer.Ordinal));

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
