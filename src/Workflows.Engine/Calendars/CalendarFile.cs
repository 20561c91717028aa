using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Calendars;

/// <summary>The written form of calendars and of holiday years (hours as "09:00-12:00", dates as yyyy-MM-dd), and what makes one unusable.</summary>
public static class CalendarFile
{
    private static readonly CalendarJson Shapes = new(new JsonSerializerOptions(CalendarJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string Write(WorkCalendar calendar) => JsonSerializer.Serialize(calendar, Shapes.WorkCalendar);

    public static WorkCalendar Read(string json) => JsonSerializer.Deserialize(json, Shapes.WorkCalendar) ?? throw new JsonException("The calendar is empty.");

    public static IReadOnlyList<WorkCalendar> ReadAll(string json) => JsonSerializer.Deserialize(json, Shapes.WorkCalendarArray)!;

    public static HolidayYear ReadYear(string json) => JsonSerializer.Deserialize(json, Shapes.HolidayYear) ?? throw new JsonException("The year is empty.");

    public static string WriteYear(HolidayYear year) => JsonSerializer.Serialize(year, Shapes.HolidayYear);

    /// <summary>Why a calendar cannot be used; null when it can.</summary>
    public static (string Zh, string En)? Fault(WorkCalendar calendar)
    {
        if (!calendar.IsNamed)
            return ("日历需要编号和名称", "a calendar needs an id and a name");
        if (ShopTime.Find(calendar.TimeZone) is null)
            return ($"未知的时区 {calendar.TimeZone}", $"unknown time zone {calendar.TimeZone}");
        if (calendar.Kind == CalendarKind.Always)
            return null;
        if (calendar.Week.Values.All(h => h.Count == 0))
            return ("每周至少要有一段工作时间", "some hour of the week must be worked");
        if (calendar.ObservesHolidays && !calendar.Week.ContainsKey(calendar.MakeUpHoursOf ?? DayOfWeek.Monday))
            return ("调休上班日需要有对应的工作时间", "make-up workdays need the hours of a worked weekday");
        foreach (var (day, hours) in calendar.Week)
        {
            for (var i = 0; i < hours.Count; i++)
            {
                if (hours[i].From < 0 || hours[i].From >= hours[i].To || hours[i].To > 2 * WorkHours.MinutesOfDay || (i > 0 && hours[i].From < hours[i - 1].To))
                    return ($"{day} 的工作时间颠倒或重叠", $"the hours of {day} are reversed or overlap");
            }

            var next = (DayOfWeek)(((int)day + 1) % 7);
            // A make-up workday may follow any day, so a shift over midnight must leave room on every morning.
            var mornings = calendar.Week.Where(w => w.Key == next || calendar.ObservesHolidays).Where(w => w.Value.Count > 0).Select(w => w.Value[0].From);
            if (hours.Count > 0 && mornings.Any(morning => hours[^1].To - WorkHours.MinutesOfDay > morning))
                return ($"{day} 的夜班与次日的工作时间重叠", $"the shift of {day} runs into the next day's hours");
        }

        return calendar.Years.Select(Fault).FirstOrDefault(f => f is not null)
            ?? (calendar.Years.GroupBy(y => y.Year).FirstOrDefault(g => g.Count() > 1) is { } twice ? ($"{twice.Key} 年出现两次", $"{twice.Key} appears twice") : null);
    }

    /// <summary>Why the data of a year cannot be used: dates of another year, days that are both off and worked, or nothing at all.</summary>
    public static (string Zh, string En)? Fault(HolidayYear year)
    {
        if (year.Year is < 2000 or > 2100)
            return ($"年份 {year.Year} 不合理", $"the year {year.Year} makes no sense");
        if (string.IsNullOrWhiteSpace(year.Source))
            return ("请注明数据来源", "say where the data comes from");
        // A year whose list is empty by mistake would turn every holiday into a workday.
        if (year.Off is null or [] || year.Work is null)
            return ("没有放假日期", "there is no day off in it");
        var days = new Dictionary<DateOnly, bool>();
        foreach (var (span, isOff) in year.Off.Select(s => (s, true)).Concat(year.Work.Select(s => (s, false))))
        {
            if (span.To < span.From || span.From.Year != year.Year || span.To.Year != year.Year || string.IsNullOrWhiteSpace(span.Name))
                return ($"{span.From:yyyy-MM-dd} 至 {span.To:yyyy-MM-dd} 不在 {year.Year} 年内、颠倒或没有名称", $"{span.From:yyyy-MM-dd} to {span.To:yyyy-MM-dd} is outside {year.Year}, reversed, or has no name");
            for (var day = span.From; day <= span.To; day = day.AddDays(1))
            {
                if (!days.TryAdd(day, isOff))
                    return ($"{day:yyyy-MM-dd} 出现两次", $"{day:yyyy-MM-dd} appears twice");
            }
        }

        return null;
    }

    internal static string Text(WorkHours hours) => $"{hours.From / 60:00}:{hours.From % 60:00}-{hours.To / 60:00}:{hours.To % 60:00}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(WorkCalendar))]
[JsonSerializable(typeof(WorkCalendar[]))]
[JsonSerializable(typeof(HolidayYear))]
internal sealed partial class CalendarJson : JsonSerializerContext;
