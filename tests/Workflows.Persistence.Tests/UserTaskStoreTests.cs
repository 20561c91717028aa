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
    public async Task The_tasks_of_an_instance_come_in_order_of_creation()
    {
        var instance = A.Instance();
        await CommitAsync(new ChangeSet { Instance = instance, Tasks = [A.UserTask("second-" + instance.Id, createdAt: A.Now + TimeSpan.FromSeconds(1)), A.UserTask("first-" + instance.Id)] });

        Assert.Equal(["first-" + instance.Id, "second-" + instance.Id], (await Db.UserTasks.ListOfInstanceAsync(instance.Id, Token)).Select(t => t.Task.Id));
    }

    [Fact]
    public async Task A_made_up_cursor_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Db.UserTasks.ListAsync(new TaskQuery(TaskView.Todo, "me", [], "no cursor!", 2), Token));
    }

    private Task AddAsync(params UserTask[] tasks) => CommitAsync(new ChangeSet { Instance = A.Instance(), Tasks = tasks });

    private async Task<List<string>> AllPagesAsync(TaskView view, string me, IReadOnlyList<string> identities)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var (items, next) = await Db.UserTasks.ListAsync(new TaskQuery(view, me, identities, cursor, 2), Token);
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
