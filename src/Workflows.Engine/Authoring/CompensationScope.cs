using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Engine.Authoring;

/// <summary>
/// Groups guarded work: undo steps registered inside belong to this scope until it completes, then to the scope around it.
/// It stands in the engine because the interpreter itself must know where a scope begins and ends.
/// </summary>
[Activity(TypeName, Category = "Compensation", Zh = "补偿范围", En = "Compensation scope", IsContainer = true,
    DescriptionZh = "范围内登记的撤销步骤可以单独倒序执行。", DescriptionEn = "Undo steps registered inside can be run in reverse on their own.")]
public sealed class CompensationScope : Activity
{
    public const string TypeName = "Workflows.CompensationScope";

    [Branch(Zh = "内容", En = "Body")]
    public ActivityNode? Body { get; set; }

    public override void Execute(ActivityContext context)
    {
        if (Body is null)
            context.Complete();
        else
            context.Schedule(Body);
    }
}
