using System.Text.Json.Nodes;
using Workflows.Activities.Http;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

public sealed class HttpTests
{
    [Fact]
    public void An_endpoint_waits_for_each_method_and_the_first_request_takes_it()
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s",
            Step("Elsa.HttpEndpoint", "h", ("path", "orders/{id}/"), ("supportedMethods", Json(new JsonArray("GET", "POST"))), ("routeData", Into("v"))),
            Step("Elsa.WriteLine", "l", ("text", Variable("v"))))).With("v"));
        run.Start();
        Assert.Equal([StimulusHash.Compute("Elsa.HttpEndpoint", new JsonObject { ["Path"] = "/orders/{id}", ["Method"] = "get" }), StimulusHash.Compute(HttpRoute.StimulusName, HttpRoute.Stimulus("/orders/{id}", "POST"))],
            run.Instance.Bookmarks.Select(b => b.Hash));

        run.Apply(new Engine.Execution.Stimulus.Resume(run.Instance.Bookmarks[1].Id, new JsonObject { ["routeData"] = new JsonObject { ["id"] = "7" } }));

        Assert.Equal("""{"id":"7"}""", run.Lines);
        Assert.Equal(WorkflowStatus.Finished, run.Instance.Status);
    }

    [Fact]
    public void A_response_answers_the_waiting_request_with_the_type_its_content_suggests()
    {
        var run = InMemoryRun.Of(new Flow(Step("Elsa.WriteHttpResponse", "w", ("statusCode", "Created"), ("content", Json(new JsonObject { ["ok"] = true })), ("responseHeaders", Json(new JsonObject { ["X-A"] = "1" })))));
        run.Start(httpRequestWaits: true);
        Assert.Equal((201, "application/json", "1"), (run.Reply!.StatusCode, run.Reply.ContentType, run.Reply.Headers["X-A"]));
    }

    [Fact]
    public void A_response_without_a_request_is_an_incident()
    {
        var run = InMemoryRun.Of(new Flow(Step("Elsa.WriteHttpResponse", "w")));
        run.Start();
        Assert.Equal("no-http-context", run.Instance.Incidents.Single().Kind);
    }

    [Theory]
    [InlineData("GET", EffectClass.Notice)]
    [InlineData("POST", EffectClass.Irreversible)]
    public void A_request_leaves_as_an_effect_whose_class_follows_the_method(string method, EffectClass expected)
    {
        var run = Requested(method);
        var effect = run.Effects.Single();
        Assert.Equal(("http", expected), (effect.Kind, effect.Class));
        Assert.Equal($$"""{"method":"{{method}}","url":"https://example.test/","headers":{"Authorization":"secret"},"content":"a=1","contentType":"text/plain"}""", effect.Payload!.ToJsonString());
        Assert.DoesNotContain(run.Instance.Executions, e => e.Inputs?.ContainsKey("authorization") == true);
    }

    [Fact]
    public void The_answer_decides_the_ways_out()
    {
        Assert.Equal("ok done", Ended(new EffectOutcome.Done(new JsonObject { ["statusCode"] = 200, ["headers"] = new JsonObject(), ["content"] = "x" })));
        Assert.Equal("other done", Ended(new EffectOutcome.Done(new JsonObject { ["statusCode"] = 404 })));
        Assert.Equal("down", Ended(new EffectOutcome.Transient("refused")));
        Assert.Equal("late", Ended(new EffectOutcome.Ambiguous("no answer")));
    }

    [Fact]
    public void A_request_with_branches_runs_the_one_for_its_status()
    {
        var codes = new JsonArray(new JsonObject { ["statusCode"] = 200, ["activity"] = Line("ok") }, new JsonObject { ["statusCode"] = 409, ["activity"] = Line("conflict") });
        var run = InMemoryRun.Of(new Flow(Sequence("s", Step("Elsa.SendHttpRequest", "r", ("url", "https://example.test/"), ("expectedStatusCodes", codes), ("unmatchedStatusCode", Line("other")), ("timeout", Line("late"))), Line("end"))));
        run.Start();
        run.Settle("http", new EffectOutcome.Done(new JsonObject { ["statusCode"] = 409 }));
        Assert.Equal("conflict end", run.Lines);
    }

    [Fact]
    public void A_retry_after_a_fault_elsewhere_does_not_repeat_a_request_that_was_under_way()
    {
        var post = Step("Elsa.SendHttpRequest", "r", ("url", "https://example.test/"), ("method", "POST"));
        var run = InMemoryRun.Of(new Flow(Step("Elsa.Parallel", "p", ("activities", new JsonArray(post, Sequence("s", Event("go"), Set("set", "n", Variable("text")))))))
            .With("n", 0, "Int32").With("text", "bad"));
        run.Start();
        run.Publish("go");
        Assert.Equal(WorkflowSubStatus.Faulted, run.Instance.SubStatus);

        run.Instance.Executions[0].Variables!["text"] = "1";
        run.Apply(new Engine.Execution.Stimulus.Retry("op"));
        Assert.Equal("effect-unknown", run.Instance.Incidents.Single().Kind);
        Assert.Equal(WorkflowSubStatus.Suspended, run.Instance.SubStatus);
        Assert.Empty(run.Effects);

        run.Apply(new Engine.Execution.Stimulus.Retry("op"));
        run.Settle("http", new EffectOutcome.Done(new JsonObject { ["statusCode"] = 200 }));
        Assert.Equal(WorkflowSubStatus.Finished, run.Instance.SubStatus);
    }

    private static string Ended(EffectOutcome outcome)
    {
        var run = Requested("GET");
        run.Settle("http", outcome);
        Assert.Equal(WorkflowStatus.Finished, run.Instance.Status);
        return run.Lines;
    }

    private static InMemoryRun Requested(string method)
    {
        var request = Step("Elsa.FlowSendHttpRequest", "r", ("url", "https://example.test/"), ("method", method), ("content", "a=1"), ("contentType", "text/plain"), ("authorization", "secret"), ("expectedStatusCodes", Json(new JsonArray(200))));
        var run = InMemoryRun.Of(new Flow(Chart([request, Line("ok"), Line("other"), Line("down"), Line("late"), Line("done")],
            "r:200->ok", "r:Unmatched status code->other", "r:Failed to connect->down", "r:Timeout->late", "r:Done->done")));
        run.Start();
        return run;
    }
}
