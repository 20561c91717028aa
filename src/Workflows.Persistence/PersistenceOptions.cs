using System.ComponentModel.DataAnnotations;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence;

/// <summary>Where data is kept: section "Workflows".</summary>
public sealed class PersistenceOptions : IValidatableObject
{
    public const string Section = "Workflows";

    /// <summary>Folder of the SQLite file and of everything else a host keeps on disk.</summary>
    [Required]
    public string DataDirectory { get; set; } = "data";

    [Required]
    public DatabaseOptions Database { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Enum.IsDefined(Database.Provider))
            yield return new ValidationResult("Workflows:Database:Provider must be Sqlite or Postgres.", [nameof(Database)]);
        if (Database.Provider == DatabaseKind.Postgres && string.IsNullOrWhiteSpace(Database.ConnectionString))
            yield return new ValidationResult("Workflows:Database:ConnectionString is required with Postgres.", [nameof(Database)]);
        if (Database.Committers is < 1 or > 8)
            yield return new ValidationResult("Workflows:Database:Committers must be from 1 to 8.", [nameof(Database)]);
    }
}

/// <summary>Section "Workflows:Database".</summary>
public sealed class DatabaseOptions
{
    public DatabaseKind Provider { get; set; } = DatabaseKind.Sqlite;

    /// <summary>Npgsql connection string, or one for Microsoft.Data.Sqlite; empty with SQLite means "workflows.db" in the data directory.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>SQLite only: how hard a commit is pushed to disk. Anything but Full may lose acknowledged work when the power fails.</summary>
    public SqliteSynchronous Synchronous { get; set; } = SqliteSynchronous.Full;

    /// <summary>
    /// PostgreSQL only: group commits under way at once, each on a connection of its own; 1 to 8. A further one begins only when a crowd waits.
    /// More than two help only where the server has processors to spare.
    /// </summary>
    public int Committers { get; set; } = 2;
}

/// <summary>SQLite's own settings of "pragma synchronous"; the numbers are SQLite's.</summary>
public enum SqliteSynchronous
{
    Off = 0,
    Normal = 1,
    Full = 2,
}
