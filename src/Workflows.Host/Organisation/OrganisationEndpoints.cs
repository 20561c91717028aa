using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Organisation;

/// <summary>The organisation over REST: everybody reads names, administrators change.</summary>
internal static class OrganisationEndpoints
{
    public static void MapOrganisation(this IEndpointRouteBuilder api)
    {
        var all = api.MapGroup("/organisation").WithTags("organisation");
        all.MapGet("/people", ListAsync).Produces<Page<PersonLine>>().WithSummary("同事，按姓名、花名或拼音首字母查找 (people)");
        all.MapGet("/people/{user}", GetAsync).Produces<PersonDetail>().WithSummary("人员 (person)");
        var admin = all.MapGroup("").RequireAuthorization(Rights.Administer);
        admin.MapPut("/people/{user}", PutPersonAsync).Accepts<SavePerson>("application/json").Produces<PersonDetail>().WithSummary("新增或修改人员 (save a person)");
        admin.MapPut("/people/{user}/password", PutPasswordAsync).Accepts<SavePassword>("application/json").Produces(204).WithSummary("重设密码并退出其全部登录 (set a password)");
        admin.MapPost("/people/{user}/handover", Handover.RunAsync).Accepts<SaveHandover>("application/json").Produces<HandoverView>().WithSummary("离职交接；?dryRun=true 只列出 (handover)");
        admin.MapPost("/import", ImportEndpoint.RunAsync).WithMetadata(new BodyLimit(BufferedBody.CsvLimit)).Accepts<string>("text/csv").Produces<ImportAnswer>()
            .WithSummary("导入人员 CSV (UTF-8 或 GB18030)；?dryRun=true 预览；?missing=deactivate 停用文件中没有的人 (import)");
        all.MapGet("/check", LastCheckAsync).RequireAuthorization(Rights.SeeCheck).Produces<OrganisationCheck>().WithSummary("最近一次无人可办检查 (last nobody-home check)");
        all.MapPost("/check", CheckAsync).RequireAuthorization(Rights.SeeCheck).WithMetadata(new BodyOptional()).Produces<OrganisationCheck>().WithSummary("立即检查无人可办的步骤 (check now)");
        all.MapGet("/audit", AuditAsync).Produces<Page<AuditView>>().WithSummary("组织与权限变更记录 (record of changes)");
        all.MapStructure(admin);
        all.MapDelegations();
        api.MapPut("/me/password", PutOwnPasswordAsync).Accepts<SavePassword>("application/json").Produces(204).WithTags("organisation").WithSummary("修改自己的密码 (change one's password)");
    }

    private static Task<IResult> PutPersonAsync(string user, Strict<SavePerson> body, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken) =>
        SaveAsync(user, body.Value, actor, changes, cancellationToken);

    private static Task<IResult> PutPasswordAsync(string user, Strict<SavePassword> body, Actor actor, OrganisationChanges changes, Passwords passwords, CancellationToken cancellationToken) =>
        SetPasswordAsync(user, body.Value, actor, changes, passwords, cancellationToken);

    private static Task<IResult> PutOwnPasswordAsync(HttpContext http, Strict<SavePassword> body, Actor actor, SignInService signIn, Passwords passwords, OrganisationChanges changes, CancellationToken cancellationToken) =>
        ChangeOwnPasswordAsync(http, body.Value, actor, signIn, passwords, changes, cancellationToken);

    private static IResult ListAsync(HttpContext http, IOrganisationSource organisation)
    {
        var query = new QueryReader(http.Request, "q", "department", "role", "limit");
        var (text, department, role, limit) = (query.Text("q"), query.Text("department"), query.Text("role"), query.Limit(50));
        if (query.Problem is { } problem)
            return problem;
        var now = organisation.Current;
        var found = now.Search(text ?? "", int.MaxValue).Where(p => (department is null || p.Department == department) && (role is null || p.Roles.Contains(role))).Take(limit);
        return Results.Json(new Page<PersonLine>([.. found.Select(p => PersonLine.Of(p, now))], null), ApiJson.Options);
    }

    private static async Task<IResult> GetAsync(string user, Actor actor, IOrganisationSource organisation, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        if (!actor.MayAdminister && user != actor.Name)
            return organisation.Current.Find(user) is { } colleague ? Results.Json(PersonLine.Of(colleague, organisation.Current), ApiJson.Options) : Refusals.NotFound;
        var data = await changes.ReadAsync(cancellationToken);
        return data.People.FirstOrDefault(p => p.UserName == user) is { } person ? Results.Json(PersonDetail.Of(person, data), ApiJson.Options) : Refusals.NotFound;
    }

    internal static async Task<IResult> SaveAsync(string user, SavePerson sent, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var data = await changes.ReadAsync(cancellationToken);
        var before = data.People.FirstOrDefault(p => p.UserName == user);
        var person = new Person(user, sent.DisplayName.Trim(), Blank(sent.Manager), Blank(sent.Email), Blank(sent.Mobile), [.. (sent.Roles ?? before?.Roles ?? []).Distinct().Order(StringComparer.Ordinal)], sent.IsActive)
        {
            Nickname = Blank(sent.Nickname),
            Initials = Blank(sent.Initials)?.ToLowerInvariant(),
            Department = Blank(sent.Department),
            Post = Blank(sent.Post),
        };
        var problem = OrganisationRules.Check(person).Aggregate(Refusals.BadBody, (p, f) => p.At("$." + f.Field, f.Reason));
        if (person.Manager is { } manager && data.People.All(p => p.UserName != manager || !p.IsActive))
            problem = problem.At("$.manager", "unknown-person", "没有此在职人员", "no such active person");
        else if (OrganisationRules.IsInCircle(user, name => name == user ? person.Manager : data.People.FirstOrDefault(p => p.UserName == name)?.Manager))
            problem = problem.At("$.manager", "circle", "上下级关系循环", "the reporting line would be a circle");
        if (person.Department is { } department && data.Departments.All(d => d.Id != department))
            problem = problem.At("$.department", "unknown-department", "没有此部门", "no such department");
        if (person.Post is { } post && data.Posts.All(p => p.Id != post))
            problem = problem.At("$.post", "unknown-post", "没有此岗位", "no such post");
        if (user == actor.Name && (!person.IsActive || !person.Roles.Any(Rights.Administrators.Contains)))
            problem = problem.At("$", "oneself", "不能停用自己或取消自己的管理员角色", "you cannot disable yourself or give up your administrator role");
        if (problem.Errors.Count > 0)
            return problem;
        var change = new OrganisationChange { People = [person], ExpectedStamp = data.Stamp, Audit = changes.Audit(actor, "person", user, Detail(before, person)) };
        return await changes.AnswerAsync(change, PersonDetail.Of(person, data), cancellationToken);
    }

    internal static async Task<IResult> SetPasswordAsync(string user, SavePassword sent, Actor actor, OrganisationChanges changes, Passwords passwords, CancellationToken cancellationToken)
    {
        var data = await changes.ReadAsync(cancellationToken);
        if (data.People.All(p => p.UserName != user))
            return Refusals.NotFound;
        if (Passwords.Weakness(sent.Password, user) is { } weak)
            return weak;
        await passwords.SetAsync(user, sent.Password, cancellationToken);
        await changes.ApplyAsync(new OrganisationChange { Audit = changes.Audit(actor, "password", user) }, cancellationToken);
        return new StoredAnswer(204);
    }

    internal static async Task<IResult> ChangeOwnPasswordAsync(
        HttpContext http, SavePassword sent, Actor actor, SignInService signIn, Passwords passwords, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        if (Passwords.Weakness(sent.Password, actor.Name) is { } weak)
            return weak;
        switch (await signIn.CheckAsync(http, actor.Name, sent.Current ?? "", cancellationToken))
        {
            case SignInOutcome.MustWait wait:
                return Refusals.TooManyAttempts with { RetryAfter = wait.Wait };
            case SignInOutcome.Refused:
                return Refusals.Unprocessable.At("$.current", "wrong-password", "当前密码不正确", "the current password is wrong");
        }

        await passwords.SetAsync(actor.Name, sent.Password, cancellationToken);
        await changes.ApplyAsync(new OrganisationChange { Audit = changes.Audit(actor, "password", actor.Name) }, cancellationToken);
        // Whoever else is signed in with the old password is out; the browser that changed it goes on with a new session.
        if (http.Features.Get<Csrf>() is not null)
            await signIn.BeginAsync(http, actor.Name, cancellationToken);
        return new StoredAnswer(204);
    }

    private static async Task<IResult> LastCheckAsync(ICheckStore checks, CancellationToken cancellationToken) =>
        await checks.FindLastAsync(cancellationToken) is { } found ? Results.Json(found, ApiJson.Options) : Results.NoContent();

    private static async Task<IResult> CheckAsync(Actor actor, PeopleCheck check, CancellationToken cancellationToken) =>
        StoredAnswer.Of(await check.RunAsync(actor.Name, cancellationToken));

    private static async Task<IResult> AuditAsync(HttpContext http, Actor actor, IOrganisationStore store, CancellationToken cancellationToken)
    {
        if (!actor.MayAdminister && !actor.MayAudit)
            return Refusals.NotAllowed;
        var query = new QueryReader(http.Request, "subject", "after", "limit");
        var (subject, after, limit) = (query.Text("subject"), query.Cursor(), query.Limit());
        if (query.Problem is { } problem)
            return problem;
        var found = await store.ListAuditAsync(subject, after, limit, cancellationToken);
        return Results.Json(
            new Page<AuditView>([.. found.Select(a => new AuditView(a.Id, a.At, a.By, a.Kind, a.Subject, a.Detail))], found.Count == limit ? QueryReader.CursorOf(found[^1].Id) : null), ApiJson.Options);
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static System.Text.Json.Nodes.JsonObject Detail(Person? before, Person after) => new()
    {
        ["rolesBefore"] = before is null ? null : string.Join(' ', before.Roles),
        ["roles"] = string.Join(' ', after.Roles),
        ["managerBefore"] = before?.Manager,
        ["manager"] = after.Manager,
        ["isActive"] = after.IsActive,
    };
}
