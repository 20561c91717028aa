using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Tests;

public sealed class ReadGroupTests
{
    private readonly List<string[]> _asked = [];
    private readonly Queue<TaskCompletionSource> _held = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_alone_is_read_at_once_and_a_key_without_a_row_answers_null()
    {
        var group = new ReadGroup<string, string>(keys => Task.FromResult(keys.Where(k => k != "none").ToDictionary(k => k, k => k + "!")));

        Assert.Equal("a!", await group.FindAsync("a", Token));
        Assert.Null(await group.FindAsync("none", Token));
    }

    [Fact]
    public async Task Keys_asked_for_while_a_statement_is_under_way_share_the_next_one_and_none_the_one_before_it()
    {
        var group = new ReadGroup<string, string>(HeldAsync);

        var first = group.FindAsync("a", Token);
        var others = new[] { group.FindAsync("b", Token), group.FindAsync("a", Token), group.FindAsync("b", Token), group.FindAsync("c", Token) };
        Release();
        Assert.Equal("a1", await first);
        Release();

        Assert.Equal("b2 a2 b2 c2", string.Join(" ", await Task.WhenAll(others)));
        Assert.Equal(["a", "b,a,c"], _asked.Select(keys => string.Join(',', keys)));
    }

    [Fact]
    public async Task A_failed_statement_fails_those_who_asked_and_nobody_after_them()
    {
        var broken = true;
        var group = new ReadGroup<string, string>(keys => broken ? throw new InvalidOperationException("no database") : Task.FromResult(keys.ToDictionary(k => k)));

        await Assert.ThrowsAsync<InvalidOperationException>(() => group.FindAsync("a", Token));
        broken = false;

        Assert.Equal("a", await group.FindAsync("a", Token));
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_others_to_their_answer()
    {
        var group = new ReadGroup<string, string>(HeldAsync);
        using var gone = new CancellationTokenSource();
        var first = group.FindAsync("a", Token);
        var leaving = group.FindAsync("b", gone.Token);
        var staying = group.FindAsync("b", Token);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Release();
        await first;
        Release();

        Assert.Equal("b2", await staying);
    }

    private async Task<Dictionary<string, string>> HeldAsync(string[] keys)
    {
        _asked.Add(keys);
        var number = _asked.Count;
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_held)
        {
            _held.Enqueue(held);
            Monitor.PulseAll(_held);
        }

        await held.Task;
        return keys.ToDictionary(k => k, k => k + number);
    }

    private void Release()
    {
        lock (_held)
        {
            while (_held.Count == 0)
                Monitor.Wait(_held, TimeSpan.FromSeconds(30));
            _held.Dequeue().SetResult();
        }
    }
}
