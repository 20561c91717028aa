using Microsoft.Extensions.Logging;
using Npgsql;
using Workflows.Engine.Faults;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;
using Workflows.Persistence.Instances;

namespace Workflows.Persistence.Commit;

/// <summary>
/// Writes a group to PostgreSQL: one batch of set-based statements, one round trip, on a connection of its own.
/// </summary>
/// <remarks>
/// Losing: each statement checks inside the database that it wrote as many rows as it should; if not, the transaction ends
/// there, the losers are looked up, get their outcomes, and the rest is written again.
/// Poison: a data error names no row, so the group is halved until one member stands alone.
/// A lost answer: every group moves the committer's own row to the next number. After a break the row tells whether the
/// group arrived; if it did not, the number is skipped under the row's lock, so that a transaction the server might still
/// be working on can never commit afterwards.
/// </remarks>
internal sealed class PostgresGroupWriter(PostgresDatabase database, ILogger logger) : IGroupWriter
{
    private const int Tries = 3;
    private const string MemberLost = "WF001";
    private const string CommitterOvertaken = "WF002";

    private NpgsqlDataSource? _source;
    private NpgsqlConnection? _connection;
    private string _committer = "";
    private long _sequence;
    private bool _underWay;

    public async Task WriteAsync(IReadOnlyList<PendingCommit> group, IReadOnlyList<EndRow> ends)
    {
        var left = group;
        var somebodyLost = false;
        for (var attempt = 1; left.Count + ends.Count > 0; attempt++)
        {
            try
            {
                if (somebodyLost)
                {
                    _underWay = false;
                    var rest = await DropLosersAsync(left);
                    // Those who lost made room: that is progress and does not count as a try.
                    attempt = rest.Count < left.Count ? 1 : attempt;
                    left = rest;
                    somebodyLost = false;
                    if (left.Count + ends.Count == 0)
                        return;
                }

                await SendAsync(left, ends);
                foreach (var member in left)
                    member.Outcome = CommitOutcome.Committed.Instance;
                return;
            }
            catch (PostgresException e) when (e.SqlState == MemberLost && attempt <= Tries)
            {
                somebodyLost = true;
            }
            catch (Exception e) when (IsCausedByData(e))
            {
                await IsolateAsync(left, ends, e);
                return;
            }
            catch (Exception e) when (e is not PostgresException || IsTransient((PostgresException)e))
            {
                if (e is PostgresException { SqlState: CommitterOvertaken })
                    _committer = "";

                // An error the server itself reported means rolled back. A break of the connection leaves the outcome open.
                if (e is not PostgresException { InvariantSeverity: "ERROR" } && _underWay && await WasCommittedAsync(left.Count + ends.Count))
                {
                    foreach (var member in left)
                        member.Outcome = CommitOutcome.Committed.Instance;
                    return;
                }

                if (attempt >= Tries)
                    throw;
                Log.GroupRetried(logger, left.Count + ends.Count, attempt + 1, e.Message);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_source is not null)
            await _source.DisposeAsync();
    }

    private async Task SendAsync(IReadOnlyList<PendingCommit> group, IReadOnlyList<EndRow> ends)
    {
        _underWay = false;
        if (_committer.Length == 0)
            await CloseAsync();
        var connection = await ConnectAsync();
        _sequence++;
        _underWay = true;
        if (FaultPoint.Hook is null)
        {
            // A batch without "begin" is a transaction by itself: the commit needs no round trip of its own.
            await ExecuteAsync(connection, null, group, ends);
            return;
        }

        // Tests stop between the writes and the commit, so there the two travel apart.
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, transaction, group, ends);
        await FaultPoint.Pass(FaultPoint.CommitBeforeDatabaseCommit);
        await database.PassAsync("commit");
        await transaction.CommitAsync();
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<PendingCommit> group, IReadOnlyList<EndRow> ends)
    {
        await database.PassAsync("commit_group");
        await using var batch = new NpgsqlBatch(connection, transaction);
        new GroupBatch(database.Statements, batch).Fill(_committer, _sequence, group, ends);
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Gives every member that lost its outcome and answers the others.</summary>
    private async Task<IReadOnlyList<PendingCommit>> DropLosersAsync(IReadOnlyList<PendingCommit> group)
    {
        var stimuli = new Dictionary<string, StimulusRow>(StringComparer.Ordinal);
        var revisions = new Dictionary<string, long>(StringComparer.Ordinal);
        var active = new Dictionary<string, string>(StringComparer.Ordinal);

        var connection = await ConnectAsync();
        await database.PassAsync("commit_find_losers");
        await using (var batch = new NpgsqlBatch(connection))
        {
            var questions = new GroupBatch(database.Statements, batch);
            questions.Add("commit_find_stimuli", Keys(m => m.Rows.Stimulus?.Key));
            questions.Add("commit_find_revisions", Keys(m => m.InstanceId));
            questions.Add("commit_find_active", Keys(m => m.Rows.Instance.ActivationKey));
            await using var reader = await batch.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                stimuli[reader.GetString(0)] = InstanceStore.ReadStimulus(reader);
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
                revisions[reader.GetString(0)] = reader.GetInt64(1);
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
                active[reader.GetString(0)] = reader.GetString(1);
        }

        foreach (var member in group)
            member.Outcome = OutcomeOf(member);
        return [.. group.Where(m => m.Outcome is null)];

        NpgsqlParameter Keys(Func<PendingCommit, string?> key) =>
            GroupBatch.Text([.. group.Select(key).Where(k => k is not null)], k => k);

        CommitOutcome? OutcomeOf(PendingCommit member)
        {
            var instance = member.Rows.Instance;
            if (member.Rows.Stimulus is { } stimulus && stimuli.TryGetValue(stimulus.Key, out var earlier))
                return new CommitOutcome.Repeated(earlier);
            if (revisions.GetValueOrDefault(instance.Id) != instance.ReadRevision)
                return CommitOutcome.LostRace.Instance;
            if (instance is { ActivationKey: { } key, Status: Engine.Instances.WorkflowStatus.Running } && active.TryGetValue(key, out var holder) && holder != instance.Id)
                return CommitOutcome.AlreadyActive.Instance;
            return null;
        }
    }

    private async Task IsolateAsync(IReadOnlyList<PendingCommit> group, IReadOnlyList<EndRow> ends, Exception reason)
    {
        if (ends.Count > 0)
        {
            // They are no poison, so they go apart; if they were, the caller hears it.
            if (group.Count == 0)
                throw reason;
            await WriteAsync([], ends);
        }

        if (group.Count > 1)
        {
            var half = group.Count / 2;
            await WriteAsync([.. group.Take(half)], []);
            await WriteAsync([.. group.Skip(half)], []);
            return;
        }

        var member = group[0];
        if (reason is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "instance_one_active" })
        {
            member.Outcome = CommitOutcome.AlreadyActive.Instance;
            return;
        }

        Log.Poisoned(logger, member.InstanceId, reason.Message);
        member.Outcome = new CommitOutcome.Poisoned(reason.Message);
    }

    /// <summary>After a break: whether the group whose answer was lost is in the database.</summary>
    private async Task<bool> WasCommittedAsync(int members)
    {
        var asked = (Committer: _committer, Sequence: _sequence);
        await CloseAsync();
        try
        {
            var connection = await ConnectAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            var found = (long?)await AskAsync(connection, transaction, "commit_read_sequence", GroupBatch.One(asked.Committer));
            var arrived = found == asked.Sequence;
            if (!arrived && found is not null)
                await AskAsync(connection, transaction, "commit_skip_sequence", GroupBatch.One(asked.Committer), GroupBatch.One(asked.Sequence));
            await database.PassAsync("commit");
            await transaction.CommitAsync();
            Log.AnswerLost(logger, arrived ? $"committed ({members})" : $"not committed ({members})");
            return arrived;
        }
        catch (Exception)
        {
            // Not to be found out now. A new committer row keeps later groups apart from whatever became of this one.
            await CloseAsync();
            _committer = "";
            throw;
        }
    }

    private async Task<object?> AskAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string statement, params NpgsqlParameter[] values)
    {
        await database.PassAsync(statement);
        await using var command = new NpgsqlCommand(database.Statements.Get(statement), connection, transaction);
        command.Parameters.AddRange(values);
        return await command.ExecuteScalarAsync();
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        if (_connection is { FullState: System.Data.ConnectionState.Open } open)
            return open;

        await CloseAsync();
        await database.PassAsync("connect");
        _source ??= NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Pooling = false,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 1,
            Options = PostgresDatabase.ByIndex,
            ApplicationName = "workflows committer",
        });
        _connection = await _source.OpenConnectionAsync();
        if (_committer.Length == 0)
        {
            var committer = Guid.NewGuid().ToString("N");
            await AskAsync(_connection, null, "commit_forget");
            await AskAsync(_connection, null, "commit_register", GroupBatch.One(committer), GroupBatch.One(0L));
            _sequence = 0;
            _committer = committer;
        }

        return _connection;
    }

    private async Task CloseAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connection = null;
    }

    private static bool IsTransient(PostgresException e) => e.SqlState is
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
        or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
        or PostgresErrorCodes.TooManyConnections or CommitterOvertaken;

    /// <summary>Data, integrity, cardinality and size errors, and what the driver refuses to send.</summary>
    private static bool IsCausedByData(Exception e) => e switch
    {
        PostgresException p => p.SqlState[..2] is "22" or "23" or "21" or "54" or "44",
        ArgumentException or InvalidCastException or FormatException or OverflowException => true,
        _ => false,
    };
}
