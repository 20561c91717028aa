using Workflows.Engine.Organisation;

namespace Workflows.Engine.Storage;

/// <summary>What one look for steps that nobody would do has found.</summary>
/// <param name="Id">Of the night, or made for a look on demand; a second one of the same id is not kept.</param>
/// <param name="By">Who asked for it; null for the nightly one.</param>
/// <param name="Definitions">How many published definitions were looked at.</param>
public sealed record OrganisationCheck(string Id, DateTimeOffset At, string? By, int Definitions, IReadOnlyList<StepWithoutPerson> Findings);

/// <summary>Keeps the results of the check of the organisation.</summary>
public interface ICheckStore
{
    /// <summary>Keeps a result, and of all results the newest hundred. False when this id is kept already.</summary>
    Task<bool> AddAsync(OrganisationCheck check, CancellationToken cancellationToken);

    /// <summary>The newest result; null before the first.</summary>
    Task<OrganisationCheck?> FindLastAsync(CancellationToken cancellationToken);
}
