using Workflows.Engine.Storage;
using Workflows.Host.Security;

namespace Workflows.Host.Demo;

/// <summary>
/// The people of the demo shop: one for each post, named by the post's role key, in the reporting tree of the business.
/// All have the same password, which is why Production refuses a database that holds them.
/// </summary>
internal static class DemoOrganisation
{
    public const string Password = "demo";

    public static readonly IReadOnlyList<Person> People =
    [
        Of("executive", "高层领导", null),
        Of("ops_director", "运营总监", "executive"),
        Of("tech_director", "技术总监", "executive"),
        Of("finance", "财务", "executive"),
        Of("internal_auditor", "审计人员", "executive"),
        Of("super_admin", "超级管理员", "executive"),
        Of("platform_admin", "管理员", "super_admin"),
        Of("user_ops_manager", "用户运营经理", "ops_director"),
        Of("product_ops_manager", "商品运营经理", "ops_director"),
        Of("traffic_ops_manager", "流量运营经理", "ops_director"),
        Of("campaign_ops_manager", "活动运营经理", "ops_director"),
        Of("cs_manager", "客服经理", "ops_director"),
        Of("data_analyst", "数据分析师", "ops_director"),
        Of("supply_chain_manager", "供应链经理", "ops_director"),
        Of("store_ops_manager", "店铺运营经理", "ops_director"),
        Of("supervisor", "上级主管", "store_ops_manager"),
        Of("activity_owner", "活动负责人", "supervisor"),
        Of("deletion_operator", "操作人员", "activity_owner"),
        Of("task_force", "专项处理小组", "store_ops_manager"),
        Of("tech_support", "技术支持", "tech_director"),
        Of("tech_dept", "技术部门", "tech_director"),
        Of("cs_agent", "客服人员", "cs_manager"),
        Of("dedicated_cs_agent", "专属客服", "cs_manager"),
        Of("after_sales_team", "售后服务团队", "cs_manager"),
        Of("cs_duty_team", "24小时值班客服", "cs_manager"),
        Of("backup_cs_team", "备用客服团队", "cs_manager"),
        Of("order_reviewer", "订单审核员", "cs_manager"),
        Of("ops_team", "运营团队", "ops_director"),
        Of("scene_ops", "场景运营", "ops_director"),
        Of("holiday_scene_group", "节日营销场景组", "scene_ops"),
        Of("live_scene_group", "直播运营场景组", "scene_ops"),
        Of("streamer", "主播", "live_scene_group"),
        Of("content_creator", "内容创客", "ops_director"),
        Of("short_video_producer", "短视频师", "content_creator"),
        Of("supply_chain_dept", "供应链部门", "supply_chain_manager"),
        Of("listing_reviewer", "商品审核员", "product_ops_manager"),
        Of("risk_officer", "风控专员", "finance"),
        Of("compliance_officer", "合规专员", "ops_director"),
        Of("compliance_mentor", "合规导师", "compliance_officer"),
        Of("remediation_owner", "整改责任人", "ops_director"),
        Of("employee", "员工", "ops_director"),
        Of("workflow_manager", "流程管理员", "ops_director"),
        Of("duty_manager", "值班经理", "ops_director"),
        Of("taobao_tech_support", "淘宝技术支持团队", null),
    ];

    /// <summary>Adds the people to an empty organisation; false when somebody is there already.</summary>
    public static async Task<bool> SeedAsync(IOrganisationStore organisation, CancellationToken cancellationToken)
    {
        if ((await organisation.ListAsync(cancellationToken)).Count > 0)
            return false;
        await organisation.SaveAsync(People, cancellationToken);
        // Hashing is slow on purpose; one hash serves all because the password is no secret.
        var hash = Passwords.Hash(Password);
        foreach (var person in People)
            await organisation.SetPasswordHashAsync(person.UserName, hash, cancellationToken);
        return true;
    }

    private static Person Of(string role, string displayName, string? manager) =>
        new(role, displayName, manager, $"{role}@example.com", null, [role]);
}
