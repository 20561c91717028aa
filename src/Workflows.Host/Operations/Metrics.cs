using System.Globalization;
using System.Text;
using Workflows.Engine.Outbox;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Host.Operations;

/// <summary>Figures in the text format of Prometheus. Counters are this process's own; gauges come from the database.</summary>
internal sealed class Metrics
{
    private readonly IFiguresStore _figures;
    private readonly EngineClock _clock;
    private long _commits;
    private long _incidents;

    public Metrics(WorkflowRuntime runtime, IFiguresStore figures, EngineClock clock)
    {
        (_figures, _clock) = (figures, clock);
        // Every committed burst announces itself once.
        runtime.Changed += row =>
        {
            Interlocked.Increment(ref _commits);
            if (row.IncidentCount > 0)
                Interlocked.Increment(ref _incidents);
        };
    }

    public async Task<string> WriteAsync(CancellationToken cancellationToken)
    {
        var figures = await _figures.ReadAsync(_clock.SqlNow, cancellationToken);
        var text = new StringBuilder();
        Write(text, "workflows_bursts_committed_total", "counter", "Bursts committed by this host.", Interlocked.Read(ref _commits));
        Write(text, "workflows_commits_with_incident_total", "counter", "Commits of instances that carry an open incident.", Interlocked.Read(ref _incidents));
        Write(text, "workflows_timers_due", "gauge", "Timers that are due and not yet acted on.", figures.TimersDue);
        Write(text, "workflows_timer_lag_seconds", "gauge", "How long the oldest due timer has waited.", figures.OldestDue?.TotalSeconds ?? 0);
        Head(text, "workflows_effects", "gauge", "Effects by state.");
        foreach (var state in Enum.GetValues<EffectState>())
            text.Append(CultureInfo.InvariantCulture, $"workflows_effects{{state=\"{state}\"}} {figures.Effects.GetValueOrDefault(state)}\n");
        Write(text, "process_working_set_bytes", "gauge", "Memory of this process.", Environment.WorkingSet);
        return text.ToString();
    }

    private static void Write(StringBuilder text, string name, string type, string help, double value)
    {
        Head(text, name, type, help);
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
}
