using System.Globalization;
using Workflows.Engine.Calendars;
using Workflows.Engine.Clocks;
using Workflows.Engine.Duty;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Api;
using Workflows.Host.Security;
using Workflows.Host.Tasks;

namespace Workflows.Host.Clocks;

/// <summary>
/// Calendars, ladders and rotas. Everybody may read them, because everybody's deadlines follow from them; whoever designs processes
/// changes them. A change is a new version, and what runs keeps the old one.
/// </summary>
internal static class TimeRuleEndpoints
{
    private static readonly Problem VersionTaken = new(409, "changed-meanwhile", "他人刚刚修改过，请刷新后重试", "somebody else has just changed it; read it again");
    private static readonly Problem RuleRefused = new(422, "rule-refused", "内容未通过校验", "The content breaks its rules");

    internal sealed record VersionView(int Version, DateTimeOffset CreatedAt, PersonView CreatedBy, string? Note);

    internal sealed record CalendarDetail(WorkCalendar Calendar, IReadOnlyList<VersionView> Versions);

    internal sealed record SaveCalendar(string Name, CalendarKind Kind, string? NameEn = null, string? TimeZone = null, Dictionary<DayOfWeek, WorkHours[]>? Week = null, bool ObservesHolidays = false, string? Note = null);

    internal sealed record RecalculateCalendar(string? Reason = null);

    internal sealed record SaveLadder(string Name, LadderStep[] Steps, string? NameEn = null, string? Note = null, string? NoteEn = null, string? Calendar = null, string? Rota = null);

    internal sealed record SaveRota(string Name, RotaShift[] Shifts, RotaStandIn[]? StandIns = null, string? NameEn = null, string? TimeZone = null);

    internal sealed record OnDuty(DateTimeOffset At, IReadOnlyList<PersonView> People);

    public static void MapTimeRules(this IEndpointRouteBuilder api)
    {
        var calendars = api.MapGroup("/calendars").WithTags("time rules");
        calendars.MapGet("", (ITimeRulesSource rules) => Listed(rules.Current.Calendars)).Produces<Page<WorkCalendar>>().WithSummary("日历 (calendars)");
        calendars.MapGet("/{id}", GetCalendarAsync).Produces<CalendarDetail>().WithSummary("日历与历史版本 (a calendar and its versions)");
        calendars.MapGet("/{id}/due", Due).Produces<DueView>().WithSummary("试算截止时间 (try a due time)");
        var ladders = api.MapGroup("/ladders").WithTags("time rules");
        ladders.MapGet("", (ITimeRulesSource rules) => Listed(rules.Current.Ladders)).Produces<Page<Ladder>>().WithSummary("升级规则 (ladders)");
        var rotas = api.MapGroup("/rotas").WithTags("time rules");
        rotas.MapGet("", (ITimeRulesSource rules) => Listed(rules.Current.Rotas)).Produces<Page<Rota>>().WithSummary("值班表 (rotas)");
        rotas.MapGet("/{id}/on-duty", OnDutyAt).Produces<OnDuty>().WithSummary("谁在值班 (who is on duty)");

        var change = api.MapGroup("").RequireAuthorization(Rights.EditTimeRules).WithTags("time rules");
        change.MapPut("/calendars/{id}", SaveCalendarAsync).Accepts<SaveCalendar>("application/json").Produces<WorkCalendar>().WithSummary("新增或修改日历 (save a calendar; dryRun=true shows the effects)");
        change.MapPost("/calendars/{id}/years", ImportYearAsync).Accepts<HolidayYear>("application/json").Produces<WorkCalendar>().WithSummary("导入一年的节假日 (import a year; dryRun=true shows the effects)");
        change.MapPost("/calendars/{id}/recalculate", RecalculateAsync).WithMetadata(new BodyOptional()).Accepts<RecalculateCalendar>("application/json").Produces<CalendarEffects>().WithSummary("按新版日历重算进行中的时限 (recalculate running clocks; dryRun=true shows it only)");
        change.MapPut("/ladders/{id}", SaveLadderAsync).Accepts<SaveLadder>("application/json").Produces<Ladder>().WithSummary("新增或修改升级规则 (save a ladder)");
        change.MapPut("/rotas/{id}", SaveRotaAsync).Accepts<SaveRota>("application/json").Produces<Rota>().WithSummary("新增或修改值班表 (save a rota)");
    }

    private static IResult Listed<T>(IEnumerable<T> items) => Results.Json(new Page<T>([.. items], null), ApiJson.Options);

    private static async Task<IResult> GetCalendarAsync(string id, TimeRuleChanges changes, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        if (changes.Current.Calendar(id) is not { } found)
            return Refusals.NotFound;
        var versions = await changes.VersionsAsync(TimeRuleKind.Calendar, id, cancellationToken);
        return Results.Json(
            new CalendarDetail(found.Calendar, [.. versions.Select(v => new VersionView(v.Version, v.CreatedAt, new PersonView(v.CreatedBy, organisation.Current.DisplayName(v.CreatedBy)), v.Note))]),
            ApiJson.Options);
    }

    private static IResult Due(string id, HttpContext http, ITimeRulesSource rules, EngineClock clock)
    {
        if (rules.Current.Calendar(id) is not { } calendar)
            return Refusals.NotFound;
        var query = new QueryReader(http.Request, "start", "target", "unit");
        var unit = query.Enum<TimeUnit>("unit") ?? TimeUnit.WorkingDays;
        if (query.Problem is { } problem)
            return problem;
        if (!decimal.TryParse(query.Text("target"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            return Refusals.BadQuery.At("target", "not-a-number", "须为数字", "must be a number");
        var start = clock.GetUtcNow();
        if (query.Text("start") is { } text && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out start))
            return Refusals.BadQuery.At("start", "bad-date", "不是时间", "not an instant");
        var target = new TargetTime(amount, unit);
        if (target.Fault is { } fault)
            return Refusals.BadQuery.At("target", "bad-target", fault.Zh, fault.En);
        if (start.Year is < 2000 or > 2100)
            return Refusals.BadQuery.At("start", "out-of-range", "年份为 2000 到 2100", "the year is 2000 to 2100");
        try
        {
            return Results.Json(DueView.Of(DueTimes.Of(calendar, start, target)), ApiJson.Options);
        }
        catch (ArgumentException)
        {
            return Refusals.BadQuery.At("target", "out-of-range", "日历中没有这么多工作时间", "the calendar has too little working time for it");
        }
    }

    private static async Task<IResult> SaveCalendarAsync(string id, HttpContext http, Strict<SaveCalendar> body, Actor actor, TimeRuleChanges changes, CancellationToken cancellationToken)
    {
        var (sent, current) = (body.Value, changes.Current.Calendar(id)?.Calendar);
        var calendar = new WorkCalendar
        {
            Id = id,
            Version = (current?.Version ?? 0) + 1,
            Name = sent.Name.Trim(),
            NameEn = sent.NameEn,
            Kind = sent.Kind,
            TimeZone = sent.TimeZone ?? "Asia/Shanghai",
            Week = (sent.Week ?? []).ToDictionary(w => w.Key, w => (IReadOnlyList<WorkHours>)w.Value),
            ObservesHolidays = sent.ObservesHolidays,
            Years = current?.Years ?? [],
            Note = sent.Note,
        };
        return await ChangeCalendarAsync(http, calendar, actor, changes, cancellationToken);
    }

    private static async Task<IResult> ImportYearAsync(string id, HttpContext http, Strict<HolidayYear> body, Actor actor, TimeRuleChanges changes, CancellationToken cancellationToken)
    {
        if (changes.Current.Calendar(id)?.Calendar is not { } current)
            return Refusals.NotFound;
        if (!current.ObservesHolidays)
            return RuleRefused.At("$", "no-holidays", "此日历不使用节假日", "this calendar does not observe holidays");
        if (CalendarFile.Fault(body.Value) is { } fault)
            return RuleRefused.At("$", "bad-year", fault.Zh, fault.En);
        return await ChangeCalendarAsync(http, TimeRuleChanges.WithYear(current, body.Value) with { Version = current.Version + 1 }, actor, changes, cancellationToken);
    }

    private static async Task<IResult> ChangeCalendarAsync(HttpContext http, WorkCalendar calendar, Actor actor, TimeRuleChanges changes, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "dryRun");
        var isTrial = query.Flag("dryRun") == true;
        if (query.Problem is { } problem)
            return problem;
        if (CalendarFile.Fault(calendar) is { } fault)
            return RuleRefused.At("$", "bad-calendar", fault.Zh, fault.En);
        if (isTrial)
            return StoredAnswer.Of(await changes.PreviewAsync(calendar, cancellationToken));
        return await changes.SaveAsync(calendar, actor.Name, cancellationToken) ? StoredAnswer.Of(calendar) : VersionTaken;
    }

    private static async Task<IResult> RecalculateAsync(string id, HttpContext http, Strict<RecalculateCalendar> body, Actor actor, TimeRuleChanges changes, CancellationToken cancellationToken)
    {
        if (changes.Current.Calendar(id)?.Calendar is not { } calendar)
            return Refusals.NotFound;
        var query = new QueryReader(http.Request, "dryRun");
        var isTrial = query.Flag("dryRun") == true;
        if (query.Problem is { } problem)
            return problem;
        return StoredAnswer.Of(isTrial ? await changes.PreviewAsync(calendar, cancellationToken) : await changes.RecalculateAsync(calendar, actor.Name, body.Value.Reason, cancellationToken));
    }

    private static async Task<IResult> SaveLadderAsync(string id, Strict<SaveLadder> body, Actor actor, TimeRuleChanges changes, CancellationToken cancellationToken)
    {
        var (sent, current) = (body.Value, changes.Current.Ladder(id));
        var ladder = new Ladder { Id = id, Version = (current?.Version ?? 0) + 1, Name = sent.Name.Trim(), NameEn = sent.NameEn, Note = sent.Note, NoteEn = sent.NoteEn, Calendar = sent.Calendar ?? ShippedCalendars.Office, Rota = sent.Rota ?? "duty", Steps = sent.Steps };
        var problem = LadderFile.Fault(ladder) is { } fault ? RuleRefused.At("$", "bad-ladder", fault.Zh, fault.En) : null;
        if (changes.Current.Calendar(ladder.Calendar) is null)
            problem = RuleRefused.At("$.calendar", "unknown-calendar", "没有此日历", "no such calendar");
        return problem ?? (await changes.SaveAsync(ladder, actor.Name, cancellationToken) ? StoredAnswer.Of(ladder) : (IResult)VersionTaken);
    }

    private static async Task<IResult> SaveRotaAsync(string id, Strict<SaveRota> body, Actor actor, TimeRuleChanges changes, CancellationToken cancellationToken)
    {
        var (sent, current) = (body.Value, changes.Current.Rota(id));
        var rota = new Rota { Id = id, Version = (current?.Version ?? 0) + 1, Name = sent.Name.Trim(), NameEn = sent.NameEn, TimeZone = sent.TimeZone ?? "Asia/Shanghai", Shifts = sent.Shifts, StandIns = sent.StandIns ?? [] };
        if (RotaRules.Fault(rota) is { } fault)
            return RuleRefused.At("$", "bad-rota", fault.Zh, fault.En);
        return await changes.SaveAsync(rota, actor.Name, cancellationToken) ? StoredAnswer.Of(rota) : VersionTaken;
    }

    private static IResult OnDutyAt(string id, HttpContext http, ITimeRulesSource rules, IOrganisationSource organisation, EngineClock clock)
    {
        if (rules.Current.Rota(id) is not { } rota)
            return Refusals.NotFound;
        var query = new QueryReader(http.Request, "at");
        var at = clock.GetUtcNow();
        if (query.Problem is { } problem)
            return problem;
        if (query.Text("at") is { } text && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at))
            return Refusals.BadQuery.At("at", "bad-date", "不是时间", "not an instant");
        var people = RotaRules.OnDuty(rota, at).SelectMany(organisation.Current.Behind).DistinctBy(p => p.UserName);
        return Results.Json(new OnDuty(at, [.. people.Select(p => new PersonView(p.UserName, p.DisplayName))]), ApiJson.Options);
    }
}
