using System.Text.Json.Nodes;
using Workflows.Host.Tests.Pages;
using Workflows.Persistence.Databases;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Host.Tests;

/// <summary>What a decision is bound to, what a step hides, and four eyes across instances: through the API and the pages of a real host.</summary>
public abstract class ShownContentTests(DatabaseKind kind) : IAsyncLifetime
{
    private const string Secret = "底价八折";

    private HostUnderTest Host { get; set; } = null!;

    public async ValueTask InitializeAsync() => Host = await HostUnderTest.StartAsync(kind);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_changed_is_refused_with_what_it_was_and_shown_again_on_page_and_api()
    {
        await PublishAsync("live", new Flow(Step("Elsa.Fork", "fork", ("joinMode", "WaitAll"), ("branches", new JsonArray(
            Step("Human.Approval", "ask", ("title", "请审批"), ("users", Json(new JsonArray("supervisor"))), ("content", Script("({ 金额: variables.amount })"))),
            Sequence("s", Event("raise"), Set("set", "amount", 500)))))).With("amount", 100));
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        using var operations = await Host.AsAsync("super_admin");
        var id = await Flows.StartAsync(owner, "live");
        var task = await Flows.TaskAsync(supervisor, id);
        var seen = (await supervisor.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{task["id"]}")).Body!;
        using var visitor = await Visitor.OfAsync(Host, "supervisor");
        var page = await visitor.GetAsync($"/tasks/{task["id"]}");
        Assert.Equal(202, (await operations.PostAsync("/api/v1/events/raise", new { instanceId = id })).Status is 200 or 202 ? 202 : 0);

        var posted = await visitor.PostAsync($"/tasks/{task["id"]}", new() { ["_csrf"] = page.Hidden("_csrf"), ["revision"] = page.Hidden("revision"), ["seen"] = page.Hidden("seen"), ["key"] = page.Hidden("key"), ["action"] = "approve", ["comment.approve"] = "看过了" });
        Assert.Equal(409, posted.Status);
        Assert.Contains("金额 100 → 500", posted.Text, StringComparison.Ordinal);
        Assert.Contains("看过了", posted.Html, StringComparison.Ordinal);
        var refused = await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { comment = "同意", contentHash = (string?)seen["contentHash"] });
        Assert.Equal((409, "content-changed"), (refused.Status, (string?)refused.Body!["code"]));

        var now = (await supervisor.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{task["id"]}")).Body!;
        Assert.Equal(500, (int)now["content"]!["金额"]!);
        Assert.Equal(200, (await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { comment = "同意", contentHash = (string?)now["contentHash"] })).Status);
    }

    [Fact]
    public async Task A_file_that_somebody_added_is_looked_at_before_deciding_and_ones_own_is_no_news()
    {
        await Flows.PublishAsync(Host, Flows.Approval("files"));
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        var address = $"/api/v1/tasks/{(await Flows.TaskAsync(supervisor, await Flows.StartAsync(owner, "files")))["id"]}";
        var seen = (string?)(await supervisor.SendAsync(HttpMethod.Get, address)).Body!["contentHash"];
        Task AttachAsync(HttpClient client, string name) => client.SendAsync(HttpMethod.Post, $"{address}/attachments?name={name}", content: new StringContent("内容"));

        await AttachAsync(supervisor, "mine.txt");
        Assert.Equal(200, (await supervisor.PostAsync($"{address}/approve?dryRun=true", new { contentHash = seen })).Status);
        await AttachAsync(owner, "late.txt");
        var refused = await supervisor.PostAsync($"{address}/approve", new { comment = "同意", contentHash = seen });

        Assert.Equal((409, "content-changed", "附件"), (refused.Status, (string?)refused.Body!["code"], (string?)refused.Body["changed"]![0]!["field"]));
        Assert.Equal(200, (await supervisor.PostAsync($"{address}/approve", new { comment = "同意", contentHash = (string?)refused.Body["contentHash"] })).Status);
    }

    [Fact]
    public async Task What_a_step_hides_is_found_by_no_other_way()
    {
        var schema = JsonNode.Parse("""{"properties":{"amount":{"type":"number","title":"金额"},"secret":{"type":"string","title":"底价"}}}""")!;
        JsonObject Ask(string user, string rights) => Step("Human.Approval", "ask-" + user, ("title", "请审批"), ("users", Json(new JsonArray(user))), ("form", Json(schema.DeepClone())), ("fieldRights", Json(JsonNode.Parse(rights)!)),
            ("content", Script("({ 金额: variables.amount, 底价: variables.secret })")));
        await PublishAsync("fields", new Flow(Sequence("s", Set("in", "secret", Script("getInput('secret')")), Ask("supervisor", """{"amount":"edit","secret":"edit"}"""), Ask("cs_manager", """{"secret":"hide","底价":"hide"}"""))).With("amount", 100).With("secret", "").WithInput("secret"));
        using var owner = await Host.AsAsync("activity_owner");
        using var first = await Host.AsAsync("supervisor");
        using var second = await Host.AsAsync("cs_manager");
        using var auditor = await Host.AsAsync("internal_auditor");
        var id = await Flows.StartAsync(owner, "fields", new { secret = Secret });
        var task = await Flows.TaskAsync(first, id);
        Assert.Equal(200, (await first.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { comment = "同意", form = new { amount = 80, secret = Secret + "改" } })).Status);
        var mine = (string)(await Flows.TaskAsync(second, id))["id"]!;
        Assert.Equal(200, (await second.PostAsync($"/api/v1/instances/{id}/cc", new { people = To("finance") })).Status);

        string[] addresses = [$"/api/v1/instances/{id}", $"/api/v1/instances/{id}/timeline", $"/api/v1/instances/{id}/actions", $"/api/v1/tasks/{mine}", "/api/v1/tasks?view=todo", "/api/v1/instances", $"/api/v1/tasks/{mine}/draft"];
        foreach (var address in addresses)
            Assert.DoesNotContain(Secret, (await second.SendAsync(HttpMethod.Get, address)).Body?.ToJsonString(ApiReadable) ?? "", StringComparison.Ordinal);
        Assert.Equal(404, (await second.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{task["id"]}")).Status);
        using var visitor = await Visitor.OfAsync(Host, "cs_manager");
        foreach (var address in new[] { "/", $"/tasks/{mine}", $"/instances/{id}", "/notices" })
        {
            var page = await visitor.GetAsync(address);
            Assert.Equal(200, page.Status);
            Assert.DoesNotContain(Secret, page.Html, StringComparison.Ordinal);
        }

        // Whoever may see it does, and everybody sees that the amount was changed, by whom and from what.
        Assert.Contains("金额：100 → 80", (await second.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}/timeline")).Body!.ToJsonString(ApiReadable), StringComparison.Ordinal);
        foreach (var client in new[] { owner, first, auditor })
            Assert.Contains($"底价：{Secret} → {Secret}改", (await client.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}/timeline")).Body!.ToJsonString(ApiReadable), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_decides_both_in_a_process_and_in_the_one_it_calls()
    {
        JsonObject Ask(string id) => Step("Human.Approval", id, ("title", id), ("users", Json(new JsonArray("supervisor"))));
        await PublishAsync("called", new Flow(Ask("inner")));
        await PublishAsync("calling", new Flow(Sequence("s", Ask("outer"), Step("Elsa.ExecuteWorkflow", "child", ("workflowDefinitionId", "called"), ("waitForCompletion", true)))));
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        using var admin = await Host.AsAsync("super_admin");
        var id = await Flows.StartAsync(owner, "calling");
        Assert.Equal(200, (await supervisor.PostAsync($"/api/v1/tasks/{(await Flows.TaskAsync(supervisor, id))["id"]}/approve", new { comment = "同意" })).Status);

        var inner = await Condition.FoundAsync(
            async () => (await admin.PostAsync("/api/v1/tasks/search", new { view = "all", filter = new { definitionId = To("called") } })).Body!["items"]!.AsArray().FirstOrDefault(),
            "The child never asked.", TestContext.Current.CancellationToken);

        Assert.NotEqual("supervisor", (string?)inner["assignee"]?["userName"]);
        Assert.NotEqual("activity_owner", (string?)inner["assignee"]?["userName"]);
        Assert.NotEqual(200, (await supervisor.PostAsync($"/api/v1/tasks/{inner["id"]}/approve", new { comment = "同意" })).Status);
    }

    [Fact]
    public async Task Operators_reassign_several_at_once_and_never_to_themselves_or_somebody_barred()
    {
        await Flows.PublishAsync(Host, Flows.Approval("re"));
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        using var admin = await Host.AsAsync("super_admin");
        using var finance = await Host.AsAsync("finance");
        var ids = new List<string>();
        for (var n = 0; n < 2; n++)
            ids.Add((string)(await Flows.TaskAsync(supervisor, await Flows.StartAsync(owner, "re")))["id"]!);
        async Task<List<int>> ReassignAsync(HttpClient by, string to, string reason = "请假", string query = "") =>
            [.. ((await by.PostAsync("/api/v1/tasks/bulk/reassign" + query, new { ids = ids.Append("nothing"), to, reason })).Body!["items"]?.AsArray() ?? []).Select(i => (int)i!["status"]!)];

        Assert.Equal([404, 404, 404], await ReassignAsync(finance, "finance"));
        Assert.Equal([403, 403, 404], await ReassignAsync(supervisor, "finance"));
        Assert.Equal([422, 422, 404], await ReassignAsync(admin, "super_admin"));
        Assert.Equal([422, 422, 404], await ReassignAsync(admin, "activity_owner"));
        Assert.Equal([422, 422, 404], await ReassignAsync(admin, "no such person"));
        Assert.Empty(await ReassignAsync(admin, "finance", " "));
        Assert.Equal([200, 200, 404], await ReassignAsync(admin, "finance", query: "?dryRun=true"));
        Assert.Equal([200, 200, 404], await ReassignAsync(admin, "finance"));

        var lost = await supervisor.PostAsync($"/api/v1/tasks/{ids[0]}/approve", new { comment = "同意" });
        Assert.Equal((409, "task-claimed", "finance"), (lost.Status, (string?)lost.Body!["code"], (string?)lost.Body["by"]));
        Assert.NotNull(lost.Body["at"]);
        Assert.Equal(200, (await finance.PostAsync($"/api/v1/tasks/{ids[0]}/approve", new { comment = "同意" })).Status);
    }

    private static readonly System.Text.Json.JsonSerializerOptions ApiReadable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string[] To(params string[] names) => names;

    private Task PublishAsync(string id, Flow flow)
    {
        var definition = flow.ToJson();
        definition.Remove("id");
        (definition["definitionId"], definition["name"]) = (id, id);
        return Flows.PublishAsync(Host, definition);
    }
}

public sealed class SqliteShownContentTests() : ShownContentTests(DatabaseKind.Sqlite);

public sealed class PostgresShownContentTests() : ShownContentTests(DatabaseKind.Postgres);
