using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

/// <summary>Like <see cref="StoreContract"/>, with a new database for every test.</summary>
public abstract class OwnDatabaseContract(DatabaseFixture fixture) : IAsyncLifetime
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected TestDatabase Db { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Db = await TestDatabase.CreateAsync(fixture.Kind);

    public virtual async ValueTask DisposeAsync()
    {
        if (Db is not null)
            await Db.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task CommitAsync(ChangeSet changes) =>
        Assert.IsType<CommitOutcome.Committed>(await Db.Committer.CommitAsync(changes, Token));
}
