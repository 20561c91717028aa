using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Workflows.Engine.Faults;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Commit;

/// <summary>
/// Group commit. A commit costs one flush of the log whether it carries one change set or two hundred, so everything that is
/// queued while one transaction runs travels in the next: no waiting for company, larger groups just when load is high.
/// </summary>
/// <remarks>
/// On PostgreSQL a second transaction begins beside the first when a crowd waits: it uses the time in which the first waits for the disk.
/// A few callers gain nothing by it, because two small groups cost more than one.
/// What can go wrong, and the rule for it:
/// - Two change sets of one instance in one group would hide each other's revision. The later waits for the next group;
///   so do those that share a stimulus key or an activation key, with a member or with a group under way.
/// - Two groups under way that touch the same effect could wait for each other crosswise. What would touch it second waits.
/// - One that lost its race, or that the database refuses, must not take its neighbours along. The writer drops it, writes
///   the others again, and gives each its own outcome.
/// - The connection breaks while the commit is on its way. The writer finds out whether it happened before it repeats
///   anything; when it cannot, the callers get the exception and know nothing, which the contract says.
/// - The ends of effects travel along and lose no race: one whose claim is over changes nothing, and one that was not written is
///   brought back by its lease.
/// - A caller gives up. Its token counts until its change set is taken into a group; after that the truth is in the database.
/// </remarks>
public sealed class GroupCommitter : ICommitter, IAsyncDisposable
{
    private const int LargestGroup = 256;
    private const int QueueLimit = 8192;

    /// <summary>As many waiting make a second transaction worth while.</summary>
    private const int Crowd = 64;

    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(QueueLimit) { SingleReader = true });
    private readonly Channel<bool> _crowd = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Queue<Pending> _putOff = new();
    private readonly HashSet<(char Kind, string Key)> _keysUnderWay = [];
    private readonly IGroupWriter[] _writers;
    private readonly ILogger<GroupCommitter> _logger;
    private readonly Task _loop;

    public GroupCommitter(Database database, ILogger<GroupCommitter> logger)
    {
        _logger = logger;
        // SQLite has one writer at a time.
        _writers = database is PostgresDatabase postgres
            ? [.. Enumerable.Range(0, postgres.Committers).Select(_ => new PostgresGroupWriter(postgres, logger))]
            : [new SqliteGroupWriter((SqliteDatabase)database, logger)];
        _loop = Task.Run(RunAsync);
    }

    public async Task<CommitOutcome> CommitAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        PendingCommit pending;
        try
        {
            pending = new PendingCommit(new ChangeRows(changes));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            // Text or JSON that cannot be stored at all never reaches a group.
            Log.Poisoned(_logger, changes.Instance.Id, e.Message);
            return new CommitOutcome.Poisoned(e.Message);
        }

        await using var withdrawal = cancellationToken.UnsafeRegister(
            static (state, token) => ((PendingCommit)state!).Withdraw(token), pending);
        await QueueAsync(pending, cancellationToken);
        return await pending.Answer;
    }

    public async Task EndAsync(EffectEnd end)
    {
        var pending = new PendingEnd(new EndRow(end.Claim.Effect.Key, end.Claim.Token, (int)end.State, ChangeRows.Readable(end.Error)));
        await QueueAsync(pending, CancellationToken.None);
        await pending.Written;
    }

    /// <summary>Commits what is queued, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        foreach (var writer in _writers)
            await writer.DisposeAsync();
    }

    private async Task QueueAsync(Pending pending, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException("The host is stopping; nothing more is committed.");
        }

        if (_queue.Reader.Count >= Crowd)
            _crowd.Writer.TryWrite(true);
    }

    /// <summary>Makes groups and gives each to a free writer. Alone touches what is put off and which keys are under way.</summary>
    private async Task RunAsync()
    {
        var free = new Stack<IGroupWriter>(_writers);
        var underWay = new List<Task<(IGroupWriter Writer, Group Group)>>(_writers.Length);
        // One wait for a crowd at a time: one that is left behind would stay in the channel's list of waiters for ever.
        var crowd = _crowd.Reader.WaitToReadAsync().AsTask();
        while (underWay.Count > 0 || _putOff.Count > 0 || await _queue.Reader.WaitToReadAsync())
        {
            if (free.Count > 0 && (underWay.Count == 0 || _queue.Reader.Count >= Crowd) && Gather() is { } next)
            {
                underWay.Add(WriteAsync(free.Pop(), next));
                continue;
            }

            if (underWay.Count == 0)
                continue;
            // A crowd that is there already waits for what is under way; only one that is still to come changes anything before.
            var wakes = free.Count > 0 && _queue.Reader.Count < Crowd ? [.. underWay, crowd] : underWay.ToArray<Task>();
            await Task.WhenAny(wakes);
            if (crowd.IsCompleted)
            {
                _crowd.Reader.TryRead(out _);
                crowd = _crowd.Reader.WaitToReadAsync().AsTask();
            }

            foreach (var over in underWay.Where(t => t.IsCompleted).ToList())
            {
                underWay.Remove(over);
                var (writer, group) = await over;
                _keysUnderWay.ExceptWith(group.Keys);
                free.Push(writer);
            }
        }
    }

    private async Task<(IGroupWriter Writer, Group Group)> WriteAsync(IGroupWriter writer, Group group)
    {
        var (members, ends) = (group.Members, group.Ends);
        try
        {
            await FaultPoint.Pass(FaultPoint.CommitBefore);
            // In the order of keys, so that two hosts never wait for each other crosswise.
            await writer.WriteAsync(members, [.. ends.Select(e => e.Row).OrderBy(r => r.Key, StringComparer.Ordinal)]);
        }
        catch (Exception e)
        {
            // The loop must outlive every group. Members that have an outcome by now get it; the others hear what happened.
            Log.GroupFailed(_logger, members.Count + ends.Count, e);
            ends.ForEach(end => end.Fail(e));
            ends.Clear();
            foreach (var member in members.Where(m => m.Outcome is null))
                member.Fail(e);
            members.RemoveAll(m => m.Outcome is null);
        }

        try
        {
            await FaultPoint.Pass(FaultPoint.CommitAfter);
            foreach (var member in members)
                member.Tell();
            ends.ForEach(end => end.Tell());
        }
        catch (Exception e)
        {
            // Only a test throws here: committed, and nobody is told.
            foreach (var member in (IEnumerable<Pending>)[.. members, .. ends])
                member.Fail(e);
        }

        return (writer, group);
    }

    /// <summary>
    /// Takes what waits, up to the limit, no two of which touch the same instance or the same unique key, and none of which touches what is
    /// under way. Null when that leaves nothing.
    /// </summary>
    private Group? Gather()
    {
        var group = new Group();
        var taken = new HashSet<(char Kind, string Key)>();
        for (var i = _putOff.Count; i > 0; i--)
            Place(_putOff.Dequeue());
        while (group.Members.Count < LargestGroup && group.Ends.Count < LargestGroup && _putOff.Count < 4 * LargestGroup && _queue.Reader.TryRead(out var next))
            Place(next);
        _keysUnderWay.UnionWith(group.Keys);
        return group.Members.Count + group.Ends.Count > 0 ? group : null;

        void Place(Pending pending)
        {
            var isFree = true;
            // Keys of one that is put off are taken too, so that members of one instance keep their order.
            foreach (var key in pending.Keys)
                isFree &= taken.Add(key) & !_keysUnderWay.Contains(key);
            foreach (var effect in pending.Effects)
                isFree &= !_keysUnderWay.Contains(('e', effect));

            if (!isFree || group.Members.Count == LargestGroup)
                _putOff.Enqueue(pending);
            else if (pending.Take())
                group.Add(pending);
        }
    }

    private sealed class Group
    {
        public List<PendingCommit> Members { get; } = [];

        public List<PendingEnd> Ends { get; } = [];

        public List<(char Kind, string Key)> Keys { get; } = [];

        public void Add(Pending pending)
        {
            if (pending is PendingCommit member)
                Members.Add(member);
            else
                Ends.Add((PendingEnd)pending);
            Keys.AddRange(pending.Keys);
            Keys.AddRange(pending.Effects.Select(e => ('e', e)));
        }
    }
}
