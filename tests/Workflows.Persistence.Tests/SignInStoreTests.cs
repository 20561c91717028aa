using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

public abstract class SignInStoreContract(DatabaseFixture fixture) : StoreContract(fixture)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_session_holds_while_it_is_used_and_not_beyond_its_end()
    {
        var (person, hash) = await SessionAsync(A.Now + TimeSpan.FromHours(3));

        Assert.Equal(person.UserName, (await Db.SignIn.FindBySessionAsync(hash, A.Now + TimeSpan.FromMinutes(59), Hour, Token))?.UserName);
        Assert.NotNull(await Db.SignIn.FindBySessionAsync(hash, A.Now + TimeSpan.FromMinutes(118), Hour, Token));
        Assert.NotNull(await Db.SignIn.FindBySessionAsync(hash, A.Now + TimeSpan.FromMinutes(177), Hour, Token));
        Assert.Null(await Db.SignIn.FindBySessionAsync(hash, A.Now + TimeSpan.FromHours(3), Hour, Token));
    }

    [Fact]
    public async Task An_idle_session_is_over()
    {
        var (_, hash) = await SessionAsync(A.Now + TimeSpan.FromDays(1));

        Assert.Null(await Db.SignIn.FindBySessionAsync(hash, A.Now + Hour, Hour, Token));
    }

    [Fact]
    public async Task A_session_ends_with_sign_out_and_with_the_person()
    {
        var (_, first) = await SessionAsync(A.Now + Hour);
        var (person, second) = await SessionAsync(A.Now + Hour);
        var (gone, third) = await SessionAsync(A.Now + Hour);

        await Db.SignIn.EndSessionAsync(first, Token);
        await Db.SignIn.EndAllAsync(person.UserName, Token);
        await Db.Organisation.SaveAsync([gone with { IsActive = false }], Token);

        foreach (var hash in new[] { first, second, third })
            Assert.Null(await Db.SignIn.FindBySessionAsync(hash, A.Now, Hour, Token));
    }

    [Fact]
    public async Task A_person_sees_and_ends_own_sessions_and_nobody_elses()
    {
        var (person, other) = (new Person(A.Id(), "王芳", null, null, null, ["clerk"]), new Person(A.Id(), "李雷", null, null, null, ["clerk"]));
        await Db.Organisation.SaveAsync([person, other], Token);
        var (phone, desk, over, theirs) = (Hash(), Hash(), Hash(), Hash());
        await Db.SignIn.AddSessionAsync(phone, person.UserName, A.Now, A.Now + Hour, "iPhone", Token);
        await Db.SignIn.AddSessionAsync(desk, person.UserName, A.Now + TimeSpan.FromMinutes(5), A.Now + Hour, "Windows", Token);
        await Db.SignIn.AddSessionAsync(over, person.UserName, A.Now, A.Now + TimeSpan.FromMinutes(1), "", Token);
        await Db.SignIn.AddSessionAsync(theirs, other.UserName, A.Now, A.Now + Hour, "", Token);

        var seen = await Db.SignIn.ListSessionsAsync(person.UserName, A.Now + TimeSpan.FromMinutes(6), Hour, Token);
        Assert.Equal([("Windows", A.Now + TimeSpan.FromMinutes(5)), ("iPhone", A.Now)], seen.Select(s => (s.Device, s.CreatedAt)));
        Assert.DoesNotContain(seen, s => phone.Contains(s.Id, StringComparison.Ordinal) && s.Id.Length > 16);

        Assert.False(await Db.SignIn.EndSessionOfAsync(person.UserName, SignedInSession.IdOf(theirs), Token));
        Assert.True(await Db.SignIn.EndSessionOfAsync(person.UserName, SignedInSession.IdOf(phone), Token));
        Assert.False(await Db.SignIn.EndSessionOfAsync(person.UserName, SignedInSession.IdOf(phone), Token));
        Assert.Null(await Db.SignIn.FindBySessionAsync(phone, A.Now, Hour, Token));
        Assert.NotNull(await Db.SignIn.FindBySessionAsync(theirs, A.Now, Hour, Token));

        static string Hash() => A.Id() + A.Id();
    }

    [Fact]
    public async Task Too_many_tries_lock_a_name_for_a_while_in_whatever_spelling()
    {
        var name = "User" + A.Id();
        for (var i = 0; i < 5; i++)
            Assert.Null(await TryAsync(name, A.Now));

        Assert.Equal(A.Now + Hour, await TryAsync(name.ToUpperInvariant(), A.Now));
        Assert.Equal(A.Now + Hour, await TryAsync(name, A.Now + TimeSpan.FromMinutes(59)));
        Assert.Null(await TryAsync(name, A.Now + Hour));
    }

    [Fact]
    public async Task Of_many_tries_at_once_no_more_than_allowed_are_free()
    {
        var name = A.Id();

        var tries = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TryAsync(name, A.Now)));

        Assert.Equal(5, tries.Count(t => t is null));
    }

    [Fact]
    public async Task A_right_password_and_time_forgive()
    {
        var (forgiven, old) = (A.Id(), A.Id());
        for (var i = 0; i < 5; i++)
        {
            await TryAsync(forgiven, A.Now);
            await TryAsync(old, A.Now);
        }

        await Db.SignIn.ForgetTriesAsync(forgiven, Token);

        Assert.Null(await TryAsync(forgiven, A.Now));
        Assert.Null(await TryAsync(old, A.Now + Hour + Hour));
    }

    [Fact]
    public async Task What_is_over_is_removed()
    {
        var (_, hash) = await SessionAsync(A.Now + Hour);
        await Db.SignIn.PurgeAsync(A.Now + Hour, Hour, Hour, Token);

        Assert.Equal(0, await Db.ScalarAsync($"select count(*) from session where token_hash = '{hash}'"));
    }

    private Task<DateTimeOffset?> TryAsync(string name, DateTimeOffset at) => Db.SignIn.CountTryAsync(name, at, 5, Hour, Hour, Token);

    private async Task<(Person Person, string Hash)> SessionAsync(DateTimeOffset expiresAt)
    {
        var person = new Person(A.Id(), "王芳", null, null, null, ["clerk"]);
        var hash = A.Id();
        await Db.Organisation.SaveAsync([person], Token);
        await Db.SignIn.AddSessionAsync(hash, person.UserName, A.Now, expiresAt, "", Token);
        return (person, hash);
    }
}

public sealed class SqliteSignInStoreTests(SqliteFixture fixture) : SignInStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresSignInStoreTests(PostgresFixture fixture) : SignInStoreContract(fixture), IClassFixture<PostgresFixture>;
