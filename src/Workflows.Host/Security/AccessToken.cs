using System.Buffers.Text;
using System.Security.Cryptography;

namespace Workflows.Host.Security;

/// <summary>A bearer token: 256 random bits for the caller, their SHA-256 for the database.</summary>
internal static class AccessToken
{
    /// <summary>What keys of programs begin with, so that one that leaked is recognised.</summary>
    public const string KeyPrefix = "wfk_";

    private const int Bytes = 32;

    public static (string Token, string Hash) Create()
    {
        var secret = RandomNumberGenerator.GetBytes(Bytes);
        return (Base64Url.EncodeToString(secret), Convert.ToHexString(SHA256.HashData(secret)));
    }

    /// <summary>The hash a token is stored under; null when the text cannot be a token.</summary>
    public static string? HashOf(string token)
    {
        Span<byte> secret = stackalloc byte[Bytes];
        return token.Length == Base64Url.GetEncodedLength(Bytes) && TryDecode(token, secret)
            ? Convert.ToHexString(SHA256.HashData(secret))
            : null;
    }

    /// <summary>Text that is no base64, loose bits in its last character included, is an exception of the decoder and a plain "no" here.</summary>
    private static bool TryDecode(string token, Span<byte> secret)
    {
        try
        {
            return Base64Url.TryDecodeFromChars(token, secret, out var written) && written == Bytes;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
