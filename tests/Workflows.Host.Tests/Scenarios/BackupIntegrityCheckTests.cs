using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 1.6: a backup is compared with its manifest; one that fails twice is told of and made anew.</summary>
public abstract class BackupIntegrityCheckTests(DatabaseKind kind)
{
    private const string Promotion = "P-1001";

    [Fact]
    public async Task A_whole_backup_is_stamped()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        var backup = await BackUpAsync(scenario);
        await scenario.BeginAsync("tech_support", "backup_integrity_check", new { promotionId = Promotion, backupId = backup });

        Assert.Equal("valid", await scenario.EndStateAsync());
        Assert.NotNull((await BackupsAsync(scenario)).Single(b => (string?)b!["id"] == backup)!["verifiedAt"]);
        Assert.Empty(await scenario.MessagesAsync("tech_support", "sms"));
    }

    [Fact]
    public async Task E_04_one_transaction_short_is_checked_twice_told_and_backed_up_anew()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        var backup = await BackUpAsync(scenario);
        await scenario.SqlAsync($"delete from backup_row where backup_id = '{backup}' and row_key = 'P-1001-T05870'");
        await scenario.BeginAsync("tech_support", "backup_integrity_check", new { promotionId = Promotion, backupId = backup });

        // Told at once, well within ten minutes.
        await scenario.ToldAsync("tech_support", "sms", "两次校验均未通过");
        await scenario.ToldAsync("activity_owner", "email", "两次校验均未通过");
        await scenario.ToldAsync("activity_owner", "sms", "两次校验均未通过");
        Assert.Null((await BackupsAsync(scenario)).Single(b => (string?)b!["id"] == backup)!["verifiedAt"]);
        await scenario.CompleteAsync("tech_support", "处理备份校验失败", new { choice = "重做备份" });

        Assert.Equal("valid", await scenario.EndStateAsync());
        var fresh = (string)(await scenario.CaseAsync())["output"]!["backupId"]!;
        Assert.NotEqual(backup, fresh);
        var parts = (await BackupsAsync(scenario)).Single(b => (string?)b!["id"] == fresh)!["parts"]!.AsArray();
        Assert.Equal(5_870, (int)parts.Single(p => (string?)p!["part"] == "transactions")!["count"]!);
    }

    [Fact]
    public async Task A_backup_that_cannot_be_made_anew_is_recorded_as_invalid()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        var backup = await BackUpAsync(scenario);
        await scenario.SqlAsync($"delete from backup_row where backup_id = '{backup}' and row_key = 'P-1001-T05870'");
        await scenario.BeginAsync("tech_support", "backup_integrity_check", new { promotionId = Promotion, backupId = backup });
        await scenario.CompleteAsync("tech_support", "处理备份校验失败", new { choice = "登记备份无效" });

        Assert.Equal("invalid", await scenario.EndStateAsync());
    }

    private static async Task<string> BackUpAsync(Scenario scenario)
    {
        await scenario.PerformAsync(new StoreOperation.Backup(Promotion));
        return (string)(await BackupsAsync(scenario))[0]!["id"]!;
    }

    private static async Task<JsonArray> BackupsAsync(Scenario scenario) =>
        (await (await scenario.AsAsync("activity_owner")).SendAsync(HttpMethod.Get, $"/api/v1/store/promotions/{Promotion}")).Body!["backups"]!.AsArray();
}

public sealed class SqliteBackupIntegrityCheckTests() : BackupIntegrityCheckTests(DatabaseKind.Sqlite);

public sealed class PostgresBackupIntegrityCheckTests() : BackupIntegrityCheckTests(DatabaseKind.Postgres);
