using System.Text.Json.Nodes;
using Workflows.Activities.Flowcharts;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.ControlFlow;

[Activity("Elsa.Switch", Category = "Branching", Zh = "多路选择", En = "Switch", IsContainer = true,
    DescriptionZh = "执行条件成立的分支；都不成立时执行默认分支。", DescriptionEn = "Runs the branches whose condition holds, else the default.")]
internal sealed class Switch : Activity
{
    private const string Open = "open";

    [Input(Zh = "匹配方式", En = "Mode", Hint = "dropdown", Options = ["MatchFirst", "MatchAny"], OptionsZh = ["匹配第一个", "匹配全部"])]
    public SwitchMode Mode { get; set; }

    [Input(Zh = "分支", En = "Cases", Hint = "switch-editor", Wrapped = false, AutoEvaluate = false)]
    public JsonNode? Cases { get; set; }

    [Branch(Zh = "默认", En = "Default")]
    public ActivityNode? Default { get; set; }

    public override void Execute(ActivityContext context)
    {
        var matches = NodeCase.Of(context.Node).Where(c => c.Holds(context)).ToList();
        if (Mode == SwitchMode.MatchFirst && matches.Count > 1)
            matches = [matches[0]];

        var branches = matches.Count == 0 ? Default is null ? [] : [Default] : matches.Select(m => m.Activity).OfType<ActivityNode>().ToList();
        context.Set(Open, branches.Count);
        foreach (var branch in branches)
            context.Schedule(branch);
        if (branches.Count == 0)
            context.Complete();
    }

    public override void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        var open = context.Get<int>(Open) - 1;
        context.Set(Open, open);
        if (open == 0)
            context.Complete();
    }
}

/// <summary>Which of several holding cases count.</summary>
internal enum SwitchMode
{
    MatchFirst,
    MatchAny,
}
