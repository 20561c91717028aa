using System.Text.Json.Nodes;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests;

public abstract class InstanceAndTaskTests(DatabaseKind kind) : IAsyncLifetime
{
    private static readonly string[] Acts = ["claim", "unclaim", "approve", "reject", "return", "complete"];

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
    public async Task An_application_is_approved_and_its_story_can_be_read()
    {
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        var id = await Flows.StartAsync(owner, "leave", new { reason = "请假" });

        var task = await TaskOfAsync(supervisor, id);
        var approved = await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { comment = "同意请假" });
        var instance = await owner.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}");
        var timeline = await owner.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}/timeline");
        var done = await Flows.TaskAsync(supervisor, id, "done");

        Assert.Equal(200, approved.Status);
        Assert.Equal("approve", (string?)approved.Body!["decision"]);
        Assert.Equal("Finished", (string?)instance.Body!["instance"]!["subStatus"]);
        Assert.Contains(timeline.Body!["items"]!.AsArray(), e => (string?)e!["comment"] == "同意请假" && ((string)e["text"]!).Contains("上级主管", StringComparison.Ordinal));
        Assert.Equal("Completed", (string?)done["state"]);
        Assert.Contains(task["availableActions"]!.AsArray(), a => (string?)a!["name"] == "approve" && (bool)a["enabled"]!);
    }

    [Fact]
    public async Task What_is_not_ones_own_looks_like_what_does_not_exist()
    {
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        using var stranger = await Host.AsAsync("finance");
        var id = await Flows.StartAsync(owner, "leave");
        var task = (string)(await TaskOfAsync(supervisor, id))["id"]!;

        string[] reads = [$"/api/v1/instances/{id}", $"/api/v1/instances/{id}/timeline", $"/api/v1/tasks/{task}"];
        string[] acts = [$"/api/v1/instances/{id}/cancel", .. Acts.Select(a => $"/api/v1/tasks/{task}/{a}")];
        var missing = await stranger.SendAsync(HttpMethod.Get, "/api/v1/instances/ffffffff");
        foreach (var address in reads)
        {
            var answer = await stranger.SendAsync(HttpMethod.Get, address);
            Assert.Equal(404, answer.Status);
            Assert.Equal(missing.Body!.ToJsonString(), answer.Body!.ToJsonString());
        }

        foreach (var address in acts)
            Assert.Equal(404, (await stranger.PostAsync(address, new { })).Status);
        // The applicant sees the task but does not decide it.
        Assert.Equal(403, (await owner.PostAsync($"/api/v1/tasks/{task}/approve", new { })).Status);
        Assert.Equal(200, (await owner.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{task}")).Status);
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_gets_the_first_answer_and_another_body_is_refused()
    {
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        var body = new { definitionId = "leave", input = new { n = 1 } };

        var first = await owner.PostAsync("/api/v1/instances", body, key: "start-1");
        var again = await owner.PostAsync("/api/v1/instances", body, key: "start-1");
        var other = await owner.PostAsync("/api/v1/instances", new { definitionId = "leave" }, key: "start-1");
        var mine = await supervisor.PostAsync("/api/v1/instances", body, key: "start-1");

        Assert.Equal((201, 201), (first.Status, again.Status));
        Assert.Equal(first.Body!.ToJsonString(), again.Body!.ToJsonString());
        Assert.Equal(first.Response.Headers.ETag, again.Response.Headers.ETag);
        Assert.Equal("true", again.Response.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal((422, "idempotency-key-reused"), (other.Status, (string?)other.Body!["code"]));
        // Keys belong to the person who sent them.
        Assert.Equal(201, mine.Status);
        Assert.NotEqual((string?)first.Body["id"], (string?)mine.Body!["id"]);
    }

    [Fact]
    public async Task A_decision_repeated_with_its_key_gets_the_first_answer()
    {
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        var id = await Flows.StartAsync(owner, "leave");
        var task = await TaskOfAsync(supervisor, id);
        var tag = $"\"{task["revision"]}\"";

        var first = await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { comment = "好" }, "decide-" + id, tag);
        var again = await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { comment = "好" }, "decide-" + id, tag);
        var unkeyed = await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { comment = "好" });

        Assert.Equal((200, 200), (first.Status, again.Status));
        Assert.Equal(first.Body!.ToJsonString(), again.Body!.ToJsonString());
        Assert.Equal((409, "task-closed"), (unkeyed.Status, (string?)unkeyed.Body!["code"]));
        Assert.Equal("supervisor", (string?)unkeyed.Body["by"]);
    }

    [Fact]
    public async Task Of_many_simultaneous_decisions_exactly_one_is_accepted()
    {
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        for (var round = 0; round < 5; round++)
        {
            var id = await Flows.StartAsync(owner, "leave");
            var task = await TaskOfAsync(supervisor, id);
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n =>
                supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/{(n % 2 == 0 ? "approve" : "reject")}", new { comment = "我" })));

            Assert.Single(answers, a => a.Status == 200);
            Assert.All(answers.Where(a => a.Status != 200), a => Assert.Equal(409, a.Status));
        }
    }

    [Fact]
    public async Task An_act_on_what_has_changed_meanwhile_is_refused()
    {
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        var id = await Flows.StartAsync(owner, "leave");
        var task = await TaskOfAsync(supervisor, id);

        var stale = await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { comment = "好" }, ifMatch: "\"999\"");
        var nonsense = await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { comment = "好" }, ifMatch: "abc");
        var cancel = await owner.PostAsync($"/api/v1/instances/{id}/cancel", new { }, ifMatch: "\"999\"");

        Assert.Equal((412, 400, 412), (stale.Status, nonsense.Status, cancel.Status));
    }

    [Fact]
    public async Task The_applicant_cancels_and_nothing_is_left_to_do()
    {
        using var owner = await Host.AsAsync("activity_owner");
        using var supervisor = await Host.AsAsync("supervisor");
        var id = await Flows.StartAsync(owner, "leave");
        var task = await TaskOfAsync(supervisor, id);

        var cancelled = await owner.PostAsync($"/api/v1/instances/{id}/cancel", new { reason = "不需要了" });
        var again = await owner.PostAsync($"/api/v1/instances/{id}/cancel", new { reason = "不需要了" });
        var decision = await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { comment = "好" });

        Assert.Equal((200, "Cancelled"), (cancelled.Status, (string?)cancelled.Body!["subStatus"]));
        Assert.Equal((409, 409), (again.Status, decision.Status));
    }

    [Fact]
    public async Task A_list_is_read_page_by_page_without_gaps()
    {
        using var owner = await Host.AsAsync("campaign_ops_manager");
        var started = new HashSet<string>();
        for (var i = 0; i < 7; i++)
            started.Add(await Flows.StartAsync(owner, "leave"));

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await owner.SendAsync(HttpMethod.Get, "/api/v1/instances?limit=3" + (cursor is null ? "" : $"&after={cursor}"));
            Assert.Equal(200, page.Status);
            seen.AddRange(page.Body!["items"]!.AsArray().Select(i => (string)i!["id"]!));
            cursor = (string?)page.Body["next"];
        }
        while (cursor is not null);

        Assert.Equal(started.Order(), seen.Order());
        Assert.Equal(400, (await owner.SendAsync(HttpMethod.Get, "/api/v1/instances?after=xyz")).Status);
    }

    [Fact]
    public async Task An_event_reaches_its_waiter_once()
    {
        await Flows.PublishAsync(Host, Flows.Waits("waits", "到货"));
        using var owner = await Host.AsAsync("activity_owner");
        var id = await Flows.StartAsync(owner, "waits");

        using var publisher = await Host.AsAsync("tech_support");
        var first = await publisher.PostAsync("/api/v1/events/" + Uri.EscapeDataString("到货"), new { payload = new { n = 1 } }, key: "event-1");
        var again = await publisher.PostAsync("/api/v1/events/" + Uri.EscapeDataString("到货"), new { payload = new { n = 1 } }, key: "event-1");
        var instance = await owner.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}");

        Assert.Equal((202, 202), (first.Status, again.Status));
        Assert.Equal(1, (int)first.Body!["reached"]!);
        Assert.Equal(first.Body.ToJsonString(), again.Body!.ToJsonString());
        Assert.Equal("Finished", (string?)instance.Body!["instance"]!["subStatus"]);
    }

    [Fact]
    public async Task Advancing_the_clock_fires_what_becomes_due()
    {
        await Flows.PublishAsync(Host, Flows.Delays("delays", "60.00:00:00"));
        using var owner = await Host.AsAsync("activity_owner");
        var id = await Flows.StartAsync(owner, "delays");

        var early = await owner.PostAsync("/dev/clock/advance", new { by = "59.00:00:00" });
        var waiting = await owner.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}");
        var late = await owner.PostAsync("/dev/clock/advance", new { by = "1.00:00:01" });
        var finished = await owner.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}");

        Assert.Equal((200, 200), (early.Status, late.Status));
        Assert.Equal("Suspended", (string?)waiting.Body!["instance"]!["subStatus"]);
        Assert.Equal("Finished", (string?)finished.Body!["instance"]!["subStatus"]);
        Assert.Equal(400, (await owner.PostAsync("/dev/clock/advance", new { by = "-1.00:00:00" })).Status);
    }

    private static async Task<JsonNode> TaskOfAsync(HttpClient supervisor, string instanceId)
    {
        // With one supervisor the task is theirs; with several it would wait to be claimed.
        var todo = (await supervisor.SendAsync(HttpMethod.Get, "/api/v1/tasks?view=todo&limit=200")).Body!["items"]!.AsArray().FirstOrDefault(t => (string?)t!["instanceId"] == instanceId);
        return todo ?? await Flows.TaskAsync(supervisor, instanceId, "claimable");
    }
}

public sealed class SqliteInstanceAndTaskTests() : InstanceAndTaskTests(DatabaseKind.Sqlite);

public sealed class PostgresInstanceAndTaskTests() : InstanceAndTaskTests(DatabaseKind.Postgres);
