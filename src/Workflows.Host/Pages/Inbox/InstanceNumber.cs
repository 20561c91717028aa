using System.Globalization;
using System.Text.RegularExpressions;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.Inbox;

/// <summary>The number people read and say instead of an id: the day and the id's last six characters, 20261122-A3F9C1.</summary>
internal static partial class InstanceNumber
{
    private const int Digits = 6;

    public static string Of(string id, DateTimeOffset createdAt) =>
        $"{Moments.Local(createdAt).ToString("yyyyMMdd", CultureInfo.InvariantCulture)}-{End(id).ToUpperInvariant()}";

    /// <summary>What an id ends with when a person typed a number; null when the text is none.</summary>
    public static string? EndIn(string text) => Written().Match(text.Trim()) is { Success: true } match ? match.Groups[1].Value.ToLowerInvariant() : null;

    private static string End(string id) => id.Length > Digits ? id[^Digits..] : id;

    [GeneratedRegex("^(?:20[0-9]{6})-?([0-9A-Za-z-]{6})$")]
    private static partial Regex Written();
}
