using Workflows.Engine.Clocks;
using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

public abstract class ClockStoreContract(DatabaseFixture fixture) : OwnDatabaseContract(fixture)
{
    [Fact]
    public async Task A_clock_is_written_with_its_instance_and_reads_back_equal()
    {
        var changes = A.FullChangeSet();
        await CommitAsync(changes);
        var clock = changes.Clocks.Single();

        var stored = await Db.Clocks.FindAsync(clock.Id, Token);

        Assert.Equal((changes.Instance.Id, "definition"), (stored!.InstanceId, stored.DefinitionId));
        Assert.Equivalent(clock, stored.Clock, strict: true);
        Assert.Equal(clock.Id, Assert.Single(await Db.Clocks.ListAsync(new ClockQuery { InstanceId = changes.Instance.Id, OpenOnly = true, CalendarId = "24x7", BelowVersion = 2, State = ClockStatus.Ok, TaskId = clock.TaskId }, Token)).Clock.Id);
        Assert.Null(await Db.Clocks.FindAsync("nothing", Token));
    }

    [Fact]
    public async Task The_next_burst_moves_it_and_a_stopped_one_is_kept()
    {
        var id = A.Id();
        var first = A.FullChangeSet(id);
        await CommitAsync(first);
        var breached = first.Clocks.Single() with { State = ClockStatus.Breached, BreachedAt = A.Now, StoppedAt = A.Now.AddHours(1), DueAt = A.Now.AddMinutes(-1) };

        await CommitAsync(A.FullChangeSet(id, 1) with { Clocks = [breached] });

        Assert.Equal(ClockStatus.Breached, (await Db.Clocks.FindAsync(breached.Id, Token))!.Clock.State);
        Assert.Empty(await Db.Clocks.ListAsync(new ClockQuery { InstanceId = id, OpenOnly = true }, Token));
        Assert.Single(await Db.Clocks.ListAsync(new ClockQuery { InstanceId = id }, Token));
    }

    [Fact]
    public async Task A_lost_race_leaves_the_clock_as_it_was()
    {
        var id = A.Id();
        var first = A.FullChangeSet(id);
        await CommitAsync(first);
        await CommitAsync(A.FullChangeSet(id, 1));

        var lost = await Db.Committer.CommitAsync(A.FullChangeSet(id, 1) with { Clocks = [first.Clocks.Single() with { State = ClockStatus.Warn }] }, Token);

        Assert.IsType<CommitOutcome.LostRace>(lost);
        Assert.Equal(ClockStatus.Ok, (await Db.Clocks.FindAsync(first.Clocks.Single().Id, Token))!.Clock.State);
    }

    [Fact]
    public async Task Pages_of_clocks_go_on_after_the_last_id()
    {
        foreach (var n in Enumerable.Range(0, 5))
            await CommitAsync(A.FullChangeSet($"i{n}"));

        var first = await Db.Clocks.ListAsync(new ClockQuery { Limit = 3 }, Token);
        var rest = await Db.Clocks.ListAsync(new ClockQuery { Limit = 3, After = first[^1].Clock.Id }, Token);

        Assert.Equal(["i0", "i1", "i2", "i3", "i4"], first.Concat(rest).Select(c => c.InstanceId));
    }

    [Fact]
    public async Task A_version_of_a_rule_is_added_once_and_moves_the_stamp()
    {
        var before = await Db.TimeRules.ReadStampAsync(Token);
        var two = new StoredTimeRule(TimeRuleKind.Ladder, "L-OWN", 1, "{}", A.Now, "ops_director", "新规则");

        Assert.True(await Db.TimeRules.AddAsync([two, two with { Kind = TimeRuleKind.Rota }], Token));
        Assert.True(await Db.TimeRules.ReadStampAsync(Token) > before);
        Assert.False(await Db.TimeRules.AddAsync([two with { Kind = TimeRuleKind.Calendar }, two], Token));

        Assert.Equal([two, two with { Kind = TimeRuleKind.Rota }], (await Db.TimeRules.ListAsync(Token)).Where(r => r.Id == "L-OWN"));
    }

    [Fact]
    public async Task What_ships_is_stored_once_and_read_again_when_somebody_changes_it()
    {
        var cache = new TimeRulesCache(Db.TimeRules);
        await Task.WhenAll(cache.SeedAsync(A.Now, Token), new TimeRulesCache(Db.TimeRules).SeedAsync(A.Now, Token));
        Assert.True(await cache.RefreshAsync(Token));
        Assert.False(await cache.RefreshAsync(Token));

        var office = cache.Current.Calendar("office")!.Calendar;
        await Db.TimeRules.AddAsync([new StoredTimeRule(TimeRuleKind.Calendar, "office", 2, Engine.Calendars.CalendarFile.Write(office with { Name = "新办公日历" }), A.Now, "ops_director")], Token);
        await cache.SeedAsync(A.Now, Token);
        Assert.True(await cache.RefreshAsync(Token));

        Assert.Equal(("新办公日历", 2), (cache.Current.Calendar("office")!.Calendar.Name, cache.Current.Calendar("office")!.Calendar.Version));
        Assert.Equal("办公日历", cache.Current.Calendar("office", 1)!.Calendar.Name);
        Assert.Equal(33, cache.Current.Calendar("office")!.Calendar.Years.Single(y => y.Year == 2026).Off.Sum(s => s.To.DayNumber - s.From.DayNumber + 1));
    }
}

public sealed class SqliteClockStoreTests(SqliteFixture fixture) : ClockStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresClockStoreTests(PostgresFixture fixture) : ClockStoreContract(fixture), IClassFixture<PostgresFixture>;
