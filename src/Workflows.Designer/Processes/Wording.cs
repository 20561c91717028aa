using System.Globalization;
using Workflows.Engine.Expressions;

namespace Workflows.Designer.Processes;

/// <summary>The language of a page. Public, as everything a Razor component takes must be.</summary>
public sealed record Wording(bool IsChinese)
{
    private static readonly Dictionary<string, (string Zh, string En)> Areas = new(StringComparer.Ordinal)
    {
        ["product"] = ("商品", "Products"),
        ["promotion"] = ("活动", "Promotions"),
        ["order"] = ("订单", "Orders"),
        ["service"] = ("客服", "Customer service"),
        ["user"] = ("用户", "Users"),
        ["inventory"] = ("库存", "Stock"),
        ["system"] = ("系统", "Systems"),
        ["report"] = ("报表与协同", "Reports and collaboration"),
        ["emergency"] = ("应急", "Emergencies"),
        ["compliance"] = ("合规", "Compliance"),
        ["improvement"] = ("改进与考核", "Improvement"),
        ["other"] = ("其他", "Other"),
    };

    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["天"] = "days",
        ["小时"] = "hours",
        ["分钟"] = "minutes",
        ["秒"] = "seconds",
        ["工作日"] = "working days",
        ["工作小时"] = "working hours",
        ["次"] = "times",
        ["件"] = "pieces",
        ["元"] = "yuan",
        ["人"] = "people",
        ["款"] = "products",
    };

    /// <summary>Business areas in the order the pages show them.</summary>
    public static IReadOnlyList<string> AreaKeys { get; } = [.. Areas.Keys];

    public string this[string zh, string en] => IsChinese ? zh : en;

    /// <summary>Name of a business area; a name that is no key stands for itself.</summary>
    public string Area(string key) => Areas.TryGetValue(key, out var name) ? this[name.Zh, name.En] : key;

    /// <summary>A unit of a parameter; one that is not among the usual ones stands for itself.</summary>
    public string Unit(string unit) => IsChinese ? unit : Units.GetValueOrDefault(unit, unit);

    /// <summary>The unit behind an amount: 1 day, 2 days.</summary>
    public string Unit(string unit, string amount) => !IsChinese && amount == "1" && Units.TryGetValue(unit, out var several) && unit is not "元" ? several.TrimEnd('s') : Unit(unit);

    /// <summary>A moment in the shop's time zone.</summary>
    public static string Moment(DateTimeOffset at, TimeZoneInfo? zone) =>
        TimeZoneInfo.ConvertTime(at, zone ?? TimeZoneInfo.Utc).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static TimeZoneInfo? ZoneOf(string name) => ShopTime.Find(name);
}
