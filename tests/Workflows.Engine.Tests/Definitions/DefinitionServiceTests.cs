using System.Text.Json.Nodes;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Engine.Tests.Definitions;

public sealed class DefinitionServiceTests
{
    private readonly MemoryDefinitionStore _store = new();
    private readonly StepClock _clock = new();
    private readonly GraphCache _graphs;
    private readonly DefinitionService _service;

    public DefinitionServiceTests()
    {
        _graphs = new GraphCache(_store, Samples.Catalogue, ExpressionLanguages.BuiltIn, _clock, capacity: 10);
        _service = new DefinitionService(_store, _graphs, Samples.Catalogue, TimeRules.Shipped, _clock);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_save_makes_version_1_and_the_next_overwrites_that_draft()
    {
        var first = await SaveAsync(Flow("a"));
        var second = await SaveAsync(Flow("b"));

        Assert.Equal((1, true, false), (first.Version, first.IsLatest, first.IsPublished));
        Assert.Equal((first.VersionId, 1), (second.VersionId, second.Version));
        Assert.Contains("\"b\"", second.Document, StringComparison.Ordinal);
        Assert.Single(await _service.ListVersionsAsync("sample", Cancel));
    }

    [Fact]
    public async Task A_draft_over_a_published_version_is_the_next_version_and_the_published_one_stays()
    {
        var published = await PublishAsync(Flow("a"));
        var draft = await SaveAsync(Flow("b"));

        Assert.Equal((2, true, false), (draft.Version, draft.IsLatest, draft.IsPublished));
        Assert.NotEqual(published.VersionId, draft.VersionId);
        Assert.Equal(published.VersionId, (await _store.FindAsync("sample", VersionKind.Published, Cancel))!.VersionId);
        Assert.False((await _store.FindVersionAsync(published.VersionId, Cancel))!.IsLatest);
    }

    [Fact]
    public async Task Publishing_unpublishes_the_previous_version_and_replaces_the_triggers()
    {
        await PublishAsync(Flow("a", trigger: "One"));
        await SaveAsync(Flow("b", trigger: "Two"));
        var second = Saved(await _service.PublishAsync("sample", "boss", Cancel));

        Assert.Single(await _store.ListAsync(VersionKind.Published, "sample", Cancel));
        Assert.True(second.IsPublished);
        Assert.Empty(await _store.FindTriggersAsync(Hash("One"), Cancel));
        var trigger = Assert.Single(await _store.FindTriggersAsync(Hash("Two"), Cancel));
        Assert.Equal(("Elsa.Event", "go", second.VersionId), (trigger.Name, trigger.ActivityId, trigger.VersionId));
        Assert.True(((DefinitionOutcome.Saved)await _service.PublishAsync("sample", "boss", Cancel)).AlreadyPublished);
    }

    [Fact]
    public async Task A_faulty_definition_is_saved_as_draft_with_its_faults_but_never_published()
    {
        var saved = Assert.IsType<DefinitionOutcome.Saved>(await _service.ImportAsync(Flow("Acme.Nothing", type: "Acme.Nothing"), new SaveOptions(), Cancel));
        Assert.Contains(saved.Faults, f => f.Code == "unknown-activity");

        Assert.IsType<DefinitionOutcome.Invalid>(await _service.PublishAsync("sample", null, Cancel));
        Assert.IsType<DefinitionOutcome.Invalid>(await _service.ImportAsync(Flow("x", type: "Acme.Other"), new SaveOptions { Publish = true, DefinitionId = "other" }, Cancel));
        Assert.Null(await _store.FindAsync("other", VersionKind.Latest, Cancel));
    }

    [Fact]
    public async Task Retracting_removes_the_triggers_and_a_later_save_leaves_the_retracted_version_alone()
    {
        var published = await PublishAsync(Flow("a", trigger: "One"));
        Saved(await _service.RetractAsync("sample", Cancel));

        Assert.Null(await _store.FindAsync("sample", VersionKind.Published, Cancel));
        Assert.Empty(await _store.FindTriggersAsync(Hash("One"), Cancel));
        Assert.IsType<DefinitionOutcome.Refused>(await _service.RetractAsync("sample", Cancel));

        var draft = await SaveAsync(Flow("b"));
        Assert.Equal(2, draft.Version);
        Assert.Equal(published.Document, (await _store.FindVersionAsync(published.VersionId, Cancel))!.Document);
    }

    [Fact]
    public async Task Reverting_copies_an_old_version_into_the_next_one()
    {
        var first = await PublishAsync(Flow("a"));
        await PublishAsync(Flow("b"));
        var reverted = Saved(await _service.RevertAsync("sample", 1, null, Cancel));

        Assert.Equal((3, true, false), (reverted.Version, reverted.IsLatest, reverted.IsPublished));
        Assert.Equal(DefinitionReader.ReadStored(first.Document).Root.ToJsonString(), DefinitionReader.ReadStored(reverted.Document).Root.ToJsonString());
        Assert.Equal([3, 2, 1], (await _service.ListVersionsAsync("sample", Cancel)).Select(v => v.Version));
        Assert.IsType<DefinitionOutcome.NotFound>(await _service.RevertAsync("sample", 9, null, Cancel));
    }

    [Fact]
    public async Task Deleting_a_draft_brings_the_version_before_back_and_published_ones_are_kept()
    {
        var published = await PublishAsync(Flow("a"));
        var draft = await SaveAsync(Flow("b"));

        Saved(await _service.DeleteDraftAsync(draft.VersionId, Cancel));
        Assert.Equal(published.VersionId, (await _store.FindAsync("sample", VersionKind.Latest, Cancel))!.VersionId);
        Assert.Equal("was-published", Assert.IsType<DefinitionOutcome.Refused>(await _service.DeleteDraftAsync(published.VersionId, Cancel)).Code);
        Assert.IsType<DefinitionOutcome.NotFound>(await _service.DeleteDraftAsync(draft.VersionId, Cancel));
    }

    [Fact]
    public async Task A_stale_edit_is_refused_by_version_and_by_time()
    {
        var first = await PublishAsync(Flow("a"));
        var draft = await SaveAsync(Flow("b"));

        Assert.IsType<DefinitionOutcome.Stale>(await _service.ImportAsync(Flow("c"), new SaveOptions { ExpectedVersionId = first.VersionId }, Cancel));
        await SaveAsync(Flow("d"));
        Assert.IsType<DefinitionOutcome.Stale>(await _service.ImportAsync(Flow("c"), new SaveOptions { ExpectedVersionId = draft.VersionId, ExpectedUpdatedAt = draft.UpdatedAt }, Cancel));
        Assert.IsType<DefinitionOutcome.Stale>(await _service.ImportAsync(Flow("c"), new SaveOptions { DefinitionId = "new", ExpectedVersionId = "gone" }, Cancel));
    }

    [Fact]
    public async Task A_save_that_would_empty_a_diagram_is_refused_where_asked()
    {
        await SaveAsync(Samples.Flow("""{ "id": "a", "type": "Elsa.Start" }, { "id": "b", "type": "Elsa.Start" }"""));

        Assert.Equal("would-empty", Assert.IsType<DefinitionOutcome.Refused>(await _service.ImportAsync(Samples.Flow(""), new SaveOptions { RefuseEmptying = true }, Cancel)).Code);
        await SaveAsync(Samples.Flow(""));
    }

    [Fact]
    public async Task A_definition_without_ids_gets_new_ones()
    {
        var saved = Saved(await _service.ImportAsync("""{ "name": "n", "root": { "type": "Elsa.Start" } }""", new SaveOptions(), Cancel));

        Assert.NotEmpty(saved.DefinitionId);
        Assert.NotEmpty(saved.VersionId);
        var shown = DefinitionService.Present(saved);
        Assert.Equal((saved.DefinitionId, saved.VersionId, true, false), ((string?)shown["definitionId"], (string?)shown["id"], (bool)shown["isLatest"]!, (bool)shown["isPublished"]!));
    }

    [Fact]
    public async Task An_unreadable_text_stores_nothing()
    {
        var refused = Assert.IsType<DefinitionOutcome.Unreadable>(await _service.ImportAsync("{", new SaveOptions(), Cancel));

        Assert.StartsWith("$", Assert.Single(refused.Problems).Path, StringComparison.Ordinal);
        Assert.Empty(await _store.ListAsync(VersionKind.AllVersions, null, Cancel));
    }

    [Fact]
    public async Task Publication_pins_the_versions_of_workflows_used_as_activities()
    {
        var child = Samples.Flow("""{ "id": "a", "type": "Elsa.Start" }""").Replace("\"sample\"", "\"child\"", StringComparison.Ordinal).Replace("sample-1", "child-1", StringComparison.Ordinal);
        await SaveAsync(child);
        var user = Samples.Flow("""{ "id": "c", "type": "Child", "workflowDefinitionId": "child", "workflowDefinitionVersionId": "child-1" }""");
        Assert.Contains(Assert.IsType<DefinitionOutcome.Invalid>(await _service.ImportAsync(user, new SaveOptions { Publish = true }, Cancel)).Faults, f => f is { Code: "unpublished-workflow", NodeId: "Workflow1:fc:c" });

        Saved(await _service.PublishAsync("child", null, Cancel));
        var published = await PublishAsync(Samples.Flow("""{ "id": "c", "type": "Child", "workflowDefinitionId": "child" }"""));
        Assert.Contains("\"workflowDefinitionVersionId\":\"child-1\"", published.Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishing_a_workflow_that_says_so_moves_its_users_and_theirs_to_the_new_version()
    {
        await PublishAsync(Child("child", "a", autoUpdate: true));
        await PublishAsync(Child("middle", "m", autoUpdate: true, uses: "child"));
        await PublishAsync(Child("outer", "o", uses: "middle"));

        var second = await PublishAsync(Child("child", "b", autoUpdate: true));

        var middle = (await _store.FindAsync("middle", VersionKind.Published, Cancel))!;
        var outer = (await _store.FindAsync("outer", VersionKind.Published, Cancel))!;
        Assert.Equal((2, true, 2, true), (middle.Version, middle.IsLatest, outer.Version, outer.IsLatest));
        Assert.Contains($"\"workflowDefinitionVersionId\":\"{second.VersionId}\"", middle.Document, StringComparison.Ordinal);
        Assert.Contains($"\"workflowDefinitionVersionId\":\"{middle.VersionId}\"", outer.Document, StringComparison.Ordinal);

        Assert.Empty(((DefinitionOutcome.Saved)await _service.PublishAsync("child", null, Cancel)).Faults);
        Assert.Equal(2, (await _service.ListVersionsAsync("middle", Cancel)).Count);
    }

    [Fact]
    public async Task A_user_with_a_draft_keeps_running_on_the_old_version_and_its_draft_is_moved()
    {
        await PublishAsync(Child("child", "a", autoUpdate: true));
        var user = await PublishAsync(Child("user", "m", uses: "child"));
        var pinned = JsonNode.Parse(user.Document)!;
        pinned["description"] = "half done";
        await SaveAsync(pinned.ToJsonString());

        var outcome = Assert.IsType<DefinitionOutcome.Saved>(await _service.ImportAsync(Child("child", "b", autoUpdate: true), new SaveOptions { Publish = true }, Cancel));

        Assert.Equal("consumer-behind", Assert.Single(outcome.Faults).Code);
        Assert.Equal(user.VersionId, (await _store.FindAsync("user", VersionKind.Published, Cancel))!.VersionId);
        var draft = (await _store.FindAsync("user", VersionKind.Draft, Cancel))!;
        Assert.Contains(outcome.Definition.VersionId, draft.Document, StringComparison.Ordinal);
        Assert.Contains("half done", draft.Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_option_users_stay_on_their_version()
    {
        await PublishAsync(Child("child", "a"));
        var user = await PublishAsync(Child("user", "m", uses: "child"));
        await PublishAsync(Child("child", "b"));
        Assert.Equal(user.VersionId, (await _store.FindAsync("user", VersionKind.Published, Cancel))!.VersionId);
    }

    [Fact]
    public async Task A_definition_is_deleted_whole_unless_it_runs_or_is_used()
    {
        await PublishAsync(Child("child", "a"));
        await PublishAsync(Child("user", "m", uses: "child"));
        await SaveAsync(Child("user", "n"));
        _store.Running.Add("user");

        Assert.Equal("definition-used", Assert.IsType<DefinitionOutcome.Refused>(await _service.DeleteAsync("child", Cancel)).Code);
        Assert.Equal("definition-running", Assert.IsType<DefinitionOutcome.Refused>(await _service.DeleteAsync("user", Cancel)).Code);
        Assert.NotNull(await _store.FindAsync("user", VersionKind.Published, Cancel));
        _store.Running.Clear();
        Assert.IsType<DefinitionOutcome.Saved>(await _service.DeleteAsync("user", Cancel));
        Assert.IsType<DefinitionOutcome.Saved>(await _service.DeleteAsync("child", Cancel));

        Assert.Empty(await _store.ListAsync(VersionKind.AllVersions, null, Cancel));
        Assert.IsType<DefinitionOutcome.NotFound>(await _service.DeleteAsync("child", Cancel));
    }

    [Fact]
    public async Task Published_graphs_come_from_memory_and_drafts_follow_their_changes()
    {
        var published = await PublishAsync(Flow("a"));
        var graph = await _graphs.FindVersionAsync(published.VersionId, Cancel);
        var reads = _store.Reads;
        Assert.Same(graph, await _graphs.FindVersionAsync(published.VersionId, Cancel));
        Assert.Equal(reads, _store.Reads);

        var draft = await SaveAsync(Flow("b"));
        var before = await _graphs.FindVersionAsync(draft.VersionId, Cancel);
        Assert.Same(before, await _graphs.FindVersionAsync(draft.VersionId, Cancel));
        await SaveAsync(Flow("c"));
        Assert.NotNull((await _graphs.FindVersionAsync(draft.VersionId, Cancel))!.Find("Workflow1:fc:c"));
        Assert.Null(await _graphs.FindVersionAsync("nothing", Cancel));
    }

    [Fact]
    public async Task The_published_graph_follows_a_publication_at_once()
    {
        Assert.Null(await _graphs.FindPublishedAsync("sample", Cancel));
        var first = await PublishAsync(Flow("a"));
        Assert.Equal(first.VersionId, (await _graphs.FindPublishedAsync("sample", Cancel))!.VersionId);
        var second = await PublishAsync(Flow("b"));
        Assert.Equal(second.VersionId, (await _graphs.FindPublishedAsync("sample", Cancel))!.VersionId);
        await _service.RetractAsync("sample", Cancel);
        Assert.Null(await _graphs.FindPublishedAsync("sample", Cancel));
    }

    [Fact]
    public async Task The_cache_stays_within_its_capacity()
    {
        for (var i = 0; i < 30; i++)
        {
            var saved = Saved(await _service.ImportAsync(Flow("a"), new SaveOptions { DefinitionId = $"d{i}", Publish = true }, Cancel));
            await _graphs.FindVersionAsync(saved.VersionId, Cancel);
        }

        Assert.InRange(_graphs.Count, 1, 10);
    }

    [Fact]
    public async Task Seeding_publishes_new_files_drafts_newer_ones_and_never_overwrites()
    {
        var folder = Directory.CreateTempSubdirectory("seed").FullName;
        try
        {
            var seeder = new DefinitionSeeder(_service, _store);
            Directory.CreateDirectory(Path.Combine(folder, "area"));
            var file = Path.Combine(folder, "area", "sample.json");
            await File.WriteAllTextAsync(file, Flow("a"), Cancel);
            await File.WriteAllTextAsync(Path.Combine(folder, "bad.json"), """{ "name": 5 }""", Cancel);

            Assert.Equal([SeedState.Published, SeedState.Failed], await StatesAsync());
            Assert.Equal([SeedState.Unchanged, SeedState.Failed], await StatesAsync());

            await File.WriteAllTextAsync(file, Flow("b"), Cancel);
            Assert.Equal(SeedState.Drafted, (await StatesAsync())[0]);
            Assert.Contains("\"a\"", (await _store.FindAsync("sample", VersionKind.Published, Cancel))!.Document, StringComparison.Ordinal);

            await File.WriteAllTextAsync(file, Flow("c"), Cancel);
            Assert.Equal(SeedState.Postponed, (await StatesAsync())[0]);

            async Task<List<SeedState>> StatesAsync() => [.. (await seeder.SeedAsync(folder, Cancel)).Select(r => r.State)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Flow(string id, string? trigger = null, string type = "Elsa.Start") => Samples.Flow(
        $$"""{ "id": "{{id}}", "type": "{{type}}" }""" + (trigger is null
            ? ""
            : $$""", { "id": "go", "type": "Elsa.Event", "customProperties": { "canStartWorkflow": true }, "eventName": { "typeName": "String", "expression": { "type": "Literal", "value": "{{trigger}}" } } }"""));

    /// <summary>A definition with one activity, and perhaps another definition used as one.</summary>
    private static string Child(string definitionId, string activity, bool autoUpdate = false, string? uses = null)
    {
        var json = JsonNode.Parse(Samples.Flow($$"""{ "id": "{{activity}}", "type": "Elsa.Start" }""" + (uses is null ? "" : $$""", { "id": "u", "type": "Used", "workflowDefinitionId": "{{uses}}" }"""), uses is null ? [] : [$"{activity}.Done>u"]))!.AsObject();
        json.Remove("id");
        json["definitionId"] = definitionId;
        json["options"] = new JsonObject { ["autoUpdateConsumingWorkflows"] = autoUpdate };
        return json.ToJsonString();
    }

    private static string Hash(string name) => StimulusHash.Compute("Elsa.Event", new JsonObject { ["EventName"] = name });

    private static StoredDefinition Saved(DefinitionOutcome outcome) => Assert.IsType<DefinitionOutcome.Saved>(outcome).Definition;

    private async Task<StoredDefinition> SaveAsync(string text) => Saved(await _service.ImportAsync(text, new SaveOptions(), Cancel));

    private async Task<StoredDefinition> PublishAsync(string text) => Saved(await _service.ImportAsync(text, new SaveOptions { Publish = true }, Cancel));

    /// <summary>Every look at this clock is a second later.</summary>
    private sealed class StepClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now += TimeSpan.FromSeconds(1);
    }
}
