using System.Globalization;
using Workflows.Engine.Calendars;
using Workflows.Engine.Clocks;
using Workflows.Engine.Execution;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;
using Workflows.Host.Api;
using Workflows.Host.Instances;
using Workflows.Host.Security;

namespace Workflows.Host.Clocks;

/// <summary>Clocks of instances and tasks: what runs, why it is due then, and recalculating, which is shown first with dryRun=true.</summary>
internal static class ClockEndpoints
{
    private const int LongestReason = 2_000;

    /// <param name="Target">Another amount of time; null keeps it.</param>
    /// <param name="Unit">Unit of the amount.</param>
    /// <param name="Anchor">Another anchor date (yyyy-MM-dd) or instant, for clocks counted from one.</param>
    /// <param name="NewestCalendar">Go over to the newest version of its calendar.</param>
    internal sealed record Recalculation(decimal? Target = null, TimeUnit? Unit = null, string? Anchor = null, bool NewestCalendar = false, string? Reason = null);

    /// <summary>What a recalculation would bring, or has brought.</summary>
    internal sealed record RecalculationPlan(System.Text.Json.Nodes.JsonNode Plan);

    public static void MapClocks(this IEndpointRouteBuilder api)
    {
        api.MapGet("/instances/{id}/clocks", ListAsync).Produces<Page<ClockView>>().WithTags("clocks").WithSummary("流程的时限 (clocks of an instance)");
        var clocks = api.MapGroup("/clocks").WithTags("clocks");
        clocks.MapGet("/{id}", GetAsync).Produces<ClockDetail>().WithSummary("时限与计算过程 (a clock, explained line by line)");
        clocks.MapPost("/{id}/recalculate", RecalculateAsync).Accepts<Recalculation>("application/json").Produces<ClockDetail>().WithSummary("重新计算时限 (recalculate; dryRun=true shows it only)");
    }

    private static async Task<IResult> ListAsync(string id, HttpContext http, Actor actor, InstanceAccess access, IClockRowStore clocks, EngineClock clock, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(id, actor, cancellationToken) is null)
            return Refusals.NotFound;
        var query = new QueryReader(http.Request, "open");
        var open = query.Flag("open");
        if (query.Problem is { } problem)
            return problem;
        var found = await clocks.ListAsync(new ClockQuery { InstanceId = id, OpenOnly = open == true, Limit = 1_000 }, cancellationToken);
        return Results.Json(new Page<ClockView>([.. found.Select(c => ClockView.Of(c, clock.GetUtcNow()))], null), ApiJson.Options);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, Actor actor, InstanceAccess access, IClockRowStore clocks, ITimeRulesSource rules, EngineClock clock, CancellationToken cancellationToken)
    {
        if (await clocks.FindAsync(id, cancellationToken) is not { } found || await access.FindAsync(found.InstanceId, actor, cancellationToken) is null)
            return Refusals.NotFound;
        return new QueryReader(http.Request).Problem is { } problem ? problem : Results.Json(DetailOf(found, rules.Current, clock.GetUtcNow()), ApiJson.Options);
    }

    private static async Task<IResult> RecalculateAsync(
        string id, HttpContext http, Strict<Recalculation> body, Actor actor, InstanceAccess access, IClockRowStore clocks, WorkflowRuntime runtime, ITimeRulesSource rules, EngineClock clock, CancellationToken cancellationToken)
    {
        if (await clocks.FindAsync(id, cancellationToken) is not { } found || await access.FindAsync(found.InstanceId, actor, cancellationToken) is not { } instance)
            return Refusals.NotFound;
        if (!actor.MayOperateOn(instance.DefinitionId))
            return Refusals.NotAllowed;
        var query = new QueryReader(http.Request, "dryRun");
        var isTrial = query.Flag("dryRun") == true;
        if (query.Problem is { } wrong)
            return wrong;
        var (target, refused) = TargetOf(body.Value, found.Clock, rules.Current);
        if (refused is not null)
            return refused;
        if (body.Value.Reason is { Length: > LongestReason })
            return Refusals.BadBody.At("$.reason", "out-of-range", $"最多 {LongestReason} 字", $"at most {LongestReason} characters");

        var command = new ClockCommand(id, target, body.Value.NewestCalendar, body.Value.Reason, actor.Name, isTrial);
        var delivery = await runtime.DeliverAsync(found.InstanceId, new Stimulus.ActOnClock(command), null, cancellationToken);
        if (delivery is Delivery.Refused { Verdict: TaskVerdict.Planned planned })
            return StoredAnswer.Of(new RecalculationPlan(planned.Plan));
        if (delivery is not Delivery.Applied)
            return delivery.ToAnswer(_ => Refusals.StateConflict, Refusals.InstanceFinished);
        var after = await clocks.FindAsync(id, cancellationToken);
        return StoredAnswer.Of(DetailOf(after!, rules.Current, clock.GetUtcNow()));
    }

    private static (TargetTime? Target, Problem? Problem) TargetOf(Recalculation body, RunningClock clock, TimeRules rules)
    {
        if (body is { Target: null, Unit: null, Anchor: null })
            return body.NewestCalendar ? (null, null) : (null, Refusals.BadBody.At("$", "nothing-to-do", "请填写新的时限、基准日期或 newestCalendar", "give a target, an anchor or newestCalendar"));
        var target = clock.Target with { Amount = body.Target ?? clock.Target.Amount, Unit = body.Unit ?? clock.Target.Unit };
        if (body.Anchor is { } anchor)
        {
            if (clock.Target.Anchor is null)
                return (null, Refusals.BadBody.At("$.anchor", "no-anchor", "此时限不是按日期推算的", "this clock is not counted from a date"));
            var zone = rules.Calendar(clock.Calendar, clock.CalendarVersion)!.Zone;
            if (DateOnly.TryParseExact(anchor, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                target = target with { Anchor = new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), zone.GetUtcOffset(date.ToDateTime(TimeOnly.MinValue))), AnchorIsDate = true };
            else if (DateTimeOffset.TryParse(anchor, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
                target = target with { Anchor = instant, AnchorIsDate = false };
            else
                return (null, Refusals.BadBody.At("$.anchor", "bad-date", "不是日期或时间", "not a date or an instant"));
        }

        return target.Fault is { } fault ? (null, Refusals.BadBody.At("$.target", "bad-target", fault.Zh, fault.En)) : (target, null);
    }

    private static ClockDetail DetailOf(StoredClock found, TimeRules rules, DateTimeOffset now) => new(
        ClockView.Of(found, now),
        DueView.Of(ClockRules.Explain(found.Clock, rules)),
        found.Clock.IsRunning ? [.. ClockRules.Points(found.Clock, rules).OrderBy(p => p.At).ThenBy(p => p.Kind).Select(ClockPointView.Of)] : []);
}
