using Workflows.Engine.Faults;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Node;
using Workflows.Recovery.Tests.Support;
using Workflows.Testing;

namespace Workflows.Recovery.Tests;

/// <summary>
/// A node dies by SIGKILL at every fault point; another takes over. The end must be that of an undisturbed run: same journal,
/// same states, each keyed effect accepted once.
/// </summary>
public abstract class KillTests(DatabaseKind kind)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string, int> Kills { get; } = new()
    {
        { FaultPoint.CommitBefore, 1 }, { FaultPoint.CommitBefore, 2 }, { FaultPoint.CommitBefore, 9 },
        { FaultPoint.CommitBeforeDatabaseCommit, 1 }, { FaultPoint.CommitBeforeDatabaseCommit, 2 }, { FaultPoint.CommitBeforeDatabaseCommit, 12 },
        { FaultPoint.CommitAfter, 1 }, { FaultPoint.CommitAfter, 2 }, { FaultPoint.CommitAfter, 7 },
        { FaultPoint.TimerClaimed, 1 },
        { FaultPoint.TimerFired, 1 },
        { FaultPoint.EffectClaimed, 1 }, { FaultPoint.EffectClaimed, 2 },
        { FaultPoint.EffectAttemptRecorded, 1 }, { FaultPoint.EffectAttemptRecorded, 2 },
        { FaultPoint.EffectPerformed, 1 }, { FaultPoint.EffectPerformed, 2 },
        { FaultPoint.EffectSettled, 1 }, { FaultPoint.EffectSettled, 2 },
        { FaultPoint.EventStored, 1 }, { FaultPoint.EventStored, 2 },
        { FaultPoint.EventDelivered, 1 }, { FaultPoint.EventDelivered, 2 },
        { FaultPoint.UndoBefore, 1 }, { FaultPoint.UndoBefore, 2 }, { FaultPoint.UndoBefore, 3 },
        { FaultPoint.UndoAfter, 1 }, { FaultPoint.UndoAfter, 2 }, { FaultPoint.UndoAfter, 3 },
    };

    /// <summary>Backup is the shop's first operation, verification its second, the two parts its third and fourth, the undo steps its sixth and seventh.</summary>
    public static TheoryData<string, int> ShopKills { get; } = new()
    {
        { FaultPoint.StoreBeforeCommit, 1 }, { FaultPoint.StoreBeforeCommit, 4 }, { FaultPoint.StoreBeforeCommit, 6 },
        { FaultPoint.StoreAfterCommit, 1 }, { FaultPoint.StoreAfterCommit, 3 }, { FaultPoint.StoreAfterCommit, 7 },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kills))]
    public async Task A_kill_changes_nothing_about_the_end(string point, int occurrence) => await PlayAsync($"{point}:{occurrence}:kill");

    [Fact]
    public async Task A_kill_during_recovery_changes_nothing_about_the_end() =>
        await PlayAsync($"{FaultPoint.EventStored}:1:kill", $"{FaultPoint.RecoveryFound}:1:kill", $"{FaultPoint.RecoveryFound}:1:kill");

    [Theory]
    [MemberData(nameof(ShopKills))]
    public async Task A_kill_around_a_commit_of_the_shop_leaves_the_promotion_whole(string point, int occurrence)
    {
        var fault = $"{point}:{occurrence}:kill";
        await using var place = await Place.CreateAsync(kind);
        await using var play = new Play(place, fault);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);

        var (before, after) = await play.RunShopAsync(limit.Token);

        Assert.Equal([NodeProcess.Killed], play.Deaths);
        Assert.Equal(before, after);
        var result = await Play.ResultAsync(place);
        Assert.Equal(await UndisturbedShop.Value, result);
        foreach (var outcome in new[] { "Valid", "Clean", "Restored" })
            Assert.Contains($"[\"{outcome}\"]", result, StringComparison.Ordinal);
        await using var connection = await place.ConnectAsync();
        Assert.Empty(await Checker.FindDivergencesAsync(connection));
    }

    [Fact]
    public void Every_fault_point_is_visited() =>
        Assert.Equal(FaultPoint.All.Order(), Kills.Concat(ShopKills).Select(row => row.Data.Item1).Append(FaultPoint.RecoveryFound).Distinct().Order());

    [Fact]
    public async Task An_irreversible_act_whose_answer_was_lost_is_never_sent_again()
    {
        await using var place = await Place.CreateAsync(kind);
        await using var play = new Play(place, $"{FaultPoint.EffectPerformed}:1:kill");
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);

        await play.AskAsync($"start {Play.Id} {Scenarios.Irreversible}", limit.Token);
        await play.UntilAsync(status => status.StartsWith("Finished", StringComparison.Ordinal), limit.Token);

        Assert.Equal([NodeProcess.Killed], play.Deaths);
        Assert.Single(place.Receipts);
        await using var connection = await place.ConnectAsync();
        Assert.Equal(1, await connection.CountAsync("select count(*) from effect where state = 5"));
        Assert.Empty(await Checker.FindDivergencesAsync(connection));
    }

    /// <summary>The commit records the attempt of a notice and the node's claim of it: whoever takes it later knows that it may have been sent.</summary>
    [Theory]
    [InlineData(FaultPoint.CommitBeforeDatabaseCommit, 1, 1)]
    [InlineData(FaultPoint.CommitAfter, 1, 2)]
    [InlineData(FaultPoint.EffectAttemptRecorded, 1, 2)]
    [InlineData(FaultPoint.EffectPerformed, 2, 2)]
    [InlineData(FaultPoint.EffectSettled, 1, 1)]
    public async Task A_notice_begun_by_its_commit_survives_the_death_of_its_node(string point, int sent, int attempts)
    {
        await using var place = await Place.CreateAsync(kind);
        await using var play = new Play(place, $"{point}:1:kill");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);

        await play.AskAsync($"start {Play.Id} {Scenarios.Notice}", limit.Token);
        await using var connection = await place.ConnectAsync();
        await Condition.FoundAsync(
            async () => await play.AskAsync($"status {Play.Id}", limit.Token) is { } status && play.Deaths.Count > 0 && await connection.CountAsync("select count(*) from effect where state = 3") > 0 ? status : null,
            "The notice was not done after its node had died.",
            limit.Token,
            Patience);

        Assert.Equal([NodeProcess.Killed], play.Deaths);
        Assert.Equal(sent, place.Receipts.Count);
        Assert.Equal(attempts, await connection.CountAsync("select attempts from effect"));
        // A second sending is on record as one that may be a repeat.
        Assert.Equal(attempts > 1, await connection.CountAsync("select count(*) from effect where answer_lost") == 1);
        Assert.Empty(await Checker.FindDivergencesAsync(connection));
    }

    [Theory]
    [InlineData(FaultPoint.EffectClaimed)]
    [InlineData(FaultPoint.EffectAttemptRecorded)]
    [InlineData(FaultPoint.EffectPerformed)]
    public async Task An_act_whose_host_died_while_its_branch_was_cancelled_is_over_before_it_is_undone(string point)
    {
        await using var place = await Place.CreateAsync(kind);
        await using var play = new Play(place, $"{point}:2:kill");
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);

        await play.AskAsync($"start {Play.Id} {Scenarios.CancelledAct}", limit.Token);
        await play.UntilAsync(status => status.Contains('e', StringComparison.Ordinal), limit.Token);
        await play.AskAsync("event stop-1 stop", limit.Token);
        await play.UntilAsync(status => status.StartsWith("Finished", StringComparison.Ordinal), limit.Token);

        Assert.Equal([NodeProcess.Killed], play.Deaths);
        var labels = place.Receipts.Where(r => r.Accepted).Select(r => r.Label).ToList();
        Assert.Equal(["undo b", "undo a"], labels[^2..]);
        Assert.True(labels.Count(l => l == "b") <= 1, "The irreversible act was sent twice.");
        await using var connection = await place.ConnectAsync();
        Assert.Empty(await Checker.FindDivergencesAsync(connection));
    }

    /// <summary>Parent and child have done three acts; each undo is visited, and the hosts die around the commit, the effects and the undo steps.</summary>
    public static TheoryData<string, int> WithdrawalKills { get; } = new()
    {
        { FaultPoint.CommitBefore, 7 }, { FaultPoint.CommitAfter, 7 }, { FaultPoint.CommitBeforeDatabaseCommit, 7 },
        { FaultPoint.EffectClaimed, 5 }, { FaultPoint.EffectAttemptRecorded, 5 }, { FaultPoint.EffectPerformed, 6 }, { FaultPoint.EffectSettled, 5 },
        { FaultPoint.UndoBefore, 1 }, { FaultPoint.UndoBefore, 3 }, { FaultPoint.UndoAfter, 1 }, { FaultPoint.UndoAfter, 2 },
    };

    [Theory]
    [MemberData(nameof(WithdrawalKills))]
    public async Task A_kill_while_an_applicant_withdraws_leaves_everything_taken_back_once(string point, int occurrence)
    {
        await using var place = await Place.CreateAsync(kind);
        await using var play = new Play(place, $"{point}:{occurrence}:kill");
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);

        await play.RunWithdrawalAsync(limit.Token);

        Assert.Equal([NodeProcess.Killed], play.Deaths);
        var labels = place.Receipts.Where(r => r.Accepted).Select(r => r.Label).ToList();
        Assert.Equal(["a", "b", "d", "undo a", "undo b", "undo d"], labels.Order(StringComparer.Ordinal));
        Assert.True(labels.IndexOf("undo b") < labels.IndexOf("undo a"), "The older act was taken back first.");
        await using var connection = await place.ConnectAsync();
        Assert.Equal(2, await connection.CountAsync("select count(*) from instance where sub_status = 4"));
        Assert.Equal(0, await connection.CountAsync("select count(*) from user_task where state in (0, 1)"));
        Assert.Empty(await Checker.FindDivergencesAsync(connection));
    }

    private async Task PlayAsync(params string[] faults)
    {
        var expected = await UndisturbedAsync();
        await using var place = await Place.CreateAsync(kind);
        await using var play = new Play(place, faults);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);

        await play.RunAsync(limit.Token);

        // Not hit is not passed.
        Assert.Equal(faults.Select(_ => NodeProcess.Killed), play.Deaths);
        Assert.Equal(expected, await Play.ResultAsync(place));
        await using var connection = await place.ConnectAsync();
        Assert.Empty(await Checker.FindDivergencesAsync(connection));
        // The unkeyed notice may come twice, but then the attempts on record say so.
        var notices = place.Receipts.Count(r => r.Kind == Receiver.Unkeyed);
        Assert.InRange(notices, 1, await connection.CountAsync($"select attempts from effect where kind = '{Receiver.Unkeyed}'"));
    }

    private static async Task<string> UndisturbedAsync() => await Undisturbed.Value;

    private static readonly Lazy<Task<string>> UndisturbedShop = new(async () =>
    {
        await using var place = await Place.CreateAsync(DatabaseKind.Sqlite);
        await using var play = new Play(place);
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        await play.RunShopAsync(limit.Token);
        return await Play.ResultAsync(place);
    });

    // On SQLite for both: the end must not depend on the database either.
    private static readonly Lazy<Task<string>> Undisturbed = new(async () =>
    {
        await using var place = await Place.CreateAsync(DatabaseKind.Sqlite);
        await using var play = new Play(place);
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        await play.RunAsync(limit.Token);
        var result = await Play.ResultAsync(place);
        Assert.Contains($"{Play.Id} Finished incidents 0 undos Done Done Done", result, StringComparison.Ordinal);
        Assert.Equal(["a", "b", "c", "child", "undo c", "undo b", "undo a", "last"], place.Receipts.Where(r => r.Kind == Receiver.Keyed).Select(r => r.Label));
        return result;
    });
}

public sealed class SqliteKillTests() : KillTests(DatabaseKind.Sqlite);

public sealed class PostgresKillTests() : KillTests(DatabaseKind.Postgres)
{
    [Fact]
    public async Task A_node_that_was_paused_past_its_lease_does_not_send_what_others_gave_up_on()
    {
        await using var place = await Place.CreateAsync(DatabaseKind.Postgres);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var (sleeper, _) = await NodeProcess.StartAsync(place, $"{FaultPoint.EffectAttemptRecorded}:1:pause:5000", limit.Token);
        await using var ofSleeper = sleeper;
        await sleeper.AskAsync($"start first {Scenarios.Irreversible}", limit.Token);
        await using var connection = await place.ConnectAsync();
        await Condition.FoundAsync(async () => await connection.CountAsync("select count(*) from effect where state = 2") > 0 ? connection : null, "No attempt was recorded.", limit.Token);

        var (other, _) = await NodeProcess.StartAsync(place, null, limit.Token);
        await using var ofOther = other;
        await UntilFinishedAsync(other, "first", limit.Token);
        await other.KillAsync();
        // The sleeper's outbox goes on after its pause; once it has done this, it had its chance to send the first.
        await sleeper.AskAsync($"start second {Scenarios.Irreversible}", limit.Token);
        await UntilFinishedAsync(sleeper, "second", limit.Token);

        Assert.StartsWith("second", Assert.Single(place.Receipts).Key, StringComparison.Ordinal);
        Assert.Equal(1, await connection.CountAsync("select count(*) from effect where instance_id = 'first' and state = 5"));
    }

    private static Task<string> UntilFinishedAsync(NodeProcess node, string id, CancellationToken cancellationToken) => Condition.FoundAsync(
        async () => await node.AskAsync($"status {id}", cancellationToken) is { } status && status.StartsWith("Finished", StringComparison.Ordinal) ? status : null, $"{id} did not finish.", cancellationToken);
}
