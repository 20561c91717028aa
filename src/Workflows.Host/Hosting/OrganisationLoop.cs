using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;

namespace Workflows.Host.Hosting;

/// <summary>Follows changes of the organisation, so that approvers are resolved from what holds now. Sign-in does not wait for it.</summary>
internal sealed class OrganisationLoop(OrganisationCache organisation, ILogger<OrganisationLoop> logger) : EngineLoop(logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public override async Task<int> RunOnceAsync(CancellationToken cancellationToken) => await organisation.RefreshAsync(cancellationToken) ? 1 : 0;

    protected override Task WaitAsync(int handled, CancellationToken cancellationToken) => Task.Delay(Interval, TimeProvider.System, cancellationToken);
}
