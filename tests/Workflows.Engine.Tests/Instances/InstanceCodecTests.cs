using System.Text.Json.Nodes;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Incidents;
using Workflows.Engine.Instances;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Tests.Instances;

public sealed class InstanceCodecTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var instance = Full();

        var first = InstanceCodec.Write(instance);
        var second = InstanceCodec.Write(InstanceCodec.Read(first));

        Assert.Equal(System.Text.Encoding.UTF8.GetString(first), System.Text.Encoding.UTF8.GetString(second));
    }

    [Fact]
    public void Values_that_equal_a_types_default_survive()
    {
        var read = InstanceCodec.Read(InstanceCodec.Write(Full()));

        Assert.False(read.Bookmarks[0].AutoBurn);
        Assert.Equal(0, read.Executions[0].FaultCount);
        Assert.Equal(UserTaskKind.Approval, read.Tasks[0].Kind);
        Assert.Equal("你好", (string?)read.Input["greeting"]);
    }

    [Fact]
    public void What_could_not_be_read_again_is_not_written_and_hinders_nothing_after_it()
    {
        var deep = Full();
        deep.Input["deep"] = JsonNode.Parse(new string('[', 64) + new string(']', 64), documentOptions: new() { MaxDepth = 100 });

        Assert.Throws<System.Text.Json.JsonException>(() => InstanceCodec.Write(deep));
        Assert.Equal("i", InstanceCodec.Read(InstanceCodec.Write(Full())).Id);
    }

    [Fact]
    public void A_member_of_a_newer_release_does_not_hinder_reading()
    {
        var json = (JsonObject)JsonNode.Parse(InstanceCodec.Write(Full()))!;
        json["fromTheFuture"] = true;

        var read = InstanceCodec.Read(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));

        Assert.Equal("i", read.Id);
    }

    private static WorkflowInstance Full() => new()
    {
        Id = "i",
        DefinitionId = "activity_deletion",
        DefinitionVersionId = "v1",
        CreatedAt = Now,
        UpdatedAt = Now,
        Input = { ["greeting"] = "你好", ["nothing"] = null },
        Executions = { new ActivityExecution { Number = 1, NodeId = "Workflow1", StartedAt = Now, Variables = new() { ["v"] = JsonNode.Parse("[1,{}]") } } },
        Callbacks = { new CompletionCallback(1, "Workflow1:fc", null) },
        Queue = { new ScheduledWork("Workflow1:fc", 1, "tag", null, new() { ["CurrentValue"] = 3 }) },
        Bookmarks = { new Bookmark { Id = "i-2", Name = "Elsa.Event", Hash = "AB", Execution = 1, NodeId = "Workflow1", CreatedAt = Now, AutoBurn = false } },
        Timers = { new WorkflowTimer("i-3", Now, 1, null, "due") },
        Tasks = { new UserTask { Id = "i-4", Execution = 1, NodeId = "Workflow1", Kind = UserTaskKind.Approval, Title = "主管审核", CreatedAt = Now } },
        Incidents = { new Incident(5, 1, "Workflow1", "Elsa.Workflow", "expression", "输入", null, Now, 1) },
        Undos = { new UndoStep(6, 0, "store.restore-page", JsonNode.Parse("""{"backup":"b"}"""), "恢复页面", UndoState.Registered) },
    };
}
