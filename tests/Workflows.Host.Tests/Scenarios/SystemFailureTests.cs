using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Catalogue 8.1: technology answers within 10 minutes and repairs within 30, both from the alarm.</summary>
public abstract class SystemFailureTests(DatabaseKind kind)
{
    private const string Title = "响应系统故障";

    [Fact]
    public async Task E_19_system_failure()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        await scenario.BeginAsync("ops_team", "system_failure", new { symptom = "无法下单", scope = "全部用户", severity = "S1" });

        // At once: the notice for users, the page of whoever is on duty, technology by SMS.
        await scenario.TaskAsync("tech_support", Title);
        await scenario.ToldAsync("tech_support", "sms", "系统故障：无法下单。请立即响应。");
        Assert.Equal([("系统故障公告", true)], await scenario.AnnouncementsAsync());

        // Nobody answers: a reminder at 5 minutes, both directors by SMS at 10, and nothing before.
        await scenario.AtMinuteAsync(4.9);
        Assert.Single(await scenario.MessagesAsync("tech_support", "sms"));
        await scenario.AtMinuteAsync(5.1);
        await scenario.ToldAsync("tech_support", "sms", "技术响应");
        Assert.Empty(await scenario.MessagesAsync("tech_director", "sms"));
        await scenario.AtMinuteAsync(10.1);
        await scenario.ToldAsync("tech_director", "sms", "技术响应");
        await scenario.ToldAsync("ops_director", "sms", "技术响应");

        await scenario.AtMinuteAsync(12);
        await scenario.CompleteAsync("tech_support", Title, new { confirmed = "确认故障", severity = "S1 无法下单或支付" });

        // Not repaired at 30: the technical director decides; at 60 top management is told, once.
        await scenario.AtMinuteAsync(29.9);
        Assert.DoesNotContain(await scenario.MessagesAsync("tech_director", "sms"), s => s.Contains("修复", StringComparison.Ordinal));
        await scenario.AtMinuteAsync(30.1);
        await scenario.ToldAsync("tech_director", "sms", "修复");
        await scenario.CompleteAsync("tech_director", "故障未按时修复，请决定处置", new { decision = "回退最近一次发布" });
        await scenario.ToldAsync("tech_support", "sms", "技术总监决定：回退最近一次发布");
        Assert.Empty(await scenario.MessagesAsync("executive", "sms"));
        await scenario.AtMinuteAsync(60.1);
        await scenario.ToldAsync("executive", "sms", "系统故障仍未恢复：无法下单");
        await scenario.AtMinuteAsync(90);
        Assert.Single(await scenario.MessagesAsync("executive", "sms"));

        // Repaired; not back at the first look, back at the second.
        await scenario.CompleteAsync("tech_support", "修复系统故障", new { repair = "回退发布", badOrders = 7 });
        await scenario.CompleteAsync("ops_team", "核实系统是否恢复", new { recovered = "未恢复" });
        await scenario.CompleteAsync("tech_support", "修复系统故障", new { repair = "重启网关", badOrders = 7 });
        await scenario.CompleteAsync("ops_team", "核实系统是否恢复", new { recovered = "已恢复" });
        await scenario.ToldAsync("ops_director", "email", "系统已恢复");
        Assert.Equal([("系统故障公告", true), ("系统恢复公告", true)], await scenario.AnnouncementsAsync());

        await scenario.CompleteAsync("cs_manager", "核对丢失和重复的订单", new { handled = 7 });
        await scenario.CompleteAsync("tech_support", "5Why 原因分析与整改", new { why1 = "网关内存耗尽", root = "缺少限流", action = "增加限流", actionOwner = "tech_support" });
        await scenario.CompleteAsync("tech_director", "系统故障复盘", new { conclusion = "响应超时 2 分钟，改进值班" });
        Assert.Equal("recovered", await scenario.EndStateAsync());
    }

    [Fact]
    public async Task A_failure_repaired_in_time_tells_neither_directors_nor_top_management()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        await scenario.BeginAsync("cs_agent", "system_failure", new { symptom = "页面缓慢" });
        await scenario.AtMinuteAsync(4);
        await scenario.CompleteAsync("tech_support", Title, new { confirmed = "确认故障" });
        await scenario.AtMinuteAsync(25);
        await scenario.CompleteAsync("tech_support", "修复系统故障", new { repair = "扩容", badOrders = 0 });
        await scenario.CompleteAsync("ops_team", "核实系统是否恢复", new { recovered = "已恢复" });
        await scenario.AtMinuteAsync(70);

        Assert.Empty(await scenario.MessagesAsync("tech_director", "sms"));
        Assert.Empty(await scenario.MessagesAsync("executive", "sms"));
        await scenario.CompleteAsync("tech_support", "5Why 原因分析与整改", new { why1 = "促销流量", root = "容量不足", action = "提前扩容", actionOwner = "tech_support" });
        await scenario.CompleteAsync("tech_director", "系统故障复盘", new { conclusion = "按时恢复" });
        Assert.Equal("recovered", await scenario.EndStateAsync());
    }

    [Fact]
    public async Task A_false_alarm_takes_the_announcement_down_and_ends_everything()
    {
        await using var scenario = await Scenario.OpenAsync(kind);
        await scenario.BeginAsync("ops_team", "system_failure", new { symptom = "监控告警" });
        await scenario.CompleteAsync("tech_support", Title, new { confirmed = "误报" });

        Assert.Equal("false_alarm", await scenario.EndStateAsync());
        Assert.Equal([("系统故障公告", false)], await scenario.AnnouncementsAsync());
        await scenario.AtMinuteAsync(120);
        Assert.Empty(await scenario.MessagesAsync("executive", "sms"));
        Assert.Empty(await scenario.MessagesAsync("tech_director", "sms"));
    }
}

public sealed class SqliteSystemFailureTests() : SystemFailureTests(DatabaseKind.Sqlite);

public sealed class PostgresSystemFailureTests() : SystemFailureTests(DatabaseKind.Postgres);
