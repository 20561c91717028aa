using System.Data;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Tests;

public sealed class LookUpsTests
{
    private static readonly LookUp<string> Letters = new("letters", row => (row.GetString(0), row.GetString(1)));
    private static readonly LookUp<object> Numbers = new("numbers", row => (row.GetString(0), row.GetString(1)));

    private readonly List<string> _asked = [];
    private readonly Queue<TaskCompletionSource> _held = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_alone_is_read_at_once_and_a_key_without_a_row_answers_null()
    {
        var reads = new LookUps(AnswerAsync);

        Assert.Equal("a1", await reads.FindAsync(Letters, "a", Token));
        Assert.Null(await reads.FindAsync(Letters, "none", Token));
    }

    [Fact]
    public async Task What_is_asked_while_a_round_trip_is_under_way_shares_the_next_one_and_nothing_the_one_before_it()
    {
        var reads = new LookUps(HeldAsync);

        var first = reads.FindAsync(Letters, "a", Token);
        await UnderWayAsync(1);
        var others = new[] { reads.FindAsync(Letters, "b", Token), reads.FindAsync(Letters, "a", Token), reads.FindAsync(Letters, "b", Token) };
        var number = reads.FindAsync(Numbers, "a", Token);
        Release();
        Assert.Equal("a1", await first);
        await UnderWayAsync(2);
        Release();

        Assert.Equal("b2 a2 b2", string.Join(" ", await Task.WhenAll(others)));
        Assert.Equal("a2", await number);
        Assert.Equal(["letters:a", "letters:b,a numbers:a"], _asked);
    }

    [Fact]
    public async Task More_keys_than_one_statement_should_have_are_several_statements()
    {
        var reads = new LookUps(HeldAsync);
        var first = reads.FindAsync(Letters, "first", Token);
        await UnderWayAsync(1);

        var many = Enumerable.Range(0, 450).Select(n => reads.FindAsync(Letters, $"k{n}", Token)).ToList();
        Release();
        await first;
        await UnderWayAsync(2);
        Release();

        Assert.Equal(Enumerable.Range(0, 450).Select(n => $"k{n}2"), await Task.WhenAll(many));
        Assert.Equal(3, _asked[1].Split(' ').Length);
    }

    [Fact]
    public async Task A_failed_round_trip_fails_those_who_asked_and_nobody_after_them()
    {
        var broken = true;
        var reads = new LookUps(questions => broken ? throw new InvalidOperationException("no database") : AnswerAsync(questions));

        await Assert.ThrowsAsync<InvalidOperationException>(() => reads.FindAsync(Letters, "a", Token));
        broken = false;

        Assert.Equal("a1", await reads.FindAsync(Letters, "a", Token));
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_others_to_their_answer()
    {
        var reads = new LookUps(HeldAsync);
        using var gone = new CancellationTokenSource();
        var first = reads.FindAsync(Letters, "a", Token);
        await UnderWayAsync(1);
        var leaving = reads.FindAsync(Letters, "b", gone.Token);
        var staying = reads.FindAsync(Letters, "b", Token);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Release();
        await first;
        await UnderWayAsync(2);
        Release();

        Assert.Equal("b2", await staying);
    }

    private async Task HeldAsync(IReadOnlyList<LookUps.Question> questions)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_held)
            _held.Enqueue(held);
        var answered = AnswerAsync(questions);
        await held.Task;
        await answered;
    }

    private Task AnswerAsync(IReadOnlyList<LookUps.Question> questions)
    {
        lock (_held)
            _asked.Add(string.Join(' ', questions.Select(q => $"{q.Statement}:{string.Join(',', q.Keys)}")));
        foreach (var question in questions)
        {
            using var table = new DataTable();
            table.Columns.Add("key");
            table.Columns.Add("value");
            foreach (var key in question.Keys.Where(k => k != "none"))
                table.Rows.Add(key, key + _asked.Count);
            using var rows = table.CreateDataReader();
            while (rows.Read())
                question.Accept(rows);
        }

        return Task.CompletedTask;
    }

    private async Task UnderWayAsync(int count)
    {
        while (true)
        {
            lock (_held)
            {
                if (_asked.Count == count)
                    return;
            }

            await Task.Yield();
        }
    }

    private void Release()
    {
        lock (_held)
            _held.Dequeue().SetResult();
    }
}
