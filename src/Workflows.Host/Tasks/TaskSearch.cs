using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;
using Workflows.Host.Api;
using Workflows.Host.Instances;
using Workflows.Host.Organisation;
using Workflows.Host.Pages.Inbox;
using Workflows.Host.Security;

namespace Workflows.Host.Tasks;

/// <summary>How exactly a list is counted.</summary>
internal enum Counting
{
    /// <summary>Up to <see cref="TaskSearch.EstimateCap"/>; that number means "or more".</summary>
    Estimate,
    Exact,
}

/// <summary>A page of tasks.</summary>
/// <param name="Total">Rows of all pages together; only when it was asked for.</param>
internal sealed record TaskPage(IReadOnlyList<TaskItem> Items, string? Next, long? Total = null);

/// <summary>
/// The search over tasks. Several values of one filter mean "or", filters among each other "and", ranges include their beginning
/// and not their end. What is unknown or impossible is refused by name, never left out silently.
/// </summary>
internal static class TaskSearch
{
    public const int EstimateCap = 1_000;
    private const int MostValues = 100;
    private const int LongestText = 200;
    private const int MostPeopleOfDepartment = 2_000;
    private static readonly string[] Sorts = ["dueAt", "createdAt", "-createdAt", "-completedAt"];
    private static readonly string[] ClockStates = ["ok", "warn", "breached"];

    /// <param name="ClockState">By due time: breached, warn (due within four hours), ok.</param>
    /// <param name="Department">Id of the department of whoever applied; its sub-departments count.</param>
    /// <param name="Priority">Not offered: tasks have none; what is urgent has an earlier due time. See decision 23.</param>
    /// <param name="Tags">Not offered, as above.</param>
    /// <param name="FollowUp">Not offered, as above.</param>
    /// <param name="Variables">Not offered: they are stored inside the instance, out of reach of a query.</param>
    internal sealed record TaskFilter(
        string[]? DefinitionId = null, string[]? State = null, string[]? Assignee = null, string[]? CandidateUser = null, string[]? CandidateGroup = null, string[]? Initiator = null,
        string? Department = null, string? InstanceId = null, string? BusinessKey = null, string? Keyword = null, string[]? DelegatedFrom = null, string? ClockState = null,
        DateTimeOffset? CreatedFrom = null, DateTimeOffset? CreatedTo = null, DateTimeOffset? DueFrom = null, DateTimeOffset? DueTo = null,
        DateTimeOffset? CompletedFrom = null, DateTimeOffset? CompletedTo = null,
        JsonNode? Priority = null, JsonNode? Tags = null, JsonNode? FollowUp = null, JsonNode? Variables = null);

    internal sealed record SearchTasks(string? View = null, TaskFilter? Filter = null, string? Sort = null, string? After = null, int Limit = 20, string? Count = null);

    public static async Task<IResult> SearchAsync(HttpContext http, Strict<SearchTasks> body, Actor actor, IInboxStore inbox, IOrganisationSource people, EngineClock clock, CancellationToken cancellationToken)
    {
        var sent = body.Value;
        var problem = new QueryReader(http.Request).Problem ?? Refusals.BadBody;
        T? Choice<T>(string path, string? text)
            where T : struct, Enum
        {
            if (text is null)
                return null;
            if (Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text.FirstOrDefault('0')))
                return value;
            problem = problem.At(path, "unknown-value", $"可选：{string.Join("、", Names<T>())}", $"one of: {string.Join(", ", Names<T>())}");
            return null;
        }

        var view = Choice<TaskView>("$.view", sent.View) ?? TaskView.Todo;
        var counting = Choice<Counting>("$.count", sent.Count);
        if (sent.Limit is < 1 or > 200)
            problem = problem.At("$.limit", "out-of-range", "须为 1 到 200", "must be 1 to 200");
        var after = sent.After is { } cursor ? QueryReader.PlaceOf(cursor) : null;
        if (sent.After is not null && after is null)
            problem = problem.At("$.after", "bad-cursor", "游标无效", "not a cursor of this API");
        TaskSort? sort = sent.Sort switch { "dueAt" => TaskSort.Due, "createdAt" => TaskSort.Oldest, "-createdAt" => TaskSort.Newest, "-completedAt" => TaskSort.Closed, _ => null };
        if (sent.Sort is not null && sort is null)
            problem = problem.At("$.sort", "unknown-value", $"可选：{string.Join("、", Sorts)}", $"one of: {string.Join(", ", Sorts)}");
        else if (view == TaskView.Claimable && sort is not (null or TaskSort.Due))
            problem = problem.At("$.sort", "not-possible", "待认领只能按截止时间排序", "what can be claimed is sorted by due time only");
        var (filter, refused) = FilterOf(sent.Filter ?? new TaskFilter(), view, problem, people.Current, clock.GetUtcNow());
        if (refused.Errors.Count > 0)
            return refused;
        var query = new InboxQuery(view, actor.Name, actor.Identities, filter, after, sent.Limit) { Sort = sort };
        return await AnswerAsync(query, counting, actor, inbox, people.Current, "$.after", cancellationToken);
    }

    /// <summary>A page of a list, with the person's rights put into the query.</summary>
    public static async Task<IResult> AnswerAsync(InboxQuery asked, Counting? counting, Actor actor, IInboxStore inbox, OrganisationSnapshot people, string cursorPath, CancellationToken cancellationToken)
    {
        var query = asked with { Barred = actor.BarredDefinitions, Viewed = actor.ViewedDefinitions, Team = asked.View == TaskView.Team ? Team.Of(actor.Name, people) : [] };
        try
        {
            var (items, next) = await inbox.ListAsync(query, cancellationToken);
            long? total = counting is { } how ? await inbox.CountAsync(query, how == Counting.Exact ? int.MaxValue : EstimateCap, cancellationToken) : null;
            return Results.Json(new TaskPage([.. items.Select(t => Item(t, actor, people))], QueryReader.CursorOf(next), total), ApiJson.Options);
        }
        // Only the store knows what its places look like; ours wrapped around a forged one gets this far.
        catch (ArgumentException) when (query.After is not null)
        {
            return Refusals.BadQuery.At(cursorPath, "bad-cursor", "游标无效", "not a cursor of this API");
        }
    }

    /// <summary>Of a task that only lies with somebody of the person's team, no more is told than who has what, since when and until when.</summary>
    private static TaskItem Item(StoredUserTask task, Actor actor, OrganisationSnapshot people) =>
        TaskItem.Of(task, actor, people) is var item && InstanceAccess.MayRead(task, actor) ? item : item.Outline();

    private static (InboxFilter Filter, Problem Problem) FilterOf(TaskFilter sent, TaskView view, Problem problem, OrganisationSnapshot people, DateTimeOffset now)
    {
        foreach (var (name, values) in new[]
                 {
                     ("definitionId", sent.DefinitionId), ("state", sent.State), ("assignee", sent.Assignee), ("candidateUser", sent.CandidateUser), ("candidateGroup", sent.CandidateGroup),
                     ("initiator", sent.Initiator), ("delegatedFrom", sent.DelegatedFrom),
                 })
        {
            if (values is { Length: 0 or > MostValues } || values?.Any(v => string.IsNullOrEmpty(v) || v.Length > LongestText) == true)
                problem = problem.At($"$.filter.{name}", "out-of-range", $"须为 1 到 {MostValues} 个值，每个 1 到 {LongestText} 字", $"1 to {MostValues} values of 1 to {LongestText} characters");
        }

        foreach (var (name, value, zh, en) in new[]
                 {
                     ("priority", sent.Priority, "任务没有优先级；紧急程度由截止时间表示，请用 dueFrom、dueTo、clockState", "tasks have no priority; due times say what is urgent: use dueFrom, dueTo or clockState"),
                     ("tags", sent.Tags, "任务没有标签；请用 definitionId、businessKey、keyword", "tasks have no tags; use definitionId, businessKey or keyword"),
                     ("followUp", sent.FollowUp, "任务没有跟进日期；请用 dueFrom、dueTo", "tasks have no follow-up date; use dueFrom or dueTo"),
                     ("variables", sent.Variables, "不能按变量查询；请用 businessKey，或用 keyword 查任务中显示的内容", "variables cannot be searched; use businessKey, or keyword for what tasks show"),
                 })
        {
            if (value is not null)
                problem = problem.At($"$.filter.{name}", "not-offered", zh, en);
        }

        foreach (var (name, value) in new[] { ("department", sent.Department), ("instanceId", sent.InstanceId), ("businessKey", sent.BusinessKey), ("keyword", sent.Keyword) })
        {
            if (value is { Length: 0 or > LongestText })
                problem = problem.At($"$.filter.{name}", "out-of-range", $"须为 1 到 {LongestText} 字", $"1 to {LongestText} characters");
        }

        foreach (var (name, from, to) in new[] { ("created", sent.CreatedFrom, sent.CreatedTo), ("due", sent.DueFrom, sent.DueTo), ("completed", sent.CompletedFrom, sent.CompletedTo) })
        {
            if (from >= to)
                problem = problem.At($"$.filter.{name}To", "impossible", "须晚于起始时间", "must be after the beginning of the range");
        }

        var states = new List<UserTaskState>();
        foreach (var text in sent.State ?? [])
        {
            if (Enum.TryParse<UserTaskState>(text, ignoreCase: true, out var state) && Enum.IsDefined(state) && text.Length > 0 && !char.IsAsciiDigit(text[0]))
                states.Add(state);
            else
                problem = problem.At("$.filter.state", "unknown-value", $"可选：{string.Join("、", Names<UserTaskState>())}", $"one of: {string.Join(", ", Names<UserTaskState>())}");
        }

        // What a task shows may be nothing for a manager to read, so nobody may probe it either.
        if (view == TaskView.Team && sent.Keyword is not null)
            problem = problem.At("$.filter.keyword", "impossible", "团队待办不能按内容查询", "the tasks of a team cannot be searched by what they show");
        if (view is TaskView.Todo or TaskView.Claimable or TaskView.Team && states.Exists(s => s is UserTaskState.Completed or UserTaskState.Cancelled))
            problem = problem.At("$.filter.state", "impossible", "此列表只有未结束的任务", "this list has open tasks only");
        if (sent.ClockState is { } clock && !ClockStates.Contains(clock))
            problem = problem.At("$.filter.clockState", "unknown-value", $"可选：{string.Join("、", ClockStates)}", $"one of: {string.Join(", ", ClockStates)}");
        if (sent.ClockState is not null && (sent.DueFrom ?? sent.DueTo) is not null)
            problem = problem.At("$.filter.clockState", "impossible", "不能与截止时间范围同时使用", "not together with a range of due times");
        if (sent.Department is { } id && people.FindDepartment(id) is null)
            problem = problem.At("$.filter.department", "unknown-department", "没有此部门", "no such department");

        var soon = now + InboxSummaries.Soon;
        return (new InboxFilter
        {
            Definitions = sent.DefinitionId,
            States = states.Count > 0 ? states : null,
            Assignees = sent.Assignee,
            Candidates = sent.CandidateUser is null && sent.CandidateGroup is null ? null : [.. sent.CandidateUser ?? [], .. (sent.CandidateGroup ?? []).SelectMany(g => new[] { $"role:{g}", $"group:{g}" })],
            Initiators = Initiators(sent, people),
            InstanceId = sent.InstanceId,
            CorrelationId = sent.BusinessKey,
            Text = sent.Keyword,
            DelegatedFrom = sent.DelegatedFrom,
            DueFrom = sent.ClockState switch { "warn" => now, "ok" => soon, _ => sent.DueFrom },
            DueBefore = sent.ClockState switch { "breached" => now, "warn" => soon, _ => sent.DueTo },
            CreatedFrom = sent.CreatedFrom,
            CreatedBefore = sent.CreatedTo,
            ClosedFrom = sent.CompletedFrom,
            ClosedBefore = sent.CompletedTo,
        }, problem);
    }

    private static List<string>? Initiators(TaskFilter sent, OrganisationSnapshot people)
    {
        if (sent.Department is not { } department)
            return sent.Initiator?.ToList();
        var within = people.People.Where(p => IsWithin(people.DepartmentOf(p.UserName)?.Id, department, people)).Take(MostPeopleOfDepartment).Select(p => p.UserName);
        return [.. sent.Initiator is { } named ? within.Intersect(named) : within];
    }

    private static bool IsWithin(string? id, string department, OrganisationSnapshot people)
    {
        // A circle of departments is a fault of the data and must not hang a request.
        for (var depth = 0; id is not null && depth < 32; depth++)
        {
            if (id == department)
                return true;
            id = people.FindDepartment(id)?.Parent;
        }

        return false;
    }

    private static IEnumerable<string> Names<T>()
        where T : struct, Enum => Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName);
}
