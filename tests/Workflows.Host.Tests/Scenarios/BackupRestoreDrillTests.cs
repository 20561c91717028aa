using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 1.7: a backup that was never restored is a hope.</summary>
public abstract class BackupRestoreDrillTests(DatabaseKind kind)
{
    private const string Definition = "backup_restore_drill";
    private const string Action = "整改备份恢复问题";
    private const string Sign = "签字确认恢复演练整改";

    [Fact]
    public async Task A_drawn_backup_is_restored_apart_and_signed_and_a_damaged_one_has_its_corrective_action()
    {
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-23 09:00");
        await scenario.BeginAsync("tech_support", Definition, new { });
        Assert.Equal("nothing", await scenario.EndStateAsync());
        await scenario.ToldAsync("tech_director", "email", "没有校验通过的备份");

        await scenario.PerformAsync(new StoreOperation.Backup("P-1001"));
        var backup = (string)(await PromotionAsync(scenario))["backups"]![0]!["id"]!;
        await scenario.PerformAsync(new StoreOperation.VerifyBackup(backup));
        var rows = await CountAsync(scenario);
        await scenario.BeginAsync("tech_support", Definition, new { });
        Assert.Equal([("备份恢复演练", 57d)], (await scenario.ClocksAsync()).Select(c => (c.Label, Math.Round(c.Hours))));
        await scenario.DecideAsync("tech_director", "签字确认恢复演练合格", "approve");
        Assert.Equal("passed", await scenario.EndStateAsync());
        var report = (await scenario.CaseAsync())["output"]!["report"]!;
        Assert.Equal((backup, 9_283), ((string)report["backupId"]!, (int)report["rows"]!));
        await scenario.ToldAsync("store_ops_manager", "email", "9283 行全部一致");
        Assert.Equal(rows, await CountAsync(scenario));

        // One row short: told by SMS, and not closed without an action that has an owner and a date, signed.
        await scenario.SqlAsync("delete from backup_row where part = 'transactions' and row_key = (select min(row_key) from backup_row where part = 'transactions')");
        await scenario.BeginAsync("tech_support", Definition, new { backupId = backup });
        await scenario.ToldAsync("tech_support", "sms", "恢复演练不合格");
        Assert.Equal(422, await scenario.TryAsync("tech_support", Action, "complete", form: new { cause = "磁盘损坏", actions = Array.Empty<object>() }));
        var actions = new { cause = "磁盘损坏", actions = new[] { new { action = "更换存储并重做备份", owner = "技术支持", due = "2026-11-30" } } };
        await scenario.CompleteAsync("tech_support", Action, actions);
        await scenario.DecideAsync("tech_director", Sign, "reject", "请补充验证办法");
        await scenario.CompleteAsync("tech_support", Action, actions);
        await scenario.DecideAsync("tech_director", Sign, "approve");
        Assert.Equal("failed", await scenario.EndStateAsync());
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> PromotionAsync(Scenario scenario) =>
        (await (await scenario.AsAsync("activity_owner")).SendAsync(HttpMethod.Get, "/api/v1/store/promotions/P-1001")).Body!;

    private static async Task<string> CountAsync(Scenario scenario)
    {
        var promotions = (await (await scenario.AsAsync("activity_owner")).SendAsync(HttpMethod.Get, "/api/v1/store/promotions")).Body!["items"]!.AsArray();
        return $"{promotions.Count} {(await PromotionAsync(scenario))["participants"]} {(await PromotionAsync(scenario))["transactions"]}";
    }
}

public sealed class SqliteBackupRestoreDrillTests() : BackupRestoreDrillTests(DatabaseKind.Sqlite);

public sealed class PostgresBackupRestoreDrillTests() : BackupRestoreDrillTests(DatabaseKind.Postgres);
