using Workflows.Engine.Organisation;
using Workflows.Engine.Store;

namespace Workflows.Engine.Tests.Organisation;

public sealed class PeopleImportTests
{
    private static readonly OrganisationData Now = new(
    [
        new("boss", "老板", null, null, null, ["super_admin"]),
        new("wang", "王芳", "boss", null, null, ["clerk"]) { Department = "sales" },
        new("li", "李四", "wang", null, null, []),
    ])
    {
        Departments = [new("sales", "销售部"), new("east", "华东部")],
        Posts = [new("head", "主管")],
    };

    [Fact]
    public void Added_and_changed_people_are_told_with_their_fields()
    {
        var plan = Plan("用户名,姓名,部门,岗位,上级", "wang,王芳,华东部,主管,boss", "zhao,赵六,sales,,wang", "li,李四,,,wang");

        Assert.Equal([(ImportAct.Changed, "wang"), (ImportAct.Added, "zhao")], plan.Steps.Select(s => (s.Act, s.UserName)));
        Assert.Equal(["department", "post"], plan.Steps[0].Changes.Select(c => c.Field));
        Assert.Equal(("east", "head"), (plan.People[0].Department, plan.People[0].Post));
        Assert.Equal(1, plan.Unchanged);
    }

    [Fact]
    public void Columns_that_are_missing_leave_what_they_would_set_alone() =>
        Assert.Equal(["clerk"], Assert.Single(Plan("user_name,name", "wang,王小芳").People).Roles);

    [Fact]
    public void Nobody_is_deactivated_unless_the_file_is_the_whole_staff()
    {
        Assert.Empty(Plan("用户名,姓名", "boss,老板").People);
        var all = Plan(true, "用户名,姓名", "boss,老板", "wang,");

        var step = Assert.Single(all.Steps, s => s.Act == ImportAct.Deactivated);
        Assert.Equal("li", step.UserName);
        Assert.False(Assert.Single(all.People).IsActive);
    }

    [Theory]
    [InlineData("role:super_admin,坏人,,", "userName")]
    [InlineData("a b,坏人,,", "userName")]
    [InlineData("new,,,", "此项必填")]
    [InlineData("new,新人,没有的人,", "没有在职的上级")]
    [InlineData("new,新人,new,", "上级不能是本人")]
    [InlineData("new,新人,,role:x", "roles")]
    [InlineData("wang,王芳,li,clerk", "循环")]
    [InlineData("boss,老板,,", "不能修改自己的角色")]
    [InlineData("new,新人", "应有 4 列")]
    public void A_line_that_may_not_be_is_refused_with_its_reason(string line, string reason)
    {
        var plan = Plan("用户名,姓名,上级,角色", line);

        Assert.Contains(reason, Assert.Single(plan.Steps, s => s.Act == ImportAct.Refused).Reason!.Zh, StringComparison.Ordinal);
        Assert.Empty(plan.People);
    }

    [Fact]
    public void A_refused_line_takes_the_manager_from_those_who_name_it()
    {
        var plan = Plan("用户名,姓名,上级,邮箱", "chief,组长,boss,not-an-address", "new,新人,chief,");

        Assert.All(plan.Steps, s => Assert.Equal(ImportAct.Refused, s.Act));
    }

    [Theory]
    [InlineData("姓名", "缺少")]
    [InlineData("用户名,姓名,星座", "不认识的列")]
    [InlineData("用户名,姓名,工号", "重复的列")]
    public void A_file_that_is_no_list_of_people_is_refused_whole(string header, string fault) => Assert.Contains(fault, Plan(header).Fault!.Zh, StringComparison.Ordinal);

    private static ImportPlan Plan(params string[] lines) => Plan(false, lines);

    private static ImportPlan Plan(bool whole, params string[] lines) =>
        PeopleImport.Plan([.. lines.Select((l, i) => new CsvRecord(i + 1, l.Split(',')))], Now, whole, "boss");
}
