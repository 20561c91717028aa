using System.Text.Json.Nodes;
using Workflows.Activities.Flowcharts;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.ControlFlow;

[Activity("Elsa.Fork", Category = "Branching", Zh = "分叉", En = "Fork", IsContainer = true,
    DescriptionZh = "同时开始各分支；等待全部，或第一个完成即取消其余。", DescriptionEn = "Starts all branches; waits for all, or ends with the first and cancels the rest.")]
internal sealed class Fork : Activity
{
    private const string Completed = "completed";
    private const string Breaking = "breaking";

    [Branch(Zh = "分支", En = "Branches")]
    public IReadOnlyList<ActivityNode> Branches { get; set; } = [];

    [Input(Zh = "汇合方式", En = "Join mode", Hint = "dropdown", Options = ["WaitAll", "WaitAny"], OptionsZh = ["等待全部", "任一到达即可"], Wrapped = false)]
    public JoinMode JoinMode { get; set; } = JoinMode.WaitAll;

    public override void Execute(ActivityContext context)
    {
        foreach (var branch in Branches)
            context.Schedule(branch);
        if (Branches.Count == 0)
            context.Complete();
    }

    public override void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        var completed = new JsonArray([.. (context.Get<string[]>(Completed) ?? []).Append(child.Node.Id).Select(id => (JsonNode)id)]);
        context.Set(Completed, completed);
        if (context.Get<bool>(Breaking) || completed.Count >= Branches.Count || NodeJson.Enumeration(context.Node, "joinMode", JoinMode.WaitAll) == JoinMode.WaitAny)
            context.Complete();
    }

    public override bool Receive(ActivityContext context, Signal signal)
    {
        if (signal is Signal.Break)
            context.Set(Breaking, true);
        return false;
    }
}

/// <summary>When a fork ends.</summary>
internal enum JoinMode
{
    WaitAll,
    WaitAny,
}
