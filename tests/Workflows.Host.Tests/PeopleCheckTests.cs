using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Host.Organisation;
using Workflows.Host.Tests.Pages;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests;

/// <summary>What the nightly look finds is kept, shown under 组织管理 and told once to who can mend it.</summary>
public abstract class PeopleCheckTests(DatabaseKind kind)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_finding_of_the_night_is_kept_told_once_and_shown_until_somebody_is_there()
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        var lonely = Flows.Approval("lonely");
        lonely["customProperties"] = new JsonObject { ["owner"] = "finance" };
        lonely["root"]!["activities"]![0]!["roles"]!["expression"]!["value"] = "[\"nobody_has_this\"]";
        await Flows.PublishAsync(host, lonely);
        var (check, notices) = (host.Service<PeopleCheck>(), host.Service<INoticeStore>());
        async Task<int> ToldAsync(string user) => (await notices.ListAsync(user, null, 50, Token)).Items.Count(n => n.Subject.Contains("无人可办", StringComparison.Ordinal) && n.Body.Contains("lonely", StringComparison.Ordinal));

        Assert.NotNull(await check.RunNightlyAsync(new DateOnly(2030, 1, 8), Token));
        Assert.Null(await check.RunNightlyAsync(new DateOnly(2030, 1, 8), Token));
        Assert.Equal((1, 1, 0), (await ToldAsync("finance"), await ToldAsync("workflow_manager"), await ToldAsync("supervisor")));
        Assert.NotNull(await check.RunNightlyAsync(new DateOnly(2030, 1, 9), Token));
        Assert.Equal(1, await ToldAsync("finance"));

        using var manager = await Visitor.OfAsync(host, "workflow_manager");
        var page = await manager.GetAsync("/people/check");
        Assert.Contains("lonely", page.Text, StringComparison.Ordinal);
        Assert.Contains("岗位“nobody_has_this”没有在职人员", page.Text, StringComparison.Ordinal);
        Assert.Contains("每晚例行检查", page.Text, StringComparison.Ordinal);
        Assert.Contains("/people/check", (await manager.GetAsync("/people")).Html, StringComparison.Ordinal);

        lonely["root"]!["activities"]![0]!["roles"]!["expression"]!["value"] = "[\"supervisor\"]";
        await Flows.PublishAsync(host, lonely);
        var again = await manager.PostAsync("/people/check", new() { ["_csrf"] = page.Hidden("_csrf") });
        Assert.DoesNotContain("nobody_has_this", again.Text, StringComparison.Ordinal);
        Assert.Contains("流程管理员", again.Text, StringComparison.Ordinal);
        using var admin = await host.AsAsync("super_admin");
        Assert.Equal("workflow_manager", (string?)(await admin.SendAsync(HttpMethod.Get, "/api/v1/organisation/check")).Body!["by"]);
        using var visitor = await Visitor.OfAsync(host, "supervisor");
        Assert.Equal(403, (await visitor.GetAsync("/people/check")).Status);
    }
}

public sealed class SqlitePeopleCheckTests() : PeopleCheckTests(DatabaseKind.Sqlite);

public sealed class PostgresPeopleCheckTests() : PeopleCheckTests(DatabaseKind.Postgres);
