using System.Security.Cryptography;
using System.Text;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Migrations;

/// <summary>
/// Brings the schema up to date at start. What can go wrong: two hosts start at once, or one is killed half-way. The rules:
/// a lock lets one in at a time; each file and the note that it ran are one transaction, so a kill leaves whole files only.
/// </summary>
/// <remarks>
/// To add tables: put "NNNN_subject.sql" into a folder Migrations/Postgres and one of the same name into Migrations/Sqlite,
/// in any folder of this project (Store/Migrations/Postgres/0100_store.sql). Files run once, by number; the engine's own are
/// 0001 to 0099. A file that was released is never edited: the checksum is compared and a difference refuses the start.
/// Statements go into .sql files in folders Sql/Common, Sql/Postgres or Sql/Sqlite in the same way (see Statements).
/// Migrations that are recorded but unknown here are those of a newer build, and are left alone.
/// </remarks>
public sealed class Migrator(Database database)
{
    /// <summary>Opens the database and runs what is missing; does nothing when nothing is.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await database.OpenAsync(cancellationToken);
        // In PostgreSQL the lock is taken first in each transaction, in SQLite beginning to write is the lock.
        await database.WriteAsync(session => session.ExecuteAsync("create_migration_table", SqlArgs.None, cancellationToken), cancellationToken);
        foreach (var migration in Find(database.Kind))
            await database.WriteAsync(session => RunAsync(session, migration, cancellationToken), cancellationToken);
    }

    internal static IReadOnlyList<Migration> Find(DatabaseKind kind)
    {
        var folder = $".Migrations.{kind}.";
        var found = Statements.Resources(folder)
            .Select(resource => (Name: Path.GetFileNameWithoutExtension(resource[(resource.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..]), Script: Statements.ReadResource(resource)))
            .Select(m => new Migration(m.Name, m.Script, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(m.Script)))))
            .OrderBy(m => m.Name, StringComparer.Ordinal)
            .ToList();
        if (found.GroupBy(m => m.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new InvalidOperationException($"Two migrations are called {twice.Key}.");
        return found;
    }

    private static async Task RunAsync(Session session, Migration migration, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("lock_migrations", SqlArgs.None, cancellationToken);
        var recorded = await session.FirstAsync("find_migration", new() { ["name"] = migration.Name }, row => row.GetString(0), cancellationToken);
        if (recorded == migration.Checksum)
            return;
        if (recorded is not null)
            throw new InvalidOperationException($"Migration {migration.Name} was changed after it ran on this database. Restore the file; put the change into a new one.");

        await session.RunScriptAsync("migration " + migration.Name, migration.Script, cancellationToken);
        await session.ExecuteAsync("record_migration", new() { ["name"] = migration.Name, ["checksum"] = migration.Checksum }, cancellationToken);
    }

    internal sealed record Migration(string Name, string Script, string Checksum);
}
