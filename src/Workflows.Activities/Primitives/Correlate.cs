using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Primitives;

[Activity("Elsa.Correlate", Category = "Primitives", Zh = "设置关联号", En = "Correlate",
    DescriptionZh = "设置流程实例的关联号。", DescriptionEn = "Sets the correlation id of the instance.")]
internal sealed class Correlate : CodeActivity
{
    [Input(Zh = "关联号", En = "Correlation ID")]
    public string? CorrelationId { get; set; }

    protected override void Run(ActivityContext context) => context.CorrelationId = CorrelationId;
}
