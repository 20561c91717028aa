using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Instances;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Execution;

/// <summary>How long an applicant may withdraw; custom property <c>withdraw</c> of the definition.</summary>
public enum WithdrawalRule
{
    /// <summary>The default: always while it runs. What was done is taken back first; where something cannot be, withdrawing is refused.</summary>
    TakesBack,

    /// <summary>Until something outside was changed (catalogue 0.3: 申请人在开始执行前可撤回).</summary>
    UntilExecution,

    /// <summary>Until somebody has decided.</summary>
    UntilDecision,

    Never,
}

/// <summary>
/// Whether an applicant may withdraw. Reading, copying and telling are no acts: only irreversible effects are, and of those only the ones without
/// an undo step stand in the way for good. Pure; pages, API and the act itself ask the same.
/// </summary>
public static class Withdrawal
{
    /// <summary>Name of the definition's custom property.</summary>
    public const string Property = "withdraw";

    /// <summary>Instance property: set while and after an applicant withdrew.</summary>
    public const string Key = "Withdrawn";

    internal const string IrreversibleKey = "IrreversibleActs";

    /// <summary>Instance property: how many of the irreversible acts have no undo step.</summary>
    internal const string UnguardedKey = "UnguardedActs";

    /// <summary>Why not now; null when it is possible.</summary>
    public static TaskVerdict.NotPossible? Refusal(WorkflowInstance instance, WorkflowGraph graph)
    {
        if (instance.Properties.ContainsKey(Key))
            return new TaskVerdict.NotPossible("withdrawing", "正在撤回：已做的操作正在逐项撤销", "it is being withdrawn: what was done is being taken back");
        // A sub-process that its applicant ends by themselves would let them walk past it in the process that called it.
        if (instance.ParentInstanceId is not null)
            return new TaskVerdict.NotPossible("withdraw-part", "这是上级流程的一部分，请撤回上级流程", "this is part of another process; withdraw that one");
        var rule = RuleOf(graph);
        if (rule == WithdrawalRule.Never)
            return new TaskVerdict.NotPossible("withdraw-not-offered", "此流程不允许撤回", "this process does not allow withdrawing");
        if (rule == WithdrawalRule.UntilDecision && instance.Properties.ContainsKey(Burst.DecidersKey))
            return new TaskVerdict.NotPossible("withdraw-decided", "已有人审批，不能再撤回", "somebody has decided, and this process does not allow withdrawing after that");
        if (Unguarded(instance) > 0)
            return new TaskVerdict.NotPossible("withdraw-acted", "流程已执行无法自动撤销的操作，不能直接撤回，请联系流程管理员处理", "something was done that cannot be taken back by itself; ask an operator");
        if (rule == WithdrawalRule.UntilExecution && Count(instance, IrreversibleKey) > 0)
            return new TaskVerdict.NotPossible("withdraw-acted", "流程已开始执行，不能再撤回", "execution has begun, and this process does not allow withdrawing after that");
        return null;
    }

    /// <summary>The rule a definition names; null for a word that is none.</summary>
    public static WithdrawalRule? Parse(JsonNode? word) => word switch
    {
        null => WithdrawalRule.TakesBack,
        JsonValue value when value.TryGetValue(out string? text) && Enum.TryParse<WithdrawalRule>(text, ignoreCase: true, out var rule) && Enum.IsDefined(rule) && !char.IsAsciiDigit(text[0]) => rule,
        _ => null,
    };

    /// <summary>Irreversible acts without an undo step. States written before they were counted apart count all.</summary>
    internal static int Unguarded(WorkflowInstance instance) =>
        instance.Properties.ContainsKey(UnguardedKey) ? Count(instance, UnguardedKey) : Count(instance, IrreversibleKey);

    internal static void CountAct(WorkflowInstance instance, bool isGuarded)
    {
        instance.Properties[UnguardedKey] = Unguarded(instance) + (isGuarded ? 0 : 1);
        instance.Properties[IrreversibleKey] = Count(instance, IrreversibleKey) + 1;
    }

    // A word nobody knows allows nothing; publication names it.
    private static WithdrawalRule RuleOf(WorkflowGraph graph) => Parse(graph.Workflow.CustomProperties?[Property]) ?? WithdrawalRule.Never;

    private static int Count(WorkflowInstance instance, string key) => ValueConverter.To(instance.Properties.GetValueOrDefault(key), typeof(int)) as int? ?? 0;
}
