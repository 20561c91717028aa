using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 1.9 where E-01 and E-09 do not lead: a deleted promotion evaluated by hand, extended, its figures explained late.</summary>
public abstract class ActivityDeletionEvaluationTests(DatabaseKind kind)
{
    private const string Definition = "activity_deletion_evaluation";
    private const string Note = "说明评估点数据";
    private const string Summary = "活动删除效果评估总结";

    [Fact]
    public async Task Evaluated_by_hand_explained_late_and_extended_to_day_30()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-25 14:10");
        await scenario.BeginAsync("store_ops_manager", Definition, new { promotionId = "P-1003" });
        Assert.Equal("not_deleted", await scenario.EndStateAsync());
        await scenario.ToldAsync("store_ops_manager", "email", "尚未删除");

        await DeleteAsync(scenario, "P-1003");
        await scenario.BeginAsync("store_ops_manager", Definition, new { promotionId = "P-1003" });
        await scenario.NextDueAsync("2026-11-26 14:10");
        await scenario.AtAsync("2026-11-26 14:12");
        await scenario.TaskAsync("data_analyst", Note);

        // The note on day 1 is late: its manager is told, it stays open, and day 3 is measured when it is due.
        await scenario.AtAsync("2026-11-27 18:01");
        await scenario.ToldAsync("ops_director", "sms", "说明评估点数据");
        await scenario.AtAsync("2026-11-28 14:12");
        Assert.Equal(2, (await scenario.CaseAsync())["openTasks"]!.AsArray().Count);
        // What is explained is what was shown: the older note is shown anew with the figures that came meanwhile.
        Assert.Equal(409, await scenario.TryAsync("data_analyst", Note, "complete", form: new { checkpoint = await CheckpointAsync(scenario), comment = "数据平稳" }));
        await scenario.CompleteAsync("data_analyst", Note, new { checkpoint = await CheckpointAsync(scenario), comment = "数据平稳" });
        await scenario.CompleteAsync("data_analyst", Note, new { checkpoint = await CheckpointAsync(scenario), comment = "数据平稳" });
        foreach (var day in (string[])["2026-12-02", "2026-12-09"])
        {
            await scenario.AtAsync(day + " 14:12");
            await scenario.CompleteAsync("data_analyst", Note, new { checkpoint = await CheckpointAsync(scenario), comment = "仍低于基准" });
        }

        await scenario.CompleteAsync("store_ops_manager", Summary, new { result = "影响未消除，延长评估", summary = "再观察" });
        await scenario.NextDueAsync("2026-12-25 14:10");
        await scenario.AtAsync("2026-12-25 14:12");
        await scenario.CompleteAsync("data_analyst", Note, new { checkpoint = "第 30 天", comment = "已恢复" });
        // Extended once; now it is one or the other.
        Assert.Equal(422, await scenario.TryAsync("store_ops_manager", Summary, "complete", form: new { result = "影响未消除，延长评估", summary = "再观察" }));
        await scenario.CompleteAsync("store_ops_manager", Summary, new { result = "未达到目的", summary = "流量没有转到主推活动" });
        Assert.Equal("aim_missed", await scenario.EndStateAsync());
        await scenario.ToldAsync("supervisor", "email", "未达到目的");
        var output = (await scenario.CaseAsync())["output"]!;
        Assert.Equal([1, 3, 7, 14, 30], output["snapshots"]!.AsArray().Select(s => (int)s!["day"]!));
        Assert.Equal(5, output["notes"]!.AsArray().Select(n => (string)n!["checkpoint"]!).Distinct().Count());
    }

    /// <summary>As the deletion does it.</summary>
    private static async Task DeleteAsync(Scenario scenario, string promotion)
    {
        var store = scenario.Service<Engine.Store.IStorePlatform>();
        var made = Assert.IsType<Engine.Store.StoreOutcome.Done>(await store.PerformAsync("test-backup", new Engine.Store.StoreOperation.Backup(promotion), TestContext.Current.CancellationToken));
        var backup = (string)made.Result["backupId"]!;
        await scenario.PerformAsync(new Engine.Store.StoreOperation.VerifyBackup(backup));
        await scenario.PerformAsync(new Engine.Store.StoreOperation.DeletePage(promotion, backup));
    }

    /// <summary>The checkpoint the form of the open note names.</summary>
    private static async Task<string> CheckpointAsync(Scenario scenario)
    {
        var task = await scenario.TaskAsync("data_analyst", Note);
        var detail = await (await scenario.AsAsync("data_analyst")).SendAsync(HttpMethod.Get, $"/api/v1/tasks/{(string)task["id"]!}");
        return (string)detail.Body!["form"]!["properties"]!["checkpoint"]!["enum"]![0]!;
    }
}

public sealed class SqliteActivityDeletionEvaluationTests() : ActivityDeletionEvaluationTests(DatabaseKind.Sqlite);

public sealed class PostgresActivityDeletionEvaluationTests() : ActivityDeletionEvaluationTests(DatabaseKind.Postgres);
