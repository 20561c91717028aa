using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Api;
using Workflows.Host.Organisation;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Inbox;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.People;

/// <summary>What an import would do, or did, in words.</summary>
public sealed record ImportModel(bool IsDone, int Added, int Changed, int Deactivated, int Refused, int Unchanged, IReadOnlyList<ImportLine> Lines, int More);

/// <param name="Kind">added, changed, deactivated or refused.</param>
public sealed record ImportLine(string Kind, long? Line, string Who, string? Reason, IReadOnlyList<string> Changes);

/// <summary>组织管理 for those who may change it: every form asks the same rules as the API.</summary>
internal static class AdminEndpoints
{
    private const int AuditPage = 50;
    private const int MostLinesShown = 500;
    private const int MostCsv = 2 * 1024 * 1024;
    private static readonly string[] Columns = ["用户名", "姓名", "花名", "拼音首字母", "部门", "岗位", "上级", "角色", "邮箱", "手机", "在职"];

    public static void MapAdminPages(this IEndpointRouteBuilder pages)
    {
        var admin = pages.MapGroup("/people").RequireAuthorization(Rights.Administer);
        admin.MapGet("/person", ShowPersonAsync);
        admin.MapPost("/person", SavePersonAsync);
        admin.MapGet("/handover", ShowHandoverAsync);
        admin.MapPost("/handover", HandOverAsync);
        admin.MapGet("/password", ShowPasswordAsync);
        admin.MapPost("/password", SetPasswordAsync);
        foreach (var kind in StructureForms.Kinds)
        {
            admin.MapGet("/" + kind, (HttpContext http, Actor actor, PageFrame frame, IOrganisationSource organisation, CancellationToken token) => ShowListAsync(kind, http, actor, frame, organisation, token));
            admin.MapGet($"/{kind}/edit", (HttpContext http, Actor actor, PageFrame frame, IOrganisationSource organisation, CancellationToken token) => ShowThingAsync(kind, http, actor, frame, organisation, token));
            admin.MapPost($"/{kind}/edit", (HttpContext http, Actor actor, PageFrame frame, IOrganisationSource organisation, OrganisationChanges changes, CancellationToken token) => SaveThingAsync(kind, http, actor, frame, organisation, changes, token));
        }

        admin.MapGet("/delegations", ShowDelegationsAsync);
        admin.MapDelegationForms("/delegations/new", "/delegations/end", forOthers: true);
        admin.MapGet("/import", async Task<IResult> (HttpContext http, Actor actor, PageFrame frame, CancellationToken token) => new RazorComponentResult<ImportPage>(new { Page = await frame.OfAsync(http, actor, token) }));
        admin.MapPost("/import", ImportAsync);
        admin.MapGet("/export", (IOrganisationSource organisation) => Results.Bytes([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Csv(organisation.Current))], "text/csv; charset=utf-8", "people.csv"));
        pages.MapGet("/people/audit", ShowAuditAsync);
    }

    private static IReadOnlyList<FormField> PersonFields(bool isNew, OrganisationSnapshot now, Texts t) =>
    [
        new("userName", t["signin.user"], FieldKind.Text, isNew) { ReadOnly = !isNew, Help = isNew ? t["people.key.help"] : null },
        new("displayName", t["people.displayName"], FieldKind.Text, true) { MaxLength = OrganisationRules.LongestName },
        new("nickname", t["people.nickname"], FieldKind.Text, false) { MaxLength = OrganisationRules.LongestName },
        new("initials", t["people.initials"], FieldKind.Text, false) { Help = t["people.initials.help"], MaxLength = OrganisationRules.LongestName },
        new("department", t["profile.department"], FieldKind.Choice, false) { Options = StructureForms.Departments(now, null) },
        new("post", t["profile.posts"], FieldKind.Choice, false) { Options = [.. now.Data.Posts.Select(p => new FormOption(p.Id, p.Name))] },
        new("manager", t["profile.manager"], FieldKind.Person, false),
        new("roles", t["people.roles"], FieldKind.Lines, false) { Help = t["people.roles.help"] },
        new("email", t["profile.email"], FieldKind.Text, false),
        new("mobile", t["profile.mobile"], FieldKind.Text, false),
        new("isActive", t["people.active"], FieldKind.Check, false) { Initial = "true" },
    ];

    private static EditModel PersonModel(string? user, FormState state, OrganisationSnapshot now, Texts t) => new(
        user is null ? t["people.new"] : t.With("people.edit", now.DisplayName(user)),
        "/people/person" + (user is null ? "" : "?user=" + Uri.EscapeDataString(user)), "/people", PersonFields(user is null, now, t), state, Hint: user)
    {
        Links = user is null ? [] : [("/people/handover?user=" + Uri.EscapeDataString(user), t["handover.title"]), ("/people/password?user=" + Uri.EscapeDataString(user), t["password.reset"])],
    };

    private static async Task<IResult> ShowPersonAsync(HttpContext http, Actor actor, PageFrame frame, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var now = new OrganisationSnapshot(await changes.ReadAsync(cancellationToken));
        if (Asked(http, "user") is not { } user)
            return Edit(page, PersonModel(null, FormState.Empty, now, page.T));
        if (now.Data.People.FirstOrDefault(p => p.UserName == user) is not { } person)
            return PageFrame.Refuse(page, 404);
        var values = new JsonObject
        {
            ["userName"] = user,
            ["displayName"] = person.DisplayName,
            ["nickname"] = person.Nickname,
            ["initials"] = person.Initials,
            ["department"] = person.Department,
            ["post"] = person.Post,
            ["manager"] = person.Manager is { } manager ? PeopleReader.Written([manager], now) : null,
            ["roles"] = new JsonArray([.. person.Roles.Select(r => (JsonNode)r)]),
            ["email"] = person.Email,
            ["mobile"] = person.Mobile,
            ["isActive"] = person.IsActive,
        };
        return Edit(page, PersonModel(user, FormReader.Fill(PersonFields(false, now, page.T), values) with { WasSent = true }, now, page.T));
    }

    private static async Task<IResult> SavePersonAsync(HttpContext http, Actor actor, PageFrame frame, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var data = await changes.ReadAsync(cancellationToken);
        var (now, known) = (new OrganisationSnapshot(data), Asked(http, "user"));
        if (known is not null && data.People.All(p => p.UserName != known))
            return PageFrame.Refuse(page, 404);
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var fields = PersonFields(known is null, now, page.T);
        var (values, state) = FormReader.Read(fields, posted, page.T, now);
        var model = PersonModel(known, known is null ? state : WithKey(state, "userName", known), now, page.T);
        if (Incomplete(model, posted, values, page.T) is { } incomplete)
            return Edit(page, incomplete, FormReader.ChangesRows(posted) ? 200 : 422);
        string? Text(string name) => (string?)values[name];
        var user = known ?? Text("userName")!;
        // A form for a new person must not overwrite somebody who is there.
        if (known is null && data.People.Any(p => p.UserName == user))
            return Edit(page, model.With(Refusals.BadBody.At("$.userName", "taken", "此用户名已存在", "this user name is taken"), page.T), 422);
        var sent = new SavePerson(
            Text("displayName")!, Text("nickname"), Text("initials"), Text("department"), Text("post"), Text("manager"), Text("email"), Text("mobile"),
            [.. (values["roles"] as JsonArray ?? []).Select(r => (string)r!)], (bool?)values["isActive"] ?? false);
        return await OrganisationEndpoints.SaveAsync(user, sent, actor, changes, cancellationToken) is Problem problem
            ? Edit(page, model.With(problem, page.T), 422)
            : Results.LocalRedirect("/people?m=saved");
    }

    private static EditModel PasswordModel(string user, FormState state, OrganisationSnapshot now, Texts t) => new(
        t.With("password.of", now.DisplayName(user)), "/people/password?user=" + Uri.EscapeDataString(user), "/people/person?user=" + Uri.EscapeDataString(user),
        [new("password", t["password.new"], FieldKind.Text, true) { Help = t["password.help"] }], state, Hint: t["password.reset.hint"]);

    private static async Task<IResult> ShowPasswordAsync(HttpContext http, Actor actor, PageFrame frame, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        return Asked(http, "user") is { } user && organisation.Current.Data.People.Any(p => p.UserName == user)
            ? Edit(page, PasswordModel(user, FormState.Empty, organisation.Current, page.T))
            : PageFrame.Refuse(page, 404);
    }

    private static async Task<IResult> SetPasswordAsync(HttpContext http, Actor actor, PageFrame frame, IOrganisationSource organisation, OrganisationChanges changes, Passwords passwords, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (Asked(http, "user") is not { } user || organisation.Current.Data.People.All(p => p.UserName != user))
            return PageFrame.Refuse(page, 404);
        var sent = (await Posted.ReadAsync(http.Request, cancellationToken)).Text(FormReader.Prefix + "password");
        // What was typed is a secret: it alone does not come back.
        return await OrganisationEndpoints.SetPasswordAsync(user, new SavePassword(sent), actor, changes, passwords, cancellationToken) is Problem problem
            ? Edit(page, PasswordModel(user, FormState.Empty, organisation.Current, page.T).With(problem, page.T), 422)
            : Results.LocalRedirect($"/people/person?user={Uri.EscapeDataString(user)}&m=password");
    }

    private static EditModel HandoverModel(string user, FormState state, OrganisationSnapshot now, Texts t) => new(
        t.With("handover.of", now.DisplayName(user)), "/people/handover?user=" + Uri.EscapeDataString(user), "/people/person?user=" + Uri.EscapeDataString(user),
        [
            new("to", t["handover.to"], FieldKind.Person, true),
            new("reason", t["delegation.reason"], FieldKind.Text, false) { MaxLength = 500 },
            new("deactivate", t["handover.deactivate"], FieldKind.Check, false) { Initial = "true" },
        ],
        state, Hint: t["handover.hint"])
    {
        HasPreview = true,
        Submit = t["handover.save"],
    };

    private static async Task<IResult> ShowHandoverAsync(HttpContext http, Actor actor, PageFrame frame, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        return Asked(http, "user") is { } user && organisation.Current.Data.People.Any(p => p.UserName == user)
            ? Edit(page, HandoverModel(user, FormState.Empty, organisation.Current, page.T))
            : PageFrame.Refuse(page, 404);
    }

    private static async Task<IResult> HandOverAsync(HttpContext http, Actor actor, PageFrame frame, IOrganisationSource organisation, Handover handover, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var now = organisation.Current;
        if (Asked(http, "user") is not { } user || now.Data.People.All(p => p.UserName != user))
            return PageFrame.Refuse(page, 404);
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var fields = HandoverModel(user, FormState.Empty, now, page.T).Fields;
        var (values, state) = FormReader.Read(fields, posted, page.T, now);
        var model = HandoverModel(user, state, now, page.T);
        if (Incomplete(model, posted, values, page.T) is { } incomplete)
            return Edit(page, incomplete, FormReader.ChangesRows(posted) ? 200 : 422);
        var isTrial = posted.Text("action") != "save";
        var (refused, view) = await handover.MakeAsync(user, new SaveHandover((string)values["to"]!, (string?)values["reason"], (bool?)values["deactivate"] ?? false), isTrial, actor, cancellationToken);
        if (refused is not null)
            return Edit(page, model.With(refused, page.T), 422);
        var lines = HandoverLines(view!, now, page.T);
        return isTrial
            ? Edit(page, model with { Plan = lines })
            : new RazorComponentResult<ListPage>(new { Page = page with { Flash = page.T["flash.handover"] }, Title = model.Title, Current = "people", Lines = (IReadOnlyList<ListLine>)[.. lines.Select(l => new ListLine(l, null, null, null))] });
    }

    private static List<string> HandoverLines(HandoverView view, OrganisationSnapshot now, Texts t)
    {
        var to = now.DisplayName(view.To);
        string Names(IEnumerable<string> of) => string.Join(t.IsChinese ? "、" : ", ", of);
        var lines = new List<string> { view.Tasks.Count == 0 ? t["handover.noTasks"] : t.With("handover.tasks", view.Tasks.Count, to, Names(view.Tasks.Take(10).Select(x => x.Title)) + (view.Tasks.Count > 10 ? "…" : "")) };
        void Add(string key, IReadOnlyCollection<string> of)
        {
            if (of.Count > 0)
                lines.Add(t.With(key, Names(of), to));
        }

        Add("handover.roles", [.. view.Roles.Select(r => now.FindPost(r)?.Name ?? r)]);
        Add("handover.departments", [.. view.Departments.Select(d => now.FindDepartment(d)?.Name ?? d)]);
        Add("handover.reports", [.. view.Reports.Select(now.DisplayName)]);
        Add("handover.groups", [.. view.Groups.Select(g => now.FindGroup(g)?.Name ?? g)]);
        Add("handover.delegationsEnded", [.. view.DelegationsEnded.Select(d => t.With("delegation.line", now.DisplayName(d.From), now.DisplayName(d.To)))]);
        Add("handover.delegationsAdded", [.. view.DelegationsAdded.Select(d => t.With("delegation.line", now.DisplayName(d.From), now.DisplayName(d.To)))]);
        Add("handover.remaining", [.. view.Remaining.Select(r => r.Title)]);
        return lines;
    }

    private static async Task<IResult> ShowListAsync(string kind, HttpContext http, Actor actor, PageFrame frame, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        return new RazorComponentResult<ListPage>(new { Page = page, Title = page.T["people.nav." + kind], Current = kind, Lines = StructureForms.Lines(kind, organisation.Current, page.T), Add = $"/people/{kind}/edit" });
    }

    private static EditModel ThingModel(string kind, string? id, FormState state, OrganisationSnapshot now, Texts t) => new(
        t.With(id is null ? "people.addTo" : "people.editIn", t["people.nav." + kind]),
        $"/people/{kind}/edit" + (id is null ? "" : "?id=" + Uri.EscapeDataString(id)), "/people/" + kind, StructureForms.Fields(kind, id is null, now, t), state, Delete: id is null ? null : t["people.delete"]);

    private static async Task<IResult> ShowThingAsync(string kind, HttpContext http, Actor actor, PageFrame frame, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (Asked(http, "id") is not { } id)
            return Edit(page, ThingModel(kind, null, FormState.Empty, organisation.Current, page.T));
        return StructureForms.Values(kind, id, organisation.Current) is { } values
            ? Edit(page, ThingModel(kind, id, FormReader.Fill(StructureForms.Fields(kind, false, organisation.Current, page.T), values) with { WasSent = true }, organisation.Current, page.T))
            : PageFrame.Refuse(page, 404);
    }

    private static async Task<IResult> SaveThingAsync(string kind, HttpContext http, Actor actor, PageFrame frame, IOrganisationSource organisation, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var (now, known) = (organisation.Current, Asked(http, "id"));
        if (known is not null && StructureForms.Values(kind, known, now) is null)
            return PageFrame.Refuse(page, 404);
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var (values, state) = FormReader.Read(StructureForms.Fields(kind, known is null, now, page.T), posted, page.T, now);
        var model = ThingModel(kind, known, known is null ? state : WithKey(state, "id", known), now, page.T);
        if (known is not null && posted.Text("action") == "delete")
        {
            return await StructureForms.DeleteAsync(kind, known, actor, changes, cancellationToken) is Problem stays
                ? Edit(page, model with { Problem = page.T.IsChinese ? stays.DetailZh ?? stays.Zh : stays.DetailEn ?? stays.En }, 409)
                : Results.LocalRedirect($"/people/{kind}?m=deleted");
        }

        if (Incomplete(model, posted, values, page.T) is { } incomplete)
            return Edit(page, incomplete, FormReader.ChangesRows(posted) ? 200 : 422);
        var id = known ?? (string)values["id"]!;
        if (known is null && StructureForms.Values(kind, id, now) is not null)
            return Edit(page, model.With(Refusals.BadBody.At("id", "taken", "此编号已存在", "this key is taken"), page.T), 422);
        return await StructureForms.SaveAsync(kind, id, values, actor, changes, cancellationToken) is Problem problem
            ? Edit(page, model.With(problem, page.T), 422)
            : Results.LocalRedirect($"/people/{kind}?m=saved");
    }

    private static async Task<IResult> ShowDelegationsAsync(HttpContext http, Actor actor, PageFrame frame, DelegationForms forms, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var users = (await changes.ReadAsync(cancellationToken)).Delegations.Select(d => d.From).Distinct();
        return new RazorComponentResult<ListPage>(new
        {
            Page = page,
            Title = page.T["people.nav.delegations"],
            Current = "delegations",
            Lines = await forms.LinesAsync(page, actor, users, cancellationToken),
            Add = "/people/delegations/new",
            EndAction = "/people/delegations/end",
        });
    }

    /// <summary>The preview and the act are the same plan; between them the text travels in the page, so that nothing is kept of what nobody applied.</summary>
    private static async Task<IResult> ImportAsync(HttpContext http, Actor actor, PageFrame frame, IOrganisationSource organisation, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var (csv, deactivates) = (posted.Text("csv"), posted.Text("missing") == "true");
        RazorComponentResult<ImportPage> Answer(int status, ImportModel? model, string? problem) => new(new { Page = page, Model = model, Csv = csv, Deactivates = deactivates, Problem = problem }) { StatusCode = status };

        var bytes = Encoding.UTF8.GetBytes(csv);
        if (posted.Form.Files.GetFile("file") is { Length: > 0 } file)
        {
            if (file.Length > MostCsv)
                return Answer(422, null, page.T.With("import.tooLarge", MostCsv / 1024 / 1024));
            using var copy = new MemoryStream();
            await file.CopyToAsync(copy, cancellationToken);
            bytes = copy.ToArray();
            csv = ImportEndpoint.Decode(bytes) ?? "";
        }

        if (bytes.Length == 0)
            return Answer(422, null, page.T["import.nothing"]);
        var isTrial = posted.Text("action") != "import";
        var (refused, view, change) = await ImportEndpoint.PlanAsync(bytes, deactivates, isTrial, actor, changes, cancellationToken);
        if (refused is not null)
            return Answer(422, null, FieldProblems.Of(refused, [], page.T).Other);
        if (!isTrial && change is not null && !await changes.ApplyAsync(change, cancellationToken))
            return Answer(409, null, page.T["import.changed"]);
        var shown = view!.Steps.OrderByDescending(s => s.Act == ImportAct.Refused).Take(MostLinesShown).Select(s => LineOf(s, organisation.Current, page.T)).ToList();
        if (!isTrial)
            csv = "";
        return Answer(200, new ImportModel(!isTrial, view.Added, view.Changed, view.Deactivated, view.Refused, view.Unchanged, shown, view.Steps.Count - shown.Count), null);
    }

    private static ImportLine LineOf(ImportStep step, OrganisationSnapshot now, Texts t)
    {
        string Word(FieldChange c, string? value) => string.IsNullOrEmpty(value) ? t["profile.none"] : c.Field switch
        {
            "department" => now.FindDepartment(value)?.Name ?? value,
            "post" => now.FindPost(value)?.Name ?? value,
            "manager" => now.DisplayName(value),
            "isActive" => t[value == "是" ? "detail.yes" : "detail.no"],
            _ => value,
        };
        // A reason that is about a field begins with the field's name.
        string? Reason() => step.Reason?.In(t.IsChinese) is not { } said ? null
            : said.Split(t.IsChinese ? "：" : ": ", 2) is [var field, var why] && t.Or("people." + field, t.Or("profile." + field, "")) is { Length: > 0 } label ? t.With("field.reason", label, why) : said;
        var kind = step.Act.ToString().ToLowerInvariant();
        return new ImportLine(
            kind, step.Line, step.DisplayName.Length > 0 ? t.With("people.named", step.DisplayName, step.UserName) : step.UserName, Reason(),
            [.. step.Changes.Select(c => t.With("field.reason", t.Or("people." + c.Field, t.Or("profile." + c.Field, c.Field)), (step.Act == ImportAct.Added ? "" : Word(c, c.Before) + " → ") + Word(c, c.After)))]);
    }

    /// <summary>The people as a file that the import reads back, and that no spreadsheet takes for formulas.</summary>
    internal static string Csv(OrganisationSnapshot now)
    {
        var csv = new StringBuilder(string.Join(',', Columns)).Append("\r\n");
        foreach (var p in now.Data.People)
        {
            csv.AppendJoin(',', new[]
            {
                p.UserName, p.DisplayName, p.Nickname, p.Initials, p.Department, p.Post, p.Manager, string.Join(';', p.Roles), p.Email, p.Mobile, p.IsActive ? "是" : "否",
            }.Select(CsvCells.Write)).Append("\r\n");
        }

        return csv.ToString();
    }

    private static async Task<IResult> ShowAuditAsync(HttpContext http, Actor actor, PageFrame frame, IOrganisationStore store, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (!actor.MayAdminister && !actor.MayAudit)
            return PageFrame.Refuse(page, 403);
        var (t, now) = (page.T, organisation.Current);
        var found = await store.ListAuditAsync(null, Asked(http, "before"), AuditPage + 1, cancellationToken);
        IReadOnlyList<ListLine> lines =
        [
            .. found.Take(AuditPage).Select(a => new ListLine(
                t.With("audit.line", a.By == "system" ? t["trail.system"] : now.DisplayName(a.By), t.Or("audit." + a.Kind, a.Kind), Named(a.Subject)),
                string.Join(t.IsChinese ? "；" : "; ", (a.Detail as JsonObject ?? []).Where(d => d.Key != "id").Select(d => (d.Key, Value: Detail(d.Key, d.Value))).Where(d => d.Value.Length > 0).Select(d => t.With("field.reason", t.Or("audit.detail." + d.Key, d.Key), d.Value))),
                Moments.Full(a.At), null)),
        ];
        return new RazorComponentResult<ListPage>(new
        {
            Page = page,
            Title = t["people.nav.audit"],
            Current = "audit",
            Lines = lines,
            Next = found.Count > AuditPage ? "/people/audit?before=" + Uri.EscapeDataString(found[AuditPage - 1].Id) : null,
        });

        string Named(string name) => now.Data.People.Any(p => p.UserName == name) ? now.DisplayName(name) : name;

        string Detail(string key, JsonNode? value) => key == "scopes"
            ? string.Join(t.IsChinese ? "、" : ", ", Wording.Value(value, t).Split(' ').Select(s => t.Or("keys.scope." + s, s)))
            : Named(Wording.Value(value, t));
    }

    /// <summary>The form again when something in it cannot be read or is missing, or when it was only searched; null when it is complete.</summary>
    private static EditModel? Incomplete(EditModel model, Posted posted, JsonObject values, Texts t)
    {
        if (FormReader.ChangesRows(posted))
            return model with { State = model.State with { Problems = new Dictionary<string, string>() } };
        var problems = model.State.Problems.ToDictionary();
        foreach (var field in model.Fields.Where(f => f is { Required: true, ReadOnly: false } && values[f.Name] is null))
            problems.TryAdd(FormReader.Prefix + field.Name, t["form.missing"]);
        return problems.Count == 0 ? null : model with { State = model.State with { Problems = problems }, Problem = t.With("error.form", problems.Count) };
    }

    private static FormState WithKey(FormState state, string field, string key) =>
        state with { Typed = new Dictionary<string, IReadOnlyList<string>>(state.Typed) { [FormReader.Prefix + field] = [key] } };

    private static string? Asked(HttpContext http, string name) => http.Request.Query[name].ToString() is { Length: > 0 and <= 100 } text && !text.Contains('\0', StringComparison.Ordinal) ? text : null;

    private static RazorComponentResult<EditPage> Edit(PageContext page, EditModel model, int status = 200) => new(new { Page = page, Model = model }) { StatusCode = status };
}
