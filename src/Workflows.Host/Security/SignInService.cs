using Microsoft.Extensions.Options;
using Workflows.Engine.Storage;

namespace Workflows.Host.Security;

/// <summary>How a try to sign in fared. An unknown name, a wrong password and a disabled person look the same.</summary>
internal abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    public sealed record Accepted(string UserName) : SignInOutcome;

    public sealed record Refused : SignInOutcome;

    /// <summary>Too many failures; the next try is looked at after <paramref name="Wait"/>.</summary>
    public sealed record MustWait(TimeSpan Wait) : SignInOutcome;
}

/// <summary>
/// Signs people in and out. <see cref="TryAsync"/> is the whole sign-in of a page: it checks the password, ends the session that
/// the browser brought (so that nobody can plant one beforehand) and begins a new one.
/// </summary>
internal sealed class SignInService(
    Passwords passwords, SignInThrottle throttle, ISignInStore store, TimeProvider clock, IOptions<SignInOptions> options, ILogger<SignInService> logger)
{
    private const int LongestField = 256;
    private const int LongestDevice = 300;

    /// <summary>Checks the password and, when it is right, sets the session cookie on the answer.</summary>
    public async Task<SignInOutcome> TryAsync(HttpContext http, string userName, string password, CancellationToken cancellationToken)
    {
        // A form of another site must not sign somebody in as the attacker.
        if (!Csrf.IsFromHere(http.Request))
            return new SignInOutcome.Refused();
        var outcome = await CheckAsync(http, userName, password, cancellationToken);
        if (outcome is SignInOutcome.Accepted accepted)
            await BeginAsync(http, accepted.UserName, cancellationToken);
        return outcome;
    }

    /// <summary>Checks a password, counting tries: on this host by address, on all hosts by name.</summary>
    public async Task<SignInOutcome> CheckAsync(HttpContext http, string userName, string password, CancellationToken cancellationToken)
    {
        if (userName.Length is 0 or > LongestField || password.Length > LongestField || userName.Contains('\0', StringComparison.Ordinal))
            return new SignInOutcome.Refused();
        var from = http.Connection.RemoteIpAddress;
        if (throttle.MustWait(userName, from) is { } wait)
            return new SignInOutcome.MustWait(wait);
        var (now, settings) = (clock.GetUtcNow(), options.Value);
        if (await store.CountTryAsync(userName, now, settings.LockoutAfter, settings.Lockout, settings.Lockout, cancellationToken) is { } until)
            return new SignInOutcome.MustWait(until - now);

        if (!await passwords.CheckAsync(userName, password, cancellationToken))
        {
            throttle.Failed(userName, from);
            Log.SignInFailed(logger, from?.ToString() ?? "");
            return new SignInOutcome.Refused();
        }

        throttle.Succeeded(userName, from);
        await store.ForgetTriesAsync(userName, cancellationToken);
        return new SignInOutcome.Accepted(userName);
    }

    /// <summary>Begins a session for somebody who has proved who they are.</summary>
    public async Task BeginAsync(HttpContext http, string userName, CancellationToken cancellationToken)
    {
        await EndPresentedAsync(http, cancellationToken);
        var (token, hash) = AccessToken.Create();
        var now = clock.GetUtcNow();
        await store.AddSessionAsync(hash, userName, now, now + options.Value.SessionLifetime, DeviceOf(http.Request), cancellationToken);
        SessionCookie.Write(http, token, now + options.Value.SessionLifetime, options.Value.SecureCookies);
    }

    /// <summary>Where somebody is signed in, and which of these sessions this request came with (null when it came with none).</summary>
    public async Task<(IReadOnlyList<SignedInSession> Sessions, string? Here)> SessionsAsync(HttpContext http, string userName, CancellationToken cancellationToken)
    {
        var here = SessionCookie.Read(http.Request, options.Value.SecureCookies) is { } token && AccessToken.HashOf(token) is { } hash ? SignedInSession.IdOf(hash) : null;
        return (await store.ListSessionsAsync(userName, clock.GetUtcNow(), options.Value.SessionIdle, cancellationToken), here);
    }

    /// <summary>Ends the browser's session here and in the database.</summary>
    public async Task SignOutAsync(HttpContext http, CancellationToken cancellationToken)
    {
        await EndPresentedAsync(http, cancellationToken);
        SessionCookie.Clear(http);
    }

    /// <summary>Where to go after signing in: an address of this host, else the start page.</summary>
    public static string LocalUrl(string? wanted) =>
        wanted is ['/', ..] and not ['/', '/' or '\\', ..] && wanted.Length <= 2_000 && !wanted.Any(char.IsControl) && !wanted.Contains('\\', StringComparison.Ordinal) ? wanted : "/";

    /// <summary>What the browser calls itself, short enough to keep and without what no database takes.</summary>
    private static string DeviceOf(HttpRequest request)
    {
        var said = new string([.. request.Headers.UserAgent.ToString().Where(c => !char.IsControl(c))]);
        return said.Length <= LongestDevice ? said : said[..LongestDevice];
    }

    private async Task EndPresentedAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (SessionCookie.Read(http.Request, options.Value.SecureCookies) is { } token && AccessToken.HashOf(token) is { } hash)
            await store.EndSessionAsync(hash, cancellationToken);
    }
}
