using Workflows.Engine.Faults;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Tests.Support;
using Workflows.Testing;

namespace Workflows.Recovery.Tests.Hosts;

/// <summary>
/// The real host dies by SIGKILL while it deletes a promotion and brings it back; it is started again and its callers repeat
/// what was not answered. The end must be that of an undisturbed run.
/// </summary>
public abstract class HostKillTests(DatabaseKind kind)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    protected async Task PlayAsync(string point, int occurrence)
    {
        var expected = await Undisturbed.Value;
        var (result, deaths) = await PlayAsync(kind, $"{point}:{occurrence}:kill", TestContext.Current.CancellationToken);

        // Not hit is not passed.
        Assert.Equal([NodeProcess.Killed], deaths);
        Assert.Equal(expected, result);
    }

    // On SQLite for both: the end must not depend on the database either.
    private static readonly Lazy<Task<string>> Undisturbed = new(async () =>
    {
        var (result, deaths) = await PlayAsync(DatabaseKind.Sqlite, null, CancellationToken.None);
        Assert.Empty(deaths);
        return result;
    });

    /// <summary>Other processes start by themselves on days that a play of weeks passes, or not, as the calendar of the day has it.</summary>
    private const string Promotions = "promotion";

    private static readonly Dictionary<string, string> OnlyPromotions = new() { ["Workflows__Host__DefinitionsDirectory"] = Path.Combine(Repository.Root, "definitions", Promotions) };

    private static async Task<(string Result, List<int> Deaths)> PlayAsync(DatabaseKind kind, string? fault, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        await using var place = await HostProcess.SeededAsync(kind, Promotions);
        await using var api = new HostCaller(place, fault, OnlyPromotions);
        var play = new HostPlay(api, place);

        var (endState, before, after) = await play.RunAsync(limit.Token);

        Assert.Equal("rolled_back", endState);
        Assert.Equal(before, after);
        await using var connection = await place.ConnectAsync();
        Assert.Empty(await Checker.FindDivergencesAsync(connection));
        return (await play.ResultAsync(), api.Deaths);
    }
}

public sealed class SqliteHostKillTests() : HostKillTests(DatabaseKind.Sqlite)
{
    /// <summary>
    /// The shop's operations in order: 1 impact, 2 announcement, 3 backup, 4 its verification, 5 page deleted, 6 data cleared, 7 verified, 8 participants
    /// told, 9 announcement taken down, 10 figures; undos: 11 participants told again, 12 data, 13 page, (parties told, which is a message,) 14 announcement; 15 verified.
    /// </summary>
    public static TheoryData<string, int> Kills { get; } = new()
    {
        { FaultPoint.CommitBefore, 1 }, { FaultPoint.CommitBefore, 12 },
        { FaultPoint.CommitBeforeDatabaseCommit, 1 }, { FaultPoint.CommitBeforeDatabaseCommit, 14 },
        { FaultPoint.CommitAfter, 1 }, { FaultPoint.CommitAfter, 16 },
        { FaultPoint.TimerClaimed, 1 },
        { FaultPoint.TimerFired, 2 },
        { FaultPoint.EffectClaimed, 1 },
        { FaultPoint.EffectAttemptRecorded, 1 }, { FaultPoint.EffectAttemptRecorded, 8 },
        { FaultPoint.EffectPerformed, 1 }, { FaultPoint.EffectPerformed, 9 }, { FaultPoint.EffectPerformed, 60 },
        { FaultPoint.EffectSettled, 10 },
        { FaultPoint.EventStored, 1 },
        { FaultPoint.EventDelivered, 1 },
        { FaultPoint.UndoBefore, 1 }, { FaultPoint.UndoBefore, 3 },
        { FaultPoint.UndoAfter, 2 },
        { FaultPoint.StoreBeforeCommit, 5 }, { FaultPoint.StoreBeforeCommit, 11 },
        { FaultPoint.StoreAfterCommit, 4 },
    };

    [Theory]
    [MemberData(nameof(Kills))]
    public Task A_killed_host_leads_the_deletion_and_its_rollback_to_the_same_end(string point, int occurrence) => PlayAsync(point, occurrence);
}

public sealed class PostgresHostKillTests() : HostKillTests(DatabaseKind.Postgres)
{
    /// <summary>What PostgreSQL does otherwise than SQLite: commits of a group, claims that only their lease ends.</summary>
    private static readonly (string, int)[] Usual =
    [
        (FaultPoint.CommitBefore, 12), (FaultPoint.CommitBeforeDatabaseCommit, 1), (FaultPoint.CommitAfter, 16),
        (FaultPoint.TimerClaimed, 1), (FaultPoint.TimerFired, 2),
        (FaultPoint.EffectAttemptRecorded, 8), (FaultPoint.EffectPerformed, 60),
        (FaultPoint.EventStored, 1),
        (FaultPoint.UndoAfter, 2),
        (FaultPoint.StoreBeforeCommit, 11), (FaultPoint.StoreAfterCommit, 4),
    ];

    public static TheoryData<string, int> Kills => LongTests.Wanted ? SqliteHostKillTests.Kills : new(Usual);

    [Theory]
    [MemberData(nameof(Kills))]
    public Task A_killed_host_leads_the_deletion_and_its_rollback_to_the_same_end(string point, int occurrence) => PlayAsync(point, occurrence);
}
