using System.Globalization;
using Workflows.Engine.Definitions;

namespace Workflows.Engine.Incidents;

/// <summary>
/// Retries of a failing activity, durable: each wait is a timer. Read from the node's custom property
/// <c>retry: {maxAttempts, delay, factor}</c>; without it the incident waits for a person.
/// </summary>
/// <param name="MaxAttempts">Tries in all, the first included.</param>
/// <param name="Delay">Wait after the first failure.</param>
/// <param name="Factor">Each further wait is this much longer, at most one hour.</param>
public sealed record RetryPolicy(int MaxAttempts, TimeSpan Delay, double Factor)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static RetryPolicy? Of(ActivityNode node) => node.CustomProperties?["retry"] is System.Text.Json.Nodes.JsonObject retry
        ? new RetryPolicy(
            (int?)retry["maxAttempts"] ?? 3,
            TimeSpan.Parse((string?)retry["delay"] ?? "00:00:10", CultureInfo.InvariantCulture),
            (double?)retry["factor"] ?? 2)
        : null;

    /// <summary>Wait after the given failed attempt (from 1).</summary>
    public TimeSpan DelayAfter(int attempt)
    {
        var wait = Delay * Math.Pow(Factor, attempt - 1);
        return wait < Longest ? wait : Longest;
    }
}
