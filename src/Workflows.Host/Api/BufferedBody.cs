using System.Security.Cryptography;
using System.Text;

namespace Workflows.Host.Api;

/// <summary>The request's body, read once and kept, because both the parser and the idempotency fingerprint need its bytes.</summary>
internal sealed class BufferedBody
{
    /// <summary>Largest JSON body in bytes.</summary>
    public const int JsonLimit = 2 * 1024 * 1024;

    /// <summary>Largest CSV body in bytes; larger files go through the import command.</summary>
    public const int CsvLimit = 16 * 1024 * 1024;

    private BufferedBody(byte[]? bytes) => Bytes = bytes;

    /// <summary>Null when the body exceeded its limit.</summary>
    public byte[]? Bytes { get; }

    /// <summary>Reads the body at the first call; later calls answer what was read.</summary>
    public static async Task<BufferedBody> OfAsync(HttpContext context)
    {
        if (context.Features.Get<BufferedBody>() is { } known)
            return known;
        var limit = context.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()?.Bytes ?? JsonLimit;
        var body = new BufferedBody(context.Request.ContentLength > limit ? null : await ReadAsync(context, limit));
        context.Features.Set(body);
        return body;
    }

    /// <summary>Hash over method, address and body: two requests with the same key must agree in it.</summary>
    public string Fingerprint(HttpRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData(Bytes ?? []);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static async Task<byte[]?> ReadAsync(HttpContext context, int limit)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            if (kept.Length + read > limit)
                return null;
            kept.Write(buffer, 0, read);
        }

        return kept.ToArray();
    }
}

/// <summary>An endpoint's own limit of the body.</summary>
internal sealed record BodyLimit(int Bytes);
