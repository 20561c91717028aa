using System.Text.Json.Nodes;
using Workflows.Engine.Instances;
using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

public abstract class InstanceStoreContract(DatabaseFixture fixture) : StoreContract(fixture)
{
    [Fact]
    public async Task A_stimulus_is_found_by_the_beginning_of_its_key()
    {
        var prefix = $"event:3:{A.Id()}:";
        Assert.False(await Db.Instances.HasStimulusAsync(prefix, Token));

        await Db.Committer.CommitAsync(A.ChangeSet(A.Id(), stimulus: prefix + "某人"), Token);

        Assert.True(await Db.Instances.HasStimulusAsync(prefix, Token));
        Assert.False(await Db.Instances.HasStimulusAsync(prefix + "other", Token));
    }

    [Fact]
    public async Task A_summary_tells_what_was_stored()
    {
        var row = A.Instance(correlationId: "订单-1", initiatedBy: "alice", parentInstanceId: "parent", incidentCount: 2, subStatus: WorkflowSubStatus.Faulted) with { Name = "删除双十一活动" };
        await CommitAsync(new ChangeSet { Instance = row });

        var summary = await Db.Instances.FindAsync(row.Id, Token);

        Assert.Equal(
            new InstanceSummary(row.Id, "definition", "definition-1", 1, "删除双十一活动", "订单-1", "parent", "alice", WorkflowStatus.Finished, WorkflowSubStatus.Faulted, 2, 1, A.Now, A.Now, A.Now),
            summary);
        Assert.Null(await Db.Instances.FindAsync("unheard of", Token));
        Assert.Null(await Db.Instances.LoadAsync("unheard of", Token));
    }

    [Fact]
    public async Task Lists_are_newest_first_filtered_and_paged()
    {
        var definition = A.Id();
        var rows = new List<InstanceRow>();
        foreach (var n in Enumerable.Range(0, 6))
        {
            rows.Insert(0, A.Instance(
                $"{definition}-{n}",
                definitionId: definition,
                correlationId: n % 2 == 0 ? "even" + definition : null,
                initiatedBy: n == 3 ? "bob" : "alice",
                parentInstanceId: n == 4 ? definition : null,
                incidentCount: n == 5 ? 1 : 0,
                subStatus: n < 2 ? WorkflowSubStatus.Finished : WorkflowSubStatus.Suspended));
            await CommitAsync(new ChangeSet { Instance = rows[0] });
        }

        Assert.Equal(rows.Select(r => r.Id), await ListAsync(new InstanceFilter(definition)));
        Assert.Equal(rows.Skip(3).Take(2).Select(r => r.Id), await ListAsync(new InstanceFilter(definition, Before: rows[2].Id, Limit: 2)));
        Assert.Equal(3, (await ListAsync(new InstanceFilter(CorrelationId: "even" + definition))).Count);
        Assert.Equal([$"{definition}-3"], await ListAsync(new InstanceFilter(definition, InitiatedBy: "bob")));
        Assert.Equal([$"{definition}-4"], await ListAsync(new InstanceFilter(ParentInstanceId: definition)));
        Assert.Equal([$"{definition}-5"], await ListAsync(new InstanceFilter(definition, HasIncidents: true)));
        Assert.Equal(5, (await ListAsync(new InstanceFilter(definition, HasIncidents: false))).Count);
        Assert.Equal(2, (await ListAsync(new InstanceFilter(definition, Status: WorkflowStatus.Finished))).Count);
        Assert.Equal(4, (await ListAsync(new InstanceFilter(definition, SubStatus: WorkflowSubStatus.Suspended))).Count);
    }

    [Fact]
    public async Task The_journal_reads_on_from_any_place_without_a_gap()
    {
        var id = A.Id();
        foreach (var burst in Enumerable.Range(0, 5))
            await CommitAsync(A.ChangeSet(id, burst) with { Journal = A.Journal((burst * 3) + 1, 3) });

        Assert.Equal(Enumerable.Range(1, 15), await SequencesAsync(0, 100));
        Assert.Equal(Enumerable.Range(6, 10), await SequencesAsync(5, 100));
        // Whole bursts: the page ends where a burst ends.
        Assert.Equal(Enumerable.Range(1, 6), await SequencesAsync(0, 4));
        Assert.Empty(await SequencesAsync(15, 10));

        async Task<IEnumerable<int>> SequencesAsync(int after, int limit) =>
            (await Db.Instances.ReadJournalAsync(id, after, limit, Token)).Select(e => e.Sequence);
    }

    [Fact]
    public async Task A_journal_entry_reads_back_equal()
    {
        var id = A.Id();
        var entry = new JournalEntry(1, A.Now, "Completed", 7, "Workflow1:Approval1", "Workflows.Approval", "同意", "alice", new JsonObject { ["outcomes"] = new JsonArray("Approved") });
        await CommitAsync(A.ChangeSet(id) with { Journal = [entry] });

        var stored = Assert.Single(await Db.Instances.ReadJournalAsync(id, 0, 10, Token));

        Assert.Equal(entry with { Payload = null }, stored with { Payload = null });
        Assert.Equal(entry.Payload!.ToJsonString(), stored.Payload!.ToJsonString());
    }

    [Fact]
    public async Task Entries_keep_their_numbers_and_their_times_whichever_way_they_were_stored()
    {
        var (id, old, later) = (A.Id(), A.Id(), A.Now.AddTicks(7));
        await CommitAsync(A.ChangeSet(id) with { Journal = A.Journal(1, 2) });
        await CommitAsync(A.ChangeSet(id, 1) with { Journal = [new JournalEntry(3, A.Now, "Warned"), new JournalEntry(4, later, "Breached"), new JournalEntry(5, later, "Resumed")] });
        await CommitAsync(A.ChangeSet(old) with { Journal = A.Journal(1, 2) });
        await Db.ExecuteAsync($$"""update journal set entries = '[{"sequence":1,"at":"2026-11-23T01:00:00+00:00","event":"Started"},{"sequence":2,"at":"2026-11-23T01:00:01+00:00","event":"Completed"}]' where instance_id = '{{old}}'""");

        Assert.Equal(
            [(1, A.Now, "Started"), (2, A.Now, "Started"), (3, A.Now, "Warned"), (4, later, "Breached"), (5, later, "Resumed")],
            (await Db.Instances.ReadJournalAsync(id, 0, 10, Token)).Select(e => (e.Sequence, e.At, e.Event)));
        Assert.Equal([(4, later), (5, later)], (await Db.Instances.ReadJournalAsync(id, 3, 10, Token)).Select(e => (e.Sequence, e.At)));
        var start = new DateTimeOffset(2026, 11, 23, 1, 0, 0, TimeSpan.Zero);
        Assert.Equal([(1, start), (2, start.AddSeconds(1))], (await Db.Instances.ReadJournalAsync(old, 0, 10, Token)).Select(e => (e.Sequence, e.At)));
    }

    [Fact]
    public async Task An_instance_cut_in_the_middle_of_a_burst_is_found_until_it_goes_on()
    {
        var id = A.Id();
        await CommitAsync(new ChangeSet { Instance = A.Instance(id, isExecuting: true, subStatus: WorkflowSubStatus.Executing) });

        Assert.Contains(id, await Db.Instances.FindInterruptedAsync(TimeSpan.Zero, 1000, Token));
        Assert.DoesNotContain(id, await Db.Instances.FindInterruptedAsync(TimeSpan.FromHours(1), 1000, Token));

        await CommitAsync(A.ChangeSet(id, 1));
        Assert.DoesNotContain(id, await Db.Instances.FindInterruptedAsync(TimeSpan.Zero, 1000, Token));
    }

    [Fact]
    public async Task Running_instances_and_children_are_found_and_finished_ones_are_not()
    {
        var (definition, parent) = (A.Id(), A.Id());
        var running = A.Instance(definitionId: definition, correlationId: "c" + definition, parentInstanceId: parent);
        await CommitAsync(new ChangeSet { Instance = running });
        await CommitAsync(new ChangeSet { Instance = A.Instance(definitionId: definition + "x", parentInstanceId: parent, subStatus: WorkflowSubStatus.Cancelled) });

        Assert.True(await Db.Instances.IsRunningAsync(definition, null, Token));
        Assert.True(await Db.Instances.IsRunningAsync(null, "c" + definition, Token));
        Assert.True(await Db.Instances.IsRunningAsync(definition, "c" + definition, Token));
        Assert.False(await Db.Instances.IsRunningAsync(definition, "another", Token));
        Assert.False(await Db.Instances.IsRunningAsync(definition + "x", null, Token));
        Assert.Equal([running.Id], await Db.Instances.FindRunningChildrenAsync(parent, Token));
    }

    [Fact]
    public async Task Bookmarks_are_found_by_hash_oldest_first_and_narrowed()
    {
        var hash = A.Id();
        var older = A.Bookmark(name: "Event" + hash, hash: hash, payload: new JsonObject { ["Name"] = "付款" }) with { CreatedAt = A.Now - TimeSpan.FromDays(1) };
        var newer = A.Bookmark(name: "Event" + hash, hash: hash);
        var first = A.Instance(correlationId: "one" + hash);
        var second = A.Instance(correlationId: "two" + hash);
        await CommitAsync(new ChangeSet { Instance = second, BookmarksAdded = [newer] });
        await CommitAsync(new ChangeSet { Instance = first, BookmarksAdded = [older] });

        var found = await Db.Bookmarks.FindAsync(hash, null, null, Token);

        Assert.Equal([older.Id, newer.Id], found.Select(b => b.Id));
        Assert.Equal((first.Id, "one" + hash, "付款"), (found[0].InstanceId, found[0].CorrelationId, (string?)found[0].Payload!["Name"]));
        Assert.Equal([newer.Id], (await Db.Bookmarks.FindAsync(hash, "two" + hash, null, Token)).Select(b => b.Id));
        Assert.Equal([older.Id], (await Db.Bookmarks.FindAsync(hash, null, first.Id, Token)).Select(b => b.Id));
        Assert.Empty(await Db.Bookmarks.FindAsync(hash, "two" + hash, first.Id, Token));
        Assert.Equal([older.Id], (await Db.Bookmarks.FindByNameAsync("Event" + hash, 1, Token)).Select(b => b.Id));
        Assert.Equal(hash, (await Db.Bookmarks.FindByIdAsync(newer.Id, Token))!.Hash);
        Assert.Null(await Db.Bookmarks.FindByIdAsync("unheard of", Token));
    }

    private async Task<List<string>> ListAsync(InstanceFilter filter) => [.. (await Db.Instances.ListAsync(filter, Token)).Select(i => i.Id)];
}

public sealed class SqliteInstanceStoreTests(SqliteFixture fixture) : InstanceStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresInstanceStoreTests(PostgresFixture fixture) : InstanceStoreContract(fixture), IClassFixture<PostgresFixture>;
