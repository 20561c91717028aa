using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Workflows.Testing;

namespace Workflows.Host.Tests;

/// <summary>
/// Every route, tried by every kind of person on an object of the initiator, on one of somebody else, and on none, against
/// AccessTable.txt. A cell is the refusal (401, 403, 404) or "in" for whatever else is answered; three words where the objects
/// differ. A route without a row, and a row without a route, fail: whoever adds a route says in the table who may use it.
/// </summary>
public sealed class AccessTableTests(SharedHost shared) : IClassFixture<SharedHost>
{
    /// <summary>From those with the least rights to those with the most; the stranger has no part in either object.</summary>
    private static readonly (string Kind, string? User)[] Kinds =
    [
        ("anonymous", null), ("stranger", "finance"), ("initiator", "activity_owner"), ("approver", "supervisor"), ("designer", "workflow_manager"),
        ("auditor", "internal_auditor"), ("operator", "tech_support"), ("admin", "super_admin"),
    ];

    private static readonly string[] Scopes = ["read"];

    [Fact]
    public async Task Every_route_lets_in_whom_the_table_says_and_nobody_else()
    {
        var host = await shared.GetAsync();
        var objects = await MakeObjectsAsync(host);
        var expected = Read(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "Workflows.Host.Tests", "AccessTable.txt"), TestContext.Current.CancellationToken));
        var actual = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (method, pattern, body) in Routes(host))
            actual[$"{method} {pattern.RawText}"] = await RowAsync(host, method, pattern, body, objects);

        var wrong = actual.Where(a => expected.GetValueOrDefault(a.Key) != a.Value).Select(a => $"{a.Key} | {a.Value}   (table: {expected.GetValueOrDefault(a.Key) ?? "no row"})");
        var stale = expected.Keys.Except(actual.Keys).Select(r => $"{r}   (no such route)");
        Assert.True(!wrong.Any() && !stale.Any(), "Access differs from AccessTable.txt. What is so now:\n" + string.Join('\n', wrong.Concat(stale)));
    }

    private static IEnumerable<(string Method, RoutePattern Pattern, string Body)> Routes(HostUnderTest host) =>
        from endpoint in host.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"]
        where method != "HEAD"
        select (method, endpoint.RoutePattern, endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes[0] ?? "application/json");

    private static async Task<string> RowAsync(HostUnderTest host, string method, RoutePattern pattern, string body, Dictionary<string, string[]> objects)
    {
        var cells = new List<string>();
        foreach (var (_, user) in Kinds)
        {
            using var signedIn = user is null ? host.Anonymous() : await host.AsAsync(user);
            using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Address };
            client.DefaultRequestHeaders.Authorization = signedIn.DefaultRequestHeaders.Authorization;
            var seen = new List<string>();
            for (var o = 0; o < 3; o++)
                seen.Add(await CellAsync(client, method == "*" ? "GET" : method, Address(pattern, objects, o), body));
            cells.Add(seen.Distinct().Count() == 1 ? seen[0] : string.Join(' ', seen));
        }

        return string.Join(" | ", cells);
    }

    /// <summary>An old entity tag goes with every write, so that what is allowed is let in and still changes nothing.</summary>
    private static async Task<string> CellAsync(HttpClient client, string method, string address, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (method != "GET")
        {
            request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
            request.Content = new StringContent(body.EndsWith("json", StringComparison.Ordinal) ? "{}" : "", Encoding.UTF8, body);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return (int)response.StatusCode is var status and (401 or 403 or 404) ? status.ToString(System.Globalization.CultureInfo.InvariantCulture) : "in";
    }

    private static string Address(RoutePattern pattern, Dictionary<string, string[]> objects, int which)
    {
        var address = new StringBuilder();
        foreach (var segment in pattern.PathSegments)
        {
            address.Append('/');
            foreach (var part in segment.Parts)
            {
                address.Append(part switch
                {
                    RoutePatternLiteralPart literal => literal.Content,
                    RoutePatternSeparatorPart separator => separator.Content,
                    _ => objects.Where(o => address.ToString().TrimEnd('/').EndsWith(o.Key, StringComparison.Ordinal)).Select(o => o.Value[which]).FirstOrDefault() ?? "ffffffff",
                });
            }
        }

        return address.Length == 0 ? "/" : address.ToString();
    }

    /// <summary>By the path before the parameter: the initiator's object, somebody else's, none.</summary>
    private static async Task<Dictionary<string, string[]>> MakeObjectsAsync(HostUnderTest host)
    {
        const string None = "ffffffff";
        await Flows.PublishAsync(host, Flows.Approval("table-open"));
        var closed = Flows.Approval("table-closed");
        closed["customProperties"] = new JsonObject { ["rights"] = new JsonObject { ["start"] = new JsonArray("role:campaign_ops_manager") } };
        closed["root"]!["activities"]![0]!["roles"]!["expression"]!["value"] = "[\"cs_manager\"]";
        await Flows.PublishAsync(host, closed);
        using var owner = await host.AsAsync("activity_owner");
        using var other = await host.AsAsync("campaign_ops_manager");
        using var supervisor = await host.AsAsync("supervisor");
        using var manager = await host.AsAsync("cs_manager");
        using var admin = await host.AsAsync("super_admin");
        var (mine, theirs) = (await Flows.StartAsync(owner, "table-open"), await Flows.StartAsync(other, "table-closed"));
        var leave = new { to = "cs_agent", startsAt = "2030-01-01T00:00:00Z", endsAt = "2030-01-08T00:00:00Z" };
        var given = (await owner.PostAsync("/api/v1/organisation/delegations", leave)).Body!["id"]!;
        var givenByOther = (await other.PostAsync("/api/v1/organisation/delegations", leave)).Body!["id"]!;
        var promotions = (await admin.SendAsync(HttpMethod.Get, "/api/v1/store/promotions")).Body!["items"]!.AsArray().Select(p => (string)p!["id"]!).ToList();
        var (myTask, theirTask) = ((string)(await Flows.TaskAsync(supervisor, mine))["id"]!, (string)(await Flows.TaskAsync(manager, theirs))["id"]!);
        foreach (var (client, task) in new[] { (supervisor, myTask), (manager, theirTask) })
            Assert.Equal(204, (await client.SendAsync(HttpMethod.Put, $"/api/v1/tasks/{task}/draft", new { form = new { } })).Status);
        async Task<string> FileAsync(HttpClient client, string task) =>
            (string)(await client.SendAsync(HttpMethod.Post, $"/api/v1/tasks/{task}/attachments?name=a.txt", content: new StringContent("内容"))).Body!["id"]!;
        async Task<string> CopyAsync(HttpClient from, HttpClient to, string user, string instance)
        {
            Assert.Equal(200, (await from.PostAsync($"/api/v1/instances/{instance}/cc", new { people = (string[])[user] })).Status);
            var copy = await Condition.FoundAsync(
                async () => (await to.SendAsync(HttpMethod.Get, "/api/v1/cc-items")).Body!["items"]!.AsArray().FirstOrDefault(c => (string?)c!["instanceId"] == instance),
                "The copy never came.", TestContext.Current.CancellationToken);
            return (string)copy["id"]!;
        }

        async Task<string> KeyAsync() => (string)(await admin.PostAsync("/api/v1/keys", new { name = "t", userName = "finance", scopes = Scopes })).Body!["key"]!["id"]!;
        return new Dictionary<string, string[]>
        {
            ["/instances"] = [mine, theirs, None],
            ["/tasks"] = [myTask, theirTask, None],
            ["/attachments"] = [await FileAsync(supervisor, myTask), await FileAsync(manager, theirTask), None],
            ["/cc-items"] = [await CopyAsync(supervisor, owner, "activity_owner", mine), await CopyAsync(manager, other, "campaign_ops_manager", theirs), None],
            ["/start"] = ["table-open", "table-closed", None],
            ["/definitions"] = ["table-open", "table-closed", None],
            ["/workflow-definitions"] = ["table-open", "table-closed", None],
            ["/by-definition-id"] = ["table-open", "table-closed", None],
            ["/type-definitions"] = ["table-open", "table-closed", None],
            ["/process"] = ["table-open", "table-closed", None],
            ["/edit"] = ["table-open", "table-closed", None],
            ["/view"] = ["table-open", "table-closed", None],
            ["/workflow-instances"] = [mine, theirs, None],
            ["/instance"] = [mine, theirs, None],
            ["/promotions"] = [promotions[0], promotions[1], None],
            ["/people"] = ["activity_owner", "cs_agent", None],
            ["/departments"] = ["operations", "data", None],
            ["/posts"] = ["activity_owner", "cs_agent", None],
            ["/groups"] = ["emergency", "promotion", None],
            ["/contacts"] = ["partner_1", "recycler_1", None],
            ["/delegations"] = [(string)given!, (string)givenByOther!, None],
            ["/keys"] = [await KeyAsync(), await KeyAsync(), None],
        };
    }

    private static Dictionary<string, string> Read(string table) => table.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#')
        .Select(l => l.Split(" | ", 2)).ToDictionary(l => l[0].Trim(), l => string.Join(" | ", l[1].Split('|').Select(c => c.Trim())));
}
