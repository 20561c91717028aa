using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

public abstract class DraftStoreContract(DatabaseFixture fixture) : StoreContract(fixture)
{
    [Fact]
    public async Task A_draft_is_its_owners_alone_and_saving_it_again_changes_it()
    {
        var (id, me) = (A.Id(), A.Id());
        Assert.True(await Db.Drafts.SaveAsync(Draft(id, me, 1, 0), 2, Token));
        Assert.True(await Db.Drafts.SaveAsync(Draft(id, me, 2, 1), 2, Token));
        Assert.False(await Db.Drafts.SaveAsync(Draft(id, "somebody else", 3, 2), 2, Token));

        var found = await Db.Drafts.FindAsync(id, me, Token);
        Assert.Equal(2, (int)found!.Form["n"]!);
        Assert.Equal(A.Now.AddMinutes(1), found.SavedAt);
        Assert.Null(await Db.Drafts.FindAsync(id, "somebody else", Token));
        await Db.Drafts.DeleteAsync(id, "somebody else", Token);
        Assert.Single(await Db.Drafts.ListAsync(me, Token));
        await Db.Drafts.DeleteAsync(id, me, Token);
        Assert.Empty(await Db.Drafts.ListAsync(me, Token));
    }

    [Fact]
    public async Task Nobody_keeps_more_drafts_than_allowed()
    {
        var me = A.Id();
        var ids = Enumerable.Range(0, 2).Select(_ => A.Id()).ToList();
        for (var n = 0; n < 2; n++)
            Assert.True(await Db.Drafts.SaveAsync(Draft(ids[n], me, n, n), 2, Token));

        Assert.False(await Db.Drafts.SaveAsync(Draft(A.Id(), me, 3, 3), 2, Token));
        Assert.True(await Db.Drafts.SaveAsync(Draft(ids[0], me, 4, 4), 2, Token));
        Assert.Equal(ids, (await Db.Drafts.ListAsync(me, Token)).Select(d => d.Id));
    }

    [Fact]
    public async Task Files_go_with_their_draft_to_the_application_once()
    {
        var (id, me, instance) = (A.Id(), A.Id(), A.Instance());
        await CommitAsync(new ChangeSet { Instance = instance });
        await Db.Drafts.SaveAsync(Draft(id, me, 1, 0), 5, Token);
        var kept = new DraftFile(A.Id(), id, "合同.pdf", "application/pdf", 10, "hash1", A.Now);
        var gone = kept with { Id = A.Id(), Name = "旧.pdf" };
        foreach (var file in new[] { kept, kept with { Id = A.Id() }, gone })
            await Db.Drafts.AddFileAsync(file, Token);
        await Db.Drafts.RemoveFileAsync(gone.Id, id, "somebody else", Token);
        Assert.Equal(2, (await Db.Drafts.ListFilesAsync(id, me, Token)).Count);
        Assert.Empty(await Db.Drafts.ListFilesAsync(id, "somebody else", Token));
        await Db.Drafts.RemoveFileAsync(gone.Id, id, me, Token);

        for (var repeat = 0; repeat < 2; repeat++)
            await Db.Drafts.HandInAsync(id, me, instance.Id, Token);

        Assert.Equal(new Attachment(kept.Id, instance.Id, null, "合同.pdf", "application/pdf", 10, "hash1", me, A.Now), Assert.Single(await Db.CaseFiles.ListAttachmentsAsync(instance.Id, Token)));
        Assert.Null(await Db.Drafts.FindAsync(id, me, Token));
        Assert.Empty(await Db.Drafts.ListFilesAsync(id, me, Token));
    }

    [Fact]
    public async Task Begun_forms_of_open_tasks_are_listed()
    {
        var (open, closed, me) = (A.UserTask(candidates: ["role:supervisor"]), A.UserTask(candidates: ["role:supervisor"]), A.Id());
        await CommitAsync(new ChangeSet { Instance = A.Instance(), Tasks = [open] });
        await CommitAsync(new ChangeSet { Instance = A.Instance(), Tasks = [closed with { State = Engine.UserTasks.UserTaskState.Cancelled, ClosedAt = A.Now }] });
        foreach (var task in new[] { open, closed })
            await Db.CaseFiles.SaveDraftAsync(task.Id, me, new JsonObject { ["n"] = 1 }, A.Now, Token);

        var begun = Assert.Single(await Db.Drafts.ListTasksAsync(me, Token));
        Assert.Equal(open.Id, begun.Task.Task.Id);
        Assert.Equal(A.Now, begun.SavedAt);
    }

    [Fact]
    public async Task What_people_set_for_themselves_is_found_under_its_name()
    {
        var me = A.Id();
        Assert.Null(await Db.Personal.FindAsync(me, "phrases", Token));
        await Db.Personal.SaveAsync(me, "phrases", new JsonArray("同意"), Token);
        await Db.Personal.SaveAsync(me, "phrases", new JsonArray("同意", "已核实"), Token);
        await Db.Personal.SaveAsync(me, "filters", new JsonArray(), Token);

        Assert.Equal("""["同意","已核实"]""", System.Text.RegularExpressions.Regex.Unescape((await Db.Personal.FindAsync(me, "phrases", Token))!.ToJsonString()));
        Assert.Null(await Db.Personal.FindAsync("somebody else", "phrases", Token));
    }

    [Fact]
    public async Task A_file_is_removed_by_whoever_added_it_until_somebody_has_decided()
    {
        var instance = A.Instance();
        var task = A.UserTask(candidates: ["role:supervisor"]) with { State = Engine.UserTasks.UserTaskState.Completed, Decision = "approve", DecidedBy = "supervisor", ClosedAt = A.Now.AddHours(1) };
        await CommitAsync(new ChangeSet { Instance = instance, Tasks = [task] });
        Attachment File(DateTimeOffset at) => new(A.Id(), instance.Id, null, "合同.pdf", "application/pdf", 10, "hash", "alice", at);
        var (before, after) = (File(A.Now), File(A.Now.AddHours(2)));
        foreach (var file in new[] { before, after })
            await Db.CaseFiles.AddAttachmentAsync(file, Token);

        Assert.False(await Db.CaseFiles.RemoveAttachmentAsync(before.Id, "alice", Token));
        Assert.False(await Db.CaseFiles.RemoveAttachmentAsync(after.Id, "bob", Token));
        Assert.True(await Db.CaseFiles.RemoveAttachmentAsync(after.Id, "alice", Token));
        Assert.Equal([before], await Db.CaseFiles.ListAttachmentsAsync(instance.Id, Token));
    }

    [Fact]
    public async Task Who_was_sent_a_copy_is_known_with_the_time_of_reading()
    {
        var (instance, me) = (A.Instance(), A.Id());
        await CommitAsync(new ChangeSet { Instance = instance });
        await Db.CaseFiles.AddCopiesAsync([new CopyItem(A.Id(), instance.Id, null, me, "alice", A.Now, "cc", null), new CopyItem(A.Id(), instance.Id, null, "b", "alice", A.Now.AddMinutes(1), "cc", null)], Token);
        await Db.CaseFiles.MarkReadAsync((await Db.CaseFiles.ListCopiesAsync(me, null, 1, Token)).Items[0].Id, me, A.Now.AddHours(1), Token);

        var sent = await Db.CaseFiles.ListCopiesOfInstanceAsync(instance.Id, Token);

        Assert.Equal([(me, A.Now.AddHours(1)), ("b", (DateTimeOffset?)null)], sent.Select(c => (c.UserName, c.ReadAt)));
    }

    private static StartDraft Draft(string id, string user, int n, int minutes) => new(id, user, "definition", new JsonObject { ["n"] = n }, A.Now.AddMinutes(minutes));
}

public sealed class SqliteDraftStoreTests(SqliteFixture fixture) : DraftStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresDraftStoreTests(PostgresFixture fixture) : DraftStoreContract(fixture), IClassFixture<PostgresFixture>;
