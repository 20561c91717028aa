using System.Text.Json.Nodes;

namespace Workflows.Host.Tests.Pages;

/// <summary>Customers and complainants are masked on every page and in the API until somebody who may gives a reason.</summary>
public sealed class CustomerPageTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task A_customer_is_masked_until_a_reason_is_given_and_the_reason_stands_on_the_page()
    {
        var host = await shared.GetAsync();
        using var agent = await Visitor.OfAsync(host, "cs_agent");
        using var auditor = await Visitor.OfAsync(host, "internal_auditor");
        using var stranger = await Visitor.OfAsync(host, "finance");

        var list = await agent.GetAsync("/shop/customers?q=10000000007");
        Assert.Contains("** · C000007", list.Text, StringComparison.Ordinal);
        Assert.Contains("100****0007", list.Text, StringComparison.Ordinal);
        var page = await agent.GetAsync("/shop/customers/C000007");
        Assert.Contains("100****0007", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("10000000007", page.Html, StringComparison.Ordinal);
        Assert.Equal(403, (await stranger.GetAsync("/shop/customers/C000007")).Status);
        Assert.Equal(404, (await agent.GetAsync("/shop/customers/C999999")).Status);

        var csrf = page.Hidden("_csrf");
        var refused = await agent.PostAsync("/shop/customers/C000007/reveal", new() { ["_csrf"] = csrf, ["reason"] = "看" });
        Assert.Equal(422, refused.Status);
        Assert.Contains("请写明理由", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("10000000007", refused.Html, StringComparison.Ordinal);
        var whole = await agent.PostAsync("/shop/customers/C000007/reveal", new() { ["_csrf"] = csrf, ["reason"] = "回访投诉处理结果" });
        Assert.Contains("10000000007", whole.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("10000000007", (await agent.GetAsync("/shop/customers/C000007")).Html, StringComparison.Ordinal);

        var seen = await auditor.GetAsync("/shop/customers/C000007");
        Assert.Contains("客服人员 回访投诉处理结果", seen.Text, StringComparison.Ordinal);
        Assert.Equal(403, (await auditor.PostAsync("/shop/customers/C000007/reveal", new() { ["_csrf"] = seen.Hidden("_csrf"), ["reason"] = "我想看看" })).Status);

        using var program = await host.AsAsync("cs_agent");
        var masked = (await program.SendAsync(HttpMethod.Get, "/api/v1/store/customers/C000008")).Body!["customer"]!;
        Assert.Equal(("100****0008", "c***@customer.example"), ((string?)masked["mobile"], (string?)masked["email"]));
        Assert.Equal(422, (await program.PostAsync("/api/v1/store/customers/C000008/reveal", new { reason = " " })).Status);
        Assert.Equal("10000000008", (string?)(await program.PostAsync("/api/v1/store/customers/C000008/reveal", new { reason = "核对收件电话" })).Body!["mobile"]);
        using var analyst = await host.AsAsync("data_analyst");
        Assert.DoesNotContain("10000000008", (await analyst.SendAsync(HttpMethod.Get, "/api/v1/store/promotions/P-1001/rows")).Body!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_customer_is_erased_by_those_who_may_with_the_number_typed_and_the_legal_reason_kept()
    {
        var host = await shared.GetAsync();
        using var officer = await Visitor.OfAsync(host, "compliance_officer");
        const string Address = "/shop/customers/C000011";
        var csrf = (await officer.GetAsync(Address)).Hidden("_csrf");

        var refused = await officer.PostAsync(Address + "/erase", new() { ["_csrf"] = csrf, ["reason"] = "本人要求删除", ["number"] = "C000012" });
        Assert.Equal(422, refused.Status);
        Assert.Contains("不一致", refused.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"本人要求删除\"", refused.Html, StringComparison.Ordinal);
        Assert.Contains("100****0011", refused.Text, StringComparison.Ordinal);

        var erased = await officer.PostAsync(Address + "/erase", new() { ["_csrf"] = csrf, ["reason"] = "本人要求删除", ["number"] = "C000011" });
        Assert.Contains("个人信息已删除", erased.Text, StringComparison.Ordinal);
        Assert.Contains("合规专员 本人要求删除", erased.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("0011@", erased.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("100****0011", erased.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_complainant_is_masked_in_the_case_and_whole_only_behind_the_same_gate()
    {
        var host = await shared.GetAsync();
        using var program = await host.AsAsync("cs_agent");
        var started = (await program.PostAsync("/api/v1/instances", new
        {
            definitionId = "complaint_handling",
            input = new { customer = "王芳", mobile = "13800001234", channel = "电话", description = "杯子碎了，请打 138-0000-1234 找王芳" },
        })).Body!;
        var id = (string)started["id"]!;
        var input = (await program.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}")).Body!["input"]!;
        Assert.Equal(("王**", "138****1234"), ((string?)input["customer"], (string?)input["mobile"]));

        Assert.Equal("杯子碎了，请打 138****1234 找王**", (string?)input["description"]);

        // The designer's view of the case: inputs of activities under other names, variables, the record.
        using var manager = await host.AsAsync("super_admin");
        await Workflows.Testing.Condition.FoundAsync(
            async () => (await manager.SendAsync(HttpMethod.Get, $"/elsa/api/workflow-instances/{id}/variables")).Body!.ToJsonString() is var seen && seen.Contains("138****1234", StringComparison.Ordinal) ? seen : null,
            "The facts were never put together.", TestContext.Current.CancellationToken);
        foreach (var view in (string[])["workflow-instances/{0}", "workflow-instances/{0}/variables", "workflow-instances/{0}/journal", "workflow-instances/{0}/export", "activity-executions/list?workflowInstanceId={0}"])
        {
            var answer = await manager.SendAsync(HttpMethod.Get, "/elsa/api/" + string.Format(System.Globalization.CultureInfo.InvariantCulture, view, id));
            Assert.Equal(200, answer.Status);
            var seen = answer.Body!.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            Assert.DoesNotMatch("王芳|13800001234|138-0000-1234", seen);
        }

        using var agent = await Visitor.OfAsync(host, "cs_agent");
        var page = await agent.GetAsync($"/instances/{id}");
        Assert.Contains("138****1234", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("13800001234", page.Html, StringComparison.Ordinal);
        Assert.Contains($"/shop/complaints/{id}", page.Html, StringComparison.Ordinal);
        await Workflows.Testing.Condition.FoundAsync(
            async () => (await program.SendAsync(HttpMethod.Get, $"/api/v1/store/complaints/{id}")).Body is { } body && body["complaint"] is { } c ? (JsonNode?)c : null,
            "The complaint was never recorded.", TestContext.Current.CancellationToken);
        Assert.Contains("138****1234", (await agent.GetAsync($"/shop/complaints/{id}")).Text, StringComparison.Ordinal);
        var whole = await agent.PostAsync($"/shop/complaints/{id}/reveal", new() { ["_csrf"] = page.Hidden("_csrf"), ["reason"] = "致电顾客了解情况" });
        Assert.Contains("13800001234", whole.Text, StringComparison.Ordinal);
        Assert.Contains("致电顾客了解情况", whole.Text, StringComparison.Ordinal);
    }
}
