using System.Net;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Storage;
using Workflows.Engine.Store;

namespace Workflows.Host.Tests.Designer;

/// <summary>The page that plays a draft with a case.</summary>
public sealed class RehearsalPageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_draft_of_the_deletion_is_played_to_its_end_against_the_version_in_service_and_nothing_of_it_has_happened()
    {
        await using var host = await HostUnderTest.StartAsync();
        using var manager = await host.AsAsync("workflow_manager");
        // A draft in which the parties are told a week before.
        var latest = (await host.Service<IDefinitionStore>().FindAsync("activity_deletion", VersionKind.Latest, Token))!;
        var document = DefinitionReader.ReadStored(latest.Document);
        var variables = (JsonArray)document.Json["variables"]!.DeepClone();
        variables.OfType<JsonObject>().Single(v => (string?)v["name"] == "noticeLead")["value"] = "7.00:00:00";
        Assert.IsType<DefinitionOutcome.Saved>(await host.Service<DefinitionService>().SaveAsync(document.With(("variables", variables)), new SaveOptions { DefinitionId = "activity_deletion" }, Token));

        var page = await PostAsync(manager, "activity_deletion", Deletion());

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("走完", page.Text, StringComparison.Ordinal);
        Assert.Contains("删除前台页面", page.Text, StringComparison.Ordinal);
        Assert.Matches("与在用的第 1 版相比：新增 0 项，不再发生 0 项，时间变化 [1-9]", page.Text);
        Assert.Equal(0, (int)(await manager.SendAsync(HttpMethod.Get, "/api/v1/instances?limit=5")).Body!["items"]!.AsArray().Count);
        Assert.Empty((await host.Service<IStorePlatform>().FindPromotionAsync("P-1001", Token))!.Backups);
        using var operations = await host.AsAsync("tech_support");
        Assert.Empty((await operations.SendAsync(HttpMethod.Get, "/api/v1/ops/deliveries?limit=5")).Body!["items"]!.AsArray());
    }

    [Fact]
    public async Task What_cannot_be_played_is_said_and_nothing_typed_is_lost()
    {
        await using var host = await HostUnderTest.StartAsync();
        using var manager = await host.AsAsync("workflow_manager");
        var typed = Deletion();
        typed.Remove("i.reason");
        typed["startsAt"] = "soon";
        typed["t.Workflow1:flow:supervisor"] = "much";

        var page = await PostAsync(manager, "activity_deletion", typed);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("“删除原因”必填", page.Text, StringComparison.Ordinal);
        Assert.Contains("请填写开始时间", page.Text, StringComparison.Ordinal);
        Assert.Contains("“主管审核”：", page.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"P-1001\"", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_past_case_fills_the_form_with_what_was_given_and_decided_for_those_who_may_see_it()
    {
        await using var host = await HostUnderTest.StartAsync();
        await Flows.PublishAsync(host, Flows.Approval("past"));
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        var instance = await Flows.StartAsync(owner, "past");
        var task = await Flows.TaskAsync(supervisor, instance);
        Assert.Equal(200, (await supervisor.PostAsync($"/api/v1/tasks/{(string)task["id"]!}/reject", new { comment = "不行" })).Status);
        using var designer = await host.AsAsync("super_admin");

        var page = await designer.GetStringAsync($"/designer/process/past/rehearsal?case={instance}", Token);

        Assert.Contains("<option value=\"reject\" selected>", page, StringComparison.Ordinal);
        Assert.Contains("<option value=\"activity_owner\" selected>", page, StringComparison.Ordinal);
        // Another process's case, or none, is as good as no case.
        Assert.DoesNotContain("<option value=\"reject\" selected>", await designer.GetStringAsync($"/designer/process/activity_deletion/rehearsal?case={instance}", Token), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Deletion() => new()
    {
        ["initiator"] = "activity_owner",
        ["startsAt"] = "2026-11-23T09:00",
        ["i.promotionId"] = "P-1001",
        ["i.activityName"] = "名称",
        ["i.activityTime"] = "2026-11-01",
        ["i.reason"] = "已结束",
        ["i.impactReport"] = "无",
        ["i.riskReport"] = "无",
    };

    private static async Task<(HttpStatusCode Status, string Text)> PostAsync(HttpClient client, string definition, Dictionary<string, string> form)
    {
        using var content = new FormUrlEncodedContent(form);
        using var answer = await client.PostAsync(new Uri($"/designer/process/{definition}/rehearsal", UriKind.Relative), content, Token);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Token)));
    }
}
