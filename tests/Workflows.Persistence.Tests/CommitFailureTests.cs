using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Workflows.Engine.Faults;
using Workflows.Engine.Storage;
using Workflows.Persistence.Commit;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

/// <summary>Fault points are the whole process's, so these tests run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultTests
{
    public const string Name = "faults";
}

[Collection(FaultTests.Name)]
public sealed class CommitFailureTests
{
    private const int Members = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// Fails the first, second, third ... command of a commit of five members, one of which lost its race. Whatever a caller was
    /// told must be what is stored, and everything of a member is stored or nothing.
    /// </summary>
    [Theory]
    [InlineData(DatabaseKind.Sqlite, false, 1)]
    [InlineData(DatabaseKind.Sqlite, false, 100)]
    [InlineData(DatabaseKind.Sqlite, true, 1)]
    [InlineData(DatabaseKind.Postgres, false, 1)]
    [InlineData(DatabaseKind.Postgres, false, 100)]
    [InlineData(DatabaseKind.Postgres, true, 1)]
    [InlineData(DatabaseKind.Postgres, true, 100)]
    public async Task A_failing_command_never_makes_the_answer_and_the_database_differ(DatabaseKind kind, bool commitApart, int failures)
    {
        await using var db = await TestDatabase.CreateAsync(kind);
        await db.Committer.CommitAsync(A.ChangeSet("loser"), Token);
        FaultPoint.Hook = commitApart ? _ => Task.CompletedTask : null;
        try
        {
            var commands = 0;
            for (var n = 1; commands >= n - 1; n++)
            {
                commands = 0;
                db.Database.BeforeCommand = command =>
                    ++commands >= n && commands < n + failures ? throw new IOException($"command {commands} ({command}) fails") : Task.CompletedTask;
                await using var committer = new GroupCommitter(db.Database, NullLogger<GroupCommitter>.Instance);
                var sets = Enumerable.Range(0, Members).Select(i => A.FullChangeSet(i == 2 ? "loser" : $"{n}-{i}")).ToList();

                var outcomes = await Task.WhenAll(sets.Select(s => AnswerAsync(committer, s)));

                db.Database.BeforeCommand = null;
                for (var i = 0; i < Members; i++)
                {
                    var id = sets[i].Instance.Id;
                    var stored = id != "loser" && await db.Instances.LoadAsync(id, Token) is not null;
                    var whole = (await db.Instances.ReadJournalAsync(id, 0, 10, Token)).Count == 2
                        && (await db.Outbox.ListAsync(id, null, 10, Token)).Count == 1
                        && await db.Bookmarks.FindByIdAsync($"{id}-0-b", Token) is not null
                        && await db.UserTasks.FindAsync($"{id}-0-u", Token) is not null;
                    Assert.Equal(stored, whole);
                    if (outcomes[i] is { } told)
                        Assert.Equal(i == 2 ? typeof(CommitOutcome.LostRace) : typeof(CommitOutcome.Committed), told.GetType());
                    if (i != 2 && outcomes[i] is not null)
                        Assert.True(stored, $"member {i} was told it is committed, command {n} failed");
                    // One failing command is no reason for anybody to hear of it.
                    if (failures == 1)
                        Assert.NotNull(outcomes[i]);
                }
            }

            Assert.True(commands > 1);
        }
        finally
        {
            FaultPoint.Hook = null;
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Every_fault_point_of_a_commit_is_passed_in_order(DatabaseKind kind)
    {
        await using var db = await TestDatabase.CreateAsync(kind);
        var passed = new List<string>();
        FaultPoint.Hook = point =>
        {
            passed.Add(point);
            return Task.CompletedTask;
        };
        try
        {
            Assert.IsType<CommitOutcome.Committed>(await db.Committer.CommitAsync(A.FullChangeSet(), Token));
        }
        finally
        {
            FaultPoint.Hook = null;
        }

        Assert.Equal([FaultPoint.CommitBefore, FaultPoint.CommitBeforeDatabaseCommit, FaultPoint.CommitAfter], passed);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_caller_that_hears_an_exception_after_the_commit_finds_its_work_stored(DatabaseKind kind)
    {
        await using var db = await TestDatabase.CreateAsync(kind);
        var changes = A.FullChangeSet();
        FaultPoint.Hook = point => point == FaultPoint.CommitAfter ? throw new IOException("cut off") : Task.CompletedTask;
        try
        {
            await Assert.ThrowsAsync<IOException>(() => db.Committer.CommitAsync(changes, Token));
        }
        finally
        {
            FaultPoint.Hook = null;
        }

        Assert.NotNull(await db.Instances.LoadAsync(changes.Instance.Id, Token));
        Assert.IsType<CommitOutcome.LostRace>(await db.Committer.CommitAsync(changes, Token));
    }

    /// <summary>Cuts the committer's connection after the server answered, or before it was asked, in the middle of a stream of commits.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_cut_around_the_commit_neither_loses_nor_repeats_anything(bool afterTheServerAnswered)
    {
        await using var direct = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        var settings = new NpgsqlConnectionStringBuilder(direct.Options.Database.ConnectionString);
        await using var proxy = new CuttingProxy(settings.Port);
        settings.Port = proxy.Port;
        await using var database = new PostgresDatabase(settings.ConnectionString);
        await using var committer = new GroupCommitter(database, NullLogger<GroupCommitter>.Instance);
        var id = A.Id();

        for (var revision = 0; revision < 20; revision++)
        {
            var cut = revision % 4 == 3;
            if (cut && afterTheServerAnswered)
                proxy.SwallowNextAnswer();
            else if (cut)
                proxy.SwallowNextRequest();

            Assert.IsType<CommitOutcome.Committed>(await committer.CommitAsync(A.FullChangeSet(id, revision), Token));
        }

        Assert.Equal(5, proxy.Cuts);
        Assert.Equal(20, (await direct.Instances.LoadAsync(id, Token))!.Revision);
        Assert.Equal(Enumerable.Range(1, 40), (await direct.Instances.ReadJournalAsync(id, 0, 100, Token)).Select(e => e.Sequence));
    }

    private static async Task<CommitOutcome?> AnswerAsync(GroupCommitter committer, ChangeSet changes)
    {
        try
        {
            return await committer.CommitAsync(changes, Token);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
