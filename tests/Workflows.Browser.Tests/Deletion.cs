using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Browser.Tests;

/// <summary>Applications to delete a promotion of the demo shop, made without a browser where the test is about something else.</summary>
internal static class Deletion
{
    public const string Definition = "activity_deletion";

    public static async Task<string> ApplyAsync(BrowserUnderTest host, string promotionId, string by = "activity_owner", string reason = "与新一季主推活动冲突，利润低于预期")
    {
        var delivery = await host.Services.GetRequiredService<WorkflowRuntime>().StartAsync(
            new StartRequest
            {
                DefinitionId = Definition,
                InitiatedBy = by,
                Input = new Dictionary<string, JsonNode?>
                {
                    ["promotionId"] = promotionId,
                    ["activityName"] = "双十一满减",
                    ["activityTime"] = "2026-11-01 至 2026-11-20",
                    ["reason"] = reason,
                    ["impactReport"] = "预计删除后一周内日销售额回落，两周内恢复。",
                    ["riskReport"] = "用户投诉：提前说明并安排专属客服；数据波动：评估期内每日关注。",
                    ["parties"] = new JsonArray("杭州云锦纺织有限公司", "潮流研究社"),
                },
            },
            TestContext.Current.CancellationToken);
        return Assert.IsType<Delivery.Applied>(delivery).Last.Id;
    }

    /// <summary>The supervisor's task; it is there as soon as the shop has been measured.</summary>
    public static async Task<string> FirstTaskAsync(BrowserUnderTest host, string instanceId)
    {
        var tasks = host.Services.GetRequiredService<IUserTaskStore>();
        return await Condition.FoundAsync(
            async () => await tasks.ListOfInstanceAsync(instanceId, TestContext.Current.CancellationToken) is [var first, ..] ? first.Task.Id : null,
            "The shop was never measured.", TestContext.Current.CancellationToken);
    }
}
