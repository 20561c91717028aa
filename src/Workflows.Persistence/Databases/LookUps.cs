using System.Data.Common;

namespace Workflows.Persistence.Databases;

/// <summary>
/// Reads by key for many callers at once: what is asked while a round trip is under way, of whatever kind, shares the next
/// one, and each kind is one statement in it. An answer is never older than its question, so nothing is cached and nothing can
/// be stale; what is saved are round trips and statements when many ask together. One alone is answered at once.
/// </summary>
/// <param name="run">Asks the questions in one round trip and has each accept its rows.</param>
internal sealed class LookUps(Func<IReadOnlyList<LookUps.Question>, Task> run)
{
    // More keys than this make one statement slow for the first who asked.
    private const int MostKeys = 200;

    private readonly Lock _gate = new();
    private List<Question> _asked = [];
    private bool _isReading;

    /// <summary>The row of a key, as it is now; null when there is none. Cancelling ends the caller's wait, not the others'.</summary>
    public Task<TValue?> FindAsync<TValue>(LookUp<TValue> lookUp, string key, CancellationToken cancellationToken)
        where TValue : class
    {
        var answer = new TaskCompletionSource<TValue?>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isFirst;
        lock (_gate)
        {
            var question = _asked.Find(q => ReferenceEquals(q.LookUp, lookUp) && q.Count < MostKeys);
            if (question is null)
                _asked.Add(question = new Question<TValue>(lookUp));
            ((Question<TValue>)question).Add(key, answer);
            isFirst = !_isReading;
            _isReading = true;
        }

        // On another thread, so that a caller with several questions has asked them all before the first is on its way.
        if (isFirst)
            ThreadPool.UnsafeQueueUserWorkItem(static reads => _ = reads.ReadAsync(), this, preferLocal: false);
        return cancellationToken.CanBeCanceled ? answer.Task.WaitAsync(cancellationToken) : answer.Task;
    }

    private async Task ReadAsync()
    {
        while (Take() is { Count: > 0 } questions)
        {
            try
            {
                await run(questions);
                questions.ForEach(q => q.Answer());
            }
            // Whatever it was, each of those who asked learns it.
            catch (Exception error)
            {
                questions.ForEach(q => q.Fail(error));
            }
        }
    }

    private List<Question> Take()
    {
        lock (_gate)
        {
            var taken = _asked;
            _asked = [];
            _isReading = taken.Count > 0;
            return taken;
        }
    }

    /// <summary>The keys of one kind that travel together.</summary>
    internal abstract class Question(object lookUp, string statement)
    {
        public object LookUp => lookUp;

        /// <summary>Name of the statement; its only argument is "keys".</summary>
        public string Statement => statement;

        public abstract int Count { get; }

        /// <summary>Each key once.</summary>
        public abstract string[] Keys { get; }

        /// <summary>Takes a row of the statement.</summary>
        public abstract void Accept(DbDataReader row);

        public abstract void Answer();

        public abstract void Fail(Exception error);
    }

    private sealed class Question<TValue>(LookUp<TValue> lookUp) : Question(lookUp, lookUp.Statement)
        where TValue : class
    {
        private readonly List<(string Key, TaskCompletionSource<TValue?> Answer)> _waiting = [];
        private readonly Dictionary<string, TValue?> _rows = new(StringComparer.Ordinal);

        public override int Count => _waiting.Count;

        public override string[] Keys => [.. _rows.Keys];

        public void Add(string key, TaskCompletionSource<TValue?> answer)
        {
            _rows.TryAdd(key, null);
            _waiting.Add((key, answer));
        }

        public override void Accept(DbDataReader row)
        {
            var (key, value) = lookUp.Read(row);
            _rows[key] = value;
        }

        public override void Answer() => _waiting.ForEach(w => w.Answer.TrySetResult(_rows[w.Key]));

        public override void Fail(Exception error) => _waiting.ForEach(w => w.Answer.TrySetException(error));
    }
}

/// <summary>One kind of read by key; make it once.</summary>
/// <param name="Statement">Name of the statement, which finds rows by "= any(@keys)", or takes no argument when it answers one row for all.</param>
/// <param name="Read">Reads a row and the key it answers.</param>
internal sealed record LookUp<TValue>(string Statement, Func<DbDataReader, (string Key, TValue Value)> Read)
    where TValue : class;
