using System.Text.Json.Nodes;

namespace Workflows.Host.Demo;

/// <summary>Catalogue 8.1 and 8.5: a failure nobody answers in 10 minutes, repaired in 30, and the crisis it becomes.</summary>
internal static class EmergencyPlay
{
    public static async Task PlayAsync(DemoPlayer story)
    {
        await FailureAsync(story);
        await story.EmptyLineAsync();
        await CrisisAsync(story);
    }

    private static async Task FailureAsync(DemoPlayer story)
    {
        await story.TitleAsync("一、系统故障：10 分钟无人响应即升级，30 分钟内修复");
        var alarm = await story.NowAsync();
        await story.BeginAsync("ops_team", "system_failure", new JsonObject { ["symptom"] = "无法下单", ["scope"] = "全部用户", ["severity"] = "S1" }, "监控告警，无法下单");
        await story.ToldAsync("tech_support", "sms", "系统故障：无法下单");
        await story.AtAsync(alarm.AddMinutes(5.1));
        await story.NotToldAsync("tech_director", "技术响应");
        await story.AtAsync(alarm.AddMinutes(10.1));
        await story.ToldAsync("tech_director", "sms", "技术响应");
        await story.ToldAsync("ops_director", "sms", "技术响应");

        await story.AtAsync(alarm.AddMinutes(12));
        await story.CompleteAsync("tech_support", "响应系统故障", new JsonObject { ["confirmed"] = "确认故障", ["severity"] = "S1 无法下单或支付" }, "晚 2 分钟响应，确认故障");
        await story.AtAsync(alarm.AddMinutes(28));
        await story.CompleteAsync("tech_support", "修复系统故障", new JsonObject { ["repair"] = "回退最近一次发布", ["badOrders"] = 7 }, "第 28 分钟修复");
        await story.CompleteAsync("ops_team", "核实系统是否恢复", new JsonObject { ["recovered"] = "已恢复" }, "下单正常");
        await story.ToldAsync("ops_director", "email", "系统已恢复");
        await story.CompleteAsync("cs_manager", "核对丢失和重复的订单", new JsonObject { ["handled"] = 7 }, "7 个订单已处理");
        await story.AtAsync(alarm.AddHours(24));
        await story.NotToldAsync("executive", "系统故障仍未恢复");
        await story.CompleteAsync("tech_support", "5Why 原因分析与整改", new JsonObject { ["why1"] = "网关内存耗尽", ["root"] = "缺少限流", ["action"] = "增加限流", ["actionOwner"] = "tech_support" }, "缺少限流");
        await story.CompleteAsync("tech_director", "系统故障复盘", new JsonObject { ["conclusion"] = "响应超时 2 分钟，改进值班" }, "改进值班");
        await story.EndsAsync("recovered", "已恢复");
        await story.CheckAsync(await story.IsBreachedAsync("技术响应") == true, "10 分钟响应超时，已记录并升级");
        await story.CheckAsync(await story.IsBreachedAsync("修复") == false, "30 分钟内修复");
        await story.TimelineAsync("流程记录");
    }

    private static async Task CrisisAsync(DemoPlayer story)
    {
        await story.TitleAsync("二、危机公关：1 小时核实，2 小时公告，超过 1000 人为一级");
        var found = await story.NowAsync();
        await story.BeginAsync("ops_team", "crisis_pr", new JsonObject { ["matter"] = "故障期间重复扣款，用户集中投诉" }, "故障期间重复扣款，用户集中投诉");
        await story.AtAsync(found.AddMinutes(40));
        await story.CompleteAsync("ops_team", "核实危机事实", new JsonObject { ["real"] = "属实", ["people"] = 1001, ["facts"] = "1001 名用户被重复扣款" }, "属实，1001 人受影响");
        await story.ToldAsync("executive", "sms", "一级危机");
        await story.CompleteAsync("backup_cs_team", "一级危机：启用备用客服团队", new JsonObject { ["people"] = 20 }, "备用团队到岗");
        await story.CompleteAsync("cs_duty_team", "一级危机：安排 24 小时值守", new JsonObject { ["roster"] = "三班轮换" }, "排班完成");
        await story.CompleteAsync("ops_team", "起草危机声明", new JsonObject { ["title"] = "关于重复扣款的说明", ["text"] = "重复扣款将在 24 小时内原路退回，深表歉意。" }, "致歉并说明退款");
        await story.DecideAsync("ops_director", "审批危机声明", true, "立即发布");
        await story.CompleteAsync("cs_manager", "组织值守应答", new JsonObject { ["answered"] = 900 }, "已应答 900 人");
        await story.AtAsync(found.AddHours(5));
        await story.CompleteAsync("ops_team", "更新危机进展", new JsonObject { ["state"] = "已平息", ["text"] = "重复扣款已全部退回。" }, "已全部退回");
        await story.CompleteAsync("cs_manager", "危机 5Why 与限时整改", new JsonObject
        {
            ["why1"] = "支付回调重复",
            ["why2"] = "超时后重试",
            ["why3"] = "没有幂等键",
            ["why4"] = "设计评审遗漏",
            ["why5"] = "评审清单缺这一项",
            ["actions"] = new JsonArray(new JsonObject { ["action"] = "支付接口增加幂等键", ["owner"] = "tech_dept", ["due"] = $"{found.AddDays(14):yyyy-MM-dd}" }),
        }, "五问到底，责任到人");
        await story.CompleteAsync("ops_team", "危机结案报告", new JsonObject { ["summary"] = "按时核实、按时公告" }, "归档");
        await story.EndsAsync("calmed", "已平息");
        await story.CheckAsync(await story.IsBreachedAsync("危机核实") == false, "1 小时内核实");
        await story.CheckAsync(await story.IsBreachedAsync("危机公告") == false, "2 小时内公告");
        await story.TimelineAsync("流程记录");
    }
}
