using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
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
    public async Task A_mail_carries_the_files_of_its_own_case_only_and_no_more_than_twenty_megabytes()
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
            ("Workflows:Mail:TrustedRoot", server.RootFile));
        await Flows.PublishAsync(host, Flows.Approval("filed"));
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        var (mine, other) = (await Flows.StartAsync(owner, "filed"), await Flows.StartAsync(owner, "filed"));
        async Task<string> AttachAsync(string instance, string name, byte[] content)
        {
            var task = (string)(await Flows.TaskAsync(supervisor, instance))["id"]!;
            var added = await supervisor.SendAsync(HttpMethod.Post, $"/api/v1/tasks/{task}/attachments?name={Uri.EscapeDataString(name)}", content: new ByteArrayContent(content));
            return (string)added.Body!["id"]!;
        }

        var text = Encoding.UTF8.GetBytes("商品,数量\n茶杯,2");
        var (report, secret) = (await AttachAsync(mine, "影响评估.csv", text), await AttachAsync(other, "别人的.csv", text));
        var (large, larger) = (await AttachAsync(mine, "大.txt", [.. Enumerable.Repeat((byte)'a', 11 << 20)]), await AttachAsync(mine, "更大.txt", [.. Enumerable.Repeat((byte)'b', 11 << 20)]));
        async Task<Delivery> SentAsync(string key, params JsonObject[] files)
        {
            var mail = Deliveries.Of(key, MessageChannels.Email, "mail", "wang@example.com", "附件") with { InstanceId = mine, Content = new JsonObject { ["attachments"] = new JsonArray([.. files]) } };
            await host.Service<IDeliveryStore>().AddAsync([new PlannedDelivery(mail)], [], [], Token);
            host.Service<MessageSignal>().Give();
            return await Deliveries.UntilAsync(host, key, d => d.State is DeliveryState.Sent or DeliveryState.Failed);
        }

        static JsonObject Named(string id) => new() { ["attachmentId"] = id };
        Assert.Equal(DeliveryState.Sent, (await SentAsync("own", Named(report), new() { ["fileName"] = "说明.txt", ["content"] = Convert.ToBase64String(Encoding.UTF8.GetBytes("说明")) })).State);
        var strange = await SentAsync("strange", Named(secret));
        var unknown = await SentAsync("unknown", Named("none"));
        var tooLarge = await SentAsync("large", Named(large), Named(larger));

        var mail = ReadMail.Of((await server.MailsOfAsync("wang", 1)).Single());
        Assert.Equal([("影响评估.csv", "商品,数量\n茶杯,2"), ("说明.txt", "说明")], mail.All.Where(p => p.FileName is not null).Select(p => (p.FileName!, p.Text)));
        Assert.Equal((DeliveryState.Failed, $"本流程没有附件“{secret}” (this case has no attachment {secret})"), (strange.State, strange.LastError));
        Assert.DoesNotContain("别人的", strange.LastError, StringComparison.Ordinal);
        Assert.Equal(DeliveryState.Failed, unknown.State);
        Assert.Contains("20 MB", tooLarge.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_inside_the_product_is_read_when_it_is_opened_and_the_record_of_the_case_says_so()
    {
        await using var host = await HostUnderTest.StartAsync();
        await Flows.PublishAsync(host, Flows.Sequence("noted", """
            {"id":"m","type":"Notify.Message","version":1,
             "users":{"typeName":"String[]","expression":{"type":"Object","value":"[\"supervisor\",\"finance\"]"}},
             "channels":{"typeName":"String[]","expression":{"type":"Object","value":"[\"site\"]"}},
             "subject":{"typeName":"String","expression":{"type":"Literal","value":"库存盘点完成"}}}
            """));
        using var owner = await host.AsAsync("activity_owner");
        using var operations = await host.AsAsync("tech_support");
        using var supervisor = await Visitor.OfAsync(host, "supervisor");
        using var stranger = await Visitor.OfAsync(host, "cs_agent");
        using var desk = await Visitor.OfAsync(host, "tech_support");
        var id = await Flows.StartAsync(owner, "noted");
        async Task<Dictionary<string, JsonNode>> RecordAsync() =>
            (await operations.SendAsync(HttpMethod.Get, $"/api/v1/ops/notices?instanceId={id}")).Body!["items"]!.AsArray().ToDictionary(n => (string)n!["userName"]!, n => n!);
        var sent = await Condition.FoundAsync(async () => await RecordAsync() is { Count: 2 } both ? both : null, "The messages did not come.", Token);

        Assert.All(sent.Values, n => Assert.Null((string?)n["readAt"]));
        Assert.Contains("/notices/" + (string)sent["supervisor"]["id"]!, (await supervisor.GetAsync("/notices")).Html, StringComparison.Ordinal);
        Assert.Equal(404, (await stranger.GetAsync("/notices/" + sent["supervisor"]["id"])).Status);
        Assert.All((await RecordAsync()).Values, n => Assert.Null((string?)n["readAt"]));

        Assert.Equal("/instances/" + id, (await supervisor.GetAsync("/notices/" + sent["supervisor"]["id"])).Address);
        var read = (string?)(await RecordAsync())["supervisor"]["readAt"];
        await supervisor.GetAsync("/notices/" + sent["supervisor"]["id"]);

        Assert.NotNull(read);
        Assert.Equal(read, (string?)(await RecordAsync())["supervisor"]["readAt"]);
        Assert.Null((string?)(await RecordAsync())["finance"]["readAt"]);
        var page = (await desk.GetAsync($"/ops/outbox?instance={id}")).Text;
        Assert.Contains("库存盘点完成", page, StringComparison.Ordinal);
        Assert.Contains("已读", page, StringComparison.Ordinal);
        Assert.Contains("未读", page, StringComparison.Ordinal);
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
        await using var program = await Program.StartAsync();
        var heard = program.Heard;
        await using var host = await HostUnderTest.StartAsync(
            DatabaseKind.Sqlite,
            "Development",
            ("Workflows:Webhooks:erp:Url", program.Address),
            ("Workflows:Webhooks:erp:Secret", Program.Secret),
            ("Workflows:Webhooks:erp:Events:0", "task.*"),
            ("Workflows:Webhooks:erp:Events:1", "case.decided"));
        await Flows.PublishAsync(host, Flows.Approval("hooked"));
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        using var operations = await host.AsAsync("tech_support");

        var id = await Flows.StartAsync(owner, "hooked");
        var task = await Flows.TaskAsync(supervisor, id);
        await supervisor.PostAsync($"/api/v1/tasks/{task["id"]}/approve", new { comment = "同意" });
        await Condition.FoundAsync(() => Task.FromResult(heard.Count >= 2 ? heard : null), "The program heard of nothing.", Token);

        var events = heard.Select(h => JsonNode.Parse(h.Body)!).OrderBy(e => (int)e["sequence"]!).ToList();
        Assert.Equal(["task.assigned", "case.decided"], events.Select(e => (string)e["type"]!));
        Assert.All(events, e => Assert.Equal(id, (string)e["instanceId"]!));
        Assert.Equal("请审批", (string)events[0]["data"]!["task"]!["title"]!);
        Assert.All(heard, h => Assert.Equal("sha256=" + RequestSignature.Of(Program.Secret, h.Timestamp, h.Body), h.Signature));

        var now = TimeProvider.System.GetUtcNow();
        var replay = await operations.PostAsync("/api/v1/ops/webhooks/erp/replay", new { from = now.AddMinutes(-5), to = now.AddMinutes(5) });
        Assert.Equal((200, 2), (replay.Status, (int)replay.Body!["count"]!));
        await Condition.FoundAsync(() => Task.FromResult(heard.Count >= 4 ? heard : null), "The program was not told again.", Token);
        Assert.Equal(2, heard.Select(h => h.Id).Distinct().Count());
        Assert.Equal(404, (await operations.PostAsync("/api/v1/ops/webhooks/other/replay", new { from = now.AddMinutes(-5), to = now })).Status);
    }

    [Fact]
    public async Task A_program_hears_of_instances_and_of_their_clocks_and_may_be_told_again()
    {
        await using var program = await Program.StartAsync();
        await using var host = await HostUnderTest.StartAsync(
            DatabaseKind.Sqlite,
            "Development",
            ("Workflows:Webhooks:erp:Url", program.Address),
            ("Workflows:Webhooks:erp:Secret", Program.Secret),
            ("Workflows:Webhooks:erp:Events:0", "case.*"),
            ("Workflows:Webhooks:erp:Events:1", "clock.breached"),
            ("Workflows:Webhooks:erp:Events:2", "clock.stopped"));
        await Flows.PublishAsync(host, Flows.Sequence("watched", """
            {"id":"approve","type":"Human.Approval","version":1,
             "title":{"typeName":"String","expression":{"type":"Literal","value":"请审批"}},
             "roles":{"typeName":"String[]","expression":{"type":"Object","value":"[\"supervisor\"]"}},
             "target":{"typeName":"Decimal","expression":{"type":"Literal","value":"1"}},
             "targetUnit":{"typeName":"String","expression":{"type":"Literal","value":"Hours"}}}
            """));
        await Flows.PublishAsync(host, Flows.Sequence("broken", """{"id":"f","type":"Elsa.Fault","version":1,"message":{"typeName":"String","expression":{"type":"Literal","value":"库存不足"}}}"""));
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        using var operations = await host.AsAsync("tech_support");

        var late = await Flows.StartAsync(owner, "watched");
        var task = (string)(await Flows.TaskAsync(supervisor, late))["id"]!;
        Assert.Equal(200, (await operations.PostAsync("/dev/clock/advance", new { by = "01:00:01" })).Status);
        Assert.Equal(200, (await supervisor.PostAsync($"/api/v1/tasks/{task}/approve", new { comment = "同意" })).Status);
        var cancelled = await Flows.StartAsync(owner, "watched");
        Assert.Equal(200, (await operations.PostAsync($"/api/v1/instances/{cancelled}/cancel", new { reason = "重复申请" })).Status);
        var broken = await Flows.StartAsync(owner, "broken");

        await program.UntilAsync(late, "case.started", "clock.breached", "clock.stopped", "case.decided", "case.finished");
        await program.UntilAsync(cancelled, "case.started", "clock.stopped", "case.cancelled");
        await program.UntilAsync(broken, "case.started", "case.faulted");
        var breach = program.Of(late).Single(e => (string?)e["type"] == "clock.breached");
        Assert.Equal((task, "Breached"), ((string?)breach["taskId"], (string?)breach["data"]!["clock"]!["state"]));
        Assert.Equal("重复申请", (string?)program.Of(cancelled).Single(e => (string?)e["type"] == "case.cancelled")["data"]!["reason"]);
        Assert.Equal("库存不足", (string?)program.Of(broken).Single(e => (string?)e["type"] == "case.faulted")["data"]!["incident"]!["message"]);
        Assert.All(program.Heard, h => Assert.Equal("sha256=" + RequestSignature.Of(Program.Secret, h.Timestamp, h.Body), h.Signature));

        var count = program.Heard.Count;
        var now = TimeProvider.System.GetUtcNow();
        var replay = await operations.PostAsync("/api/v1/ops/webhooks/erp/replay", new { from = now.AddHours(-1), to = now.AddHours(2) });
        Assert.Equal((200, count), (replay.Status, (int)replay.Body!["count"]!));
        await Condition.FoundAsync(() => Task.FromResult(program.Heard.Count >= 2 * count ? program : null), "The program was not told again.", Token);
        Assert.Equal(count, program.Heard.Select(h => h.Id).Distinct().Count());
        // People were told of the breach too; that is another matter.
        Assert.Contains(await ListAsync(host), d => d.InstanceId == late && d.Event == MessageEvents.ClockBreached && d.Channel == MessageChannels.Email);
    }

    [Fact]
    public async Task A_text_to_a_customer_goes_out_as_it_is_written_by_a_template_of_its_own()
    {
        await using var host = await HostUnderTest.StartAsync(
            DatabaseKind.Sqlite,
            "Development",
            ("Workflows:Sms:Provider", "Aliyun"),
            ("Workflows:Sms:Aliyun:AccessKeyId", "id"),
            ("Workflows:Sms:Aliyun:AccessKeySecret", "secret"),
            ("Workflows:Sms:Aliyun:SignName", "店铺"),
            ("Workflows:Sms:Aliyun:DefaultTemplate", "SMS_1"),
            ("Workflows:Sms:Aliyun:TextTemplate", "SMS_2"));
        var text = string.Concat(Enumerable.Repeat("您好，您的投诉已处理。", 12));
        var draft = new MessageDraft("i1-6", "i1", null, null, null, text, text, null, [], []);

        var (planned, code) = host.Service<MessageComposer>().DeliveryOf(draft, "i1-6", MessageChannels.Sms, new Receiver(null, "13812345678"));

        Assert.Equal(text, planned.Delivery.Body);
        Assert.Null(code);
        Assert.Equal(("SMS_2", text), ((string)planned.Delivery.Content!["template"]!, (string)planned.Delivery.Content["values"]!["text"]!));
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

    private static Task<List<Delivery>> UntilAsync(HostUnderTest host, string instanceId, int count) => Condition.FoundAsync(
        async () => (await ListAsync(host)).Where(d => d.InstanceId == instanceId).ToList() is var found && found.Count >= count ? found : null,
        $"{count} messages of the instance did not come",
        Token);

    /// <summary>A program outside that is told of events by webhook.</summary>
    private sealed class Program(WebApplication app) : IAsyncDisposable
    {
        public const string Secret = "0123456789abcdef";

        public ConcurrentQueue<(string Id, string Timestamp, string Signature, byte[] Body)> Heard { get; } = new();

        public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hook";

        public static async Task<Program> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var program = new Program(app);
            app.MapPost("/hook", async (HttpContext http) =>
            {
                using var copy = new MemoryStream();
                await http.Request.Body.CopyToAsync(copy);
                program.Heard.Enqueue((http.Request.Headers["X-Workflows-Id"]!, http.Request.Headers["X-Workflows-Timestamp"]!, http.Request.Headers["X-Workflows-Signature"]!, copy.ToArray()));
            });
            await app.StartAsync(Token);
            return program;
        }

        /// <summary>What was told of an instance, in the order of its numbers, each once.</summary>
        public IReadOnlyList<JsonNode> Of(string instanceId) =>
            [.. Heard.DistinctBy(h => h.Id).Select(h => JsonNode.Parse(h.Body)!).Where(e => (string?)e["instanceId"] == instanceId).OrderBy(e => (int)e["sequence"]!)];

        public async Task UntilAsync(string instanceId, params string[] types)
        {
            await Condition.FoundAsync(() => Task.FromResult(Of(instanceId).Count >= types.Length ? this : null), $"The program was not told all of {instanceId}.", Token);
            Assert.Equal(types, Of(instanceId).Select(e => (string)e["type"]!));
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
