using System.Globalization;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Reading instants out of values.</summary>
internal static class LiquidDates
{
    private static readonly string[] Days = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日", "MMMM d, yyyy", "MMM d, yyyy", "d MMMM yyyy", "d MMM yyyy"];

    private static readonly string[] Times = ["", " H:mm", " H:mm:ss", " H:mm:ss.FFFFFFF", "'T'H:mm", "'T'H:mm:ss", "'T'H:mm:ss.FFFFFFF"];

    private static readonly string[] WithoutZone = [.. Days.SelectMany(day => Times.Select(time => day + time))];

    private static readonly string[] WithZone = [.. Days.SelectMany(day => Times.Skip(1).SelectMany(time => new[] { day + time + "zzz", day + time + " zzz", day + time + "'Z'" })), "ddd, dd MMM yyyy H:mm:ss zzz", "ddd, dd MMM yyyy H:mm:ss 'GMT'"];

    /// <summary>
    /// The instant a value names: ISO 8601 and the usual other ways to write a date, seconds since 1970, 'now', 'today'.
    /// Without a zone it is local time in <paramref name="zone"/>. Null when it is none.
    /// </summary>
    public static DateTimeOffset? Read(LiquidValue value, TimeZoneInfo zone, DateTimeOffset? now)
    {
        if (value.Kind == LiquidKind.Number)
            return FromSeconds(value);
        if (value.Kind != LiquidKind.Text || value.Text.Length > 60)
            return null;
        var text = value.Text.Trim();
        if (text is "now" or "today")
            return now;
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
            return LiquidNumbers.Parse(text) is { } seconds ? FromSeconds(seconds) : null;
        if (DateTime.TryParseExact(text, WithoutZone, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return AtZone(local, zone);
        return DateTimeOffset.TryParseExact(text, WithZone, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
    }

    private static DateTimeOffset? AtZone(DateTime local, TimeZoneInfo zone)
    {
        var offset = zone.GetUtcOffset(local);
        return local.Ticks - offset.Ticks is var ticks && ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks ? new DateTimeOffset(local, offset) : null;
    }

    private static DateTimeOffset? FromSeconds(LiquidValue seconds)
    {
        // 0001-01-02 to 9999-12-30.
        if (seconds is not { IsExact: true, Exact: > -62_135_500_000m and < 253_402_200_000m })
            return null;
        return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds.Exact * TimeSpan.TicksPerSecond));
    }
}
