using Workflows.Engine.Organisation;

namespace Workflows.Engine.Tests.Organisation;

public sealed class OrganisationSnapshotTests
{
    private static readonly OrganisationSnapshot Shop = new(new OrganisationData(
    [
        new("wf", "王芳", "zhang", null, null, ["clerk"]) { Nickname = "阿芳", Initials = "wf", Department = "east" },
        new("zhang", "张三", null, null, null, ["head"]) { Initials = "zs", Department = "sales" },
        new("old", "离职的老李", null, null, null, ["clerk"], IsActive: false),
    ])
    {
        Departments = [new("sales", "销售部", null, "zhang"), new("east", "华东组", "sales", "old"), new("loop", "环", "loop")],
        Groups = [new("task", "小组", ["wf", "old"])],
    });

    [Fact]
    public void A_department_without_an_active_head_answers_with_the_one_above()
    {
        Assert.Equal("zhang", Shop.HeadOf("east")?.UserName);
        Assert.Null(Shop.HeadOf("loop"));
        Assert.Null(Shop.HeadOf("nowhere"));
    }

    [Fact]
    public void Those_who_left_keep_their_name_and_are_asked_nothing()
    {
        Assert.Equal("离职的老李", Shop.DisplayName("old"));
        Assert.Null(Shop.Find("old"));
        Assert.Equal(["wf"], Shop.InGroup("task").Select(p => p.UserName));
        Assert.Equal(["wf"], Shop.Behind("role:clerk").Select(p => p.UserName));
    }

    [Theory]
    [InlineData("wf")]
    [InlineData("王")]
    [InlineData("芳")]
    [InlineData("阿芳")]
    [InlineData("WF")]
    public void People_are_found_by_name_nickname_and_initials(string text) => Assert.Equal("wf", Assert.Single(Shop.Search(text, 5)).UserName);

    [Fact]
    public void Groups_are_part_of_a_person() => Assert.Equal(["task"], Shop.Find("wf")!.Groups);
}
