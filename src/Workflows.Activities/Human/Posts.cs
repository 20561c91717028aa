namespace Workflows.Activities.Human;

/// <summary>Chinese names of the posts, for the line that tells people why a task is theirs. A post not listed is shown by its key.</summary>
internal static class Posts
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["activity_owner"] = "活动负责人",
        ["supervisor"] = "主管",
        ["store_ops_manager"] = "店铺运营经理",
        ["deletion_operator"] = "操作人员",
        ["task_force"] = "专项处理小组成员",
        ["ops_director"] = "运营总监",
        ["executive"] = "高层领导",
        ["user_ops_manager"] = "用户运营经理",
        ["product_ops_manager"] = "商品运营经理",
        ["traffic_ops_manager"] = "流量运营经理",
        ["campaign_ops_manager"] = "活动运营经理",
        ["cs_manager"] = "客服经理",
        ["data_analyst"] = "数据分析师",
        ["supply_chain_manager"] = "供应链经理",
        ["tech_support"] = "技术支持",
        ["tech_director"] = "技术总监",
        ["cs_agent"] = "客服人员",
        ["dedicated_cs_agent"] = "专属客服",
        ["after_sales_team"] = "售后服务团队成员",
        ["cs_duty_team"] = "值班客服",
        ["ops_team"] = "运营团队成员",
        ["finance"] = "财务人员",
        ["tech_dept"] = "技术部门人员",
        ["supply_chain_dept"] = "供应链部门人员",
        ["listing_reviewer"] = "商品审核员",
        ["order_reviewer"] = "订单审核员",
        ["risk_officer"] = "风控专员",
        ["compliance_officer"] = "合规专员",
        ["internal_auditor"] = "审计人员",
        ["super_admin"] = "超级管理员",
        ["workflow_manager"] = "流程管理员",
        ["duty_manager"] = "值班经理",
        ["taobao_tech_support"] = "淘宝技术支持",
    };

    public static string NameOf(string role) => Names.GetValueOrDefault(role, role);
}
