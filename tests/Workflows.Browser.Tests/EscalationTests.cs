using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Workflows.Browser.Tests;

/// <summary>
/// A deadline that passes, as people meet it: reminder, escalation to the manager by mail and SMS, breach in the timeline, and a task that is
/// still open. Time is moved, so this story has a host of its own.
/// </summary>
public sealed class EscalationTests : IAsyncLifetime
{
    private const string Definition = """
        {"definitionId":"complaint","name":"投诉答复","version":1,"root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[
          {"id":"reply","type":"Human.Approval","version":1,
           "title":{"typeName":"String","expression":{"type":"Literal","value":"答复客户投诉"}},
           "roles":{"typeName":"String[]","expression":{"type":"Object","value":"[\"supervisor\"]"}},
           "target":{"typeName":"Decimal","expression":{"type":"Literal","value":"24"}},
           "targetUnit":{"typeName":"String","expression":{"type":"Literal","value":"Hours"}},
           "ladder":{"typeName":"String","expression":{"type":"Literal","value":"L-HOUR"}}}]}}
        """;

    private readonly BrowserUnderTest _host = new();

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_deadline_that_passes_reminds_then_tells_the_manager_and_leaves_the_task_open()
    {
        await using (await _host.OpenAsync(Screen.Desktop))
        {
        }

        using var designer = await ApiAsync("workflow_manager");
        await SendAsync(designer, "/api/v1/definitions?publish=true", JsonNode.Parse(Definition)!);
        using var owner = await ApiAsync("activity_owner");
        var id = (string)(await SendAsync(owner, "/api/v1/instances", new JsonObject { ["definitionId"] = "complaint" }))["id"]!;
        using var operations = await ApiAsync("tech_support");

        await AdvanceAsync("12:00:00");
        Assert.Equal(["notify.email supervisor"], await MessagesAsync(id));
        await AdvanceAsync("07:12:00");
        Assert.Equal(["notify.email supervisor", "notify.email supervisor", "notify.sms supervisor"], await MessagesAsync(id));
        await AdvanceAsync("04:48:01");
        Assert.Equal(["notify.email store_ops_manager", "notify.email supervisor", "notify.email supervisor", "notify.sms store_ops_manager", "notify.sms supervisor"], await MessagesAsync(id));

        foreach (var screen in (Screen[])[Screen.Desktop, Screen.Phone])
        {
            await using var supervisor = await _host.OpenAsync(screen, scripts: screen == Screen.Phone);
            await supervisor.SignInAsync("supervisor");
            await Assertions.Expect(supervisor.Page.Locator(".sla-late").First).ToBeVisibleAsync();
            var task = await Deletion.FirstTaskAsync(_host, id);
            await supervisor.Page.GotoAsync("/tasks/" + task);
            await supervisor.Page.ClickAsync(".why-due > summary");
            await Assertions.Expect(supervisor.Page.Locator(".why-due li").Last).ToContainTextAsync("截止");
            await Assertions.Expect(supervisor.Page.Locator("main")).ToContainTextAsync("时限“答复客户投诉”超时");
            await Assertions.Expect(supervisor.Page.Locator("main")).ToContainTextAsync("已通知 店铺运营经理");
            await Assertions.Expect(supervisor.Page.Locator(".actions > a[href='#act-approve']")).ToBeVisibleAsync();
            await supervisor.ShootAsync($"escalation-{screen.ToString().ToLowerInvariant()}");
            await supervisor.Page.GotoAsync("/instances/" + id);
            await supervisor.ShootAsync($"escalation-application-{screen.ToString().ToLowerInvariant()}");
            Assert.Empty(supervisor.Complaints);
        }

        await using var manager = await _host.OpenAsync(Screen.Desktop);
        await manager.SignInAsync("workflow_manager");
        foreach (var (address, name) in (List<(string, string)>)[("/calendars", "calendar"), ("/ladders#L-HOUR", "ladder"), ("/rotas", "rota")])
        {
            await manager.Page.GotoAsync(address);
            if (await manager.Page.Locator(".edit > summary").CountAsync() > 0)
                await manager.Page.Locator(".edit > summary").First.ClickAsync();
            await manager.ShootAsync($"edit-{name}");
        }

        Assert.Empty(manager.Complaints);

        async Task<List<string>> MessagesAsync(string instance) =>
            [.. JsonNode.Parse(await operations.GetStringAsync($"/api/v1/ops/effects?instanceId={instance}&limit=100", TestContext.Current.CancellationToken))!["items"]!.AsArray()
                .Where(e => (string)e!["kind"]! is "notify.email" or "notify.sms").Select(e => $"{(string)e!["kind"]!} {(string)e["payload"]!["user"]!}").Order(StringComparer.Ordinal)];

        Task AdvanceAsync(string by) => SendAsync(operations, "/dev/clock/advance", new JsonObject { ["by"] = by });
    }

    private async Task<HttpClient> ApiAsync(string user)
    {
        var client = new HttpClient { BaseAddress = _host.Address };
        var answer = await SendAsync(client, "/api/v1/tokens", new JsonObject { ["userName"] = user, ["password"] = "demo" });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)answer["accessToken"]!);
        return client;
    }

    private static async Task<JsonNode> SendAsync(HttpClient client, string address, JsonNode body)
    {
        var answer = await client.PostAsJsonAsync(address, body, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
