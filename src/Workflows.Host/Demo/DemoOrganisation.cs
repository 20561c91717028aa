using System.Globalization;
using Workflows.Engine.Organisation;
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

    public static readonly IReadOnlyList<Department> Departments =
    [
        new("company", "总公司", null, "executive"),
        new("operations", "运营中心", "company", "ops_director", 1),
        new("store_operations", "店铺运营部", "operations", "store_ops_manager", 1),
        new("user_operations", "用户运营部", "operations", "user_ops_manager", 2),
        new("product_operations", "商品运营部", "operations", "product_ops_manager", 3),
        new("traffic_operations", "流量运营部", "operations", "traffic_ops_manager", 4),
        new("campaign_operations", "活动运营部", "operations", "campaign_ops_manager", 5),
        new("content", "内容与直播部", "operations", "scene_ops", 6),
        new("customer_service", "客户服务部", "operations", "cs_manager", 7),
        new("supply_chain", "供应链部", "operations", "supply_chain_manager", 8),
        new("data", "数据分析部", "operations", "data_analyst", 9),
        new("compliance", "合规部", "operations", "compliance_officer", 10),
        new("technology", "技术部", "company", "tech_director", 2),
        new("finance", "财务部", "company", "finance", 3),
        new("audit", "审计部", "company", "internal_auditor", 4),
        new("platform", "平台管理部", "company", "super_admin", 5),
    ];

    public static readonly IReadOnlyList<Person> People =
    [
        Of("executive", "高层领导", "gcld", null, "company"),
        Of("ops_director", "运营总监", "yyzj", "executive", "operations"),
        Of("tech_director", "技术总监", "jszj", "executive", "technology"),
        Of("finance", "财务", "cw", "executive", "finance"),
        Of("internal_auditor", "审计人员", "sjry", "executive", "audit"),
        Of("super_admin", "超级管理员", "cjgly", "executive", "platform"),
        Of("platform_admin", "管理员", "gly", "super_admin", "platform"),
        Of("user_ops_manager", "用户运营经理", "yhyyjl", "ops_director", "user_operations"),
        Of("product_ops_manager", "商品运营经理", "spyyjl", "ops_director", "product_operations"),
        Of("traffic_ops_manager", "流量运营经理", "llyyjl", "ops_director", "traffic_operations"),
        Of("campaign_ops_manager", "活动运营经理", "hdyyjl", "ops_director", "campaign_operations"),
        Of("cs_manager", "客服经理", "kfjl", "ops_director", "customer_service"),
        Of("data_analyst", "数据分析师", "sjfxs", "ops_director", "data"),
        Of("supply_chain_manager", "供应链经理", "gyljl", "ops_director", "supply_chain"),
        Of("store_ops_manager", "店铺运营经理", "dpyyjl", "ops_director", "store_operations"),
        Of("supervisor", "上级主管", "sjzg", "store_ops_manager", "store_operations"),
        Of("activity_owner", "活动负责人", "hdfzr", "supervisor", "store_operations"),
        Of("deletion_operator", "操作人员", "czry", "activity_owner", "store_operations"),
        Of("task_force", "专项处理小组", "zxclxz", "store_ops_manager", "store_operations"),
        Of("tech_support", "技术支持", "jszc", "tech_director", "technology"),
        Of("tech_dept", "技术部门", "jsbm", "tech_director", "technology"),
        Of("cs_agent", "客服人员", "kfry", "cs_manager", "customer_service"),
        Of("dedicated_cs_agent", "专属客服", "zskf", "cs_manager", "customer_service"),
        Of("after_sales_team", "售后服务团队", "shfwtd", "cs_manager", "customer_service"),
        Of("cs_duty_team", "24小时值班客服", "24xszbkf", "cs_manager", "customer_service"),
        Of("backup_cs_team", "备用客服团队", "bykftd", "cs_manager", "customer_service"),
        Of("order_reviewer", "订单审核员", "ddshy", "cs_manager", "customer_service"),
        Of("ops_team", "运营团队", "yytd", "ops_director", "operations"),
        Of("scene_ops", "场景运营", "cjyy", "ops_director", "content"),
        Of("holiday_scene_group", "节日营销场景组", "jryxcjz", "scene_ops", "content"),
        Of("live_scene_group", "直播运营场景组", "zbyycjz", "scene_ops", "content"),
        Of("streamer", "主播", "zb", "live_scene_group", "content"),
        Of("content_creator", "内容创客", "nrck", "ops_director", "content"),
        Of("short_video_producer", "短视频师", "dsps", "content_creator", "content"),
        Of("supply_chain_dept", "供应链部门", "gylbm", "supply_chain_manager", "supply_chain"),
        Of("listing_reviewer", "商品审核员", "spshy", "product_ops_manager", "product_operations"),
        Of("risk_officer", "风控专员", "fkzy", "finance", "finance"),
        Of("compliance_officer", "合规专员", "hgzy", "ops_director", "compliance"),
        Of("compliance_mentor", "合规导师", "hgds", "compliance_officer", "compliance"),
        Of("remediation_owner", "整改责任人", "zgzrr", "ops_director", "operations"),
        Of("employee", "员工", "yg", "ops_director", "operations"),
        Of("workflow_manager", "流程管理员", "lcgly", "ops_director", "operations"),
        Of("duty_manager", "值班经理", "zbjl", "ops_director", "operations"),
        Of("taobao_tech_support", "淘宝技术支持团队", "tbjszctd", null, null),
    ];

    public static readonly IReadOnlyList<Group> Groups =
    [
        new("emergency", "应急小组", ["cs_manager", "ops_director", "store_ops_manager", "tech_support"]),
        new("promotion", "大促项目组", ["campaign_ops_manager", "product_ops_manager", "supply_chain_manager", "traffic_ops_manager"]),
    ];

    public static readonly IReadOnlyList<ExternalContact> Contacts =
    [
        new("carrier_zto", "中通快递客服", "中通快递", "carrier", "carrier@example.com", null),
        new("core_supplier_1", "华东服饰业务员", "华东服饰有限公司", "core_supplier", "supplier@example.com", null),
        new("partner_1", "联合营销伙伴", "星河品牌", "partner", "partner@example.com", null),
        new("recycler_1", "回收平台对接人", "闲鱼回收", "recycler", "recycler@example.com", null),
    ];

    /// <summary>Adds the people to an empty organisation; false when somebody is there already.</summary>
    public static async Task<bool> SeedAsync(IOrganisationStore organisation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if ((await organisation.ListAsync(cancellationToken)).Count > 0)
            return false;
        var change = new OrganisationChange
        {
            People = People,
            Departments = Departments,
            Posts = [.. People.Select(p => new Post(p.UserName, p.DisplayName, p.Department))],
            Groups = Groups,
            Contacts = Contacts,
            Audit = new OrganisationAudit(Guid.CreateVersion7(now).ToString("N"), now, "system", "seed", "demo"),
        };
        await organisation.ApplyAsync(change, cancellationToken);
        // Hashing is slow on purpose; one hash serves all because the password is no secret.
        var hash = Passwords.Hash(Password);
        foreach (var person in People)
            await organisation.SetPasswordHashAsync(person.UserName, hash, cancellationToken);
        return true;
    }

    private static Person Of(string role, string displayName, string initials, string? manager, string? department) =>
        new(role, displayName, manager, $"{role}@example.com", MobileOf(role), [role]) { Department = department, Post = role, Initials = initials };

    /// <summary>Nobody's number, the same at every start, so that a message by SMS can be seen.</summary>
    private static string MobileOf(string role) => string.Create(CultureInfo.InvariantCulture, $"139{role.Aggregate(0u, (sum, c) => (sum * 31) + c) % 100_000_000:00000000}");
}
