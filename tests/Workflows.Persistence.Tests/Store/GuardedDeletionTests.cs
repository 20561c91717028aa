using Workflows.Engine.Outbox;
using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>Nothing is deleted that could not be brought back, and what is brought back equals what was there.</summary>
public abstract class GuardedDeletionContract(DatabaseFixture fixture) : EmbeddedStoreContract(fixture)
{
    [Fact]
    public async Task Every_operation_happens_once_per_key_and_a_repeat_gets_the_first_answer()
    {
        await OpenShopAsync();
        var backup = (string)(await DoAsync(new StoreOperation.Backup(Wanted), "k-backup"))["backupId"]!;
        StoreOperation[] steps =
        [
            new StoreOperation.MeasureImpact(Wanted),
            new StoreOperation.Backup(Wanted),
            new StoreOperation.VerifyBackup(backup),
            new StoreOperation.DeletePage(Wanted, backup),
            new StoreOperation.ClearData(Wanted, backup),
            new StoreOperation.VerifyDeleted(Wanted),
            new StoreOperation.MessageParticipants(Wanted, backup, "batch", "标题", "正文"),
            new StoreOperation.SnapshotMetrics(Wanted, "D1", A.Now.AddDays(-1), A.Now),
            new StoreOperation.CorrectMessages(Wanted, "batch", "更正", "正文"),
            new StoreOperation.RestoreData(Wanted, backup),
            new StoreOperation.RestorePage(Wanted, backup),
            new StoreOperation.VerifyRestored(Wanted, backup),
        ];

        foreach (var step in steps)
        {
            var first = await DoAsync(step, "k-" + step.Kind);
            Clock.Advance(TimeSpan.FromMinutes(1));
            var state = await StateAsync();
            var second = await DoAsync(step, "k-" + step.Kind);

            Assert.Equal(first.ToJsonString(), second.ToJsonString());
            Assert.Equal(state, await StateAsync());
        }
    }

    [Fact]
    public async Task A_key_used_for_one_operation_is_refused_for_another()
    {
        await OpenShopAsync();
        await DoAsync(new StoreOperation.Backup(Wanted), "key");

        Assert.IsType<StoreOutcome.Refused>(await AskAsync(new StoreOperation.VerifyDeleted(Wanted), "key"));
    }

    [Fact]
    public async Task An_operation_that_fails_at_any_command_leaves_nothing_and_succeeds_when_repeated()
    {
        await OpenShopAsync();
        var before = await StateAsync();
        var backup = await BackUpAsync();
        await DoAsync(new StoreOperation.DeletePage(Wanted, backup));

        for (var failing = 1; ; failing++)
        {
            var state = await StateAsync();
            var commands = 0;
            var nth = failing;
            Db.Database.BeforeCommand = _ => ++commands == nth ? throw new IOException("lost") : Task.CompletedTask;
            var lost = await Record.ExceptionAsync(() => AskAsync(new StoreOperation.ClearData(Wanted, backup), "clear"));
            Db.Database.BeforeCommand = null;
            if (lost is null)
                break;
            Assert.IsType<IOException>(lost, exactMatch: false);
            Assert.Equal(state, await StateAsync());
        }

        Assert.Empty((await DoAsync(new StoreOperation.VerifyDeleted(Wanted)))["residue"]!.AsArray());
        await DoAsync(new StoreOperation.RestoreData(Wanted, backup));
        await DoAsync(new StoreOperation.RestorePage(Wanted, backup));
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task A_page_is_not_deleted_without_a_verified_backup_of_that_promotion()
    {
        await OpenShopAsync();
        var unverified = (string)(await DoAsync(new StoreOperation.Backup(Wanted)))["backupId"]!;
        var foreign = await BackUpAsync(Other);

        Assert.Contains("没有备份", await RefusalAsync(new StoreOperation.DeletePage(Wanted, "none")), StringComparison.Ordinal);
        Assert.Contains("没有通过校验", await RefusalAsync(new StoreOperation.DeletePage(Wanted, unverified)), StringComparison.Ordinal);
        Assert.Contains("另一个活动", await RefusalAsync(new StoreOperation.DeletePage(Wanted, foreign)), StringComparison.Ordinal);
        Assert.Null((await Shop.FindPromotionAsync(Wanted, Token))!.Promotion.PageDeletedAt);
    }

    [Fact]
    public async Task A_page_is_not_deleted_when_its_data_changed_since_the_backup()
    {
        await OpenShopAsync();
        var backup = await BackUpAsync();
        await Shop.SaveAsync([new Participant(Wanted, "C99", "后来的", null, A.Now)], Token);

        Assert.Equal("备份之后参与者数据有变化", (string?)(await DoAsync(new StoreOperation.DeletePage(Wanted, backup)))["stale"]);
        Assert.Null((await Shop.FindPromotionAsync(Wanted, Token))!.Promotion.PageDeletedAt);
    }

    [Fact]
    public async Task Data_is_not_cleared_while_the_page_stands_or_while_a_row_is_not_in_the_backup()
    {
        await OpenShopAsync();
        var backup = await BackUpAsync();
        Assert.Contains("前台页面还在", await RefusalAsync(new StoreOperation.ClearData(Wanted, backup)), StringComparison.Ordinal);
        await DoAsync(new StoreOperation.DeletePage(Wanted, backup));
        await Shop.SaveAsync([new PromotionTransaction(Wanted, "T99", "C1", A.Now, 1, 0)], Token);

        Assert.Equal("有 1 条数据不在备份中", (string?)(await DoAsync(new StoreOperation.ClearData(Wanted, backup)))["stale"]);

        var state = await Shop.FindPromotionAsync(Wanted, Token);
        Assert.Equal((5, 5, 9), (state!.Participants, state.Flagged, state.Transactions));
    }

    [Fact]
    public async Task A_backup_on_top_of_another_holds_both_even_when_page_and_data_are_gone()
    {
        await OpenShopAsync();
        var before = await StateAsync();
        var first = await BackUpAsync();
        await DoAsync(new StoreOperation.DeletePage(Wanted, first));
        Assert.Contains("没有可备份的内容", await RefusalAsync(new StoreOperation.Backup(Wanted)), StringComparison.Ordinal);
        Assert.Contains("不属于本活动", await RefusalAsync(new StoreOperation.Backup(Wanted, await BackUpAsync(Other))), StringComparison.Ordinal);
        await DoAsync(new StoreOperation.ClearData(Wanted, first));
        await Shop.SaveAsync([new PromotionTransaction(Wanted, "T99", "C1", A.Now, 1, 0)], Token);

        var second = (string)(await DoAsync(new StoreOperation.Backup(Wanted, first)))["backupId"]!;
        Assert.True((bool)(await DoAsync(new StoreOperation.VerifyBackup(second)))["valid"]!);
        Assert.Null((await DoAsync(new StoreOperation.ClearData(Wanted, second)))["stale"]);
        await DoAsync(new StoreOperation.RestoreData(Wanted, second));
        await DoAsync(new StoreOperation.RestorePage(Wanted, second));

        Assert.True((bool)(await DoAsync(new StoreOperation.VerifyRestored(Wanted, second)))["equal"]!);
        await Db.ExecuteAsync("delete from promotion_transaction where transaction_id = 'T99'");
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task Clearing_leaves_nothing_of_the_promotion_and_touches_no_other()
    {
        await OpenShopAsync();
        var other = await Shop.ReadRowsAsync(Other, Token);

        await DeleteAsync();

        Assert.Empty((await DoAsync(new StoreOperation.VerifyDeleted(Wanted)))["residue"]!.AsArray());
        Assert.Empty(await Shop.ReadRowsAsync(Wanted, Token));
        Assert.Equal(other, await Shop.ReadRowsAsync(Other, Token));
        Assert.Equal("cache of P-2", (await Shop.FindPromotionAsync(Other, Token))!.Promotion.RuleCache);
    }

    [Fact]
    public async Task Verification_names_every_residue()
    {
        await OpenShopAsync();
        await DeleteAsync();
        await Db.ExecuteAsync("update promotion set rule_cache = 'stale' where id = 'P-1'");
        await Db.ExecuteAsync("insert into promotion_participant (promotion_id, customer_id, joined_at, flagged) values ('P-1', 'C7', 1, 1)");

        var residue = (await DoAsync(new StoreOperation.VerifyDeleted(Wanted)))["residue"]!.AsArray();

        Assert.Equal(["ruleCache 1", "flags 1", "participants 1"], residue.Select(r => $"{r!["what"]} {r["count"]}"));
    }

    [Fact]
    public async Task Verification_counts_what_other_promotions_lost_since_the_backup()
    {
        await OpenShopAsync();
        await Shop.SaveAsync([Promotion("P-3", "开学季")], Token);
        await Shop.SaveAsync([.. Participants("P-3", 4)], Token);
        await DeleteAsync();
        Assert.Empty((await DoAsync(new StoreOperation.VerifyDeleted(Wanted)))["lost"]!.AsArray());

        // Rows that came meanwhile are no loss; neither is what a deletion of its own takes.
        await Shop.SaveAsync([.. Transactions(Other, 3)], Token);
        await DeleteAsync("P-3");
        await Db.ExecuteAsync("delete from promotion_participant where promotion_id = 'P-2' and customer_id = 'C1'");

        var lost = Assert.Single((await DoAsync(new StoreOperation.VerifyDeleted(Wanted)))["lost"]!.AsArray())!;
        Assert.Equal((Other, "会员日", "participants", 1), ((string)lost["promotionId"]!, (string)lost["name"]!, (string)lost["part"]!, (int)lost["count"]!));
    }

    [Theory]
    [InlineData("update backup_row set content = replace(content, '301.5000', '301.5001') where part = 'transactions' and row_key = 'T1'")]
    [InlineData("delete from backup_row where part = 'transactions' and row_key = 'T8'")]
    [InlineData("update backup_row set row_key = 'T81' where part = 'transactions' and row_key = 'T8'")]
    [InlineData("insert into backup_row (backup_id, part, row_key, content) select backup_id, part, 'C9', content from backup_row where row_key = 'C1'")]
    public async Task A_backup_that_was_tampered_with_is_found_and_opens_nothing(string tampering)
    {
        await OpenShopAsync();
        var backup = await BackUpAsync();
        await Db.ExecuteAsync(tampering);

        var report = await DoAsync(new StoreOperation.VerifyBackup(backup));

        Assert.False((bool)report["valid"]!);
        Assert.Contains("没有通过校验", await RefusalAsync(new StoreOperation.DeletePage(Wanted, backup)), StringComparison.Ordinal);
        Assert.Contains("与清单不符", await RefusalAsync(new StoreOperation.RestoreData(Wanted, backup)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restored_promotion_equals_the_one_before_row_by_row()
    {
        await OpenShopAsync();
        var before = await Shop.ReadRowsAsync(Wanted, Token);
        var backup = await DeleteAsync();
        Assert.False((bool)(await DoAsync(new StoreOperation.VerifyRestored(Wanted, backup)))["equal"]!);

        await DoAsync(new StoreOperation.RestoreData(Wanted, backup));
        Assert.False((bool)(await DoAsync(new StoreOperation.VerifyRestored(Wanted, backup)))["equal"]!);
        await DoAsync(new StoreOperation.RestorePage(Wanted, backup));

        var report = await DoAsync(new StoreOperation.VerifyRestored(Wanted, backup));
        Assert.True((bool)report["equal"]!);
        Assert.Equal(14, (int)report["rows"]!);
        Assert.Equal(before, await Shop.ReadRowsAsync(Wanted, Token));
    }

    [Fact]
    public async Task Restored_data_are_compared_without_the_page_while_it_is_deleted()
    {
        await OpenShopAsync();
        var backup = (string)(await DoAsync(new StoreOperation.Backup(Wanted)))["backupId"]!;
        await DoAsync(new StoreOperation.VerifyBackup(backup));
        await DoAsync(new StoreOperation.DeletePage(Wanted, backup));
        await DoAsync(new StoreOperation.ClearData(Wanted, backup));
        Assert.False((bool)(await DoAsync(new StoreOperation.VerifyRestored(Wanted, backup, DataOnly: true)))["equal"]!);

        await DoAsync(new StoreOperation.RestoreData(Wanted, backup));

        Assert.True((bool)(await DoAsync(new StoreOperation.VerifyRestored(Wanted, backup, DataOnly: true)))["equal"]!);
        Assert.False((bool)(await DoAsync(new StoreOperation.VerifyRestored(Wanted, backup)))["equal"]!);
    }

    [Fact]
    public async Task A_restore_that_is_not_complete_is_not_called_restored()
    {
        await OpenShopAsync();
        var backup = await DeleteAsync();
        await DoAsync(new StoreOperation.RestoreData(Wanted, backup));
        await DoAsync(new StoreOperation.RestorePage(Wanted, backup));
        await Db.ExecuteAsync("delete from promotion_transaction where promotion_id = 'P-1' and transaction_id = 'T3'");

        var report = await DoAsync(new StoreOperation.VerifyRestored(Wanted, backup));

        Assert.False((bool)report["equal"]!);
        Assert.Equal("transactions/T3", (string)report["examples"]![0]!);
    }

    [Fact]
    public async Task Participants_get_one_message_per_channel_and_a_correction_goes_to_those_who_were_told()
    {
        await OpenShopAsync();
        var backup = await DeleteAsync();
        var message = new StoreOperation.MessageParticipants(Wanted, backup, "i1-12", "活动下线", "抱歉");

        Assert.Equal(0, (int)(await DoAsync(new StoreOperation.CorrectMessages(Wanted, "i1-12", "更正", "恢复")))["site"]!);
        await DoAsync(message, "first");
        await DoAsync(message, "another key");
        await DoAsync(new StoreOperation.CorrectMessages(Wanted, "i1-12", "更正", "恢复"));

        // One of the five left no mobile number.
        Assert.Equal([("site", 10L), ("sms", 8L)], (await Shop.CountMessagesAsync(Wanted, Token)).Select(c => (c.Key, c.Value)).Order());
        var messages = await Shop.ListMessagesAsync(Wanted, 100, Token);
        Assert.Equal(18, messages.Select(m => (m.Batch, m.Channel, m.CustomerId)).Distinct().Count());
        var queued = await Db.Outbox.ListAsync("i1", EffectState.Queued, 100, Token);
        Assert.Equal(8, queued.Count(e => e.Kind == "notify.sms" && e.Class == EffectClass.Notice));
        Assert.Contains(queued, e => e.Payload!.ToJsonString() == """{"to":"10000000002","body":"\u62B1\u6B49"}""");
    }

    [Fact]
    public async Task Participants_are_those_who_are_there_until_a_backup_was_made_and_then_those_of_the_newest()
    {
        await OpenShopAsync();
        Assert.Equal((5, 4), Sent(await DoAsync(new StoreOperation.MessageParticipants(Wanted, "", "i1-1", "说明", "抱歉"))));
        await DeleteAsync();
        Assert.Equal((5, 4), Sent(await DoAsync(new StoreOperation.MessageParticipants(Wanted, "", "i1-2", "说明", "抱歉"))));
    }

    [Fact]
    public async Task A_drill_restores_every_row_apart_leaves_nothing_and_names_what_is_missing()
    {
        await OpenShopAsync();
        Assert.Null((await DoAsync(new StoreOperation.DrillRestore("d-0")))["backupId"]);
        var backup = await DeleteAsync();
        var state = await StateAsync();

        var passed = await DoAsync(new StoreOperation.DrillRestore("d-1"));
        Assert.Equal((backup, true, 0), ((string)passed["backupId"]!, (bool)passed["passed"]!, (int)passed["different"]!));
        Assert.Equal(state, await StateAsync());
        Assert.Equal(2, (await Shop.ListPromotionsAsync(Token)).Count);

        await Db.ExecuteAsync("delete from backup_row where row_key = 'T3'");
        var failed = await DoAsync(new StoreOperation.DrillRestore("d-2", backup));
        Assert.False((bool)failed["passed"]!);
        Assert.IsType<StoreOutcome.Refused>(await Shop.PerformAsync("d-3", new StoreOperation.DrillRestore("d-3", "B-none"), Token));
    }

    private static (int Site, int Sms) Sent(System.Text.Json.Nodes.JsonObject result) => ((int)result["site"]!, (int)result["sms"]!);

    private async Task<string> StateAsync()
    {
        var lines = new List<string>();
        foreach (var id in new[] { Wanted, Other })
        {
            var state = (await Shop.FindPromotionAsync(id, Token))!;
            lines.Add($"{state.Promotion.Name} {state.Promotion.RuleCache} {state.Promotion.PageDeletedAt:O} {state.Promotion.Settings?.ToJsonString()}");
            lines.AddRange((await Shop.ReadRowsAsync(id, Token)).Select(r => r.ToString()));
            lines.AddRange((await Shop.CountMessagesAsync(id, Token)).Select(c => c.ToString()).Order());
        }

        return string.Join('\n', lines);
    }
}

public sealed class SqliteGuardedDeletionTests(SqliteFixture fixture) : GuardedDeletionContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresGuardedDeletionTests(PostgresFixture fixture) : GuardedDeletionContract(fixture), IClassFixture<PostgresFixture>;
