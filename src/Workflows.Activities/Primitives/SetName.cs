using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Primitives;

[Activity("Elsa.SetName", Category = "Primitives", Zh = "设置实例名称", En = "Set name",
    DescriptionZh = "设置流程实例的名称。", DescriptionEn = "Sets the name of the instance.")]
internal sealed class SetName : CodeActivity
{
    [Input(Zh = "名称", En = "Value")]
    public string? Value { get; set; }

    protected override void Run(ActivityContext context) => context.InstanceName = Value;
}
