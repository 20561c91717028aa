namespace Workflows.Host.Tests.Pages;

public sealed class StartPageTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task The_catalogue_offers_what_may_be_started_by_hand()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, With(Flows.Approval("page_secret"), """{"category":"report","startRoles":["finance"]}"""));
        using var owner = await Visitor.OfAsync(host, "activity_owner");
        using var finance = await Visitor.OfAsync(host, "finance");

        var (forOwner, forFinance) = (await owner.GetAsync("/start"), await finance.GetAsync("/start"));

        Assert.Contains("活动删除", forOwner.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("page_secret", forOwner.Text, StringComparison.Ordinal);
        Assert.Contains("page_secret", forFinance.Text, StringComparison.Ordinal);
        Assert.Contains("报表与协同", forFinance.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await owner.GetAsync("/start/page_secret")).Status);
        Assert.Equal(404, (await owner.GetAsync("/start/nothing")).Status);
    }

    [Fact]
    public async Task A_form_that_comes_back_has_lost_nothing_and_one_form_starts_one_application()
    {
        var host = await shared.GetAsync();
        using var owner = await Visitor.OfAsync(host, "activity_owner");
        var page = await owner.GetAsync("/start/activity_deletion");
        Assert.Contains("审核活动删除申请", page.Text, StringComparison.Ordinal);
        Assert.Contains("上级主管", page.Text, StringComparison.Ordinal);

        var form = new Dictionary<string, string> { ["_csrf"] = page.Hidden("_csrf"), ["key"] = page.Hidden("key"), ["f.reason"] = "<b>原因</b>", ["f.parties"] = "甲\n乙" };
        var refused = await owner.PostAsync("/start/activity_deletion", form);
        Assert.Equal(422, refused.Status);
        Assert.Contains("有 3 处需要修改", refused.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;原因&lt;/b&gt;</textarea>", refused.Html, StringComparison.Ordinal);
        Assert.Equal(form["key"], refused.Hidden("key"));

        (form["f.promotionId"], form["f.impactReport"], form["f.riskReport"]) = ("P-1002", "小", "小");
        var first = await owner.PostAsync("/start/activity_deletion", form);
        var second = await owner.PostAsync("/start/activity_deletion", form);
        Assert.StartsWith("/instances/", first.Address, StringComparison.Ordinal);
        Assert.Equal(first.Address, second.Address);
        Assert.Contains("甲", first.Text, StringComparison.Ordinal);
    }

    private static System.Text.Json.Nodes.JsonNode With(System.Text.Json.Nodes.JsonNode definition, string customProperties)
    {
        definition["customProperties"] = System.Text.Json.Nodes.JsonNode.Parse(customProperties);
        return definition;
    }
}
