using System.Text.Json.Nodes;
using Workflows.Activities.ControlFlow;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Flowcharts;

[Activity("Elsa.FlowSwitch", Category = "Branching", Zh = "多路判断", En = "Switch (flow)",
    DescriptionZh = "从条件成立的出口离开；都不成立时走默认出口。", DescriptionEn = "Leaves by the cases that hold, else by Default.")]
[Outcome("Default", Zh = "默认", En = "Default")]
internal sealed class FlowSwitch : Activity
{
    private const string Default = "Default";

    [Input(Zh = "分支", En = "Cases", Hint = "flow-switch-editor", Wrapped = false, AutoEvaluate = false)]
    public JsonNode? Cases { get; set; }

    [Input(Zh = "匹配方式", En = "Mode", Hint = "dropdown", Options = ["MatchFirst", "MatchAny"], OptionsZh = ["匹配第一个", "匹配全部"])]
    public SwitchMode Mode { get; set; }

    public override IReadOnlyList<string> OutcomesOf(ActivityNode node) => [.. NodeCase.Of(node).Select(c => c.Label), Default];

    public override void Execute(ActivityContext context)
    {
        var labels = NodeCase.Of(context.Node).Where(c => c.Holds(context)).Select(c => c.Label).ToList();
        context.Complete(labels.Count == 0 ? [Default] : Mode == SwitchMode.MatchFirst ? [labels[0]] : labels);
    }
}
