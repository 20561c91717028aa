using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Workflows.Host.Messages;

/// <summary>How messages are told and retold: section "Workflows:Messages". Times of day are the shop's.</summary>
internal sealed class MessageOptions
{
    public const string Section = "Workflows:Messages";

    /// <summary>Address of this host as people's browsers know it; links in mails begin with it.</summary>
    [Required]
    public string PublicUrl { get; set; } = "http://localhost:5080";

    /// <summary>Fixed address named in SMS, where the code is typed in; empty for {PublicUrl}/s. Providers want it registered and unchanging.</summary>
    public string ShortUrl { get; set; } = "";

    /// <summary>From when to when mails and SMS below severity High are held back; equal times switch it off.</summary>
    [RegularExpression(TimeOfDay)]
    public string QuietFrom { get; set; } = "22:00";

    [RegularExpression(TimeOfDay)]
    public string QuietUntil { get; set; } = "07:30";

    /// <summary>When the digest of what is not urgent goes out.</summary>
    [MinLength(1)]
    public string[] DigestAt { get; set; } = ["09:00", "14:00"];

    /// <summary>The same event of the same task or case to the same person by the same channel within this time is one message.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DedupeWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A message of severity High or Critical that has not arrived after this goes to the next channel, then to the manager.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan FallbackAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Tries before a message is given up on.</summary>
    [Range(1, 1_000)]
    public int MostAttempts { get; set; } = 20;

    /// <summary>Tries without an answer after which a message becomes unknown, at gateways that do not honour keys: each may be a duplicate.</summary>
    [Range(1, 100)]
    public int MostDoubts { get; set; } = 3;

    /// <summary>Age at which a message that could not be sent is given up on.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Wait before the second try; it doubles from try to try, up to half an hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a receipt is waited for before a message whose answer was lost is sent again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ReceiptPatience { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Faults of a gateway in a row after which it is left alone for a while.</summary>
    [Range(1, 10)]
    public int BreakerFaults { get; set; } = 5;

    /// <summary>For how long at first; it doubles up to five minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan BreakerPause { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a host owns a message it is sending; a crashed host's are taken over after this. An attempt is cut off at four fifths.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(2);

    private const string TimeOfDay = "^([01][0-9]|2[0-3]):[0-5][0-9]$";

    public string Page(string path) => PublicUrl.TrimEnd('/') + path;

    public string ShortPage => ShortUrl.Length > 0 ? ShortUrl : Page("/s");

    internal (TimeSpan From, TimeSpan Until) Quiet => (Parse(QuietFrom), Parse(QuietUntil));

    internal IReadOnlyList<TimeSpan> Digests => [.. DigestAt.Select(Parse).Order()];

    public IEnumerable<string> FindFaults()
    {
        if (!Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return "PublicUrl 须为 http(s) 地址 (PublicUrl must be an http or https address)";
        if (!DigestAt.All(t => TimeSpan.TryParseExact(t, "hh\\:mm", CultureInfo.InvariantCulture, out var time) && time < TimeSpan.FromDays(1)))
            yield return "DigestAt 须为 HH:mm (times of day)";
    }

    private static TimeSpan Parse(string text) => TimeSpan.ParseExact(text, "hh\\:mm", CultureInfo.InvariantCulture);
}
