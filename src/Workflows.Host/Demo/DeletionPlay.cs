using System.Globalization;
using System.Text.Json.Nodes;

namespace Workflows.Host.Demo;

/// <summary>Plays all parts of the promotion deletion, tells its timeline, and compares the shop's data before and after.</summary>
internal sealed class DeletionPlay(DemoApi api, TextWriter output) : IAsyncDisposable
{
    private const string Owner = "activity_owner";
    private const string Operator = "super_admin";
    private const string Definition = "activity_deletion";
    private const string RollbackEvent = "activity_deletion.rollback_requested";
    private static readonly TimeSpan Shop = TimeSpan.FromHours(8);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>From the application to the final evaluation.</summary>
    public async Task CompleteAsync(string promotionId, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync($"══ 一、删除活动 {promotionId}，直到评估结束 ══");
        var before = await RowsAsync(promotionId, cancellationToken);
        var id = await ApplyAsync(promotionId, cancellationToken);
        // The supervisor lets the first deadline pass, a working day later: it reminds, marks and tells the manager, and decides nothing.
        var task = await api.GetAsync(Operator, $"/api/v1/tasks/{await FirstTaskAsync(id, cancellationToken)}", cancellationToken);
        await AdvanceToAsync(task["dueAt"]!, cancellationToken);
        await AdvanceAsync(TimeSpan.FromHours(1), cancellationToken);
        await DriveAsync(id, null, cancellationToken);
        await TellAsync(id, "completed", cancellationToken);

        var promotion = await api.GetAsync(Owner, $"/api/v1/store/promotions/{promotionId}", cancellationToken);
        Check(!(bool)promotion["pageExists"]!, "前台页面已删除");
        Check(!(bool)promotion["ruleCacheExists"]!, "规则缓存已清理");
        Check((int)promotion["flagged"]! == 0, "没有残留的参与标识");
        Check(promotion["messages"] is JsonObject { Count: > 0 }, $"参与者通知已写入：{promotion["messages"]?.ToJsonString()}");
        var changed = Differences(before, await RowsAsync(promotionId, cancellationToken));
        Check(changed > 0, $"删除前共 {before.Count} 行，其中 {changed} 行已删除或改变");
        await output.WriteLineAsync();
    }

    /// <summary>Deleted as well, and taken back within the window, in reverse order.</summary>
    public async Task RollBackAsync(string promotionId, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync($"══ 二、删除活动 {promotionId}，随后按备份回滚 ══");
        var before = await RowsAsync(promotionId, cancellationToken);
        var id = await ApplyAsync(promotionId, cancellationToken);
        await DriveAsync(id, promotionId, cancellationToken);
        await TellAsync(id, "rolled_back", cancellationToken);

        var differences = Differences(before, await RowsAsync(promotionId, cancellationToken));
        Check(differences == 0, $"逐行比对：删除前 {before.Count} 行，回滚后 {differences} 处不同");
        await output.WriteLineAsync();
    }

    public ValueTask DisposeAsync()
    {
        api.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> ApplyAsync(string promotionId, CancellationToken cancellationToken)
    {
        var promotion = await api.GetAsync(Owner, $"/api/v1/store/promotions/{promotionId}", cancellationToken);
        Check((bool)promotion["pageExists"]!, $"活动“{promotion["name"]}”在线：参与 {promotion["participants"]} 人，交易 {promotion["transactions"]} 笔");
        var started = await api.PostAsync(Owner, "/api/v1/instances", new JsonObject
        {
            ["definitionId"] = Definition,
            ["correlationId"] = promotionId,
            ["input"] = new JsonObject
            {
                ["promotionId"] = promotionId,
                ["activityName"] = (string?)promotion["name"],
                ["activityTime"] = $"{Local(promotion["startsAt"]):yyyy-MM-dd} 至 {Local(promotion["endsAt"]):yyyy-MM-dd}",
                ["reason"] = "与新一季主推活动冲突，利润低于预期",
                ["impactReport"] = "预计删除后一周内日销售额回落，两周内恢复。",
                ["riskReport"] = "用户投诉：提前说明并安排专属客服；数据波动：评估期内每日关注。",
                ["parties"] = new JsonArray("杭州云锦纺织有限公司", "潮流研究社"),
                ["partyContacts"] = new JsonArray("yunjin@supplier.example", "chaoliu@partner.example"),
            },
        }, cancellationToken);
        return (string)started["id"]!;
    }

    /// <summary>The first task, which is there once the shop has been measured.</summary>
    private async Task<string> FirstTaskAsync(string id, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var detail = await api.GetAsync(Operator, $"/api/v1/instances/{id}", cancellationToken);
            if (detail["openTasks"]!.AsArray() is { Count: > 0 } tasks)
                return (string)tasks[0]!;
            if (TimeProvider.System.GetElapsedTime(since) > Patience)
                throw new DemoFailedException("流程没有进展 (no progress)");
            await Task.Delay(LookAgain, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Does whatever the instance asks for next: a person's act, or the passing of time. Asks for rollback once the shop is clean, when told to.</summary>
    private async Task DriveAsync(string id, string? rollBack, CancellationToken cancellationToken)
    {
        var quietSince = TimeProvider.System.GetTimestamp();
        var checkpoints = 0;
        while (true)
        {
            var detail = await api.GetAsync(Operator, $"/api/v1/instances/{id}", cancellationToken);
            if ((string?)detail["instance"]!["status"] == "Finished")
                return;
            if (detail["incidents"]!.AsArray().FirstOrDefault(i => i!["resolvedAt"] is null) is { } incident)
                throw new DemoFailedException($"流程出现故障：{incident["message"]}");

            if (detail["openTasks"]!.AsArray() is { Count: > 0 } tasks)
            {
                await DoTaskAsync((string)tasks[0]!, cancellationToken);
            }
            else if (await IsIdleAsync(id, cancellationToken) && detail["nextDueAt"] is { } due)
            {
                if (rollBack is not null && checkpoints > 0 && await IsCleanAsync(rollBack, cancellationToken))
                {
                    await api.PostAsync(Owner, "/api/v1/events/" + RollbackEvent, new JsonObject { ["instanceId"] = id, ["payload"] = new JsonObject { ["reason"] = "删除后投诉增多，申请恢复" } }, cancellationToken);
                    rollBack = null;
                }
                else
                {
                    if (rollBack is not null && await IsCleanAsync(rollBack, cancellationToken))
                        checkpoints++;
                    await AdvanceToAsync(due, cancellationToken);
                }
            }
            else
            {
                if (TimeProvider.System.GetElapsedTime(quietSince) > Patience)
                    throw new DemoFailedException("流程没有进展 (no progress)");
                await Task.Delay(LookAgain, TimeProvider.System, cancellationToken);
                continue;
            }

            quietSince = TimeProvider.System.GetTimestamp();
        }
    }

    private async Task DoTaskAsync(string taskId, CancellationToken cancellationToken)
    {
        var task = await api.GetAsync(Operator, $"/api/v1/tasks/{taskId}", cancellationToken);
        // The people of the demo are named by their roles.
        var person = (string?)task["assignee"]?["userName"] ?? ((string)task["candidates"]![0]!).Replace("role:", "", StringComparison.Ordinal);
        var body = new JsonObject { ["comment"] = (string?)task["kind"] == "Approval" ? "理由充分，同意" : "已处理" };
        if (Fill(task["form"] as JsonObject) is { } form)
            body["form"] = form;
        await api.PostAsync(person, $"/api/v1/tasks/{taskId}/{((string?)task["kind"] == "Approval" ? "approve" : "complete")}", body, cancellationToken);
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

    private async Task<bool> IsIdleAsync(string id, CancellationToken cancellationToken)
    {
        var effects = await api.GetAsync(Operator, $"/api/v1/ops/effects?instanceId={id}&limit=500", cancellationToken);
        return !effects["items"]!.AsArray().Any(e => (string?)e!["state"] is "Queued" or "Claimed" or "Attempting" && !((string)e["kind"]!).StartsWith("notify.", StringComparison.Ordinal));
    }

    private async Task<bool> IsCleanAsync(string promotionId, CancellationToken cancellationToken)
    {
        var promotion = await api.GetAsync(Owner, $"/api/v1/store/promotions/{promotionId}", cancellationToken);
        return !(bool)promotion["pageExists"]! && !(bool)promotion["ruleCacheExists"]! && (int)promotion["flagged"]! == 0;
    }

    private async Task AdvanceToAsync(JsonNode due, CancellationToken cancellationToken)
    {
        var clock = await api.GetAsync(Operator, "/dev/clock", cancellationToken);
        var by = due.GetValue<DateTimeOffset>() - clock["now"]!.GetValue<DateTimeOffset>() + TimeSpan.FromSeconds(1);
        await AdvanceAsync(by > TimeSpan.FromSeconds(1) ? by : TimeSpan.FromSeconds(1), cancellationToken);
    }

    private Task<JsonNode> AdvanceAsync(TimeSpan by, CancellationToken cancellationToken) =>
        api.PostAsync(Operator, "/dev/clock/advance", new JsonObject { ["by"] = by.ToString("c", CultureInfo.InvariantCulture) }, cancellationToken);

    private async Task TellAsync(string id, string endState, CancellationToken cancellationToken)
    {
        var timeline = await api.GetAsync(Owner, $"/api/v1/instances/{id}/timeline", cancellationToken);
        foreach (var entry in timeline["items"]!.AsArray())
        {
            var due = entry!["dueAt"] is { } at ? $"（期限 {Local(at):MM-dd HH:mm}{((bool?)entry["overdue"] == true ? "，超时" : "")}）" : "";
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {(entry["at"] is { } when ? Local(when).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "等待中"),-16}  {entry["text"]}{due}"));
        }

        var detail = await api.GetAsync(Owner, $"/api/v1/instances/{id}", cancellationToken);
        Check((string?)detail["output"]!["endState"] == endState, $"流程结束状态：{detail["output"]!["endState"]}");
    }

    private async Task<Dictionary<string, string>> RowsAsync(string promotionId, CancellationToken cancellationToken) =>
        (await api.GetAsync(Owner, $"/api/v1/store/promotions/{promotionId}/rows", cancellationToken))["items"]!.AsArray()
            .ToDictionary(r => $"{r!["part"]}/{r["key"]}", r => (string)r!["content"]!);

    private static int Differences(Dictionary<string, string> before, Dictionary<string, string> after) =>
        before.Keys.Union(after.Keys).Count(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key));

    private void Check(bool holds, string what)
    {
        output.WriteLine($"  {(holds ? "✓" : "✗")} {what}");
        if (!holds)
            throw new DemoFailedException(what);
    }

    private static DateTimeOffset Local(JsonNode? instant) => instant!.GetValue<DateTimeOffset>().ToOffset(Shop);
}
