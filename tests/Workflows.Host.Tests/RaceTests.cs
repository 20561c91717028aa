using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Persistence.Databases;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Host.Tests;

/// <summary>
/// Two acts at once on one case, on PostgreSQL from two hosts: exactly one outcome, and the loser can be told who was first and when. 300
/// races by default, 10,000 with WORKFLOWS_LONG_TESTS=1, and as many over HTTP.
/// </summary>
public abstract class RaceTests(DatabaseKind kind)
{
    private static readonly int Races = Environment.GetEnvironmentVariable("WORKFLOWS_LONG_TESTS") == "1" ? 10_000 : 300;

    private static readonly int HttpRaces = Environment.GetEnvironmentVariable("WORKFLOWS_LONG_TESTS") == "1" ? 1_700 : 8;

    private static readonly string[] Kinds = ["approve/reject", "two last approvers", "complete/expire", "complete/reassign", "approve/transfer", "double click"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_acts_at_once_there_is_exactly_one_outcome()
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        await PublishAsync(host, "one", Step("Human.Approval", "a", ("users", Json(new JsonArray("supervisor")))));
        await PublishAsync(host, "both", Step("Human.Approval", "a", ("users", Json(new JsonArray("supervisor", "store_ops_manager"))), ("mode", "All")));
        await PublishAsync(host, "work", Step("Human.Task", "a", ("users", Json(new JsonArray("supervisor"))), ("expiresIn", "30.00:00:00")));
        await using var second = kind == DatabaseKind.Postgres ? await host.JoinAsync() : null;
        var runtimes = new[] { host.Service<WorkflowRuntime>(), (second ?? host).Service<WorkflowRuntime>() };

        var faults = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Races), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, async (n, _) =>
        {
            if (await RaceAsync(Kinds[n % Kinds.Length], host, runtimes) is { } fault)
                faults.Add($"{Kinds[n % Kinds.Length]}: {fault}");
        });

        Assert.True(faults.IsEmpty, string.Join(Environment.NewLine, faults.Take(10)));
    }

    /// <summary>The same over HTTP, from two hosts on PostgreSQL, for every kind the rules name: the loser's answer says who was first, and when.</summary>
    [Fact]
    public async Task Over_http_the_loser_is_told_who_was_first_and_when()
    {
        await using var host = await HostUnderTest.StartAsync(kind);
        await PublishAsync(host, "one", Step("Human.Approval", "a", ("users", Json(new JsonArray("supervisor")))));
        await PublishAsync(host, "last", Step("Human.Approval", "a", ("users", Json(new JsonArray("supervisor", "store_ops_manager"))), ("mode", "Quorum"), ("required", 1)));
        await PublishAsync(host, "work", Step("Human.Task", "a", ("users", Json(new JsonArray("supervisor"))), ("expiresIn", "30.00:00:00")));
        await using var second = kind == DatabaseKind.Postgres ? await host.JoinAsync() : null;
        var other = second ?? host;
        using var owner = await host.AsAsync("activity_owner");
        using var supervisor = await host.AsAsync("supervisor");
        using var again = await other.AsAsync("supervisor");
        using var manager = await other.AsAsync("store_ops_manager");
        using var admin = await other.AsAsync("super_admin");
        var comment = new { comment = "意见" };
        var faults = new List<string>();
        for (var n = 0; n < HttpRaces; n++)
        {
            foreach (var race in new[] { "approve/reject", "two last approvers", "complete/expire", "complete/reassign", "double click", "double click with key" })
            {
                var id = await Flows.StartAsync(owner, race switch { "two last approvers" => "last", "complete/expire" or "complete/reassign" => "work", _ => "one" });
                string Act(JsonNode task, string act) => $"/api/v1/tasks/{task["id"]}/{act}";
                var task = await Flows.TaskAsync(supervisor, id);
                // Found before anybody acts: the first answer closes the other's task.
                var theirs = race == "two last approvers" ? await Flows.TaskAsync(manager, id) : task;
                var key = race == "double click with key" ? $"click-{n}" : null;
                async Task<(int Status, JsonNode? Body)> SendAsync(HttpClient client, string address, object body)
                {
                    var answer = await client.PostAsync(address, body, key);
                    // One of several has an answer of its own.
                    return answer.Body?["items"] is { } items ? ((int)items[0]!["status"]!, items[0]) : (answer.Status, answer.Body);
                }

                async Task<(int Status, JsonNode? Body)> ExpireAsync()
                {
                    var state = InstanceCodec.Read((await other.Service<IInstanceStore>().LoadAsync(id, Token))!.State.Span);
                    return state.Timers.Count > 0 && await other.Service<WorkflowRuntime>().DeliverAsync(id, new Stimulus.TimerDue(state.Timers[0].Id), null, Token) is Delivery.Applied ? (200, null) : (409, null);
                }

                var first = SendAsync(supervisor, Act(task, race.StartsWith("complete/", StringComparison.Ordinal) ? "complete" : "approve"), comment);
                var rival = race switch
                {
                    "approve/reject" => SendAsync(again, Act(task, "reject"), comment),
                    "two last approvers" => SendAsync(manager, Act(theirs, "approve"), comment),
                    "complete/expire" => ExpireAsync(),
                    "complete/reassign" => SendAsync(admin, "/api/v1/tasks/bulk/reassign", new { ids = (string[])[(string)task["id"]!], to = "finance", reason = "请假" }),
                    _ => SendAsync(again, Act(task, "approve"), comment),
                };
                var answers = await Task.WhenAll(first, rival);
                var lost = answers.FirstOrDefault(a => a.Status == 409);
                if (race == "double click with key" ? answers.Any(a => a.Status != 200) : answers.Count(a => a.Status == 200) != 1 || answers.Count(a => a.Status == 409) != 1)
                    faults.Add($"{race}: {string.Join(", ", answers.Select(a => $"{a.Status} {a.Body?["code"]}"))}");
                else if (lost.Body is { } told && (told["at"] is null || (told["by"] is null && race != "complete/expire")))
                    faults.Add($"{race}: the loser is told {told.ToJsonString()}");
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults.Take(10)));
    }

    private static async Task<string?> RaceAsync(string race, HostUnderTest host, WorkflowRuntime[] runtimes)
    {
        var definition = race switch { "two last approvers" => "both", "complete/expire" or "complete/reassign" => "work", _ => "one" };
        var started = Assert.IsType<Delivery.Applied>(await runtimes[0].StartAsync(new StartRequest { DefinitionId = definition, InitiatedBy = "activity_owner" }, Token));
        var (id, task) = (started.Last.Id, started.Tasks[0]);
        var state = InstanceCodec.Read((await host.Service<IInstanceStore>().LoadAsync(id, Token))!.State.Span);
        Stimulus Act(UserTask on, string action, string? to = null) =>
            new Stimulus.ActOnTask(new TaskCommand(on.Id, action, on.Assignee!, [on.Assignee!], "意见") { People = to is null ? [] : [to] });
        var (first, other) = race switch
        {
            "approve/reject" => (Act(task, "approve"), Act(task, "reject")),
            "two last approvers" => (Act(task, "approve"), Act(started.Tasks[1], "approve")),
            "complete/expire" => (Act(task, "complete"), new Stimulus.TimerDue(state.Timers[0].Id)),
            "complete/reassign" => (Act(task, "complete"), new Stimulus.Reassign(task.Id, "finance", "super_admin", "请假")),
            "approve/transfer" => (Act(task, "approve"), Act(task, "transfer", "finance")),
            _ => (Act(task, "approve"), Act(task, "approve")),
        };
        var key = race == "double click" ? new IdempotencyKey($"click-{id}", "same") : null;
        var answers = await Task.WhenAll(Task.Run(() => runtimes[0].DeliverAsync(id, first, key, Token), Token), Task.Run(() => runtimes[1].DeliverAsync(id, other, key, Token), Token));

        var accepted = answers.Count(a => a is Delivery.Applied);
        var row = (await host.Service<IInstanceStore>().FindAsync(id, Token))!;
        var stored = (await host.Service<IUserTaskStore>().FindAsync(task.Id, Token))!.Task;
        var journal = await host.Service<IInstanceStore>().ReadJournalAsync(id, 0, 1_000, Token);
        var ends = journal.Count(e => e.Event == "Finished");
        var isOpen = race is "approve/transfer" or "complete/reassign" && stored is { State: UserTaskState.Open, Assignee: "finance", HeldSince: not null };
        if (accepted != (race == "two last approvers" ? 2 : 1))
            return $"{accepted} accepted: {string.Join(", ", answers.Select(a => a.GetType().Name))}";
        if (!isOpen && (row.SubStatus != WorkflowSubStatus.Finished || ends != 1 || stored.ClosedAt is null))
            return $"it is {row.SubStatus} with {ends} ends";
        if (!isOpen && stored is { State: UserTaskState.Completed, DecidedBy: null })
            return "nobody is named";
        if (race == "double click" && !answers.Any(a => a is Delivery.Repeated))
            return "the second click was not recognised";
        return null;
    }

    private static Task PublishAsync(HostUnderTest host, string id, JsonObject step)
    {
        var definition = new Flow(Chart([step])).ToJson();
        definition.Remove("id");
        (definition["definitionId"], definition["name"]) = (id, id);
        return Flows.PublishAsync(host, definition);
    }
}

public sealed class SqliteRaceTests() : RaceTests(DatabaseKind.Sqlite);

public sealed class PostgresRaceTests() : RaceTests(DatabaseKind.Postgres);
