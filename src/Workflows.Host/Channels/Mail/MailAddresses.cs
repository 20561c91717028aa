using System.Globalization;
using System.Net.Mail;

namespace Workflows.Host.Channels.Mail;

/// <summary>Mail addresses as the envelope may carry them.</summary>
internal static class MailAddresses
{
    private const int Longest = 254;
    private static readonly IdnMapping Domains = new() { UseStd3AsciiRules = true };

    /// <summary>
    /// One plain address, its domain in ASCII. Refused: none or several, display names, comments, control characters, anything
    /// that could end the command or add a recipient, and local parts outside ASCII, which not every server takes.
    /// </summary>
    public static bool TryNormalise(string? text, out string address)
    {
        address = "";
        text = text?.Trim();
        if (text is not { Length: > 2 and <= Longest } || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or ',' or ';' or '"' or '(' or ')' or '\\' or ':' or '[' or ']'))
            return false;
        var at = text.LastIndexOf('@');
        if (at < 1 || at == text.Length - 1 || text.IndexOf('@', StringComparison.Ordinal) != at || !text[..at].All(char.IsAscii))
            return false;
        try
        {
            address = $"{text[..at]}@{Domains.GetAscii(text[(at + 1)..]).ToLowerInvariant()}";
            return MailAddress.TryCreate(address, out var parsed) && parsed.Address == address;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
