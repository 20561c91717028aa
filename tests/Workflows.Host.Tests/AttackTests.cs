using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Host.Security;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests;

/// <summary>What people who mean ill have tried through the API.</summary>
public sealed class AttackTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task Only_publishers_reach_all_waiters_and_only_the_initiator_tells_an_instance_something()
    {
        var host = await shared.GetAsync();
        var offering = Flows.Waits("paid", "PaymentReceived");
        offering["customProperties"] = new JsonObject { ["initiatorEvents"] = new JsonArray("PaymentReceived") };
        await Flows.PublishAsync(host, offering);
        await Flows.PublishAsync(host, Flows.Waits("paid-quietly", "PaymentReceived"));
        using var owner = await host.AsAsync("activity_owner");
        using var stranger = await host.AsAsync("cs_agent");
        var id = await Flows.StartAsync(owner, "paid");

        var toAll = await stranger.PostAsync("/api/v1/events/PaymentReceived", new { });
        var toAllByInitiator = await owner.PostAsync("/api/v1/events/PaymentReceived", new { });
        var toOne = await stranger.PostAsync("/api/v1/events/PaymentReceived", new { instanceId = id });
        var toNone = await stranger.PostAsync("/api/v1/events/PaymentReceived", new { instanceId = "none" });
        Assert.Equal("Running", (string?)(await owner.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}")).Body!["instance"]!["status"]);
        var notOffered = await owner.PostAsync("/api/v1/events/PaymentReceived", new { instanceId = await Flows.StartAsync(owner, "paid-quietly") });
        var own = await owner.PostAsync("/api/v1/events/PaymentReceived", new { instanceId = id });

        Assert.Equal((403, 403, 404, 404, 202), (toAll.Status, toAllByInitiator.Status, toOne.Status, toNone.Status, own.Status));
        Assert.Equal(403, notOffered.Status);
        Assert.Equal(toNone.Body!.ToJsonString(), toOne.Body!.ToJsonString());
        Assert.Equal(1, (int)own.Body!["reached"]!);
    }

    [Fact]
    public async Task A_participant_who_is_not_the_initiator_cannot_move_the_instance_by_an_event()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Approval("event-by-approver"));
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        var id = await Flows.StartAsync(owner, "event-by-approver");

        Assert.Equal(403, (await supervisor.PostAsync("/api/v1/events/any", new { instanceId = id })).Status);
    }

    [Fact]
    public async Task One_person_cannot_fill_both_seats_of_two_approvals_side_by_side()
    {
        var host = await shared.GetAsync();
        var definition = JsonNode.Parse("""
            {"definitionId":"two-seats","name":"two-seats","version":1,"root":{"id":"root","type":"Elsa.Parallel","version":1,"activities":[
              {"id":"a","type":"Human.Approval","version":1,"roles":{"typeName":"String[]","expression":{"type":"Object","value":"[\"supervisor\"]"}}},
              {"id":"b","type":"Human.Approval","version":1,"roles":{"typeName":"String[]","expression":{"type":"Object","value":"[\"supervisor\"]"}}}]}}
            """)!;
        await Flows.PublishAsync(host, definition);
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        var id = await Flows.StartAsync(owner, "two-seats");
        var tasks = (await supervisor.SendAsync(HttpMethod.Get, "/api/v1/tasks?limit=200")).Body!["items"]!.AsArray().Where(t => (string?)t!["instanceId"] == id).ToList();
        Assert.Equal(2, tasks.Count);

        var first = await supervisor.PostAsync($"/api/v1/tasks/{tasks[0]!["id"]}/approve");
        var second = await supervisor.PostAsync($"/api/v1/tasks/{tasks[1]!["id"]}/approve");

        Assert.Equal((200, 404), (first.Status, second.Status));
        using var manager = await host.AsAsync("store_ops_manager");
        Assert.Equal(200, (await manager.PostAsync($"/api/v1/tasks/{tasks[1]!["id"]}/approve")).Status);
    }

    [Fact]
    public async Task A_stale_tag_is_refused_with_a_new_idempotency_key_too()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Approval("stale"));
        using var owner = await host.AsAsync("activity_owner");
        var id = await Flows.StartAsync(owner, "stale");
        var tag = (await owner.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}")).Response.Headers.ETag!.ToString();

        var stale = await owner.PostAsync($"/api/v1/instances/{id}/cancel", new { }, key: "stale-1", ifMatch: "\"77\"");
        var fresh = await owner.PostAsync($"/api/v1/instances/{id}/cancel", new { }, key: "stale-2", ifMatch: tag);
        var repeat = await owner.PostAsync($"/api/v1/instances/{id}/cancel", new { }, key: "stale-2", ifMatch: tag);

        Assert.Equal((412, 200, 200), (stale.Status, fresh.Status, repeat.Status));
        Assert.True(repeat.Response.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task A_form_on_a_task_without_one_is_refused_and_the_task_stays_open()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Approval("no-form"));
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        var id = await Flows.StartAsync(owner, "no-form");
        var task = await Flows.TaskAsync(supervisor, id);

        Assert.Equal(422, (await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { form = new { amount = 9 } })).Status);
        Assert.Equal(200, (await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve")).Status);
    }

    [Theory]
    [InlineData("c1:' OR 1=1")]
    [InlineData("c1:\0")]
    [InlineData("c1:AAAAAAAA")]
    public async Task A_forged_cursor_is_refused_by_name(string place)
    {
        var host = await shared.GetAsync();
        using var owner = await host.AsAsync("activity_owner");

        var answer = await owner.SendAsync(HttpMethod.Get, $"/api/v1/tasks?after={System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(place))}");

        Assert.Equal((400, "after"), (answer.Status, (string?)answer.Body!["errors"]![0]!["path"]));
    }

    [Fact]
    public async Task A_token_with_loose_bits_in_its_last_character_is_refused_like_any_other()
    {
        var host = await shared.GetAsync();
        foreach (var last in "BCDZaz019-_!=")
        {
            using var client = host.Anonymous();
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + new string('A', 42) + last);
            Assert.Equal(401, (await client.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Status);
        }
    }

    [Fact]
    public async Task A_small_file_that_unpacks_to_much_is_refused_before_anything_is_saved()
    {
        var host = await shared.GetAsync();
        using var analyst = await host.AsAsync("data_analyst");
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var blank = new byte[1024 * 1024];
            Array.Fill(blank, (byte)'\n');
            for (var i = 0; i < 130; i++)
                await gzip.WriteAsync(blank, TestContext.Current.CancellationToken);
        }

        using var body = new ByteArrayContent(packed.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        var answer = await analyst.SendAsync(HttpMethod.Post, "/api/v1/store/import/products", content: body);

        Assert.Equal((413, "too-large"), (answer.Status, (string?)answer.Body!["code"]));
    }

    [Fact]
    public async Task The_policy_of_an_http_endpoint_is_enforced_and_an_unknown_one_lets_nobody_in()
    {
        var host = await shared.GetAsync();
        foreach (var policy in new[] { "operate", "finance", "nonsense" })
        {
            await Flows.PublishAsync(host, JsonNode.Parse("""
                {"definitionId":"policy-NAME","name":"policy-NAME","version":1,"root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[
                  {"id":"in","type":"Elsa.HttpEndpoint","version":1,"customProperties":{"canStartWorkflow":true},
                   "path":{"typeName":"String","expression":{"type":"Literal","value":"policy-NAME"}},
                   "supportedMethods":{"typeName":"String[]","expression":{"type":"Object","value":"[\"POST\"]"}},
                   "policy":{"typeName":"String","expression":{"type":"Literal","value":"NAME"}}}]}}
                """.Replace("NAME", policy, StringComparison.Ordinal))!);
        }

        using var anonymous = host.Anonymous();
        using var finance = await host.AsAsync("finance");
        using var support = await host.AsAsync("tech_support");
        async Task<int> Of(HttpClient client, string policy) => (await client.PostAsync($"/workflows/policy-{policy}", new { })).Status;

        Assert.Equal((401, 403, 200), (await Of(anonymous, "operate"), await Of(finance, "operate"), await Of(support, "operate")));
        Assert.Equal((401, 200, 403), (await Of(anonymous, "finance"), await Of(finance, "finance"), await Of(support, "finance")));
        Assert.Equal((401, 403, 403), (await Of(anonymous, "nonsense"), await Of(finance, "nonsense"), await Of(support, "nonsense")));
    }

    [Fact]
    public async Task The_stack_of_a_failure_is_shown_to_operators_only()
    {
        var host = await shared.GetAsync();
        // A term beyond the end of the calendar is an exception no activity expects.
        await Flows.PublishAsync(host, JsonNode.Parse(Flows.Approval("stack").ToJsonString().Replace("1.00:00:00", "10000000.00:00:00", StringComparison.Ordinal))!);
        using var owner = await host.AsAsync("activity_owner");
        using var support = await host.AsAsync("tech_support");
        var id = await Flows.StartAsync(owner, "stack");
        async Task<JsonNode> IncidentFor(HttpClient client) => (await client.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}")).Body!["incidents"]![0]!;

        Assert.Contains(" at ", (string?)(await IncidentFor(support))["detail"], StringComparison.Ordinal);
        Assert.Null((await IncidentFor(owner))["detail"]);
    }

    [Fact]
    public async Task A_definition_cannot_supply_scripts_to_pages_of_this_origin()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, JsonNode.Parse("""
            {"definitionId":"script","name":"script","version":1,"root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[
              {"id":"in","type":"Elsa.HttpEndpoint","version":1,"customProperties":{"canStartWorkflow":true},
               "path":{"typeName":"String","expression":{"type":"Literal","value":"evil.js"}},
               "supportedMethods":{"typeName":"String[]","expression":{"type":"Object","value":"[\"GET\"]"}}},
              {"id":"out","type":"Elsa.WriteHttpResponse","version":1,
               "content":{"typeName":"Object","expression":{"type":"Literal","value":"alert(1)"}},
               "contentType":{"typeName":"String","expression":{"type":"Literal","value":"text/javascript"}}}]}}
            """)!);
        using var anonymous = host.Anonymous();

        var answer = await anonymous.GetAsync("/workflows/evil.js", TestContext.Current.CancellationToken);

        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task An_answer_with_personal_data_may_not_be_kept_by_caches()
    {
        var host = await shared.GetAsync();
        using var owner = await host.AsAsync("activity_owner");

        Assert.True((await owner.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task An_applicant_does_not_walk_past_a_sub_process_by_ending_it()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Approval("inner_step"));
        await Flows.PublishAsync(host, Flows.Sequence("outer_process", """
            {"id":"call","type":"Elsa.ExecuteWorkflow","version":1,"workflowDefinitionId":{"typeName":"String","expression":{"type":"Literal","value":"inner_step"}},"waitForCompletion":{"typeName":"Boolean","expression":{"type":"Literal","value":"true"}}}
            """));
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        var outer = await Flows.StartAsync(owner, "outer_process");
        var task = await Condition.FoundAsync(
            async () => (await supervisor.PostAsync("/api/v1/tasks/search", new { filter = new { definitionId = (string[])["inner_step"] } })).Body!["items"]!.AsArray().FirstOrDefault(),
            "The sub-process never asked.", TestContext.Current.CancellationToken);

        var withdrawn = await owner.PostAsync($"/api/v1/instances/{task["instanceId"]}/withdraw");
        var cancelled = await owner.PostAsync($"/api/v1/instances/{task["instanceId"]}/cancel", new { reason = "跳过" });

        Assert.Equal((409, "withdraw-part"), (withdrawn.Status, (string?)withdrawn.Body!["code"]));
        Assert.Equal((409, "withdraw-part"), (cancelled.Status, (string?)cancelled.Body!["code"]));
        Assert.Equal("Running", (string?)(await owner.SendAsync(HttpMethod.Get, $"/api/v1/instances/{outer}")).Body!["instance"]!["status"]);
        Assert.Equal(200, (await owner.PostAsync($"/api/v1/instances/{outer}/withdraw")).Status);
    }

    [Fact]
    public async Task An_applicant_cannot_end_by_cancelling_what_they_may_not_withdraw()
    {
        var host = await shared.GetAsync();
        var definition = Flows.Approval("no_way_back");
        definition["customProperties"] = new JsonObject { ["withdraw"] = "Never" };
        await Flows.PublishAsync(host, definition);
        using var owner = await host.AsAsync("activity_owner");
        using var admin = await host.AsAsync("super_admin");
        var id = await Flows.StartAsync(owner, "no_way_back");

        var refused = await owner.PostAsync($"/api/v1/instances/{id}/cancel", new { reason = "不要了" });

        Assert.Equal((409, "withdraw-not-offered"), (refused.Status, (string?)refused.Body!["code"]));
        Assert.Equal(200, (await admin.PostAsync($"/api/v1/instances/{id}/cancel", new { reason = "运维结束" })).Status);
    }

    [Fact]
    public async Task Files_do_not_pile_up_without_end_and_names_lead_nowhere()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Approval("many_files"));
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        var task = (string)(await Flows.TaskAsync(supervisor, await Flows.StartAsync(owner, "many_files")))["id"]!;
        Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> SendAsync(string name, string content) =>
            owner.SendAsync(HttpMethod.Post, $"/api/v1/tasks/{task}/attachments?name={Uri.EscapeDataString(name)}", content: new StringContent(content));

        foreach (var name in (string[])["a.svg", "a.html", "a.pdf.html", "a.txt.exe", "a.js", "a.xhtml", "a", ".txt.svg", "a.txt\u0000.svg", "a.docm", "a.lnk"])
            Assert.InRange((await SendAsync(name, "<svg onload='alert(1)'/>")).Status, 400, 415);
        foreach (var name in (string[])["../../etc/passwd.txt", "..\\..\\win.txt", "/abs/olute.txt", "a\r\nSet-Cookie: x=1.txt", "\u202Etxt.gpj.txt", "....//....//x.txt"])
        {
            var added = await SendAsync(name, "内容" + name.Length);
            Assert.Equal(201, added.Status);
            Assert.DoesNotContain((string)added.Body!["name"]!, c => c is '/' or '\\' or '\r' or '\n' or '\u202E');
            var served = await owner.GetAsync((string?)added.Response.Headers.Location?.ToString(), TestContext.Current.CancellationToken);
            Assert.Equal(("attachment", "text/plain"), (served.Content.Headers.ContentDisposition!.DispositionType, served.Content.Headers.ContentType!.MediaType));
            Assert.False(served.Headers.Contains("Set-Cookie"));
        }

        for (var n = 6; n < 100; n++)
            Assert.Equal(201, (await SendAsync($"{n}.txt", "x")).Status);
        var full = await SendAsync("one-more.txt", "x");
        Assert.Equal((409, "too-many-files"), (full.Status, (string?)full.Body!["code"]));
    }

    [Fact]
    public async Task Numbers_do_not_stand_in_for_words_and_nothing_unknown_is_assigned()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Approval("assigned"));
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        var task = (string)(await Flows.TaskAsync(supervisor, await Flows.StartAsync(owner, "assigned")))["id"]!;

        foreach (var body in (string[])["""{"place":99}""", """{"place":0}""", """{"decision":"approve"}""", """{"assignee":"finance"}""", """{"by":"store_ops_manager"}""", """{"state":"Completed"}""", """{"dueAt":"2000-01-01"}""", """{"variables":{}}""", """{"excluded":[]}""", """{"isTrial":true}"""])
            Assert.Equal(400, (await supervisor.PostAsync($"/api/v1/tasks/{task}/approve", JsonNode.Parse(body))).Status);
        foreach (var body in (string[])["""{"definitionId":"assigned","initiatedBy":"finance"}""", """{"definitionId":"assigned","parentInstanceId":"x"}""", """{"definitionId":"assigned","properties":{"RelatedDeciders":[]}}"""])
            Assert.Equal(400, (await owner.PostAsync("/api/v1/instances", JsonNode.Parse(body))).Status);
        Assert.Equal("Open", (string?)(await supervisor.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{task}")).Body!["state"]);
    }

    [Fact]
    public async Task A_get_decides_and_claims_nothing()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Approval("scanned"));
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        var instance = await Flows.StartAsync(owner, "scanned");
        var task = (string)(await Flows.TaskAsync(supervisor, instance))["id"]!;
        var before = (long)(await supervisor.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{task}")).Body!["revision"]!;

        foreach (var act in (string[])["approve", "reject", "return", "claim", "transfer", "complete", "bulk/approve", "claim-next"])
        {
            foreach (var method in (string[])["GET", "HEAD", "OPTIONS"])
                Assert.NotEqual(200, (await supervisor.SendAsync(new HttpMethod(method), act.Contains('-', StringComparison.Ordinal) || act.Contains('/', StringComparison.Ordinal) ? $"/api/v1/tasks/{act}" : $"/api/v1/tasks/{task}/{act}")).Status);
        }

        await supervisor.SendAsync(HttpMethod.Get, $"/tasks/{task}?action=approve&comment.approve=x");
        await owner.SendAsync(HttpMethod.Get, $"/instances/{instance}?action=withdraw");
        Assert.Equal((before, "Open"), ((long)(await supervisor.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{task}")).Body!["revision"]!, (string?)(await supervisor.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{task}")).Body!["state"]));
    }

    [Fact]
    public async Task Every_environment_but_development_refuses_demo_logins_and_demo_data()
    {
        await using var database = await HostDatabase.CreateAsync(DatabaseKind.Sqlite);
        await (await HostUnderTest.StartAppAsync(database, "Development")).DisposeAsync();
        await using var empty = await HostDatabase.CreateAsync(DatabaseKind.Sqlite);

        await Assert.ThrowsAsync<StartRefusedException>(() => HostUnderTest.StartAppAsync(database, "Staging"));
        await Assert.ThrowsAsync<StartRefusedException>(() => HostUnderTest.StartAppAsync(empty, "Produktion", ("Workflows:Host:SeedDemo", "true")));
    }
}
