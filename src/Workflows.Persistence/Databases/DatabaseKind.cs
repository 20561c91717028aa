namespace Workflows.Persistence.Databases;

/// <summary>The databases we run on. Every store passes the same tests on both.</summary>
public enum DatabaseKind
{
    Sqlite,
    Postgres,
}
