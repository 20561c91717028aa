using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;

namespace Workflows.Activities.Human;

/// <summary>Whom a node names for its work.</summary>
internal sealed record AudienceRule(IReadOnlyList<string>? Roles, IReadOnlyList<string>? Users, bool ManagerOfInitiator = false, bool Initiator = false)
{
    /// <summary>The managers above the initiator, this many levels; 0 for none.</summary>
    public int ManagerLevels { get; init; }

    /// <summary>The managers above the initiator up to the first who holds this post, that one included.</summary>
    public string? ManagersUntil { get; init; }

    /// <summary>The head of the initiator's department.</summary>
    public bool DepartmentHead { get; init; }

    /// <summary>Whom the initiator chose.</summary>
    public IReadOnlyList<string> Chosen { get; init; } = [];

    /// <summary>User names or "role:post" who stand in when nobody is found.</summary>
    public IReadOnlyList<string> Deputies { get; init; } = [];

    /// <summary>True when process owner and administrators stand in after the deputies.</summary>
    public bool FallsBack { get; init; }
}

/// <summary>Somebody a node names.</summary>
/// <param name="Person">Who.</param>
/// <param name="Role">The post they were found by; null when named otherwise.</param>
/// <param name="Why">Second half of "因为…".</param>
internal sealed record Named(Person Person, string? Role, string Why);

/// <summary>
/// Who gets a task, and why; found when the node is entered, from the organisation as it is then. Nobody found is a failure
/// for an operator, never a decision.
/// </summary>
internal sealed record Audience(string? Assignee, IReadOnlyList<string> Candidates, string Reason)
{
    private const string Administrator = "workflow_manager";

    // A reporting line longer than this is a circle.
    private const int LongestLine = 32;

    /// <param name="context">The node that asks.</param>
    /// <param name="rule">Whom it names.</param>
    /// <param name="excluded">Who must not do it, whatever the rule says.</param>
    public static Audience Find(ActivityContext context, AudienceRule rule, IReadOnlyCollection<string> excluded)
    {
        var named = NamedBy(context, rule).ToList();
        if (named.Count == 0)
            return StandIn(context, rule, excluded, Told(rule)) ?? throw new ActivityFailure("no-approver", $"找不到办理人：{Told(rule)} (nobody could be resolved for this task)");
        var eligible = named.Where(n => !excluded.Contains(n.Person.UserName)).ToList();
        return eligible.Count > 0 ? Of(eligible) : Instead(context, rule, named[0].Person, excluded);
    }

    /// <summary>
    /// One place per person named, in order. Who must not do it is replaced by the next manager up, and so on; whoever is named or
    /// replaces several times is asked once.
    /// </summary>
    public static IReadOnlyList<Audience> Each(ActivityContext context, AudienceRule rule, IReadOnlyCollection<string> excluded)
    {
        var named = NamedBy(context, rule).DistinctBy(n => n.Person.UserName).ToList();
        if (named.Count == 0)
            return [Find(context, rule, excluded)];
        var seats = named.Select(n => excluded.Contains(n.Person.UserName) ? Instead(context, rule, n.Person, excluded) : Of([n]));
        return [.. seats.DistinctBy(s => s.Assignee ?? string.Join(',', s.Candidates))];
    }

    private static Audience Of(List<Named> eligible)
    {
        var reason = "因为" + string.Join("，或", eligible.Select(n => n.Why).Distinct());
        var people = eligible.Select(n => n.Person.UserName).Distinct().ToList();
        if (people.Count == 1)
            return new Audience(people[0], [], reason);
        // A role stays a role: who holds it when the task is claimed may claim it.
        var candidates = eligible.Select(n => n.Role is { } role ? $"role:{role}" : n.Person.UserName).Distinct().ToList();
        return new Audience(null, candidates, reason);
    }

    /// <summary>When nobody can be asked: deputies, then the owner of the process, then its administrators. Told in the reason and in the journal.</summary>
    private static Audience? StandIn(ActivityContext context, AudienceRule rule, IReadOnlyCollection<string> excluded, string why)
    {
        var owner = context.Graph.Workflow.CustomProperties?["owner"]?.ToString();
        var links = rule.Deputies.Select(d => (Name: d, As: "指定的代理审批人"));
        if (rule.FallsBack)
            links = links.Concat(owner is null ? [] : [(owner, "流程负责人")]).Append(($"role:{Administrator}", Posts.NameOf(Administrator)));
        foreach (var (name, title) in links)
        {
            var people = (name.StartsWith("role:", StringComparison.Ordinal) ? context.Organisation.InRole(name[5..]) : context.Organisation.Find(name) is { } one ? [one] : [])
                .Where(p => !excluded.Contains(p.UserName)).ToList();
            if (people.Count == 0)
                continue;
            context.Journal("StandIn", $"{why}，改由{title}{string.Join("、", people.Select(p => p.DisplayName))}审批");
            return Of([.. people.Select(p => new Named(p, name.StartsWith("role:", StringComparison.Ordinal) ? name[5..] : null, $"{why}，您是{title}"))]);
        }

        return null;
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
    /// Takes a person who has just decided out of the open four-eyes tasks of the other nodes, and out of the other places of the
    /// same round: nobody counts twice. A task that lay with them alone goes up the reporting line; when there is nobody above,
    /// it stays where it is and cannot be decided, which its deadline and an operator see.
    /// </summary>
    public static void Bar(ActivityContext context, string user)
    {
        var others = context.OtherOpenTasks.Where(t => t.FourEyes && t.NodeId != context.Node.NodeId);
        foreach (var task in others.Concat(context.OpenTasks.Where(t => t.Kind == UserTaskKind.Approval)).Where(t => !t.Excluded.Contains(user)).ToList())
        {
            var barred = task with { Excluded = [.. task.Excluded, user] };
            if (barred.Assignee == user && barred.Candidates.Count > 0)
                barred = barred with { Assignee = null, State = UserTaskState.Open };
            if (!Of(barred, context).Any() && context.Organisation.Find(user) is { } person && ManagerOf(context, person, barred.Excluded) is { } manager)
                barred = barred with { Assignee = manager.UserName, Candidates = [], State = UserTaskState.Open, Reason = ReasonOfManager(person) };
            context.ChangeTask(barred);
        }
    }

    /// <summary>Everybody a node names, whether they may decide or not.</summary>
    public static IEnumerable<Named> NamedBy(ActivityContext context, AudienceRule rule)
    {
        var organisation = context.Organisation;
        foreach (var role in rule.Roles ?? [])
        {
            foreach (var person in organisation.InRole(role))
                yield return new Named(person, role, $"您是{Posts.NameOf(role)}");
        }

        foreach (var user in rule.Users ?? [])
        {
            if (organisation.Find(user) is { } person)
                yield return new Named(person, null, "流程指定由您办理");
        }

        foreach (var user in rule.Chosen)
        {
            if (organisation.Find(user) is { } person)
                yield return new Named(person, null, "申请人选择由您审批");
        }

        var initiator = context.InitiatedBy is { } name ? organisation.DisplayName(name) : null;
        if (rule.ManagerOfInitiator && organisation.ManagerOf(context.InitiatedBy) is { } manager)
            yield return new Named(manager, null, $"您是申请人{initiator}的上级");
        if (rule.DepartmentHead && organisation.DepartmentOf(context.InitiatedBy) is { } department && organisation.HeadOf(department.Id) is { } head)
            yield return new Named(head, null, $"您是{department.Name}{(head.UserName == department.Head ? "" : "的上级部门")}负责人");
        if (rule.ManagerLevels > 0 || rule.ManagersUntil is not null)
        {
            var at = organisation.ManagerOf(context.InitiatedBy);
            var levels = rule.ManagerLevels > 0 ? Math.Min(rule.ManagerLevels, LongestLine) : LongestLine;
            for (var level = 1; at is not null && level <= levels; level++, at = organisation.ManagerOf(at.UserName))
            {
                yield return new Named(at, null, $"您是申请人{initiator}的第 {level} 级上级");
                if (rule.ManagersUntil is { } post && at.Roles.Contains(post))
                    break;
            }
        }

        if (rule.Initiator && organisation.Find(context.InitiatedBy) is { } applicant)
            yield return new Named(applicant, null, "您是申请人");
    }

    /// <summary>Who is asked in place of a person who must not: the next manager up who may, else a stand-in.</summary>
    public static Audience Instead(ActivityContext context, AudienceRule rule, Person barred, IReadOnlyCollection<string> excluded) =>
        ManagerOf(context, barred, excluded) is { } manager
            ? new Audience(manager.UserName, [], ReasonOfManager(barred))
            : StandIn(context, rule, excluded, $"{barred.DisplayName}不能办理此件，且没有可以代为办理的上级")
            ?? throw new ActivityFailure("no-approver", $"办理人{barred.DisplayName}不能办理此件，且没有可以代为办理的上级 (the only approver is barred and has no manager who is not)");

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
        rule.ManagerLevels > 0 || rule.ManagersUntil is not null ? "申请人没有上级" : null,
        rule.DepartmentHead ? "申请人所在部门没有负责人" : null,
        rule.Initiator ? "没有申请人" : null,
    }.OfType<string>().DefaultIfEmpty("节点没有指定办理人"));
}
