using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Workflows.Engine.Faults;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Commit;

/// <summary>
/// Writes a group to SQLite: one transaction, statements compiled once. Nobody else writes this file, so a member's place is
/// decided the moment it is written. Losers are rare, so a group is first written as a whole; when one of its members cannot
/// be, all is undone and written again with a savepoint for each member, which tells the losers from the others.
/// </summary>
internal sealed class SqliteGroupWriter(SqliteDatabase database, ILogger logger) : IGroupWriter
{
    private const int Tries = 3;
    private const int Busy = 5;
    private const int TooBig = 18;
    private const int Constraint = 19;

    private readonly Dictionary<string, SqliteCommand> _compiled = new(StringComparer.Ordinal);

    public async Task WriteAsync(IReadOnlyList<PendingCommit> group, IReadOnlyList<EndRow> ends)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await database.WithWriterAsync(
                    async connection => await WriteAsync(connection, group, ends, guarded: false) || await WriteAsync(connection, group, ends, guarded: true),
                    CancellationToken.None);
                return;
            }
            catch (Exception e) when (attempt < Tries && e is not SqliteException { SqliteErrorCode: not Busy })
            {
                Log.GroupRetried(logger, group.Count + ends.Count, attempt + 1, e.Message);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var command in _compiled.Values)
            command.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>False when a member lost or was refused and nothing guarded the others: then nothing was written.</summary>
    private async Task<bool> WriteAsync(SqliteConnection connection, IReadOnlyList<PendingCommit> group, IReadOnlyList<EndRow> ends, bool guarded)
    {
        var outcomes = new CommitOutcome[group.Count];
        await database.PassAsync("begin");
        await using var transaction = connection.BeginTransaction(deferred: false);
        await database.PassAsync("commit_group");
        for (var i = 0; i < group.Count; i++)
        {
            outcomes[i] = WriteMember(connection, transaction, group[i].Rows, guarded);
            if (!guarded && outcomes[i] is not CommitOutcome.Committed)
                return false;
        }

        foreach (var end in ends)
            Run(connection, transaction, "commit_effect_end", end.Key, end.Token, end.State, end.Error);
        await FaultPoint.Pass(FaultPoint.CommitBeforeDatabaseCommit);
        await database.PassAsync("commit");
        try
        {
            transaction.Commit();
        }
        catch (SqliteException e) when (IsStored(connection, group, outcomes))
        {
            // The error came after the point of no return (say, the checkpoint that followed could not be written).
            Log.AnswerLost(logger, $"committed ({group.Count}): {e.Message}");
        }

        // Only now: what a rolled back try found is not the truth.
        for (var i = 0; i < group.Count; i++)
            group[i].Outcome = outcomes[i];
        return true;
    }

    private CommitOutcome WriteMember(SqliteConnection connection, SqliteTransaction transaction, ChangeRows rows, bool guarded)
    {
        if (guarded)
            Run("commit_savepoint");
        CommitOutcome outcome;
        try
        {
            outcome = WriteRows();
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Constraint or TooBig)
        {
            // An update that takes an activation key somebody holds breaks the index instead of being passed over.
            outcome = HolderOf(rows.Instance) is not null ? CommitOutcome.AlreadyActive.Instance : new CommitOutcome.Poisoned(e.Message);
            if (guarded && outcome is CommitOutcome.Poisoned)
                Log.Poisoned(logger, rows.Instance.Id, e.Message);
        }

        if (guarded && outcome is not CommitOutcome.Committed)
            Run("commit_rollback_member");
        if (guarded)
            Run("commit_release");
        return outcome;

        CommitOutcome WriteRows()
        {
            if (rows.Stimulus is { } s && Run("commit_stimulus", s.Key, s.Fingerprint, s.InstanceId, s.Answer, Instants.ToMicros(s.At)) == 0)
                return new CommitOutcome.Repeated(FindStimulus(s.Key));

            var i = rows.Instance;
            var written = Run(
                i.ReadRevision == 0 ? "commit_instance_insert" : "commit_instance_update",
                i.Id, i.ReadRevision, i.DefinitionId, i.DefinitionVersionId, i.DefinitionVersion, i.Name, i.CorrelationId,
                i.ParentInstanceId, i.InitiatedBy, (int)i.Status, (int)i.SubStatus, i.IsExecuting, i.IncidentCount, i.ActivationKey,
                i.State.ToArray(), Instants.ToMicros(i.CreatedAt), Instants.ToMicros(i.UpdatedAt), Instants.ToMicros(i.FinishedAt));
            if (written == 0)
                return RevisionOf(i.Id) != i.ReadRevision ? CommitOutcome.LostRace.Instance : CommitOutcome.AlreadyActive.Instance;

            foreach (var id in rows.BookmarksRemoved)
                Run("commit_bookmark_delete", id);
            foreach (var b in rows.Bookmarks)
                Run("commit_bookmark_insert", b.Id, b.InstanceId, b.Name, b.Hash, b.Payload, b.CreatedAt);
            foreach (var id in rows.TimersRemoved)
                Run("commit_timer_delete", id);
            foreach (var t in rows.Timers)
                Run("commit_timer_insert", t.Id, t.InstanceId, t.DueAt, t.Execution, t.BookmarkId, t.Tag);
            foreach (var t in rows.Tasks)
                Run("commit_user_task", t.Id, t.InstanceId, t.DefinitionId, t.InitiatedBy, t.State, t.Assignee, t.DueOrder, t.DecidedBy, t.CreatedAt, t.ClosedAt, t.Document);
            foreach (var id in rows.TasksKnown)
                Run("commit_candidate_delete", id);
            foreach (var id in rows.TasksClosed)
                Run("commit_draft_delete", id);
            foreach (var c in rows.Candidates)
                Run("commit_candidate_insert", c.Identity, c.DueOrder, c.TaskId, c.Excluded, c.DefinitionId);
            foreach (var c in rows.Clocks)
                Run("commit_clock", c.Id, c.InstanceId, c.DefinitionId, c.TaskId, c.Name, c.Kind, c.State, c.CalendarId, c.CalendarVersion, c.StartedAt, c.DueAt, c.BreachedAt, c.StoppedAt, c.Document);
            foreach (var e in rows.Effects)
                Run("commit_effect", e.Key, e.InstanceId, e.Execution, e.Kind, e.Class, e.Payload, e.BookmarkId, e.DueAt, e.CreatedAt, e.MaxAttempts, e.State, e.Owner, e.Token, e.LeaseFrom, e.Lease);
            foreach (var n in rows.Notices)
                Run("commit_notice", n.Id, n.UserName, n.Subject, n.Body, n.TaskId, n.InstanceId, n.At);
            foreach (var settled in rows.Settlements)
                Run("commit_effect_settle", settled.Key, settled.State, settled.Error);
            if (rows.Journal is { } j)
                Run("commit_journal", j.InstanceId, j.First, j.Last, j.At, j.Entries);
            return CommitOutcome.Committed.Instance;
        }

        int Run(string statement, params ReadOnlySpan<object?> values) => this.Run(connection, transaction, statement, values);

        object? Ask(string statement, string key)
        {
            var command = Compiled(connection, statement, [key]);
            command.Transaction = transaction;
            return command.ExecuteScalar();
        }

        long RevisionOf(string id) => Ask("commit_find_revision", id) as long? ?? 0;

        string? HolderOf(InstanceRow instance) =>
            instance is { ActivationKey: { } key, Status: Engine.Instances.WorkflowStatus.Running } && Ask("commit_find_active", key) is string holder && holder != instance.Id ? holder : null;

        StimulusRow FindStimulus(string key)
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = database.Statements.Get("find_stimulus");
            command.Parameters.AddWithValue("@key", key);
            using var reader = command.ExecuteReader();
            reader.Read();
            return Instances.InstanceStore.ReadStimulus(reader);
        }
    }

    /// <summary>After an error of the commit itself: one process and one writer, so the revision of any member tells.</summary>
    private bool IsStored(SqliteConnection connection, IReadOnlyList<PendingCommit> group, CommitOutcome[] outcomes)
    {
        for (var i = 0; i < group.Count; i++)
        {
            if (outcomes[i] is not CommitOutcome.Committed || SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
                continue;

            var command = Compiled(connection, "commit_find_revision", [group[i].InstanceId]);
            command.Transaction = null;
            return command.ExecuteScalar() is long revision && revision == group[i].Rows.Instance.Revision;
        }

        return false;
    }

    private int Run(SqliteConnection connection, SqliteTransaction transaction, string statement, params ReadOnlySpan<object?> values)
    {
        var command = Compiled(connection, statement, values);
        command.Transaction = transaction;
        return command.ExecuteNonQuery();
    }

    private SqliteCommand Compiled(SqliteConnection connection, string statement, ReadOnlySpan<object?> values)
    {
        if (!_compiled.TryGetValue(statement, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = database.Statements.Get(statement);
            for (var i = 1; i <= values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i}" });
            _compiled.Add(statement, command);
        }

        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}
