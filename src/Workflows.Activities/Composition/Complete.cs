using System.Text.Json.Nodes;
using Workflows.Activities.ControlFlow;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Composition;

[Activity("Elsa.Complete", Category = "Composition", Zh = "完成", En = "Complete", IsTerminal = true,
    DescriptionZh = "以给定的结果结束所在的流程（或作为步骤使用的流程）。", DescriptionEn = "Ends the enclosing workflow, or workflow used as activity, with the given outcomes.")]
internal sealed class Complete : CodeActivity
{
    [Input(Zh = "结果", En = "Outcomes", Hint = "outcome-picker")]
    public JsonNode? Outcomes { get; set; }

    protected override void Run(ActivityContext context)
    {
        var outcomes = Loop.Items(Outcomes).Select(ValueConverter.Text).OfType<string>().Where(name => name.Length > 0).ToList();
        context.Send(new Signal.CompleteComposite(outcomes.Count == 0 ? ["Done"] : outcomes));
    }
}
