using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;
using Workflows.Host.Api;
using Workflows.Host.Tasks;

namespace Workflows.Host.Instances;

/// <summary>One line of an instance's story, readable as it stands.</summary>
/// <param name="At">Business time; null for what is still to come.</param>
/// <param name="Kind">started, task, waiting, deadline, undo, journal, incident, finished.</param>
/// <param name="Text">The line in Chinese.</param>
/// <param name="By">Who acted.</param>
/// <param name="Sequence">Number of the journal entry it comes from.</param>
internal sealed record TimelineEntry(
    DateTimeOffset? At,
    string Kind,
    string Text,
    PersonView? By = null,
    string? Comment = null,
    string? TaskId = null,
    string? Node = null,
    DateTimeOffset? DueAt = null,
    bool Overdue = false,
    int? Sequence = null);

/// <summary>
/// Tells what happened to an instance, from its journal and its tasks, in one list in order of time: who did what, when and
/// why, and what is still waited for.
/// </summary>
internal sealed class Timeline(IInstanceStore instances, IUserTaskStore tasks, IGraphSource graphs, IOrganisationSource organisation, EngineClock clock)
{
    private const int MostEntries = 10_000;
    private const int Batch = 1_000;

    public async Task<IReadOnlyList<TimelineEntry>> ReadAsync(InstanceSummary instance, IReadOnlySet<string> hidden, CancellationToken cancellationToken)
    {
        var graph = await graphs.FindVersionAsync(instance.DefinitionVersionId, cancellationToken);
        var people = organisation.Current;
        var known = (await tasks.ListOfInstanceAsync(instance.Id, cancellationToken)).ToDictionary(t => t.Task.Id, t => t.Task);
        hidden = HiddenFields.WithNames(hidden, graph);
        var entries = new List<TimelineEntry>();
        await foreach (var entry in JournalAsync(instance.Id, cancellationToken))
        {
            // What the journal says of a task is told with the names, due times and comments of the task itself.
            var task = (string?)(entry.Payload as JsonObject)?["task"] is { } id ? known.GetValueOrDefault(id) : null;
            var line = (entry.Event, task) switch
            {
                ("TaskCreated", { } created) => Given(created, people),
                ("Decided", { } decided) => Decided(decided, people),
                ("Overdue", { } late) => new TimelineEntry(entry.At, "deadline", $"任务“{late.Title}”已超时", TaskId: late.Id, Node: late.NodeId, DueAt: late.DueAt, Overdue: true),
                ("FieldsChanged", _) => FieldsChanged(entry, people, hidden),
                _ => Line(entry, graph, people),
            };
            if (line is not null)
                entries.Add(line with { Sequence = entry.Sequence });
        }

        entries.AddRange(known.Values.Where(t => t.State == UserTaskState.Cancelled).Select(t => new TimelineEntry(t.ClosedAt, "task", $"任务“{t.Title}”已撤销", TaskId: t.Id, Node: t.NodeId)));
        entries.AddRange(known.Values.Where(t => t.State is UserTaskState.Open or UserTaskState.Claimed).Select(t => Waiting(t, people, clock.GetUtcNow())));
        // Sorting is stable: what happened at one instant keeps the journal's order, and what is waited for comes last.
        return [.. entries.OrderBy(e => e.At ?? DateTimeOffset.MaxValue)];
    }

    private async IAsyncEnumerable<JournalEntry> JournalAsync(string id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0; after < MostEntries;)
        {
            var some = await instances.ReadJournalAsync(id, after, Batch, cancellationToken);
            if (some.Count == 0)
                yield break;
            foreach (var entry in some)
                yield return entry;
            after = some[^1].Sequence;
        }
    }

    private static TimelineEntry? Line(JournalEntry entry, WorkflowGraph? graph, OrganisationSnapshot people)
    {
        var node = entry.NodeId is { } id ? graph?.Find(id) : null;
        var label = node?.DisplayText ?? entry.NodeId;
        var by = entry.By is { } name ? new PersonView(name, people.DisplayName(name)) : null;
        TimelineEntry Of(string kind, string text) => new(entry.At, kind, text, by, Node: entry.NodeId, Sequence: entry.Sequence);
        var ofInstance = entry.Execution is null || node?.Parent is null;
        return entry.Event switch
        {
            "TaskCreated" or "Decided" or "Overdue" => null,
            "Started" when entry.Execution is null => Of("started", by is null ? "流程启动" : $"{by.DisplayName} 发起流程"),
            "Finished" when ofInstance => Of("finished", "流程结束"),
            "Cancelled" when ofInstance => Of("finished", Join(by is null ? "流程已取消" : $"{by.DisplayName} 取消了流程", entry.Message)),
            "Faulted" when entry.Execution is null => Of("incident", Join("流程发生故障", entry.Message)),
            "Faulted" => Of("incident", Join($"“{label}”发生故障", entry.Message)),
            "Retried" => Of("incident", $"{by?.DisplayName ?? "系统"} 重试故障步骤"),
            "IncidentResolved" => Of("incident", $"“{label}”的故障已排除"),
            "Claimed" => Of("task", $"{by?.DisplayName} 认领“{entry.Payload?["title"]}”"),
            "Unclaimed" => Of("task", $"{by?.DisplayName} 放回“{entry.Payload?["title"]}”"),
            "Transferred" or "Delegated" or "SignersAdded" or "SignersRemoved" or "InfoRequested" => Of("task", Join($"{by?.DisplayName} {TaskItem.LabelOf((string?)entry.Payload?["action"] ?? "")} {People(entry, people)}", entry.Message)),
            "Answered" => Of("task", Join($"{by?.DisplayName} 反馈意见", entry.Message)),
            "Commented" => Of("comment", Join($"{by?.DisplayName} 评论", entry.Message)),
            "Withdrawn" => Of("task", Join($"{by?.DisplayName} 撤回了申请", entry.Message)),
            "Reassigned" => Of("task", entry.Message ?? ""),
            "TakingBack" or "NotTakenBack" => Of("undo", entry.Message ?? ""),
            "TakenBack" => Of("task", Join($"{by?.DisplayName} 拿回了审批", entry.Message)),
            "UndoRegistered" => Of("undo", $"登记撤销步骤：{entry.Message}"),
            "UndoFailed" => Of("incident", entry.Message ?? ""),
            "UndoForgotten" => Of("undo", $"取消登记的撤销步骤（操作没有执行）：{entry.Message}"),
            "UndoStarted" => Of("undo", $"执行撤销步骤：{entry.Message}"),
            "ClockBreached" => Of("deadline", entry.Message!) with { Overdue = true },
            // Who was told at it is the line that follows.
            "ClockReminded" or "ClockEscalated" => null,
            { } clock when clock.StartsWith("Clock", StringComparison.Ordinal) || clock is "Escalated" or "Offered" or "EscalationFailed" => Of("deadline", entry.Message ?? ""),
            "DeadlinePassed" => Of("deadline", $"“{label}”的期限已过"),
            "Completed" when node is not null && IsTold(node.Type) => Of("journal", $"{label}：完成"),
            "Started" or "Resumed" or "Suspended" or "Completed" or "Canceled" when entry.Message is null => null,
            _ => entry.Message is { } message ? Of("journal", message) : null,
        };
    }

    /// <summary>What an approver changed, field by field, without what is hidden from the reader.</summary>
    private static TimelineEntry? FieldsChanged(JournalEntry entry, OrganisationSnapshot people, IReadOnlySet<string> hidden)
    {
        var shown = (entry.Payload?["changes"] as System.Text.Json.Nodes.JsonArray ?? [])
            .Where(c => !hidden.Contains((string)c!["field"]!) && !hidden.Contains((string)c["label"]!))
            .Select(c => $"{c!["label"]}：{Told(c["before"])} → {Told(c["after"])}").ToList();
        var by = entry.By is { } name ? new PersonView(name, people.DisplayName(name)) : null;
        return shown.Count == 0 ? null : new TimelineEntry(entry.At, "task", $"{by?.DisplayName} 审批时修改了 {string.Join("；", shown)}", by, Node: entry.NodeId);

        static string Told(System.Text.Json.Nodes.JsonNode? value) => value is null ? "（空）" : value is System.Text.Json.Nodes.JsonValue plain ? plain.ToString() : value.ToJsonString(ApiJson.Options);
    }

    private static TimelineEntry Given(UserTask task, OrganisationSnapshot people) =>
        new(task.CreatedAt, "task", $"任务“{task.Title}”{Round(task)}交给 {Assigned(task, people)}", TaskId: task.Id, Node: task.NodeId, DueAt: task.DueAt);

    private static TimelineEntry Waiting(UserTask task, OrganisationSnapshot people, DateTimeOffset now)
    {
        var late = task.DueAt is { } due && due < now;
        return new TimelineEntry(null, "waiting", $"等待 {Assigned(task, people)} 处理“{task.Title}”{(late ? "，已超时" : "")}", TaskId: task.Id, Node: task.NodeId, DueAt: task.DueAt, Overdue: late);
    }

    private static TimelineEntry Decided(UserTask task, OrganisationSnapshot people)
    {
        var by = new PersonView(task.DecidedBy ?? "", people.DisplayName(task.DecidedBy ?? ""));
        var late = task.Overdue || (task.DueAt is { } due && task.ClosedAt > due);
        var text = $"{by.DisplayName}{(task.OnBehalfOf is { } absent ? $" 代 {people.DisplayName(absent)}" : "")} 在“{task.Title}”{Round(task)}中{TaskItem.LabelOf(task.Decision ?? "")}{(late ? "（超时）" : "")}";
        return new TimelineEntry(task.ClosedAt, "task", Join(text, task.Comment), by, task.Comment, task.Id, task.NodeId, task.DueAt, late);
    }

    private static string People(JournalEntry entry, OrganisationSnapshot people) =>
        string.Join("、", (entry.Payload?["people"] as System.Text.Json.Nodes.JsonArray ?? []).Select(p => people.DisplayName((string)p!)));

    private static string Round(UserTask task) => task.Round > 1 ? $"（第 {task.Round} 轮）" : "";

    private static string Assigned(UserTask task, OrganisationSnapshot people) =>
        task.Assignee is { } name ? people.DisplayName(name) : string.Join("、", task.Candidates.Select(c => Candidate(c, people)));

    private static string Candidate(string identity, OrganisationSnapshot people) => identity.StartsWith("role:", StringComparison.Ordinal)
        ? people.InRole(identity[5..]) is { Count: > 0 } holders ? string.Join("、", holders.Select(h => h.DisplayName)) : identity[5..]
        : people.DisplayName(identity);

    /// <summary>Steps whose completion means something to a reader: what was done to the shop, and messages; not what only compares or calculates.</summary>
    private static bool IsTold(string type) => (type.StartsWith("Store.", StringComparison.Ordinal) && type is not ("Store.FieldIs" or "Store.Instant" or "Store.DeliveryLimit")) || type is "Notify.Message" or "Workflows.Compensate";

    private static string Join(string text, string? more) => string.IsNullOrWhiteSpace(more) ? text : $"{text}：{more}";
}
