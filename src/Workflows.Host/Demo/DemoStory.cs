namespace Workflows.Host.Demo;

/// <summary>One area of the business, played.</summary>
/// <param name="Id">Key of the process, as in the definitions.</param>
/// <param name="Aliases">Shorter words for it.</param>
internal sealed record DemoStory(string Id, IReadOnlyList<string> Aliases, string Title, Func<DemoPlayer, Task> PlayAsync)
{
    /// <summary>What can be played; the first is played when none is named.</summary>
    public static readonly IReadOnlyList<DemoStory> All =
    [
        new("activity_deletion", ["deletion"], "促销活动删除：一次直到评估结束，一次删除后按备份回滚", DeletionPlay.PlayAsync),
        new("new_product_trial", ["trial"], "新品试销：转化率 3.00 % 加大推广，2.99 % 下架", TrialPlay.PlayAsync),
        new("slow_mover_clearance", ["clearance"], "滞销品清理：低于成本的清仓价先被驳回，改价后获批", ClearancePlay.PlayAsync),
        new("complaint_handling", ["complaint"], "投诉处理：回复超时升级到客服经理，48 小时内解决", ComplaintPlay.PlayAsync),
        new("system_failure", ["emergency", "crisis_pr", "crisis"], "应急：系统故障 10 分钟无人响应，随后的危机公关", EmergencyPlay.PlayAsync),
    ];

    /// <summary>By key or alias; null when there is no such story.</summary>
    public static DemoStory? Find(string name) => All.FirstOrDefault(s => s.Id == name || s.Aliases.Contains(name));

    /// <summary>One line for each, to print.</summary>
    public static IEnumerable<string> Lines() => All.Select(s => $"  {s.Id,-22}{string.Join(", ", s.Aliases),-30}{s.Title}");
}
