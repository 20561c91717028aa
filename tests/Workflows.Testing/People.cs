using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;

namespace Workflows.Testing;

/// <summary>A small organisation for tests: user names are the posts they hold, as in the demo.</summary>
public static class People
{
    public static OrganisationSnapshot Shop { get; } = new(
    [
        Person("activity_owner", "活动负责人小李", "supervisor"),
        Person("supervisor", "主管老王", "store_ops_manager"),
        Person("store_ops_manager", "经理老张", "ops_director"),
        Person("ops_director", "总监老陈", null),
        Person("cs_agent_1", "客服一", "supervisor", "cs_agent"),
        Person("cs_agent_2", "客服二", "supervisor", "cs_agent"),
    ]);

    public static Person Person(string userName, string name, string? manager, params string[] roles) =>
        new(userName, name, manager, $"{userName}@example.com", "13800000000", roles.Length == 0 ? [userName] : roles);
}
