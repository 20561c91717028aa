using System.Text;
using System.Text.RegularExpressions;

namespace Workflows.Host.Tests.Messages;

/// <summary>A mail as a mail program would take it apart; as much of MIME as our own mails use.</summary>
internal sealed partial class ReadMail
{
    private readonly List<(string Name, string Value)> _headers = [];

    private ReadMail(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        foreach (var line in Folded().Replace(text[..end], " ").Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            _headers.Add((line[..colon], line[(colon + 1)..].Trim()));
        }

        var body = text[(end + 2)..];
        var type = Header("Content-Type") ?? "text/plain";
        Type = type.Split(';')[0].Trim().ToLowerInvariant();
        FileName = Name().Match(Header("Content-Disposition") ?? "") is { Success: true } disposed ? Decoded(disposed.Groups[1].Value) : Name().Match(type) is { Success: true } named ? Decoded(named.Groups[1].Value) : null;
        if (Boundary().Match(type) is { Success: true } boundary)
        {
            Parts = [.. body.Split("--" + boundary.Groups[1].Value).Skip(1).TakeWhile(p => !p.StartsWith("--", StringComparison.Ordinal)).Select(p => new ReadMail(p.TrimStart('\n')))];
            return;
        }

        Content = (Header("Content-Transfer-Encoding") ?? "").Equals("base64", StringComparison.OrdinalIgnoreCase) ? Convert.FromBase64String(body) : Encoding.Latin1.GetBytes(body);
    }

    public string Type { get; }

    public string? FileName { get; }

    public byte[] Content { get; } = [];

    public IReadOnlyList<ReadMail> Parts { get; } = [];

    public string Text => Encoding.UTF8.GetString(Content).ReplaceLineEndings("\n").TrimEnd('\n');

    /// <summary>This part and all below it.</summary>
    public IEnumerable<ReadMail> All => Parts.SelectMany(p => p.All).Prepend(this);

    public IReadOnlyList<string> HeaderNames => [.. _headers.Select(h => h.Name)];

    public static ReadMail Of(byte[] bytes) => new(Encoding.UTF8.GetString(bytes).ReplaceLineEndings("\n"));

    /// <summary>A header's value, decoded; null when there is none.</summary>
    public string? Header(string name) => _headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => Decoded(h.Value)).FirstOrDefault();

    private static string Decoded(string value)
    {
        // Characters may be cut between two words, so their bytes are joined first.
        var words = Word().Matches(value);
        if (words.Count == 0)
            return value;
        byte[] bytes = [.. words.SelectMany(w => w.Groups[1].Value.Equals("B", StringComparison.OrdinalIgnoreCase) ? Convert.FromBase64String(w.Groups[2].Value) : Quoted(w.Groups[2].Value))];
        return value[..words[0].Index] + Encoding.UTF8.GetString(bytes) + value[(words[^1].Index + words[^1].Length)..];
    }

    private static byte[] Quoted(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=')
                bytes.Add(Convert.FromHexString(text.AsSpan(i += 1, 2))[0]);
            else
                bytes.Add(text[i] == '_' ? (byte)' ' : (byte)text[i]);
            if (i > 0 && text[i - 1] == '=')
                i++;
        }

        return [.. bytes];
    }

    [GeneratedRegex(@"\n[ \t]+")]
    private static partial Regex Folded();

    [GeneratedRegex("name=\"?([^\";]+)\"?")]
    private static partial Regex Name();

    [GeneratedRegex("boundary=\"?([^\";]+)\"?")]
    private static partial Regex Boundary();

    [GeneratedRegex(@"=\?utf-8\?([BQ])\?([^?]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex Word();
}
