using System.Text.Json.Nodes;

namespace Workflows.Engine.Instances;

/// <summary>
/// One event in the ordered history of an instance. Names follow Elsa where Elsa has one (Started, Resumed, Suspended,
/// Completed, Canceled, Faulted); activities add their own. One row in the database holds all entries of one burst.
/// </summary>
/// <param name="Sequence">1..n within the instance, without a gap.</param>
/// <param name="At">Business time of the burst.</param>
/// <param name="Event">Name of the event.</param>
/// <param name="Execution">Number of the activity execution; null for the instance itself.</param>
/// <param name="NodeId">Node of the definition it concerns.</param>
/// <param name="ActivityType">Type of that node.</param>
/// <param name="Message">For a reader, in Chinese where people see it.</param>
/// <param name="By">The person who acted, if one did.</param>
/// <param name="Payload">Data of the event, for example the outcomes.</param>
public sealed record JournalEntry(
    int Sequence,
    DateTimeOffset At,
    string Event,
    int? Execution = null,
    string? NodeId = null,
    string? ActivityType = null,
    string? Message = null,
    string? By = null,
    JsonNode? Payload = null);
