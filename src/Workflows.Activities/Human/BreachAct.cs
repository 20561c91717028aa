using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;

namespace Workflows.Activities.Human;

/// <summary>What a breach decides where a node's own field says so; nothing otherwise (reliability P10).</summary>
internal enum BreachAct
{
    Nothing,
    Approve,
    Reject,
    Expire,
}

/// <summary>What publication says of nodes whose breach decides.</summary>
internal static class BreachActs
{
    // What cannot be taken back is never done because nobody answered.
    private static readonly string[] Destructive = ["Store.DeletePage", "Store.ClearData"];

    public static IEnumerable<NodeFault> Named(BreachAct act, ActivityNode node, params BreachAct[] allowed)
    {
        if (act == BreachAct.Nothing)
            yield break;
        if (!allowed.Contains(act))
            yield return new NodeFault("bad-breach-act", $"此活动超时后不能 {act}", $"a breach of this activity cannot {act}");
        else if (!node.Inputs.ContainsKey("target"))
            yield return new NodeFault("breach-without-target", "设置了“超时后”，却没有时限", "there is an act at the breach but no target");
        else if (act == BreachAct.Approve && Contains(Root(node)))
            yield return new NodeFault("breach-approves-deletion", "流程含不可恢复的删除步骤，超时不能自动同意", "a process with irreversible steps may not be approved by a breach");
        else
            yield return new NodeFault("breach-decides", $"超时会自动决定：{act switch { BreachAct.Approve => "同意", BreachAct.Reject => "驳回", _ => "失效" }}", $"a breach decides by itself: {act}") { IsWarning = true };
    }

    private static ActivityNode Root(ActivityNode node)
    {
        while (node.Parent is { } parent)
            node = parent;
        return node;
    }

    private static bool Contains(ActivityNode node) => Destructive.Contains(node.Type) || node.Children.Any(Contains);
}
