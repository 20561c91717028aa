using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Tests;

public sealed class StatementsTests
{
    [Fact]
    public void Optional_lines_are_there_only_with_their_argument()
    {
        var statements = Statements.Load(DatabaseKind.Postgres);

        var all = statements.Get("list_instances", new() { ["limit"] = 1, ["before"] = "x", ["status"] = 1 });
        var none = statements.Get("list_instances", new() { ["limit"] = 1, ["before"] = null });

        Assert.Contains("id < @before", all, StringComparison.Ordinal);
        Assert.Contains("status = @status", all, StringComparison.Ordinal);
        Assert.DoesNotContain("@before", none, StringComparison.Ordinal);
        Assert.DoesNotContain("correlation_id = ", all, StringComparison.Ordinal);
    }

    [Fact]
    public void Sqlite_reads_common_statements_in_its_own_words()
    {
        var claim = Statements.Load(DatabaseKind.Sqlite).Get("claim_timers");
        var release = Statements.Load(DatabaseKind.Sqlite).Get("release_timers");

        Assert.DoesNotContain("skip locked", claim, StringComparison.Ordinal);
        Assert.Contains("id in (select value from json_each(@ids))", release, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_databases_know_the_same_statements_of_a_commit()
    {
        // Only what finds out about losers, and the committer's own row, differ in kind.
        string[] own = ["commit_savepoint", "commit_release", "commit_rollback_member", "commit_find_revision"];
        var sqlite = Statements.Load(DatabaseKind.Sqlite).Names.Where(n => n.StartsWith("commit_", StringComparison.Ordinal)).Except(own);

        Assert.Empty(sqlite.Except(Statements.Load(DatabaseKind.Postgres).Names));
    }

    [Fact]
    public void A_missing_statement_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => Statements.Load(DatabaseKind.Sqlite).Get("no_such"));

        Assert.Contains("no_such", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(-1)]
    public void Instants_are_rounded_the_safe_way(long ticks)
    {
        var instant = DateTimeOffset.UnixEpoch.AddTicks(ticks);

        Assert.True(Instants.FromMicros(Instants.ToMicros(instant)) <= instant);
        Assert.True(Instants.FromMicros(Instants.ToMicrosUp(instant)) >= instant);
        Assert.True(Instants.ToMicrosUp(instant) - Instants.ToMicros(instant) <= 1);
    }

    [Fact]
    public async Task What_the_operator_says_about_the_pool_wins()
    {
        await using var own = new PostgresDatabase("Host=localhost;Maximum Pool Size=7;Max Auto Prepare=0");
        await using var ours = new PostgresDatabase("Host=localhost");

        var given = new Npgsql.NpgsqlConnectionStringBuilder(own.ConnectionString);
        Assert.Equal((7, 0), (given.MaxPoolSize, given.MaxAutoPrepare));
        Assert.Equal(32, new Npgsql.NpgsqlConnectionStringBuilder(ours.ConnectionString).MaxPoolSize);
    }

    [Fact]
    public void Stored_enums_keep_their_numbers()
    {
        // The numbers are in the tables, in their rules and in the views: a name may be added at the end, nothing may move.
        Assert.Equal("Running Finished", Names<Engine.Instances.WorkflowStatus>());
        Assert.Equal("Pending Executing Suspended Finished Cancelled Faulted Interrupted", Names<Engine.Instances.WorkflowSubStatus>());
        Assert.Equal("Open Claimed Completed Cancelled", Names<Engine.UserTasks.UserTaskState>());
        Assert.Equal("Notice Irreversible", Names<Engine.Outbox.EffectClass>());
        Assert.Equal("Queued Claimed Attempting Done Failed Unknown Cancelled", Names<Engine.Outbox.EffectState>());

        static string Names<T>()
            where T : struct, Enum => string.Join(' ', Enum.GetNames<T>());
    }
}
