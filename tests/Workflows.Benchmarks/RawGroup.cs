using System.Threading.Channels;

namespace Workflows.Benchmarks;

/// <summary>The raw limit of group commit: take what is queued, at most 256, write it in one transaction, answer all.</summary>
internal sealed class RawGroup : IAsyncDisposable
{
    private const int LargestGroup = 256;

    private readonly Channel<(RawRow Row, TaskCompletionSource Done)> _queue = Channel.CreateUnbounded<(RawRow, TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Func<IReadOnlyList<RawRow>, Task> _write;
    private readonly Task _committer;

    public RawGroup(Func<IReadOnlyList<RawRow>, Task> write)
    {
        _write = write;
        _committer = Task.Run(CommitAsync);
    }

    public Task WriteAsync(RawRow row)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Writer.TryWrite((row, done));
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.Complete();
        await _committer;
    }

    private async Task CommitAsync()
    {
        var rows = new List<RawRow>(LargestGroup);
        var waiting = new List<TaskCompletionSource>(LargestGroup);
        while (await _queue.Reader.WaitToReadAsync())
        {
            rows.Clear();
            waiting.Clear();
            while (rows.Count < LargestGroup && _queue.Reader.TryRead(out var next))
            {
                rows.Add(next.Row);
                waiting.Add(next.Done);
            }

            await _write(rows);
            foreach (var done in waiting)
                done.SetResult();
        }
    }
}
