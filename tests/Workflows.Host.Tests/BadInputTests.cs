using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Storage;

namespace Workflows.Host.Tests;

/// <summary>Whatever is sent: a 4xx that names the place, never a 500, and nothing stored.</summary>
public sealed class BadInputTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static readonly Func<Random, JsonNode, byte[]>[] BreakingText =
    [
        Truncate, (random, node) => Insert(random, node, 0x01), (random, node) => Insert(random, node, 0xFF), DuplicateMember, Nul, TooDeep, HugeNumber, LoneSurrogate,
    ];

    [Fact]
    public async Task Six_hundred_mutated_definitions_are_refused()
    {
        var host = await shared.GetAsync();
        using var manager = await host.AsAsync("workflow_manager");
        var definitions = host.Service<IDefinitionStore>();
        var before = (await definitions.ListAsync(VersionKind.AllVersions, null, TestContext.Current.CancellationToken)).Count;
        Func<Random, JsonNode, byte[]>[] mutations = [.. BreakingText, BadRoot, BadActivityType];

        await RefuseAllAsync(manager, 600, random => ("/api/v1/definitions?publish=true", mutations[random.Next(mutations.Length)](random, Flows.Approval($"bad-{random.Next()}"))));

        Assert.Equal(before, (await definitions.ListAsync(VersionKind.AllVersions, null, TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task Five_hundred_mutated_bodies_are_refused()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Approval("mutations"));
        using var owner = await host.AsAsync("super_admin");
        var id = await Flows.StartAsync(owner, "mutations");
        var instances = host.Service<IInstanceStore>();
        var revision = (await instances.FindAsync(id, TestContext.Current.CancellationToken))!.Revision;
        var number = (await instances.ListAsync(new InstanceFilter(Limit: 200), TestContext.Current.CancellationToken)).Count;
        var offset = (await owner.SendAsync(HttpMethod.Get, "/dev/clock")).Body!["offset"]!.ToJsonString();
        (string Address, JsonNode Body, string Text)[] requests =
        [
            ("/api/v1/instances", new JsonObject { ["definitionId"] = "mutations", ["input"] = new JsonObject { ["a"] = "b" }, ["correlationId"] = "c" }, "definitionId"),
            ("/api/v1/tokens", new JsonObject { ["userName"] = "finance", ["password"] = "demo" }, "password"),
            ($"/api/v1/instances/{id}/cancel", new JsonObject { ["reason"] = "r" }, "reason"),
            ($"/api/v1/instances/{id}/retry", new JsonObject { ["execution"] = 1 }, "execution"),
            ("/api/v1/events/e", new JsonObject { ["payload"] = new JsonObject { ["a"] = 1 }, ["correlationId"] = "c" }, "correlationId"),
            ("/dev/clock/advance", new JsonObject { ["by"] = "00:00:01" }, "by"),
            ("/api/v1/definitions/mutations/revert", new JsonObject { ["version"] = 1 }, "version"),
        ];

        await RefuseAllAsync(owner, 500, random =>
        {
            var (address, body, text) = requests[random.Next(requests.Length)];
            Func<Random, JsonNode, byte[]>[] mutations = [.. BreakingText, UnknownMember, WrongShape, (_, node) => WrongType(node, text)];
            return (address, mutations[random.Next(mutations.Length)](random, body.DeepClone()));
        });

        Assert.Equal(revision, (await instances.FindAsync(id, TestContext.Current.CancellationToken))!.Revision);
        Assert.Equal(number, (await instances.ListAsync(new InstanceFilter(Limit: 200), TestContext.Current.CancellationToken)).Count);
        Assert.Equal(offset, (await owner.SendAsync(HttpMethod.Get, "/dev/clock")).Body!["offset"]!.ToJsonString());
    }

    [Theory]
    [InlineData("/api/v1/instances?foo=1")]
    [InlineData("/api/v1/instances?limit=0")]
    [InlineData("/api/v1/instances?limit=999999999999")]
    [InlineData("/api/v1/instances?status=nonsense")]
    [InlineData("/api/v1/instances?status=1")]
    [InlineData("/api/v1/tasks?view=everything")]
    [InlineData("/api/v1/tasks?view=todo&view=done")]
    [InlineData("/api/v1/tasks?after=%00")]
    [InlineData("/api/v1/ops/effects?state=x")]
    [InlineData("/api/v1/definitions/x?version=-1")]
    public async Task A_query_parameter_that_cannot_be_is_refused_by_name(string address)
    {
        var host = await shared.GetAsync();
        using var admin = await host.AsAsync("super_admin");
        var answer = await admin.SendAsync(HttpMethod.Get, address);
        Assert.Equal((400, "bad-query"), (answer.Status, (string?)answer.Body!["code"]));
        Assert.NotEmpty((string)answer.Body["errors"]![0]!["path"]!);
    }

    [Fact]
    public async Task Ids_of_any_form_are_not_found_and_nothing_worse()
    {
        var host = await shared.GetAsync();
        using var admin = await host.AsAsync("super_admin");
        foreach (var id in new[] { "x", "'", "%27%20or%201=1--", "%00", "%2e%2e%2fetc", "..%2f..%2f", new string('a', 3000), "%F0%9F%98%80", "%ED%A0%80", "{}", "-1" })
        {
            foreach (var address in new[] { $"/api/v1/instances/{id}", $"/api/v1/tasks/{id}", $"/api/v1/definitions/{id}", $"/api/v1/store/promotions/{id}", $"/api/v1/instances/{id}/timeline", $"/workflows/{id}" })
            {
                var answer = await admin.SendAsync(HttpMethod.Get, address);
                Assert.True(answer.Status is 400 or 404, $"{address} answered {answer.Status}");
                // A NUL in the address is refused by the web server itself, before there is a request.
                if (id != "%00")
                    Assert.NotNull(answer.Body?["code"]);
            }
        }
    }

    [Fact]
    public async Task A_body_beyond_the_limit_and_a_foreign_content_type_are_refused()
    {
        var host = await shared.GetAsync();
        using var manager = await host.AsAsync("workflow_manager");

        var large = await SendAsync(manager, "/api/v1/definitions", Encoding.UTF8.GetBytes("{\"a\":\"" + new string('x', 3 * 1024 * 1024) + "\"}"));
        using var content = new StringContent("{}", Encoding.UTF8, "text/plain");
        var foreign = await manager.SendAsync(HttpMethod.Post, "/api/v1/instances", content: content);

        Assert.Equal(413, large.Status);
        Assert.Equal(415, foreign.Status);
    }

    [Fact]
    public async Task Problems_are_in_the_language_that_was_asked_for()
    {
        var host = await shared.GetAsync();
        using var english = host.Anonymous();
        english.DefaultRequestHeaders.Add("Accept-Language", "en-GB,en;q=0.9,zh;q=0.1");
        using var chinese = host.Anonymous();

        Assert.Equal("Sign in first", (string?)(await english.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Body!["title"]);
        var answer = await chinese.SendAsync(HttpMethod.Get, "/api/v1/tasks");
        Assert.Equal("请先登录", (string?)answer.Body!["title"]);
        Assert.Equal("application/problem+json", answer.Response.Content.Headers.ContentType!.MediaType);
    }

    private static async Task RefuseAllAsync(HttpClient client, int number, Func<Random, (string Address, byte[] Body)> make)
    {
        for (var seed = 0; seed < number; seed++)
        {
            var (address, body) = make(new Random(seed));
            var answer = await SendAsync(client, address, body);
            Assert.True(answer.Status is >= 400 and < 500, $"seed {seed}: {address} answered {answer.Status} to {Encoding.UTF8.GetString(body)}");
            Assert.True(answer.Body?["code"] is not null && !string.IsNullOrEmpty((string?)answer.Body["errors"]?[0]?["path"]), $"seed {seed}: {address} {answer.Body?.ToJsonString()}");
        }
    }

    private static Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> SendAsync(HttpClient client, string address, byte[] body)
    {
        var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return client.SendAsync(HttpMethod.Post, address, content: content);
    }

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());

    private static byte[] Truncate(Random random, JsonNode node)
    {
        var bytes = Bytes(node);
        return bytes[..random.Next(1, bytes.Length)];
    }

    private static byte[] Insert(Random random, JsonNode node, byte value)
    {
        var bytes = Bytes(node).ToList();
        bytes.Insert(random.Next(1, bytes.Count), value);
        return [.. bytes];
    }

    private static byte[] DuplicateMember(Random random, JsonNode node)
    {
        var target = AnyObject(random, node);
        target["mark"] = "MARK";
        var name = target.First().Key;
        return Encoding.UTF8.GetBytes(node.ToJsonString().Replace("\"mark\":\"MARK\"", $"\"{name}\":1" + (name == "mark" ? ",\"mark\":2" : ""), StringComparison.Ordinal));
    }

    private static byte[] Nul(Random random, JsonNode node) => Marked(random, node, "\"a\\u0000b\"");

    private static byte[] HugeNumber(Random random, JsonNode node) => Marked(random, node, "1e99999");

    private static byte[] LoneSurrogate(Random random, JsonNode node) => Marked(random, node, "\"\\ud800\"");

    private static byte[] TooDeep(Random random, JsonNode node) => Marked(random, node, new string('[', 200) + new string(']', 200));

    private static byte[] Marked(Random random, JsonNode node, string text)
    {
        AnyObject(random, node)["mark"] = "MARK";
        return Encoding.UTF8.GetBytes(node.ToJsonString().Replace("\"MARK\"", text, StringComparison.Ordinal));
    }

    private static byte[] BadRoot(Random random, JsonNode node)
    {
        node["root"] = random.Next(5) switch { 0 => null, 1 => JsonValue.Create(1), 2 => new JsonArray(), 3 => JsonValue.Create("x"), _ => new JsonObject() };
        return Bytes(node);
    }

    private static byte[] BadActivityType(Random random, JsonNode node)
    {
        var activity = node["root"]!["activities"]![0]!.AsObject();
        activity["type"] = random.Next(4) switch { 0 => null, 1 => JsonValue.Create(7), 2 => JsonValue.Create("No.Such"), _ => new JsonArray() };
        return Bytes(node);
    }

    private static byte[] UnknownMember(Random random, JsonNode node)
    {
        node[$"unknown{random.Next(9)}"] = 1;
        return Bytes(node);
    }

    private static byte[] WrongShape(Random random, JsonNode node) => Bytes(random.Next(3) switch { 0 => new JsonArray(node), 1 => JsonValue.Create("x"), _ => JsonValue.Create(3) });

    private static byte[] WrongType(JsonNode node, string member)
    {
        node[member] = new JsonArray(1, new JsonObject());
        return Bytes(node);
    }

    private static JsonObject AnyObject(Random random, JsonNode node)
    {
        var all = new List<JsonObject>();
        Collect(node);
        return all[random.Next(all.Count)];

        void Collect(JsonNode? at)
        {
            if (at is JsonObject members)
            {
                all.Add(members);
                foreach (var (_, value) in members)
                    Collect(value);
            }
            else if (at is JsonArray items)
            {
                foreach (var item in items)
                    Collect(item);
            }
        }
    }
}
