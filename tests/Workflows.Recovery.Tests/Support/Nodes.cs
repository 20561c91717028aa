using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Engine.Runtime;
using Workflows.Engine.Timers;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Node;
using Workflows.Testing;

namespace Workflows.Recovery.Tests.Support;

/// <summary>Several nodes inside the test process on one database, each with its own connections, committer and cache. SQLite allows one.</summary>
internal sealed class Nodes(TestDatabase database, IReadOnlyList<EngineNode> all) : IAsyncDisposable
{
    public IReadOnlyList<EngineNode> All => all;

    public TestDatabase Database => database;

    public EngineNode this[int index] => all[index % all.Count];

    public static async Task<Nodes> StartAsync(DatabaseKind kind, IEffectChannel receiver, CancellationToken cancellationToken, EngineClock? clock = null, bool runLoops = true, int steps = 10_000)
    {
        var database = await TestDatabase.CreateAsync(kind);
        var nodes = new List<EngineNode>();
        for (var i = 0; i < (kind == DatabaseKind.Postgres ? 3 : 1); i++)
            nodes.Add(await EngineNode.StartAsync(
                new NodeSettings(database.Options, receiver) { Opened = kind == DatabaseKind.Sqlite ? database.Database : null, Clock = clock, RunLoops = runLoops, Lease = TimeSpan.FromSeconds(15), StepsPerBurst = steps },
                cancellationToken));
        return new Nodes(database, nodes);
    }

    /// <summary>Does something for 0 .. count - 1, at most so many at once.</summary>
    public static Task EachAsync(int count, int atOnce, Func<int, Task> act, CancellationToken cancellationToken) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken }, async (i, _) => await act(i));

    public async Task StartInstanceAsync(int i, string id, string definition, CancellationToken cancellationToken, DateTimeOffset? until = null) =>
        Assert.IsType<Delivery.Applied>(await this[i].Runtime.StartAsync(
            new StartRequest { InstanceId = id, DefinitionId = definition, InitiatedBy = "bob", Input = new Dictionary<string, System.Text.Json.Nodes.JsonNode?> { ["until"] = until?.ToString("O") } },
            cancellationToken));

    /// <summary>Waits until a count is zero, at most so long; answers what was left.</summary>
    public async Task<long> UntilNoneAsync(string sql, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var left = await database.ScalarAsync(sql);
            if (left == 0 || TimeProvider.System.GetElapsedTime(began) > atMost)
                return left;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    public async Task<IReadOnlyList<string>> FindDivergencesAsync()
    {
        await using var connection = await Place.ConnectAsync(database.Options);
        return await Checker.FindDivergencesAsync(connection);
    }

    /// <summary>Journal entries of one kind over all instances.</summary>
    public async Task<List<(string Instance, JournalEntry Entry)>> JournalAsync(IEnumerable<string> ids, string @event, CancellationToken cancellationToken)
    {
        var found = new List<(string, JournalEntry)>();
        foreach (var id in ids)
            found.AddRange((await database.Instances.ReadJournalAsync(id, 0, 1000, cancellationToken)).Where(e => e.Event == @event).Select(e => (id, e)));
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in all)
            await node.DisposeAsync();
        await database.DisposeAsync();
    }
}
