using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Engine.Authoring;

/// <summary>Stands where a definition names a type this host does not know. The original JSON stays in the node; running it fails.</summary>
[Activity(TypeName, Category = "System", Zh = "未知活动", En = "Unknown activity", IsBrowsable = false)]
public sealed class NotFoundActivity : Activity
{
    public const string TypeName = "Elsa.NotFoundActivity";

    public override void Execute(ActivityContext context) => throw new ActivityFailure(
        "unknown-activity",
        $"系统中没有活动类型“{context.Node.Type}” (activity type {context.Node.Type} version {context.Node.Version} is not known here)");

    public override IEnumerable<NodeFault> Validate(ActivityNode node) =>
        [new NodeFault("unknown-activity", $"系统中没有活动类型“{node.Type}”", $"activity type {node.Type} version {node.Version} is not known here")];
}
