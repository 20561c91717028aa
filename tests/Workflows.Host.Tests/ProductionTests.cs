using Microsoft.Extensions.DependencyInjection;
using Workflows.Engine.Storage;
using Workflows.Host.Security;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests;

public sealed class ProductionTests
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Production_refuses_to_start_with_demo_logins(DatabaseKind kind)
    {
        await using var database = await HostDatabase.CreateAsync(kind);
        await (await HostUnderTest.StartAppAsync(database, "Development")).DisposeAsync();

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => HostUnderTest.StartAppAsync(database, "Production"));

        Assert.Contains("demo logins", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_refuses_a_database_that_may_lose_acknowledged_work()
    {
        await using var database = await HostDatabase.CreateAsync(DatabaseKind.Sqlite);

        await Assert.ThrowsAsync<StartRefusedException>(() => HostUnderTest.StartAppAsync(database, "Production", ("Workflows:Database:Synchronous", "Off")));
    }

    [Fact]
    public async Task Production_has_no_demo_people_no_clock_routes_and_no_open_document()
    {
        await using var host = await HostUnderTest.StartAsync(environment: "Production");
        var organisation = host.Service<IOrganisationStore>();
        await organisation.SaveAsync([new Person("boss", "老板", null, null, null, ["super_admin"])], TestContext.Current.CancellationToken);
        await organisation.SetPasswordHashAsync("boss", Passwords.Hash("demo"), TestContext.Current.CancellationToken);
        using var boss = await host.AsAsync("boss");
        using var anonymous = host.Anonymous();

        Assert.Equal(404, (await boss.SendAsync(HttpMethod.Get, "/dev/clock")).Status);
        Assert.Equal(404, (await boss.PostAsync("/dev/clock/advance", new { by = "1.00:00:00" })).Status);
        Assert.Equal(401, (await anonymous.SendAsync(HttpMethod.Get, "/openapi/v1.json")).Status);
        Assert.DoesNotContain("activity_owner", await anonymous.GetStringAsync("/signin", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("boss", Assert.Single(await organisation.ListAsync(TestContext.Current.CancellationToken)).UserName);
    }

    [Fact]
    public async Task A_person_who_is_disabled_is_out_with_the_next_request()
    {
        await using var host = await HostUnderTest.StartAsync();
        using var finance = await host.AsAsync("finance");
        Assert.Equal(200, (await finance.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Status);

        var organisation = host.App.Services.GetRequiredService<IOrganisationStore>();
        var person = (await organisation.ListAsync(TestContext.Current.CancellationToken)).Single(p => p.UserName == "finance");
        await organisation.SaveAsync([person with { IsActive = false }], TestContext.Current.CancellationToken);

        Assert.Equal(401, (await finance.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Status);
    }

    [Fact]
    public async Task The_document_describes_every_route_of_the_api()
    {
        await using var host = await HostUnderTest.StartAsync();
        using var anonymous = host.Anonymous();

        var document = await anonymous.SendAsync(HttpMethod.Get, "/openapi/v1.json");

        Assert.Equal(200, document.Status);
        foreach (var path in new[] { "/api/v1/tokens", "/api/v1/definitions", "/api/v1/instances", "/api/v1/instances/{id}/timeline", "/api/v1/tasks/{id}/approve", "/api/v1/events/{name}", "/api/v1/store/import/{kind}" })
            Assert.NotNull(document.Body!["paths"]![path]);
    }

    [Fact]
    public async Task Health_is_told_to_anybody_and_figures_to_operators()
    {
        await using var host = await HostUnderTest.StartAsync();
        using var anonymous = host.Anonymous();
        using var admin = await host.AsAsync("super_admin");

        Assert.Equal(200, (await anonymous.SendAsync(HttpMethod.Get, "/health/live")).Status);
        Assert.Equal(200, (await anonymous.SendAsync(HttpMethod.Get, "/health/ready")).Status);
        Assert.Contains("workflows_timer_lag_seconds", await admin.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
