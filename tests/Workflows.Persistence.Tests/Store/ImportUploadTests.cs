using Workflows.Engine.Store;
using Workflows.Persistence.Operations;
using Workflows.Persistence.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>Uploaded files: kept for whoever sent them, read by one host at a time, gone when they were read.</summary>
public abstract class ImportUploadContract(DatabaseFixture fixture) : OwnDatabaseContract(fixture)
{
    private static readonly Dictionary<string, int> Columns = new() { ["Day"] = 0, ["Visitors"] = 1 };

    private readonly ManualClock _clock = new();

    private ImportUploads Uploads => new(Db.Database, _clock);

    [Fact]
    public async Task A_file_is_read_by_one_host_and_by_another_when_that_one_falls_silent()
    {
        await AddAsync("u1");
        Assert.Null(await Uploads.TakeAsync(A.Now, Token));
        Assert.True(await Uploads.ChooseAsync("u1", new Dictionary<string, int> { ["Day"] = 1 }, queue: true, Token));
        Assert.False(await Uploads.ChooseAsync("u1", Columns, queue: false, Token));

        var taken = (await Uploads.TakeAsync(A.Now.AddMinutes(-1), Token))!;
        Assert.Equal((UploadState.Running, 1, "visits"), (taken.State, taken.Columns["Day"], taken.Kind));
        Assert.Null(await Uploads.TakeAsync(A.Now.AddMinutes(-1), Token));
        await Uploads.NoteProgressAsync("u1", new ImportProgress(5, 4, 1), Token);
        await Uploads.DiscardAsync("u1", "finance", Token);
        Assert.Equal(5, (await Uploads.FindAsync("u1", "finance", Token))!.Rows);
        Assert.Equal((UploadState.Running, 0L), (await Uploads.TakeAsync(A.Now.AddSeconds(1), Token)) is { } again ? (again.State, again.Rows) : default);

        var report = new ImportReport("visits", "v.csv", 6, 4, 1, 1, new Dictionary<string, long>(), [], A.Now, A.Now);
        await Uploads.FinishAsync("u1", new ImportOutcome.Finished(report), "3,原因,x\r\n", Token);
        var done = (await Uploads.FindAsync("u1", "finance", Token))!;
        Assert.Equal((UploadState.Done, 6, 4, 1, 1), (done.State, done.Rows, done.Saved, done.Known, done.Rejected));
        Assert.Null(await Uploads.ReadContentAsync("u1", Token));
        Assert.Equal("3,原因,x\r\n", await Uploads.ReadRejectedAsync("u1", Token));
        Assert.Null(await Uploads.TakeAsync(A.Now.AddDays(1), Token));
    }

    [Fact]
    public async Task Files_are_seen_by_whoever_sent_them_and_housekeeping_removes_old_ones()
    {
        await AddAsync("u1");
        Assert.Equal([1, 2, 3], await Uploads.ReadContentAsync("u1", Token));
        Assert.Null(await Uploads.FindAsync("u1", "supervisor", Token));
        Assert.Empty(await Uploads.ListAsync("supervisor", 10, Token));

        // One that still waits to be read stays.
        await AddAsync("waiting");
        await Uploads.ChooseAsync("waiting", Columns, queue: true, Token);
        _clock.Advance(TimeSpan.FromDays(8));
        await AddAsync("u2");
        await PurgeAsync();
        Assert.Equal(["u2", "waiting"], (await Uploads.ListAsync("finance", 10, Token)).Select(u => u.Id));
        await Uploads.FinishAsync((await Uploads.TakeAsync(_clock.GetUtcNow(), Token))!.Id, new ImportOutcome.Refused("空文件"), null, Token);
        await PurgeAsync();
        await AddAsync("u3");
        Assert.Null(await Uploads.FindAsync("waiting", "finance", Token));
        await Uploads.DiscardAsync("u3", "finance", Token);
        await Uploads.DiscardAsync("u2", "finance", Token);
        Assert.Empty(await Uploads.ListAsync("finance", 10, Token));
    }

    [Fact]
    public async Task A_refused_file_says_why_and_headings_are_remembered_for_a_kind()
    {
        await AddAsync("u1");
        await Uploads.ChooseAsync("u1", Columns, queue: true, Token);
        await Uploads.TakeAsync(A.Now, Token);
        await Uploads.FinishAsync("u1", new ImportOutcome.Refused("压缩文件已损坏"), null, Token);
        Assert.Equal((UploadState.Refused, "压缩文件已损坏"), (await Uploads.FindAsync("u1", "finance", Token)) is { } refused ? (refused.State, refused.Reason) : default);

        Assert.Empty(await Uploads.RecallAsync("visits", Token));
        await Uploads.RememberAsync("visits", new Dictionary<string, string> { ["Day"] = "日子", ["Visitors"] = "人" }, Token);
        await Uploads.RememberAsync("visits", new Dictionary<string, string> { ["Day"] = "日子2" }, Token);
        Assert.Equal("日子2", Assert.Single(await Uploads.RecallAsync("visits", Token)).Value);
    }

    [Fact]
    public async Task Each_beginning_is_counted_until_somebody_asks_anew()
    {
        await AddAsync("u1");
        await Uploads.ChooseAsync("u1", Columns, queue: true, Token);
        await Uploads.TakeAsync(A.Now, Token);
        await Uploads.PutBackAsync("u1", queue: true, Token);
        Assert.Equal(2, (await Uploads.TakeAsync(A.Now, Token))!.Tries);
        await Uploads.PutBackAsync("u1", queue: false, Token);
        Assert.Null(await Uploads.TakeAsync(A.Now, Token));

        await Uploads.ChooseAsync("u1", Columns, queue: false, Token);
        Assert.True((await Uploads.FindAsync("u1", "finance", Token))!.IsStopped);
        await Uploads.ChooseAsync("u1", Columns, queue: true, Token);
        Assert.Equal(1, (await Uploads.TakeAsync(A.Now, Token))!.Tries);
    }

    private Task<int> PurgeAsync() => new HousekeepingStore(Db.Database).PurgeAsync(_clock.GetUtcNow(), TimeSpan.FromDays(30), TimeSpan.FromDays(7), 100, Token);

    private Task AddAsync(string id)
    {
        var now = _clock.GetUtcNow();
        return Uploads.AddAsync(new ImportUpload(id, "visits", "v.csv", "finance", now, UploadState.Open, Columns, 6, 0, 0, 0, 0, null, now), [1, 2, 3], Token);
    }
}

public sealed class SqliteImportUploadTests(SqliteFixture fixture) : ImportUploadContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresImportUploadTests(PostgresFixture fixture) : ImportUploadContract(fixture), IClassFixture<PostgresFixture>;
