using System.Collections.Concurrent;
using System.Net;

namespace Workflows.Host.Security;

/// <summary>
/// Slows down guessing: after ten failures from one address at one name, and after a hundred at one name from anywhere,
/// the next try must wait, doubling up to a quarter of an hour. Kept in memory of this host; a restart forgives.
/// </summary>
internal sealed class SignInThrottle(TimeProvider clock)
{
    public const int FreeTries = 10;
    private const int FreeTriesFromAnywhere = 100;
    private const int MostNames = 100_000;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, Failures> _failures = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long this caller must still wait; null when a try is free.</summary>
    public TimeSpan? MustWait(string userName, IPAddress? from)
    {
        var now = clock.GetUtcNow();
        var until = new[] { KeyOf(userName, from), userName }.Max(k => _failures.TryGetValue(k, out var f) ? f.BlockedUntil : DateTimeOffset.MinValue);
        return until > now ? until - now : null;
    }

    public void Failed(string userName, IPAddress? from)
    {
        if (_failures.Count > MostNames)
            Forget();
        Count(KeyOf(userName, from), FreeTries);
        Count(userName, FreeTriesFromAnywhere);
    }

    public void Succeeded(string userName, IPAddress? from) => _failures.TryRemove(KeyOf(userName, from), out _);

    private void Count(string key, int free)
    {
        var now = clock.GetUtcNow();
        _failures.AddOrUpdate(
            key,
            _ => new Failures(1, DateTimeOffset.MinValue, now),
            (_, f) => f.Last < now - LongestWait ? new Failures(1, DateTimeOffset.MinValue, now) : new Failures(f.Number + 1, BlockedUntil(f.Number + 1, free, now), now));
    }

    private static DateTimeOffset BlockedUntil(int number, int free, DateTimeOffset now)
    {
        if (number < free)
            return DateTimeOffset.MinValue;
        var wait = FirstWait * Math.Pow(2, Math.Min(number - free, 6));
        return now + (wait < LongestWait ? wait : LongestWait);
    }

    private void Forget()
    {
        var old = clock.GetUtcNow() - LongestWait;
        foreach (var (key, f) in _failures)
        {
            if (f.Last < old)
                _failures.TryRemove(key, out _);
        }
    }

    private static string KeyOf(string userName, IPAddress? from) => $"{userName}\n{from}";

    private sealed record Failures(int Number, DateTimeOffset BlockedUntil, DateTimeOffset Last);
}
