using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Host.Tests.Designer;

/// <summary>The API as Studio calls it, against a real host: saving, publishing, refusing, rights, and what a viewer reads.</summary>
public sealed class StudioApiTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static readonly string[] Viewed = ["viewed"];
    private static readonly string[] ApproveNode = ["Workflow1:root:approve"];
    private static readonly string[] Completed = ["Completed"];

    private const string Definitions = "/elsa/api/workflow-definitions";

    [Fact]
    public async Task A_process_is_made_saved_published_changed_and_rolled_back_as_studio_does_it()
    {
        var host = await shared.GetAsync();
        using var manager = await host.AsAsync("workflow_manager");
        var made = await SaveAsync(manager, JsonNode.Parse("""{"name":"新流程","definitionId":null,"id":null,"variables":null,"customProperties":null,"root":{"id":"f1","type":"Elsa.Flowchart","version":1,"name":"Flowchart1"}}""")!, null);
        Assert.Equal(200, made.Status);
        var model = made.Body!["workflowDefinition"]!;
        Assert.Equal((1, true, false, "Workflow1:f1"), ((int)model["version"]!, (bool)model["isLatest"]!, (bool)model["isPublished"]!, (string)model["root"]!["nodeId"]!));
        Assert.Contains(model["links"]!.AsArray(), l => (string?)l!["rel"] == "publish");
        var id = (string)model["definitionId"]!;

        // A draft may be half finished; publishing it names what is missing.
        model["root"]!["activities"] = new JsonArray(Node("s", "Elsa.Start"), Node("a", "Human.Approval"));
        model["root"]!["connections"] = new JsonArray(Edge("s", "Done", "a"));
        var draft = await SaveAsync(manager, model, null);
        Assert.Equal((200, (string)model["id"]!), (draft.Status, (string?)draft.Body!["workflowDefinition"]!["id"]));
        var refused = await SaveAsync(manager, model, true);
        Assert.Equal(400, refused.Status);
        Assert.Contains("“a”：没有指定审批人", refused.Body!["errors"]!["generalErrors"]!.AsArray().Select(e => (string)e!));

        model["root"]!["activities"]![1]!["approver"] = new JsonObject { ["typeName"] = null, ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = "role:supervisor" }, ["memoryReference"] = null };
        var published = await SaveAsync(manager, model, true);
        Assert.Equal((200, true, 1), (published.Status, (bool)published.Body!["workflowDefinition"]!["isPublished"]!, (int)published.Body["workflowDefinition"]!["version"]!));

        // Saving over a published version makes the next one; the old id is stale then, and an emptied diagram is refused.
        var second = (await SaveAsync(manager, published.Body["workflowDefinition"]!, null)).Body!["workflowDefinition"]!;
        Assert.Equal((2, false), ((int)second["version"]!, (bool)second["isPublished"]!));
        Assert.NotEqual((string)model["id"]!, (string)second["id"]!);
        Assert.Equal(400, (await SaveAsync(manager, published.Body["workflowDefinition"]!, null)).Status);
        var emptied = second.DeepClone();
        emptied["root"]!["activities"] = new JsonArray();
        emptied["root"]!["connections"] = new JsonArray();
        Assert.Contains("清空", (string?)(await SaveAsync(manager, emptied, null)).Body!["message"], StringComparison.Ordinal);

        // Roll back, list, export, retract, delete.
        var back = await manager.PostAsync($"{Definitions}/{id}/revert/1");
        Assert.Equal((200, 3), (back.Status, (int)back.Body!["version"]!));
        var versions = (await manager.SendAsync(HttpMethod.Get, $"{Definitions}?versionOptions=AllVersions&DefinitionIds={id}&OrderBy=Version&OrderDirection=Descending")).Body!["items"]!.AsArray();
        Assert.Equal([3, 2, 1], versions.Select(v => (int)v!["version"]!));
        var zip = await (await manager.PostAsJsonAsync("/elsa/api/bulk-actions/export/workflow-definitions", new { ids = versions.Select(v => (string)v!["id"]!) }, TestContext.Current.CancellationToken)).Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, new ZipArchive(zip).Entries.Count);
        Assert.Equal(1, (int)(await manager.SendAsync(HttpMethod.Post, "/elsa/api/bulk-actions/delete/workflow-definitions/by-id", new { ids = new[] { (string)versions[0]!["id"]! } })).Body!["deleted"]!);
        Assert.Single((await manager.PostAsync("/elsa/api/bulk-actions/retract/workflow-definitions/by-definition-ids", new { definitionIds = new[] { id } })).Body!["retracted"]!.AsArray());
        Assert.Single((await manager.PostAsync("/elsa/api/bulk-actions/retract/workflow-definitions/by-definition-ids", new { definitionIds = new[] { id } })).Body!["alreadyRetracted"]!.AsArray());
        Assert.Single((await manager.PostAsync("/elsa/api/bulk-actions/publish/workflow-definitions/by-definition-ids", new { definitionIds = new[] { id, "none" } })).Body!["published"]!.AsArray());
        Assert.Equal(204, (await manager.SendAsync(HttpMethod.Delete, $"{Definitions}/{id}")).Status);
        Assert.Equal(404, (await manager.SendAsync(HttpMethod.Get, $"{Definitions}/by-definition-id/{id}?versionOptions=Latest")).Status);
    }

    [Fact]
    public async Task Unknown_activities_go_out_as_stand_ins_and_come_back_unharmed()
    {
        var host = await shared.GetAsync();
        using var manager = await host.AsAsync("workflow_manager");
        var original = JsonNode.Parse("""{"id":"x","name":"x","type":"Acme.Teleport","version":7,"speed":{"typeName":"Double","expression":{"type":"Literal","value":"9"}},"acme":{"deep":[1,{"a":null}]},"metadata":{"designer":{"position":{"x":1,"y":2}}}}""")!;
        var model = JsonNode.Parse("""{"definitionId":"odd-one","name":"odd","root":{"id":"f","type":"Elsa.Flowchart","version":1}}""")!;
        model["root"]!["activities"] = new JsonArray(Node("s", "Elsa.Start"), original.DeepClone(), Node("e", "Elsa.End"));
        model["root"]!["connections"] = new JsonArray(Edge("s", "Done", "x"), Edge("x", "Warped", "e"));
        Assert.Equal(200, (await manager.PostAsync(Definitions + "/import", model)).Status);

        var shown = (await manager.SendAsync(HttpMethod.Get, $"{Definitions}/by-definition-id/odd-one?versionOptions=Latest")).Body!;
        var standIn = shown["root"]!["activities"]![1]!;
        Assert.Equal(("Elsa.NotFoundActivity", "[\"Warped\",\"Done\"]"), ((string)standIn["type"]!, (string)standIn["outcomes"]!["expression"]!["value"]!));
        standIn["metadata"]!["designer"]!["position"]!["x"] = 50;
        Assert.Equal(200, (await SaveAsync(manager, shown, null)).Status);

        var stored = DefinitionReader.ReadStored((await host.Service<IDefinitionStore>().FindAsync("odd-one", VersionKind.Latest, TestContext.Current.CancellationToken))!.Document).Root["activities"]![1]!.DeepClone();
        original["metadata"]!["designer"]!["position"]!["x"] = 50;
        stored.AsObject().Remove("nodeId");
        stored.AsObject().Remove("customProperties");
        Assert.True(JsonNode.DeepEquals(original, stored), stored.ToJsonString());
    }

    [Fact]
    public async Task What_studio_drops_of_inputs_and_header_is_kept()
    {
        var host = await shared.GetAsync();
        using var manager = await host.AsAsync("workflow_manager");
        var model = JsonNode.Parse("""{"definitionId":"kept-one","name":"kept","tenantId":"t","acme":{"a":1},"inputs":[{"name":"reason","type":"String","displayName":"原因","required":true,"customAttributes":{"options":["a"]}}],"root":{"id":"f","type":"Elsa.Flowchart","version":1,"activities":[{"id":"s","type":"Elsa.Start","version":1}]}}""")!;
        Assert.Equal(200, (await manager.PostAsync(Definitions + "/import", model)).Status);
        var shown = (await manager.SendAsync(HttpMethod.Get, $"{Definitions}/by-definition-id/kept-one?versionOptions=Latest")).Body!.AsObject();
        shown.Remove("acme");
        shown.Remove("tenantId");
        var input = shown["inputs"]![0]!.AsObject();
        input.Remove("required");
        input.Remove("customAttributes");
        input["displayName"] = "为什么";

        Assert.Equal(200, (await SaveAsync(manager, shown, null)).Status);

        var after = (await manager.SendAsync(HttpMethod.Get, $"{Definitions}/by-definition-id/kept-one?versionOptions=Latest")).Body!;
        Assert.Equal(("t", 1, true, "为什么"), ((string)after["tenantId"]!, (int)after["acme"]!["a"]!, (bool)after["inputs"]![0]!["required"]!, (string)after["inputs"]![0]!["displayName"]!));
    }

    [Fact]
    public async Task Whoever_may_only_read_sees_no_links_and_every_write_is_refused()
    {
        var host = await shared.GetAsync();
        using var auditor = await host.AsAsync("internal_auditor");
        var shown = await auditor.SendAsync(HttpMethod.Get, $"{Definitions}/by-definition-id/activity_deletion?versionOptions=Latest");
        Assert.Equal(200, shown.Status);
        Assert.DoesNotContain(shown.Body!["links"]!.AsArray(), l => (string?)l!["rel"] is "publish" or "retract" or "delete" or "import");
        Assert.DoesNotContain((await auditor.SendAsync(HttpMethod.Get, Definitions + "?versionOptions=Latest")).Body!["links"]!.AsArray(), l => (string?)l!["rel"] is "bulk-publish" or "create");

        Assert.Equal(403, (await SaveAsync(auditor, shown.Body, null)).Status);
        foreach (var (method, address) in new[] { (HttpMethod.Post, "/activity_deletion/publish"), (HttpMethod.Post, "/activity_deletion/retract"), (HttpMethod.Post, "/activity_deletion/revert/1"), (HttpMethod.Delete, "/activity_deletion") })
            Assert.Equal(403, (await auditor.SendAsync(method, Definitions + address)).Status);
        Assert.Equal(403, (await auditor.PostAsync(Definitions + "/import", shown.Body)).Status);
        Assert.Equal(403, (await auditor.PostAsync($"{Definitions}/activity_deletion/execute", new { })).Status);
        using var stranger = await host.AsAsync("finance");
        Assert.Equal(403, (await stranger.SendAsync(HttpMethod.Get, $"{Definitions}/by-definition-id/activity_deletion?versionOptions=Latest")).Status);
    }

    [Fact]
    public async Task A_session_counts_only_when_the_browser_says_that_the_call_comes_from_here()
    {
        var host = await shared.GetAsync();
        using var http = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = host.Address };
        await http.PostAsync("/signin", new FormUrlEncodedContent(new Dictionary<string, string> { ["userName"] = "workflow_manager", ["password"] = "demo" }), TestContext.Current.CancellationToken);
        var own = host.Address.ToString().TrimEnd('/');

        Assert.Equal(200, await SendAsync(null, null, HttpMethod.Get, "/elsa/api/features/installed"));
        Assert.Equal(403, await SendAsync(null, null));
        Assert.Equal(403, await SendAsync("https://evil.example", null));
        Assert.Equal(403, await SendAsync("null", null));
        Assert.Equal(403, await SendAsync(own, "cross-site"));
        Assert.Equal(403, await SendAsync(null, "same-site"));
        Assert.Equal(200, await SendAsync(own, null));
        Assert.Equal(200, await SendAsync(null, "same-origin"));
        Assert.Equal(415, await SendAsync(own, "same-origin", type: "text/plain"));
        Assert.Equal(403, await SendAsync("https://evil.example", null, HttpMethod.Get, "/elsa/hubs/workflow-instance?id=x"));
        Assert.Equal(403, await SendAsync("https://evil.example", null, HttpMethod.Post, "/elsa/hubs/workflow-instance/negotiate?negotiateVersion=1"));
        Assert.Equal(200, await SendAsync(own, null, HttpMethod.Post, "/elsa/hubs/workflow-instance/negotiate?negotiateVersion=1"));
        using var anonymous = host.Anonymous();
        anonymous.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.GetAsync("/elsa/api/descriptors/activities", TestContext.Current.CancellationToken)).StatusCode);

        async Task<int> SendAsync(string? origin, string? site, HttpMethod? method = null, string address = "/elsa/api/workflow-instances", string type = "application/json")
        {
            using var request = new HttpRequestMessage(method ?? HttpMethod.Post, address);
            if (request.Method == HttpMethod.Post)
                request.Content = new StringContent("{}", System.Text.Encoding.UTF8, type);
            if (origin is not null)
                request.Headers.TryAddWithoutValidation("Origin", origin);
            if (site is not null)
                request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", site);
            // The manager designs but sees no instances; being let in is what counts here.
            return (int)(await http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode;
        }
    }

    [Fact]
    public async Task Descriptors_come_from_the_cache_and_cost_nothing_when_unchanged()
    {
        var host = await shared.GetAsync();
        using var manager = await host.AsAsync("workflow_manager");
        var first = await manager.GetAsync("/elsa/api/descriptors/activities?Refresh=True", TestContext.Current.CancellationToken);
        var tag = first.Headers.ETag!.ToString();
        var times = new List<double>();
        for (var n = 0; n < 20; n++)
        {
            var began = Stopwatch.GetTimestamp();
            using var request = new HttpRequestMessage(HttpMethod.Get, "/elsa/api/descriptors/activities?Refresh=True");
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
            Assert.Equal(HttpStatusCode.NotModified, (await manager.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"descriptors from cache: median {times.Order().ElementAt(10):F1} ms, best {times.Min():F1} ms, {(await first.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length} bytes");
        Assert.True(times.Min() < 20, $"best of 20: {times.Min():F1} ms");
    }

    [Fact]
    public async Task A_governed_process_is_published_by_nobody_alone_and_cannot_shed_its_mark()
    {
        var host = await shared.GetAsync();
        using var manager = await host.AsAsync("workflow_manager");
        var model = JsonNode.Parse("""{"definitionId":"governed-one","name":"受管","customProperties":{"governed":true},"root":{"id":"f","type":"Elsa.Flowchart","version":1,"activities":[{"id":"s","type":"Elsa.Start","version":1}]}}""")!;
        Assert.Equal((409, "needs-approval"), Told(await manager.PostAsync("/api/v1/definitions?publish=true", model)));
        Assert.Equal(201, (await manager.PostAsync("/api/v1/definitions", model)).Status);
        Assert.Equal((409, "needs-approval"), Told(await manager.PostAsync("/api/v1/definitions/governed-one/publish")));

        // Through Studio it goes to somebody else; until they have decided nothing may change.
        var shown = (await manager.SendAsync(HttpMethod.Get, $"{Definitions}/by-definition-id/governed-one?versionOptions=Latest")).Body!;
        var unsaid = await SaveAsync(manager, shown, true);
        Assert.Equal((200, false), (unsaid.Status, (bool)unsaid.Body!["workflowDefinition"]!["isPublished"]!));
        Assert.Equal("governed-one", unsaid.Response.Headers.GetValues("X-Workflows-Needs-Reason").Single());
        Assert.False(unsaid.Response.Headers.Contains("X-Workflows-Change"));
        using var because = new HttpRequestMessage(HttpMethod.Post, $"{Definitions}/governed-one/publish") { Content = JsonContent.Create(new { }) };
        because.Headers.Add("X-Workflows-Reason", Uri.EscapeDataString("新促销需要"));
        using var answer = await manager.SendAsync(because, TestContext.Current.CancellationToken);
        var submitted = (Body: await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken), Response: answer);
        var change = submitted.Response.Headers.GetValues("X-Workflows-Change").Single();
        Assert.Contains("正在审批", (string?)(await SaveAsync(manager, submitted.Body!["workflowDefinition"]!, null)).Body!["message"], StringComparison.Ordinal);

        using var director = await host.AsAsync("ops_director");
        var task = await Flows.TaskAsync(director, change, "claimable");
        Assert.Equal(200, (await director.PostAsync($"/api/v1/tasks/{task["id"]}/claim")).Status);
        Assert.Equal(200, (await director.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { })).Status);
        var store = host.Service<IDefinitionStore>();
        var cancellationToken = TestContext.Current.CancellationToken;
        var published = await Condition.FoundAsync(() => store.FindAsync("governed-one", VersionKind.Published, cancellationToken), "The approved change was never published.", cancellationToken);
        Assert.Equal(1, published.Version);

        // A next version without the mark is still governed: the one in service says so.
        model["customProperties"] = new JsonObject();
        Assert.Equal((409, "needs-approval"), Told(await manager.PostAsync("/api/v1/definitions?publish=true", model)));
        Assert.Equal((409, "governed"), Told(await manager.SendAsync(HttpMethod.Delete, "/api/v1/definitions/governed-one")));

        // Out of service it is kept all the same, or an import would bring it back without the mark.
        Assert.Equal(200, (await manager.PostAsync("/api/v1/definitions/governed-one/retract")).Status);
        Assert.Equal((409, "governed"), Told(await manager.SendAsync(HttpMethod.Delete, "/api/v1/definitions/governed-one")));
        Assert.Equal((409, "needs-approval"), Told(await manager.PostAsync("/api/v1/definitions?publish=true", model)));
    }

    [Fact]
    public async Task The_viewer_reads_running_and_ended_instances()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Approval("viewed"));
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        using var operations = await host.AsAsync("tech_support");
        var running = await Flows.StartAsync(owner, "viewed");

        var list = await operations.PostAsync("/elsa/api/workflow-instances", new { page = 0, pageSize = 10, definitionIds = Viewed });
        Assert.Contains(list.Body!["items"]!.AsArray(), i => (string?)i!["id"] == running && (string?)i["subStatus"] == "Suspended");
        var stats = (await operations.PostAsync("/elsa/api/activity-executions/report", new { workflowInstanceId = running })).Body!["stats"]!.AsArray();
        Assert.Contains(stats, s => (string?)s!["activityNodeId"] == "Workflow1:root:approve" && (bool)s["isBlocked"]! && (int)s["startedCount"]! == 1 && (int)s["completedCount"]! == 0);
        var whole = (await operations.SendAsync(HttpMethod.Get, $"/elsa/api/workflow-instances/{running}")).Body!;
        Assert.Single(whole["workflowState"]!["bookmarks"]!.AsArray());

        var task = await Flows.TaskAsync(supervisor, running);
        Assert.Equal(200, (await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { })).Status);
        Assert.Equal("Finished", (string?)(await operations.SendAsync(HttpMethod.Get, $"/elsa/api/workflow-instances/{running}/execution-state")).Body!["status"]);
        var journal = (await operations.PostAsync($"/elsa/api/workflow-instances/{running}/journal?skip=0&take=100", new { filter = new { activityNodeIds = ApproveNode, eventNames = Completed } })).Body!;
        Assert.Equal((1, "Completed"), ((int)journal["totalCount"]!, (string)journal["items"]![0]!["eventName"]!));
        var execution = (await operations.SendAsync(HttpMethod.Get, $"/elsa/api/activity-executions/list?WorkflowInstanceId={running}&ActivityNodeId=Workflow1:root:approve")).Body!["items"]!.AsArray().Single()!;
        Assert.Equal(("Completed", "Approved"), ((string)execution["status"]!, (string)execution["payload"]!["Outcomes"]![0]!));
        var id = (string)execution["id"]!;
        Assert.Equal(id, (string?)(await operations.SendAsync(HttpMethod.Get, $"/elsa/api/activity-executions/by-id?id={id}")).Body!["id"]);
        Assert.Equal(200, (await operations.SendAsync(HttpMethod.Get, $"/elsa/api/activity-executions/{id}/call-stack?includeCrossWorkflowChain=True")).Status);
        // Who only has a task in it does not see the whole of it.
        Assert.Equal(403, (await supervisor.SendAsync(HttpMethod.Get, $"/elsa/api/workflow-instances/{running}")).Status);
        Assert.Equal(400, (await operations.SendAsync(HttpMethod.Delete, $"/elsa/api/workflow-instances/{running}")).Status);
    }

    [Fact]
    public async Task A_draft_is_not_run_and_a_published_version_is()
    {
        var host = await shared.GetAsync();
        using var manager = await host.AsAsync("workflow_manager");
        var model = JsonNode.Parse("""{"definitionId":"run-one","name":"run","root":{"id":"f","type":"Elsa.Flowchart","version":1,"activities":[{"id":"s","type":"Elsa.Start","version":1}]}}""")!;
        await manager.PostAsync(Definitions + "/import", model);

        Assert.Contains("草稿不能运行", (string?)(await manager.PostAsync($"{Definitions}/run-one/execute", new { versionOptions = "Latest" })).Body!["message"], StringComparison.Ordinal);
        Assert.Equal(200, (await manager.PostAsync($"{Definitions}/run-one/publish", new { })).Status);
        var run = await manager.PostAsync($"{Definitions}/run-one/execute", new { versionOptions = "Latest" });
        Assert.Equal(200, run.Status);
        Assert.NotEmpty(run.Response.Headers.GetValues("x-elsa-workflow-instance-id").Single());
    }

    [Fact]
    public async Task Nested_containers_are_found_by_node_and_by_way()
    {
        var host = await shared.GetAsync();
        using var manager = await host.AsAsync("workflow_manager");
        var model = JsonNode.Parse("""
            {"definitionId":"nested-one","name":"nested","root":{"id":"f","type":"Elsa.Flowchart","version":1,"activities":[
              {"id":"in","name":"in","type":"Elsa.Flowchart","version":1,"activities":[{"id":"deep","name":"deep","type":"Elsa.WriteLine","version":1}]},
              {"id":"if","name":"if","type":"Elsa.If","version":1,"then":{"id":"yes","name":"yes","type":"Elsa.WriteLine","version":1}}]}}
            """)!;
        var imported = (await manager.PostAsync(Definitions + "/import", model)).Body!;
        var version = (string)imported["id"]!;

        var inner = (await manager.SendAsync(HttpMethod.Get, $"{Definitions}/subgraph/{version}?parentNodeId=Workflow1:f:in")).Body!;
        Assert.Equal(("in", "deep"), ((string)inner["activity"]!["id"]!, (string)inner["activity"]!["activities"]![0]!["id"]!));
        var way = (await manager.SendAsync(HttpMethod.Get, $"{Definitions}/subgraph/segments/{version}?childNodeId=Workflow1:f:if:yes")).Body!;
        Assert.Equal([("f", "Activities"), ("if", "Then")], way["pathSegments"]!.AsArray().Select(s => ((string)s!["activityId"]!, (string)s["portName"]!)));
        Assert.Equal(404, (await manager.SendAsync(HttpMethod.Get, $"{Definitions}/subgraph/{version}?parentNodeId=none")).Status);
    }

    [Fact]
    public async Task Files_of_older_elsa_are_imported_and_run()
    {
        var host = await shared.GetAsync();
        using var manager = await host.AsAsync("workflow_manager");
        // Flat connections, no versions, no lists, an unwrapped input, an old member.
        var file = JsonNode.Parse("""
            {"definitionId":"elder","name":"elder","usableAsActivity":false,"applicationProperties":{"x":1},"root":{"id":"f","type":"Elsa.Flowchart",
              "activities":{"$values":[{"id":"a","type":"Elsa.WriteLine","text":"hello"},{"id":"b","type":"Elsa.SetOutput","outputName":{"typeName":"String","expression":{"type":"Literal","value":"end"}},"outputValue":"done"}]},
              "connections":{"source":"a","sourcePort":"Done","target":"b","targetPort":"In"}}}
            """)!;
        Assert.Equal(200, (await manager.PostAsync(Definitions + "/import", file)).Status);
        var published = await manager.PostAsync($"{Definitions}/elder/publish", new { });
        Assert.True(published.Status == 200, published.Body?.ToJsonString());
        Assert.Equal("Finished", (string?)(await manager.PostAsync($"{Definitions}/elder/execute", new { })).Body!["workflowState"]!["subStatus"]);

        // An unknown activity is kept in the draft, named at publication, and fails only if it is reached.
        file["definitionId"] = "elder-unknown";
        file["root"]!["activities"]!["$values"]!.AsArray().Add(new JsonObject { ["id"] = "c", ["type"] = "Acme.Teleport" });
        Assert.Equal(200, (await manager.PostAsync(Definitions + "/import", file)).Status);
        Assert.Contains("Acme.Teleport", (string?)(await manager.PostAsync($"{Definitions}/elder-unknown/publish", new { })).Body!["message"], StringComparison.Ordinal);
    }

    private static Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> SaveAsync(HttpClient client, JsonNode model, bool? publish) =>
        client.PostAsync(Definitions, new JsonObject { ["model"] = model.DeepClone(), ["publish"] = publish });

    private static (int, string?) Told((int Status, JsonNode? Body, HttpResponseMessage Response) answer) => (answer.Status, (string?)answer.Body?["code"]);

    private static JsonObject Node(string id, string type) => new() { ["id"] = id, ["name"] = id, ["type"] = type, ["version"] = 1, ["metadata"] = new JsonObject { ["displayText"] = id } };

    private static JsonObject Edge(string from, string port, string to) => new()
    {
        ["source"] = new JsonObject { ["activity"] = from, ["port"] = port },
        ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" },
        ["vertices"] = new JsonArray(),
    };
}
