using System.Diagnostics;
using System.Globalization;
using Workflows.Engine.Faults;

namespace Workflows.Recovery.Node;

/// <summary>The setting WORKFLOWS_FAULT: "point:occurrence:action", action kill (SIGKILL to itself), throw, or pause (milliseconds follow).</summary>
public static class Fault
{
    public const string Setting = "WORKFLOWS_FAULT";

    public static void Install(string? setting)
    {
        if (setting is not { Length: > 0 })
            return;
        var parts = setting.Split(':');
        var (point, occurrence, action) = (parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
        if (!FaultPoint.All.Concat(FaultPoint.OfMessages).Concat(FaultPoint.OfLateMessages).Concat(FaultPoint.OfPublications).Concat(FaultPoint.OfShop).Contains(point))
            throw new ArgumentException($"{point} is no fault point.");
        var passed = 0;
        FaultPoint.Hook = name => name == point && Interlocked.Increment(ref passed) == occurrence ? ActAsync(action, parts) : Task.CompletedTask;
    }

    private static async Task ActAsync(string action, string[] parts)
    {
        switch (action)
        {
            case "kill":
                Process.GetCurrentProcess().Kill();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
                break;
            case "pause":
                await Task.Delay(TimeSpan.FromMilliseconds(int.Parse(parts[3], CultureInfo.InvariantCulture)), TimeProvider.System, CancellationToken.None);
                break;
            default:
                throw new IOException($"Fault at {parts[0]}.");
        }
    }
}
