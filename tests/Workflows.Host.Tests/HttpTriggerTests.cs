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
