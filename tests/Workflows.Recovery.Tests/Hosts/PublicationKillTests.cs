using System.Text.Json.Nodes;
using Workflows.Engine.Faults;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Tests.Support;

namespace Workflows.Recovery.Tests.Hosts;

/// <summary>
/// The real host dies by SIGKILL between the approval of a change and its publication, and right after the publication, before anybody learned of it. Started
/// again it publishes what was approved, once, and the change ends by itself.
/// </summary>
public abstract class PublicationKillTests(DatabaseKind kind)
{
    private const string Process = "governed_kill";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static TheoryData<string> Points => [.. FaultPoint.OfPublications];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task An_approved_change_is_published_once_whatever_dies(string point)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        await using var place = await HostProcess.SeededAsync(kind);
        await using var api = new HostCaller(place, $"{point}:1:kill");
        var definition = JsonNode.Parse($$$"""
            {"definitionId":"{{{Process}}}","name":"受管","version":1,"customProperties":{"governed":true},
             "root":{"id":"f","type":"Elsa.Flowchart","version":1,"activities":[{"id":"s","type":"Elsa.Start","version":1}]}}
            """)!.AsObject();
        await api.PostAsync("workflow_manager", "/api/v1/definitions", "draft", definition, limit.Token);
        await api.PostAsync("workflow_manager", $"/elsa/api/workflow-definitions/{Process}/publish", "submit", [], limit.Token, ("X-Workflows-Reason", Uri.EscapeDataString("试运行")));

        var task = await FoundAsync(async () => (await api.GetAsync("ops_director", "/api/v1/tasks?view=claimable&limit=200", limit.Token))["items"]!.AsArray().FirstOrDefault(), limit.Token);
        await api.PostAsync("ops_director", $"/api/v1/tasks/{task["id"]}/claim", "claim", [], limit.Token);
        await api.PostAsync("ops_director", $"/api/v1/tasks/{task["id"]}/approve", "approve", [], limit.Token);
        var change = (string)task["instanceId"]!;
        var ended = await FoundAsync(
            async () => (await api.GetAsync("super_admin", $"/api/v1/instances/{change}", limit.Token)) is var detail && (string?)detail["instance"]!["status"] == "Finished" ? detail : null, limit.Token);

        Assert.Equal([NodeProcess.Killed], api.Deaths);
        var versions = (await api.GetAsync("workflow_manager", $"/api/v1/definitions/{Process}/versions", limit.Token))["items"]!.AsArray();
        Assert.Equal((1, true), ((int)Assert.Single(versions)!["version"]!, (bool)versions[0]!["isPublished"]!));
        Assert.Equal("Finished", (string?)ended["instance"]!["subStatus"]);
        Assert.Equal("已发布", (string?)ended["output"]!["endState"]);
        Assert.Empty(ended["incidents"]!.AsArray());
    }

    private static async Task<JsonNode> FoundAsync(Func<Task<JsonNode?>> look, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await look() is { } found)
                return found;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }
}

public sealed class SqlitePublicationKillTests() : PublicationKillTests(DatabaseKind.Sqlite);

public sealed class PostgresPublicationKillTests() : PublicationKillTests(DatabaseKind.Postgres);
