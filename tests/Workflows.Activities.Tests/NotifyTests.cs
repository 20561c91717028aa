using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

public sealed class NotifyTests
{
    [Fact]
    public void A_message_becomes_one_effect_per_person_and_channel()
    {
        var run = InMemoryRun.Of(new Flow(Step("Notify.Message", "n", ("roles", Json(new JsonArray("cs_agent"))), ("users", Json(new JsonArray("cs_agent_1"))), ("toInitiator", true),
            ("addresses", Json(new JsonArray("partner@example.com", "13900000000"))), ("channels", Json(new JsonArray("site", "sms"))), ("subject", "活动下线"), ("body", "请知悉"))), People.Shop).InitiatedBy("supervisor");
        run.Start();
        Assert.Equal(["notify.site cs_agent_1", "notify.sms cs_agent_1", "notify.site cs_agent_2", "notify.sms cs_agent_2", "notify.site supervisor", "notify.sms supervisor", "notify.email ", "notify.sms "],
            run.Effects.Select(e => $"{e.Kind} {e.Payload!["user"]}"));
        Assert.Equal("""{"to":["partner@example.com"],"subject":"\u6D3B\u52A8\u4E0B\u7EBF","body":"\u8BF7\u77E5\u6089"}""", run.Effects[6].Payload!.ToJsonString());
        Assert.Equal(WorkflowStatus.Finished, run.Instance.Status);
    }

    [Fact]
    public void Nobody_to_tell_is_noted_and_does_not_stop_the_flow()
    {
        var run = InMemoryRun.Of(new Flow(Step("Notify.Message", "n", ("roles", Json(new JsonArray("finance"))))), People.Shop);
        run.Start();
        Assert.Contains(run.Journal, e => e.Event == "NoticeSkipped");
        Assert.Equal(WorkflowStatus.Finished, run.Instance.Status);
    }

    [Theory]
    [InlineData("task.urgent", "site", true)]
    [InlineData("task.urgent", "webhook:erp", false)]
    [InlineData("clock.breached", "site", false)]
    [InlineData("", "site", false)]
    public void Publication_refuses_templates_of_an_event_there_is_none_of(string name, string channel, bool isRefused)
    {
        var faults = DefinitionValidator.Validate(new Flow(Step("Notify.Message", "n", ("event", name), ("channels", Json(new JsonArray(channel))))).Compile()).Faults;

        var fault = faults.SingleOrDefault(f => f.Code == "unknown-event");
        Assert.Equal(isRefused, fault is { Severity: FaultSeverity.Fault, NodeId: "Workflow1:n" });
        if (fault is not null)
            Assert.True(fault.Zh.Contains("没有消息模板（事件）“task.urgent”", StringComparison.Ordinal) && fault.En.Contains("no message templates of event task.urgent", StringComparison.Ordinal));
    }

    [Fact]
    public void Elsas_mail_activity_takes_lists_and_separated_text()
    {
        var run = InMemoryRun.Of(new Flow(Step("Elsa.SendEmail", "m", ("to", Json(new JsonArray("a@example.com"))), ("cc", "b@example.com; c@example.com"), ("subject", "s"), ("body", "b"))));
        run.Start();
        Assert.Equal("""{"to":["a@example.com"],"subject":"s","body":"b","cc":["b@example.com","c@example.com"]}""", run.Effects.Single().Payload!.ToJsonString());
    }

    [Fact]
    public void Attachments_are_files_of_the_case_by_id_or_carry_their_content()
    {
        var run = InMemoryRun.Of(new Flow(Step("Elsa.SendEmail", "m", ("to", "a@example.com"), ("subject", "s"), ("body", "b"),
            ("attachments", Json(new JsonArray("att-1", "", new JsonObject { ["fileName"] = "a.txt", ["content"] = "QQ==" }))))));
        run.Start();

        Assert.Equal("""[{"attachmentId":"att-1"},{"fileName":"a.txt","content":"QQ=="}]""", run.Effects.Single().Payload!["attachments"]!.ToJsonString());
    }
}
