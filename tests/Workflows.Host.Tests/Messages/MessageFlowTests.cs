using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Workflows.Engine.Messages;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Channels.Webhooks;
using Workflows.Host.Messages;
using Workflows.Host.Tests.Pages;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests.Messages;

/// <summary>From what happens in a workflow to what people read: events, templates, preferences, captured and sent messages, and the pages about them.</summary>
public sealed class MessageFlowTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_approver_is_mailed_through_a_real_server_with_a_link_that_decides_nothing()
    {
        using var server = await EximServer.StartAsync();
        await using var host = await HostUnderTest.StartAsync(
            DatabaseKind.Sqlite,
            "Development",
            ("Workflows:Mail:Host", EximServer.Host),
            ("Workflows:Mail:Port", server.StartTlsPort.ToString(CultureInfo.InvariantCulture)),
            ("Workflows:Mail:UserName", EximServer.UserName),
            ("Workflows:Mail:Password", EximServer.Password),
            ("Workflows:Mail:From", "flow@shop.example"),
            ("Workflows:Mail:TrustedRoot", server.RootFile),
            ("Workflows:Messages:PublicUrl", "https://flow.shop.example"),
            ("Workflows:Messages:QuietFrom", "00:00"),
            ("Workflows:Messages:QuietUntil", "00:00"));
        await GiveMailAsync(host, "supervisor", "wang@example.com");
        await Flows.PublishAsync(host, Flows.Approval("mailed"));
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");

        var id = await Flows.StartAsync(owner, "mailed");
        var task = (string)(await Flows.TaskAsync(supervisor, id))["id"]!;

        var mail = ReadMail.Of((await server.MailsOfAsync("wang", 1)).Single());
        Assert.Equal("待办：请审批", mail.Header("Subject"));
        Assert.Contains("您有一项新的待办“请审批”", mail.All.Single(p => p.Type == "text/plain").Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"https://flow.shop.example/tasks/{task}\"", mail.All.Single(p => p.Type == "text/html").Text, StringComparison.Ordinal);
        using var scanner = await Visitor.OfAsync(host, "supervisor");
        for (var look = 0; look < 3; look++)
            Assert.Equal(200, (await scanner.GetAsync($"/tasks/{task}")).Status);
        Assert.Equal(task, (string)(await Flows.TaskAsync(supervisor, id))["id"]!);
        var sent = Assert.Single(await ListAsync(host), d => d.InstanceId == id && d.Channel == MessageChannels.Email);
        Assert.Equal((DeliveryState.Sent, 1), (sent.State, sent.Attempts));

        using var logs = await host.AsAsync("tech_support");
        Assert.DoesNotContain(EximServer.Password, (await logs.SendAsync(HttpMethod.Get, $"/api/v1/ops/deliveries/{sent.Key}")).Body!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_gateways_everything_is_captured_and_read_by_operators_only()
    {
        await using var host = await HostUnderTest.StartAsync();
        await Flows.PublishAsync(host, Flows.Sequence("told", """
            {"id":"m","type":"Notify.Message","version":1,
             "roles":{"typeName":"String[]","expression":{"type":"Object","value":"[\"supervisor\"]"}},
             "addresses":{"typeName":"String[]","expression":{"type":"Object","value":"[\"13812345678\",\"a@b.cn\"]"}},
             "channels":{"typeName":"String[]","expression":{"type":"Object","value":"[\"site\",\"email\"]"}},
             "subject":{"typeName":"String","expression":{"type":"Literal","value":"下线 <script>alert(1)</script>"}},
             "body":{"typeName":"String","expression":{"type":"Literal","value":"请知悉 <img src=x onerror=alert(1)>"}}}
            """));
        using var owner = await host.AsAsync("activity_owner");
        var id = await Flows.StartAsync(owner, "told");
        var all = await UntilAsync(host, id, 3);
        Assert.All(all, d => Assert.Equal(DeliveryState.Captured, d.State));

        using var operations = await Visitor.OfAsync(host, "tech_support");
        using var ordinary = await Visitor.OfAsync(host, "activity_owner");
        using var supervisor = await Visitor.OfAsync(host, "supervisor");
        var list = await operations.GetAsync($"/ops/outbox?instance={id}");
        Assert.Contains("未外发", list.Text, StringComparison.Ordinal);
        Assert.Contains("138****5678", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("13812345678", list.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", list.Html, StringComparison.Ordinal);

        var mail = all.First(d => d.Channel == MessageChannels.Email);
        var detail = await operations.GetAsync("/ops/outbox/" + mail.Key);
        Assert.Contains("请知悉 <img src=x onerror=alert(1)>", detail.Text, StringComparison.Ordinal);
        Assert.Matches("<iframe class=\"mail-frame\" sandbox(=\"\")? ", detail.Html);
        using var raw = await host.AsAsync("tech_support");
        var frame = await raw.GetAsync($"/ops/outbox/{mail.Key}/html", Token);
        var policy = frame.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("sandbox", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", await frame.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        foreach (var address in (string[])["/ops/outbox", "/ops/outbox/" + mail.Key, $"/ops/outbox/{mail.Key}/html", "/ops/gateways"])
            Assert.Equal(403, (await ordinary.GetAsync(address)).Status);
        Assert.Contains("下线", (await supervisor.GetAsync("/notices")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("下线", (await ordinary.GetAsync("/notices")).Text, StringComparison.Ordinal);

        var again = await operations.PostAsync($"/ops/outbox/{mail.Key}/resend", new() { ["_csrf"] = detail.Hidden("_csrf") });
        Assert.Contains("已重新排队发送", again.Text, StringComparison.Ordinal);
        Assert.Equal(409, (await operations.PostAsync($"/ops/outbox/{mail.Key}/resend", new() { ["_csrf"] = detail.Hidden("_csrf") })).Status);
    }

    [Fact]
    public async Task A_changed_template_is_tried_saved_used_and_put_back()
    {
        await using var host = await HostUnderTest.StartAsync();
        await Flows.PublishAsync(host, Flows.Approval("worded"));
        using var owner = await host.AsAsync("activity_owner");
        using var manager = await Visitor.OfAsync(host, "workflow_manager");
        var first = await Flows.StartAsync(owner, "worded");
        await UntilAsync(host, first, 1);
        const string Address = "/ops/templates/task.assigned/email/zh";
        var page = await manager.GetAsync(Address);
        Dictionary<string, string> Form(string subject, string sample = "") => new() { ["_csrf"] = page.Hidden("_csrf"), ["version"] = page.Hidden("version"), ["subject"] = subject, ["body"] = "请办理 {{ task.title }}", ["sample"] = sample };

        var broken = await manager.PostAsync(Address, Form("{% if x %}"));
        var preview = await manager.PostAsync(Address + "/preview", Form("急件：{{ task.title }}"));
        var strange = await manager.PostAsync(Address + "/preview", Form("x", first));
        var saved = await manager.PostAsync(Address, Form("急件：{{ task.title }}"));
        var late = await manager.PostAsync(Address, Form("另一个"));

        Assert.Equal((400, true), (broken.Status, broken.Html.Contains("{% if x %}", StringComparison.Ordinal)));
        Assert.Contains("急件：示例任务", preview.Text, StringComparison.Ordinal);
        Assert.Equal(400, strange.Status);
        Assert.Contains("已保存", saved.Text, StringComparison.Ordinal);
        Assert.Equal(409, late.Status);
        var second = await Flows.StartAsync(owner, "worded");
        Assert.Equal("急件：请审批", Assert.Single(await UntilAsync(host, second, 1)).Subject);

        await manager.PostAsync(Address + "/reset", new() { ["_csrf"] = page.Hidden("_csrf"), ["version"] = "1" });
        var third = await Flows.StartAsync(owner, "worded");
        Assert.Equal("待办：请审批", Assert.Single(await UntilAsync(host, third, 1)).Subject);
        using var ordinary = await Visitor.OfAsync(host, "activity_owner");
        Assert.Equal(403, (await ordinary.GetAsync(Address)).Status);
    }

    [Fact]
    public async Task People_switch_off_what_is_not_their_own_work_and_choose_their_language()
    {
        await using var host = await HostUnderTest.StartAsync();
        await Flows.PublishAsync(host, Flows.Approval("chosen"));
        using var owner = await Visitor.OfAsync(host, "activity_owner");
        using var supervisor = await Visitor.OfAsync(host, "supervisor");
        var form = await owner.GetAsync("/profile/messages");
        await owner.PostAsync("/profile/messages", new() { ["_csrf"] = form.Hidden("_csrf"), ["language"] = "en", ["Process:email"] = "on", ["Copy:email"] = "on" });
        var other = await supervisor.GetAsync("/profile/messages");
        await supervisor.PostAsync("/profile/messages", new() { ["_csrf"] = other.Hidden("_csrf"), ["language"] = "en" });
        using var api = await host.AsAsync("activity_owner");
        using var decides = await host.AsAsync("supervisor");

        var id = await Flows.StartAsync(api, "chosen");
        var task = await Flows.TaskAsync(decides, id);
        var assigned = Assert.Single(await UntilAsync(host, id, 1));
        Assert.Equal(200, (await decides.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { comment = "同意" }, ifMatch: null)).Status);
        var decided = (await UntilAsync(host, id, 2)).Single(d => d.Event == MessageEvents.CaseDecided);

        // One's own work cannot be switched off, the outcome of an application can.
        Assert.Equal(("Task: 请审批", DeliveryState.Captured), (assigned.Subject, assigned.State));
        Assert.Equal(DeliveryState.Suppressed, decided.State);
        Assert.Contains("Approved: 请审批", (await owner.GetAsync("/notices")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_is_told_in_signed_posts_and_may_be_told_again()
    {
        var heard = new System.Collections.Concurrent.ConcurrentQueue<(string Id, string Timestamp, string Signature, byte[] Body)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var program = builder.Build();
        program.MapPost("/hook", async (HttpContext http) =>
        {
            using var copy = new MemoryStream();
            await http.Request.Body.CopyToAsync(copy);
            heard.Enqueue((http.Request.Headers["X-Workflows-Id"]!, http.Request.Headers["X-Workflows-Timestamp"]!, http.Request.Headers["X-Workflows-Signature"]!, copy.ToArray()));
        });
        await program.StartAsync(Token);
        await using var host = await HostUnderTest.StartAsync(
            DatabaseKind.Sqlite,
            "Development",
            ("Workflows:Webhooks:erp:Url", program.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hook"),
            ("Workflows:Webhooks:erp:Secret", "0123456789abcdef"),
            ("Workflows:Webhooks:erp:Events:0", "task.*"),
            ("Workflows:Webhooks:erp:Events:1", "case.decided"));
        await Flows.PublishAsync(host, Flows.Approval("hooked"));
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        using var operations = await host.AsAsync("tech_support");

        var id = await Flows.StartAsync(owner, "hooked");
        var task = await Flows.TaskAsync(supervisor, id);
        await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { comment = "同意" });
        await UntilAsync(() => heard.Count >= 2);

        var events = heard.Select(h => JsonNode.Parse(h.Body)!).OrderBy(e => (int)e["sequence"]!).ToList();
        Assert.Equal(["task.assigned", "case.decided"], events.Select(e => (string)e["type"]!));
        Assert.All(events, e => Assert.Equal(id, (string)e["instanceId"]!));
        Assert.Equal("请审批", (string)events[0]["data"]!["task"]!["title"]!);
        Assert.All(heard, h => Assert.Equal("sha256=" + WebhookGateway.Sign("0123456789abcdef", h.Timestamp, h.Body), h.Signature));

        var now = TimeProvider.System.GetUtcNow();
        var replay = await operations.PostAsync("/api/v1/ops/webhooks/erp/replay", new { from = now.AddMinutes(-5), to = now.AddMinutes(5) });
        Assert.Equal((200, 2), (replay.Status, (int)replay.Body!["count"]!));
        await UntilAsync(() => heard.Count >= 4);
        Assert.Equal(2, heard.Select(h => h.Id).Distinct().Count());
        Assert.Equal(404, (await operations.PostAsync("/api/v1/ops/webhooks/other/replay", new { from = now.AddMinutes(-5), to = now })).Status);
    }

    [Fact]
    public async Task An_sms_carries_a_code_and_no_link_and_goes_on_by_mail_and_to_the_manager()
    {
        await using var gateway = await HostileSmsGateway.StartAsync();
        await using var host = await HostUnderTest.StartAsync(
            DatabaseKind.Sqlite,
            "Development",
            ("Workflows:Sms:Provider", "Http"),
            ("Workflows:Sms:Http:Url", gateway.Address + "/nothing-here"),
            ("Workflows:Messages:BreakerFaults", "10"),
            ("Workflows:Messages:PublicUrl", "https://flow.shop.example"));
        await GiveMailAsync(host, "supervisor", "wang@example.com", "13812345678");
        await GiveMailAsync(host, "store_ops_manager", "li@example.com", "13912345678");
        var store = host.Service<IDeliveryStore>();
        var composer = host.Service<MessageComposer>();
        await host.Service<TemplateBook>().RefreshAsync(Token);
        var draft = new MessageDraft("i1-5", "i1", "t1", MessageEvents.ClockBreached, null, "时限超时：退款审批", "已超时", null, [], []);
        var person = host.Service<IOrganisationSource>().Current.Find("supervisor");

        var (planned, code) = composer.DeliveryOf(draft, "i1-5", MessageChannels.Sms, new Receiver(person, null));
        await store.AddAsync([planned], [], [code!], Token);

        Assert.Contains($"办理码 {code!.Code}，请登录 flow.shop.example/s", planned.Delivery.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("http", planned.Delivery.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("/tasks/", planned.Delivery.Body, StringComparison.Ordinal);
        using var supervisor = await Visitor.OfAsync(host, "supervisor");
        using var other = await Visitor.OfAsync(host, "finance");
        Assert.Equal("/tasks/t1", (await supervisor.GetAsync($"/s?code={code.Code}")).Address);
        Assert.Contains("不存在、已过期或不是发给您的", (await other.GetAsync($"/s?code={code.Code}")).Text, StringComparison.Ordinal);

        // Mail is not configured here, so what follows is the manager's SMS; and after that nobody is left who has not been tried.
        var instead = composer.Instead(planned.Delivery)!;
        Assert.Equal(("i1-5~1", "sms", "+8613912345678", "i1-5"), (instead.Key, instead.Channel, instead.Address, instead.ParentKey));
        var next = composer.Instead(instead);
        Assert.True(next is null || next.UserName is not ("supervisor" or "store_ops_manager"));
    }

    [Fact]
    public async Task Operators_see_whether_the_settings_work()
    {
        await using var host = await HostUnderTest.StartAsync(
            DatabaseKind.Sqlite,
            "Development",
            ("Workflows:Mail:Host", "127.0.0.1"),
            ("Workflows:Mail:Port", "9"),
            ("Workflows:Mail:UserName", "flow"),
            ("Workflows:Mail:Password", "s3cret-pass"),
            ("Workflows:Mail:From", "flow@shop.example"));
        using var operations = await Visitor.OfAsync(host, "tech_support");
        var page = await operations.GetAsync("/ops/gateways");
        Dictionary<string, string> Form(string channel, string to) => new() { ["_csrf"] = page.Hidden("_csrf"), ["channel"] = channel, ["to"] = to };

        var down = await operations.PostAsync("/ops/gateways/test", Form("email", "a@b.cn"));
        var wrong = await operations.PostAsync("/ops/gateways/test", Form("sms", "12"));
        var captured = await operations.PostAsync("/ops/gateways/test", Form("sms", "13812345678"));

        Assert.Equal(400, down.Status);
        Assert.DoesNotContain("s3cret-pass", down.Html + page.Html, StringComparison.Ordinal);
        Assert.Contains("手机号无效", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("未外发", captured.Text, StringComparison.Ordinal);
    }

    private static async Task GiveMailAsync(HostUnderTest host, string user, string mail, string? mobile = null)
    {
        var store = host.Service<IOrganisationStore>();
        var person = (await store.ListAsync(Token)).Single(p => p.UserName == user);
        await store.SaveAsync([person with { Email = mail, Mobile = mobile ?? person.Mobile }], Token);
        await host.Service<OrganisationCache>().RefreshAsync(Token);
    }

    private static async Task<IReadOnlyList<Delivery>> ListAsync(HostUnderTest host) => (await host.Service<IDeliveryStore>().ListAsync(new DeliveryFilter(Limit: 200), Token)).Items;

    private static async Task<IReadOnlyList<Delivery>> UntilAsync(HostUnderTest host, string instanceId, int count)
    {
        for (var i = 0; ; i++)
        {
            IReadOnlyList<Delivery> found = [.. (await ListAsync(host)).Where(d => d.InstanceId == instanceId)];
            if (found.Count >= count)
                return found;
            Assert.True(i < 600, $"{found.Count} of {count} messages came");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
        }
    }

    private static async Task UntilAsync(Func<bool> so)
    {
        for (var i = 0; i < 600 && !so(); i++)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
        Assert.True(so());
    }
}
