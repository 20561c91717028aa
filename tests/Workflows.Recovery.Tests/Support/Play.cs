using System.Text.Json.Nodes;
using Workflows.Engine.Instances;
using Workflows.Recovery.Node;

namespace Workflows.Recovery.Tests.Support;

/// <summary>
/// Plays the scenario "everything" on node processes that may die at any moment: what was not answered is asked again, with
/// the same keys, of the next node.
/// </summary>
/// <param name="place">Where.</param>
/// <param name="faults">Fault of the first node, the second, and so on; later nodes have none.</param>
internal sealed class Play(Place place, params string[] faults) : IAsyncDisposable
{
    public const string Id = "case";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private NodeProcess? _node;
    private int _generation;

    /// <summary>How the nodes died, in order: exit codes.</summary>
    public List<int> Deaths { get; } = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await AskAsync($"start {Id} {Scenarios.Everything}", cancellationToken);
        await AskAsync("event early-1 early", cancellationToken);
        await UntilAsync(status => status.Contains("ask", StringComparison.Ordinal), cancellationToken);
        await AskAsync($"decide {Id} approve", cancellationToken);
        await UntilAsync(status => status.Contains("late", StringComparison.Ordinal), cancellationToken);
        await AskAsync("event late-1 late", cancellationToken);
        await UntilAsync(status => status.StartsWith("Finished", StringComparison.Ordinal), cancellationToken);
        await QuietAsync(cancellationToken);
    }

    /// <summary>Deletes a promotion and brings it back; answers its rows before and after.</summary>
    public async Task<(string Before, string After)> RunShopAsync(CancellationToken cancellationToken)
    {
        var before = await AskAsync("shop", cancellationToken);
        await AskAsync($"start {Id} {Scenarios.Shop}", cancellationToken);
        await UntilAsync(status => status.StartsWith("Finished", StringComparison.Ordinal), cancellationToken);
        await QuietAsync(cancellationToken);
        return (before, await AskAsync("rows", cancellationToken));
    }

    /// <summary>Parent and child do their acts, then the applicant withdraws.</summary>
    public async Task RunWithdrawalAsync(CancellationToken cancellationToken)
    {
        await AskAsync($"start {Id} {Scenarios.Withdrawn}", cancellationToken);
        await using var connection = await place.ConnectAsync();
        while (place.Receipts.Count(r => r.Accepted) < 3 || await connection.CountAsync("select count(*) from user_task where state in (0, 1)") == 0)
        {
            await AskAsync($"status {Id}", cancellationToken);
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }

        await AskAsync($"withdraw {Id}", cancellationToken);
        await UntilAsync(status => status.StartsWith("Cancelled", StringComparison.Ordinal), cancellationToken);
        await QuietAsync(cancellationToken);
    }

    /// <summary>Asks until a living node answers.</summary>
    public async Task<string> AskAsync(string command, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_node is null)
            {
                (_node, var isReady) = await NodeProcess.StartAsync(place, _generation < faults.Length ? faults[_generation] : null, cancellationToken);
                _generation++;
                if (!isReady)
                {
                    await BuryAsync();
                    continue;
                }
            }

            if (await _node.AskAsync(command, cancellationToken) is { } answer)
                return answer.StartsWith("error", StringComparison.Ordinal) ? throw new InvalidOperationException($"{command}: {answer}") : answer;
            await BuryAsync();
        }
    }

    public async Task UntilAsync(Func<string, bool> reached, CancellationToken cancellationToken)
    {
        while (!reached(await AskAsync($"status {Id}", cancellationToken)))
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
    }

    /// <summary>Until no effect is under way; a node that dies meanwhile is replaced.</summary>
    private async Task QuietAsync(CancellationToken cancellationToken)
    {
        await using var connection = await place.ConnectAsync();
        while (true)
        {
            var busy = await connection.CountAsync("select (select count(*) from effect where state in (0, 1, 2)) + (select count(*) from timer) + (select count(*) from event where dispatched_at is null)");
            await AskAsync($"status {Id}", cancellationToken);
            if (busy == 0)
                return;
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Everything a reader of the end result could tell apart, one line each; ids are the same in every run.</summary>
    public static async Task<string> ResultAsync(Place place)
    {
        await using var connection = await place.ConnectAsync();
        var lines = new List<string>();
        foreach (var row in await connection.QueryAsync("select id, state from instance order by id"))
        {
            var instance = InstanceCodec.Read((byte[])row[1]!);
            lines.Add($"{row[0]} {instance.SubStatus} incidents {instance.Incidents.Count} undos {string.Join(' ', instance.Undos.Select(u => u.State))}");
        }

        foreach (var row in await connection.QueryAsync("select instance_id, first_sequence, entries from journal order by instance_id, first_sequence"))
            lines.AddRange(JsonNode.Parse((string)row[2]!)!.AsArray().Select((e, i) => $"{row[0]} {Convert.ToInt32(row[1], null) + i} {Text(e!, "event")} {Text(e!, "nodeId")} {Text(e!, "message")} {Text(e!, "by")} {e!["payload"]?["outcomes"]?.ToJsonString()}"));
        foreach (var row in await connection.QueryAsync("select key, kind, state from effect order by key"))
            lines.Add($"effect {row[0]} {row[1]} {row[2]}");
        foreach (var row in await connection.QueryAsync("select id, state, decided_by from user_task order by id"))
            lines.Add($"task {row[0]} {row[1]} {row[2]}");
        lines.AddRange(place.Receipts.Where(r => r is { Accepted: true, Kind: Receiver.Keyed }).Select(r => $"accepted {r.Key} {r.Label}"));
        return string.Join('\n', lines);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
    }

    private static string? Text(JsonNode entry, string name) => entry[name]?.ToString();

    private async Task BuryAsync()
    {
        Deaths.Add(_node!.ExitCode);
        await _node.DisposeAsync();
        _node = null;
    }
}
