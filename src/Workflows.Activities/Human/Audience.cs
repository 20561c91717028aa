using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;

namespace Workflows.Activities.Human;

/// <summary>Whom a node names for its work.</summary>
internal sealed record AudienceRule(IReadOnlyList<string>? Roles, IReadOnlyList<string>? Users, bool ManagerOfInitiator = false, bool Initiator = false);

/// <summary>
/// Who gets a task, and why; found when the node is entered, from the organisation as it is then. Nobody found is a failure
/// for an operator, never a decision.
/// </summary>
internal sealed record Audience(string? Assignee, IReadOnlyList<string> Candidates, string Reason)
{
    // A reporting line longer than this is a circle.
    private const int LongestLine = 32;

    /// <param name="context">The node that asks.</param>
    /// <param name="rule">Whom it names.</param>
    /// <param name="excluded">Who must not do it, whatever the rule says.</param>
    public static Audience Find(ActivityContext context, AudienceRule rule, IReadOnlyCollection<string> excluded)
    {
        var named = Named(context, rule).ToList();
        if (named.Count == 0)
            throw new ActivityFailure("no-approver", $"找不到办理人：{Told(rule)} (nobody could be resolved for this task)");

        var eligible = named.Where(n => !excluded.Contains(n.Person.UserName)).ToList();
        if (eligible.Count == 0)
            return OfManager(context, named[0].Person, excluded);

        var reason = "因为" + string.Join("，或", eligible.Select(n => n.Why).Distinct());
        var people = eligible.Select(n => n.Person.UserName).Distinct().ToList();
        if (people.Count == 1)
            return new Audience(people[0], [], reason);
        // A role stays a role: who holds it when the task is claimed may claim it.
        var candidates = eligible.Select(n => n.Role is { } role ? $"role:{role}" : n.Person.UserName).Distinct().ToList();
        return new Audience(null, candidates, reason);
    }

    /// <summary>The people a task now lies with: its assignee, else everybody who may claim it.</summary>
    public static IEnumerable<Person> Of(UserTask task, ActivityContext context)
    {
        var names = task.Assignee is { } assignee ? [assignee] : task.Candidates;
        return names.SelectMany(name => name.StartsWith("role:", StringComparison.Ordinal)
                ? context.Organisation.InRole(name["role:".Length..])
                : context.Organisation.Find(name) is { } person ? [person] : [])
            .Where(p => !task.Excluded.Contains(p.UserName)).DistinctBy(p => p.UserName);
    }

    /// <summary>
    /// Takes a person who has just decided out of the open four-eyes tasks of the other nodes. A task that lay with them alone
    /// goes up the reporting line; when there is nobody above, it stays where it is and cannot be decided, which its deadline
    /// and an operator see.
    /// </summary>
    public static void Bar(ActivityContext context, string user)
    {
        foreach (var task in context.OtherOpenTasks.Where(t => t.FourEyes && t.NodeId != context.Node.NodeId && !t.Excluded.Contains(user)).ToList())
        {
            var barred = task with { Excluded = [.. task.Excluded, user] };
            if (barred.Assignee == user && barred.Candidates.Count > 0)
                barred = barred with { Assignee = null, State = UserTaskState.Open };
            if (!Of(barred, context).Any() && context.Organisation.Find(user) is { } person && ManagerOf(context, person, barred.Excluded) is { } manager)
                barred = barred with { Assignee = manager.UserName, Candidates = [], State = UserTaskState.Open, Reason = ReasonOfManager(person) };
            context.ChangeTask(barred);
        }
    }

    private static IEnumerable<(Person Person, string? Role, string Why)> Named(ActivityContext context, AudienceRule rule)
    {
        var organisation = context.Organisation;
        foreach (var role in rule.Roles ?? [])
        {
            foreach (var person in organisation.InRole(role))
                yield return (person, role, $"您是{Posts.NameOf(role)}");
        }

        foreach (var user in rule.Users ?? [])
        {
            if (organisation.Find(user) is { } person)
                yield return (person, null, "流程指定由您办理");
        }

        if (rule.ManagerOfInitiator && organisation.ManagerOf(context.InitiatedBy) is { } manager)
            yield return (manager, null, $"您是申请人{organisation.DisplayName(context.InitiatedBy!)}的上级");
        if (rule.Initiator && organisation.Find(context.InitiatedBy) is { } initiator)
            yield return (initiator, null, "您是申请人");
    }

    private static Audience OfManager(ActivityContext context, Person barred, IReadOnlyCollection<string> excluded) =>
        ManagerOf(context, barred, excluded) is { } manager
            ? new Audience(manager.UserName, [], ReasonOfManager(barred))
            : throw new ActivityFailure("no-approver", $"办理人{barred.DisplayName}不能办理此件，且没有可以代为办理的上级 (the only approver is barred and has no manager who is not)");

    private static string ReasonOfManager(Person barred) => $"因为{barred.DisplayName}不能办理此件，您是其上级";

    private static Person? ManagerOf(ActivityContext context, Person barred, IReadOnlyCollection<string> excluded)
    {
        var at = context.Organisation.ManagerOf(barred.UserName);
        for (var i = 0; at is not null && i < LongestLine; i++, at = context.Organisation.ManagerOf(at.UserName))
        {
            if (!excluded.Contains(at.UserName))
                return at;
        }

        return null;
    }

    private static string Told(AudienceRule rule) => string.Join("、", new[]
    {
        rule.Roles is { Count: > 0 } roles ? $"岗位 {string.Join("、", roles.Select(Posts.NameOf))} 没有在职人员" : null,
        rule.Users is { Count: > 0 } users ? $"人员 {string.Join("、", users)} 不存在或已停用" : null,
        rule.ManagerOfInitiator ? "申请人没有上级" : null,
        rule.Initiator ? "没有申请人" : null,
    }.OfType<string>().DefaultIfEmpty("节点没有指定办理人"));
}
