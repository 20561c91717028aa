using Workflows.Host.Pages.Text;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests.Pages;

public sealed class InboxPageTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Payload = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

    [Fact]
    public void Both_languages_have_the_same_texts()
    {
        Assert.Equal(Texts.Chinese.Keys.Order(), Texts.English.Keys.Order());
        Assert.DoesNotContain(Texts.Chinese.Keys, k => Texts.Chinese[k].Length == 0 || Texts.English[k].Length == 0);
    }

    [Fact]
    public async Task A_row_tells_who_wants_what_with_key_facts_and_deadline()
    {
        var host = await shared.GetAsync();
        await StartDeletionAsync(host, "P-1001");
        using var visitor = await Visitor.OfAsync(host, "supervisor");

        var page = await visitor.GetAsync("/");

        Assert.Contains("活动负责人提交的活动删除申请", page.Text, StringComparison.Ordinal);
        Assert.Contains("审核活动删除申请", page.Text, StringComparison.Ordinal);
        Assert.Contains("活动编号 P-1001", page.Text, StringComparison.Ordinal);
        Assert.Matches("剩 \\d+ (小时|天)", page.Text);
    }

    [Fact]
    public async Task What_people_typed_is_shown_as_text_only()
    {
        var host = await shared.GetAsync();
        await StartDeletionAsync(host, "P-1002", Payload);
        using var visitor = await Visitor.OfAsync(host, "supervisor");

        var list = await visitor.GetAsync("/");
        var search = await visitor.GetAsync("/?q=" + Uri.EscapeDataString(Payload));

        Assert.Contains("P-1002", list.Text, StringComparison.Ordinal);
        Assert.All([list, search], page =>
        {
            Assert.Contains("alert(1)", page.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>alert", page.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", page.Html, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Counts_agree_with_the_lists_and_filters_narrow_them(DatabaseKind kind)
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        await Flows.PublishAsync(host, Flows.Approval("for_supervisor"));
        await Flows.PublishAsync(host, Flows.Sequence("for_queue", """
            {"id":"do","type":"Human.Task","version":1,"title":{"typeName":"String","expression":{"type":"Literal","value":"盘点"}},
             "roles":{"typeName":"String[]","expression":{"type":"Object","value":"[\"supervisor\",\"finance\"]"}}}
            """));
        using var starter = await host.AsAsync("activity_owner");
        var ids = new List<string>();
        for (var i = 0; i < 23; i++)
            ids.Add(await Flows.StartAsync(starter, "for_supervisor"));
        await Flows.StartAsync(starter, "for_queue");
        using var person = await host.AsAsync("supervisor");

        var summary = (await person.SendAsync(HttpMethod.Get, "/api/v1/inbox/summary")).Body!;
        Assert.Equal((23, 1, 0), ((int)summary["todo"]!, (int)summary["claimable"]!, (int)summary["sla"]!["overdue"]!));
        Assert.Equal(24, (int)(await starter.SendAsync(HttpMethod.Get, "/api/v1/inbox/summary")).Body!["initiated"]!);

        using var visitor = await Visitor.OfAsync(host, "supervisor");
        var first = await visitor.GetAsync("/");
        Assert.Equal(20, Rows(first));
        var next = System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(first.Html, "data-more href=\"([^\"]*)\"").Groups[1].Value);
        Assert.Equal(3, Rows(await visitor.GetAsync(next)));
        Assert.Equal(1, Rows(await visitor.GetAsync("/?tab=claimable")));
        Assert.Equal(1, Rows(await visitor.GetAsync("/?tab=claimable&type=for_queue&q=%E7%9B%98%E7%82%B9&from=%E6%B4%BB%E5%8A%A8")));
        Assert.Equal(0, Rows(await visitor.GetAsync("/?tab=claimable&type=for_supervisor")));
        Assert.Equal(0, Rows(await visitor.GetAsync("/?from=nobody")));
        Assert.Equal(0, Rows(await visitor.GetAsync("/?due=late")));
        Assert.Equal(0, Rows(await visitor.GetAsync("/?until=2001-01-01")));
        Assert.Equal(0, Rows(await visitor.GetAsync("/?q=%25")));
        Assert.Equal(20, Rows(await visitor.GetAsync("/?since=2001-01-01&q=")));
        Assert.Equal(20, Rows(await visitor.GetAsync("/?after=forged")));
        Assert.Contains("格式", (await visitor.GetAsync("/?since=yesterday")).Text, StringComparison.Ordinal);

        using var owner = await Visitor.OfAsync(host, "activity_owner");
        Assert.Equal(20, Rows(await owner.GetAsync("/?tab=initiated")));
        var number = $"{DateTime.UnixEpoch.AddMilliseconds(Convert.ToInt64(ids[3][..12], 16)).AddHours(8):yyyyMMdd}-{ids[3][^6..].ToUpperInvariant()}";
        var found = await owner.GetAsync("/?tab=initiated&q=" + number);
        Assert.Equal(1, Rows(found));
        Assert.Contains(number, found.Text, StringComparison.Ordinal);
        Assert.Contains("审批中", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_not_there_is_told_as_a_page()
    {
        using var visitor = await Visitor.OfAsync(await shared.GetAsync(), "finance");

        var page = await visitor.GetAsync("/nowhere");

        Assert.Equal(404, page.Status);
        Assert.Contains("没有找到这个页面", page.Text, StringComparison.Ordinal);
    }

    private static int Rows(Visitor.Answer page) => System.Text.RegularExpressions.Regex.Count(page.Html, "<li class=\"row\">");

    /// <summary>Applies; the supervisor's task is there, because the shop has been measured.</summary>
    internal static async Task<string> StartDeletionAsync(HostUnderTest host, string promotionId, string activityTime = "2026-11-01 至 2026-11-20")
    {
        using var owner = await host.AsAsync("activity_owner");
        var id = await Flows.StartAsync(owner, "activity_deletion", new { promotionId, activityName = "双十一满减", activityTime, reason = "利润低于预期", impactReport = "影响可控", riskReport = "风险可控" });
        await Condition.FoundAsync(
            async () => (await owner.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}")).Body!["openTasks"]!.AsArray().FirstOrDefault(),
            "The shop was never measured.", TestContext.Current.CancellationToken);
        return id;
    }
}
