using System.Text.Json.Nodes;

namespace Workflows.Host.Tests;

public sealed class StartInputTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Theory]
    [InlineData("""{"amount":5,"when":"2026-03-01T00:00:00Z","tags":["a"],"note":"x"}""", null, null)]
    [InlineData("""{"amount":"5"}""", null, null)]
    [InlineData("""{"amount":null}""", "missing", "$.input.amount")]
    [InlineData("""{}""", "missing", "$.input.amount")]
    [InlineData("""{"amount":" "}""", "missing", "$.input.amount")]
    [InlineData("""{"amount":"five"}""", "wrong-type", "$.input.amount")]
    [InlineData("""{"amount":[5]}""", "wrong-type", "$.input.amount")]
    [InlineData("""{"amount":5,"when":"soon"}""", "wrong-type", "$.input.when")]
    [InlineData("""{"amount":5,"tags":"a"}""", "wrong-type", "$.input.tags")]
    [InlineData("""{"amount":5,"unit":""}""", "missing", "$.input.unit")]
    public async Task A_start_is_told_which_input_is_missing_or_of_the_wrong_type(string input, string? code, string? path)
    {
        var host = await shared.GetAsync();
        await PublishAsync(host, "inputs");
        using var owner = await host.AsAsync("activity_owner");

        var answer = await owner.PostAsync("/api/v1/instances", new JsonObject { ["definitionId"] = "inputs", ["input"] = JsonNode.Parse(input) });

        Assert.Equal(code is null ? 201 : 400, answer.Status);
        Assert.Equal((code, path), ((string?)answer.Body!["errors"]?[0]?["code"], (string?)answer.Body["errors"]?[0]?["path"]));
    }

    [Fact]
    public async Task The_problem_names_the_input_in_both_languages_and_no_instance_is_left()
    {
        var host = await shared.GetAsync();
        await PublishAsync(host, "inputs-named");
        using var owner = await host.AsAsync("activity_owner");
        var chinese = await owner.PostAsync("/api/v1/instances", new { definitionId = "inputs-named" });
        owner.DefaultRequestHeaders.Add("Accept-Language", "en");
        var english = await owner.PostAsync("/api/v1/instances", new { definitionId = "inputs-named" });
        var list = await owner.SendAsync(HttpMethod.Get, "/api/v1/instances?definitionId=inputs-named");

        Assert.Equal("“金额”必填", (string?)chinese.Body!["errors"]![0]!["message"]);
        Assert.Equal("amount is required", (string?)english.Body!["errors"]![0]!["message"]);
        Assert.Empty(list.Body!["items"]!.AsArray());
    }

    [Fact]
    public async Task What_marks_an_input_as_required_survives_reading_and_writing()
    {
        var host = await shared.GetAsync();
        await PublishAsync(host, "inputs-kept");
        using var manager = await host.AsAsync("workflow_manager");
        var read = (await manager.SendAsync(HttpMethod.Get, "/api/v1/definitions/inputs-kept")).Body!;

        Assert.True((bool)read["inputs"]![0]!["required"]!);
        Assert.Equal("""["unit"]""", read["customProperties"]!["requiredInputs"]!.ToJsonString());
    }

    [Fact]
    public async Task A_deletion_application_without_its_reports_is_refused_at_once()
    {
        var host = await shared.GetAsync();
        using var owner = await host.AsAsync("activity_owner");

        var answer = await owner.PostAsync("/api/v1/instances", new { definitionId = "activity_deletion", input = new { promotionId = "P1", reason = "过期" } });

        Assert.Equal(400, answer.Status);
        Assert.Equal(["$.input.impactReport", "$.input.riskReport"], answer.Body!["errors"]!.AsArray().Select(e => (string?)e!["path"]));
    }

    [Fact]
    public async Task A_child_that_lacks_an_input_is_an_incident_of_its_parent()
    {
        var host = await shared.GetAsync();
        await PublishAsync(host, "inputs-child");
        await Flows.PublishAsync(host, Flows.Sequence("inputs-parent", """
            {"id":"run","type":"Elsa.ExecuteWorkflow","version":1,
             "workflowDefinitionId":{"typeName":"String","expression":{"type":"Literal","value":"inputs-child"}},
             "input":{"typeName":"Object","expression":{"type":"Object","value":"{\"amount\":\"many\"}"}}}
            """));
        using var owner = await host.AsAsync("activity_owner");

        var id = await Flows.StartAsync(owner, "inputs-parent");

        var incident = await UntilIncidentAsync(owner, id);
        Assert.Equal(("run", "child-not-started"), (((string)incident["nodeId"]!).Split(':')[^1], (string)incident["kind"]!));
        Assert.Contains("amount", (string)incident["message"]!, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> UntilIncidentAsync(HttpClient client, string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!limit.IsCancellationRequested)
        {
            var incidents = (await client.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}")).Body!["incidents"]!.AsArray();
            if (incidents.Count > 0)
                return incidents[0]!;
        }

        throw new TimeoutException("no incident");
    }

    private static async Task PublishAsync(HostUnderTest host, string id)
    {
        var flow = Flows.Sequence(id, """{"id":"line","type":"Elsa.WriteLine","version":1,"text":{"typeName":"String","expression":{"type":"Literal","value":"x"}}}""");
        flow["inputs"] = JsonNode.Parse("""
            [{"type":"Int32","name":"amount","displayName":"金额","required":true},
             {"type":"DateTimeOffset","name":"when"},
             {"type":"String","name":"tags","isArray":true},
             {"type":"Object","name":"note"},
             {"type":"String","name":"unit","defaultValue":"件"}]
            """);
        flow["customProperties"] = new JsonObject { ["requiredInputs"] = new JsonArray("unit") };
        await Flows.PublishAsync(host, flow);
    }
}
