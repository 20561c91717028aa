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
        (false, FaultPoint.UndoAfter, 5), (false, FaultPoint.StoreBeforeCommit, 13),
    ];

    protected static TheoryData<bool, string, int> Choose(DatabaseKind kind)
    {
        var all = new TheoryData<bool, string, int>();
        foreach (var (losesData, point, occurrence) in LongTests.Wanted ? Every() : kind == DatabaseKind.Sqlite ? Usual : Usual[..1])
            all.Add(losesData, point, occurrence);
        return all;
    }

    /// <summary>
    /// Undos when the page does not come back: 1 the data, 2 to 9 the eight tries of the page, after which people are asked. Killed before the first of them, after the
    /// last, and at the page once it is mended.
    /// </summary>
    protected static TheoryData<string, int> OfFailingUndo(DatabaseKind kind) => kind == DatabaseKind.Sqlite || LongTests.Wanted
        ? new() { { FaultPoint.UndoBefore, 2 }, { FaultPoint.UndoAfter, 9 }, { FaultPoint.StoreAfterCommit, 11 } }
        : new() { { FaultPoint.UndoAfter, 9 } };

    protected async Task FailAsync(string point, int occurrence)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        await using var place = await HostProcess.SeededAsync(kind, Promotions);
        await using var connection = await place.ConnectAsync();
        foreach (var sql in PageStaysGone)
            await connection.QueryAsync(sql);
        await using var api = new HostCaller(place, $"{point}:{occurrence}:kill", OnlyPromotions);
        var seen = new List<string>();
        var play = new HostPlay(api, place, losesData: true, async detail =>
        {
            seen.Add($"{detail["instance"]!["status"]} {detail["output"]!["endState"]} {string.Join(' ', detail["undos"]!.AsArray().Where(u => (string?)u!["state"] == "Failed").Select(u => (string)u!["label"]!))}");
            await connection.QueryAsync("drop trigger if exists page_stays_gone" + (kind == DatabaseKind.Sqlite ? "" : " on promotion"));
        });

        var (endState, before, after) = await play.RunAsync(limit.Token);

        Assert.Equal([NodeProcess.Killed], api.Deaths);
        // Asked once, while the case said plainly what was not taken back, and had not ended.
        Assert.Equal(["Running  按备份恢复前台页面"], seen);
        Assert.Equal("rolled_back", endState);
        Assert.Equal(before, after);
        Assert.Equal(1, await connection.CountAsync("select count(*) from store_operation where kind = 'store.restore-page'"));
        Assert.Empty(await Checker.FindDivergencesAsync(connection));
    }

    /// <summary>The shop refuses to show a deleted page again.</summary>
    private IReadOnlyList<string> PageStaysGone => kind == DatabaseKind.Sqlite
        ? ["create trigger page_stays_gone before update of page_deleted_at on promotion when new.page_deleted_at is null begin select raise(abort, 'the disk of the pages is full'); end"]
        :
        [
            "create function page_stays_gone() returns trigger language plpgsql as $$ begin raise exception 'the disk of the pages is full'; end $$",
            "create trigger page_stays_gone before update of page_deleted_at on promotion for each row when (new.page_deleted_at is null) execute function page_stays_gone()",
        ];

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
        string[] more = losesData ? ["store.restore-data", "store.restore-verify"] : ["store.correct-messages", "store.message-participants", "store.snapshot-metrics", "store.withdraw-announcement"];
        string[] undos = ["按备份恢复参与者、交易记录、参与标识和规则缓存", "按备份恢复前台页面", "通知 yunjin@supplier.example 删除已取消", "通知 chaoliu@partner.example 删除已取消", "下架活动说明公告"];
        return string.Join('\n', [.. kinds.Concat(more).Order(StringComparer.Ordinal), .. losesData ? [] : (string[])["向已通知的参与者发送更正消息"], .. undos]);
    }

    private static IEnumerable<(bool LosesData, string Point, int Occurrence)> Every()
    {
        foreach (var (losesData, undos, first, last) in new[] { (true, 5, 8, 13), (false, 6, 11, 15) })
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

    public static TheoryData<string, int> FailingUndos => OfFailingUndo(DatabaseKind.Sqlite);

    [Theory]
    [MemberData(nameof(FailingUndos))]
    public Task An_undo_that_fails_under_a_kill_is_shown_mended_and_gone_on_with(string point, int occurrence) => FailAsync(point, occurrence);

    [Theory]
    [MemberData(nameof(Kills))]
    public Task A_killed_host_takes_the_deletion_back_to_the_last_row(bool losesData, string point, int occurrence) => PlayAsync(losesData, point, occurrence);
}

public sealed class PostgresRollbackKillTests() : RollbackKillTests(DatabaseKind.Postgres)
{
    public static TheoryData<bool, string, int> Kills => Choose(DatabaseKind.Postgres);

    public static TheoryData<string, int> FailingUndos => OfFailingUndo(DatabaseKind.Postgres);

    [Theory]
    [MemberData(nameof(FailingUndos))]
    public Task An_undo_that_fails_under_a_kill_is_shown_mended_and_gone_on_with(string point, int occurrence) => FailAsync(point, occurrence);

    [Theory]
    [MemberData(nameof(Kills))]
    public Task A_killed_host_takes_the_deletion_back_to_the_last_row(bool losesData, string point, int occurrence) => PlayAsync(losesData, point, occurrence);
}
