using System.Text.Json.Nodes;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Host.Instances;
using Workflows.Host.Security;

namespace Workflows.Host.Tasks;

/// <summary>An act the person may see on a task; when it cannot be done now, the reason is given.</summary>
internal sealed record AvailableAction(string Name, string Label, bool Enabled, bool CommentRequired, string? DisabledReason);

/// <summary>A person by name, for programs and for readers.</summary>
internal sealed record PersonView(string UserName, string DisplayName);

/// <summary>A user task as the API shows it to one person.</summary>
internal sealed record TaskItem(
    string Id,
    string InstanceId,
    string DefinitionId,
    string? InstanceName,
    PersonView? InitiatedBy,
    string Title,
    UserTaskKind Kind,
    UserTaskState State,
    PersonView? Assignee,
    IReadOnlyList<string> Candidates,
    string? Reason,
    JsonNode? Content,
    JsonNode? Form,
    int Round,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DueAt,
    bool Overdue,
    bool IsPaused,
    string? Decision,
    PersonView? DecidedBy,
    string? Comment,
    JsonNode? Result,
    DateTimeOffset? ClosedAt,
    long Revision,
    string ContentHash,
    string NodeId,
    PersonView? OnBehalfOf,
    PersonView? InfoFrom,
    PersonView? ReturnsTo,
    IReadOnlyList<ReturnTarget> ReturnTargets,
    bool AllowBulk,
    IReadOnlyList<AvailableAction> AvailableActions)
{
    private static readonly Dictionary<string, string> Labels = new()
    {
        ["approve"] = "同意",
        ["reject"] = "驳回",
        ["return"] = "退回",
        ["complete"] = "完成",
        ["acknowledge"] = "确认收到",
        [UserTaskRules.Transfer] = "转交",
        [UserTaskRules.Delegate] = "委派",
        [UserTaskRules.Answer] = "反馈意见",
        [UserTaskRules.AddSigners] = "加签",
        [UserTaskRules.RemoveSigners] = "减签",
        [UserTaskRules.RequestInfo] = "要求补充",
        [InstanceActs.Withdraw] = "撤回",
        [InstanceActs.TakeBack] = "拿回",
        [InstanceActs.Urge] = "催办",
        [InstanceActs.Comment] = "评论",
        [InstanceActs.Copy] = "抄送",
        [CaseRights.Attach] = "上传附件",
        [UserTaskRules.Claim] = "认领",
        [UserTaskRules.Unclaim] = "放回",
    };

    private static bool NeedsComment(string action) => action is UserTaskRules.Transfer or UserTaskRules.Delegate or UserTaskRules.Answer or UserTaskRules.RequestInfo;

    /// <summary>What an act is called on buttons and in timelines.</summary>
    public static string LabelOf(string action) => Labels.GetValueOrDefault(action, action);

    public static TaskItem Of(StoredUserTask stored, Actor actor, OrganisationSnapshot people)
    {
        var task = stored.Task;
        PersonView? Who(string? name) => name is null ? null : new PersonView(name, people.DisplayName(name));
        return new TaskItem(
            task.Id, stored.InstanceId, stored.DefinitionId, stored.InstanceName, Who(stored.InitiatedBy), task.Title, task.Kind, task.State, Who(task.Assignee),
            task.Candidates, task.Reason, task.Content, task.Form, task.Round, task.CreatedAt, task.DueAt, task.Overdue, task.IsPaused, task.Decision, Who(task.DecidedBy),
            task.Comment, task.Result, task.ClosedAt, task.Revision, TaskContent.HashOf(task), task.NodeId, Who(task.OnBehalfOf), Who(task.InfoFrom), Who(task.ReturnsTo),
            task.ReturnTargets, task.AllowBulk, ActionsFor(task, actor, people));
    }

    /// <summary>Without what the task shows, asks and was answered, for those who may know of it and not read it.</summary>
    public TaskItem Outline() => this with { Reason = null, Content = null, Form = null, Comment = null, Result = null, ContentHash = "", ReturnTargets = [], AvailableActions = [] };

    private static IReadOnlyList<AvailableAction> ActionsFor(UserTask task, Actor actor, OrganisationSnapshot people)
    {
        if (task.State is UserTaskState.Completed or UserTaskState.Cancelled)
            return [];
        var mine = task.Assignee == actor.Name;
        if (!mine && !task.Candidates.Intersect(actor.Identities).Any())
            return [];

        var reason = task.Excluded.Contains(actor.Name) ? "您不能处理自己的申请或已参与的审批"
            : task.Assignee is { } other && !mine ? $"已由 {people.DisplayName(other)} 认领"
            : null;
        IEnumerable<string> names = UserTaskRules.Offered(task);
        if (task.Assignee is null)
            names = names.Prepend(UserTaskRules.Claim);
        else if (mine && task.Candidates.Count > 0 && task.ReturnsTo is null)
            names = names.Append(UserTaskRules.Unclaim);
        return [.. names.Select(n => new AvailableAction(n, LabelOf(n), reason is null, task.CommentRequired.Contains(n) || NeedsComment(n), reason))];
    }
}
