namespace Workflows.Engine.Expressions;

/// <summary>Time zones by name, on machines with and without time zone data.</summary>
public static class ShopTime
{
    /// <summary>Asia/Shanghai, or a fixed +08:00 where the machine has no time zone data.</summary>
    public static TimeZoneInfo China { get; } = Known("Asia/Shanghai")
        ?? TimeZoneInfo.CreateCustomTimeZone("Asia/Shanghai", TimeSpan.FromHours(8), "Asia/Shanghai", "China Standard Time");

    /// <summary>The zone of a name such as "Asia/Shanghai"; null when the machine does not know it.</summary>
    public static TimeZoneInfo? Find(string name) => name == China.Id ? China : Known(name);

    private static TimeZoneInfo? Known(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
}
