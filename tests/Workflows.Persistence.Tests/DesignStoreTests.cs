using Workflows.Engine.Instances;
using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

public abstract class DesignStoreContract(DatabaseFixture fixture) : StoreContract(fixture)
{
    private static readonly TimeSpan Lapse = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task One_person_holds_the_lock_until_it_lapses_or_is_taken_over()
    {
        var process = A.Id();

        Assert.Equal("ann", (await Db.Design.TakeLockAsync(process, "ann", A.Now, Lapse, false, Token)).UserName);
        Assert.Equal("ann", (await Db.Design.TakeLockAsync(process, "bob", A.Now.AddSeconds(119), Lapse, false, Token)).UserName);
        var renewed = await Db.Design.TakeLockAsync(process, "ann", A.Now.AddSeconds(119), Lapse, false, Token);
        Assert.Equal((A.Now, A.Now.AddSeconds(119)), (renewed.TakenAt, renewed.SeenAt));
        Assert.Equal("ann", (await Db.Design.FindLockAsync(process, A.Now.AddSeconds(200), Lapse, Token))?.UserName);
        Assert.Null(await Db.Design.FindLockAsync(process, A.Now.AddSeconds(240), Lapse, Token));
        Assert.Equal("bob", (await Db.Design.TakeLockAsync(process, "bob", A.Now.AddSeconds(240), Lapse, false, Token)).UserName);
        Assert.Equal("ann", (await Db.Design.TakeLockAsync(process, "ann", A.Now.AddSeconds(241), Lapse, true, Token)).UserName);

        await Db.Design.ReleaseLockAsync(process, "bob", Token);
        Assert.NotNull(await Db.Design.FindLockAsync(process, A.Now.AddSeconds(242), Lapse, Token));
        await Db.Design.ReleaseLockAsync(process, "ann", Token);
        Assert.Null(await Db.Design.FindLockAsync(process, A.Now.AddSeconds(242), Lapse, Token));
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_gets_the_lock()
    {
        var process = A.Id();

        var holders = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Db.Design.TakeLockAsync(process, $"p{n}", A.Now, Lapse, false, Token)));

        Assert.Single(holders.Select(h => h.UserName).Distinct());
    }

    [Fact]
    public async Task Authors_are_kept_once_in_the_order_of_their_first_change()
    {
        var version = A.Id();
        foreach (var (name, second) in new[] { ("bob", 1), ("ann", 2), ("bob", 3) })
            await Db.Design.AddAuthorAsync(version, name, A.Now.AddSeconds(second), Token);

        Assert.Equal(["bob", "ann"], await Db.Design.ListAuthorsAsync(version, Token));
        Assert.Empty(await Db.Design.ListAuthorsAsync(A.Id(), Token));
    }

    [Fact]
    public async Task Instances_are_found_by_page_and_filter_and_rights_are_part_of_the_query()
    {
        var (mine, theirs) = (A.Id(), A.Id());
        var rows = new List<InstanceRow>();
        for (var n = 0; n < 5; n++)
        {
            var row = A.Instance() with { DefinitionId = mine, Name = $"退款 100%_{n}", InitiatedBy = "ann", UpdatedAt = A.Now.AddMinutes(5 - n) };
            rows.Add(row);
            await CommitAsync(new ChangeSet { Instance = row });
        }

        await CommitAsync(new ChangeSet { Instance = A.Instance() with { DefinitionId = theirs, InitiatedBy = "bob", CorrelationId = "SO-7" } });
        Task<(IReadOnlyList<InstanceSummary> Items, int Total)> Search(InstanceSearch search) => Db.Design.SearchAsync(search, 1_000, Token);
        var all = new InstanceSearch { Viewer = "ann", DefinitionIds = [mine, theirs], Take = 2 };

        var (first, total) = await Search(all);
        Assert.Equal((2, 6), (first.Count, total));
        Assert.Equal(6, (await Search(all with { Take = 10 })).Items.Select(i => i.Id).Distinct().Count());
        Assert.Equal(2, (await Search(all with { Skip = 4 })).Items.Count);
        Assert.Equal(5, (await Search(all with { ViewedDefinitions = [] })).Total);
        Assert.Equal(6, (await Search(all with { ViewedDefinitions = [theirs] })).Total);
        Assert.Equal(1, (await Search(all with { Text = "so-7" })).Total);
        Assert.Equal(1, (await Search(all with { Text = "100%_3" })).Total);
        Assert.Equal(0, (await Search(all with { Text = "1__%_3" })).Total);
        Assert.Equal(rows.OrderBy(r => r.UpdatedAt).Select(r => r.Id), (await Search(all with { DefinitionIds = [mine], Order = InstanceOrder.Updated, Ascending = true, Take = 9 })).Items.Select(i => i.Id));
        Assert.Equal(rows.OrderByDescending(r => r.UpdatedAt).Select(r => r.Id), (await Search(all with { DefinitionIds = [mine], Order = InstanceOrder.Updated, Take = 9 })).Items.Select(i => i.Id));
        Assert.Equal(6, (await Search(all with { SubStatuses = [WorkflowSubStatus.Suspended, WorkflowSubStatus.Pending, WorkflowSubStatus.Executing] })).Total);
        Assert.Equal(0, (await Search(all with { SubStatuses = [WorkflowSubStatus.Faulted] })).Total);
        Assert.Equal(3, (await Db.Design.SearchAsync(all, 3, Token)).Total);
    }

    [Fact]
    public async Task Running_and_troubled_instances_are_counted_by_version()
    {
        var process = A.Id();
        await CommitAsync(new ChangeSet { Instance = A.Instance() with { DefinitionId = process, DefinitionVersion = 1 } });
        await CommitAsync(new ChangeSet { Instance = A.Instance() with { DefinitionId = process, DefinitionVersion = 2, IncidentCount = 1 } });
        await CommitAsync(new ChangeSet { Instance = A.Instance() with { DefinitionId = process, DefinitionVersion = 2, Status = WorkflowStatus.Finished, SubStatus = WorkflowSubStatus.Faulted, FinishedAt = A.Now } });
        await CommitAsync(new ChangeSet { Instance = A.Instance() with { DefinitionId = process, DefinitionVersion = 2, Status = WorkflowStatus.Finished, SubStatus = WorkflowSubStatus.Finished, FinishedAt = A.Now } });

        Assert.Equal([(1, 1, 0), (2, 1, 2)], (await Db.Design.CountAsync(Token)).Where(l => l.DefinitionId == process).Select(l => (l.Version, l.Running, l.Troubled)));
    }
}

public sealed class SqliteDesignStoreTests(SqliteFixture fixture) : DesignStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresDesignStoreTests(PostgresFixture fixture) : DesignStoreContract(fixture), IClassFixture<PostgresFixture>;
