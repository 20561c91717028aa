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
/// What can go wrong, and the rule for it:
/// - Two change sets of one instance in one group would hide each other's revision. The later waits for the next group;
///   so do those that share a stimulus key or an activation key.
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

    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(QueueLimit) { SingleReader = true });
    private readonly Queue<PendingCommit> _putOff = new();
    private readonly IGroupWriter _writer;
    private readonly ILogger<GroupCommitter> _logger;
    private readonly Task _loop;

    public GroupCommitter(Database database, ILogger<GroupCommitter> logger)
    {
        _logger = logger;
        _writer = database is PostgresDatabase postgres ? new PostgresGroupWriter(postgres, logger) : new SqliteGroupWriter((SqliteDatabase)database, logger);
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
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException("The host is stopping; nothing more is committed.");
        }

        return await pending.Answer;
    }

    public async Task EndAsync(EffectEnd end)
    {
        var pending = new PendingEnd(new EndRow(end.Claim.Effect.Key, end.Claim.Token, (int)end.State, ChangeRows.Readable(end.Error)));
        try
        {
            await _queue.Writer.WriteAsync(pending);
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException("The host is stopping; nothing more is committed.");
        }

        await pending.Written;
    }

    /// <summary>Commits what is queued, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        await _writer.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var group = new List<PendingCommit>(LargestGroup);
        var ends = new List<PendingEnd>(LargestGroup);
        while (_putOff.Count > 0 || await _queue.Reader.WaitToReadAsync())
        {
            Gather(group, ends);
            if (group.Count + ends.Count == 0)
                continue;

            try
            {
                await FaultPoint.Pass(FaultPoint.CommitBefore);
                // In the order of keys, so that two hosts never wait for each other crosswise.
                await _writer.WriteAsync(group, [.. ends.Select(e => e.Row).OrderBy(r => r.Key, StringComparer.Ordinal)]);
            }
            catch (Exception e)
            {
                // The loop must outlive every group. Members that have an outcome by now get it; the others hear what happened.
                Log.GroupFailed(_logger, group.Count + ends.Count, e);
                ends.ForEach(end => end.Fail(e));
                ends.Clear();
                foreach (var member in group.Where(m => m.Outcome is null))
                    member.Fail(e);
                group.RemoveAll(m => m.Outcome is null);
            }

            try
            {
                await FaultPoint.Pass(FaultPoint.CommitAfter);
                foreach (var member in group)
                    member.Tell();
                ends.ForEach(end => end.Tell());
            }
            catch (Exception e)
            {
                // Only a test throws here: committed, and nobody is told.
                foreach (var member in (IEnumerable<Pending>)[.. group, .. ends])
                    member.Fail(e);
            }
        }
    }

    /// <summary>Takes what waits, up to the limit, no two of which touch the same instance or the same unique key.</summary>
    private void Gather(List<PendingCommit> group, List<PendingEnd> ends)
    {
        group.Clear();
        ends.Clear();
        var taken = new HashSet<(char Kind, string Key)>();
        for (var i = _putOff.Count; i > 0; i--)
            Place(_putOff.Dequeue());
        while (group.Count < LargestGroup && ends.Count < LargestGroup && _putOff.Count < 4 * LargestGroup && _queue.Reader.TryRead(out var next))
        {
            if (next is PendingEnd end)
                ends.Add(end);
            else
                Place((PendingCommit)next);
        }

        void Place(PendingCommit member)
        {
            // Keys of one that is put off are taken too, so that members of one instance keep their order.
            var free = taken.Add(('i', member.InstanceId));
            if (member.Rows.Stimulus is { } stimulus)
                free &= taken.Add(('s', stimulus.Key));
            if (member.Rows.Instance.ActivationKey is { } key)
                free &= taken.Add(('a', key));

            if (!free || group.Count == LargestGroup)
                _putOff.Enqueue(member);
            else if (member.Take())
                group.Add(member);
        }
    }
}
