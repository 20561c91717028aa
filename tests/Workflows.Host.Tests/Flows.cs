using System.Text.Json.Nodes;

namespace Workflows.Host.Tests;

/// <summary>Small definitions as a program would send them.</summary>
internal static class Flows
{
    /// <summary>One approval by the supervisor, due in a day.</summary>
    public static JsonNode Approval(string id) => Sequence(id, """
        {"id":"approve","type":"Human.Approval","version":1,
         "title":{"typeName":"String","expression":{"type":"Literal","value":"请审批"}},
         "roles":{"typeName":"String[]","expression":{"type":"Object","value":"[\"supervisor\"]"}},
         "dueIn":{"typeName":"TimeSpan","expression":{"type":"Literal","value":"1.00:00:00"}}}
        """);

    /// <summary>Waits for an event.</summary>
    public static JsonNode Waits(string id, string eventName) => Sequence(id, """
        {"id":"wait","type":"Elsa.Event","version":1,"eventName":{"typeName":"String","expression":{"type":"Literal","value":"NAME"}}}
        """.Replace("NAME", eventName, StringComparison.Ordinal));

    /// <summary>Waits for a time.</summary>
    public static JsonNode Delays(string id, string timeSpan) => Sequence(id, """
        {"id":"delay","type":"Elsa.Delay","version":1,"timeSpan":{"typeName":"TimeSpan","expression":{"type":"Literal","value":"SPAN"}}}
        """.Replace("SPAN", timeSpan, StringComparison.Ordinal));

    public static JsonNode Sequence(string id, params string[] activities) => JsonNode.Parse($$$"""
        {"definitionId":"{{{id}}}","name":"{{{id}}}","version":1,
         "root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[{{{string.Join(',', activities)}}}]}}
        """)!;

    /// <summary>Publishes a definition as the workflow manager.</summary>
    public static async Task PublishAsync(HostUnderTest host, JsonNode definition)
    {
        using var manager = await host.AsAsync("workflow_manager");
        var answer = await manager.PostAsync("/api/v1/definitions?publish=true", definition);
        Assert.True(answer.Status is 200 or 201, answer.Body?.ToJsonString());
    }

    /// <summary>Starts an instance and answers its id.</summary>
    public static async Task<string> StartAsync(HttpClient client, string definitionId, object? input = null)
    {
        var answer = await client.PostAsync("/api/v1/instances", input is null ? new { definitionId } : new { definitionId, input });
        Assert.True(answer.Status == 201, answer.Body?.ToJsonString());
        return (string)answer.Body!["id"]!;
    }

    /// <summary>The open task of an instance in a person's list.</summary>
    public static async Task<JsonNode> TaskAsync(HttpClient client, string instanceId, string view = "todo")
    {
        var answer = await client.SendAsync(HttpMethod.Get, $"/api/v1/tasks?view={view}&limit=200");
        Assert.Equal(200, answer.Status);
        return Assert.Single(answer.Body!["items"]!.AsArray(), t => (string?)t!["instanceId"] == instanceId)!;
    }
}
