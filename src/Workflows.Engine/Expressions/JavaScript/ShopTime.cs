namespace Workflows.Engine.Expressions.JavaScript;

/// <summary>The time zone of the shop when nothing else is set: China.</summary>
internal static class ShopTime
{
    /// <summary>Asia/Shanghai, or a fixed +08:00 where the machine has no time zone data.</summary>
    public static TimeZoneInfo China { get; } = TimeZoneInfo.TryFindSystemTimeZoneById("Asia/Shanghai", out var zone)
        ? zone
        : TimeZoneInfo.CreateCustomTimeZone("Asia/Shanghai", TimeSpan.FromHours(8), "Asia/Shanghai", "China Standard Time");
}
