using Workflows.Testing;

namespace Workflows.Persistence.Tests;

/// <summary>What every store must do on both databases; one subclass for each.</summary>
public abstract class StoreContract(DatabaseFixture fixture) : IAsyncLifetime
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected TestDatabase Db { get; private set; } = null!;

    protected DatabaseFixture Fixture => fixture;

    public async ValueTask InitializeAsync() => Db = await fixture.GetAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected async Task CommitAsync(Engine.Storage.ChangeSet changes) =>
        Assert.IsType<Engine.Storage.CommitOutcome.Committed>(await Db.Committer.CommitAsync(changes, Token));
}
