using Microsoft.AspNetCore.Identity;
using Workflows.Engine.Storage;

namespace Workflows.Host.Security;

/// <summary>Stores and checks passwords (PBKDF2 of ASP.NET Core Identity).</summary>
internal sealed class Passwords(IOrganisationStore organisation)
{
    private static readonly PasswordHasher<string> Hasher = new();

    /// <summary>Checked when the user is unknown, so that the answer takes as long as for a known one.</summary>
    private static readonly string HashOfNobody = Hash(Guid.NewGuid().ToString());

    public static string Hash(string password) => Hasher.HashPassword("", password);

    public static bool Matches(string hash, string password) => Hasher.VerifyHashedPassword("", hash, password) != PasswordVerificationResult.Failed;

    /// <summary>
    /// True when this is the person's password. Takes the same time for an unknown person. A hash made with older settings is
    /// made anew while the password is at hand.
    /// </summary>
    public async Task<bool> CheckAsync(string userName, string password, CancellationToken cancellationToken)
    {
        var hash = await organisation.FindPasswordHashAsync(userName, cancellationToken);
        var verdict = Hasher.VerifyHashedPassword("", hash ?? HashOfNobody, password);
        if (hash is null || verdict == PasswordVerificationResult.Failed)
            return false;
        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
            await organisation.SetPasswordHashAsync(userName, Hash(password), cancellationToken);
        return true;
    }
}
