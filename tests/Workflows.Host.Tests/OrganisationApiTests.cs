using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Host.Security;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests;

public abstract class OrganisationApiTests(DatabaseKind kind) : IAsyncLifetime
{
    private static readonly string[] Scopes = ["start"];

    private HostUnderTest? _host;

    private HostUnderTest Host => _host!;

    public async ValueTask InitializeAsync()
    {
        _host = await HostUnderTest.StartAsync(kind);
        await Flows.PublishAsync(_host, Flows.Approval("leave"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_deputy_gets_the_task_and_both_names_are_told()
    {
        using var supervisor = await Host.AsAsync("supervisor");
        using var owner = await Host.AsAsync("activity_owner");
        using var deputy = await Host.AsAsync("finance");
        await DelegateAsync(supervisor, "finance");

        var id = await Flows.StartAsync(owner, "leave");
        var task = await Flows.TaskAsync(deputy, id);

        Assert.Contains("财务 代 上级主管", (string?)task["reason"], StringComparison.Ordinal);
        Assert.Equal(200, (await supervisor.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{task["id"]}")).Status);
        Assert.NotEqual(200, (await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { })).Status);
        Assert.Equal(200, (await deputy.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { })).Status);
        var timeline = (await owner.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}/timeline")).Body!.ToJsonString();
        Assert.Contains("财务 代 上级主管", System.Text.RegularExpressions.Regex.Unescape(timeline), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deputy_who_applied_themselves_does_not_decide()
    {
        using var supervisor = await Host.AsAsync("supervisor");
        using var owner = await Host.AsAsync("activity_owner");
        await DelegateAsync(supervisor, "activity_owner");

        var task = await Flows.TaskAsync(supervisor, await Flows.StartAsync(owner, "leave"));

        Assert.Equal("supervisor", (string?)task["assignee"]!["userName"]);
    }

    [Fact]
    public async Task Nobody_delegates_for_others_and_no_period_overlaps()
    {
        using var supervisor = await Host.AsAsync("supervisor");
        await DelegateAsync(supervisor, "finance");

        var overlapping = await AddAsync(supervisor, "cs_agent");
        Assert.Equal("overlaps", (string?)overlapping.Body!["errors"]![0]!["code"]);
        Assert.Equal(403, (await supervisor.PostAsync("/api/v1/organisation/delegations", new { from = "finance", to = "cs_agent", startsAt = DateTimeOffset.UnixEpoch, endsAt = DateTimeOffset.MaxValue })).Status);
        Assert.Equal("unknown-person", (string?)(await AddAsync(supervisor, "supervisor")).Body!["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task A_leaver_hands_everything_over_in_one_act()
    {
        using var admin = await Host.AsAsync("super_admin");
        using var owner = await Host.AsAsync("activity_owner");
        using var leaver = await Host.AsAsync("supervisor");
        var decided = await Flows.StartAsync(owner, "leave");
        await leaver.PostAsync($"/api/v1/tasks/{(await Flows.TaskAsync(leaver, decided))["id"]}/approve", new { comment = "好" });
        var open = await Flows.StartAsync(owner, "leave");
        var body = new { to = "cs_manager", reason = "离职" };

        var plan = await admin.PostAsync("/api/v1/organisation/people/supervisor/handover?dryRun=true", body);
        Assert.Equal(200, plan.Status);
        Assert.Equal(200, (await leaver.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Status);
        var done = await admin.PostAsync("/api/v1/organisation/people/supervisor/handover", body);

        Assert.Equal(200, done.Status);
        Assert.Equal(plan.Body!["tasks"]!.ToJsonString(), done.Body!["tasks"]!.ToJsonString());
        Assert.Empty(done.Body["remaining"]!.AsArray());
        Assert.Equal("[\"activity_owner\"]", done.Body["reports"]!.ToJsonString());
        Assert.Equal(401, (await leaver.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Status);
        using var heir = await Host.AsAsync("cs_manager");
        Assert.Equal(200, (await heir.PostAsync($"/api/v1/tasks/{(await Flows.TaskAsync(heir, open))["id"]}/approve", new { })).Status);
        var story = System.Text.RegularExpressions.Regex.Unescape((await owner.SendAsync(HttpMethod.Get, $"/api/v1/instances/{decided}/timeline")).Body!.ToJsonString());
        Assert.Contains("上级主管", story, StringComparison.Ordinal);
        Assert.Contains("handover", (await admin.SendAsync(HttpMethod.Get, "/api/v1/organisation/audit?subject=supervisor")).Body!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_are_imported_after_a_preview_and_once()
    {
        using var admin = await Host.AsAsync("super_admin");
        const string File = "用户名,姓名,部门,上级,角色,邮箱\nwang,王芳,客户服务部,cs_manager,cs_agent,wang@example.com\nbad,坏人,没有的部门,cs_manager,,\nrole:super_admin,冒名,,,,\n";
        var gb = System.Text.CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(File);

        var preview = await ImportAsync(admin, Encoding.UTF8.GetBytes(File), "?dryRun=true");
        Assert.Equal(0, await CountAsync("wang"));
        var done = await ImportAsync(admin, gb);
        var again = await ImportAsync(admin, gb);

        Assert.Equal((1, 0, 2), ((int)preview["added"]!, (int)preview["changed"]!, (int)preview["refused"]!));
        Assert.Equal(preview["steps"]!.ToJsonString(), done["steps"]!.ToJsonString());
        Assert.Equal((0, 0, 1), ((int)again["added"]!, (int)again["changed"]!, (int)again["unchanged"]!));
        Assert.Equal(1, await CountAsync("wang"));
        async Task<int> CountAsync(string name) => (await Host.Service<IOrganisationStore>().ListAsync(TestContext.Current.CancellationToken)).Count(p => p.UserName == name && p.Department == "customer_service");
    }

    [Fact]
    public async Task Steps_and_open_tasks_without_anybody_are_named()
    {
        await Flows.PublishAsync(Host, JsonNode.Parse(Flows.Approval("nobody").ToJsonString().Replace("supervisor", "no_such_role", StringComparison.Ordinal))!);
        using var admin = await Host.AsAsync("super_admin");
        using var owner = await Host.AsAsync("activity_owner");
        var id = await Flows.StartAsync(owner, "leave");
        var organisation = Host.Service<IOrganisationStore>();
        var person = (await organisation.ListAsync(TestContext.Current.CancellationToken)).Single(p => p.UserName == "supervisor");
        await organisation.SaveAsync([person with { IsActive = false }], TestContext.Current.CancellationToken);

        var found = (await admin.PostAsync("/api/v1/organisation/check")).Body!["findings"]!.AsArray();

        Assert.Contains(found, f => (string?)f!["definitionId"] == "nobody" && ((string)f["reason"]!).Contains("没有在职人员", StringComparison.Ordinal));
        Assert.Contains(found, f => (string?)f!["instanceId"] == id && ((string)f["reason"]!).Contains("已离职", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rights_by_process_decide_who_starts_sees_and_handles()
    {
        using var admin = await Host.AsAsync("super_admin");
        using var owner = await Host.AsAsync("activity_owner");
        using var viewer = await Host.AsAsync("finance");
        using var supervisor = await Host.AsAsync("supervisor");
        var id = await Flows.StartAsync(owner, "leave");
        var missing = await owner.PostAsync("/api/v1/instances", new { definitionId = "no-such" });

        var set = await admin.SendAsync(HttpMethod.Put, "/api/v1/definitions/leave/rights", JsonNode.Parse("""{"rights":{"start":["role:cs_agent"],"view":["finance"],"handle":[]}}"""));
        var refused = await owner.PostAsync("/api/v1/instances", new { definitionId = "leave" });

        Assert.Equal(200, set.Status);
        Assert.Equal((404, missing.Body!.ToJsonString()), (refused.Status, refused.Body!.ToJsonString()));
        Assert.Contains(id, (await viewer.SendAsync(HttpMethod.Get, "/api/v1/instances")).Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(200, (await viewer.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}/timeline")).Status);
        Assert.Equal(403, (await viewer.PostAsync($"/api/v1/instances/{id}/cancel", new { })).Status);
        Assert.DoesNotContain(id, (await supervisor.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"leave\"", (await supervisor.SendAsync(HttpMethod.Get, "/api/v1/definitions")).Body!.ToJsonString(), StringComparison.Ordinal);

        await admin.SendAsync(HttpMethod.Put, "/api/v1/definitions/leave/rights", JsonNode.Parse("""{"rights":{"start":null,"handle":null}}"""));
        Assert.Equal(201, (await owner.PostAsync("/api/v1/instances", new { definitionId = "leave" })).Status);
        Assert.Contains(id, (await supervisor.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Body!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_raises_the_event_that_starts_a_process_does_not_approve_it()
    {
        await Flows.PublishAsync(Host, JsonNode.Parse("""
            {"definitionId":"by-event","name":"by-event","version":1,"root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[
              {"id":"on","type":"Elsa.Event","version":1,"customProperties":{"canStartWorkflow":true},"eventName":{"typeName":"String","expression":{"type":"Literal","value":"Raised"}}},
              {"id":"ok","type":"Human.Approval","version":1,"users":{"typeName":"String[]","expression":{"type":"Object","value":"[\"tech_support\"]"}}}]}}
            """)!);
        using var raiser = await Host.AsAsync("tech_support");
        using var above = await Host.AsAsync("tech_director");

        Assert.Equal(202, (await raiser.PostAsync("/api/v1/events/Raised", new { })).Status);

        var task = Assert.Single((await above.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Body!["items"]!.AsArray());
        Assert.Equal("by-event", (string?)task!["definitionId"]);
        Assert.Equal("tech_support", (string?)task["initiatedBy"]!["userName"]);
    }

    [Fact]
    public async Task A_key_acts_for_its_person_within_its_scopes_until_it_is_revoked()
    {
        using var admin = await Host.AsAsync("super_admin");
        var made = (await admin.PostAsync("/api/v1/keys", new { name = "ERP", userName = "activity_owner", scopes = Scopes })).Body!;
        using var program = Host.Anonymous();
        program.DefaultRequestHeaders.Authorization = new("Bearer", (string)made["secret"]!);

        Assert.Equal(201, (await program.PostAsync("/api/v1/instances", new { definitionId = "leave" })).Status);
        Assert.Equal(403, (await program.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Status);
        Assert.Equal(403, (await program.PostAsync("/api/v1/keys", new { })).Status);
        Assert.DoesNotContain((string)made["secret"]!, (await admin.SendAsync(HttpMethod.Get, "/api/v1/keys")).Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(204, (await admin.SendAsync(HttpMethod.Delete, $"/api/v1/keys/{made["key"]!["id"]}")).Status);
        Assert.Equal(401, (await program.PostAsync("/api/v1/instances", new { definitionId = "leave" })).Status);
    }

    [Fact]
    public async Task A_new_password_signs_the_old_one_out()
    {
        using var person = await Host.AsAsync("finance");

        Assert.Equal(422, (await person.SendAsync(HttpMethod.Put, "/api/v1/me/password", new { current = "demo", password = "finance123456" })).Status);
        Assert.Equal(422, (await person.SendAsync(HttpMethod.Put, "/api/v1/me/password", new { current = "wrong", password = "correct horse 7" })).Status);
        Assert.Equal(204, (await person.SendAsync(HttpMethod.Put, "/api/v1/me/password", new { current = "demo", password = "correct horse 7" })).Status);
        Assert.Equal(401, (await person.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Status);
        Assert.True(await Host.Service<Passwords>().CheckAsync("finance", "correct horse 7", TestContext.Current.CancellationToken));
    }

    private static async Task DelegateAsync(HttpClient client, string to)
    {
        var answer = await AddAsync(client, to);
        Assert.True(answer.Status == 201, answer.Body?.ToJsonString());
    }

    private static async Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> AddAsync(HttpClient client, string to)
    {
        var now = DateTimeOffset.Parse((string)(await client.SendAsync(HttpMethod.Get, "/dev/clock")).Body!["now"]!, System.Globalization.CultureInfo.InvariantCulture);
        return await client.PostAsync("/api/v1/organisation/delegations", new { to, startsAt = now.AddDays(-1), endsAt = now.AddDays(7), reason = "年假" });
    }

    private static async Task<JsonNode> ImportAsync(HttpClient client, byte[] file, string query = "")
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new("text/csv");
        var answer = await client.SendAsync(HttpMethod.Post, "/api/v1/organisation/import" + query, content: content);
        Assert.True(answer.Status == 200, answer.Body?.ToJsonString());
        return answer.Body!;
    }
}

public sealed class SqliteOrganisationApiTests() : OrganisationApiTests(DatabaseKind.Sqlite);

public sealed class PostgresOrganisationApiTests() : OrganisationApiTests(DatabaseKind.Postgres);
