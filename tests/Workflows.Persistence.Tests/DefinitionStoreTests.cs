using System.Text.Json.Nodes;
using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

public abstract class DefinitionStoreContract(DatabaseFixture fixture) : StoreContract(fixture)
{
    [Fact]
    public async Task Versions_are_found_by_what_they_are()
    {
        var id = A.Id();
        var (published, draft) = (A.Definition(id, 1, isLatest: false, isPublished: true), A.Definition(id, 2));
        Assert.True(await Db.Definitions.SaveAsync(id, null, null, [published, draft], [], Token));

        Assert.Equal(published, await Db.Definitions.FindVersionAsync(published.VersionId, Token));
        Assert.Equal(published, await Db.Definitions.FindAsync(id, 1, Token));
        Assert.Equal(published, await Db.Definitions.FindAsync(id, VersionKind.Published, Token));
        Assert.Equal(draft, await Db.Definitions.FindAsync(id, VersionKind.Latest, Token));
        Assert.Equal(draft, await Db.Definitions.FindAsync(id, VersionKind.Draft, Token));
        Assert.Equal([draft, published], await Db.Definitions.ListAsync(VersionKind.LatestOrPublished, id, Token));
        Assert.Equal([draft, published], await Db.Definitions.ListAsync(VersionKind.AllVersions, id, Token));
        Assert.Contains(draft, await Db.Definitions.ListAsync(VersionKind.Latest, null, Token));
        Assert.Null(await Db.Definitions.FindAsync(id, 3, Token));
        Assert.Null(await Db.Definitions.FindAsync("unheard of", VersionKind.Latest, Token));
    }

    [Fact]
    public async Task Publishing_a_draft_moves_the_published_flag_and_replaces_the_triggers()
    {
        var id = A.Id();
        var (first, second) = (A.Definition(id, 1, isLatest: false, isPublished: true), A.Definition(id, 2));
        var hash = A.Id();
        await Db.Definitions.SaveAsync(id, null, null, [first, second], [Trigger(first, hash)], Token);

        Assert.True(await Db.Definitions.SaveAsync(
            id, second.VersionId, second.UpdatedAt, [second with { IsPublished = true }, first with { IsPublished = false }], [Trigger(second, hash)], Token));

        Assert.Equal(2, (await Db.Definitions.FindAsync(id, VersionKind.Published, Token))!.Version);
        var trigger = Assert.Single(await Db.Definitions.FindTriggersAsync(hash, Token));
        Assert.Equal((second.VersionId, "Event" + hash), (trigger.VersionId, trigger.Name));
        Assert.Equal("付款", (string?)trigger.Payload!["name"]);
        Assert.Single(await Db.Definitions.ListTriggersAsync(["Event" + hash, "other"], Token));

        // Triggers that are not mentioned stay.
        Assert.True(await Db.Definitions.SaveAsync(id, second.VersionId, null, [second with { IsPublished = true, Name = "新名称" }], null, Token));
        Assert.Single(await Db.Definitions.FindTriggersAsync(hash, Token));
    }

    [Fact]
    public async Task A_save_that_expects_another_latest_version_changes_nothing()
    {
        var id = A.Id();
        var first = A.Definition(id);
        await Db.Definitions.SaveAsync(id, null, null, [first], null, Token);

        Assert.False(await Db.Definitions.SaveAsync(id, null, null, [A.Definition(id, 2)], null, Token));
        Assert.False(await Db.Definitions.SaveAsync(id, "another", null, [A.Definition(id, 2)], null, Token));
        Assert.False(await Db.Definitions.SaveAsync(id, first.VersionId, A.Now + TimeSpan.FromSeconds(1), [first with { Name = "x" }], null, Token));

        Assert.Equal([first], await Db.Definitions.ListAsync(VersionKind.AllVersions, id, Token));
    }

    [Fact]
    public async Task Of_simultaneous_saves_on_the_same_latest_version_one_wins()
    {
        var id = A.Id();

        var wins = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Db.Definitions.SaveAsync(id, null, null, [A.Definition(id)], null, Token)));

        Assert.Single(wins, won => won);
    }

    [Fact]
    public async Task Deleting_the_latest_version_makes_the_one_before_it_the_latest()
    {
        var id = A.Id();
        var (first, second) = (A.Definition(id, 1, isLatest: false, isPublished: true), A.Definition(id, 2));
        var hash = A.Id();
        await Db.Definitions.SaveAsync(id, null, null, [first, second], [Trigger(second, hash)], Token);

        Assert.True(await Db.Definitions.DeleteVersionAsync(second.VersionId, Token));
        Assert.False(await Db.Definitions.DeleteVersionAsync(second.VersionId, Token));

        Assert.Equal(first with { IsLatest = true }, Assert.Single(await Db.Definitions.ListAsync(VersionKind.AllVersions, id, Token)));
        Assert.Empty(await Db.Definitions.FindTriggersAsync(hash, Token));
    }

    [Fact]
    public async Task A_definition_goes_with_all_versions_and_triggers_once_nothing_of_it_runs()
    {
        var (id, other, hash) = (A.Id(), A.Id(), A.Id());
        var (first, second) = (A.Definition(id, 1, isLatest: false, isPublished: true), A.Definition(id, 2));
        await Db.Definitions.SaveAsync(id, null, null, [first, second], [Trigger(first, hash)], Token);
        await Db.Definitions.SaveAsync(other, null, null, [A.Definition(other)], null, Token);
        var running = A.Instance(definitionId: id);
        await Db.Committer.CommitAsync(new ChangeSet { Instance = running }, Token);

        Assert.True(await Db.Definitions.IsRunningAsync(id, Token));
        Assert.Equal(0, await Db.Definitions.DeleteAsync(id, Token));
        var ended = A.Instance(running.Id, readRevision: 1, definitionId: id, subStatus: Engine.Instances.WorkflowSubStatus.Finished);
        Assert.IsType<CommitOutcome.Committed>(await Db.Committer.CommitAsync(new ChangeSet { Instance = ended }, Token));

        Assert.False(await Db.Definitions.IsRunningAsync(id, Token));
        Assert.Equal(2, await Db.Definitions.DeleteAsync(id, Token));
        Assert.Empty(await Db.Definitions.ListAsync(VersionKind.AllVersions, id, Token));
        Assert.Empty(await Db.Definitions.FindTriggersAsync(hash, Token));
        Assert.NotNull(await Db.Definitions.FindAsync(other, VersionKind.Latest, Token));
    }

    [Fact]
    public async Task The_stamp_changes_with_every_change()
    {
        var id = A.Id();
        var before = await Db.Definitions.ReadStampAsync(Token);
        await Db.Definitions.SaveAsync(id, null, null, [A.Definition(id)], null, Token);
        var saved = await Db.Definitions.ReadStampAsync(Token);
        await Db.Definitions.DeleteVersionAsync(id + "-1", Token);

        Assert.True(before < saved);
        Assert.True(saved < await Db.Definitions.ReadStampAsync(Token));
    }

    private static StoredTrigger Trigger(StoredDefinition of, string hash) =>
        new(A.Id(), of.DefinitionId, of.VersionId, "Event" + hash, "Event1", hash, new JsonObject { ["name"] = "付款" });
}

public sealed class SqliteDefinitionStoreTests(SqliteFixture fixture) : DefinitionStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresDefinitionStoreTests(PostgresFixture fixture) : DefinitionStoreContract(fixture), IClassFixture<PostgresFixture>;
