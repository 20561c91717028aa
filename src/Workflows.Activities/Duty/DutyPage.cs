using System.Text.Json.Nodes;
using Workflows.Activities.Clock;
using Workflows.Activities.Notify;
using Workflows.Engine.Authoring;
using Workflows.Engine.Duty;
using Workflows.Engine.Execution;
using Workflows.Engine.Messages;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Activities.Duty;

/// <summary>
/// Pages whoever is on duty and wants an acknowledgement: who does not give one in time is joined by the next, and when the rota is
/// through, by those named further. Whoever was paged may still acknowledge; the first who does ends it. Acknowledging is an act on a task, so a
/// link that is only opened does nothing.
/// </summary>
[Activity("Duty.Page", Category = "Duty", Zh = "呼叫值班", En = "Page duty",
    DescriptionZh = "呼叫值班人员；超时未确认则呼叫下一位。", DescriptionEn = "Pages whoever is on duty; the next when there is no acknowledgement.")]
[Outcome("Acknowledged", Zh = "已确认", En = "Acknowledged")]
[Outcome("Unanswered", Zh = "无人确认", En = "Unanswered")]
internal sealed class DutyPage : Activity
{
    private const string OrderKey = "Order";
    private const string NextKey = "Next";
    private const string PageTag = "page";
    private const string Acknowledge = "acknowledge";
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);

    [Input(Zh = "值班表", En = "Rota")]
    public string Rota { get; set; } = "duty";

    [Input(Zh = "标题", En = "Title", Required = true)]
    public string Title { get; set; } = "";

    [Input(Zh = "内容", En = "Body", Hint = "multiline")]
    public string Body { get; set; } = "";

    [Input(Zh = "等待确认（分钟）", En = "Minutes to acknowledge")]
    public decimal Minutes { get; set; } = 5;

    [Input(Zh = "方式", En = "Channels", Hint = "checklist", Options = ["site", "email", "sms"])]
    public string[] Channels { get; set; } = ["sms", "email", "site"];

    [Input(Zh = "仍无人确认时呼叫", En = "Further", Hint = "multitext", DescriptionZh = "用户名或 role:岗位，一起呼叫。", DescriptionEn = "User names or role:post, all at once.")]
    public string[]? Further { get; set; }

    [Output(Zh = "确认人", En = "Acknowledged by")]
    public string? AcknowledgedBy { get; set; }

    public override void Execute(ActivityContext context)
    {
        var rota = context.TimeRules.Rota(Rota) ?? throw new ActivityFailure("unknown-rota", $"没有值班表“{Rota}” (there is no rota {Rota})");
        var people = RotaRules.OnDuty(rota, context.Now).SelectMany(context.Organisation.Behind).Select(p => p.UserName).Distinct().ToArray();
        if (people.Length == 0)
            context.Journal("NobodyOnDuty", $"值班表“{rota.Name}”此刻没有值班人员");
        context.Set(OrderKey, people);
        context.Set(NextKey, 0);
        PageNext(context);
    }

    public override void TimerFired(ActivityContext context, WorkflowTimer timer)
    {
        var asked = context.OpenTasks.Select(t => t.Assignee).OfType<string>().Select(context.Organisation.DisplayName);
        context.Journal("PageUnanswered", $"{string.Join("、", asked)} {Minutes:0.##} 分钟内没有确认");
        PageNext(context);
    }

    public override void TaskCompleted(ActivityContext context, UserTask task)
    {
        AcknowledgedBy = task.DecidedBy;
        context.Journal("Acknowledged", $"{context.Organisation.DisplayName(task.DecidedBy!)}已确认：{Title}", by: task.DecidedBy);
        context.Complete("Acknowledged");
    }

    public override IEnumerable<NodeFault> Validate(Engine.Definitions.ActivityNode node)
    {
        if (Minutes is <= 0 or > 1_440)
            yield return new NodeFault("bad-minutes", "等待确认的时间为 0 到 1440 分钟", "waiting for an acknowledgement lasts up to 1,440 minutes");
    }

    private void PageNext(ActivityContext context)
    {
        var (order, next) = (context.Get<string[]>(OrderKey) ?? [], context.Get<int>(NextKey));
        context.Set(NextKey, next + 1);
        List<Person> people;
        if (next < order.Length)
            people = context.Organisation.Find(order[next]) is { } one ? [one] : [];
        else if (next == order.Length)
            people = [.. (Further ?? []).SelectMany(who => Escalation.Resolve(context, who, Rota)).DistinctBy(p => p.UserName)];
        else
        {
            context.Complete("Unanswered");
            return;
        }

        people.RemoveAll(p => context.OpenTasks.Any(t => t.Assignee == p.UserName));
        if (people.Count == 0)
        {
            PageNext(context);
            return;
        }

        var wait = TimeSpan.FromMinutes((double)Minutes);
        wait = wait < Shortest ? Shortest : wait;
        foreach (var person in people)
        {
            var task = context.Ask(new UserTask
            {
                Id = context.NewId(),
                Execution = context.Execution.Number,
                NodeId = context.Node.NodeId,
                Kind = UserTaskKind.Handling,
                Title = Title,
                Assignee = person.UserName,
                Reason = next < order.Length ? "因为您在值班" : "因为值班人员没有确认",
                Actions = [Acknowledge],
                Content = string.IsNullOrEmpty(Body) ? null : new JsonObject { ["内容"] = Body },
                Round = 1,
                DueAt = context.Now + wait,
            });
            // Somebody on leave is stood in for; the message goes to who got the task.
            if (context.Organisation.Find(task.Assignee) is { } paged)
                Notices.Send(context, paged, Channels, $"值班呼叫：{Title}", $"值班呼叫：{Title}。{Body} 请在 {Minutes:0.##} 分钟内登录确认。", task.Id,
                    MessageEvents.DutyPage, dedupeKey: $"{task.Id}:{context.Now.UtcTicks}");
        }

        context.Journal("Paged", $"呼叫 {string.Join("、", people.Select(p => p.DisplayName))}：{Title}");
        context.SetDeadline(context.Now + wait, PageTag);
    }
}
