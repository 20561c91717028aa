using System.Text.Json.Nodes;
using Workflows.Host.Tests.Pages;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests;

/// <summary>The lists of tasks: what the person may not do or see is in no list and no count, and what is asked wrongly is refused by name.</summary>
public abstract class TaskSearchTests(DatabaseKind kind) : IAsyncLifetime
{
    private HostUnderTest Host { get; set; } = null!;

    public async ValueTask InitializeAsync() => Host = await HostUnderTest.StartAsync(kind);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_a_person_may_not_handle_is_in_no_list_of_pages_or_programs_and_in_no_count()
    {
        await Flows.PublishAsync(Host, Flows.Approval("free"));
        await Flows.PublishAsync(Host, Flows.Approval("closed"));
        await Flows.PublishAsync(Host, Queue("queue", "cs_agent", "dedicated_cs_agent"));
        using var admin = await Host.AsAsync("super_admin");
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        using var agent = await Host.AsAsync("cs_agent");
        await Flows.StartAsync(owner, "free");
        var barred = (string)(await Flows.TaskAsync(supervisor, await Flows.StartAsync(owner, "closed")))["id"]!;
        await Flows.StartAsync(owner, "queue");
        Assert.Equal((2, 0), await SummaryAsync(supervisor));
        Assert.Equal((0, 1), await SummaryAsync(agent));

        foreach (var definition in (string[])["closed", "queue"])
            Assert.Equal(200, (await admin.SendAsync(HttpMethod.Put, $"/api/v1/definitions/{definition}/rights", new { rights = new { handle = To("finance") } })).Status);

        Assert.Equal((1, 0), await SummaryAsync(supervisor));
        Assert.Equal((0, 0), await SummaryAsync(agent));
        Assert.Equal(["free"], await DefinitionsAsync(supervisor, new { view = "todo" }));
        Assert.Empty(await DefinitionsAsync(agent, new { view = "claimable" }));
        Assert.Equal("nothing-to-claim", (string?)(await agent.PostAsync("/api/v1/tasks/claim-next")).Body!["code"]);
        Assert.Equal(404, (await supervisor.PostAsync($"/api/v1/tasks/{barred}/approve", new { comment = "同意" })).Status);
        using var page = await Visitor.OfAsync(Host, "supervisor");
        Assert.DoesNotContain(barred, (await page.GetAsync("/")).Html, StringComparison.Ordinal);
        Assert.Equal(404, (await page.GetAsync($"/tasks/{barred}")).Status);
        using var other = await Visitor.OfAsync(Host, "cs_agent");
        Assert.DoesNotContain("盘点", (await other.GetAsync("/?tab=claimable")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_who_may_view_a_process_finds_the_tasks_of_others_in_it()
    {
        await Flows.PublishAsync(Host, Flows.Approval("one"));
        await Flows.PublishAsync(Host, Flows.Approval("two"));
        using var admin = await Host.AsAsync("super_admin");
        using var owner = await Host.AsAsync("activity_owner");
        using var auditor = await Host.AsAsync("internal_auditor");
        using var finance = await Host.AsAsync("finance");
        foreach (var definition in (string[])["one", "one", "two"])
            await Flows.StartAsync(owner, definition);

        Assert.Empty(await DefinitionsAsync(finance, new { view = "all" }));
        Assert.Equal(200, (await admin.SendAsync(HttpMethod.Put, "/api/v1/definitions/two/rights", new { rights = new { view = To("finance") } })).Status);
        Assert.Equal(["two"], await DefinitionsAsync(finance, new { view = "all" }));
        Assert.Equal(["one", "one", "two"], (await DefinitionsAsync(auditor, new { view = "all", filter = new { assignee = To("supervisor") } })).Order());
    }

    [Fact]
    public async Task A_manager_sees_who_of_their_people_has_what_and_no_more_than_they_may_read()
    {
        await Flows.PublishAsync(Host, Flows.Approval("team-one"));
        await Flows.PublishAsync(Host, Queue("team-queue", "cs_agent"));
        using var owner = await Host.AsAsync("activity_owner");
        using var director = await Host.AsAsync("ops_director");
        using var manager = await Host.AsAsync("store_ops_manager");
        using var stranger = await Host.AsAsync("finance");
        using var admin = await Host.AsAsync("super_admin");
        for (var n = 0; n < 3; n++)
            await Flows.StartAsync(owner, "team-one");
        // Held by somebody of another team, and by nobody.
        var task = (string)(await Flows.TaskAsync(admin, await Flows.StartAsync(owner, "team-one"), "all"))["id"]!;
        Assert.Equal(200, (await admin.PostAsync("/api/v1/tasks/bulk/reassign", new { ids = To(task), to = "cs_manager", reason = "分工" })).Status);
        await Flows.StartAsync(owner, "team-queue");

        // The supervisor reports to the manager of the shop, who reports to the director; so does the one of customer service.
        Assert.Equal(["team-one", "team-one", "team-one"], await DefinitionsAsync(manager, new { view = "team" }));
        Assert.Equal(4, (await DefinitionsAsync(director, new { view = "team", filter = new { definitionId = To("team-one") } })).Count);
        Assert.Equal(["team-one"], await DefinitionsAsync(director, new { view = "team", filter = new { assignee = To("cs_manager", "finance") } }));
        Assert.Empty(await DefinitionsAsync(stranger, new { view = "team" }));
        Assert.Empty(await DefinitionsAsync(owner, new { view = "team", filter = new { assignee = To("supervisor") } }));

        var page = (await manager.SendAsync(HttpMethod.Get, "/api/v1/tasks?view=team&limit=2&count=exact")).Body!;
        Assert.Equal((2, 3), (page["items"]!.AsArray().Count, (int)page["total"]!));
        var item = page["items"]![0]!;
        Assert.Equal("supervisor", (string?)item["assignee"]!["userName"]);
        Assert.All((string[])["content", "form", "comment", "result", "reason"], hidden => Assert.Null(item[hidden]));
        Assert.Empty(item["availableActions"]!.AsArray());
        Assert.Equal(404, (await manager.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{item["id"]}")).Status);
    }

    [Fact]
    public async Task What_tasks_do_not_have_is_refused_with_what_to_use_instead()
    {
        using var supervisor = await Host.AsAsync("supervisor");
        supervisor.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        var answer = await supervisor.PostAsync("/api/v1/tasks/search", new { filter = new { priority = To("high") } });

        Assert.Equal("not-offered", (string?)answer.Body!["errors"]![0]!["code"]);
        Assert.Contains("dueFrom", (string?)answer.Body["errors"]![0]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_are_never_short_and_totals_come_when_asked_for()
    {
        await Flows.PublishAsync(Host, Flows.Approval("open"));
        await Flows.PublishAsync(Host, Flows.Approval("hidden"));
        using var admin = await Host.AsAsync("super_admin");
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        for (var n = 0; n < 5; n++)
        {
            await Flows.StartAsync(owner, "hidden");
            await Flows.StartAsync(owner, "open");
        }

        await admin.SendAsync(HttpMethod.Put, "/api/v1/definitions/hidden/rights", new { rights = new { handle = To("finance") } });
        var (found, after) = (0, (string?)null);
        do
        {
            var page = await supervisor.PostAsync("/api/v1/tasks/search", new { view = "todo", limit = 2, after, count = "exact", sort = "-createdAt" });
            Assert.Equal(5, (int)page.Body!["total"]!);
            after = (string?)page.Body["next"];
            Assert.Equal(after is null ? 1 : 2, page.Body["items"]!.AsArray().Count);
            found += page.Body["items"]!.AsArray().Count;
        }
        while (after is not null);
        Assert.Equal(5, found);
        var listed = await supervisor.SendAsync(HttpMethod.Get, "/api/v1/tasks?view=todo&limit=1&count=estimate");
        Assert.Equal((1, 5), (listed.Body!["items"]!.AsArray().Count, (int)listed.Body["total"]!));
    }

    [Fact]
    public async Task Filters_find_by_department_deadline_and_words()
    {
        await Flows.PublishAsync(Host, Flows.Approval("dated"));
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        await Flows.StartAsync(owner, "dated");

        Assert.Single(await DefinitionsAsync(supervisor, new { filter = new { initiator = To("activity_owner", "finance"), definitionId = To("dated"), clockState = "ok" } }));
        Assert.Empty(await DefinitionsAsync(supervisor, new { filter = new { clockState = "breached" } }));
        Assert.Single(await DefinitionsAsync(supervisor, new { filter = new { keyword = "请审批", state = To("open") } }));
        Assert.Empty(await DefinitionsAsync(supervisor, new { filter = new { keyword = "100%" } }));
        Assert.Single(await DefinitionsAsync(supervisor, new { filter = new { department = "operations" } }));
        Assert.Empty(await DefinitionsAsync(supervisor, new { filter = new { department = "data" } }));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_by_name()
    {
        using var supervisor = await Host.AsAsync("supervisor");
        foreach (var (body, place) in CannotBe)
        {
            var answer = await supervisor.PostAsync("/api/v1/tasks/search", JsonNode.Parse(body));

            Assert.True(answer.Status == 400, body);
            Assert.True(answer.Body!["errors"]!.AsArray().Any(e => (string?)e!["path"] == place), $"{body}: {answer.Body.ToJsonString()}");
        }
    }

    /// <summary>Searches, each with the place its refusal names.</summary>
    private static readonly (string Body, string Place)[] CannotBe =
    [
        ("""{"view":"everything"}""", "$.view"),
        ("""{"filter":{"priority":[1]}}""", "$.filter.priority"),
        ("""{"filter":{"tags":["急"]}}""", "$.filter.tags"),
        ("""{"filter":{"followUp":{"from":"2030-01-01"}}}""", "$.filter.followUp"),
        ("""{"filter":{"variables":{"amount":1}}}""", "$.filter.variables"),
        ("""{"view":"team","filter":{"keyword":"薪"}}""", "$.filter.keyword"),
        ("""{"view":"team","filter":{"state":["completed"]}}""", "$.filter.state"),
        ("""{"filter":{"state":["open","done"]}}""", "$.filter.state"),
        ("""{"filter":{"state":["completed"]}}""", "$.filter.state"),
        ("""{"filter":{"assignee":[]}}""", "$.filter.assignee"),
        ("""{"filter":{"clockState":"red"}}""", "$.filter.clockState"),
        ("""{"filter":{"department":"nowhere"}}""", "$.filter.department"),
        ("""{"filter":{"dueFrom":"2030-01-02T00:00:00Z","dueTo":"2030-01-01T00:00:00Z"}}""", "$.filter.dueTo"),
        ("""{"sort":"assignee; drop table user_task"}""", "$.sort"),
        ("""{"view":"claimable","sort":"createdAt"}""", "$.sort"),
        ("""{"limit":0}""", "$.limit"),
        ("""{"after":"x"}""", "$.after"),
        ("""{"after":"YzE6bm90LW91cnM"}""", "$.after"),
    ];

    private static JsonNode Queue(string id, params string[] roles) => Flows.Sequence(id, """
        {"id":"do","type":"Human.Task","version":1,"title":{"typeName":"String","expression":{"type":"Literal","value":"盘点"}},
         "roles":{"typeName":"String[]","expression":{"type":"Object","value":"ROLES"}}}
        """.Replace("ROLES", new JsonArray([.. roles.Select(r => (JsonNode)r)]).ToJsonString().Replace("\"", "\\\"", StringComparison.Ordinal), StringComparison.Ordinal));

    private static string[] To(params string[] names) => names;

    private static async Task<(int Todo, int Claimable)> SummaryAsync(HttpClient client)
    {
        var summary = (await client.SendAsync(HttpMethod.Get, "/api/v1/inbox/summary")).Body!;
        return ((int)summary["todo"]!, (int)summary["claimable"]!);
    }

    private static async Task<List<string?>> DefinitionsAsync(HttpClient client, object search)
    {
        var answer = await client.PostAsync("/api/v1/tasks/search", search);
        Assert.True(answer.Status == 200, answer.Body?.ToJsonString());
        return [.. answer.Body!["items"]!.AsArray().Select(i => (string?)i!["definitionId"])];
    }
}

public sealed class SqliteTaskSearchTests() : TaskSearchTests(DatabaseKind.Sqlite);

public sealed class PostgresTaskSearchTests() : TaskSearchTests(DatabaseKind.Postgres);
