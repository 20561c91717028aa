using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Persistence.Databases;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Host.Tests;

/// <summary>The acts of approvals through HTTP.</summary>
public abstract class ApprovalActTests(DatabaseKind kind) : IAsyncLifetime
{
    private HostUnderTest? _host;

    private HostUnderTest Host => _host!;

    public async ValueTask InitializeAsync()
    {
        _host = await HostUnderTest.StartAsync(kind);
        await PublishAsync("two", [Ask("first", "supervisor"), Ask("second", "store_ops_manager")], "first:Approved->second");
        await PublishAsync("queue", [Step("Human.Approval", "first", ("users", Json(new JsonArray("cs_agent", "dedicated_cs_agent"))), ("allowBulk", true))]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Who_lost_the_task_to_another_is_told_who_has_it_and_since_when()
    {
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        using var other = await Host.AsAsync("finance");
        var id = await Flows.StartAsync(owner, "two");
        var task = await Flows.TaskAsync(supervisor, id);
        Assert.Contains(task["availableActions"]!.AsArray(), a => (string?)a!["name"] == "transfer" && (bool)a["commentRequired"]!);

        var bad = await supervisor.PostAsync(Act(task, "transfer"), new { people = To("activity_owner"), comment = "请看" });
        var given = await supervisor.PostAsync(Act(task, "transfer"), new { people = To("finance"), comment = "请看" }, key: "t1");
        var again = await supervisor.PostAsync(Act(task, "transfer"), new { people = To("finance"), comment = "请看" }, key: "t1");
        var late = await supervisor.PostAsync(Act(task, "approve"), new { comment = "同意" });

        Assert.Equal((422, "bad-person"), (bad.Status, (string?)bad.Body!["code"]));
        Assert.Equal((200, "finance"), (given.Status, (string?)given.Body!["assignee"]!["userName"]));
        Assert.Equal(given.Body.ToJsonString(), again.Body!.ToJsonString());
        Assert.Equal((409, "task-claimed", "finance"), (late.Status, (string?)late.Body!["code"], (string?)late.Body["by"]));
        Assert.NotNull(late.Body["at"]);
        Assert.Equal(200, (await supervisor.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{task["id"]}")).Status);
        Assert.Equal(200, (await other.PostAsync(Act(task, "approve"), new { comment = "同意" })).Status);
    }

    [Fact]
    public async Task A_return_is_tried_dry_first_and_then_comes_straight_back()
    {
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        using var manager = await Host.AsAsync("store_ops_manager");
        var id = await Flows.StartAsync(owner, "two");
        await supervisor.PostAsync(Act(await Flows.TaskAsync(supervisor, id), "approve"), new { comment = "同意" });
        var task = await Flows.TaskAsync(manager, id);
        var target = task["returnTargets"]!.AsArray().Single(t => (string?)t!["nodeId"] != "initiator")!["nodeId"];

        var trial = await manager.PostAsync(Act(task, "return") + "?dryRun=true", new { to = (string?)target, straightBack = true });
        Assert.Equal((200, 0), (trial.Status, trial.Body!["cancels"]!.AsArray().Count));
        var done = await manager.PostAsync(Act(task, "return"), new { to = (string?)target, straightBack = true, comment = "请再看" });
        Assert.Equal(200, done.Status);
        await supervisor.PostAsync(Act(await Flows.TaskAsync(supervisor, id), "approve"), new { comment = "同意" });
        var back = await Flows.TaskAsync(manager, id);

        Assert.Equal(2, (int)back["round"]!);
        await manager.PostAsync(Act(back, "approve"), new { comment = "同意", contentHash = (string?)back["contentHash"] });
        Assert.Equal("Finished", (string?)(await owner.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}")).Body!["instance"]!["subStatus"]);
    }

    [Fact]
    public async Task A_decision_on_other_content_is_refused_with_what_it_is_now()
    {
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        var task = await Flows.TaskAsync(supervisor, await Flows.StartAsync(owner, "two"));

        var refused = await supervisor.PostAsync(Act(task, "approve"), new { contentHash = "0000" });

        Assert.Equal((409, "content-changed"), (refused.Status, (string?)refused.Body!["code"]));
        Assert.Equal((string?)task["contentHash"], (string?)refused.Body["contentHash"]);
    }

    [Fact]
    public async Task The_applicant_urges_comments_sends_copies_and_withdraws()
    {
        using var owner = await Host.AsAsync("activity_owner");
        using var reader = await Host.AsAsync("finance");
        var id = await Flows.StartAsync(owner, "two");
        Assert.Equal(404, (await reader.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}")).Status);

        Assert.Equal(200, (await owner.PostAsync($"/api/v1/instances/{id}/urge")).Status);
        var early = await owner.PostAsync($"/api/v1/instances/{id}/urge");
        Assert.Equal((409, "urged-lately"), (early.Status, (string?)early.Body!["code"]));
        Assert.NotNull(early.Response.Headers.RetryAfter);
        Assert.Equal(422, (await owner.PostAsync($"/api/v1/instances/{id}/comment", new { comment = " " })).Status);
        Assert.Equal(200, (await owner.PostAsync($"/api/v1/instances/{id}/cc", new { people = To("finance"), comment = "请知悉" })).Status);

        var copy = await Condition.FoundAsync(
            async () => (await reader.SendAsync(HttpMethod.Get, "/api/v1/tasks?view=cc")).Body!["items"]!.AsArray().FirstOrDefault(), "The copy never came.", TestContext.Current.CancellationToken);
        Assert.Equal((id, null), ((string?)copy["instanceId"], (string?)copy["readAt"]));
        Assert.Equal(204, (await reader.PostAsync($"/api/v1/cc-items/{copy["id"]}/read")).Status);
        Assert.Equal(404, (await owner.PostAsync($"/api/v1/cc-items/{copy["id"]}/read")).Status);
        Assert.Equal(200, (await reader.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}")).Status);

        var actions = await owner.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}/actions");
        Assert.Equal(["withdraw", "urge", "comment", "cc", "attach"], actions.Body!.AsArray().Select(a => (string?)a!["name"]));
        Assert.Equal(403, (await reader.PostAsync($"/api/v1/instances/{id}/withdraw")).Status);
        Assert.Equal("Cancelled", (string?)(await owner.PostAsync($"/api/v1/instances/{id}/withdraw", new { comment = "不要了" })).Body!["subStatus"]);
    }

    [Fact]
    public async Task The_next_task_of_a_queue_goes_to_one_person_and_several_are_approved_at_once()
    {
        using var owner = await Host.AsAsync("activity_owner");
        using var one = await Host.AsAsync("cs_agent");
        using var two = await Host.AsAsync("dedicated_cs_agent");
        var ids = new List<string>();
        for (var n = 0; n < 3; n++)
            ids.Add(await Flows.StartAsync(owner, "queue"));

        var claims = await Task.WhenAll(one.PostAsync("/api/v1/tasks/claim-next"), two.PostAsync("/api/v1/tasks/claim-next"));
        Assert.All(claims, c => Assert.Equal(200, c.Status));
        Assert.NotEqual((string?)claims[0].Body!["id"], (string?)claims[1].Body!["id"]);

        var mine = (string?)claims[0].Body!["id"];
        var others = (string?)claims[1].Body!["id"];
        var bulk = await one.PostAsync("/api/v1/tasks/bulk/approve", new { ids = new[] { mine, others, "nothing" } });
        Assert.Equal([(mine, 200), (others, 409), ("nothing", 404)], bulk.Body!["items"]!.AsArray().Select(i => ((string?)i!["id"], (int)i["status"]!)));
    }

    [Fact]
    public async Task A_draft_is_kept_until_the_task_is_done()
    {
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        var task = await Flows.TaskAsync(supervisor, await Flows.StartAsync(owner, "two"));

        Assert.Equal(404, (await supervisor.SendAsync(HttpMethod.Get, Act(task, "draft"))).Status);
        Assert.Equal(204, (await supervisor.SendAsync(HttpMethod.Put, Act(task, "draft"), new { form = new { opinion = "写到一半" } })).Status);
        Assert.Equal(404, (await owner.SendAsync(HttpMethod.Put, Act(task, "draft"), new { form = new { } })).Status);
        Assert.Equal("写到一半", (string?)(await supervisor.SendAsync(HttpMethod.Get, Act(task, "draft"))).Body!["form"]!["opinion"]);
        await supervisor.PostAsync(Act(task, "approve"), new { comment = "同意" });
        Assert.Equal(404, (await supervisor.SendAsync(HttpMethod.Get, Act(task, "draft"))).Status);
    }

    [Fact]
    public async Task Attachments_are_checked_by_content_and_served_for_saving_only()
    {
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        using var stranger = await Host.AsAsync("finance");
        var task = await Flows.TaskAsync(supervisor, await Flows.StartAsync(owner, "two"));
        var pdf = Encoding.ASCII.GetBytes("%PDF-1.7 合同");

        var added = await UploadAsync(owner, task, "../合同<1>.pdf", pdf);
        var twin = await UploadAsync(supervisor, task, "合同1.pdf", pdf);
        Assert.Equal((201, "合同1.pdf"), (added.Status, (string?)added.Body!["name"]));
        Assert.Equal(201, twin.Status);
        Assert.Equal((415, "file-extension-refused"), await CodeAsync(UploadAsync(owner, task, "a.html", pdf)));
        Assert.Equal((415, "file-type-refused"), await CodeAsync(UploadAsync(owner, task, "a.pdf", Encoding.ASCII.GetBytes("<script>"))));
        Assert.Equal(404, (await UploadAsync(stranger, task, "a.pdf", pdf)).Status);
        Assert.Equal(413, (await UploadAsync(owner, task, "a.pdf", [.. pdf, .. new byte[20 * 1024 * 1024]])).Status);

        Assert.Equal(2, (await owner.SendAsync(HttpMethod.Get, Act(task, "attachments"))).Body!["items"]!.AsArray().Count);
        var download = await supervisor.GetAsync($"/api/v1/attachments/{added.Body["id"]}", TestContext.Current.CancellationToken);
        Assert.Equal(pdf, await download.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("attachment", "nosniff"), (download.Content.Headers.ContentDisposition!.DispositionType, download.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.Equal(404, (await stranger.SendAsync(HttpMethod.Get, $"/api/v1/attachments/{added.Body["id"]}")).Status);
    }

    private static async Task<(int, string?)> CodeAsync(Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> answer) => ((await answer).Status, (string?)(await answer).Body!["code"]);

    private static Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> UploadAsync(HttpClient client, JsonNode task, string name, byte[] content)
    {
        var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return client.SendAsync(HttpMethod.Post, $"{Act(task, "attachments")}?name={Uri.EscapeDataString(name)}", content: body);
    }

    private static string[] To(params string[] names) => names;

    private static string Act(JsonNode task, string action) => $"/api/v1/tasks/{task["id"]}/{action}";

    private static JsonObject Ask(string id, string user) => Step("Human.Approval", id, ("title", id), ("users", Json(new JsonArray(user))));

    private Task PublishAsync(string id, JsonObject[] steps, params string[] arrows)
    {
        var definition = new Flow(Chart(steps, arrows)).ToJson();
        (definition["id"], definition["definitionId"], definition["name"]) = (null, id, id);
        definition.Remove("id");
        return Flows.PublishAsync(Host, definition);
    }
}

public sealed class SqliteApprovalActTests() : ApprovalActTests(DatabaseKind.Sqlite);

public sealed class PostgresApprovalActTests() : ApprovalActTests(DatabaseKind.Postgres);
