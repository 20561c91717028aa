using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Host.Schedules;

/// <summary>
/// When a trigger of a published definition starts instances. Its nominal instants follow from the definition alone, never
/// from when anything fired, so that every host at every time works out the same ones.
/// </summary>
/// <param name="DefinitionId">What is started.</param>
/// <param name="ActivityId">The trigger's activity.</param>
/// <param name="Since">When the version was published; no instant before it counts.</param>
internal abstract record Schedule(string DefinitionId, string ActivityId, DateTimeOffset Since)
{
    public const string CronType = "Elsa.Cron";
    public const string TimerType = "Elsa.Timer";
    public const string StartAtType = "Elsa.StartAt";

    public static readonly IReadOnlyList<string> Types = [CronType, TimerType, StartAtType];

    /// <summary>Same for every version and host: a new version must not start again what an old one started.</summary>
    public string Id => $"{DefinitionId}/{ActivityId}";

    /// <summary>The key of one start.</summary>
    public string KeyOf(DateTimeOffset nominal) => string.Create(CultureInfo.InvariantCulture, $"schedule:{Id}:{nominal.UtcTicks}");

    /// <summary>The first nominal instant after another; null when there is none.</summary>
    public abstract DateTimeOffset? NextAfter(DateTimeOffset instant);

    /// <summary>The schedule of a trigger; null when its data make none (the validator reports that at publication).</summary>
    public static Schedule? Of(StoredTrigger trigger, DateTimeOffset since)
    {
        var data = trigger.Payload as JsonObject ?? [];
        return trigger.Name switch
        {
            CronType when Text(data, "cronExpression") is { } text && CronExpression.TryParse(text, out var cron, out _) => new Recurring(trigger.DefinitionId, trigger.ActivityId, since, cron),
            TimerType when Duration(Text(data, "interval")) is { } interval && interval > TimeSpan.Zero => new Every(trigger.DefinitionId, trigger.ActivityId, since, interval),
            StartAtType when DateTimeOffset.TryParse(Text(data, "dateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) => new Once(trigger.DefinitionId, trigger.ActivityId, since, at),
            _ => null,
        };
    }

    private static string? Text(JsonObject data, string member) =>
        data.FirstOrDefault(m => m.Key.Equals(member, StringComparison.OrdinalIgnoreCase)).Value is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static TimeSpan? Duration(string? text)
    {
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span))
            return span;
        try
        {
            return text is null ? null : XmlConvert.ToTimeSpan(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    internal sealed record Recurring(string DefinitionId, string ActivityId, DateTimeOffset Since, CronExpression Cron) : Schedule(DefinitionId, ActivityId, Since)
    {
        public override DateTimeOffset? NextAfter(DateTimeOffset instant) => Cron.Next(instant < Since ? Since : instant);
    }

    /// <summary>After one interval, after two, and so on, counted from the publication.</summary>
    internal sealed record Every(string DefinitionId, string ActivityId, DateTimeOffset Since, TimeSpan Interval) : Schedule(DefinitionId, ActivityId, Since)
    {
        public override DateTimeOffset? NextAfter(DateTimeOffset instant) =>
            Since + TimeSpan.FromTicks(Interval.Ticks * (instant < Since ? 1 : ((instant - Since).Ticks / Interval.Ticks) + 1));
    }

    /// <summary>Once; an instant that was past at publication is made up for at once.</summary>
    internal sealed record Once(string DefinitionId, string ActivityId, DateTimeOffset Since, DateTimeOffset At) : Schedule(DefinitionId, ActivityId, Since)
    {
        public override DateTimeOffset? NextAfter(DateTimeOffset instant) => instant < At ? At : null;
    }
}
