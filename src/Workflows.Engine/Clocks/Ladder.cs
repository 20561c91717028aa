using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Workflows.Engine.Calendars;

namespace Workflows.Engine.Clocks;

/// <summary>
/// Who is told when a clock runs out, step by step (catalogue 0.3). One version; a clock keeps the version it started with. A ladder
/// tells; it never decides.
/// </summary>
public sealed record Ladder : TimeRule
{
    public string? Note { get; init; }

    public string? NoteEn { get; init; }

    /// <summary>Calendar of steps in working days: whoever is told works in an office, whatever the clock runs on.</summary>
    public string Calendar { get => field ?? ShippedCalendars.Office; init; }

    /// <summary>Rota of the word "duty"; the one named so when absent.</summary>
    public string Rota { get => field ?? "duty"; init; }

    public required IReadOnlyList<LadderStep> Steps { get; init; }
}

/// <summary>
/// One step. Exactly one of <see cref="Percent"/>, <see cref="Before"/>, <see cref="After"/> and <see cref="Every"/> says when.
/// </summary>
public sealed record LadderStep
{
    /// <summary>Of the clock's length, pauses left out; 100 is the breach, more is after it.</summary>
    public int? Percent { get; init; }

    /// <summary>So much before the due time; left out when that is before the start.</summary>
    public decimal? Before { get; init; }

    /// <summary>So much after the due time.</summary>
    public decimal? After { get; init; }

    /// <summary>Again and again after the due time, one level of managers higher each time.</summary>
    public decimal? Every { get; init; }

    /// <summary>Unit of before, after and every: minutes, hours, days or working days.</summary>
    public TimeUnit Unit { get; init; }

    /// <summary>How often at most, for <see cref="Every"/>.</summary>
    public int Times { get => field == 0 ? 10 : field; init; }

    /// <summary>assignee; manager, manager:2 (of whoever has it), manager:next (for every); duty, duty:rota; role:x, group:x, or a user name.</summary>
    public required IReadOnlyList<string> Tell { get; init; }

    /// <summary>site, email, sms.</summary>
    public required IReadOnlyList<string> By { get; init; }

    /// <summary>Identities who may take the task over from then on.</summary>
    public IReadOnlyList<string> OfferTo { get => field ?? []; init; }

    /// <summary>Role above which nobody is told, for manager:next.</summary>
    public string? UpTo { get; init; }
}

/// <summary>The written form of ladders, those that ship, and what makes one unusable.</summary>
public static class LadderFile
{
    private const int MostSteps = 20;

    private static readonly LadderJson Shapes = new(new JsonSerializerOptions(LadderJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static IReadOnlyList<Ladder> Shipped { get; } = JsonSerializer.Deserialize(TimeRules.ReadShipped("ladders.json"), Shapes.LadderArray)!;

    public static string Write(Ladder ladder) => JsonSerializer.Serialize(ladder, Shapes.Ladder);

    public static Ladder Read(string json) => JsonSerializer.Deserialize(json, Shapes.Ladder) ?? throw new JsonException("The ladder is empty.");

    /// <summary>Why a ladder cannot be used; null when it can.</summary>
    public static (string Zh, string En)? Fault(Ladder ladder)
    {
        if (!ladder.IsNamed)
            return ("升级规则需要编号和名称", "a ladder needs an id and a name");
        if (ladder.Steps.Count is 0 or > MostSteps)
            return ($"升级规则需要 1 到 {MostSteps} 步", $"a ladder has 1 to {MostSteps} steps");
        for (var n = 0; n < ladder.Steps.Count; n++)
        {
            if (Fault(ladder.Steps[n]) is { } fault)
                return ($"第 {n + 1} 步：{fault.Zh}", $"step {n + 1}: {fault.En}");
        }

        return null;
    }

    private static (string Zh, string En)? Fault(LadderStep step)
    {
        decimal?[] times = [step.Percent, step.Before, step.After, step.Every];
        if (times.Count(t => t is not null) != 1)
            return ("必须且只能写一个时间：percent、before、after 或 every", "say exactly one of percent, before, after and every");
        if (times.Any(t => t is <= 0 or > 10_000))
            return ("时间必须大于 0 且不超过 10000", "the time must be more than 0 and at most 10,000");
        if (step.Percent is null && step.Unit is not (TimeUnit.Minutes or TimeUnit.Hours or TimeUnit.Days or TimeUnit.WorkingDays))
            return ("单位只能是分钟、小时、天或工作日", "the unit is minutes, hours, days or working days");
        if (step.Unit == TimeUnit.WorkingDays && times.OfType<decimal>().Any(t => step.Percent is null && t != decimal.Truncate(t)))
            return ("工作日必须是整数", "working days are whole numbers");
        if (step.Times is < 1 or > 100)
            return ("重复次数为 1 到 100", "a step repeats 1 to 100 times");
        if (step.Tell.Count == 0 || step.Tell.Any(string.IsNullOrWhiteSpace))
            return ("没有写通知谁", "nobody to tell");
        return step.By.Count == 0 || step.By.Any(b => b is not ("site" or "email" or "sms"))
            ? ("通知方式为 site、email 或 sms", "told by site, email or sms")
            : null;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Ladder))]
[JsonSerializable(typeof(Ladder[]))]
internal sealed partial class LadderJson : JsonSerializerContext;
