using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

public abstract class CaseFileStoreContract(DatabaseFixture fixture) : StoreContract(fixture)
{
    [Fact]
    public async Task A_copy_is_sent_once_and_its_first_reading_counts()
    {
        var (instance, me) = (await InstanceAsync(), A.Id());
        var copies = Enumerable.Range(0, 5).Select(n => new CopyItem($"{me}-{n}", instance, null, me, "alice", A.Now.AddMinutes(n), "cc", "请知悉")).ToList();
        await Db.CaseFiles.AddCopiesAsync(copies, Token);
        await Db.CaseFiles.AddCopiesAsync(copies, Token);

        var (first, next) = await Db.CaseFiles.ListCopiesAsync(me, null, 3, Token);
        var (rest, end) = await Db.CaseFiles.ListCopiesAsync(me, next, 3, Token);
        Assert.Equal(copies.Select(c => c.Id).Reverse(), first.Concat(rest).Select(c => c.Id));
        Assert.Null(end);
        Assert.Equal(5, await Db.CaseFiles.CountUnreadCopiesAsync(me, Token));

        Assert.True(await Db.CaseFiles.MarkReadAsync(copies[4].Id, me, A.Now.AddHours(1), Token));
        Assert.True(await Db.CaseFiles.MarkReadAsync(copies[4].Id, me, A.Now.AddHours(2), Token));
        Assert.False(await Db.CaseFiles.MarkReadAsync(copies[3].Id, "somebody else", A.Now, Token));
        Assert.Equal(A.Now.AddHours(1), (await Db.CaseFiles.ListCopiesAsync(me, null, 1, Token)).Items[0].ReadAt);
        Assert.Equal(4, await Db.CaseFiles.CountUnreadCopiesAsync(me, Token));
        Assert.True(await Db.CaseFiles.HasCopyAsync(instance, me, Token));
        Assert.False(await Db.CaseFiles.HasCopyAsync(instance, "nobody", Token));
    }

    [Fact]
    public async Task There_is_one_draft_per_person_and_task()
    {
        var task = A.UserTask(candidates: ["role:supervisor"]);
        await CommitAsync(new ChangeSet { Instance = A.Instance(), Tasks = [task] });
        await Db.CaseFiles.SaveDraftAsync(task.Id, "a", new JsonObject { ["n"] = 1 }, A.Now, Token);
        await Db.CaseFiles.SaveDraftAsync(task.Id, "a", new JsonObject { ["n"] = 2 }, A.Now.AddMinutes(1), Token);
        await Db.CaseFiles.SaveDraftAsync(task.Id, "b", new JsonObject { ["n"] = 3 }, A.Now, Token);

        Assert.Equal(2, (int)(await Db.CaseFiles.FindDraftAsync(task.Id, "a", Token))!.Form!["n"]!);
        await Db.CaseFiles.DeleteDraftAsync(task.Id, "a", Token);
        Assert.Null(await Db.CaseFiles.FindDraftAsync(task.Id, "a", Token));
        Assert.NotNull(await Db.CaseFiles.FindDraftAsync(task.Id, "b", Token));
    }

    [Fact]
    public async Task Drafts_go_with_the_commit_that_closes_their_task()
    {
        var (claimed, closed) = (A.UserTask(candidates: ["role:supervisor"]), A.UserTask(candidates: ["role:supervisor"]));
        var instance = A.Instance();
        await CommitAsync(new ChangeSet { Instance = instance, Tasks = [claimed, closed] });
        foreach (var task in new[] { claimed, closed })
        {
            await Db.CaseFiles.SaveDraftAsync(task.Id, "a", new JsonObject(), A.Now, Token);
            await Db.CaseFiles.SaveDraftAsync(task.Id, "b", new JsonObject(), A.Now, Token);
        }

        await CommitAsync(new ChangeSet
        {
            Instance = A.Instance(instance.Id, 1),
            Tasks = [claimed with { State = UserTaskState.Claimed, Assignee = "a" }, closed with { State = UserTaskState.Completed, DecidedBy = "a", ClosedAt = A.Now }],
        });

        Assert.NotNull(await Db.CaseFiles.FindDraftAsync(claimed.Id, "a", Token));
        Assert.NotNull(await Db.CaseFiles.FindDraftAsync(claimed.Id, "b", Token));
        Assert.Null(await Db.CaseFiles.FindDraftAsync(closed.Id, "a", Token));
        Assert.Null(await Db.CaseFiles.FindDraftAsync(closed.Id, "b", Token));
    }

    [Fact]
    public async Task Files_of_equal_names_live_side_by_side()
    {
        var instance = await InstanceAsync();
        var files = Enumerable.Range(0, 2).Select(n => new Attachment(A.Id(), instance, null, "合同.pdf", "application/pdf", 10 + n, $"hash{n}", "alice", A.Now.AddSeconds(n))).ToList();
        foreach (var file in files)
            await Db.CaseFiles.AddAttachmentAsync(file, Token);

        Assert.Equal(files, await Db.CaseFiles.ListAttachmentsAsync(instance, Token));
        Assert.Equal(files[1], await Db.CaseFiles.FindAttachmentAsync(files[1].Id, Token));
        Assert.Null(await Db.CaseFiles.FindAttachmentAsync("none", Token));
    }

    private async Task<string> InstanceAsync()
    {
        var instance = A.Instance();
        await CommitAsync(new ChangeSet { Instance = instance });
        return instance.Id;
    }
}

public sealed class SqliteCaseFileStoreTests(SqliteFixture fixture) : CaseFileStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresCaseFileStoreTests(PostgresFixture fixture) : CaseFileStoreContract(fixture), IClassFixture<PostgresFixture>;
