using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Outbox;

namespace Workflows.Recovery.Node;

/// <summary>What a receiver wrote down.</summary>
/// <param name="Kind">Keyed or unkeyed.</param>
/// <param name="Accepted">False for a repeat that the key made harmless.</param>
/// <param name="Key">The undo's key for an undo, else the effect's.</param>
/// <param name="Label">What was asked for.</param>
/// <param name="Attempt">Which try the engine said it was.</param>
public sealed record Receipt(string Kind, bool Accepted, string Key, string Label, int Attempt);

/// <summary>
/// A fake outside world in a file that outlives the process, every line forced to disk before it answers. The keyed door
/// accepts a key once and answers a repeat as it answered the first; the unkeyed door accepts whatever comes.
/// </summary>
public sealed class Receiver(string file) : IEffectChannel
{
    public const string Keyed = "test.keyed";
    public const string Unkeyed = "test.unkeyed";

    private readonly Lock _gate = new();

    public bool Accepts(string kind) => kind is Keyed or Unkeyed;

    public bool IsKeyed(string kind) => kind == Keyed;

    public Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken)
    {
        var payload = effect.Payload as JsonObject ?? [];
        var key = (string?)payload["undo"] ?? effect.Key;
        lock (_gate)
        {
            var isRepeat = effect.Kind == Keyed && Read(file).Any(r => r.Accepted && r.Key == key);
            var line = string.Join('\t', effect.Kind, isRepeat ? "repeat" : "accept", key, (string?)payload["label"], attempt.ToString(CultureInfo.InvariantCulture));
            using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read);
            stream.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
            stream.Flush(flushToDisk: true);
        }

        return Task.FromResult<EffectOutcome>(new EffectOutcome.Done(new JsonObject { ["receipt"] = key }));
    }

    public static IReadOnlyList<Receipt> Read(string file) => !File.Exists(file) ? [] :
    [
        .. File.ReadLines(file).Select(line => line.Split('\t')).Select(p =>
            new Receipt(p[0], p[1] == "accept", p[2], p[3], int.Parse(p[4], CultureInfo.InvariantCulture))),
    ];
}
