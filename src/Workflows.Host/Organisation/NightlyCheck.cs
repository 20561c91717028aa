using Workflows.Engine.Expressions;
using Workflows.Engine.Runtime;
using Workflows.Engine.Timers;

namespace Workflows.Host.Organisation;

/// <summary>Runs the check of the organisation once a night, at three o'clock of the shop, tells who can mend what it found, and writes it into the log.</summary>
internal sealed class NightlyCheck(PeopleCheck check, EngineClock clock, ILogger<NightlyCheck> logger) : EngineLoop(logger)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(3);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private DateOnly? _checked;

    /// <summary>Checks when the night's hour has come and this night was not checked yet; answers how many steps have nobody.</summary>
    public override async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var local = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), ShopTime.China);
        // The night a host starts in is that of the hour before it: a restart at noon does not check at once.
        var night = DateOnly.FromDateTime((local - Hour).DateTime);
        if (_checked is null || _checked == night)
        {
            _checked = night;
            return 0;
        }

        _checked = night;
        if (await check.RunNightlyAsync(night, cancellationToken) is not { } found)
            return 0;
        foreach (var finding in found.Findings)
            Log.StepWithoutPerson(logger, finding.DefinitionId, finding.NodeId, finding.Reason);
        Log.OrganisationChecked(logger, found.Findings.Count);
        return found.Findings.Count;
    }

    protected override Task WaitAsync(int handled, CancellationToken cancellationToken) => Task.Delay(LookAgain, TimeProvider.System, cancellationToken);
}
