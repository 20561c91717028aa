using Workflows.Engine.Organisation;
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

    [Fact]
    public async Task Everything_about_the_organisation_reads_back_as_it_was_applied()
    {
        var (boss, clerk) = (Person() with { Department = "sales", Post = "head", Nickname = "老张", Initials = "zs" }, Person());
        var id = A.Id();
        var given = new Delegation("d" + id, boss.UserName, clerk.UserName, "leave", A.Now, A.Now + TimeSpan.FromDays(7), "年假", boss.UserName, A.Now);
        var contact = new ExternalContact("c" + id, "中通", "中通快递", "carrier", "a@example.com", "138", "备注");
        var change = new OrganisationChange
        {
            People = [boss, clerk],
            Departments = [new Department("t" + id, "销售部", null, boss.UserName, 3)],
            Posts = [new Post("p" + id, "经理", "t" + id)],
            Groups = [new Group("g" + id, "小组", [boss.UserName, clerk.UserName])],
            Contacts = [contact],
            DelegationsAdded = [given],
            Audit = Audit(clerk.UserName),
        };

        Assert.True(await Db.Organisation.ApplyAsync(change, Token));
        var data = await Db.Organisation.ReadAsync(A.Now, Token);

        var read = data.People.Single(p => p.UserName == boss.UserName);
        Assert.Equal(("sales", "head", "老张", "zs"), (read.Department, read.Post, read.Nickname, read.Initials));
        Assert.Equal(change.Departments[0], data.Departments.Single(d => d.Id == "t" + id));
        Assert.Equal(change.Posts[0], data.Posts.Single(d => d.Id == "p" + id));
        Assert.Equal(change.Groups[0].Members.Order(), data.Groups.Single(d => d.Id == "g" + id).Members);
        Assert.Equal(contact, data.Contacts.Single(c => c.Id == contact.Id));
        Assert.Equal(given, data.Delegations.Single(d => d.Id == given.Id));
        Assert.Equal("person", Assert.Single(await Db.Organisation.ListAuditAsync(clerk.UserName, null, 10, Token)).Kind);
    }

    [Fact]
    public async Task A_delegation_ends_by_itself_and_by_hand_and_is_remembered()
    {
        var (boss, clerk) = (Person(), Person());
        Delegation Given(string id, int days) => new(id + boss.UserName, boss.UserName, clerk.UserName, null, A.Now, A.Now + TimeSpan.FromDays(days), null, boss.UserName, A.Now);
        await Db.Organisation.ApplyAsync(new OrganisationChange { People = [boss, clerk], DelegationsAdded = [Given("a", 1), Given("b", 9), Given("c", 9)], Audit = Audit(boss.UserName) }, Token);
        await Db.Organisation.ApplyAsync(new OrganisationChange { DelegationsEnded = ["b" + boss.UserName], Audit = Audit(boss.UserName) }, Token);

        var data = await Db.Organisation.ReadAsync(A.Now + TimeSpan.FromDays(1), Token);

        Assert.Equal("c" + boss.UserName, Assert.Single(data.Delegations, d => d.From == boss.UserName).Id);
        Assert.Equal(3, (await Db.Organisation.ListDelegationsAsync(clerk.UserName, Token)).Count);
    }

    [Fact]
    public async Task A_change_made_from_an_old_look_changes_nothing()
    {
        var person = Person();
        var stamp = await Db.Organisation.ReadStampAsync(Token);
        await Db.Organisation.SaveAsync([Person()], Token);

        Assert.False(await Db.Organisation.ApplyAsync(new OrganisationChange { People = [person], ExpectedStamp = stamp, Audit = Audit(person.UserName) }, Token));

        Assert.DoesNotContain(await Db.Organisation.ListAsync(Token), p => p.UserName == person.UserName);
        Assert.Empty(await Db.Organisation.ListAuditAsync(person.UserName, null, 10, Token));
    }

    [Fact]
    public async Task Whoever_leaves_is_signed_out_for_good()
    {
        var person = Person();
        await Db.Organisation.SaveAsync([person], Token);
        await Db.Organisation.AddTokenAsync("t" + person.UserName, person.UserName, A.Now + TimeSpan.FromHours(1), Token);
        await Db.SignIn.AddSessionAsync("s" + person.UserName, person.UserName, A.Now, A.Now + TimeSpan.FromHours(1), "", Token);

        await Db.Organisation.ApplyAsync(new OrganisationChange { People = [person with { IsActive = false }], Audit = Audit(person.UserName) }, Token);
        await Db.Organisation.ApplyAsync(new OrganisationChange { People = [person], Audit = Audit(person.UserName) }, Token);

        Assert.Null(await Db.Organisation.FindByTokenAsync("t" + person.UserName, A.Now, Token));
        Assert.Null(await Db.SignIn.FindBySessionAsync("s" + person.UserName, A.Now, TimeSpan.FromHours(1), Token));
    }

    [Fact]
    public async Task Signing_in_tells_roles_and_groups()
    {
        var person = Person() with { Roles = ["clerk", "boss"] };
        var group = "g" + person.UserName;
        await Db.Organisation.ApplyAsync(new OrganisationChange { People = [person], Groups = [new Group(group, "小组", [person.UserName])], Audit = Audit(person.UserName) }, Token);
        await Db.Organisation.AddTokenAsync("t" + person.UserName, person.UserName, A.Now + TimeSpan.FromHours(1), Token);

        var found = await Db.Organisation.FindByTokenAsync("t" + person.UserName, A.Now, Token);

        Assert.Equal(["boss", "clerk"], found!.Roles);
        Assert.Equal([group], found.Groups);
    }

    private static OrganisationAudit Audit(string subject) => new(A.Id(), A.Now, "admin", "person", subject);

    private static Person Person() => new(A.Id(), "王芳", null, null, null, []);
}

public sealed class SqliteOrganisationStoreTests(SqliteFixture fixture) : OrganisationStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresOrganisationStoreTests(PostgresFixture fixture) : OrganisationStoreContract(fixture), IClassFixture<PostgresFixture>;
