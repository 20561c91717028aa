using Workflows.Engine.Storage;

namespace Workflows.Persistence.Commit;

/// <summary>What is on its way through the committer.</summary>
internal abstract class Pending
{
    /// <summary>What no other of the same group, nor of a group under way, may touch: instance, stimulus, activation.</summary>
    public virtual IEnumerable<(char Kind, string Key)> Keys => [];

    /// <summary>Effects whose rows it changes.</summary>
    public abstract IEnumerable<string> Effects { get; }

    /// <summary>Into a group; from here on it runs to its end. False when its caller gave it up before.</summary>
    public virtual bool Take() => true;

    /// <summary>The group it was in failed; nobody knows whether it was stored.</summary>
    public abstract void Fail(Exception reason);
}

/// <summary>The end of an effect, on its way.</summary>
internal sealed class PendingEnd(EndRow row) : Pending
{
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EndRow Row { get; } = row;

    public override IEnumerable<string> Effects => [Row.Key];

    public Task Written => _written.Task;

    public void Tell() => _written.TrySetResult();

    public override void Fail(Exception reason) => _written.TrySetException(reason);
}

/// <summary>One change set on its way.</summary>
internal sealed class PendingCommit(ChangeRows rows) : Pending
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource<CommitOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stage = Waiting;

    public ChangeRows Rows { get; } = rows;

    public string InstanceId => Rows.Instance.Id;

    public override IEnumerable<(char Kind, string Key)> Keys
    {
        get
        {
            yield return ('i', InstanceId);
            if (Rows.Stimulus is { } stimulus)
                yield return ('s', stimulus.Key);
            if (Rows.Instance.ActivationKey is { } key)
                yield return ('a', key);
        }
    }

    public override IEnumerable<string> Effects => Rows.Settlements.Select(s => s.Key);

    /// <summary>How it fared; set by the writer, told to the caller after the commit.</summary>
    public CommitOutcome? Outcome { get; set; }

    public Task<CommitOutcome> Answer => _answer.Task;

    public override bool Take() => Interlocked.CompareExchange(ref _stage, Taken, Waiting) == Waiting;

    public void Withdraw(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _stage, Withdrawn, Waiting) == Waiting)
            _answer.TrySetCanceled(cancellationToken);
    }

    public void Tell() => _answer.TrySetResult(Outcome ?? throw new InvalidOperationException("A change set left its group without an outcome."));

    public override void Fail(Exception reason) => _answer.TrySetException(reason);
}
