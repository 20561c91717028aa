namespace Workflows.Engine.Storage;

/// <summary>A sign-in that went to the identity provider and has not come back.</summary>
/// <param name="Hash">Of what the answer and the browser must bring together.</param>
public sealed record SignInState(string Hash, string Nonce, string CodeVerifier, string ReturnUrl);

/// <summary>A browser in which a person is signed in.</summary>
/// <param name="Id">Names it among the person's sessions; see <see cref="IdOf"/>.</param>
/// <param name="Device">What the browser called itself; empty when it did not say.</param>
/// <param name="LastSeenAt">To the minute.</param>
public sealed record SignedInSession(string Id, string Device, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt)
{
    private const int Length = 16;

    /// <summary>The beginning of the hash of the session's secret: tells sessions apart and is of no use for signing in.</summary>
    public static string IdOf(string tokenHash) => tokenHash.Length > Length ? tokenHash[..Length] : tokenHash;
}

/// <summary>
/// What signing in leaves behind: sessions of browsers and failed tries. Secrets come here as hashes only. Every instant is
/// real time of the calling host, never business time.
/// </summary>
public interface ISignInStore
{
    /// <summary>Begins a session; the oldest of a person who has too many ends. <paramref name="device"/> is what the browser calls itself.</summary>
    Task AddSessionAsync(string tokenHash, string userName, DateTimeOffset now, DateTimeOffset expiresAt, string device, CancellationToken cancellationToken);

    /// <summary>The active person a session belongs to; null when it is unknown, ended, too old, or idle for too long. Notes that it was seen.</summary>
    Task<Person?> FindBySessionAsync(string tokenHash, DateTimeOffset now, TimeSpan idle, CancellationToken cancellationToken);

    Task EndSessionAsync(string tokenHash, CancellationToken cancellationToken);

    /// <summary>Where a person is signed in, last seen first; sessions that are over are left out.</summary>
    Task<IReadOnlyList<SignedInSession>> ListSessionsAsync(string userName, DateTimeOffset now, TimeSpan idle, CancellationToken cancellationToken);

    /// <summary>Ends one session of this person; false when they have none of that id.</summary>
    Task<bool> EndSessionOfAsync(string userName, string id, CancellationToken cancellationToken);

    /// <summary>Signs a person out everywhere: sessions and bearer tokens.</summary>
    Task EndAllAsync(string userName, CancellationToken cancellationToken);

    /// <summary>
    /// Counts a try at a name before its password is looked at, and answers until when the name is locked; null when the try is free.
    /// More than <paramref name="most"/> tries within <paramref name="window"/> lock it for <paramref name="lockout"/>.
    /// </summary>
    Task<DateTimeOffset?> CountTryAsync(string userName, DateTimeOffset now, int most, TimeSpan window, TimeSpan lockout, CancellationToken cancellationToken);

    /// <summary>A right password forgives what was counted.</summary>
    Task ForgetTriesAsync(string userName, CancellationToken cancellationToken);

    /// <summary>Keeps what was sent to the identity provider until its answer comes or <paramref name="expiresAt"/> passes.</summary>
    Task AddStateAsync(SignInState state, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Takes it out, so that an answer counts once; null when there is none.</summary>
    Task<SignInState?> TakeStateAsync(string hash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes what is over: sessions, counts of tries, half-done sign-ins at an identity provider.</summary>
    Task<int> PurgeAsync(DateTimeOffset now, TimeSpan idle, TimeSpan window, CancellationToken cancellationToken);
}
