using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Storage;

namespace Workflows.Host.Tests;

public sealed class HttpTriggerTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task A_request_starts_an_instance_and_gets_what_the_workflow_wrote()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Sequence("echo", Endpoint("echo/{name}", ["GET", "POST"]), Reply("你好")));
        using var anonymous = host.Anonymous();

        var got = await anonymous.GetAsync("/workflows/echo/li?x=1", TestContext.Current.CancellationToken);
        var posted = await anonymous.SendAsync(HttpMethod.Post, "/workflows/echo/li", new { a = 1 });
        var wrongMethod = await anonymous.SendAsync(HttpMethod.Delete, "/workflows/echo/li");
        var elsewhere = await anonymous.SendAsync(HttpMethod.Get, "/workflows/echo");

        Assert.Equal("你好", await got.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("sandbox", got.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal((200, 405, 404), (posted.Status, wrongMethod.Status, elsewhere.Status));
    }

    [Fact]
    public async Task A_workflow_that_writes_nothing_is_answered_200_and_can_be_resumed_by_a_request()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Sequence("two-steps", Endpoint("two/start", ["POST"]), Endpoint("two/{id}/go", ["POST"], "second", starts: false), Reply("done")));
        using var anonymous = host.Anonymous();

        var first = await anonymous.SendAsync(HttpMethod.Post, "/workflows/two/start", new { });
        var id = (string)first.Body!["instanceId"]!;
        var other = await anonymous.SendAsync(HttpMethod.Post, "/workflows/two/start", new { });
        var ambiguous = await anonymous.SendAsync(HttpMethod.Post, "/workflows/two/7/go", new { });
        var narrowed = await anonymous.SendAsync(HttpMethod.Post, $"/workflows/two/7/go?workflowInstanceId={id}", new { });

        Assert.Equal((200, 200, 409, 200), (first.Status, other.Status, ambiguous.Status, narrowed.Status));
        Assert.Equal(Engine.Instances.WorkflowStatus.Finished, (await host.Service<IInstanceStore>().FindAsync(id, TestContext.Current.CancellationToken))!.Status);
    }

    [Fact]
    public async Task What_the_endpoint_asks_for_is_enforced()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Sequence("guarded", Endpoint("guarded", ["POST"], authorize: true, sizeLimit: 100), Reply("ok")));
        using var anonymous = host.Anonymous();
        using var owner = await host.AsAsync("activity_owner");

        var unsigned = await anonymous.SendAsync(HttpMethod.Post, "/workflows/guarded", new { });
        var large = await owner.SendAsync(HttpMethod.Post, "/workflows/guarded", new { text = new string('x', 200) });
        using var image = new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new("image/png") } };
        var foreign = await owner.SendAsync(HttpMethod.Post, "/workflows/guarded", content: image);
        using var broken = new StringContent("{\"a\":1,\"a\":2}", Encoding.UTF8, "application/json");
        var duplicate = await owner.SendAsync(HttpMethod.Post, "/workflows/guarded", content: broken);
        var good = await owner.SendAsync(HttpMethod.Post, "/workflows/guarded", new { });

        Assert.Equal((401, 413, 415, 400, 200), (unsigned.Status, large.Status, foreign.Status, duplicate.Status, good.Status));
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_starts_nothing()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Sequence("once", Endpoint("once", ["POST"]), Reply("ok")));
        using var anonymous = host.Anonymous();

        await anonymous.SendAsync(HttpMethod.Post, "/workflows/once", new { n = 1 }, "k");
        var again = await anonymous.SendAsync(HttpMethod.Post, "/workflows/once", new { n = 1 }, "k");
        var other = await anonymous.SendAsync(HttpMethod.Post, "/workflows/once", new { n = 2 }, "k");

        Assert.Equal((200, 422), (again.Status, other.Status));
        Assert.Single(await host.Service<IInstanceStore>().ListAsync(new InstanceFilter("once"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("photo.png", "image/png", 10, 200, null)]
    [InlineData("PHOTO.PNG", "image/png", 10, 200, null)]
    [InlineData("photo.png", "image/png", 101, 413, "file-too-large")]
    [InlineData("run.exe", "image/png", 10, 415, "file-extension-refused")]
    [InlineData("run.png.exe. ", "image/png", 10, 415, "file-extension-refused")]
    [InlineData("noextension", "image/png", 10, 415, "file-extension-refused")]
    [InlineData("old.bmp", "image/bmp", 10, 415, "file-extension-refused")]
    [InlineData("page.png", "text/html", 10, 415, "file-type-refused")]
    public async Task Files_are_taken_by_size_extension_and_type(string name, string type, int length, int status, string? code)
    {
        var host = await shared.GetAsync();
        await PublishUploadsAsync(host);
        using var anonymous = host.Anonymous();

        var answer = await anonymous.SendAsync(HttpMethod.Post, "/workflows/uploads", content: Form((name, type, length)));

        Assert.Equal(status, answer.Status);
        Assert.Equal(code, (string?)answer.Body?["code"]);
        Assert.Equal(code is null ? null : "$[1]", (string?)answer.Body?["errors"]?[0]?["path"]);
    }

    [Fact]
    public async Task The_workflow_sees_files_and_fields()
    {
        var host = await shared.GetAsync();
        var endpoint = JsonNode.Parse(Endpoint("seen/{no}", ["POST"]))!.AsObject();
        var variables = new JsonArray();
        foreach (var output in new[] { "result", "parsedContent", "routeData", "queryStringData", "headers", "files", "file" })
        {
            endpoint[output] = new JsonObject { ["typeName"] = "Object", ["memoryReference"] = new JsonObject { ["id"] = output } };
            variables.Add(new JsonObject { ["id"] = output, ["name"] = output, ["typeName"] = "Object", ["storageDriverTypeName"] = "Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core" });
        }

        var flow = Flows.Sequence("seen", endpoint.ToJsonString(), """{"id":"wait","type":"Elsa.Event","version":1,"eventName":{"typeName":"String","expression":{"type":"Literal","value":"never"}}}""");
        flow["variables"] = variables;
        await Flows.PublishAsync(host, flow);
        using var anonymous = host.Anonymous();

        var answer = await anonymous.SendAsync(HttpMethod.Post, "/workflows/seen/7?q=%E4%BD%A0", content: Form(("dir/票据.png", "image/png", 3), ("b.txt", "text/plain", 245_000)));

        Assert.Equal(200, answer.Status);
        var state = await host.Service<IInstanceStore>().LoadAsync((string)answer.Body!["instanceId"]!, TestContext.Current.CancellationToken);
        var kept = Engine.Instances.InstanceCodec.Read(state!.State.Span).Executions[0].Variables!;
        Assert.Equal("""{"name":"票据.png","field":"file","contentType":"image/png","length":3,"content":"AAAA"}""", kept["file"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(("b.txt", 245_000), ((string)kept["files"]![1]!["name"]!, (int)kept["files"]![1]!["length"]!));
        Assert.Equal(("备注", "7", "你"), ((string)kept["parsedContent"]!["note"]!, (string)kept["routeData"]!["no"]!, (string)kept["queryStringData"]!["q"]!));
        Assert.StartsWith("multipart/form-data", (string)kept["headers"]!["Content-Type"]!, StringComparison.Ordinal);
        Assert.Equal(2, kept["result"]!["files"]!.AsArray().Count);
    }

    [Fact]
    public async Task Files_that_would_not_fit_into_an_instance_are_refused_and_broken_forms_too()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Sequence("fit", Endpoint("fit", ["POST"])));
        using var anonymous = host.Anonymous();

        var full = await anonymous.SendAsync(HttpMethod.Post, "/workflows/fit", content: Form(("a.bin", "image/png", 240 * 1024)));
        var over = await anonymous.SendAsync(HttpMethod.Post, "/workflows/fit", content: Form(("a.bin", "image/png", 200 * 1024), ("b.bin", "image/png", (40 * 1024) + 1)));
        var huge = await anonymous.SendAsync(HttpMethod.Post, "/workflows/fit", content: Form(("a.bin", "image/png", 3 * 1024 * 1024)));
        using var cut = new ByteArrayContent(Encoding.ASCII.GetBytes("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n12")) { Headers = { { "Content-Type", "multipart/form-data; boundary=x" } } };
        var cutOff = await anonymous.SendAsync(HttpMethod.Post, "/workflows/fit", content: cut);
        using var nameless = new ByteArrayContent([1]) { Headers = { { "Content-Type", "multipart/form-data" } } };
        var noBoundary = await anonymous.SendAsync(HttpMethod.Post, "/workflows/fit", content: nameless);

        Assert.Equal((200, 413, 413, 400, 400), (full.Status, over.Status, huge.Status, cutOff.Status, noBoundary.Status));
        Assert.Contains("240 KB", (string)over.Body!["errors"]![0]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_endpoint_exposes_becomes_an_outcome_instead_of_a_refusal()
    {
        var host = await shared.GetAsync();
        await PublishUploadsAsync(host, exposed: true);
        using var anonymous = host.Anonymous();

        var answers = new List<string>();
        foreach (var content in new[] { Form(("a.png", "image/png", 10)), Form(("a.png", "image/png", 101)), Form(("a.exe", "image/png", 10)), Form(("a.png", "text/html", 10)), Form(("a.png", "image/png", 5_000)) })
        {
            var answer = await anonymous.SendAsync(HttpMethod.Post, "/workflows/exposed", content: content);
            Assert.Equal(200, answer.Status);
            answers.Add(await answer.Response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal(["Done", "File too large", "Invalid file extension", "Invalid file MIME type", "Request too large"], answers);
    }

    [Fact]
    public async Task A_request_that_does_not_fit_is_refused_and_the_instance_waits_on()
    {
        var host = await shared.GetAsync();
        var second = JsonNode.Parse(Endpoint("big/go", ["POST"], "second", starts: false))!.AsObject();
        second["result"] = new JsonObject { ["typeName"] = "Object", ["memoryReference"] = new JsonObject { ["id"] = "kept" } };
        var flow = Flows.Sequence("big", Endpoint("big/start", ["POST"]), second.ToJsonString(), """{"id":"wait","type":"Elsa.Event","version":1,"eventName":{"typeName":"String","expression":{"type":"Literal","value":"never"}}}""");
        flow["variables"] = new JsonArray(new JsonObject { ["id"] = "kept", ["name"] = "kept", ["typeName"] = "Object", ["storageDriverTypeName"] = "Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core" });
        await Flows.PublishAsync(host, flow);
        using var anonymous = host.Anonymous();
        var id = (string)(await anonymous.SendAsync(HttpMethod.Post, "/workflows/big/start", new { })).Body!["instanceId"]!;

        var large = await anonymous.SendAsync(HttpMethod.Post, "/workflows/big/go", new { text = new string('x', 1_200_000) });
        var waiting = await host.Service<IInstanceStore>().FindAsync(id, TestContext.Current.CancellationToken);
        var small = await anonymous.SendAsync(HttpMethod.Post, "/workflows/big/go", new { text = "x" });

        Assert.Equal((422, "unstorable", 200), (large.Status, (string?)large.Body!["code"], small.Status));
        Assert.Equal((Engine.Instances.WorkflowStatus.Running, 0), (waiting!.Status, waiting.IncidentCount));
    }

    private static async Task PublishUploadsAsync(HostUnderTest host, bool exposed = false)
    {
        var id = exposed ? "exposed" : "uploads";
        var endpoint = JsonNode.Parse(Endpoint(id, ["POST"], sizeLimit: 4_000))!.AsObject();
        endpoint["fileSizeLimit"] = Literal("Int64", "100");
        endpoint["allowedFileExtensions"] = List(".png", "jpg", ".bmp");
        endpoint["blockedFileExtensions"] = List("bmp");
        endpoint["allowedMimeTypes"] = List("image/*", "application/pdf");
        string[] outcomes = ["Done", "Request too large", "File too large", "Invalid file extension", "Invalid file MIME type"];
        if (exposed)
        {
            foreach (var member in new[] { "exposeRequestTooLargeOutcome", "exposeFileTooLargeOutcome", "exposeInvalidFileExtensionOutcome", "exposeInvalidFileMimeTypeOutcome" })
                endpoint[member] = true;
        }

        var replies = outcomes.Take(exposed ? 5 : 1).Select((o, i) => JsonNode.Parse(Reply(o).Replace("\"reply\"", $"\"reply{i}\"", StringComparison.Ordinal))).ToList();
        await Flows.PublishAsync(host, new JsonObject
        {
            ["definitionId"] = id,
            ["name"] = id,
            ["version"] = 1,
            ["root"] = new JsonObject
            {
                ["id"] = "root",
                ["type"] = "Elsa.Flowchart",
                ["version"] = 1,
                ["activities"] = new JsonArray([endpoint, .. replies]),
                ["connections"] = new JsonArray([.. replies.Select((_, i) => new JsonObject
                {
                    ["source"] = new JsonObject { ["activity"] = "http", ["port"] = outcomes[i] },
                    ["target"] = new JsonObject { ["activity"] = $"reply{i}", ["port"] = "In" },
                })]),
            },
        });
    }

    private static MultipartFormDataContent Form(params (string Name, string Type, int Length)[] files)
    {
        var form = new MultipartFormDataContent { { new StringContent("备注", Encoding.UTF8), "note" } };
        foreach (var (name, type, length) in files)
        {
            var file = new ByteArrayContent(new byte[length]);
            file.Headers.TryAddWithoutValidation("Content-Type", type);
            form.Add(file, "file", name);
        }

        return form;
    }

    private static JsonObject List(params string[] items) => new()
    {
        ["typeName"] = "String[]",
        ["expression"] = new JsonObject { ["type"] = "Object", ["value"] = new JsonArray([.. items.Select(i => (JsonNode)i)]).ToJsonString() },
    };

    private static string Endpoint(string path, string[] methods, string id = "http", bool starts = true, bool authorize = false, int? sizeLimit = null)
    {
        var node = new JsonObject
        {
            ["id"] = id,
            ["type"] = "Elsa.HttpEndpoint",
            ["version"] = 1,
            ["customProperties"] = new JsonObject { ["canStartWorkflow"] = starts },
            ["path"] = Literal("String", path),
            ["supportedMethods"] = new JsonObject
            {
                ["typeName"] = "String[]",
                ["expression"] = new JsonObject { ["type"] = "Object", ["value"] = new JsonArray([.. methods.Select(m => (JsonNode)m)]).ToJsonString() },
            },
            ["authorize"] = Literal("Boolean", authorize ? "true" : "false"),
        };
        if (sizeLimit is { } limit)
            node["requestSizeLimit"] = Literal("Int64", limit.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return node.ToJsonString();
    }

    private static string Reply(string text) =>
        new JsonObject { ["id"] = "reply", ["type"] = "Elsa.WriteHttpResponse", ["version"] = 1, ["content"] = Literal("String", text) }.ToJsonString();

    private static JsonObject Literal(string type, string value) => new() { ["typeName"] = type, ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };
}
