using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Execution;

/// <summary>
/// Four eyes across parent and child instances.
/// </summary>
/// <remarks>
/// What can go wrong: a process hands its second approval to a child process, and one person gives both. The rules: a child knows from its start who
/// applied for and who decided in what started it; the end of a child tells its parent who decided in it; and a decision in between is told to
/// parent and children at once, which passes it on, so that tasks already waiting there bar that person too. The telling travels through the outbox: it
/// survives crashes, and for the moment it is under way only the node's own rules hold.
/// </remarks>
internal sealed partial class Burst
{
    /// <summary>Instance property: who decided in parent and child instances.</summary>
    public const string RelatedDecidersKey = "RelatedDeciders";

    /// <summary>Instance property: who applied for the instances that led to this one, where it is somebody else.</summary>
    public const string RelatedInitiatorsKey = "RelatedInitiators";

    private const int LongestLine = 32;

    private void TellRelatives(List<string> users, string? from)
    {
        var parent = Instance.ParentInstanceId == from ? null : Instance.ParentInstanceId;
        if (users.Count == 0 || (parent is null && !Instance.Properties.ContainsKey(HasChildrenKey)))
            return;
        Tell("engine.decided", new JsonObject { ["users"] = new JsonArray([.. users.Select(u => (JsonNode)u)]), ["parent"] = parent, ["skip"] = from }, 50);
    }

    private void BarDeciders(IReadOnlyList<string> users, string from)
    {
        var known = NamesIn(Instance.Properties.GetValueOrDefault(RelatedDecidersKey));
        var fresh = users.Except(known).ToList();
        if (fresh.Count == 0)
            return;
        _changed = true;
        Instance.Properties[RelatedDecidersKey] = new JsonArray([.. known.Concat(fresh).Select(n => (JsonNode)n)]);
        foreach (var user in fresh)
        {
            foreach (var task in Instance.Tasks.Where(t => t.FourEyes && !t.Excluded.Contains(user)).ToList())
                SaveTask(WithoutPerson(task, user));
        }

        TellRelatives(fresh, from);
    }

    /// <summary>The task with a person barred from it; held by them alone, it goes to the next manager up who may.</summary>
    private UserTask WithoutPerson(UserTask task, string user)
    {
        var barred = task with { Excluded = [.. task.Excluded, user] };
        if (barred.Assignee != user)
            return barred;
        if (barred.Candidates.Count > 0)
            return barred with { Assignee = null, HeldSince = null, State = UserTaskState.Open };
        var at = Organisation.ManagerOf(user);
        for (var i = 0; at is not null && barred.Excluded.Contains(at.UserName) && i < LongestLine; i++)
            at = Organisation.ManagerOf(at.UserName);
        return at is null || barred.Excluded.Contains(at.UserName) ? barred
            : barred with { Assignee = at.UserName, Reason = $"因为{Organisation.DisplayName(user)}已在关联流程中审批，您是其上级" };
    }

    internal static List<string> NamesIn(JsonNode? names) => [.. (names as JsonArray ?? []).Select(ValueConverter.Text).OfType<string>()];
}
