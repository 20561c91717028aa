using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workflows.Recovery.Tests.Support;

namespace Workflows.Recovery.Tests.Hosts;

/// <summary>
/// Plays all parts of a promotion's deletion and of its rollback. Every step looks first and then acts for what it saw, so that
/// the steps are the same whether the host died between them or not.
/// </summary>
/// <param name="losesData">The look after the clearing finds data lost: restored from the backup at once (catalogue 1.3), then rolled back.</param>
/// <param name="mend">What whoever is told of a failed undo does before the rollback goes on; null where none may fail.</param>
internal sealed class HostPlay(HostCaller api, Place place, bool losesData = false, Func<JsonNode, Task>? mend = null)
{
    /// <summary>What people answer when data are lost, by the title of their task; everywhere else the first choice of the form.</summary>
    private static readonly Dictionary<string, (string Field, string Answer)> OfLoss = new()
    {
        ["核查删除结果"] = ("result", "发现数据丢失或误删"),
        ["数据已恢复，请提出建议"] = ("proposal", "回滚"),
        ["决定继续删除还是回滚"] = ("choice", "回滚"),
    };

    public const string Promotion = "P-1002";
    private const string FailedUndo = "补偿失败，请手工恢复";
    private const string Owner = "activity_owner";
    private const string Operator = "super_admin";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>More than any try waits for.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(61);

    /// <summary>The instance's id; set when <see cref="RunAsync"/> has started it.</summary>
    public string Id { get; private set; } = "";

    /// <summary>From the application to the end of the rollback; the instance's final state, and the promotion's rows before and after.</summary>
    public async Task<(string? EndState, string Before, string After)> RunAsync(CancellationToken cancellationToken)
    {
        var before = await RowsAsync(cancellationToken);
        Id = await ApplyAsync(cancellationToken);
        await DriveAsync(cancellationToken);
        await QuietAsync(cancellationToken);
        var detail = await DetailAsync(cancellationToken);
        return ((string?)detail["output"]!["endState"], before, await RowsAsync(cancellationToken));
    }

    private async Task<string> ApplyAsync(CancellationToken cancellationToken)
    {
        // At the same hour in every run, whenever the test runs.
        var now = await NowAsync(cancellationToken);
        await AdvanceToAsync(now.Date.AddDays(1).AddHours(1), cancellationToken);
        var started = await api.PostAsync(Owner, "/api/v1/instances", "start", new JsonObject
        {
            ["definitionId"] = "activity_deletion",
            ["correlationId"] = Promotion,
            ["input"] = new JsonObject
            {
                ["promotionId"] = Promotion,
                ["activityName"] = "满减",
                ["activityTime"] = "本季",
                ["reason"] = "与主推活动冲突",
                ["impactReport"] = "一周内回落",
                ["riskReport"] = "提前说明",
                ["parties"] = new JsonArray("杭州云锦纺织有限公司", "潮流研究社"),
                ["partyContacts"] = new JsonArray("yunjin@supplier.example", "chaoliu@partner.example"),
            },
        }, cancellationToken);
        return (string)started["id"]!;
    }

    private async Task DriveAsync(CancellationToken cancellationToken)
    {
        var (checkpoints, isAsked) = (0, false);
        while (true)
        {
            // First the effects, then the instances: what ended in between has left its trace in the second.
            var isIdle = await IsIdleAsync(cancellationToken);
            var family = await FamilyAsync(cancellationToken);
            if ((string?)family[0]["instance"]!["status"] == "Finished")
                return;
            Assert.Empty(family.SelectMany(d => d["incidents"]!.AsArray()));
            if (family.SelectMany(d => d["openTasks"]!.AsArray()).FirstOrDefault() is { } task)
            {
                await DoTaskAsync((string)task!, cancellationToken);
                continue;
            }

            // Once rollback is asked for, no time passes until it is taken up.
            var isWaiting = isIdle && family.TrueForAll(d => (string?)d["instance"]!["subStatus"] == "Suspended") && !isAsked;
            var dues = family.Select(d => d["nextDueAt"]?.GetValue<DateTimeOffset>()).OfType<DateTimeOffset>().Order().ToList();
            if (isWaiting && dues is [var due, ..] && due > await NowAsync(cancellationToken))
            {
                var isClean = await IsCleanAsync(cancellationToken);
                if (isClean && checkpoints == 1)
                {
                    await AskForRollbackAsync(cancellationToken);
                    isAsked = true;
                    continue;
                }

                checkpoints += isClean ? 1 : 0;
                await AdvanceToAsync(due, cancellationToken);
            }
            else if (mend is not null && await IsToBeTriedAgainAsync(cancellationToken))
            {
                await AdvanceToAsync(await NowAsync(cancellationToken) + Longest, cancellationToken);
            }
            else
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
        }
    }

    /// <summary>Whether something failed and waits for its next try.</summary>
    private async Task<bool> IsToBeTriedAgainAsync(CancellationToken cancellationToken) =>
        (await api.GetAsync(Operator, $"/api/v1/ops/effects?instanceId={Id}&state=Queued&limit=500", cancellationToken))["items"]!.AsArray().Any(e => (int)e!["attempts"]! > 0);

    private Task<JsonNode> AskForRollbackAsync(CancellationToken cancellationToken) =>
        api.PostAsync(Owner, "/api/v1/events/activity_deletion.rollback_requested", "rollback", new JsonObject { ["instanceId"] = Id, ["payload"] = new JsonObject { ["reason"] = "申请恢复" } }, cancellationToken);

    private async Task DoTaskAsync(string taskId, CancellationToken cancellationToken)
    {
        var task = await api.GetAsync(Operator, $"/api/v1/tasks/{taskId}", cancellationToken);
        var person = (string?)task["assignee"]?["userName"] ?? ((string)task["candidates"]![0]!).Replace("role:", "", StringComparison.Ordinal);
        var act = (string?)task["kind"] == "Approval" ? "approve" : "complete";
        var body = new JsonObject { ["comment"] = "同意" };
        if (task["form"]?["properties"] is JsonObject properties)
        {
            var required = (task["form"]!["required"] as JsonArray ?? []).Select(r => (string?)r).ToHashSet();
            body["form"] = new JsonObject(properties.Where(p => required.Contains(p.Key)).Select(p => KeyValuePair.Create(p.Key, Fill(p.Value!))));
        }

        if ((string?)task["title"] == FailedUndo)
            await mend!(await DetailAsync(cancellationToken));
        if (losesData && OfLoss.TryGetValue((string)task["title"]!, out var said))
            body["form"]![said.Field] = said.Answer;
        await api.PostAsync(person, $"/api/v1/tasks/{taskId}/{act}", $"{act}-{taskId}", body, cancellationToken);
    }

    private static JsonNode? Fill(JsonNode rule) =>
        rule["const"]?.DeepClone() ?? (rule["enum"] as JsonArray)?[0]?.DeepClone() ?? ((string?)rule["type"] switch
        {
            "boolean" => true,
            "number" or "integer" => rule["minimum"]?.DeepClone() ?? 1,
            _ => "数据平稳，投诉可控，达到预期。",
        });

    /// <summary>To an instant rather than by a duration: an advance whose answer was lost must not be made twice.</summary>
    private async Task AdvanceToAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        while (await NowAsync(cancellationToken) is var now && now <= due)
        {
            var by = due - now + TimeSpan.FromSeconds(1);
            await api.TryPostAsync(Operator, "/dev/clock/advance", new JsonObject { ["by"] = by.ToString("c", CultureInfo.InvariantCulture) }, cancellationToken);
        }
    }

    private async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) =>
        (await api.GetAsync(Operator, "/dev/clock", cancellationToken))["now"]!.GetValue<DateTimeOffset>();

    private Task<JsonNode> DetailAsync(CancellationToken cancellationToken) => api.GetAsync(Operator, $"/api/v1/instances/{Id}", cancellationToken);

    /// <summary>The case and the running ones it started, in the order of their beginning.</summary>
    private async Task<List<JsonNode>> FamilyAsync(CancellationToken cancellationToken)
    {
        var running = await api.GetAsync(Operator, $"/api/v1/instances?correlationId={Promotion}&status=Running", cancellationToken);
        var ids = running["items"]!.AsArray().Select(i => (string)i!["id"]!).Where(id => id != Id).Order(StringComparer.Ordinal);
        List<JsonNode> details = [await DetailAsync(cancellationToken)];
        foreach (var id in ids)
            details.Add(await api.GetAsync(Operator, $"/api/v1/instances/{id}", cancellationToken));
        return details;
    }

    private async Task<bool> IsIdleAsync(CancellationToken cancellationToken)
    {
        foreach (var member in await FamilyAsync(cancellationToken))
        {
            var effects = await api.GetAsync(Operator, $"/api/v1/ops/effects?instanceId={(string)member["instance"]!["id"]!}&limit=500", cancellationToken);
            if (effects["items"]!.AsArray().Any(e => (string?)e!["state"] is "Queued" or "Claimed" or "Attempting"))
                return false;
        }

        return true;
    }

    private async Task<bool> IsCleanAsync(CancellationToken cancellationToken)
    {
        var promotion = await api.GetAsync(Owner, $"/api/v1/store/promotions/{Promotion}", cancellationToken);
        return !(bool)promotion["pageExists"]! && !(bool)promotion["ruleCacheExists"]! && (int)promotion["flagged"]! == 0;
    }

    private async Task<string> RowsAsync(CancellationToken cancellationToken)
    {
        var rows = await api.GetAsync(Owner, $"/api/v1/store/promotions/{Promotion}/rows", cancellationToken);
        var lines = rows["items"]!.AsArray().Select(r => $"{r!["part"]}/{r["key"]} {r["content"]}").ToList();
        Assert.NotEmpty(lines);
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    /// <summary>Until nothing is under way; a host that dies meanwhile is replaced.</summary>
    private async Task QuietAsync(CancellationToken cancellationToken)
    {
        await using var connection = await place.ConnectAsync();
        while (true)
        {
            await DetailAsync(cancellationToken);
            if (await connection.CountAsync("select (select count(*) from effect where state in (0, 1, 2)) + (select count(*) from timer) + (select count(*) from event where dispatched_at is null)") == 0)
                return;
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>A deadline counted in hours falls on the second it was begun at, which depends on how long the host was dead; its hour does not.</summary>
    private static string? WithoutMoment(string? message) => message is null ? null : Regex.Replace(message, @"(截止 \d{4}-\d\d-\d\d 周. \d\d):\d\d:\d\d", "$1 时");

    /// <summary>Everything that must be the same in every run: journal, effects, tasks, operations and messages of the shop; the instance's id stands as ID.</summary>
    public async Task<string> ResultAsync()
    {
        await using var connection = await place.ConnectAsync();
        var lines = new List<string>();
        foreach (var row in await connection.QueryAsync("select first_sequence, entries from journal order by instance_id, first_sequence"))
            lines.AddRange(JsonNode.Parse((string)row[1]!)!.AsArray().Select((e, i) => $"{Convert.ToInt32(row[0], null) + i} {e!["event"]} {e["nodeId"]} {WithoutMoment((string?)e["message"])} {e["by"]} {e["payload"]?["outcomes"]?.ToJsonString()}"));
        foreach (var (what, sql) in new[]
        {
            ("instance", "select sub_status, incident_count from instance"),
            ("effect", "select key, kind, state from effect"),
            ("task", "select id, state, decided_by from user_task"),
            ("event", "select name, (dispatched_at is not null), (delivered_at is not null) from event"),
            ("operation", "select key, kind from store_operation"),
            ("message", "select b.title, c.channel, count(*) from message_batch b join customer_message c on c.batch_id = b.id group by b.id, b.title, c.channel"),
        })
            lines.AddRange((await connection.QueryAsync(sql)).Select(row => $"{what} {string.Join(' ', row.Select(Plain))}").Order(StringComparer.Ordinal));
        return string.Join('\n', lines).Replace(Id, "ID", StringComparison.Ordinal);
    }

    /// <summary>
    /// What holds whoever acted first where branches run beside each other: the shop's operations, each as often as it was asked for, the undo steps in their
    /// order, and that no step of the deletion began before those that allow it were over.
    /// </summary>
    public async Task<string> ActsAsync()
    {
        await using var connection = await place.ConnectAsync();
        var journal = new List<(string Event, string Node, string? Message)>();
        foreach (var row in await connection.QueryAsync($"select entries from journal where instance_id = '{Id}' order by first_sequence"))
            journal.AddRange(JsonNode.Parse((string)row[0]!)!.AsArray().Select(e => ((string)e!["event"]!, ((string?)e["nodeId"])?.Split(':')[^1] ?? "", (string?)e["message"])));
        foreach (var (act, allowedBy) in new (string, string[])[] { ("deletePage", ["supervisor", "manager", "notice", "gate", "confirm1", "confirm2"]), ("clear", ["confirm3", "clearTask"]), ("undoPage", ["recover"]), ("rollback", ["rollbackSupervisor", "rollbackManager"]) })
        {
            var began = journal.FindIndex(e => e.Node == act);
            foreach (var step in began < 0 ? [] : allowedBy)
                Assert.InRange(journal.FindIndex(e => e.Node == step && e.Event == "Completed"), 0, began - 1);
        }

        var operations = (await connection.QueryAsync("select kind from store_operation")).Select(r => (string)r[0]!).Order(StringComparer.Ordinal);
        return string.Join('\n', [.. operations, .. journal.Where(e => e.Event == "UndoStarted").Select(e => e.Message)]);
    }

    /// <summary>SQLite answers truth by a number.</summary>
    private static object? Plain(object? value) => value is bool truth ? (truth ? 1 : 0) : value;
}
