using System.Text;
using Workflows.Engine.UserTasks;
using Workflows.Host.Instances;
using Workflows.Host.Tests.Pages;
using Workflows.Testing;

namespace Workflows.Host.Tests;

/// <summary>Who may add to a case: the rule as a table, and each kind of person through every door.</summary>
public sealed class CaseRightsTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Theory]
    [InlineData(nameof(Standing.None), "")]
    [InlineData(nameof(Standing.Reader), "")]
    [InlineData(nameof(Standing.Copied), "comment")]
    [InlineData(nameof(Standing.Participant), "attach cc comment let-in take-back urge withdraw")]
    public void What_each_standing_allows(string standing, string acts)
    {
        string[] all = [InstanceActs.Comment, InstanceActs.Copy, InstanceActs.Withdraw, InstanceActs.TakeBack, InstanceActs.Urge, CaseRights.Attach, CaseRights.LetIn, "cancel", ""];

        Assert.Equal(acts, string.Join(' ', all.Where(a => CaseRights.Allows(Enum.Parse<Standing>(standing), a)).Order(StringComparer.Ordinal)));
    }

    // Person, comment, cc, attach, what is offered.
    [Theory]
    [InlineData("activity_owner", 200, 200, 201, "attach cc comment urge withdraw")]
    [InlineData("supervisor", 200, 200, 201, "attach cc comment")]
    [InlineData("store_ops_manager", 200, 200, 201, "attach cc comment")]
    [InlineData("cs_manager", 200, 403, 403, "comment")]
    [InlineData("internal_auditor", 403, 403, 403, "")]
    [InlineData("tech_support", 403, 403, 403, "")]
    [InlineData("super_admin", 403, 403, 403, "")]
    [InlineData("workflow_manager", 404, 404, 404, null)]
    [InlineData("finance", 404, 404, 404, null)]
    public async Task Each_kind_of_person_adds_what_they_may_and_is_offered_the_same(string user, int comment, int copy, int attach, string? offered)
    {
        var (host, instance, task) = await CaseAsync();
        using var client = await host.AsAsync(user);

        Assert.Equal(comment, (await client.PostAsync($"/api/v1/instances/{instance}/comment", new { comment = "看一下" })).Status);
        Assert.Equal(comment, (await client.PostAsync($"/api/v1/tasks/{task}/comment", new { comment = "看一下" })).Status);
        Assert.Equal(copy, (await client.PostAsync($"/api/v1/instances/{instance}/cc", new { people = To("data_analyst") })).Status);
        Assert.Equal(copy, (await client.PostAsync($"/api/v1/tasks/{task}/cc", new { people = To("data_analyst") })).Status);
        Assert.Equal(attach, (await client.SendAsync(HttpMethod.Post, $"/api/v1/tasks/{task}/attachments?name=a.txt", content: new ByteArrayContent(Encoding.UTF8.GetBytes("内容")))).Status);
        var actions = await client.SendAsync(HttpMethod.Get, $"/api/v1/instances/{instance}/actions");
        Assert.Equal(offered, actions.Status == 404 ? null : string.Join(' ', actions.Body!.AsArray().Select(a => (string)a!["name"]!).Order(StringComparer.Ordinal)));

        using var visitor = await Visitor.OfAsync(host, user);
        var page = await visitor.GetAsync($"/instances/{instance}");
        var posted = await visitor.PostAsync($"/instances/{instance}", new() { ["_csrf"] = page.Hidden("_csrf"), ["action"] = "comment", ["comment.comment"] = "又看一下" });
        Assert.Equal(comment == 403 ? 409 : comment, posted.Status);
    }

    [Fact]
    public async Task Whoever_has_a_copy_names_only_people_who_see_the_case_already()
    {
        var (host, instance, _) = await CaseAsync();
        using var copied = await host.AsAsync("cs_manager");

        Assert.Equal(422, (await copied.PostAsync($"/api/v1/instances/{instance}/comment", new { comment = "请看", people = To("risk_officer") })).Status);
        Assert.Equal(200, (await copied.PostAsync($"/api/v1/instances/{instance}/comment", new { comment = "请看", people = To("supervisor", "activity_owner") })).Status);
        using var stranger = await host.AsAsync("finance");
        Assert.Equal(404, (await stranger.SendAsync(HttpMethod.Get, $"/api/v1/instances/{instance}")).Status);
    }

    [Fact]
    public async Task Nothing_is_attached_to_what_has_ended()
    {
        var (host, instance, task) = await CaseAsync();
        using var owner = await host.AsAsync("activity_owner");
        Assert.Equal(200, (await owner.PostAsync($"/api/v1/instances/{instance}/withdraw")).Status);

        var refused = await owner.SendAsync(HttpMethod.Post, $"/api/v1/tasks/{task}/attachments?name=a.txt", content: new ByteArrayContent([65]));

        Assert.Equal((409, "instance-finished"), (refused.Status, (string?)refused.Body!["code"]));
    }

    /// <summary>The owner applied, the supervisor is asked, store_ops_manager was asked for information, cs_manager has a copy.</summary>
    private async Task<(HostUnderTest Host, string Instance, string Task)> CaseAsync()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Approval("case"));
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        using var copied = await host.AsAsync("cs_manager");
        var instance = await Flows.StartAsync(owner, "case");
        var task = (string)(await Flows.TaskAsync(supervisor, instance))["id"]!;
        Assert.Equal(200, (await supervisor.PostAsync($"/api/v1/tasks/{task}/request-info", new { comment = "请说明", people = To("store_ops_manager") })).Status);
        Assert.Equal(200, (await owner.PostAsync($"/api/v1/instances/{instance}/cc", new { people = To("cs_manager") })).Status);
        await Condition.FoundAsync(
            async () => await copied.SendAsync(HttpMethod.Get, $"/api/v1/instances/{instance}") is { Status: 200, Body: { } seen } ? seen : null,
            "The copy never came.", TestContext.Current.CancellationToken);

        return (host, instance, task);
    }

    private static string[] To(params string[] names) => names;
}
