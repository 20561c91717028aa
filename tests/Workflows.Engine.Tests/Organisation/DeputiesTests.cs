using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Tests.Organisation;

public sealed class DeputiesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nobody_on_leave_acts_for_themselves()
    {
        var found = Find("wang");

        Assert.Equal("wang", found!.Acts.UserName);
        Assert.False(found.IsDeputised);
        Assert.Empty(found.OnBehalfOf);
    }

    [Fact]
    public void A_deputy_acts_and_both_names_are_told()
    {
        var found = Find("wang", given: [From("wang", "li")]);

        Assert.Equal("li", found!.Acts.UserName);
        Assert.Equal("李四 代 王五", found.Told);
        Assert.Equal(["wang"], found.OnBehalfOf);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void It_holds_from_its_start_and_no_longer_at_its_end(int minutes, bool holds)
    {
        var given = From("wang", "li") with { StartsAt = Now, EndsAt = Now + TimeSpan.FromHours(1) };

        Assert.Equal(holds ? "li" : "wang", Find("wang", at: Now + TimeSpan.FromMinutes(minutes), given: [given])!.Acts.UserName);
    }

    [Fact]
    public void One_that_was_ended_holds_no_more() =>
        Assert.Equal("wang", Find("wang", given: [From("wang", "li") with { EndedAt = Now }])!.Acts.UserName);

    [Fact]
    public void The_one_for_the_process_goes_before_the_one_for_all()
    {
        Delegation[] given = [From("wang", "li"), From("wang", "zhao", "leave"), From("wang", "sun", "other")];

        Assert.Equal("zhao", Find("wang", given: given)!.Acts.UserName);
        Assert.Equal("li", Find("wang", "third", given: given)!.Acts.UserName);
    }

    [Fact]
    public void At_most_three_stand_in_a_row()
    {
        Delegation[] given = [From("wang", "li"), From("li", "zhao"), From("zhao", "sun"), From("sun", "zhou")];

        var found = Find("wang", given: given);

        Assert.Equal("sun", found!.Acts.UserName);
        Assert.Equal("孙七 代 赵六 代 李四 代 王五", found.Told);
        Assert.Contains("最多 3 级", found.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_circle_it_stays_with_the_person_asked()
    {
        var found = Find("wang", given: [From("wang", "li"), From("li", "zhao"), From("zhao", "wang")]);

        Assert.Equal("wang", found!.Acts.UserName);
        Assert.Contains("循环", found.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("li")]
    [InlineData("zhao")]
    public void Whoever_is_barred_is_no_link_of_the_chain(string barred)
    {
        var found = Find("wang", excluded: [barred], given: [From("wang", "li"), From("li", "zhao")]);

        Assert.Equal("wang", found!.Acts.UserName);
        Assert.False(found.IsDeputised);
        Assert.Contains("不能办理此件", found.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Somebody_barred_themselves_is_passed_over_for_the_manager_and_the_managers_deputy()
    {
        var found = Find("wang", excluded: ["wang"], given: [From("wang", "li"), From("boss", "zhao")]);

        Assert.Equal("zhao", found!.Acts.UserName);
        Assert.Equal("赵六 代 老板", found.Told);
    }

    [Fact]
    public void With_nobody_above_there_is_no_answer() => Assert.Null(Find("boss", excluded: ["boss"]));

    [Fact]
    public void A_deputy_who_left_leaves_it_where_it_was()
    {
        var found = Find("wang", given: [From("wang", "gone")]);

        Assert.Equal("wang", found!.Acts.UserName);
        Assert.Contains("已离职", found.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Somebody_who_left_has_no_deputy() => Assert.Null(Find("gone", given: [From("gone", "li")]));

    /// <summary>Random webs of delegations: whoever acts is active, not barred, reached over links that hold, and never more than three away.</summary>
    [Fact]
    public void Whatever_the_web_the_rules_hold()
    {
        string[] names = ["wang", "li", "zhao", "sun", "zhou", "boss"];
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var given = Enumerable.Range(0, random.Next(8)).Select(_ => From(names[random.Next(6)], names[random.Next(6)])).Where(d => d.From != d.To).ToArray();
            var excluded = names.Where(_ => random.Next(4) == 0).ToArray();
            var found = Find(names[random.Next(6)], excluded: excluded, given: given);
            if (found is null)
                continue;
            Assert.True(found.Chain.Count <= Deputies.MostInARow + 1, $"seed {seed}");
            Assert.True(found.Chain.All(p => p.IsActive && !excluded.Contains(p.UserName)), $"seed {seed}");
            Assert.True(found.Chain.Select(p => p.UserName).Distinct().Count() == found.Chain.Count, $"seed {seed}");
            Assert.True(found.Chain.Zip(found.Chain.Skip(1)).All(l => given.Any(d => d.From == l.First.UserName && d.To == l.Second.UserName)), $"seed {seed}");
        }
    }

    private static Deputising? Find(string asked, string process = "leave", DateTimeOffset? at = null, string[]? excluded = null, Delegation[]? given = null) => Deputies.Find(
        new OrganisationSnapshot(new OrganisationData(
        [
            Person("boss", "老板", null), Person("wang", "王五", "boss"), Person("li", "李四", "boss"), Person("zhao", "赵六", "li"), Person("sun", "孙七", "boss"),
            Person("zhou", "周八", "boss"), Person("gone", "离开的人", "boss") with { IsActive = false },
        ])
        { Delegations = given ?? [] }),
        asked, process, at ?? Now, excluded ?? []);

    private static Person Person(string user, string name, string? manager) => new(user, name, manager, null, null, []);

    private static Delegation From(string from, string to, string? process = null) =>
        new($"{from}-{to}-{process}", from, to, process, Now - TimeSpan.FromDays(1), Now + TimeSpan.FromDays(1), null, from, Now);
}
