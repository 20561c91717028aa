using System.Globalization;
using System.Text.Json.Nodes;

namespace Workflows.Host.Tests.Clocks;

public sealed class ClockApiTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Clocked = """
        {"id":"c","type":"Clock.Start","version":1,
         "clock":{"typeName":"String","expression":{"type":"Literal","value":"reply"}},
         "label":{"typeName":"String","expression":{"type":"Literal","value":"首次答复"}},
         "target":{"typeName":"Decimal","expression":{"type":"Literal","value":"3"}},
         "unit":{"typeName":"String","expression":{"type":"Literal","value":"WorkingDays"}}}
        """;

    private const string Approval = """
        {"id":"approve","type":"Human.Approval","version":1,
         "title":{"typeName":"String","expression":{"type":"Literal","value":"请审批"}},
         "roles":{"typeName":"String[]","expression":{"type":"Object","value":"[\"supervisor\"]"}},
         "target":{"typeName":"Decimal","expression":{"type":"Literal","value":"1"}},
         "pauseOnInfo":{"typeName":"Boolean","expression":{"type":"Literal","value":"true"}}}
        """;

    [Fact]
    public async Task Clocks_are_listed_explained_and_recalculated_after_a_look()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Sequence("clock-api", Clocked, Approval));
        using var owner = await host.AsAsync("activity_owner");
        using var operations = await host.AsAsync("ops_director");
        using var stranger = await host.AsAsync("streamer");
        var id = await Flows.StartAsync(owner, "clock-api");

        var list = (await owner.GetAsync($"/api/v1/instances/{id}/clocks", json: true)).Body!["items"]!.AsArray();
        var clock = list.Single(c => (string?)c!["name"] == "reply")!;
        var detail = (await owner.GetAsync((string)clock["explainUrl"]!, json: true)).Body!;

        Assert.Equal(2, list.Count);
        Assert.Equal("Ok", (string?)clock["state"]);
        Assert.Equal(3, detail["due"]!["lines"]!.AsArray().Sum(l => (int)l!["days"]!));
        Assert.Contains(detail["ahead"]!.AsArray(), p => (string?)p!["kind"] == "Breach");
        Assert.Equal(404, (await stranger.GetAsync((string)clock["explainUrl"]!, json: true)).Status);

        var address = $"{(string)clock["explainUrl"]!}/recalculate";
        var body = new { target = 5, reason = "客户同意延期" };
        Assert.Equal(403, (await owner.PostAsync(address, body)).Status);
        var plan = (await operations.PostAsync(address + "?dryRun=true", body)).Body!["plan"]!;
        Assert.Equal(Utc(clock["dueAt"]!), Utc((await owner.GetAsync((string)clock["explainUrl"]!, json: true)).Body!["clock"]!["dueAt"]!));
        var done = await operations.PostAsync(address, body);
        Assert.Equal(200, done.Status);
        Assert.Equal(Utc(plan["newDueAt"]!), Utc(done.Body!["clock"]!["dueAt"]!));
        Assert.Equal(400, (await operations.PostAsync(address, new { })).Status);
        Assert.Equal(400, (await operations.PostAsync(address, new { target = 5, anchor = "2026-01-01" })).Status);
        Assert.Equal(400, (await operations.PostAsync(address, new { target = -1 })).Status);

        var timeline = string.Join(' ', (await owner.GetAsync($"/api/v1/instances/{id}/timeline", json: true)).Body!["items"]!.AsArray().Select(e => (string?)e!["text"]));
        Assert.Contains("重新计算", timeline, StringComparison.Ordinal);
        Assert.Contains("客户同意延期", timeline, StringComparison.Ordinal);

        using var page = await Pages.Visitor.OfAsync(host, "activity_owner");
        var shown = await page.GetAsync($"/instances/{id}");
        Assert.Contains("首次答复", shown.Text, StringComparison.Ordinal);
        Assert.Contains("如何计算", shown.Text, StringComparison.Ordinal);
        Assert.Matches("计 \\d 个工作日", shown.Text);
    }

    [Fact]
    public async Task A_year_is_imported_after_its_effects_were_shown_and_running_clocks_wait_for_the_recalculation()
    {
        await using var host = await HostUnderTest.StartAsync();
        await Flows.PublishAsync(host, Flows.Sequence("clock-year", Clocked, Approval));
        using var owner = await host.AsAsync("activity_owner");
        using var manager = await host.AsAsync("workflow_manager");
        var id = await Flows.StartAsync(owner, "clock-year");
        var before = await ClockAsync(owner, id);
        // The days after the receipt become holidays, whenever the test runs.
        var due = DateTimeOffset.Parse((string)before["dueAt"]!, CultureInfo.InvariantCulture).ToOffset(TimeSpan.FromHours(8)).Date;
        var day = DateOnly.FromDateTime(due).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var year = new { year = due.Year, source = "测试通知", off = new[] { new { from = day, to = day, name = "店庆" } }, work = Array.Empty<object>() };

        Assert.Equal(403, (await owner.PostAsync("/api/v1/calendars/office/years", year)).Status);
        var effects = (await manager.PostAsync("/api/v1/calendars/office/years?dryRun=true", year)).Body!;
        Assert.True((int)effects["moved"]! >= 1);
        Assert.Equal(1, (int)(await manager.GetAsync("/api/v1/calendars/office", json: true)).Body!["calendar"]!["version"]!);
        var saved = await manager.PostAsync("/api/v1/calendars/office/years", year);
        Assert.Equal((200, 2), (saved.Status, (int)saved.Body!["version"]!));
        Assert.Equal((string?)before["dueAt"], (string?)(await ClockAsync(owner, id))["dueAt"]);

        var done = (await manager.PostAsync("/api/v1/calendars/office/recalculate", new { reason = "店庆放假" })).Body!;
        Assert.True((int)done["moved"]! >= 1);
        var after = await ClockAsync(owner, id);
        Assert.True(DateTimeOffset.Parse((string)after["dueAt"]!, CultureInfo.InvariantCulture) > due);
        Assert.Equal(2, (int)after["calendarVersion"]!);
        Assert.Equal(0, (int)(await manager.PostAsync("/api/v1/calendars/office/recalculate", new { })).Body!["running"]!);

        Assert.Equal(422, (await manager.PostAsync("/api/v1/calendars/office/years", new { year = 2030, source = "x", off = Array.Empty<object>(), work = Array.Empty<object>() })).Status);
        Assert.Equal(422, (await manager.PostAsync("/api/v1/calendars/24x7/years", year)).Status);
        Assert.Equal(404, (await manager.PostAsync("/api/v1/calendars/mars/years", year)).Status);
    }

    [Fact]
    public async Task Ladders_and_rotas_are_read_by_all_changed_by_designers_and_a_change_is_a_new_version()
    {
        await using var host = await HostUnderTest.StartAsync();
        using var owner = await host.AsAsync("activity_owner");
        using var manager = await host.AsAsync("workflow_manager");

        Assert.Equal(["L-COMPLAINT-REPLY", "L-COMPLAINT-SOLVE", "L-CRISIS", "L-CRISIS-TECH", "L-DAY", "L-DELETION", "L-DELETION-STEP", "L-HOUR", "L-MIN", "L-OUTAGE"], (await owner.GetAsync("/api/v1/ladders", json: true)).Body!["items"]!.AsArray().Select(l => (string?)l!["id"]));
        var ladder = new { name = "小时级", steps = new[] { new { percent = 100, tell = new[] { "manager" }, by = new[] { "sms" } } } };
        Assert.Equal(403, (await owner.SendAsync(HttpMethod.Put, "/api/v1/ladders/L-HOUR", ladder)).Status);
        Assert.Equal(2, (int)(await manager.SendAsync(HttpMethod.Put, "/api/v1/ladders/L-HOUR", ladder)).Body!["version"]!);
        Assert.Equal(422, (await manager.SendAsync(HttpMethod.Put, "/api/v1/ladders/L-HOUR", JsonNode.Parse("""{"name":"x","steps":[{"percent":100,"before":1,"tell":["manager"],"by":["sms"]}]}"""))).Status);

        var rota = new { name = "技术值班", shifts = new[] { new { name = "全天", from = "00:00", to = "00:00", people = new[] { "tech_support", "role:tech_director" }, turnsFrom = "2026-01-01", turnDays = 36500 } } };
        Assert.Equal(200, (await manager.SendAsync(HttpMethod.Put, "/api/v1/rotas/tech", rota)).Status);
        var duty = (await owner.GetAsync("/api/v1/rotas/tech/on-duty", json: true)).Body!["people"]!.AsArray();
        Assert.Equal("tech_support", (string?)duty[0]!["userName"]);

        var due = (await owner.GetAsync("/api/v1/calendars/office/due?start=2026-09-30T07:20:00Z&target=3&unit=workingDays", json: true)).Body!;
        Assert.Equal("2026-10-10T10:00:00Z", DateTimeOffset.Parse((string)due["dueAt"]!, CultureInfo.InvariantCulture).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        Assert.Equal(400, (await owner.GetAsync("/api/v1/calendars/office/due?target=0", json: true)).Status);
    }

    [Fact]
    public async Task A_page_of_duty_is_acknowledged_by_post_only()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Sequence("duty-api", """
            {"id":"p","type":"Duty.Page","version":1,
             "title":{"typeName":"String","expression":{"type":"Literal","value":"支付接口中断"}},
             "further":{"typeName":"Object","expression":{"type":"Object","value":"[\"role:ops_director\"]"}}}
            """));
        using var owner = await host.AsAsync("activity_owner");
        var id = await Flows.StartAsync(owner, "duty-api");
        var who = (string)(await owner.GetAsync("/api/v1/rotas/duty/on-duty", json: true)).Body!["people"]![0]!["userName"]!;
        using var duty = await host.AsAsync(who);
        var task = await Flows.TaskAsync(duty, id);
        var address = $"/api/v1/tasks/{(string)task["id"]!}/acknowledge";

        Assert.Equal(405, (await duty.GetAsync(address, json: true)).Status);
        Assert.Equal("Open", (string?)(await Flows.TaskAsync(duty, id))["state"]);
        Assert.Equal(200, (await duty.PostAsync(address)).Status);

        Assert.Equal("Finished", (string?)(await owner.GetAsync($"/api/v1/instances/{id}", json: true)).Body!["instance"]!["status"]);
    }

    [Fact]
    public async Task The_pages_show_months_steps_and_duty_and_change_them_with_plain_forms()
    {
        await using var host = await HostUnderTest.StartAsync();
        using var manager = await Pages.Visitor.OfAsync(host, "workflow_manager");
        using var owner = await Pages.Visitor.OfAsync(host, "activity_owner");

        var october = await owner.GetAsync("/calendars?month=2026-10&amount=3&unit=WorkingDays&start=2026-09-30T15:20");
        foreach (var text in (string[])["2026年10月", "国庆节", "调休上班", "截止 2026-10-10 周六 18:00"])
            Assert.Contains(text, october.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"days\"", october.Html, StringComparison.Ordinal);
        Assert.Contains("尚未录入", (await owner.GetAsync("/calendars?month=2027-10")).Text, StringComparison.Ordinal);
        Assert.Equal(404, (await owner.GetAsync("/calendars?id=mars")).Status);

        var page = await manager.GetAsync("/calendars");
        var typed = new Dictionary<string, string> { ["year"] = "2027", ["source"] = "国务院办公厅通知", ["days"] = "2027-01-01 2027-01-03 休 元旦\n2027-01-09 上班", ["do"] = "import", ["_csrf"] = page.Hidden("_csrf") };
        var refused = await manager.PostAsync("/calendars?id=office", typed);
        Assert.Equal(422, refused.Status);
        Assert.Contains("第 2 行看不懂", refused.Text, StringComparison.Ordinal);
        Assert.Contains("2027-01-01 2027-01-03 休 元旦", refused.Html, StringComparison.Ordinal);
        typed["days"] = "2027-01-01 2027-01-03 休 元旦\n2027-01-09 班 元旦";
        Assert.Contains("已导入为第 2 版", (await manager.PostAsync("/calendars?id=office", typed)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("尚未录入", (await owner.GetAsync("/calendars?month=2027-01")).Text, StringComparison.Ordinal);

        Assert.Contains("上级的上级", (await owner.GetAsync("/ladders")).Text, StringComparison.Ordinal);
        Assert.Contains("值班经理", (await owner.GetAsync("/rotas")).Text, StringComparison.Ordinal);
        var rotas = await manager.GetAsync("/rotas");
        Assert.Contains("name=\"people0\"", rotas.Html, StringComparison.Ordinal);
        var shift = new Dictionary<string, string>
        {
            ["_csrf"] = rotas.Hidden("_csrf"),
            ["id"] = "duty",
            ["version"] = "1",
            ["name0"] = "夜班",
            ["from0"] = "18:00",
            ["to0"] = "09:00",
            ["people0"] = "supervisor store_ops_manager",
            ["turn0"] = "7",
            ["since0"] = "2026-01-05",
        };
        var never = await manager.PostAsync("/rotas", shift);
        Assert.Equal(422, never.Status);
        Assert.Contains("第 1 个班次至少选一天", never.Text, StringComparison.Ordinal);
        foreach (var weekday in (DayOfWeek[])[DayOfWeek.Monday, DayOfWeek.Sunday])
            shift[$"day0.{(int)weekday}"] = "on";
        Assert.Equal(200, (await manager.PostAsync("/rotas", shift)).Status);
        using var api = await host.AsAsync("workflow_manager");
        var stored = (await api.GetAsync("/api/v1/rotas", json: true)).Body!["items"]!.AsArray().Single(r => (string?)r!["id"] == "duty")!;
        Assert.Equal(["Monday", "Sunday"], stored["shifts"]!.AsArray().Single()!["days"]!.AsArray().Select(d => (string)d!));
        var again = await manager.GetAsync("/rotas");
        Assert.Matches("name=\"day0\\.1\"[^>]*checked", again.Html);
        Assert.DoesNotMatch("name=\"day0\\.2\"[^>]*checked", again.Html);
    }

    private static async Task<JsonNode> ClockAsync(HttpClient client, string instanceId) =>
        (await client.GetAsync($"/api/v1/instances/{instanceId}/clocks", json: true)).Body!["items"]!.AsArray().Single(c => (string?)c!["name"] == "reply")!;

    private static string Utc(JsonNode instant) => DateTimeOffset.Parse((string)instant!, CultureInfo.InvariantCulture).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
