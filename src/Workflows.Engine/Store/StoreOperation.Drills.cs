namespace Workflows.Engine.Store;

/// <summary>What shows that a backup can be restored (catalogue 1.7).</summary>
public abstract partial record StoreOperation
{
    /// <summary>
    /// Restores a backup into a place of its own, as a deletion that is taken back would, compares the rows with those of the backup, and leaves nothing
    /// behind; nobody ever sees the copy. Without a backup's number one of those whose last check passed is drawn. Refused for a number that is not on record.
    /// </summary>
    /// <param name="Drill">Number of the drill, the same in every try; it also decides which set is drawn.</param>
    /// <param name="BackupId">Empty: drawn.</param>
    public sealed record DrillRestore(string Drill, string BackupId = "") : StoreOperation
    {
        public const string Name = "store.drill-restore";

        public override string Kind => Name;
    }
}
