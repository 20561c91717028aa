using Workflows.Engine.Execution;
using Workflows.Engine.Runtime;

namespace Workflows.Host.Tests;

public sealed class DefinitionDeletionTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task A_definition_with_running_instances_is_kept_and_goes_when_they_have_ended()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Waits("short-lived", "never"));
        using var manager = await host.AsAsync("workflow_manager");
        using var owner = await host.AsAsync("activity_owner");
        var id = await Flows.StartAsync(owner, "short-lived");

        var forbidden = await owner.SendAsync(HttpMethod.Delete, "/api/v1/definitions/short-lived");
        var running = await manager.SendAsync(HttpMethod.Delete, "/api/v1/definitions/short-lived");
        var stale = await manager.SendAsync(HttpMethod.Delete, "/api/v1/definitions/short-lived", ifMatch: "\"1\"");
        await owner.PostAsync($"/api/v1/instances/{id}/cancel");
        var deleted = await manager.SendAsync(HttpMethod.Delete, "/api/v1/definitions/short-lived", key: "delete-1");
        var repeated = await manager.SendAsync(HttpMethod.Delete, "/api/v1/definitions/short-lived", key: "delete-1");
        var again = await manager.SendAsync(HttpMethod.Delete, "/api/v1/definitions/short-lived");
        var start = await owner.PostAsync("/api/v1/instances", new { definitionId = "short-lived" });
        var timeline = await owner.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}/timeline");

        Assert.Equal((403, 409, 412), (forbidden.Status, running.Status, stale.Status));
        Assert.Equal("definition-running", (string?)running.Body!["code"]);
        Assert.Equal((204, 204, 404, 404), (deleted.Status, repeated.Status, again.Status, start.Status));
        Assert.Equal(200, timeline.Status);
        Assert.NotEmpty(timeline.Body!["items"]!.AsArray());
    }

    [Fact]
    public async Task A_failed_instance_of_a_deleted_definition_cannot_be_retried()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Sequence("gone", """{"id":"f","type":"Elsa.Fault","version":1,"message":{"typeName":"String","expression":{"type":"Literal","value":"x"}}}"""));
        using var manager = await host.AsAsync("workflow_manager");
        using var owner = await host.AsAsync("activity_owner");
        var id = await Flows.StartAsync(owner, "gone");

        Assert.Equal(204, (await manager.SendAsync(HttpMethod.Delete, "/api/v1/definitions/gone")).Status);

        Assert.IsType<Delivery.Ignored>(await host.Service<WorkflowRuntime>().DeliverAsync(id, new Stimulus.Retry("op"), null, TestContext.Current.CancellationToken));
    }
}
