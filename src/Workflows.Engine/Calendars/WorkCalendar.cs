using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Workflows.Engine.Clocks;

namespace Workflows.Engine.Calendars;

/// <summary>What a calendar is for.</summary>
public enum CalendarKind
{
    /// <summary>Every minute counts.</summary>
    Always,

    /// <summary>Weekly hours, public holidays and make-up workdays.</summary>
    Office,

    /// <summary>Weekly hours that a holiday does not change; a shift may end after midnight.</summary>
    Shift,
}

/// <summary>
/// One version of a working calendar, whole in itself: hours, holidays and make-up workdays. A clock keeps the version it was started
/// with, so a change of the calendar changes nothing that was promised before (approval-domain: "stored facts + versioned calendar").
/// </summary>
public sealed record WorkCalendar : TimeRule
{
    public CalendarKind Kind { get; init; }

    /// <summary>IANA name of the zone in which days and hours are meant.</summary>
    public string TimeZone { get => field ?? "Asia/Shanghai"; init; }

    /// <summary>Working hours by weekday; a weekday that is not named is free.</summary>
    public IReadOnlyDictionary<DayOfWeek, IReadOnlyList<WorkHours>> Week { get => field ?? new Dictionary<DayOfWeek, IReadOnlyList<WorkHours>>(); init; }

    /// <summary>True when public holidays are free and make-up workdays worked; a year without data is then only provisionally known.</summary>
    public bool ObservesHolidays { get; init; }

    /// <summary>The weekday whose hours a make-up workday has; Monday unless stated.</summary>
    public DayOfWeek? MakeUpHoursOf { get; init; }

    /// <summary>The years whose holidays are known, one entry each.</summary>
    public IReadOnlyList<HolidayYear> Years { get => field ?? []; init; }

    /// <summary>Why this version was made.</summary>
    public string? Note { get; init; }
}

/// <summary>Minutes of a day, from local midnight; <paramref name="To"/> beyond 1440 is on the next day (a shift over midnight).</summary>
[JsonConverter(typeof(WorkHoursConverter))]
public readonly record struct WorkHours(int From, int To)
{
    public const int MinutesOfDay = 24 * 60;

    /// <summary>As it is written: 09:00-12:00, 20:00-26:00.</summary>
    public override string ToString() => $"{From / 60:00}:{From % 60:00}-{To / 60:00}:{To % 60:00}";
}

/// <summary>Hours in JSON: "09:00-12:00".</summary>
public sealed class WorkHoursConverter : JsonConverter<WorkHours>
{
    public override WorkHours Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var ends = (reader.TokenType == JsonTokenType.String ? reader.GetString()! : "").Split('-');
        return ends.Length == 2 ? new WorkHours(Minute(ends[0]), Minute(ends[1])) : throw new JsonException("Hours are written 09:00-12:00.");
    }

    public override void Write(Utf8JsonWriter writer, WorkHours value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    private static int Minute(string text)
    {
        var parts = text.Trim().Split(':');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hour)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minute)
            && hour <= 48 && minute < 60
            ? (hour * 60) + minute
            : throw new JsonException($"'{text}' is not a time of day; hours are written 09:00-12:00.");
    }
}

/// <summary>The holidays and make-up workdays of one year, as the notice of the State Council gives them each November.</summary>
/// <param name="Source">Where the data comes from; shown beside deadlines that depend on it.</param>
/// <param name="Off">Days off.</param>
/// <param name="Work">Make-up workdays (调休上班).</param>
public sealed record HolidayYear(int Year, string Source, IReadOnlyList<HolidaySpan> Off, IReadOnlyList<HolidaySpan> Work);

/// <summary>Days in a row, both ends included.</summary>
public sealed record HolidaySpan(DateOnly From, DateOnly To, string Name, string? NameEn = null);
