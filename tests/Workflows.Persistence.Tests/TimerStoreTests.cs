using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

/// <summary>Every test has a database of its own: claims take whatever is due.</summary>
public abstract class TimerStoreContract(DatabaseFixture fixture) : OwnDatabaseContract(fixture)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Only_what_is_due_is_claimed_oldest_first_and_never_early()
    {
        await AddAsync(A.Timer("late", A.Now), A.Timer("first", A.Now - TimeSpan.FromHours(1)), A.Timer("future", A.Now + TimeSpan.FromTicks(1)));

        var claimed = await Db.Timers.ClaimDueAsync(A.Now, "host", Lease, 10, Token);

        Assert.Equal(["first", "late"], claimed.Select(t => t.Id));
        Assert.Equal(A.Now - TimeSpan.FromHours(1), claimed[0].DueAt);
    }

    [Fact]
    public async Task A_batch_is_not_exceeded()
    {
        await AddAsync([.. Enumerable.Range(0, 10).Select(n => A.Timer($"t{n}", A.Now - TimeSpan.FromMinutes(n)))]);

        var claimed = await Db.Timers.ClaimDueAsync(A.Now, "host", Lease, 3, Token);

        Assert.Equal(["t9", "t8", "t7"], claimed.Select(t => t.Id));
    }

    [Fact]
    public async Task Two_claimers_never_share_a_timer()
    {
        await AddAsync([.. Enumerable.Range(0, 300).Select(n => A.Timer($"t{n}", A.Now))]);

        var claims = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => Db.Timers.ClaimDueAsync(A.Now, $"host{n}", Lease, 50, Token)));
        var rest = await Db.Timers.ClaimDueAsync(A.Now, "last", Lease, 1000, Token);

        var all = claims.SelectMany(c => c).Concat(rest).Select(t => t.Id).ToList();
        Assert.Equal(300, all.Count);
        Assert.Equal(300, all.Distinct().Count());
    }

    [Fact]
    public async Task A_claim_is_offered_again_when_its_lease_runs_out()
    {
        await AddAsync(A.Timer("t", A.Now));
        await Db.Timers.ClaimDueAsync(A.Now, "dead", Lease, 10, Token);

        Assert.Empty(await Db.Timers.ClaimDueAsync(A.Now + Lease - TimeSpan.FromSeconds(1), "next", Lease, 10, Token));
        Assert.Single(await Db.Timers.ClaimDueAsync(A.Now + Lease, "next", Lease, 10, Token));
    }

    [Fact]
    public async Task A_released_timer_is_offered_at_once_but_only_its_holder_can_release_it()
    {
        await AddAsync(A.Timer("t", A.Now));
        await Db.Timers.ClaimDueAsync(A.Now, "host", Lease, 10, Token);

        await Db.Timers.ReleaseAsync(["t"], "somebody else", Token);
        Assert.Empty(await Db.Timers.ClaimDueAsync(A.Now, "next", Lease, 10, Token));

        await Db.Timers.ReleaseAsync(["t"], "host", Token);
        Assert.Single(await Db.Timers.ClaimDueAsync(A.Now, "next", Lease, 10, Token));

        await Db.Timers.ReleaseAllAsync(Token);
        Assert.Single(await Db.Timers.ClaimDueAsync(A.Now, "last", Lease, 10, Token));
    }

    [Fact]
    public async Task A_dropped_timer_is_gone()
    {
        await AddAsync(A.Timer("t", A.Now));

        await Db.Timers.DropAsync("t", Token);

        Assert.Empty(await Db.Timers.ClaimDueAsync(A.Now, "host", Lease, 10, Token));
    }

    [Fact]
    public async Task The_wait_is_until_the_next_unclaimed_timer()
    {
        Assert.Null(await Db.Timers.UntilNextAsync(A.Now, Token));

        await AddAsync(A.Timer("soon", A.Now + TimeSpan.FromSeconds(90)), A.Timer("later", A.Now + TimeSpan.FromDays(400)));
        Assert.Equal(TimeSpan.FromSeconds(90), await Db.Timers.UntilNextAsync(A.Now, Token));
        Assert.Equal(TimeSpan.Zero, await Db.Timers.UntilNextAsync(A.Now + TimeSpan.FromDays(1), Token));

        await Db.Timers.ClaimDueAsync(A.Now + TimeSpan.FromDays(1), "host", Lease, 10, Token);
        Assert.Equal(TimeSpan.FromDays(399), await Db.Timers.UntilNextAsync(A.Now + TimeSpan.FromDays(1), Token));
        Assert.Equal(TimeSpan.Zero, await Db.Timers.UntilNextAsync(A.Now + TimeSpan.FromDays(1) + Lease, Token));
    }

    [Fact]
    public async Task Without_a_given_instant_the_databases_clock_and_the_business_offset_decide()
    {
        var now = await Db.Clock.ReadAsync(Token);
        await AddAsync(A.Timer("tomorrow", now + TimeSpan.FromDays(1)));
        Assert.Empty(await Db.Timers.ClaimDueAsync(null, "host", Lease, 10, Token));
        Assert.InRange((await Db.Timers.UntilNextAsync(null, Token))!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));

        var moved = await Db.Clock.AdvanceAsync(TimeSpan.FromDays(1), Token);

        Assert.InRange(moved, now + TimeSpan.FromDays(1), now + TimeSpan.FromDays(1) + TimeSpan.FromMinutes(5));
        Assert.Single(await Db.Timers.ClaimDueAsync(null, "host", Lease, 10, Token));
        await Db.Clock.AdvanceAsync(TimeSpan.FromDays(1), Token);
        // Moving business time does not end leases: those run by the database's clock alone.
        Assert.Empty(await Db.Timers.ClaimDueAsync(null, "host", Lease, 10, Token));
    }

    [Fact]
    public async Task Business_time_never_goes_back()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Db.Clock.AdvanceAsync(TimeSpan.FromSeconds(-1), Token));
    }

    [Fact]
    public async Task The_database_clock_follows_the_stored_business_time()
    {
        var clock = new DatabaseClock(Db.Clock);
        Assert.Throws<InvalidOperationException>(() => clock.GetUtcNow());
        await clock.RefreshAsync(Token);
        var before = clock.GetUtcNow();

        var moved = await Db.Clock.AdvanceAsync(TimeSpan.FromDays(3), Token);
        await clock.RefreshAsync(Token);

        Assert.Null(clock.SqlNow);
        Assert.InRange(clock.GetUtcNow(), moved, moved + TimeSpan.FromMinutes(5));
        Assert.True(clock.GetUtcNow() > before + TimeSpan.FromDays(2));
    }

    private Task AddAsync(params WorkflowTimer[] timers) => CommitAsync(new ChangeSet { Instance = A.Instance(), TimersAdded = timers });
}

public sealed class SqliteTimerStoreTests(SqliteFixture fixture) : TimerStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresTimerStoreTests(PostgresFixture fixture) : TimerStoreContract(fixture), IClassFixture<PostgresFixture>;
