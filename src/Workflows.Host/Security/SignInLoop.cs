using Microsoft.Extensions.Options;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;

namespace Workflows.Host.Security;

/// <summary>Removes sessions, counts and half-done sign-ins that are over.</summary>
internal sealed class SignInLoop(ISignInStore store, TimeProvider clock, IOptions<SignInOptions> options, ILogger<SignInLoop> logger) : EngineLoop(logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    public override Task<int> RunOnceAsync(CancellationToken cancellationToken) =>
        store.PurgeAsync(clock.GetUtcNow(), options.Value.SessionIdle, options.Value.Lockout, cancellationToken);

    protected override Task WaitAsync(int handled, CancellationToken cancellationToken) => Task.Delay(Interval, clock, cancellationToken);
}
