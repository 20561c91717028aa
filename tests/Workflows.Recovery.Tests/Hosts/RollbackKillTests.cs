using Workflows.Engine.Faults;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Tests.Support;
using Workflows.Testing;

namespace Workflows.Recovery.Tests.Hosts;

/// <summary>
/// The real host dies by SIGKILL at the steps that take a deletion back: those of a rollback the owner asked for, and those after data were lost, the
/// restoring from the backup among them (catalogue 1.1, 1.3). Afterwards the shop has every row it had before, each undo happened once, in reverse
/// order, and nothing was done before it was allowed.
/// </summary>
public abstract class RollbackKillTests(DatabaseKind kind)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private const string Promotions = "promotion";
    private static readonly Dictionary<string, string> OnlyPromotions = new() { ["Workflows__Host__DefinitionsDirectory"] = Path.Combine(Repository.Root, "definitions", Promotions) };

    /// <summary>
    /// The shop's operations when data are lost: 1 impact, 2 announcement, 3 backup, 4 its verification, 5 page deleted, 6 data cleared, 7 verified, 8 restored,
    /// 9 compared; undos: 10 data, 11 page, (the two parties told, which are messages,) 12 announcement; 13 compared. In a rollback that was asked for they are
    /// those of <see cref="SqliteHostKillTests.Kills"/>.
    /// </summary>
    private static readonly (bool LosesData, string Point, int Occurrence)[] Usual =
    [
        (true, FaultPoint.StoreBeforeCommit, 8), (true, FaultPoint.StoreAfterCommit, 8), (true, FaultPoint.UndoBefore, 2), (true, FaultPoint.StoreAfterCommit, 11),
        (false, FaultPoint.UndoAfter, 5), (false, FaultPoint.StoreBeforeCommit, 12),
    ];

    protected static TheoryData<bool, string, int> Choose(DatabaseKind kind)
    {
        var all = new TheoryData<bool, string, int>();
        foreach (var (losesData, point, occurrence) in LongTests.Wanted ? Every() : kind == DatabaseKind.Sqlite ? Usual : Usual[..1])
            all.Add(losesData, point, occurrence);
        return all;
    }

    protected async Task PlayAsync(bool losesData, string point, int occurrence)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        await using var place = await HostProcess.SeededAsync(kind, Promotions);
        await using var api = new HostCaller(place, $"{point}:{occurrence}:kill", OnlyPromotions);
        var play = new HostPlay(api, place, losesData);

        var (endState, before, after) = await play.RunAsync(limit.Token);

        // Not hit is not passed.
        Assert.Equal([NodeProcess.Killed], api.Deaths);
        Assert.Equal("rolled_back", endState);
        Assert.Equal(before, after);
        Assert.Equal(Expected(losesData), await play.ActsAsync());
        await using var connection = await place.ConnectAsync();
        Assert.Empty(await Checker.FindDivergencesAsync(connection));
    }

    private static string Expected(bool losesData)
    {
        string[] kinds = ["store.backup", "store.clear-data", "store.delete-page", "store.measure-impact", "store.publish-announcement", "store.restore-data", "store.restore-page", "store.restore-verify", "store.verify-backup", "store.verify-deleted", "store.withdraw-announcement"];
        string[] more = losesData ? ["store.restore-data", "store.restore-verify"] : ["store.correct-messages", "store.message-participants", "store.snapshot-metrics"];
        string[] undos = ["按备份恢复参与者、交易记录、参与标识和规则缓存", "按备份恢复前台页面", "通知 yunjin@supplier.example 删除已取消", "通知 chaoliu@partner.example 删除已取消", "下架活动说明公告"];
        return string.Join('\n', [.. kinds.Concat(more).Order(StringComparer.Ordinal), .. losesData ? [] : (string[])["向已通知的参与者发送更正消息"], .. undos]);
    }

    private static IEnumerable<(bool LosesData, string Point, int Occurrence)> Every()
    {
        foreach (var (losesData, undos, first, last) in new[] { (true, 5, 8, 13), (false, 6, 10, 14) })
        {
            foreach (var point in new[] { FaultPoint.UndoBefore, FaultPoint.UndoAfter })
            {
                for (var n = 1; n <= undos; n++)
                    yield return (losesData, point, n);
            }

            foreach (var point in new[] { FaultPoint.StoreBeforeCommit, FaultPoint.StoreAfterCommit })
            {
                for (var n = first; n <= last; n++)
                    yield return (losesData, point, n);
            }
        }
    }
}

public sealed class SqliteRollbackKillTests() : RollbackKillTests(DatabaseKind.Sqlite)
{
    public static TheoryData<bool, string, int> Kills => Choose(DatabaseKind.Sqlite);

    [Theory]
    [MemberData(nameof(Kills))]
    public Task A_killed_host_takes_the_deletion_back_to_the_last_row(bool losesData, string point, int occurrence) => PlayAsync(losesData, point, occurrence);
}

public sealed class PostgresRollbackKillTests() : RollbackKillTests(DatabaseKind.Postgres)
{
    public static TheoryData<bool, string, int> Kills => Choose(DatabaseKind.Postgres);

    [Theory]
    [MemberData(nameof(Kills))]
    public Task A_killed_host_takes_the_deletion_back_to_the_last_row(bool losesData, string point, int occurrence) => PlayAsync(losesData, point, occurrence);
}
