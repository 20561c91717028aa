using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Outbox;

namespace Workflows.Activities.Governance;

/// <summary>
/// Puts an approved version of a process into service. What was approved is a hash: a draft that was changed since is not published, and the
/// step leaves by "Refused" with the reason.
/// </summary>
[Activity("Workflows.PublishDefinition", Category = "Governance", Zh = "发布已批准的流程版本", En = "Publish an approved version", Kind = ActivityKind.Task,
    DescriptionZh = "只发布审批时看到的内容；内容变过则不发布。", DescriptionEn = "Publishes exactly what was approved.")]
[Outcome("Published", Zh = "已发布", En = "Published")]
[Outcome("Refused", Zh = "未发布", En = "Refused")]
internal sealed class PublishDefinition : Activity
{
    [Input(Zh = "流程", En = "Process", Required = true)]
    public string ProcessId { get; set; } = "";

    [Input(Zh = "版本", En = "Version", Required = true)]
    public string VersionId { get; set; } = "";

    [Input(Zh = "内容校验值", En = "Hash of the content", Required = true)]
    public string ContentHash { get; set; } = "";

    [Output(Zh = "未发布的原因", En = "Reason")]
    public string? Reason { get; set; }

    public override void Execute(ActivityContext context) => context.Perform(
        "definition.publish",
        new JsonObject { ["processId"] = ProcessId, ["versionId"] = VersionId, ["contentHash"] = ContentHash, ["by"] = context.InitiatedBy },
        EffectClass.Irreversible,
        wait: true);

    public override void Resume(ActivityContext context, Resumption resumption)
    {
        if (resumption.Effect is not EffectOutcome.Done { Result: JsonObject result })
            throw new ActivityFailure("publish-failed", "没有收到发布的结果 (no result of the publication)");
        Reason = (string?)result["reason"];
        context.Complete(result["published"]?.GetValue<bool>() == true ? "Published" : "Refused");
    }
}
