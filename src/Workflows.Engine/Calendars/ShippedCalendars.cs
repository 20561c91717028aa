using System.Reflection;

namespace Workflows.Engine.Calendars;

/// <summary>What the product brings along: three calendars and the public holidays of 2025 and 2026. Stored at the first start; managers change the stored ones.</summary>
public static class ShippedCalendars
{
    public const string Always = "24x7";
    public const string Office = "office";

    public static IReadOnlyList<HolidayYear> Years { get; } = [CalendarFile.ReadYear(Read("holidays-2025.json")), CalendarFile.ReadYear(Read("holidays-2026.json"))];

    public static IReadOnlyList<WorkCalendar> All { get; } = [.. CalendarFile.ReadAll(Read("calendars.json")).Select(c => c.ObservesHolidays ? c with { Years = Years } : c)];

    internal static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Workflows.Engine.Calendars.Data.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
