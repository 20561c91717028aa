using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Persistence.Organisation;
using Workflows.Persistence.UserTasks;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

public abstract class AccessStoreContract(DatabaseFixture fixture) : StoreContract(fixture)
{
    [Fact]
    public async Task Rights_are_set_and_given_back_to_the_definition()
    {
        var (store, id) = (new AccessStore(Db.Database), A.Id());
        var before = await store.ReadStampAsync(Token);
        await store.SaveGrantsAsync(id, new Dictionary<ProcessRight, IReadOnlyList<string>?> { [ProcessRight.Start] = ["role:a", "wang"], [ProcessRight.Handle] = [] }, Audit(id), Token);

        var set = (await store.ListGrantsAsync(Token)).Where(g => g.DefinitionId == id).ToDictionary(g => g.Right, g => g.Identities);
        await store.SaveGrantsAsync(id, new Dictionary<ProcessRight, IReadOnlyList<string>?> { [ProcessRight.Start] = null }, Audit(id), Token);

        Assert.Equal(["role:a", "wang"], set[ProcessRight.Start]);
        Assert.Empty(set[ProcessRight.Handle]);
        Assert.Equal(ProcessRight.Handle, Assert.Single(await store.ListGrantsAsync(Token), g => g.DefinitionId == id).Right);
        Assert.NotEqual(before, await store.ReadStampAsync(Token));
    }

    [Fact]
    public async Task A_key_holds_until_it_ends_is_revoked_or_its_person_leaves()
    {
        var store = new AccessStore(Db.Database);
        var person = new Person(A.Id(), "程序", null, null, null, ["clerk"]);
        await Db.Organisation.SaveAsync([person], Token);
        async Task<(string Id, string Hash)> AddAsync()
        {
            var (id, hash) = (A.Id(), A.Id());
            await store.AddKeyAsync(new ApiKey(id, "ERP", person.UserName, ["read", "start"], "admin", A.Now, A.Now + TimeSpan.FromDays(1), null, null), hash, Audit(id), Token);
            return (id, hash);
        }

        var (revoked, live) = (await AddAsync(), await AddAsync());
        Assert.True(await store.RevokeKeyAsync(revoked.Id, Audit(revoked.Id), Token));
        Assert.False(await store.RevokeKeyAsync(revoked.Id, Audit(revoked.Id), Token));

        Assert.Equal([live.Id], (await store.ListKeysOfAsync(person.UserName, A.Now, Token)).Select(k => k.Id));
        Assert.Empty(await store.ListKeysOfAsync(person.UserName, A.Now + TimeSpan.FromDays(1), Token));
        Assert.False(await store.RevokeOwnKeyAsync(live.Id, "somebody-else", Audit(live.Id), Token));
        var own = await AddAsync();
        Assert.True(await store.RevokeOwnKeyAsync(own.Id, person.UserName, Audit(own.Id), Token));
        Assert.Null(await store.FindByKeyAsync(own.Hash, A.Now, Token));

        var found = await store.FindByKeyAsync(live.Hash, A.Now, Token);
        Assert.Equal((person.UserName, 2), (found!.Value.Person.UserName, found.Value.Scopes.Count));
        Assert.Equal(["clerk"], found.Value.Person.Roles);
        Assert.Null(await store.FindByKeyAsync(revoked.Hash, A.Now, Token));
        Assert.Null(await store.FindByKeyAsync(live.Hash, A.Now + TimeSpan.FromDays(1), Token));
        await Db.Organisation.ApplyAsync(new OrganisationChange { People = [person with { IsActive = false }], Audit = Audit(person.UserName) }, Token);
        await Db.Organisation.SaveAsync([person], Token);
        Assert.Null(await store.FindByKeyAsync(live.Hash, A.Now, Token));
    }

    [Fact]
    public async Task Open_tasks_are_found_by_whom_they_lie_with()
    {
        var (store, user) = (new OpenTaskStore(Db.Database), A.Id());
        var changes = A.ChangeSet(A.Id()) with { Tasks = [A.UserTask("a" + user, assignee: user), A.UserTask("b" + user, candidates: [user, "role:" + user]), A.UserTask("c" + user, assignee: user, state: UserTaskState.Completed, decidedBy: user)] };
        await CommitAsync(changes);

        Assert.Equal(["a" + user, "b" + user], (await store.ListOfPersonAsync(user, 10, Token)).Select(t => t.Task.Id).Order());
        Assert.Equal(["b" + user], (await store.ListOfIdentitiesAsync(["role:" + user], 10, Token)).Select(t => t.Task.Id));
        Assert.Superset(new HashSet<string> { user, "role:" + user }, (await store.ListIdentitiesAsync(Token)).ToHashSet());
    }

    [Fact]
    public async Task A_list_of_instances_holds_what_its_viewer_may_see()
    {
        var (viewer, definition) = (A.Id(), A.Id());
        var (own, seen, other) = (A.Id(), A.Id(), A.Id());
        await CommitAsync(new ChangeSet { Instance = A.Instance(own, initiatedBy: viewer) });
        await CommitAsync(new ChangeSet { Instance = A.Instance(seen, definitionId: definition, initiatedBy: "x" + viewer) });
        await CommitAsync(new ChangeSet { Instance = A.Instance(other, initiatedBy: "x" + viewer) });
        async Task<HashSet<string>> ListAsync(IReadOnlyList<string>? viewed) =>
            [.. (await Db.Instances.ListAsync(new InstanceFilter(Limit: 500) { Viewer = viewer, ViewedDefinitions = viewed }, Token)).Select(i => i.Id).Where(i => i == own || i == seen || i == other)];

        Assert.Equal<HashSet<string>>([own], await ListAsync([]));
        Assert.Equal<HashSet<string>>([own, seen], await ListAsync([definition]));
        Assert.Equal<HashSet<string>>([own, seen, other], await ListAsync(null));
    }

    private static OrganisationAudit Audit(string subject) => new(A.Id(), A.Now, "admin", "test", subject);
}

public sealed class SqliteAccessStoreTests(SqliteFixture fixture) : AccessStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresAccessStoreTests(PostgresFixture fixture) : AccessStoreContract(fixture), IClassFixture<PostgresFixture>;
