using System.Text.Json.Nodes;

namespace Workflows.Host.Demo;

/// <summary>Catalogue 5.4: a complaint nobody answers in 24 hours goes up to the manager, and is solved within 48 hours all the same.</summary>
internal static class ComplaintPlay
{
    public static async Task PlayAsync(DemoPlayer story)
    {
        await story.TitleAsync("投诉处理：一次升级，按时解决");
        var received = await story.NowAsync();
        await story.BeginAsync("cs_agent", "complaint_handling", new JsonObject
        {
            ["customer"] = "王女士",
            ["mobile"] = "13800001234",
            ["order"] = $"SO-{received:MMddHHmm}",
            ["channel"] = "电话",
            ["description"] = "收到的花瓶碎了，要求退款。",
            ["wish"] = "退款",
            ["loss"] = 300,
        }, "王女士来电，花瓶碎了");
        await story.CustomerToldAsync("您的投诉我们已收到并登记");
        await story.CompleteAsync("cs_agent", "投诉分类派单", new JsonObject { ["verdict"] = "受理", ["class"] = "商品质量", ["cause"] = "破损", ["crisis"] = "否" }, "受理，商品质量，破损");

        await story.AtAsync(received.AddHours(3));
        await story.CompleteAsync("product_ops_manager", "核查投诉原因", new JsonObject { ["responsible"] = "物流公司", ["result"] = "运输途中挤压" }, "物流公司责任");

        // The customer has no answer: reminders at 12 h and 19 h 12 min, and the manager when the 24 hours are over.
        await story.AtAsync(received.AddHours(12).AddMinutes(1));
        await story.ToldAsync("cs_agent", "email", "即将超时：投诉回复");
        await story.AtAsync(received.AddHours(19.2).AddMinutes(1));
        await story.ToldAsync("cs_agent", "sms", "投诉回复");
        await story.NotToldAsync("cs_manager", "投诉回复");
        await story.AtAsync(received.AddHours(24).AddMinutes(1));
        await story.ToldAsync("cs_manager", "sms", "投诉回复");

        await story.AtAsync(received.AddHours(25));
        await story.CompleteAsync("cs_agent", "回复投诉顾客", new JsonObject { ["reply"] = "经核查包装破损，我们将为您全额退款。" }, "告知核查结果和方案");
        await story.CustomerToldAsync("我们将为您全额退款");
        await story.CompleteAsync("cs_agent", "制定投诉处理方案", new JsonObject { ["solution"] = "退款", ["plan"] = "全额退款 300 元", ["amount"] = 300 }, "退款 300 元，超过 100 元须经理审批");
        await story.DecideAsync("cs_manager", "审批投诉赔付", true, "同意退款");
        await story.CompleteAsync("cs_agent", "征得投诉顾客同意", new JsonObject { ["answer"] = "同意" }, "顾客同意");
        await story.AtAsync(received.AddHours(30));
        await story.CompleteAsync("cs_agent", "执行投诉处理方案", new JsonObject { ["done"] = "已原路退款", ["voucher"] = "RF-1", ["cost"] = 300 }, "已退款");
        await story.CustomerToldAsync("诚邀您对本次处理评分");

        await story.AtAsync(received.AddHours(30).AddDays(3).AddMinutes(1));
        await story.CompleteAsync("cs_agent", "回访投诉顾客", new JsonObject { ["result"] = "满意", ["satisfaction"] = 5 }, "顾客满意，5 分");
        await story.AtAsync(received.AddHours(30).AddDays(7).AddMinutes(1));
        await story.EndsAsync("solved_satisfied", "已解决，满意");
        await story.CheckAsync(await story.IsBreachedAsync("投诉回复") == true, "回复晚于 24 小时，已记录并升级");
        await story.CheckAsync(await story.IsBreachedAsync("投诉解决") == false, "48 小时内解决");
        var paid = (await story.GetAsync($"/api/v1/store/complaints/{story.Case}"))["compensations"]!.AsArray();
        await story.CheckAsync(paid.Count == 1 && (decimal)paid[0]!["amount"]! == 300, "该订单只赔付一次：300 元");
        await story.TimelineAsync("流程记录");
    }
}
