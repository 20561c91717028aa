using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Calendars;
using Workflows.Engine.Clocks;
using Workflows.Engine.Duty;
using Workflows.Engine.Expressions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Clocks;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.Clocks;

/// <summary>工作日历, 升级规则, 值班表: readable for everybody, changed by whoever designs processes. What was typed comes back with every refusal.</summary>
internal static class ClockPages
{
    private const int DaysShown = 7;
    private const int MostRows = 50;

    /// <summary>The week as people here write it.</summary>
    internal static readonly IReadOnlyList<DayOfWeek> Week = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary>Name of the box that says whether a shift begins on a weekday.</summary>
    internal static string WeekdayField(int shift, DayOfWeek day) => $"day{shift}.{(int)day}";

    internal static string WeekdayOf(DayOfWeek day, Texts t) => t["rules.week"].Split('|')[((int)day + 6) % 7];

    public static void MapClockPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/calendars", ShowCalendarAsync);
        pages.MapPost("/calendars", ChangeCalendarAsync).RequireAuthorization(Rights.EditTimeRules);
        pages.MapGet("/ladders", ShowLaddersAsync);
        pages.MapPost("/ladders", ChangeLadderAsync).RequireAuthorization(Rights.EditTimeRules);
        pages.MapGet("/rotas", ShowRotasAsync);
        pages.MapPost("/rotas", ChangeRotaAsync).RequireAuthorization(Rights.EditTimeRules);
    }

    private static async Task<IResult> ShowCalendarAsync(HttpContext http, Actor actor, PageFrame frame, TimeRuleChanges changes, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        return await CalendarAsync(page, http, actor, changes, organisation.Current, new YearImport(), 200, cancellationToken);
    }

    private static async Task<IResult> ChangeCalendarAsync(HttpContext http, Actor actor, PageFrame frame, TimeRuleChanges changes, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var typed = new YearImport(posted.Text("year").Trim(), posted.Text("source").Trim(), posted.Text("days"));
        Task<IResult> Again(YearImport import, int status = 200) => CalendarAsync(page, http, actor, changes, organisation.Current, import, status, cancellationToken);
        if (changes.Current.Calendar(http.Request.Query["id"].ToString())?.Calendar is not { ObservesHolidays: true } current)
            return PageFrame.Refuse(page, 404);

        if (posted.Text("do") == "recalculate")
        {
            var done = await changes.RecalculateAsync(current, actor.Name, null, cancellationToken);
            return await Again(typed with { Effects = page.T.With("rules.recalculated", done.Running, done.Moved, done.Late) });
        }

        var (year, problem) = Read(typed, page.T);
        if (year is not null && CalendarFile.Fault(year) is { } fault)
            problem = page.T.IsChinese ? fault.Zh : fault.En;
        if (problem is not null)
            return await Again(typed with { Problem = problem }, 422);
        var next = TimeRuleChanges.WithYear(current, year!) with { Version = current.Version + 1 };
        if (posted.Text("do") != "import")
            return await Again(Told(typed, await changes.PreviewAsync(next, cancellationToken), "rules.effects", page.T));
        if (!await changes.SaveAsync(next, actor.Name, cancellationToken))
            return await Again(typed with { Problem = page.T["rules.taken"] }, 409);
        return await Again(Told(new YearImport(), await changes.PreviewAsync(next, cancellationToken), "rules.imported", page.T));
    }

    private static async Task<IResult> ShowLaddersAsync(HttpContext http, Actor actor, PageFrame frame, TimeRuleChanges changes, CancellationToken cancellationToken) =>
        Ladders(await frame.OfAsync(http, actor, cancellationToken), actor, changes, null, 200);

    private static async Task<IResult> ChangeLadderAsync(HttpContext http, Actor actor, PageFrame frame, TimeRuleChanges changes, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        if (changes.Current.Ladder(posted.Text("id")) is not { } current)
            return PageFrame.Refuse(page, 404);
        var steps = new List<LadderStep>();
        string? problem = null;
        for (var n = 0; n < MostRows && posted.Form.ContainsKey($"when{n}"); n++)
        {
            // A row without a number is taken out.
            if (posted.Text($"number{n}").Trim() is not { Length: > 0 } text)
                continue;
            if (!decimal.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || !Enum.TryParse<TimeUnit>(posted.Text($"unit{n}"), out var unit))
            {
                problem = page.T.With("rules.badNumber", n + 1);
                number = 1;
                unit = TimeUnit.Hours;
            }

            var step = new LadderStep { Tell = Words(posted.Text($"tell{n}")), By = [.. posted.Form[$"by{n}"].OfType<string>()], OfferTo = Words(posted.Text($"offer{n}")), UpTo = n < current.Steps.Count ? current.Steps[n].UpTo : null, Times = n < current.Steps.Count ? current.Steps[n].Times : 0 };
            steps.Add(posted.Text($"when{n}") switch
            {
                "before" => step with { Before = number, Unit = unit },
                "after" => step with { After = number, Unit = unit },
                "every" => step with { Every = number, Unit = unit },
                _ => step with { Percent = (int)number },
            });
        }

        var changed = current with { Steps = steps };
        if (LadderFile.Fault(changed) is { } fault)
            problem ??= page.T.IsChinese ? fault.Zh : fault.En;
        if (problem is null && (posted.Text("version") != current.Version.ToString(CultureInfo.InvariantCulture) || !await changes.SaveAsync(changed, actor.Name, cancellationToken)))
            problem = page.T["rules.taken"];
        return problem is null ? Results.LocalRedirect($"/ladders?m=rules#{Uri.EscapeDataString(current.Id)}") : Ladders(page, actor, changes, (changed, problem), 422);
    }

    private static async Task<IResult> ShowRotasAsync(HttpContext http, Actor actor, PageFrame frame, TimeRuleChanges changes, IOrganisationSource organisation, CancellationToken cancellationToken) =>
        Rotas(await frame.OfAsync(http, actor, cancellationToken), actor, changes, organisation.Current, null, 200);

    private static async Task<IResult> ChangeRotaAsync(HttpContext http, Actor actor, PageFrame frame, TimeRuleChanges changes, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        if (changes.Current.Rota(posted.Text("id")) is not { } current)
            return PageFrame.Refuse(page, 404);
        var shifts = new List<RotaShift>();
        string? problem = null;
        for (var n = 0; n < MostRows && posted.Form.ContainsKey($"people{n}"); n++)
        {
            if (Words(posted.Text($"people{n}")) is not { Count: > 0 } people)
                continue;
            if (people.FirstOrDefault(p => organisation.Current.Behind(p).Count == 0) is { } unknown)
                problem = page.T.With("rules.unknownPerson", unknown);
            if (!TimeOnly.TryParse(posted.Text($"from{n}"), CultureInfo.InvariantCulture, out var from) | !TimeOnly.TryParse(posted.Text($"to{n}"), CultureInfo.InvariantCulture, out var to)
                | !DateOnly.TryParse(posted.Text($"since{n}"), CultureInfo.InvariantCulture, out var since) | !int.TryParse(posted.Text($"turn{n}"), NumberStyles.None, CultureInfo.InvariantCulture, out var turn))
                problem ??= page.T.With("rules.badShift", n + 1);
            IReadOnlyList<DayOfWeek> days = [.. Week.Where(d => posted.Text(WeekdayField(n, d)).Length > 0)];
            if (days.Count == 0)
                problem ??= page.T.With("rules.noWeekday", n + 1);
            // Every day of the week is written as none in particular.
            shifts.Add(new RotaShift(posted.Text($"name{n}").Trim(), from, to, people) { TurnDays = turn, TurnsFrom = since, Days = days.Count == Week.Count ? [] : days });
        }

        var standIns = current.StandIns.Where(s => s.To > page.Now).ToList();
        if (posted.Text("standIn").Trim() is { Length: > 0 } person)
        {
            if (organisation.Current.Behind(person).Count == 0)
                problem = page.T.With("rules.unknownPerson", person);
            if (Local(posted.Text("standInFrom")) is { } begins && Local(posted.Text("standInTo")) is { } ends)
                standIns.Add(new RotaStandIn(begins, ends, person));
            else
                problem ??= page.T["rules.badStandIn"];
        }

        var changed = current with { Shifts = shifts, StandIns = standIns };
        if (RotaRules.Fault(changed) is { } fault)
            problem ??= page.T.IsChinese ? fault.Zh : fault.En;
        if (problem is null && (posted.Text("version") != current.Version.ToString(CultureInfo.InvariantCulture) || !await changes.SaveAsync(changed, actor.Name, cancellationToken)))
            problem = page.T["rules.taken"];
        return problem is null ? Results.LocalRedirect($"/rotas?m=rules#{Uri.EscapeDataString(current.Id)}") : Rotas(page, actor, changes, organisation.Current, (changed, problem), 422);
    }

    private static async Task<IResult> CalendarAsync(PageContext page, HttpContext http, Actor actor, TimeRuleChanges changes, OrganisationSnapshot people, YearImport import, int status, CancellationToken cancellationToken)
    {
        var id = http.Request.Query["id"].ToString() is { Length: > 0 } asked ? asked : ShippedCalendars.Office;
        if (changes.Current.Calendar(id) is not { } time)
            return PageFrame.Refuse(page, 404);
        var today = time.DateOf(page.Now);
        var month = DateOnly.TryParseExact(http.Request.Query["month"].ToString() + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var chosen) && chosen.Year is >= 2000 and <= 2100
            ? chosen
            : new DateOnly(today.Year, today.Month, 1);
        var first = month.AddDays(-(((int)month.DayOfWeek + 6) % 7));
        var versions = await changes.VersionsAsync(TimeRuleKind.Calendar, id, cancellationToken);
        var model = new CalendarModel
        {
            Calendar = time.Calendar,
            Others = [.. changes.Current.Calendars],
            Month = month,
            Days = [.. Enumerable.Range(0, (month.AddMonths(1).DayNumber - first.DayNumber + 6) / 7 * 7).Select(n => Cell(time.Day(first.AddDays(n)), month, today, page.T))],
            IsKnown = time.Day(month).IsKnown,
            Hours = HoursOf(time.Calendar, page.T),
            Trial = Try(http, time, page),
            Versions = [.. versions.Select(v => page.T.With("rules.versionLine", v.Version, Moments.Full(v.CreatedAt), v.CreatedBy == "system" ? page.T["trail.system"] : people.DisplayName(v.CreatedBy), v.Note ?? page.T["rules.shipped"]))],
            MayEdit = actor.MayEditTimeRules,
            Import = import,
        };
        return new RazorComponentResult<CalendarPage>(new { Page = page, Model = model }) { StatusCode = status };
    }

    private static RazorComponentResult<LaddersPage> Ladders(PageContext page, Actor actor, TimeRuleChanges changes, (Ladder Typed, string Problem)? refused, int status)
    {
        IReadOnlyList<LadderCard> cards = [.. changes.Current.Ladders.Select(l => refused?.Typed.Id == l.Id ? Card(refused.Value.Typed, refused.Value.Problem) : Card(l, null))];
        return new RazorComponentResult<LaddersPage>(new { Page = page, Cards = cards, MayEdit = actor.MayEditTimeRules }) { StatusCode = status };

        LadderCard Card(Ladder ladder, string? problem) => new(ladder, [.. ladder.Steps.Select(s => Line(s, page.T))], problem);
    }

    private static RazorComponentResult<RotasPage> Rotas(PageContext page, Actor actor, TimeRuleChanges changes, OrganisationSnapshot people, (Rota Typed, string Problem)? refused, int status)
    {
        IReadOnlyList<RotaCard> cards = [.. changes.Current.Rotas.Select(r => refused?.Typed.Id == r.Id ? Card(refused.Value.Typed, refused.Value.Problem) : Card(r, null))];
        return new RazorComponentResult<RotasPage>(new { Page = page, Cards = cards, MayEdit = actor.MayEditTimeRules }) { StatusCode = status };

        RotaCard Card(Rota rota, string? problem)
        {
            var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(page.Now, ShopTime.Find(rota.TimeZone) ?? ShopTime.China).DateTime);
            var days = Enumerable.Range(0, DaysShown).Select(today.AddDays).Select(day => new RotaDay(
                DayOf(day, page.T),
                [.. rota.Shifts.Where(s => s.People.Count > 0 && (s.Days.Count == 0 || s.Days.Contains(day.DayOfWeek))).Select(s => (s.Name, $"{s.From:HH:mm}–{(s.To == TimeOnly.MinValue ? "24:00" : s.To.ToString("HH:mm", CultureInfo.InvariantCulture))}", Names([.. RotaRules.InTurn(s, day)], people, page.T)))]));
            return new RotaCard(rota, [.. RotaRules.OnDuty(rota, page.Now).SelectMany(people.Behind).Select(p => p.DisplayName).Distinct()], [.. days], problem);
        }
    }

    private static DayCell Cell(WorkDay day, DateOnly month, DateOnly today, Texts t)
    {
        var outside = day.Date.Month != month.Month;
        var (kind, mark) = day.Kind switch
        {
            WorkDayKind.Holiday => ("holiday", t["rules.markOff"]),
            WorkDayKind.MakeUp => ("makeup", t["rules.markWork"]),
            WorkDayKind.Free => ("free", ""),
            _ => ("work", ""),
        };
        var spoken = $"{DayOf(day.Date, t)} {t["rules.day." + kind]} {day.Name}";
        var name = day.Kind is WorkDayKind.Holiday or WorkDayKind.MakeUp ? t.IsChinese ? day.Name : day.NameEn ?? day.Name : null;
        return new DayCell(day.Date, outside ? kind + " outside" : kind, mark, name, day.Date == today, spoken);
    }

    private static DueTrial Try(HttpContext http, WorkTime time, PageContext page)
    {
        var query = http.Request.Query;
        var (typed, amount) = (query["start"].ToString(), query["amount"].ToString().Trim());
        var unit = Enum.TryParse<TimeUnit>(query["unit"].ToString(), out var known) && Enum.IsDefined(known) ? known : TimeUnit.WorkingDays;
        var start = Local(typed) ?? page.Now;
        var trial = new DueTrial(Moments.Local(start).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture), amount.Length == 0 ? "3" : amount, unit, [], null);
        if (amount.Length == 0)
            return trial;
        if (!decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || start.Year is < 2000 or > 2100)
            return trial with { Problem = page.T["rules.badTrial"] };
        var target = new TargetTime(number, unit);
        if (target.Fault is { } fault)
            return trial with { Problem = page.T.IsChinese ? fault.Zh : fault.En };
        try
        {
            return trial with { Lines = [.. DueTimes.Of(time, start, target).Lines.Select(l => page.T.IsChinese ? l.Zh : l.En)] };
        }
        catch (ArgumentException)
        {
            return trial with { Problem = page.T["rules.badTrial"] };
        }
    }

    /// <summary>Lines "2027-01-01 2027-01-03 休 元旦" or "2027-01-09 班 元旦".</summary>
    private static (HolidayYear? Year, string? Problem) Read(YearImport typed, Texts t)
    {
        if (!int.TryParse(typed.Year, NumberStyles.None, CultureInfo.InvariantCulture, out var year))
            return (null, t["rules.badYear"]);
        var (off, work) = (new List<HolidaySpan>(), new List<HolidaySpan>());
        foreach (var (line, n) in typed.Days.Split('\n').Select((l, n) => (l.Trim(), n)).Where(l => l.Item1.Length > 0))
        {
            var words = line.Split([' ', '\t', '~', '至', '，', ','], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 3 || !DateOnly.TryParseExact(words[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from))
                return (null, t.With("rules.badLine", n + 1, line));
            var hasEnd = DateOnly.TryParseExact(words[1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var to);
            var rest = words.Skip(hasEnd ? 2 : 1).ToList();
            if (rest.Count < 2 || rest[0] is not ("休" or "班" or "off" or "work"))
                return (null, t.With("rules.badLine", n + 1, line));
            (rest[0] is "休" or "off" ? off : work).Add(new HolidaySpan(from, hasEnd ? to : from, string.Join(' ', rest.Skip(1))));
        }

        return (new HolidayYear(year, typed.Source, off, work), null);
    }

    private static YearImport Told(YearImport typed, CalendarEffects effects, string key, Texts t) => typed with
    {
        Effects = t.With(key, effects.Version, effects.Running, effects.Moved, effects.Late),
        Moves = [.. effects.Effects.Take(20).Select(e => $"{e.Label}: {Moments.Full(e.DueAt)} → {Moments.Full(e.NewDueAt)}")],
    };

    private static LadderLine Line(LadderStep step, Texts t)
    {
        var unit = t["unit." + step.Unit];
        var one = t.IsChinese ? unit : unit.TrimEnd('s');
        string Amount(decimal amount) => $"{amount.ToString("0.##", CultureInfo.InvariantCulture)} {(amount == 1 ? one : unit)}";
        var when = step switch
        {
            { Percent: 100 } => t["ladder.breach"],
            { Percent: { } percent } => t.With("ladder.percent", percent),
            { Before: { } before } => t.With("ladder.before", Amount(before)),
            { After: { } after } => t.With("ladder.after", Amount(after)),
            { Every: null or 1 } when !t.IsChinese => t.With("ladder.every", one),
            _ => t.With("ladder.every", Amount(step.Every ?? 1)),
        };
        var (list, whom) = (t.IsChinese ? "、" : ", ", step.Tell.Select(w => WhomOf(w, t)));
        return new LadderLine(when, string.Join(list, whom), string.Join(list, step.By.Select(b => t["by." + b])), step.OfferTo.Count == 0 ? null : t.With("ladder.offer", string.Join(list, step.OfferTo.Select(w => WhomOf(w, t)))));
    }

    private static string WhomOf(string identity, Texts t) => t.Or("tell." + identity, identity.StartsWith("manager:", StringComparison.Ordinal) ? t.With("tell.managerUp", identity[8..]) : identity);

    private static string HoursOf(WorkCalendar calendar, Texts t) => calendar.Kind == CalendarKind.Always
        ? t["rules.always"]
        : t.With("rules.hours", string.Join(t.IsChinese ? "；" : "; ", calendar.Week.GroupBy(w => string.Join(' ', w.Value)).Select(g => $"{string.Join(t.IsChinese ? "、" : ", ", g.OrderBy(w => ((int)w.Key + 6) % 7).Select(w => WeekdayOf(w.Key, t)))} {g.Key}")), calendar.TimeZone);

    private static string DayOf(DateOnly date, Texts t) => t.IsChinese
        ? $"{date:MM-dd} 周{WeekdayOf(date.DayOfWeek, t)}"
        : date.ToString("ddd MM-dd", CultureInfo.InvariantCulture);

    private static string Names(IReadOnlyList<string> identities, OrganisationSnapshot people, Texts t) =>
        string.Join(" → ", identities.Select(i => people.Behind(i) is { Count: > 0 } found ? string.Join(t.IsChinese ? "、" : ", ", found.Select(p => p.DisplayName)) : i));

    private static List<string> Words(string text) => [.. text.Split([' ', ',', '，', '、', ';', '；', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];

    private static DateTimeOffset? Local(string text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), ShopTime.China.GetUtcOffset(local)) : null;
}
