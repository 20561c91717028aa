using System.Globalization;

namespace Workflows.Host.Api;

/// <summary>Days as people type them, in the shop's time zone.</summary>
internal static class ShopDay
{
    /// <summary>yyyy-MM-dd; null for anything else, and for years no order was placed in.</summary>
    public static DateOnly? Read(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and < 2200 ? day : null;
}
