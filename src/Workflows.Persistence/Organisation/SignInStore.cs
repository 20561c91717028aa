using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Organisation;

internal sealed class SignInStore(Database database) : ISignInStore
{
    private const int SessionsPerPerson = 20;

    /// <summary>A session that was seen less than this ago is not written again.</summary>
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    public Task AddSessionAsync(string tokenHash, string userName, DateTimeOffset now, DateTimeOffset expiresAt, string device, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("delete_oldest_sessions", new() { ["user_name"] = userName, ["keep"] = SessionsPerPerson - 1 }, cancellationToken);
                await session.ExecuteAsync("add_session", new() { ["token_hash"] = tokenHash, ["user_name"] = userName, ["now"] = now, ["expires_at"] = expiresAt, ["device"] = device }, cancellationToken);
            },
            cancellationToken);

    public async Task<Person?> FindBySessionAsync(string tokenHash, DateTimeOffset now, TimeSpan idle, CancellationToken cancellationToken)
    {
        var (person, seenAt) = await database.FirstAsync(
            "find_person_by_session",
            new() { ["token_hash"] = tokenHash, ["now"] = now, ["idle"] = idle },
            row => (OrganisationStore.ReadSignedIn(row), row.Instant(12)),
            cancellationToken);
        if (person is not null && seenAt < now - TouchEvery)
            await database.ExecuteAsync("touch_session", new() { ["token_hash"] = tokenHash, ["now"] = now }, cancellationToken);
        return person;
    }

    public Task EndSessionAsync(string tokenHash, CancellationToken cancellationToken) =>
        database.ExecuteAsync("end_session", new() { ["token_hash"] = tokenHash }, cancellationToken);

    public async Task<IReadOnlyList<SignedInSession>> ListSessionsAsync(string userName, DateTimeOffset now, TimeSpan idle, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            "list_sessions_of_person",
            new() { ["user_name"] = userName, ["now"] = now, ["idle"] = idle },
            row => new SignedInSession(SignedInSession.IdOf(row.GetString(0)), row.GetString(1), row.Instant(2), row.Instant(3)),
            cancellationToken);

    public async Task<bool> EndSessionOfAsync(string userName, string id, CancellationToken cancellationToken) =>
        await database.ExecuteAsync("end_session_of_person", new() { ["user_name"] = userName, ["id"] = id }, cancellationToken) > 0;

    public Task EndAllAsync(string userName, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("end_sessions_of_person", new() { ["user_name"] = userName }, cancellationToken);
                await session.ExecuteAsync("end_tokens_of_person", new() { ["user_name"] = userName }, cancellationToken);
            },
            cancellationToken);

    public async Task<DateTimeOffset?> CountTryAsync(string userName, DateTimeOffset now, int most, TimeSpan window, TimeSpan lockout, CancellationToken cancellationToken)
    {
        var args = new SqlArgs { ["user_name"] = KeyOf(userName), ["now"] = now, ["most"] = most, ["window"] = window, ["lockout"] = lockout };
        return (await database.ChangeAsync("count_sign_in_try", args, row => row.InstantOrNull(0), cancellationToken))[0];
    }

    public Task ForgetTriesAsync(string userName, CancellationToken cancellationToken) =>
        database.ExecuteAsync("forget_sign_in_failures", new() { ["user_name"] = KeyOf(userName) }, cancellationToken);

    public Task AddStateAsync(SignInState state, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            "add_sign_in_state",
            new() { ["hash"] = state.Hash, ["nonce"] = state.Nonce, ["code_verifier"] = state.CodeVerifier, ["return_url"] = state.ReturnUrl, ["expires_at"] = expiresAt },
            cancellationToken);

    public async Task<SignInState?> TakeStateAsync(string hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var taken = await database.ChangeAsync(
            "take_sign_in_state",
            new() { ["hash"] = hash },
            row => (State: new SignInState(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)), ExpiresAt: row.Instant(4)),
            cancellationToken);
        return taken is [var found] && found.ExpiresAt > now ? found.State : null;
    }

    public async Task<int> PurgeAsync(DateTimeOffset now, TimeSpan idle, TimeSpan window, CancellationToken cancellationToken) =>
        await database.ExecuteAsync("purge_sessions", new() { ["now"] = now, ["idle"] = idle }, cancellationToken)
        + await database.ExecuteAsync("purge_sign_in_failures", new() { ["now"] = now, ["window"] = window }, cancellationToken)
        + await database.ExecuteAsync("purge_sign_in_states", new() { ["now"] = now }, cancellationToken);

    /// <summary>One count for all spellings of a name.</summary>
    private static string KeyOf(string userName) => userName.ToLowerInvariant();
}
