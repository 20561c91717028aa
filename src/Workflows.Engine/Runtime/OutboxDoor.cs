using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;

namespace Workflows.Engine.Runtime;

/// <summary>
/// Where effects leave a commit. Most need not be queued, looked for and claimed: a message inside the product is a row which the
/// commit writes itself; and the attempt of a notice that is due at once is recorded, with this host's claim, by the commit
/// that asks for it, so the host may send it as soon as it knows of the commit.
/// </summary>
/// <remarks>
/// What can go wrong. The host dies after the commit: the attempt is on record under a lease, another host takes the notice when
/// that runs out, and sends it as one whose answer was lost; so only what survives a repeat (class notice) is begun here. The commit
/// fails or its answer is lost: nothing is sent, and if it was committed after all, the lease brings the notice back. The host is
/// slow: its own idea of the lease begins before the commit does, so it ends first. More notices than can be under way: the rest
/// are queued for whoever has room.
/// </remarks>
public sealed class OutboxDoor(IEnumerable<IEffectChannel> channels, EngineClock clock, IOptions<EngineOptions> options)
{
    /// <summary>Most notices begun by commits that are still on their way to the database.</summary>
    private const int MostInCommit = 1_000;

    private static readonly IReadOnlySet<string> Nothing = new HashSet<string>();

    private readonly EngineOptions _options = options.Value;
    private readonly List<IEffectChannel> _channels = [.. channels];
    private readonly ConcurrentDictionary<string, IEffectChannel?> _byKind = new();
    private readonly string _token = Guid.NewGuid().ToString("N");
    private Action<IReadOnlyList<ClaimedEffect>, long>? _perform;
    private int _inCommit;
    private int _underWay;
    private long _claims;

    /// <summary>Effects that may still be begun before as many are under way as this node performs at once.</summary>
    internal int Free => Math.Max(0, _options.EffectConcurrency - Volatile.Read(ref _underWay));

    /// <summary>The channel that takes this kind; null when there is none.</summary>
    internal IEffectChannel? ChannelOf(string kind) => _byKind.GetOrAdd(kind, k => _channels.Find(c => c.Accepts(k)));

    /// <summary>From now on commits begin notices and hand them over to <paramref name="perform"/>, with the moment from which their lease counts.</summary>
    internal void Open(Action<IReadOnlyList<ClaimedEffect>, long> perform) => _perform = perform;

    /// <summary>What is committed from now on is queued for others.</summary>
    internal void Close() => _perform = null;

    internal void Enter() => Interlocked.Increment(ref _underWay);

    internal void Leave() => Interlocked.Decrement(ref _underWay);

    /// <summary>Decides how the effects of a change set leave. Dispose what this answers once the commit is over, however it ended.</summary>
    internal Departure Prepare(ChangeSet changes)
    {
        if (changes.EffectsAdded.Count == 0)
            return new Departure(this, changes, 0);

        List<Notice>? rows = null;
        HashSet<string>? begun = null;
        // Counted from before the commit, so that our idea of the lease ends before the database's.
        var asked = TimeProvider.System.GetTimestamp();
        foreach (var effect in changes.EffectsAdded)
        {
            if (effect.DueAt > effect.CreatedAt || effect.Class != EffectClass.Notice || ChannelOf(effect.Kind) is not { } channel)
                continue;
            if (effect.BookmarkId is null && channel.RowOf(effect) is { } row)
                (rows ??= []).Add(row);
            else if (_perform is not null && Free > 0 && TryReserve())
                (begun ??= []).Add(effect.Key);
        }

        if (rows is null && begun is null)
            return new Departure(this, changes, asked);
        var now = clock.SqlNow;
        var start = begun is null ? null : new EffectStart(
            begun, _options.NodeId, $"{(now is null ? "database:" : "given:")}{_token}-{Interlocked.Increment(ref _claims)}", _options.EffectLease, now);
        return new Departure(this, changes with { EffectsBegun = start, Notices = rows ?? [] }, asked);
    }

    private bool TryReserve()
    {
        if (Interlocked.Increment(ref _inCommit) <= MostInCommit)
            return true;
        Interlocked.Decrement(ref _inCommit);
        return false;
    }

    /// <summary>A change set whose effects know how they leave.</summary>
    internal readonly struct Departure(OutboxDoor door, ChangeSet changes, long asked) : IDisposable
    {
        public ChangeSet Changes => changes;

        /// <summary>True when the commit leaves effects for the outbox to claim.</summary>
        public bool LeavesQueued => changes.EffectsAdded.Count > Begun.Count + changes.Notices.Count;

        private IReadOnlySet<string> Begun => changes.EffectsBegun?.Keys ?? Nothing;

        /// <summary>After the commit: what it began is performed.</summary>
        public void Send()
        {
            if (changes.EffectsBegun is not { } start)
                return;
            // A loop that was stopped meanwhile leaves them to their lease.
            door._perform?.Invoke([.. changes.EffectsAdded.Where(e => start.Keys.Contains(e.Key)).Select(e => new ClaimedEffect(e, 0, false, start.Token, HasBegun: true))], asked);
        }

        public void Dispose() => Interlocked.Add(ref door._inCommit, -Begun.Count);
    }
}
