using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

public abstract class OrganisationStoreContract(DatabaseFixture fixture) : StoreContract(fixture)
{
    [Fact]
    public async Task A_role_key_is_one_word()
    {
        var person = new Person("zhang", "张三", null, null, null, ["finance super_admin"]);

        await Assert.ThrowsAsync<ArgumentException>(() => Db.Organisation.SaveAsync([person], Token));

        Assert.DoesNotContain(await Db.Organisation.ListAsync(Token), p => p.UserName == "zhang");
    }

    [Fact]
    public async Task A_saved_person_reads_back_with_roles_and_a_second_save_replaces_them()
    {
        var person = Person() with { Manager = "boss", Email = "wang@example.com", Mobile = "13800000000", Roles = ["supervisor", "clerk"] };
        var other = Person();
        await Db.Organisation.SaveAsync([person, other], Token);

        var stored = (await Db.Organisation.ListAsync(Token)).Single(p => p.UserName == person.UserName);
        Assert.Equal(person with { Roles = [] }, stored with { Roles = [] });
        Assert.Equal(["clerk", "supervisor"], stored.Roles);

        await Db.Organisation.SaveAsync([person with { DisplayName = "王芳芳", Roles = ["manager"], IsActive = false }], Token);
        stored = (await Db.Organisation.ListAsync(Token)).Single(p => p.UserName == person.UserName);
        Assert.Equal(("王芳芳", false), (stored.DisplayName, stored.IsActive));
        Assert.Equal(["manager"], stored.Roles);
        Assert.Contains(await Db.Organisation.ListAsync(Token), p => p.UserName == other.UserName);
    }

    [Fact]
    public async Task The_stamp_changes_when_people_change()
    {
        var before = await Db.Organisation.ReadStampAsync(Token);
        await Db.Organisation.SaveAsync([Person()], Token);

        Assert.True(before < await Db.Organisation.ReadStampAsync(Token));
    }

    [Fact]
    public async Task A_password_survives_a_later_save_and_is_not_given_for_the_disabled()
    {
        var person = Person();
        await Db.Organisation.SaveAsync([person], Token);
        Assert.Null(await Db.Organisation.FindPasswordHashAsync(person.UserName, Token));

        await Db.Organisation.SetPasswordHashAsync(person.UserName, "hash", Token);
        await Db.Organisation.SaveAsync([person with { DisplayName = "x" }], Token);
        Assert.Equal("hash", await Db.Organisation.FindPasswordHashAsync(person.UserName, Token));

        await Db.Organisation.SaveAsync([person with { IsActive = false }], Token);
        Assert.Null(await Db.Organisation.FindPasswordHashAsync(person.UserName, Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Db.Organisation.SetPasswordHashAsync("unheard of", "hash", Token));
    }

    [Fact]
    public async Task A_token_finds_its_person_until_it_expires_or_the_person_is_disabled()
    {
        var person = Person() with { Roles = ["clerk"] };
        await Db.Organisation.SaveAsync([person], Token);
        var token = A.Id();
        await Db.Organisation.AddTokenAsync(token, person.UserName, A.Now + TimeSpan.FromHours(1), Token);

        var found = await Db.Organisation.FindByTokenAsync(token, A.Now, Token);
        Assert.Equal(person.UserName, found!.UserName);
        Assert.Equal(["clerk"], found.Roles);
        Assert.NotNull(await Db.Organisation.FindByTokenAsync(token, null, Token));
        Assert.Null(await Db.Organisation.FindByTokenAsync(token, A.Now + TimeSpan.FromHours(1), Token));
        Assert.Null(await Db.Organisation.FindByTokenAsync("unheard of", A.Now, Token));

        await Db.Organisation.SaveAsync([person with { IsActive = false }], Token);
        Assert.Null(await Db.Organisation.FindByTokenAsync(token, A.Now, Token));
    }

    [Fact]
    public async Task Of_many_tokens_of_a_person_the_oldest_go()
    {
        var person = Person();
        await Db.Organisation.SaveAsync([person], Token);
        foreach (var n in Enumerable.Range(0, 55))
            await Db.Organisation.AddTokenAsync($"{person.UserName}-{n}", person.UserName, A.Now + TimeSpan.FromHours(n), Token);

        Assert.Null(await Db.Organisation.FindByTokenAsync(person.UserName + "-4", A.Now, Token));
        Assert.NotNull(await Db.Organisation.FindByTokenAsync(person.UserName + "-5", A.Now, Token));
    }

    private static Person Person() => new(A.Id(), "王芳", null, null, null, []);
}

public sealed class SqliteOrganisationStoreTests(SqliteFixture fixture) : OrganisationStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresOrganisationStoreTests(PostgresFixture fixture) : OrganisationStoreContract(fixture), IClassFixture<PostgresFixture>;
