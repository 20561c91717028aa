using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Workflows.Persistence;

namespace Workflows.Host.Tasks;

/// <summary>
/// Contents of attachments, in files named by their hash under the data directory. Written whole under another name first, so a
/// file that is there is complete. Several hosts on one database need one folder.
/// </summary>
internal sealed class AttachmentFiles(IOptions<PersistenceOptions> options)
{
    /// <summary>Largest file in bytes.</summary>
    public const int MostBytes = 20 * 1024 * 1024;

    private const int LongestName = 200;
    private const string Zip = "PK";
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private static readonly Dictionary<string, (string Type, string Begins)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        [".pdf"] = ("application/pdf", "%PDF-"),
        [".png"] = ("image/png", "\u0089PNG\r\n"),
        [".jpg"] = ("image/jpeg", "\u00ff\u00d8\u00ff"),
        [".jpeg"] = ("image/jpeg", "\u00ff\u00d8\u00ff"),
        [".gif"] = ("image/gif", "GIF8"),
        [".webp"] = ("image/webp", "RIFF"),
        [".docx"] = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", Zip),
        [".xlsx"] = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Zip),
        [".pptx"] = ("application/vnd.openxmlformats-officedocument.presentationml.presentation", Zip),
        [".zip"] = ("application/zip", Zip),
        [".doc"] = ("application/msword", "\u00d0\u00cf\u0011\u00e0"),
        [".xls"] = ("application/vnd.ms-excel", "\u00d0\u00cf\u0011\u00e0"),
        [".ppt"] = ("application/vnd.ms-powerpoint", "\u00d0\u00cf\u0011\u00e0"),
        [".txt"] = ("text/plain; charset=utf-8", ""),
        [".csv"] = ("text/csv; charset=utf-8", ""),
    };

    private readonly string _folder = Path.Combine(options.Value.DataDirectory, "attachments");

    /// <summary>The last part of the name as sent, without what could mislead; null when nothing is left.</summary>
    public static string? SafeName(string? sent)
    {
        var name = string.Concat((sent ?? "")[((sent ?? "").LastIndexOfAny(['/', '\\']) + 1)..]
            .Where(c => !char.IsControl(c) && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format && c is not ('<' or '>' or ':' or '"' or '|' or '?' or '*'))).Trim(' ', '.');
        return name.Length == 0 ? null : name.Length > LongestName ? name[^LongestName..] : name;
    }

    public static bool IsKnown(string name) => Known.ContainsKey(Path.GetExtension(name));

    /// <summary>The type by extension and content together; null when it is not accepted or they disagree.</summary>
    public static string? TypeOf(string name, byte[] content)
    {
        if (content.Length == 0 || !Known.TryGetValue(Path.GetExtension(name), out var kind))
            return null;
        if (kind.Begins.Length == 0)
            return IsText(content) ? kind.Type : null;
        return content.AsSpan().StartsWith(Encoding.Latin1.GetBytes(kind.Begins)) && (kind.Type != "image/webp" || content.AsSpan(8).StartsWith("WEBP"u8)) ? kind.Type : null;
    }

    /// <summary>Keeps a content and answers its hash.</summary>
    public async Task<string> KeepAsync(byte[] content, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        var path = PathOf(hash);
        if (File.Exists(path))
            return hash;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var whole = $"{path}.{Guid.NewGuid():N}";
        await using (var file = new FileStream(whole, FileMode.CreateNew, FileAccess.Write))
        {
            await file.WriteAsync(content, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(whole, path, overwrite: true);
        return hash;
    }

    /// <summary>Null when the content is gone.</summary>
    public Stream? Open(string hash) => File.Exists(PathOf(hash)) ? new FileStream(PathOf(hash), FileMode.Open, FileAccess.Read, FileShare.Read) : null;

    private string PathOf(string hash) => Path.Combine(_folder, hash[..2], hash);

    private static bool IsText(byte[] content)
    {
        try
        {
            return !content.Contains((byte)0) && Strict.GetCharCount(content) > 0;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
