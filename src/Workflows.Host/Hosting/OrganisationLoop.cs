using Workflows.Engine.Clocks;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;

namespace Workflows.Host.Hosting;

/// <summary>Follows changes of the organisation and of the time rules, so that approvers and due times are resolved from what holds now. Sign-in does not wait for it.</summary>
internal sealed class OrganisationLoop(OrganisationCache organisation, TimeRulesCache timeRules, ILogger<OrganisationLoop> logger) : EngineLoop(logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public override async Task<int> RunOnceAsync(CancellationToken cancellationToken) =>
        (await organisation.RefreshAsync(cancellationToken) ? 1 : 0) + (await timeRules.RefreshAsync(cancellationToken) ? 1 : 0);

    protected override Task WaitAsync(int handled, CancellationToken cancellationToken) => Task.Delay(Interval, TimeProvider.System, cancellationToken);
}
