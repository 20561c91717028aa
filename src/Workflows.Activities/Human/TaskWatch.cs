using System.Text.Json.Nodes;
using Workflows.Activities.Notify;
using Workflows.Engine.Bookmarks;
using Workflows.Engine.Execution;
using Workflows.Engine.Messages;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;

namespace Workflows.Activities.Human;

/// <summary>What tasks for people have in common beside the asking: rounds, deciders and deadlines.</summary>
internal static class TaskWatch
{
    public const string Due = "due";
    public const string Expiry = "expires";
    private const string RoundsKey = "Rounds";
    private const string DecidersKey = "Deciders";
    private const string ApproversKey = "Approvers";
    private static readonly string[] Channels = ["site", "email"];

    /// <summary>1 at the first visit of this node in the instance, 2 when it comes back, and so on.</summary>
    public static int NextRound(ActivityContext context)
    {
        var rounds = Copy(context, RoundsKey);
        var round = ((int?)rounds[context.Node.NodeId] ?? 0) + 1;
        rounds[context.Node.NodeId] = round;
        context.SetInstanceProperty(RoundsKey, rounds);
        return round;
    }

    /// <summary>Notes who decided here; everybody who did in any round is kept.</summary>
    public static void RememberDecider(ActivityContext context, string user)
    {
        var deciders = Copy(context, DecidersKey);
        deciders[context.Node.NodeId] = new JsonArray([.. Names(deciders[context.Node.NodeId]).Append(user).Distinct().Select(n => (JsonNode)n)]);
        context.SetInstanceProperty(DecidersKey, deciders);
    }

    /// <summary>Notes who agreed here, for the rule "same approver again".</summary>
    public static void RememberApprover(ActivityContext context, string user)
    {
        var approvers = Copy(context, ApproversKey);
        approvers[context.Node.NodeId] = new JsonArray([.. Names(approvers[context.Node.NodeId]).Append(user).Distinct().Select(n => (JsonNode)n)]);
        context.SetInstanceProperty(ApproversKey, approvers);
    }

    /// <summary>Everybody who agreed at another node of this instance.</summary>
    public static IEnumerable<string> OtherApprovers(ActivityContext context) =>
        Kept(context, ApproversKey).Where(d => d.Key != context.Node.NodeId).SelectMany(d => Names(d.Value));

    /// <summary>Node ids of the steps for people that were entered before, first entered first.</summary>
    public static IEnumerable<string> Visited(ActivityContext context) => Kept(context, RoundsKey).Select(r => r.Key);

    /// <summary>Everybody who decided at another node of this instance, in any round, or in its parent and children.</summary>
    public static IEnumerable<string> OtherDeciders(ActivityContext context) =>
        Kept(context, DecidersKey).Where(d => d.Key != context.Node.NodeId).SelectMany(d => Names(d.Value)).Concat(ChildCompletionStimulus.RelatedDecidersOf(context.InstanceProperties));

    // Older states hold one name.
    private static IEnumerable<string> Names(JsonNode? deciders) => deciders switch
    {
        null => [],
        JsonArray names => names.Select(n => (string)n!),
        _ => [(string)deciders!],
    };

    /// <summary>A passed deadline marks the task and tells whom it lies with and their managers. It decides nothing.</summary>
    public static void MarkOverdue(ActivityContext context)
    {
        foreach (var task in context.OpenTasks.Where(t => !t.Overdue && (t.DueAt is null || t.DueAt <= context.Now)).ToList())
        {
            context.ChangeTask(task with { Overdue = true });
            context.Journal("Overdue", task.Title, new JsonObject { ["task"] = task.Id, ["dueAt"] = task.DueAt?.ToString("O") });
            var people = Audience.Of(task, context).ToList();
            foreach (var person in people)
                Notices.Send(context, person, Channels, $"任务已逾期：{task.Title}", $"您的任务“{task.Title}”已超过办理期限，请尽快办理。", task.Id, MessageEvents.TaskOverdue);
            var names = string.Join("、", people.Select(p => p.DisplayName));
            foreach (var manager in people.Select(p => context.Organisation.ManagerOf(p.UserName)).OfType<Person>().DistinctBy(m => m.UserName).ExceptBy(people.Select(p => p.UserName), m => m.UserName))
                Notices.Send(context, manager, Channels, $"下属任务已逾期：{task.Title}", $"{names}的任务“{task.Title}”已超过办理期限。", task.Id, MessageEvents.TaskEscalated);
        }
    }

    /// <summary>Tells the people a task lies with that it does.</summary>
    public static void Announce(ActivityContext context, UserTask task, string @event = MessageEvents.TaskAssigned, string? by = null, string? comment = null) =>
        Notices.Announce(context, @event, Audience.Of(task, context).Select(p => p.UserName), task, by, comment);

    private static JsonObject Kept(ActivityContext context, string key) => context.InstanceProperties.GetValueOrDefault(key) as JsonObject ?? [];

    /// <summary>To be changed and put back: what an instance holds is never changed in place.</summary>
    private static JsonObject Copy(ActivityContext context, string key) => (JsonObject)Kept(context, key).DeepClone();
}
