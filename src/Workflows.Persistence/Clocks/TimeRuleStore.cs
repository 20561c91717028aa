using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Clocks;

internal sealed class TimeRuleStore(Database database) : ITimeRuleStore
{
    private static readonly SqlArgs Stamp = new() { ["name"] = "time_rule_stamp" };

    public Task<long> ReadStampAsync(CancellationToken cancellationToken) =>
        database.FirstAsync("read_setting", Stamp, row => row.GetInt64(0), cancellationToken);

    public async Task<IReadOnlyList<StoredTimeRule>> ListAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync(
            "list_time_rules",
            SqlArgs.None,
            row => new StoredTimeRule((TimeRuleKind)row.GetInt16(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.Instant(4), row.GetString(5), row.TextOrNull(6)),
            cancellationToken);

    public async Task<bool> AddAsync(IReadOnlyList<StoredTimeRule> versions, CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync("move_stamp", Stamp, cancellationToken);
                    foreach (var rule in versions)
                    {
                        var args = new SqlArgs
                        {
                            ["kind"] = rule.Kind,
                            ["id"] = rule.Id,
                            ["version"] = rule.Version,
                            ["document"] = rule.Document,
                            ["created_at"] = rule.CreatedAt,
                            ["created_by"] = rule.CreatedBy,
                            ["note"] = rule.Note,
                        };
                        if (await session.ExecuteAsync("add_time_rule", args, cancellationToken) == 0)
                            throw new VersionTaken();
                    }
                },
                cancellationToken);
            return true;
        }
        catch (VersionTaken)
        {
            return false;
        }
    }

    /// <summary>Leaves the transaction, so that nothing of it is kept.</summary>
    private sealed class VersionTaken : Exception;
}
