using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Runtime;
using Workflows.Engine.UserTasks;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Node;
using Workflows.Recovery.Tests.Support;

namespace Workflows.Recovery.Tests;

/// <summary>Failures that users of Elsa reported, by number of the report: here each must come out at zero.</summary>
public abstract class KnownFailureTests(DatabaseKind kind)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // 7223: tasks completed quickly, all answered, several never processed.
    [Fact]
    public async Task Issue_7223_every_answered_completion_is_in_the_history()
    {
        const int Count = 1000;
        await using var nodes = await Nodes.StartAsync(kind, new MemoryReceiver(), Token);
        var tasks = new string[Count];
        await Nodes.EachAsync(Count, 50, async i =>
        {
            await nodes.StartInstanceAsync(i, $"c{i:D5}", Scenarios.Approval, Token);
            tasks[i] = Assert.Single(InstanceCodec.Read((await nodes.Database.Instances.LoadAsync($"c{i:D5}", Token))!.State.Span).Tasks).Id;
        }, Token);

        var answered = 0;
        await Nodes.EachAsync(Count, 50, async i =>
        {
            var answer = await nodes[i + 1].Runtime.DeliverAsync(
                $"c{i:D5}", new Stimulus.ActOnTask(new TaskCommand(tasks[i], "approve", "alice", EngineNode.Alice)), new IdempotencyKey(tasks[i], ""), Token);
            Assert.IsType<Delivery.Applied>(answer);
            Interlocked.Increment(ref answered);
        }, Token);

        Assert.Equal(Count, answered);
        Assert.Equal(answered, (await nodes.JournalAsync(Enumerable.Range(0, Count).Select(i => $"c{i:D5}"), "Decided", Token)).Count);
        Assert.Equal(Count, await nodes.Database.ScalarAsync("select count(*) from instance where status = 1"));
    }

    // 5597, 6523: an event that comes just before its waiter is stored is swallowed.
    [Fact]
    public async Task Issue_5597_an_event_around_the_moment_of_suspension_is_never_swallowed()
    {
        var count = LongTests.Count(1000, 10_000);
        await using var nodes = await Nodes.StartAsync(kind, new MemoryReceiver(), Token);
        var reachedAtOnce = 0;
        await Nodes.EachAsync(count, 32, async i =>
        {
            var id = $"s{i:D5}";
            var start = Task.Run(() => nodes.StartInstanceAsync(i, id, Scenarios.WaitForEvent, Token), Token);
            // From before the start to well after it, spread by the number.
            for (var spin = 0; spin < i % 20; spin++)
                await Task.Yield();
            if (i % 7 == 0)
                await start;
            Interlocked.Add(ref reachedAtOnce, await nodes[i + 1].Events.PublishAsync(new PublishedEvent("e" + id, EventOrDeadline.EventOf(id), null), Token));
            await start;
        }, Token);

        var swallowed = await nodes.UntilNoneAsync("select count(*) from instance where status = 0", TimeSpan.FromSeconds(30), Token);

        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {count} events around suspension, {reachedAtOnce} reached at once, {count - reachedAtOnce} kept for the waiter, {swallowed} swallowed");
        Assert.Equal(0, swallowed);
        Assert.True(reachedAtOnce < count && reachedAtOnce > 0, "The events did not fall on both sides of the suspension.");
        Assert.Equal(count, (await nodes.JournalAsync(Enumerable.Range(0, count).Select(i => $"s{i:D5}"), "Received", Token)).Count);
    }

    [Fact]
    public async Task An_event_is_received_once_by_a_loop_that_waits_for_it_again()
    {
        await using var nodes = await Nodes.StartAsync(kind, new MemoryReceiver(), Token);
        await Nodes.EachAsync(50, 16, async i =>
        {
            await nodes.StartInstanceAsync(i, $"l{i}", Scenarios.EventLoop, Token);
            for (var n = 0; n < 3; n++)
                await nodes[i + n].Events.PublishAsync(new PublishedEvent($"l{i}-{n}", EventOrDeadline.EventOf($"l{i}"), System.Text.Json.Nodes.JsonValue.Create($"{n}")), Token);
        }, Token);

        Assert.Equal(0, await nodes.UntilNoneAsync("select count(*) from instance where status = 0", TimeSpan.FromSeconds(30), Token));
        for (var i = 0; i < 50; i++)
            Assert.Equal(["0", "1", "2"], (await nodes.JournalAsync([$"l{i}"], "Received", Token)).Select(r => r.Entry.Message).Order());
    }

    // 7948: two instances for one key.
    [Fact]
    public async Task Issue_7948_a_hundred_equal_starts_make_one_instance()
    {
        await using var nodes = await Nodes.StartAsync(kind, new MemoryReceiver(), Token);
        foreach (var definition in new[] { Scenarios.Approval, Scenarios.Singleton })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => nodes[i].Runtime.StartAsync(
                new StartRequest { DefinitionId = definition, InitiatedBy = "bob", Key = new IdempotencyKey("same " + definition, "f") }, Token))));

            Assert.Single(answers, a => a is Delivery.Applied);
            Assert.Equal(99, answers.Count(a => a is Delivery.Repeated));
            Assert.Single(answers.Select(a => a switch { Delivery.Applied applied => applied.Last.Id, Delivery.Repeated repeated => repeated.Earlier.InstanceId, _ => "" }).Distinct());
            Assert.Equal(1, await nodes.Database.ScalarAsync($"select count(*) from instance where definition_id = '{definition}'"));
        }

        var others = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => nodes[i].Runtime.StartAsync(new StartRequest { DefinitionId = Scenarios.Singleton, InitiatedBy = "bob" }, Token))));
        Assert.All(others, o => Assert.IsType<Delivery.AlreadyActive>(o));
    }

    // 7397: the child is over and its parent never hears of it.
    [Fact]
    public async Task Issue_7397_every_parent_hears_of_its_child()
    {
        var count = LongTests.Count(300, 5000);
        var receiver = new MemoryReceiver();
        await using var nodes = await Nodes.StartAsync(kind, receiver, Token);
        await Nodes.EachAsync(count, 64, i => nodes.StartInstanceAsync(i, $"p{i:D5}", Scenarios.Parent, Token), Token);

        Assert.Equal(0, await nodes.UntilNoneAsync("select count(*) from instance where status = 0", TimeSpan.FromSeconds(60), Token));
        Assert.Equal(2 * count, await nodes.Database.ScalarAsync("select count(*) from instance where sub_status = 3"));
        Assert.Equal(count, receiver.Asked.Count);
    }

    // 4290: no guard against a loop without a wait; here one that commits at every turn.
    [Fact]
    public async Task Issue_4290_a_loop_that_only_commits_is_stopped()
    {
        await using var nodes = await Nodes.StartAsync(kind, new MemoryReceiver(), Token, runLoops: false, steps: 200);

        var answer = await nodes[0].Runtime.StartAsync(new StartRequest { DefinitionId = Scenarios.Endless, InstanceId = "endless" }, Token);

        Assert.IsType<Delivery.Applied>(answer);
        var instance = InstanceCodec.Read((await nodes.Database.Instances.LoadAsync("endless", Token))!.State.Span);
        Assert.Equal(WorkflowSubStatus.Faulted, instance.SubStatus);
        Assert.Contains(instance.Incidents, i => i.Kind == "step-budget");
    }

    [Fact]
    public async Task A_child_whose_start_was_under_way_when_its_parent_was_cancelled_is_cancelled_too()
    {
        await using var nodes = await Nodes.StartAsync(kind, new MemoryReceiver(), Token);
        await Nodes.EachAsync(50, 16, async i =>
        {
            await nodes.StartInstanceAsync(i, $"x{i}", Scenarios.PatientParent, Token);
            for (var spin = 0; spin < i * 4; spin++)
                await Task.Yield();
            Assert.IsType<Delivery.Applied>(await nodes[i + 1].Runtime.DeliverAsync($"x{i}", new Stimulus.Cancel("test", "bob"), null, Token));
        }, Token);

        Assert.Equal(0, await nodes.UntilNoneAsync("select (select count(*) from instance where status = 0) + (select count(*) from effect where state in (0, 1, 2))", TimeSpan.FromSeconds(30), Token));
        Assert.Empty(await nodes.FindDivergencesAsync());
    }

    [Fact]
    public async Task A_child_is_cancelled_with_the_branch_that_waits_for_it_however_far_its_start_has_come()
    {
        await using var nodes = await Nodes.StartAsync(kind, new MemoryReceiver(), Token);
        await Nodes.EachAsync(50, 16, async i =>
        {
            await nodes.StartInstanceAsync(i, $"b{i}", Scenarios.BranchParent, Token);
            for (var spin = 0; spin < i * 4; spin++)
                await Task.Yield();
            await nodes[i + 1].Events.PublishAsync(new PublishedEvent($"b{i}", EventOrDeadline.EventOf($"b{i}"), null), Token);
        }, Token);

        Assert.Equal(0, await nodes.UntilNoneAsync("select (select count(*) from instance where status = 0) + (select count(*) from effect where state in (0, 1, 2))", TimeSpan.FromSeconds(30), Token));
        Assert.Equal(50, await nodes.Database.ScalarAsync($"select count(*) from instance where definition_id = '{Scenarios.BranchParent}' and sub_status = {(int)WorkflowSubStatus.Finished}"));
        Assert.Empty(await nodes.FindDivergencesAsync());
    }

    [Fact]
    public async Task A_parent_whose_next_step_collides_with_a_running_instance_hears_of_its_child_once_that_is_over()
    {
        await using var nodes = await Nodes.StartAsync(kind, new MemoryReceiver(), Token);
        async Task StartAsync(string id) => Assert.IsType<Delivery.Applied>(await nodes[0].Runtime.StartAsync(
            new StartRequest { InstanceId = id, DefinitionId = Scenarios.CorrelatingParent, CorrelationId = id, InitiatedBy = "bob" }, Token));
        await StartAsync("holder");
        Assert.Equal(0, await nodes.UntilNoneAsync("select 1 - count(*) from instance where correlation_id = 'taken'", TimeSpan.FromSeconds(20), Token));
        await StartAsync("second");
        Assert.Equal(0, await nodes.UntilNoneAsync("select 1 - count(*) from effect where kind = 'engine.child-finished' and last_error is not null", TimeSpan.FromSeconds(20), Token));

        await nodes[0].Runtime.DeliverAsync("holder", new Stimulus.Cancel("test", "bob"), null, Token);

        Assert.Equal(0, await nodes.UntilNoneAsync("select 1 - count(*) from instance where id = 'second' and correlation_id = 'taken'", TimeSpan.FromSeconds(20), Token));
        var second = InstanceCodec.Read((await nodes.Database.Instances.LoadAsync("second", Token))!.State.Span);
        Assert.Empty(second.Incidents);
        Assert.Equal(WorkflowSubStatus.Suspended, second.SubStatus);
    }

    [Fact]
    public async Task Children_that_ended_while_their_parent_was_set_aside_are_heard_after_its_retry()
    {
        await using var nodes = await Nodes.StartAsync(kind, new MemoryReceiver(), Token);
        await nodes.StartInstanceAsync(0, "r", Scenarios.RevivedParent, Token);
        Assert.Equal(0, await nodes.UntilNoneAsync("select (select 3 - count(*) from instance where parent_instance_id = 'r') + (select count(*) from effect where state in (0, 1, 2))", TimeSpan.FromSeconds(20), Token));
        var children = await nodes.Database.Instances.FindRunningChildrenAsync("r", Token);
        Assert.IsType<Delivery.Applied>(await nodes[0].Runtime.DeliverAsync("r", new Stimulus.Condemn("test", "set aside"), null, Token));

        foreach (var child in children.Take(2))
            await nodes[0].Events.PublishAsync(new PublishedEvent(child, EventOrDeadline.EventOf(child), null), Token);
        Assert.Equal(0, await nodes.UntilNoneAsync("select (select 2 - count(*) from instance where parent_instance_id = 'r' and status = 1) + (select count(*) from effect where state in (0, 1, 2))", TimeSpan.FromSeconds(20), Token));
        Assert.IsType<Delivery.Applied>(await nodes[0].Runtime.DeliverAsync("r", new Stimulus.Retry("op"), null, Token));
        await nodes[0].Events.PublishAsync(new PublishedEvent(children[2], EventOrDeadline.EventOf(children[2]), null), Token);

        Assert.Equal(0, await nodes.UntilNoneAsync("select count(*) from instance where status = 0", TimeSpan.FromSeconds(20), Token));
        Assert.Equal(4, await nodes.Database.ScalarAsync($"select count(*) from instance where sub_status = {(int)WorkflowSubStatus.Finished}"));
        Assert.Empty(await nodes.FindDivergencesAsync());
    }
}

[Collection(OneAtATime.Name)]
public sealed class SqliteKnownFailureTests() : KnownFailureTests(DatabaseKind.Sqlite);

[Collection(OneAtATime.Name)]
public sealed class PostgresKnownFailureTests() : KnownFailureTests(DatabaseKind.Postgres);
