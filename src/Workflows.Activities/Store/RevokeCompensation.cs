using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Takes back a compensation that was given by mistake, while it is unused (catalogue 3.2). There is no undo: what is due is given anew.</summary>
[Activity("Store.RevokeCompensation", Category = "Store", Zh = "收回补偿", En = "Revoke compensation", Kind = ActivityKind.Task,
    DescriptionZh = "收回误发且未使用的补偿；已使用的不能收回。", DescriptionEn = "Takes back an unused compensation that was given by mistake.")]
internal sealed class RevokeCompensation : StoreActivity
{
    [Input(Zh = "补偿编号", En = "Compensation", Required = true)]
    public string Compensation { get; set; } = "";

    [Output(Zh = "结果", En = "Result")]
    public JsonObject? Result { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.RevokeCompensation(Compensation);

    protected override void Finish(ActivityContext context, JsonObject result)
    {
        Result = result;
        context.Complete();
    }
}
