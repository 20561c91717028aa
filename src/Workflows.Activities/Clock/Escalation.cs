using System.Globalization;
using Workflows.Activities.Human;
using Workflows.Activities.Notify;
using Workflows.Engine.Clocks;
using Workflows.Engine.Duty;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;
using Workflows.Engine.Messages;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;

namespace Workflows.Activities.Clock;

/// <summary>
/// Turns a step of a ladder into messages to people, and into an offer of the task to others. The only place that does, so what is sent at a
/// step changes in one place. It decides nothing.
/// </summary>
internal static class Escalation
{
    private const string NextManager = "manager:next";

    // When nobody a step names can be found, silence would be the worst answer.
    private static readonly string[] LastResort = ["role:ops_director", "role:workflow_manager"];

    public static void Tell(ActivityContext context, ClockMoment moment)
    {
        var (clock, point, task) = moment;
        if (point.Step is not { } step)
            return;
        var ladder = context.TimeRules.Ladder(clock.Ladder!, clock.LadderVersion)!;
        var holders = HoldersOf(context, clock, task);
        var told = new List<Person>();
        foreach (var whom in step.Tell)
        {
            foreach (var person in Find(context, ladder, step, point, holders, whom).Where(p => told.All(t => t.UserName != p.UserName)))
            {
                told.Add(person);
                var (subject, body) = Text(context, moment, holders, person);
                // Each step of each clock is a message of its own, however close they come.
                Notices.Send(
                    context, person, step.By, subject, body, task?.Id, point.At < clock.DueAt ? MessageEvents.ClockWarned : MessageEvents.ClockBreached, WeightOf(clock.Ladder!), $"{clock.Id}:{point.At.UtcTicks}:{point.Repeat}");
            }
        }

        if (task is not null && step.OfferTo.Count > 0)
            Offer(context, ladder, step, task);
        context.Journal("Escalated", $"时限“{clock.Label}”{(point.At < clock.DueAt ? "提醒" : "升级")}：{(told.Count > 0 ? $"已通知 {string.Join("、", told.Select(t => t.DisplayName))}" : "没有找到可通知的人")}");
    }

    /// <summary>Minutes and crises do not wait for the morning; null is what is usual for the event.</summary>
    private static Severity? WeightOf(string ladder) => ladder switch { "L-CRISIS" => Severity.Critical, "L-MIN" => Severity.High, _ => null };

    /// <summary>The people an identity of a ladder or rota means now: user names, role:x, group:x, duty and duty:rota.</summary>
    public static IEnumerable<Person> Resolve(ActivityContext context, string identity, string rota)
    {
        if (identity != "duty" && !identity.StartsWith("duty:", StringComparison.Ordinal))
            return context.Organisation.Behind(identity);
        var found = context.TimeRules.Rota(identity == "duty" ? rota : identity["duty:".Length..]);
        // The first on duty; the others are next when the first does not answer, which is what Duty.Page is for.
        return found is null ? [] : RotaRules.OnDuty(found, context.Now).Select(who => context.Organisation.Behind(who)).FirstOrDefault(people => people.Count > 0) ?? [];
    }

    private static List<Person> HoldersOf(ActivityContext context, RunningClock clock, UserTask? task)
    {
        if (task is not null)
            return [.. Audience.Of(task, context)];
        var people = clock.Owners.SelectMany(context.Organisation.Behind).DistinctBy(p => p.UserName).ToList();
        if (people.Count == 0)
            people = [.. context.AllOpenTasks.SelectMany(t => Audience.Of(t, context)).DistinctBy(p => p.UserName)];
        if (people.Count == 0 && context.Organisation.Find(context.InitiatedBy) is { } initiator)
            people.Add(initiator);
        return people;
    }

    private static IEnumerable<Person> Find(ActivityContext context, Ladder ladder, LadderStep step, ClockPoint point, List<Person> holders, string whom)
    {
        if (whom == "assignee")
            return holders.Count > 0 ? holders : Fallback(context, ladder);
        if (whom == NextManager)
            return holders.Select(h => Above(context, h, point.Repeat + 1, step.UpTo)).OfType<Person>().DistinctBy(p => p.UserName);
        if (whom == "manager" || whom.StartsWith("manager:", StringComparison.Ordinal))
        {
            var level = whom == "manager" ? 1 : int.TryParse(whom["manager:".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 1;
            var managers = holders.Select(h => Above(context, h, level, null) ?? (level == 1 ? null : Highest(context, h))).OfType<Person>().DistinctBy(p => p.UserName).ToList();
            return managers.Count > 0 ? managers : Fallback(context, ladder);
        }

        var found = Resolve(context, whom, ladder.Rota).ToList();
        return found.Count > 0 ? found : Fallback(context, ladder);
    }

    /// <summary>The manager so many levels up; null when the line ends before, or the post above which nobody is told was passed.</summary>
    private static Person? Above(ActivityContext context, Person holder, int levels, string? upTo)
    {
        var at = holder;
        for (var level = 1; level <= levels; level++)
        {
            if (upTo is not null && at.Roles.Contains(upTo))
                return null;
            if (context.Organisation.ManagerOf(at.UserName) is not { } manager || manager.UserName == at.UserName)
                return null;
            at = manager;
        }

        return at;
    }

    private static Person? Highest(ActivityContext context, Person holder)
    {
        Person? at = null;
        for (var level = 1; level <= 32 && context.Organisation.ManagerOf((at ?? holder).UserName) is { } manager; level++)
            at = manager;
        return at;
    }

    private static List<Person> Fallback(ActivityContext context, Ladder ladder) =>
        LastResort.Prepend("duty").Select(who => Resolve(context, who, ladder.Rota).ToList()).FirstOrDefault(people => people.Count > 0) ?? [];

    /// <summary>A task nobody has taken up can be claimed by others too from now on; one that somebody works on stays theirs.</summary>
    private static void Offer(ActivityContext context, Ladder ladder, LadderStep step, UserTask task)
    {
        if (task is not { State: UserTaskState.Open, OnBehalfOf: null, ReturnsTo: null } || context.AllOpenTasks.All(t => t.Id != task.Id))
            return;
        var others = step.OfferTo
            .SelectMany(who => who.StartsWith("role:", StringComparison.Ordinal) || who.StartsWith("group:", StringComparison.Ordinal) ? [who] : Resolve(context, who, ladder.Rota).Select(p => p.UserName))
            .Where(who => !task.Excluded.Contains(who) && who != task.Assignee && !task.Candidates.Contains(who)).Distinct().ToList();
        if (others.Count == 0)
            return;
        var current = context.AllOpenTasks.First(t => t.Id == task.Id);
        context.ChangeTask(current with { Assignee = null, Candidates = [.. current.Candidates, .. current.Assignee is { } holder ? [holder] : Array.Empty<string>(), .. others] });
        context.Journal("Offered", $"任务“{task.Title}”现在也可由 {string.Join("、", others.Select(context.Organisation.DisplayName))} 认领");
    }

    private static (string Subject, string Body) Text(ActivityContext context, ClockMoment moment, List<Person> holders, Person person)
    {
        var (clock, point, task) = moment;
        var zone = context.TimeRules.Calendar(clock.Calendar, clock.CalendarVersion)?.Zone ?? ShopTime.China;
        var due = TimeZoneInfo.ConvertTime(clock.DueAt, zone).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
        var what = task?.Title ?? clock.Label;
        var of = context.InstanceName ?? context.Graph.Name;
        var mine = holders.Any(h => h.UserName == person.UserName);
        var names = string.Join("、", holders.Select(h => h.DisplayName));
        if (point.At < clock.DueAt)
            return ($"即将超时：{what}", $"“{of}”的“{what}”须在 {due} 前完成，请尽快办理。");
        var late = Late(context.Now - clock.DueAt);
        return mine
            ? ($"任务已逾期：{what}", $"“{of}”的“{what}”应在 {due} 前完成，已逾期{late}，请立即办理。任务仍未关闭。")
            : ($"{(clock.Kind == ClockKind.Supplier ? "供应商时限" : "下属任务")}已逾期：{what}", $"“{of}”的“{what}”（办理人 {(names.Length > 0 ? names : "待定")}）应在 {due} 前完成，已逾期{late}，请督促处理。");
    }

    private static string Late(TimeSpan by) => by < TimeSpan.FromMinutes(1) ? "" : by < TimeSpan.FromHours(1) ? $" {(int)by.TotalMinutes} 分钟" : by < TimeSpan.FromDays(2) ? $" {(int)by.TotalHours} 小时" : $" {(int)by.TotalDays} 天";
}
