using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Tests.Organisation;

public sealed class HandoverPlanTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static readonly OrganisationData Now = new(
    [
        new("boss", "老板", null, null, null, ["executive"]),
        new("old", "老王", "boss", null, null, ["clerk", "head"]),
        new("heir", "小李", "old", null, null, ["clerk"]),
        new("other", "赵六", "old", null, null, []),
    ], 7)
    {
        Departments = [new("sales", "销售部", null, "old")],
        Groups = [new("team", "小组", ["old", "other"])],
        Delegations = [Given("a", "old", "other"), Given("b", "other", "old"), Given("c", "heir", "old")],
    };

    [Fact]
    public void Roles_reports_departments_groups_and_delegations_go_over()
    {
        var plan = Make("old", "heir");
        var after = plan.Change.People.ToDictionary(p => p.UserName);

        Assert.Equal(["clerk", "head"], after["heir"].Roles);
        Assert.Equal(("boss", "heir"), (after["heir"].Manager, after["other"].Manager));
        Assert.False(after["old"].IsActive);
        Assert.Empty(after["old"].Roles);
        Assert.Equal("heir", Assert.Single(plan.Change.Departments).Head);
        Assert.Equal(["other", "heir"], Assert.Single(plan.Change.Groups).Members);
        Assert.Equal(["a", "b", "c"], plan.Change.DelegationsEnded.Order());
        // The one the heir had given to the leaver would come back to the heir.
        Assert.Equal(("other", "heir"), (Assert.Single(plan.DelegationsAdded).From, plan.DelegationsAdded[0].To));
        Assert.Equal(7, plan.Change.ExpectedStamp);
    }

    [Theory]
    [InlineData("old", "boss")]
    [InlineData("boss", "old")]
    [InlineData("boss", "other")]
    [InlineData("old", "other")]
    public void Nobody_reports_to_themselves_afterwards(string from, string to)
    {
        var changed = Make(from, to).Change.People.ToDictionary(p => p.UserName);
        var after = Now.People.ToDictionary(p => p.UserName, p => changed.GetValueOrDefault(p.UserName, p).Manager);

        Assert.All(after.Keys, name => Assert.False(OrganisationRules.IsInCircle(name, n => after.GetValueOrDefault(n)), name));
    }

    private static HandoverPlan Make(string from, string to) => HandoverPlan.Make(
        Now, Now.People.Single(p => p.UserName == from), Now.People.Single(p => p.UserName == to), true, new OrganisationAudit("1", At, "admin", "handover", from), () => "new");

    private static Delegation Given(string id, string from, string to) => new(id, from, to, null, At, At + TimeSpan.FromDays(7), null, from, At);
}
