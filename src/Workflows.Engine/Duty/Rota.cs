using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Workflows.Engine.Clocks;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Duty;

/// <summary>Who is on duty when: shifts whose people take turns, and stand-ins that go before them. One version.</summary>
public sealed record Rota : TimeRule
{
    public string TimeZone { get => field ?? "Asia/Shanghai"; init; }

    public required IReadOnlyList<RotaShift> Shifts { get; init; }

    public IReadOnlyList<RotaStandIn> StandIns { get => field ?? []; init; }
}

/// <summary>Hours of the day and the people who share them.</summary>
/// <param name="From">Local time the shift begins, 08:00.</param>
/// <param name="To">Local time it ends; not later than <paramref name="From"/> means on the next day.</param>
/// <param name="People">User names or role:x, in the order of their turns; whoever is paged next is the next of them.</param>
public sealed record RotaShift(string Name, TimeOnly From, TimeOnly To, IReadOnlyList<string> People)
{
    /// <summary>Weekdays on which it begins; all when empty.</summary>
    public IReadOnlyList<DayOfWeek> Days { get => field ?? []; init; }

    /// <summary>Days after which the next person's turn comes; 7 changes weekly.</summary>
    public int TurnDays { get => field == 0 ? 1 : field; init; }

    /// <summary>The day on which the first person's turn began.</summary>
    public DateOnly TurnsFrom { get; init; }
}

/// <summary>Somebody has duty in another's place, for a stretch of time.</summary>
public sealed record RotaStandIn(DateTimeOffset From, DateTimeOffset To, string Person, string? Note = null);

/// <summary>Pure questions to a rota, its written form, and what makes one unusable.</summary>
public static class RotaRules
{
    private static readonly RotaJson Shapes = new(new JsonSerializerOptions(RotaJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The rota that ships: the managers on duty, else the operations director.</summary>
    public static Rota Shipped { get; } = new()
    {
        Id = "duty",
        Name = "值班经理",
        NameEn = "Duty managers",
        Shifts = [new RotaShift("全天", new TimeOnly(0, 0), new TimeOnly(0, 0), ["role:duty_manager", "role:ops_director"]) { TurnDays = 36_500, TurnsFrom = new DateOnly(2025, 1, 1) }],
    };

    public static string Write(Rota rota) => JsonSerializer.Serialize(rota, Shapes.Rota);

    public static Rota Read(string json) => JsonSerializer.Deserialize(json, Shapes.Rota) ?? throw new JsonException("The rota is empty.");

    /// <summary>Identities in the order in which they are paged at an instant: stand-ins, then each shift that runs, whose turn it is first. Empty when nobody has duty.</summary>
    public static IReadOnlyList<string> OnDuty(Rota rota, DateTimeOffset at)
    {
        var zone = ShopTime.Find(rota.TimeZone) ?? ShopTime.China;
        var local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        var order = rota.StandIns.Where(e => e.From <= at && at < e.To).Select(e => e.Person).ToList();
        foreach (var shift in rota.Shifts)
        {
            if (BeganOn(shift, local) is { } day && shift.People.Count > 0)
                order.AddRange(InTurn(shift, day));
        }

        return [.. order.Distinct()];
    }

    /// <summary>Why a rota cannot be used; null when it can.</summary>
    public static (string Zh, string En)? Fault(Rota rota)
    {
        if (!rota.IsNamed)
            return ("值班表需要编号和名称", "a rota needs an id and a name");
        if (ShopTime.Find(rota.TimeZone) is null)
            return ($"未知的时区 {rota.TimeZone}", $"unknown time zone {rota.TimeZone}");
        if (rota.Shifts.Count is 0 or > 50)
            return ("值班表需要 1 到 50 个班次", "a rota has 1 to 50 shifts");
        if (rota.Shifts.FirstOrDefault(s => s.People is null or [] || s.People.Any(string.IsNullOrWhiteSpace) || string.IsNullOrWhiteSpace(s.Name)) is { } empty)
            return ($"班次“{empty.Name}”没有名称或值班人", $"the shift {empty.Name} has no name or nobody in it");
        if (rota.Shifts.Any(s => s.TurnDays is < 1 or > 36_500))
            return ("轮换天数必须大于零", "turns last at least a day");
        return rota.StandIns.Any(e => e.To <= e.From || string.IsNullOrWhiteSpace(e.Person))
            ? ("替班的时间颠倒或没有写人", "a stand-in is reversed or names nobody")
            : null;
    }

    /// <summary>The people of a shift that began on this day, whose turn it is first.</summary>
    public static IEnumerable<string> InTurn(RotaShift shift, DateOnly day)
    {
        var turns = Math.DivRem(day.DayNumber - shift.TurnsFrom.DayNumber, shift.TurnDays, out var rest) - (rest < 0 ? 1 : 0);
        var first = (int)(((turns % shift.People.Count) + shift.People.Count) % shift.People.Count);
        return shift.People.Skip(first).Concat(shift.People.Take(first));
    }

    private static DateOnly? BeganOn(RotaShift shift, DateTime local)
    {
        var (date, time) = (DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));
        bool Begins(DateOnly day) => shift.Days.Count == 0 || shift.Days.Contains(day.DayOfWeek);
        if (shift.From < shift.To)
            return Begins(date) && shift.From <= time && time < shift.To ? date : null;
        if (Begins(date) && time >= shift.From)
            return date;
        return Begins(date.AddDays(-1)) && time < shift.To ? date.AddDays(-1) : null;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Rota))]
internal sealed partial class RotaJson : JsonSerializerContext;
