using System.Text.Json;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

public abstract class UserTaskStoreContract(DatabaseFixture fixture) : StoreContract(fixture)
{
    [Fact]
    public async Task A_stored_task_reads_back_equal()
    {
        var task = A.UserTask(candidates: ["role:supervisor"], excluded: ["alice"], dueAt: A.Now + TimeSpan.FromDays(2)) with
        {
            Content = new System.Text.Json.Nodes.JsonObject { ["活动"] = "双十一" },
            CommentRequired = ["reject"],
            Revision = 1,
        };
        var instance = A.Instance(initiatedBy: "alice");
        await CommitAsync(new ChangeSet { Instance = instance, Tasks = [task] });

        var stored = await Db.UserTasks.FindAsync(task.Id, Token);

        Assert.Equal(JsonSerializer.Serialize(task), JsonSerializer.Serialize(stored!.Task));
        Assert.Equal((instance.Id, "definition", null, "alice"), (stored.InstanceId, stored.DefinitionId, stored.InstanceName, stored.InitiatedBy));
        Assert.Null(await Db.UserTasks.FindAsync("unheard of", Token));
    }

    [Fact]
    public async Task The_todo_tab_pages_by_due_time_then_id_and_puts_tasks_without_deadline_last()
    {
        var me = A.Id();
        await AddAsync(
            A.UserTask("todo-c", me, dueAt: A.Now + TimeSpan.FromHours(2)),
            A.UserTask("todo-b", me, dueAt: A.Now + TimeSpan.FromHours(2)),
            A.UserTask("todo-a", me),
            A.UserTask("todo-d", me, dueAt: A.Now + TimeSpan.FromHours(1), state: UserTaskState.Claimed),
            A.UserTask("todo-e", me, state: UserTaskState.Completed, decidedBy: me));

        Assert.Equal(["todo-d", "todo-b", "todo-c", "todo-a"], await AllPagesAsync(TaskView.Todo, me, []));
    }

    [Fact]
    public async Task The_claimable_tab_merges_identities_without_repeating_a_task()
    {
        var me = A.Id();
        string[] roles = ["role:" + A.Id(), "role:" + A.Id(), me];
        var tasks = Enumerable.Range(0, 25)
            .Select(n => A.UserTask($"claimable-{me}-{n:00}", candidates: [.. roles.Take((n % 3) + 1)], dueAt: A.Now + TimeSpan.FromMinutes(n / 2)))
            .ToArray();
        await AddAsync(tasks);
        await AddAsync(A.UserTask(candidates: ["role:" + A.Id()]), A.UserTask(candidates: [roles[0]], excluded: ["other", me]));

        Assert.Equal(tasks.Select(t => t.Id), await AllPagesAsync(TaskView.Claimable, me, roles));
        Assert.Empty(await AllPagesAsync(TaskView.Claimable, me, []));
    }

    [Fact]
    public async Task A_claimed_task_leaves_the_claimable_tab_and_comes_back_when_it_is_given_up()
    {
        var (me, role, id) = (A.Id(), "role:" + A.Id(), A.Id());
        var task = A.UserTask(candidates: [role]);
        await CommitAsync(new ChangeSet { Instance = A.Instance(id), Tasks = [task] });
        Assert.Single(await AllPagesAsync(TaskView.Claimable, me, [role]));

        await CommitAsync(new ChangeSet { Instance = A.Instance(id, 1), Tasks = [task with { State = UserTaskState.Claimed, Assignee = me }] });
        Assert.Empty(await AllPagesAsync(TaskView.Claimable, me, [role]));
        Assert.Equal([task.Id], await AllPagesAsync(TaskView.Todo, me, []));

        await CommitAsync(new ChangeSet { Instance = A.Instance(id, 2), Tasks = [task] });
        Assert.Equal([task.Id], await AllPagesAsync(TaskView.Claimable, me, [role]));
        Assert.Empty(await AllPagesAsync(TaskView.Todo, me, []));

        var done = task with { State = UserTaskState.Completed, DecidedBy = me, Decision = "approve", ClosedAt = A.Now };
        await CommitAsync(new ChangeSet { Instance = A.Instance(id, 3), Tasks = [done] });
        Assert.Empty(await AllPagesAsync(TaskView.Claimable, me, [role]));
        Assert.Equal([task.Id], await AllPagesAsync(TaskView.Done, me, []));
    }

    [Fact]
    public async Task Done_and_initiated_tabs_are_newest_first()
    {
        var me = A.Id();
        var tasks = Enumerable.Range(0, 5)
            .Select(n => A.UserTask($"done-{me}-{n}", state: UserTaskState.Completed, decidedBy: me, closedAt: A.Now + TimeSpan.FromMinutes(n), createdAt: A.Now - TimeSpan.FromMinutes(n)))
            .ToArray();
        await CommitAsync(new ChangeSet { Instance = A.Instance(initiatedBy: me), Tasks = tasks });

        Assert.Equal(tasks.Reverse().Select(t => t.Id), await AllPagesAsync(TaskView.Done, me, []));
        Assert.Equal(tasks.Select(t => t.Id), await AllPagesAsync(TaskView.Initiated, me, []));
    }

    [Fact]
    public async Task What_a_person_may_not_handle_is_in_no_list_and_in_no_count()
    {
        var (me, role, barred) = (A.Id(), "role:" + A.Id(), "barred-" + A.Id());
        foreach (var definition in new[] { "definition", barred })
        {
            for (var n = 0; n < 3; n++)
            {
                await CommitAsync(new ChangeSet
                {
                    Instance = A.Instance(definitionId: definition),
                    Tasks = [A.UserTask($"{definition}-{me}-q{n}", candidates: [role], dueAt: A.Now), A.UserTask($"{definition}-{me}-t{n}", me, dueAt: A.Now)],
                });
            }
        }

        Task<InboxCounts> CountAsync(params string[] without) => Db.Inbox.CountTabsAsync(me, [me, role], without, A.Now + TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), 100, Token);
        Assert.Equal((6, 6, 6), (await CountAsync()) is var all ? (all.Todo, all.Claimable, all.Overdue) : default);
        Assert.Equal((3, 3, 3), (await CountAsync(barred)) is var some ? (some.Todo, some.Claimable, some.Overdue) : default);
        Assert.Equal(3, (await AllPagesAsync(TaskView.Todo, me, [me, role], barred: [barred])).Count(t => t.StartsWith("definition-", StringComparison.Ordinal)));
        Assert.Equal(3, (await AllPagesAsync(TaskView.Claimable, me, [me, role], barred: [barred])).Count(t => t.StartsWith("definition-", StringComparison.Ordinal)));
        Assert.Equal(3, (await AllPagesAsync(TaskView.Todo, me, [me, role], barred: [barred])).Count);
        Assert.Equal(3, (await AllPagesAsync(TaskView.Claimable, me, [me, role], barred: [barred])).Count);
        Assert.Equal((3, 2), (await CountRowsAsync(TaskView.Claimable, 100), await CountRowsAsync(TaskView.Claimable, 2)));
        Assert.Equal((3, 2), (await CountRowsAsync(TaskView.Todo, 100), await CountRowsAsync(TaskView.Todo, 2)));

        Task<long> CountRowsAsync(TaskView view, int cap) => Db.Inbox.CountAsync(new InboxQuery(view, me, [me, role], new InboxFilter(), null, 2) { Barred = [barred] }, cap, Token);
    }

    [Fact]
    public async Task Each_filter_narrows_each_view_and_each_order_pages_without_gaps()
    {
        var (me, role, definition) = (A.Id(), "role:" + A.Id(), "d-" + A.Id());
        var tasks = Enumerable.Range(0, 7).Select(n => A.UserTask($"{me}-{n}", n % 2 == 0 ? me : null, candidates: n % 2 == 0 ? null : [role], dueAt: A.Now + TimeSpan.FromHours(n), createdAt: A.Now - TimeSpan.FromMinutes(n)) with
        {
            OnBehalfOf = n == 2 ? "boss" : null,
        }).ToArray();
        var closed = A.UserTask($"{me}-closed", state: UserTaskState.Completed, decidedBy: me, closedAt: A.Now + TimeSpan.FromDays(1)) with { Assignee = me };
        await CommitAsync(new ChangeSet { Instance = A.Instance(definitionId: definition, correlationId: "key-" + me, initiatedBy: "alice"), Tasks = [.. tasks, closed] });
        Task<List<string>> FindAsync(InboxFilter filter, TaskView view = TaskView.All, TaskSort? sort = null) => AllPagesAsync(view, me, [me, role], filter, viewed: [definition], sort: sort);
        IEnumerable<string> Ids(params int[] numbers) => numbers.Select(n => $"{me}-{n}");

        Assert.Equal(Ids(0, 1, 2, 3, 4, 5, 6).Append(closed.Id), await FindAsync(new()));
        Assert.Equal(Ids(6, 5, 4, 3, 2, 1, 0), (await FindAsync(new(), sort: TaskSort.Oldest)).Where(t => t != closed.Id));
        Assert.Equal(Ids(0, 1, 2, 3, 4, 5, 6), (await FindAsync(new(), sort: TaskSort.Newest)).Where(t => t != closed.Id));
        Assert.Equal([closed.Id], await FindAsync(new(), sort: TaskSort.Closed));
        Assert.Equal(Ids(0, 2, 4, 6), await FindAsync(new() { Assignees = [me], States = [UserTaskState.Open, UserTaskState.Claimed] }));
        Assert.Equal(Ids(1, 3, 5), await FindAsync(new() { Candidates = [role] }));
        Assert.Equal(Ids(2), await FindAsync(new() { DelegatedFrom = ["boss", "nobody"] }));
        Assert.Equal(Ids(1, 2), await FindAsync(new() { DueFrom = A.Now + TimeSpan.FromHours(1), DueBefore = A.Now + TimeSpan.FromHours(3) }));
        Assert.Equal([closed.Id], await FindAsync(new() { ClosedFrom = A.Now + TimeSpan.FromDays(1), ClosedBefore = A.Now + TimeSpan.FromDays(2) }));
        Assert.Equal(8, (await FindAsync(new() { CorrelationId = "key-" + me, Definitions = [definition, "other"], Initiators = ["alice"] })).Count);
        Assert.Empty(await FindAsync(new() { CorrelationId = "other" }));
        Assert.Equal(Ids(3), await FindAsync(new() { Definitions = [definition], DueFrom = A.Now + TimeSpan.FromHours(2), DueBefore = A.Now + TimeSpan.FromHours(5) }, TaskView.Claimable));
        Assert.Empty(await AllPagesAsync(TaskView.All, me, [me, role], viewed: []));
    }

    [Fact]
    public async Task The_tasks_of_an_instance_come_in_order_of_creation()
    {
        var instance = A.Instance();
        await CommitAsync(new ChangeSet { Instance = instance, Tasks = [A.UserTask("second-" + instance.Id, createdAt: A.Now + TimeSpan.FromSeconds(1)), A.UserTask("first-" + instance.Id)] });

        Assert.Equal(["first-" + instance.Id, "second-" + instance.Id], (await Db.UserTasks.ListOfInstanceAsync(instance.Id, Token)).Select(t => t.Task.Id));
    }

    [Fact]
    public async Task A_made_up_cursor_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Db.Inbox.ListAsync(new InboxQuery(TaskView.Todo, "me", [], new InboxFilter(), "no cursor!", 2), Token));
    }

    private Task AddAsync(params UserTask[] tasks) => CommitAsync(new ChangeSet { Instance = A.Instance(), Tasks = tasks });

    private async Task<List<string>> AllPagesAsync(TaskView view, string me, IReadOnlyList<string> identities, InboxFilter? filter = null, IReadOnlyList<string>? barred = null, IReadOnlyList<string>? viewed = null, TaskSort? sort = null)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var (items, next) = await Db.Inbox.ListAsync(new InboxQuery(view, me, identities, filter ?? new InboxFilter(), cursor, 2) { Barred = barred ?? [], Viewed = viewed, Sort = sort }, Token);
            Assert.InRange(items.Count, next is null ? 0 : 2, 2);
            ids.AddRange(items.Select(i => i.Task.Id));
            cursor = next;
        }
        while (cursor is not null);
        return ids;
    }
}

public sealed class SqliteUserTaskStoreTests(SqliteFixture fixture) : UserTaskStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresUserTaskStoreTests(PostgresFixture fixture) : UserTaskStoreContract(fixture), IClassFixture<PostgresFixture>;
