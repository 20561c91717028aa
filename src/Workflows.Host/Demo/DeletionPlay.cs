using System.Text.Json.Nodes;

namespace Workflows.Host.Demo;

/// <summary>Plays all parts of the promotion deletion, tells its timeline, and compares the shop's data before and after.</summary>
internal sealed class DeletionPlay(DemoPlayer player)
{
    private const string Owner = "activity_owner";
    private const string Definition = "activity_deletion";
    private const string RollbackEvent = "activity_deletion.rollback_requested";

    public static async Task PlayAsync(DemoPlayer player)
    {
        var play = new DeletionPlay(player);
        await play.CompleteAsync("P-1001");
        await play.RollBackAsync("P-1002");
    }

    /// <summary>From the application to the final evaluation.</summary>
    public async Task CompleteAsync(string promotionId)
    {
        await player.TitleAsync($"一、删除活动 {promotionId}，直到评估结束");
        var before = await RowsAsync(promotionId);
        var id = await ApplyAsync(promotionId);
        // The supervisor lets the first deadline pass, a working day later: it reminds, marks and tells the manager, and decides nothing.
        var task = await player.GetAsync($"/api/v1/tasks/{await FirstTaskAsync(id)}");
        await player.AtAsync(task["dueAt"]!.GetValue<DateTimeOffset>());
        await player.PassAsync(TimeSpan.FromHours(1));
        await DriveAsync(id, null);
        await TellAsync(id, "completed");

        var promotion = await player.GetAsync($"/api/v1/store/promotions/{promotionId}");
        await player.CheckAsync(!(bool)promotion["pageExists"]!, "前台页面已删除");
        await player.CheckAsync(!(bool)promotion["ruleCacheExists"]!, "规则缓存已清理");
        await player.CheckAsync((int)promotion["flagged"]! == 0, "没有残留的参与标识");
        await player.CheckAsync(promotion["messages"] is JsonObject { Count: > 0 }, $"参与者通知已写入：{promotion["messages"]?.ToJsonString()}");
        var changed = Differences(before, await RowsAsync(promotionId));
        await player.CheckAsync(changed > 0, $"删除前共 {before.Count} 行，其中 {changed} 行已删除或改变");
        await player.EmptyLineAsync();
    }

    /// <summary>Deleted as well, and taken back within the window, in reverse order.</summary>
    public async Task RollBackAsync(string promotionId)
    {
        await player.TitleAsync($"二、删除活动 {promotionId}，随后按备份回滚");
        var before = await RowsAsync(promotionId);
        var id = await ApplyAsync(promotionId);
        await DriveAsync(id, promotionId);
        await TellAsync(id, "rolled_back");

        var differences = Differences(before, await RowsAsync(promotionId));
        await player.CheckAsync(differences == 0, $"逐行比对：删除前 {before.Count} 行，回滚后 {differences} 处不同");
        await player.EmptyLineAsync();
    }

    private async Task<string> ApplyAsync(string promotionId)
    {
        var promotion = await player.GetAsync($"/api/v1/store/promotions/{promotionId}");
        await player.CheckAsync((bool)promotion["pageExists"]!, $"活动“{promotion["name"]}”在线：参与 {promotion["participants"]} 人，交易 {promotion["transactions"]} 笔");
        var started = await player.PostAsync(Owner, "/api/v1/instances", new JsonObject
        {
            ["definitionId"] = Definition,
            ["correlationId"] = promotionId,
            ["input"] = new JsonObject
            {
                ["promotionId"] = promotionId,
                ["activityName"] = (string?)promotion["name"],
                ["activityTime"] = $"{DemoPlayer.Local(promotion["startsAt"]):yyyy-MM-dd} 至 {DemoPlayer.Local(promotion["endsAt"]):yyyy-MM-dd}",
                ["reason"] = "与新一季主推活动冲突，利润低于预期",
                ["impactReport"] = "预计删除后一周内日销售额回落，两周内恢复。",
                ["riskReport"] = "用户投诉：提前说明并安排专属客服；数据波动：评估期内每日关注。",
                ["parties"] = new JsonArray("杭州云锦纺织有限公司", "潮流研究社"),
                ["partyContacts"] = new JsonArray("yunjin@supplier.example", "chaoliu@partner.example"),
            },
        });
        return (string)started["id"]!;
    }

    /// <summary>The first task, which is there once the shop has been measured.</summary>
    private async Task<string> FirstTaskAsync(string id) => (string)(await player.FoundAsync(
        async () => (await player.GetAsync($"/api/v1/instances/{id}"))["openTasks"]!.AsArray().FirstOrDefault(),
        "流程没有进展 (no progress)"))!;

    /// <summary>Does whatever the instance asks for next: a person's act, or the passing of time. Asks for rollback once the shop is clean, when told to.</summary>
    private async Task DriveAsync(string id, string? rollBack)
    {
        var checkpoints = 0;
        Standing now;
        while (!(now = await player.FoundAsync(() => StandingAsync(id), "流程没有进展 (no progress)")).IsOver)
        {
            if (now.Task is { } task)
            {
                await DoTaskAsync(task);
                continue;
            }

            var isClean = rollBack is not null && await IsCleanAsync(rollBack);
            if (isClean && checkpoints++ > 0)
            {
                await player.PostAsync(Owner, "/api/v1/events/" + RollbackEvent, new JsonObject { ["instanceId"] = id, ["payload"] = new JsonObject { ["reason"] = "删除后投诉增多，申请恢复" } });
                rollBack = null;
            }
            else
            {
                await player.AtAsync(now.Due!.Value.AddSeconds(1));
            }
        }
    }

    /// <summary>The case, with the running ones it started, once it wants something: it is over, somebody has a task, or it waits for a time and for nothing else.</summary>
    private async Task<Standing?> StandingAsync(string id)
    {
        List<JsonNode> family = [await player.GetAsync($"/api/v1/instances/{id}")];
        var running = await player.GetAsync($"/api/v1/instances?correlationId={(string)family[0]["instance"]!["correlationId"]!}&status=Running");
        foreach (var child in running["items"]!.AsArray().Select(i => (string)i!["id"]!).Where(i => i != id))
            family.Add(await player.GetAsync($"/api/v1/instances/{child}"));
        if (family.SelectMany(d => d["incidents"]!.AsArray()).FirstOrDefault(i => i!["resolvedAt"] is null) is { } incident)
            throw new DemoFailedException($"流程出现故障：{incident["message"]}");
        if ((string?)family[0]["instance"]!["status"] == "Finished")
            return new Standing(true, null, null);
        if (family.SelectMany(d => d["openTasks"]!.AsArray()).FirstOrDefault() is { } task)
            return new Standing(false, (string)task!, null);
        foreach (var member in family)
        {
            if (!await IsIdleAsync((string)member["instance"]!["id"]!))
                return null;
        }

        var dues = family.Select(d => d["nextDueAt"]?.GetValue<DateTimeOffset>()).OfType<DateTimeOffset>().ToList();
        return dues.Count > 0 ? new Standing(false, null, dues.Min()) : null;
    }

    private async Task DoTaskAsync(string taskId)
    {
        var task = await player.GetAsync($"/api/v1/tasks/{taskId}");
        // The people of the demo are named by their roles.
        var person = (string?)task["assignee"]?["userName"] ?? ((string)task["candidates"]![0]!).Replace("role:", "", StringComparison.Ordinal);
        var body = new JsonObject { ["comment"] = (string?)task["kind"] == "Approval" ? "理由充分，同意" : "已处理" };
        if (Fill(task["form"] as JsonObject) is { } form)
            body["form"] = form;
        await player.PostAsync(person, $"/api/v1/tasks/{taskId}/{((string?)task["kind"] == "Approval" ? "approve" : "complete")}", body);
    }

    /// <summary>Fills a form as a person who reads it would: what is asked for, word by word where that is asked.</summary>
    private static JsonObject? Fill(JsonObject? form)
    {
        if (form?["properties"] is not JsonObject properties)
            return null;
        var required = (form["required"] as JsonArray ?? []).Select(r => (string?)r).ToHashSet();
        var filled = new JsonObject();
        foreach (var (name, rule) in properties.Where(p => required.Contains(p.Key)))
        {
            filled[name] = rule?["const"]?.DeepClone() ?? (rule?["enum"] as JsonArray)?[0]?.DeepClone() ?? ((string?)rule?["type"] switch
            {
                "boolean" => JsonValue.Create(true),
                "number" or "integer" => rule["minimum"]?.DeepClone() ?? JsonValue.Create(1),
                _ => JsonValue.Create("数据平稳，投诉可控，达到预期。"),
            });
        }

        return filled;
    }

    private async Task<bool> IsIdleAsync(string id)
    {
        var effects = await player.GetAsync($"/api/v1/ops/effects?instanceId={id}&limit=500");
        return !effects["items"]!.AsArray().Any(e => (string?)e!["state"] is "Queued" or "Claimed" or "Attempting" && !((string)e["kind"]!).StartsWith("notify.", StringComparison.Ordinal));
    }

    private async Task<bool> IsCleanAsync(string promotionId)
    {
        var promotion = await player.GetAsync($"/api/v1/store/promotions/{promotionId}");
        return !(bool)promotion["pageExists"]! && !(bool)promotion["ruleCacheExists"]! && (int)promotion["flagged"]! == 0;
    }

    private async Task TellAsync(string id, string endState)
    {
        player.LookAt(id);
        await player.PrintTimelineAsync();
        var detail = await player.GetAsync($"/api/v1/instances/{id}");
        await player.CheckAsync((string?)detail["output"]!["endState"] == endState, $"流程结束状态：{detail["output"]!["endState"]}");
    }

    private async Task<Dictionary<string, string>> RowsAsync(string promotionId) =>
        (await player.GetAsync($"/api/v1/store/promotions/{promotionId}/rows"))["items"]!.AsArray()
            .ToDictionary(r => $"{r!["part"]}/{r["key"]}", r => (string)r!["content"]!);

    private static int Differences(Dictionary<string, string> before, Dictionary<string, string> after) =>
        before.Keys.Union(after.Keys).Count(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key));

    private sealed record Standing(bool IsOver, string? Task, DateTimeOffset? Due);
}
