using Microsoft.AspNetCore.Identity;
using Workflows.Engine.Storage;
using Workflows.Host.Api;

namespace Workflows.Host.Security;

/// <summary>Stores and checks passwords (PBKDF2 of ASP.NET Core Identity).</summary>
internal sealed class Passwords(IOrganisationStore organisation, ISignInStore sessions)
{
    private const int Shortest = 10;
    private const int Longest = 256;

    private static readonly PasswordHasher<string> Hasher = new();

    /// <summary>Checked when the user is unknown, so that the answer takes as long as for a known one.</summary>
    private static readonly string HashOfNobody = Hash(Guid.NewGuid().ToString());

    public static string Hash(string password) => Hasher.HashPassword("", password);

    /// <summary>Sets a password and signs the person out everywhere: whoever knew the old one has no use of it any more.</summary>
    public async Task SetAsync(string userName, string password, CancellationToken cancellationToken)
    {
        await organisation.SetPasswordHashAsync(userName, Hash(password), cancellationToken);
        await sessions.EndAllAsync(userName, cancellationToken);
    }

    /// <summary>Why a password is not taken; null when it is.</summary>
    public static Problem? Weakness(string password, string userName) =>
        password.Length is < Shortest or > Longest || password.Distinct().Count() < 5 || password.Contains(userName, StringComparison.OrdinalIgnoreCase)
            ? Refusals.Unprocessable.At("$.password", "weak-password", $"密码至少 {Shortest} 位、不过于简单，且不含用户名", $"at least {Shortest} characters, not too simple, without the user name")
            : null;

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
