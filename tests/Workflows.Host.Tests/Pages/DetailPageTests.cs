using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Workflows.Host.Tests.Pages;

public sealed class DetailPageTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task A_task_shows_facts_reason_process_and_only_the_acts_the_server_offers()
    {
        var (host, id, task) = await ApplyAsync();
        using var supervisor = await Visitor.OfAsync(host, "supervisor");
        using var owner = await Visitor.OfAsync(host, "activity_owner");

        var page = await supervisor.GetAsync($"/tasks/{task}");
        var watched = await owner.GetAsync($"/tasks/{task}");

        foreach (var text in (string[])["活动负责人提交的活动删除申请", "审批中", "因为您是", "活动编号 P-1001", "发起申请", "等待处理", "审批活动删除申请 店 店铺运营经理 预计", "结束"])
            Assert.Contains(text, page.Text, StringComparison.Ordinal);
        Assert.Contains("id=\"act-return\"", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"act-approve", watched.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"act-transfer", watched.Html, StringComparison.Ordinal);
        Assert.Contains("您可以查看此事项", watched.Text, StringComparison.Ordinal);
        Assert.Contains("催办", (await owner.GetAsync($"/instances/{id}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_ones_own_looks_like_what_does_not_exist()
    {
        var (host, id, task) = await ApplyAsync();
        using var stranger = await Visitor.OfAsync(host, "streamer");

        var pages = new[] { await stranger.GetAsync($"/tasks/{task}"), await stranger.GetAsync($"/instances/{id}"), await stranger.GetAsync("/tasks/nothing"), await stranger.GetAsync("/instances/nothing") };

        Assert.All(pages, p => Assert.Equal(404, p.Status));
        Assert.Single(pages.Select(p => p.Text.Replace("return", "", StringComparison.Ordinal)).Distinct());
    }

    [Fact]
    public async Task A_missing_opinion_is_told_in_its_sheet_and_a_phrase_will_do()
    {
        var (host, id, task) = await ApplyAsync();
        using var supervisor = await Visitor.OfAsync(host, "supervisor");
        var page = await supervisor.GetAsync($"/tasks/{task}");

        var refused = await supervisor.PostAsync($"/tasks/{task}", Form(page, "reject"));
        Assert.Equal(422, refused.Status);
        Assert.Matches("<dialog class=\"sheet\" id=\"act-reject\" open", refused.Html);
        Assert.Contains("请填写意见", refused.Text, StringComparison.Ordinal);

        var form = Form(refused, "reject");
        form["phrase.reject"] = "不符合规定";
        await supervisor.PostAsync($"/tasks/{task}", form);
        var told = await supervisor.GetAsync($"/instances/{id}");
        Assert.Contains("已驳回", told.Text, StringComparison.Ordinal);
        Assert.Contains("不符合规定", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_second_is_told_who_was_first_and_a_double_click_decides_once()
    {
        var (host, _, task) = await ApplyAsync();
        using var supervisor = await Visitor.OfAsync(host, "supervisor");
        var page = await supervisor.GetAsync($"/tasks/{task}");
        var form = Form(page, "approve");

        Assert.Equal(200, (await supervisor.PostAsync($"/tasks/{task}", form)).Status);
        Assert.Equal(200, (await supervisor.PostAsync($"/tasks/{task}", form)).Status);
        form["key"] = "another";
        var late = await supervisor.PostAsync($"/tasks/{task}", form);

        Assert.Equal(409, late.Status);
        Assert.Contains("您已处理此事项（已同意", late.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_post_without_proof_of_this_host_changes_nothing()
    {
        var (host, _, task) = await ApplyAsync();
        using var supervisor = await Visitor.OfAsync(host, "supervisor");
        var form = Form(await supervisor.GetAsync($"/tasks/{task}"), "approve");
        form.Remove("_csrf");

        Assert.Equal(403, (await supervisor.PostAsync($"/tasks/{task}", form)).Status);
        Assert.Contains("id=\"act-approve\"", (await supervisor.GetAsync($"/tasks/{task}")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_is_filled_in_with_detail_rows_and_told_beside_its_fields_what_is_wrong()
    {
        var host = await shared.GetAsync();
        const string Schema = """
            {"type":"object","required":["note","when","lines"],"properties":{
              "note":{"type":"string","title":"说明","maxLength":10},"when":{"type":"string","format":"date","title":"日期"},
              "amount":{"type":"number","x-widget":"money","title":"金额","minimum":1},"kind":{"type":"string","title":"类别","enum":["甲","乙"]},
              "tags":{"type":"array","title":"标签","items":{"type":"string","enum":["急","重"]}},
              "lines":{"type":"array","title":"明细","items":{"type":"object","required":["name"],"properties":{"name":{"type":"string","title":"品名"},"count":{"type":"integer","title":"数量"}}}}}}
            """;
        await Flows.PublishAsync(host, Flows.Sequence("page_form", """
            {"id":"do","type":"Human.Task","version":1,"title":{"typeName":"String","expression":{"type":"Literal","value":"填报"}},
             "users":{"typeName":"String[]","expression":{"type":"Object","value":"[\"finance\"]"}},
             "form":{"typeName":"Object","expression":{"type":"Object","value":SCHEMA}}}
            """.Replace("SCHEMA", JsonValue.Create(Schema).ToJsonString(), StringComparison.Ordinal)));
        using var starter = await host.AsAsync("employee");
        var id = await Flows.StartAsync(starter, "page_form");
        using var finance = await host.AsAsync("finance");
        var task = (string)(await Flows.TaskAsync(finance, id))["id"]!;
        using var visitor = await Visitor.OfAsync(host, "finance");
        var page = await visitor.GetAsync($"/tasks/{task}");
        Assert.Contains("type=\"date\"", page.Html, StringComparison.Ordinal);

        var form = Form(page, "");
        form["f.note"] = "这是一段太长太长的说明";
        form["f.amount"] = "¥1,234.5";
        form["f.lines.count"] = "1";
        form["f.lines.0.name"] = "衬衫";
        form["row.add"] = "lines";
        var grown = await visitor.PostAsync($"/tasks/{task}", form);
        Assert.Contains("第 2 行", grown.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"衬衫\"", grown.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"¥1,234.5\"", grown.Html, StringComparison.Ordinal);

        form.Remove("row.add");
        form["action"] = "complete";
        form["f.lines.0.count"] = "二";
        var refused = await visitor.PostAsync($"/tasks/{task}", form);
        Assert.Equal(422, refused.Status);
        Assert.Contains("请填写整数", refused.Text, StringComparison.Ordinal);
        form["f.lines.0.count"] = "2";
        refused = await visitor.PostAsync($"/tasks/{task}", form);
        Assert.Equal(422, refused.Status);
        Assert.Contains("最多 10 个字", refused.Text, StringComparison.Ordinal);
        Assert.Contains("此项必填", refused.Text, StringComparison.Ordinal);

        form["f.note"] = "短";
        form["f.when"] = "2026-11-21";
        form["f.kind"] = "乙";
        form["key"] = "last";
        Assert.Equal(200, (await visitor.PostAsync($"/tasks/{task}", form)).Status);
        var result = (await finance.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{task}")).Body!["result"]!;
        Assert.Equal("""{"note":"短","when":"2026-11-21","amount":1234.5,"kind":"乙","tags":[],"lines":[{"name":"衬衫","count":2}]}""", Regex.Unescape(result.ToJsonString()));
    }

    [Fact]
    public async Task A_comment_stands_in_the_process_as_text()
    {
        var (host, id, _) = await ApplyAsync();
        using var owner = await Visitor.OfAsync(host, "activity_owner");
        var form = Form(await owner.GetAsync($"/instances/{id}"), "comment");
        form["comment.comment"] = "请尽快<script>alert(1)</script>";

        var page = await owner.PostAsync($"/instances/{id}", form);

        Assert.Contains("已评论", page.Text, StringComparison.Ordinal);
        Assert.Contains("请尽快&lt;script&gt;", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_applicant_withdraws_while_nobody_has_decided()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Approval("page_withdraw"));
        using var starter = await host.AsAsync("activity_owner");
        var id = await Flows.StartAsync(starter, "page_withdraw");
        using var owner = await Visitor.OfAsync(host, "activity_owner");
        var page = await owner.GetAsync($"/instances/{id}");

        var after = await owner.PostAsync($"/instances/{id}", Form(page, "withdraw"));

        Assert.Contains("申请已撤回", after.Text, StringComparison.Ordinal);
        Assert.Contains("已撤回", (await owner.GetAsync("/?tab=initiated")).Text, StringComparison.Ordinal);
    }

    internal static Dictionary<string, string> Form(Visitor.Answer page, string action) => new()
    {
        ["_csrf"] = page.Hidden("_csrf"),
        ["key"] = page.Hidden("key"),
        ["revision"] = page.Hidden("revision"),
        ["seen"] = page.Hidden("seen"),
        ["action"] = action,
    };

    private async Task<(HostUnderTest Host, string Id, string Task)> ApplyAsync()
    {
        var host = await shared.GetAsync();
        var id = await InboxPageTests.StartDeletionAsync(host, "P-1001");
        using var supervisor = await host.AsAsync("supervisor");
        while (true)
        {
            var answer = await supervisor.SendAsync(HttpMethod.Get, "/api/v1/tasks?view=todo&limit=200");
            if (answer.Body!["items"]!.AsArray().FirstOrDefault(t => (string?)t!["instanceId"] == id) is { } found)
                return (host, id, (string)found["id"]!);
        }
    }
}
