using System.Text.Json.Nodes;
using Workflows.Engine.Instances;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Execution;

/// <summary>
/// What a task shows, and whether it is still so.
/// </summary>
/// <remarks>
/// What can go wrong: a task waits for days, the data behind it changes, and an approval counts for what nobody looked at. The rule: a
/// decision is only taken when what the step would show now is what the task shows; else the decision is refused with what changed, and
/// the task is shown anew in a commit of its own, so that the next look sees it. The comparison is made as of the instant the task's content was
/// worked out, because what merely tells the time does not change by itself. What cannot be worked out any more (a variable was removed) stays as it was shown.
/// </remarks>
internal sealed partial class Burst
{
    private DateTimeOffset? _pinnedNow;

    /// <summary>The task as it would be shown now; null when that is what it shows.</summary>
    private UserTask? Refreshed(UserTask task, ActivityExecution execution, bool pinned)
    {
        var (number, node) = (Instance.LastNumber, Graph.Find(execution.NodeId)!);
        _pinnedNow = pinned ? task.ShownAt ?? task.CreatedAt : null;
        try
        {
            var context = new ActivityContext(this, node, execution);
            var activity = node.ActivityType.Create(node);
            SetInputs(node, execution, activity, context);
            var shown = activity.Shown(context, task);
            if (shown is { Content: null, Form: null } && task is { Content: null, Form: null })
                return null;
            var now = task with { Content = shown.Content, Form = shown.Form };
            return TaskContent.HashOf(now) == TaskContent.HashOf(task) ? null : now;
        }
        // The boundary of user code, as in a call; what was shown stays shown.
        catch (Exception)
        {
            return null;
        }
        finally
        {
            _pinnedNow = null;
            Instance.LastNumber = number;
        }
    }

    private void ShowAgain(string taskId)
    {
        if (Instance.Tasks.FirstOrDefault(t => t.Id == taskId) is not { } asked)
            return;
        foreach (var task in Instance.Tasks.Where(t => t.Execution == asked.Execution && t.Kind == asked.Kind).ToList())
        {
            if (Refreshed(task, _executions[task.Execution], pinned: true) is null || Refreshed(task, _executions[task.Execution], pinned: false) is not { } now)
                continue;
            SaveTask(now with { ShownAt = Now });
            Journal("ShownAgain", _executions[task.Execution], $"“{task.Title}”展示的内容已变更，须重新查看", payload: new JsonObject { ["task"] = task.Id });
            if (task.Id == taskId)
                ActedOn = task;
        }
    }
}
