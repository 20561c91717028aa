using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;
using Workflows.Persistence.Operations;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

public abstract class HousekeepingStoreContract(DatabaseFixture fixture) : OwnDatabaseContract(fixture)
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    [Fact]
    public async Task Old_keys_done_effects_and_expired_tokens_go_and_whatever_is_still_owed_stays()
    {
        await CommitAsync(A.ChangeSet(A.Id(), stimulus: "person:old"));
        await CommitAsync(A.ChangeSet(A.Id(), stimulus: "schedule:yearly"));
        await CommitAsync(new ChangeSet { Instance = A.Instance(), EffectsAdded = [A.Effect("done"), A.Effect("failed"), A.Effect("late", dueAt: A.Now + Keep)] });
        var claims = (await Db.Outbox.ClaimAsync(A.Now, "host", Keep, 10, beginNotices: false, Token)).ToDictionary(c => c.Effect.Key);
        await Db.Outbox.BeginAttemptsAsync([.. claims.Values], Token);
        await Db.Committer.EndAsync(new EffectEnd(claims["done"], EffectState.Done, null));
        await Db.Committer.EndAsync(new EffectEnd(claims["failed"], EffectState.Failed, "refused"));
        await Db.Organisation.SaveAsync([People.Person("alice", "爱丽丝", null)], Token);
        await Db.Organisation.AddTokenAsync("expired", "alice", A.Now + TimeSpan.FromDays(1), Token);
        var store = new HousekeepingStore(Db.Database);

        Assert.Equal(0, await store.PurgeAsync(A.Now + TimeSpan.FromHours(1), Keep, Keep, 100, Token));
        Assert.Equal(3, await store.PurgeAsync(A.Now + Keep, Keep, Keep, 100, Token));

        Assert.Equal(["schedule:yearly"], await Db.TextsAsync("select key from stimulus"));
        Assert.Equal(["failed", "late"], await Db.TextsAsync("select key from effect order by key"));
    }

    [Fact]
    public async Task Advancing_the_business_clock_signs_nobody_out()
    {
        var now = TimeProvider.System.GetUtcNow();
        await Db.Organisation.SaveAsync([People.Person("alice", "爱丽丝", null)], Token);
        await Db.Organisation.AddTokenAsync("expired", "alice", now - TimeSpan.FromDays(1), Token);
        await Db.Organisation.AddTokenAsync("current", "alice", now + TimeSpan.FromDays(1), Token);
        await Db.Clock.AdvanceAsync(TimeSpan.FromDays(7), Token);

        Assert.Equal(1, await new HousekeepingStore(Db.Database).PurgeAsync(null, Keep, Keep, 100, Token));

        Assert.Equal(["current"], await Db.TextsAsync("select token_hash from access_token"));
    }
}

public sealed class SqliteHousekeepingStoreTests(SqliteFixture fixture) : HousekeepingStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresHousekeepingStoreTests(PostgresFixture fixture) : HousekeepingStoreContract(fixture), IClassFixture<PostgresFixture>;
