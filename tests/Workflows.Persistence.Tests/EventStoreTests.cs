using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

public abstract class EventStoreContract(DatabaseFixture fixture) : StoreContract(fixture)
{
    [Fact]
    public async Task An_event_is_stored_once_and_reads_back_equal()
    {
        var received = A.Event(hash: A.Id()) with { CorrelationId = "c", InstanceId = "i", Payload = new JsonObject { ["金额"] = 12 } };

        Assert.True(await Db.Events.AddAsync(received, Token));
        Assert.False(await Db.Events.AddAsync(received, Token));

        await Db.Events.MarkDispatchedAsync(received.Id, reached: false, A.Now, Token);
        var stored = Assert.Single(await Db.Events.FindWaitingAsync([received.Hash, "other"], A.Now, Token));
        Assert.Equal(received with { Payload = null }, stored with { Payload = null });
        Assert.Equal(12, (int)stored.Payload!["金额"]!);
        Assert.Empty(await Db.Events.FindWaitingAsync([], A.Now, Token));
    }

    [Fact]
    public async Task An_event_waits_from_the_end_of_its_first_delivery_until_it_expires()
    {
        var received = A.Event(hash: A.Id(), keptFor: TimeSpan.FromMinutes(1));
        await Db.Events.AddAsync(received, Token);
        Assert.Empty(await Db.Events.FindWaitingAsync([received.Hash], A.Now, Token));
        Assert.DoesNotContain(await Db.Events.ListUnreachedAsync(A.Now, 100, Token), e => e.Id == received.Id);

        await Db.Events.MarkDispatchedAsync(received.Id, reached: false, A.Now, Token);
        Assert.DoesNotContain(await Db.Events.ListUnreachedAsync(A.Now, 100, Token), e => e.Id == received.Id);
        await AddWaiterAsync(received.Hash);

        Assert.Single(await Db.Events.FindWaitingAsync([received.Hash], A.Now, Token));
        Assert.Contains(await Db.Events.ListUnreachedAsync(A.Now, 100, Token), e => e.Id == received.Id);
        Assert.Empty(await Db.Events.FindWaitingAsync([received.Hash], A.Now + TimeSpan.FromMinutes(1), Token));
        Assert.DoesNotContain(await Db.Events.ListUnreachedAsync(A.Now + TimeSpan.FromMinutes(1), 100, Token), e => e.Id == received.Id);
    }

    [Fact]
    public async Task An_event_whose_first_delivery_never_ended_is_found_again()
    {
        var lost = A.Event(hash: A.Id());
        await Db.Events.AddAsync(lost, Token);
        var later = A.Now + TimeSpan.FromMinutes(5);

        Assert.DoesNotContain(await Db.Events.FindUndispatchedAsync(A.Now, TimeSpan.FromMinutes(1), 100, Token), e => e.Id == lost.Id);
        Assert.Contains(await Db.Events.FindUndispatchedAsync(later, TimeSpan.FromMinutes(1), 100, Token), e => e.Id == lost.Id);

        await Db.Events.MarkDispatchedAsync(lost.Id, reached: false, later, Token);
        Assert.DoesNotContain(await Db.Events.FindUndispatchedAsync(later, TimeSpan.FromMinutes(1), 100, Token), e => e.Id == lost.Id);
        // It reached nobody, so it goes on waiting.
        Assert.Single(await Db.Events.FindWaitingAsync([lost.Hash], A.Now, Token));
    }

    [Fact]
    public async Task An_event_that_reached_somebody_waits_no_longer()
    {
        var received = A.Event(hash: A.Id());
        await Db.Events.AddAsync(received, Token);

        await Db.Events.MarkDispatchedAsync(received.Id, reached: true, A.Now, Token);

        Assert.Empty(await Db.Events.FindWaitingAsync([received.Hash], A.Now, Token));
        Assert.DoesNotContain(await Db.Events.ListUnreachedAsync(A.Now, 100, Token), e => e.Id == received.Id);
    }

    [Fact]
    public async Task Expired_events_are_purged_unless_their_delivery_is_still_owed()
    {
        var (old, owed) = (A.Event(hash: A.Id()), A.Event(hash: A.Id()));
        await Db.Events.AddAsync(old, Token);
        await Db.Events.AddAsync(owed, Token);
        await Db.Events.MarkDispatchedAsync(old.Id, reached: false, A.Now, Token);

        var purged = await Db.Events.PurgeAsync(A.Now + TimeSpan.FromDays(1), Token);

        Assert.True(purged >= 1);
        Assert.Equal(0, await Db.ScalarAsync($"select count(*) from event where id = '{old.Id}'"));
        Assert.Equal(1, await Db.ScalarAsync($"select count(*) from event where id = '{owed.Id}'"));
    }

    [Fact]
    public async Task A_repeat_after_the_event_has_expired_is_known_for_as_long_as_idempotency_keys_are()
    {
        var old = A.Event(hash: A.Id());
        await Db.Events.AddAsync(old, Token);
        await Db.Events.MarkDispatchedAsync(old.Id, reached: true, A.Now, Token);
        await Db.Events.PurgeAsync(A.Now + TimeSpan.FromDays(1), Token);
        await Db.Events.PurgeAsync(A.Now + TimeSpan.FromDays(1), Token);

        Assert.False(await Db.Events.AddAsync(old, Token));
        Assert.Equal(1, await Db.ScalarAsync($"select count(*) from stimulus where key = 'event-id:{old.Id}' and at = {Instants.ToMicros(old.ReceivedAt)}"));
    }

    [Fact]
    public async Task Without_a_given_instant_the_databases_clock_decides()
    {
        var now = await Db.Clock.ReadAsync(Token);
        var fresh = A.Event(hash: A.Id(), receivedAt: now);
        await Db.Events.AddAsync(fresh, Token);

        await AddWaiterAsync(fresh.Hash);
        await Db.Events.MarkDispatchedAsync(fresh.Id, reached: false, null, Token);

        Assert.Single(await Db.Events.FindWaitingAsync([fresh.Hash], null, Token));
        Assert.Contains(await Db.Events.ListUnreachedAsync(null, 1000, Token), e => e.Id == fresh.Id);
    }

    private async Task AddWaiterAsync(string hash) =>
        Assert.IsType<CommitOutcome.Committed>(await Db.Committer.CommitAsync(A.ChangeSet() with { BookmarksAdded = [A.Bookmark(hash: hash)] }, Token));
}

public sealed class SqliteEventStoreTests(SqliteFixture fixture) : EventStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresEventStoreTests(PostgresFixture fixture) : EventStoreContract(fixture), IClassFixture<PostgresFixture>;
