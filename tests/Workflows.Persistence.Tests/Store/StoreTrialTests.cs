using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>Operations tried out: each sees those before it, and nothing stays.</summary>
public abstract class StoreTrialContract(DatabaseFixture fixture) : EmbeddedStoreContract(fixture)
{
    [Fact]
    public async Task A_whole_deletion_can_be_tried_out_and_has_not_happened()
    {
        await OpenShopAsync();
        var before = await Shop.ReadRowsAsync(Wanted, Token);

        var left = await Shop.TryOutAsync(
            async perform =>
            {
                var backup = (string)Assert.IsType<StoreOutcome.Done>(await perform(new StoreOperation.Backup(Wanted))).Result["backupId"]!;
                Assert.True((bool)Assert.IsType<StoreOutcome.Done>(await perform(new StoreOperation.VerifyBackup(backup))).Result["valid"]!);
                Assert.IsType<StoreOutcome.Done>(await perform(new StoreOperation.DeletePage(Wanted, backup)));
                Assert.IsType<StoreOutcome.Done>(await perform(new StoreOperation.ClearData(Wanted, backup)));
                return Assert.IsType<StoreOutcome.Done>(await perform(new StoreOperation.VerifyDeleted(Wanted))).Result;
            },
            Token);

        Assert.Empty(left["residue"]!.AsArray());
        Assert.Equal(before, await Shop.ReadRowsAsync(Wanted, Token));
        Assert.Empty((await Shop.FindPromotionAsync(Wanted, Token))!.Backups);
    }

    [Fact]
    public async Task A_trial_that_fails_leaves_nothing_either()
    {
        await OpenShopAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Shop.TryOutAsync<bool>(
            async perform =>
            {
                await perform(new StoreOperation.PublishAnnouncement("t-1", "公告", "试", "试"));
                throw new InvalidOperationException();
            },
            Token));

        Assert.Empty(await Shop.ListAnnouncementsAsync(10, Token));
        await DoAsync(new StoreOperation.PublishAnnouncement("t-1", "公告", "真", "真"));
    }
}

public sealed class SqliteStoreTrialTests(SqliteFixture fixture) : StoreTrialContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresStoreTrialTests(PostgresFixture fixture) : StoreTrialContract(fixture), IClassFixture<PostgresFixture>;
