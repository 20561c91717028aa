using Npgsql;
using NpgsqlTypes;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Commit;

/// <summary>Turns a group into the statements of one batch, leaving out those that have no rows.</summary>
internal sealed class GroupBatch(Statements statements, NpgsqlBatch batch)
{
    public void Fill(string committer, long sequence, IReadOnlyList<PendingCommit> group, IReadOnlyList<EndRow> ends)
    {
        // Rows in the order of their ids: two hosts that touch the same rows then wait, instead of waiting crosswise.
        var members = group.Select(m => m.Rows).OrderBy(m => m.Instance.Id, StringComparer.Ordinal).ToArray();

        Add("commit_sequence", One(committer), One(sequence));
        Stimuli([.. members.Where(m => m.Stimulus is not null).Select(m => m.Stimulus!).OrderBy(s => s.Key, StringComparer.Ordinal)]);
        InstanceRows("commit_instance_update", [.. members.Select(m => m.Instance).Where(i => i.ReadRevision > 0)]);
        InstanceRows("commit_instance_insert", [.. members.Select(m => m.Instance).Where(i => i.ReadRevision == 0)]);
        Ids("commit_bookmark_delete", [.. members.SelectMany(m => m.BookmarksRemoved)]);
        Bookmarks([.. members.SelectMany(m => m.Bookmarks)]);
        Ids("commit_timer_delete", [.. members.SelectMany(m => m.TimersRemoved)]);
        Timers([.. members.SelectMany(m => m.Timers)]);
        Tasks([.. members.SelectMany(m => m.Tasks)]);
        Ids("commit_candidate_delete", [.. members.SelectMany(m => m.TasksKnown)]);
        Ids("commit_draft_delete", [.. members.SelectMany(m => m.TasksClosed)]);
        Candidates([.. members.SelectMany(m => m.Candidates)]);
        Clocks([.. members.SelectMany(m => m.Clocks)]);
        Effects([.. members.SelectMany(m => m.Effects)]);
        Settlements([.. members.SelectMany(m => m.Settlements)]);
        Notices([.. members.SelectMany(m => m.Notices)]);
        Ends([.. ends]);
        Journal([.. members.Where(m => m.Journal is not null).Select(m => m.Journal!)]);
    }

    private void Stimuli(StimulusRow[] rows)
    {
        if (rows.Length > 0)
        {
            Add(
                "commit_stimulus",
                One((long)rows.Length),
                Text(rows, r => r.Key),
                Text(rows, r => r.Fingerprint),
                Text(rows, r => r.InstanceId),
                Text(rows, r => r.Answer),
                Long(rows, r => Instants.ToMicros(r.At)));
        }
    }

    private void InstanceRows(string statement, InstanceRow[] rows)
    {
        if (rows.Length > 0)
        {
            Add(
                statement,
                One((long)rows.Length),
                Text(rows, r => r.Id),
                Long(rows, r => r.ReadRevision),
                Text(rows, r => r.DefinitionId),
                Text(rows, r => r.DefinitionVersionId),
                Int(rows, r => r.DefinitionVersion),
                Text(rows, r => r.Name),
                Text(rows, r => r.CorrelationId),
                Text(rows, r => r.ParentInstanceId),
                Text(rows, r => r.InitiatedBy),
                Short(rows, r => (int)r.Status),
                Short(rows, r => (int)r.SubStatus),
                new NpgsqlParameter<bool[]> { TypedValue = Array.ConvertAll(rows, r => r.IsExecuting), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean },
                Int(rows, r => r.IncidentCount),
                Text(rows, r => r.ActivationKey),
                new NpgsqlParameter<ReadOnlyMemory<byte>[]> { TypedValue = Array.ConvertAll(rows, r => r.State), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                Long(rows, r => Instants.ToMicros(r.CreatedAt)),
                Long(rows, r => Instants.ToMicros(r.UpdatedAt)),
                LongOrNull(rows, r => Instants.ToMicros(r.FinishedAt)));
        }
    }

    private void Ids(string statement, string[] ids)
    {
        if (ids.Length > 0)
            Add(statement, Text(ids, id => id));
    }

    private void Bookmarks(BookmarkRow[] rows)
    {
        if (rows.Length > 0)
        {
            Add(
                "commit_bookmark_insert",
                Text(rows, r => r.Id),
                Text(rows, r => r.InstanceId),
                Text(rows, r => r.Name),
                Text(rows, r => r.Hash),
                Text(rows, r => r.Payload),
                Long(rows, r => r.CreatedAt));
        }
    }

    private void Timers(TimerRow[] rows)
    {
        if (rows.Length > 0)
        {
            Add(
                "commit_timer_insert",
                Text(rows, r => r.Id),
                Text(rows, r => r.InstanceId),
                Long(rows, r => r.DueAt),
                Int(rows, r => r.Execution),
                Text(rows, r => r.BookmarkId),
                Text(rows, r => r.Tag));
        }
    }

    private void Tasks(TaskRow[] rows)
    {
        if (rows.Length > 0)
        {
            Add(
                "commit_user_task",
                Text(rows, r => r.Id),
                Text(rows, r => r.InstanceId),
                Text(rows, r => r.DefinitionId),
                Text(rows, r => r.InitiatedBy),
                Short(rows, r => r.State),
                Text(rows, r => r.Assignee),
                Long(rows, r => r.DueOrder),
                Text(rows, r => r.DecidedBy),
                Long(rows, r => r.CreatedAt),
                LongOrNull(rows, r => r.ClosedAt),
                Text(rows, r => r.Document));
        }
    }

    private void Candidates(CandidateRow[] rows)
    {
        if (rows.Length > 0)
        {
            Add(
                "commit_candidate_insert",
                Text(rows, r => r.Identity),
                Long(rows, r => r.DueOrder),
                Text(rows, r => r.TaskId),
                Text(rows, r => r.Excluded),
                Text(rows, r => r.DefinitionId));
        }
    }

    private void Clocks(ClockRow[] rows)
    {
        if (rows.Length > 0)
        {
            Add(
                "commit_clock",
                Text(rows, r => r.Id),
                Text(rows, r => r.InstanceId),
                Text(rows, r => r.DefinitionId),
                Text(rows, r => r.TaskId),
                Text(rows, r => r.Name),
                Short(rows, r => r.Kind),
                Short(rows, r => r.State),
                Text(rows, r => r.CalendarId),
                Int(rows, r => r.CalendarVersion),
                Long(rows, r => r.StartedAt),
                Long(rows, r => r.DueAt),
                LongOrNull(rows, r => r.BreachedAt),
                LongOrNull(rows, r => r.StoppedAt),
                Text(rows, r => r.Document));
        }
    }

    private void Effects(EffectRow[] rows)
    {
        if (rows.Length > 0)
        {
            Add(
                "commit_effect",
                Text(rows, r => r.Key),
                Text(rows, r => r.InstanceId),
                Int(rows, r => r.Execution),
                Text(rows, r => r.Kind),
                Short(rows, r => r.Class),
                Text(rows, r => r.Payload),
                Text(rows, r => r.BookmarkId),
                Long(rows, r => r.DueAt),
                Long(rows, r => r.CreatedAt),
                Int(rows, r => r.MaxAttempts),
                Short(rows, r => r.State),
                Text(rows, r => r.Owner),
                Text(rows, r => r.Token),
                LongOrNull(rows, r => r.LeaseFrom),
                LongOrNull(rows, r => r.Lease));
        }
    }

    private void Notices(NoticeRow[] rows)
    {
        if (rows.Length > 0)
        {
            Add(
                "commit_notice",
                Text(rows, r => r.Id),
                Text(rows, r => r.UserName),
                Text(rows, r => r.Subject),
                Text(rows, r => r.Body),
                Text(rows, r => r.TaskId),
                Text(rows, r => r.InstanceId),
                Long(rows, r => r.At));
        }
    }

    private void Ends(EndRow[] rows)
    {
        if (rows.Length > 0)
            Add("commit_effect_end", Text(rows, r => r.Key), Text(rows, r => r.Token), Short(rows, r => r.State), Text(rows, r => r.Error));
    }

    private void Settlements(SettlementRow[] rows)
    {
        if (rows.Length > 0)
            Add("commit_effect_settle", Text(rows, r => r.Key), Short(rows, r => r.State), Text(rows, r => r.Error));
    }

    private void Journal(JournalRow[] rows)
    {
        if (rows.Length > 0)
        {
            Add(
                "commit_journal",
                Text(rows, r => r.InstanceId),
                Int(rows, r => r.First),
                Int(rows, r => r.Last),
                Long(rows, r => r.At),
                Text(rows, r => r.Entries));
        }
    }

    public void Add(string statement, params ReadOnlySpan<NpgsqlParameter> values)
    {
        var command = new NpgsqlBatchCommand(statements.Get(statement));
        foreach (var value in values)
            command.Parameters.Add(value);
        batch.BatchCommands.Add(command);
    }

    public static NpgsqlParameter One(string value) => new NpgsqlParameter<string> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter One(long value) => new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Text<T>(T[] rows, Converter<T, string?> value) =>
        new NpgsqlParameter<string?[]> { TypedValue = Array.ConvertAll(rows, value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter<long[]> Long<T>(T[] rows, Converter<T, long> value) =>
        new() { TypedValue = Array.ConvertAll(rows, value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    private static NpgsqlParameter<long?[]> LongOrNull<T>(T[] rows, Converter<T, long?> value) =>
        new() { TypedValue = Array.ConvertAll(rows, value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    private static NpgsqlParameter<int[]> Int<T>(T[] rows, Converter<T, int> value) =>
        new() { TypedValue = Array.ConvertAll(rows, value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer };

    private static NpgsqlParameter<short[]> Short<T>(T[] rows, Converter<T, int> value) =>
        new() { TypedValue = Array.ConvertAll(rows, r => (short)value(r)), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint };
}
