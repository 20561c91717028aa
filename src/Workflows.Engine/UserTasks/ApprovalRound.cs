using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Workflows.Engine.UserTasks;

/// <summary>How many of the people asked must agree.</summary>
public enum ApprovalMode
{
    /// <summary>或签: the first decision decides.</summary>
    Any,

    /// <summary>会签: all must agree; one rejection rejects.</summary>
    All,

    /// <summary>依次审批: one after the other, all must agree.</summary>
    Sequential,

    /// <summary>M of N: decided as soon as enough agreed, or too few can still agree.</summary>
    Quorum,

    /// <summary>One from each group: within a group the first decision decides.</summary>
    PerGroup,
}

/// <summary>Where an added signer stands to the one who added them.</summary>
public enum SeatPlace
{
    /// <summary>Asked by the definition.</summary>
    Original,

    /// <summary>前加签: decides first; the adder's turn comes again after.</summary>
    Before,

    /// <summary>后加签: decides once the adder has agreed; the adder's agreement counts only with theirs.</summary>
    After,

    /// <summary>并加签: one more at the same table, counted like the others.</summary>
    Beside,
}

/// <summary>Where a seat stands.</summary>
public enum SeatState
{
    /// <summary>Its turn has not come.</summary>
    Waiting,
    Open,
    Approved,
    Rejected,

    /// <summary>Taken out again (减签).</summary>
    Removed,

    /// <summary>The round was decided without it.</summary>
    Skipped,
}

/// <summary>One place at an approval: a person, or a queue out of which one person takes it. While open it has a task of the same id.</summary>
public sealed record Seat
{
    public required string Id { get; init; }

    public SeatState State { get; init; } = SeatState.Waiting;

    /// <summary>The person asked; null for a queue.</summary>
    public string? Assignee { get; init; }

    /// <summary>User names and role keys ("role:supervisor") out of which one may take it.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>Why: shown to the person ("因为您是主管").</summary>
    public string? Reason { get; init; }

    /// <summary>For one per group: the group it speaks for.</summary>
    public string? Group { get; init; }

    public SeatPlace Place { get; init; }

    /// <summary>Seat whose holder added this one; null for an original.</summary>
    public string? AddedAt { get; init; }

    public string? AddedBy { get; init; }

    /// <summary>Who decided; with delegation, the person who acted.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>The person on whose behalf it was decided, when another acted.</summary>
    public string? OnBehalfOf { get; init; }

    public string? Comment { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>For a decision made by a rule, which (same approver again, initiator is approver); shown as a system line.</summary>
    public string? AutoRule { get; init; }

    [JsonIgnore]
    public bool IsSettled => State is SeatState.Approved or SeatState.Rejected or SeatState.Removed or SeatState.Skipped;
}

/// <summary>One visit of an approval node: who is asked, how they are counted, what they said.</summary>
public sealed record ApprovalRound
{
    public ApprovalMode Mode { get; init; }

    /// <summary>For <see cref="ApprovalMode.Quorum"/>: how many must agree. An added signer does not change it.</summary>
    public int Required { get; init; } = 1;

    public IReadOnlyList<Seat> Seats { get; init; } = [];

    public Seat? Find(string seatId) => Seats.FirstOrDefault(s => s.Id == seatId);

    /// <summary>As it is kept with the execution.</summary>
    public JsonNode ToJson() => JsonSerializer.SerializeToNode(this, RoundJson.Default.ApprovalRound)!;

    /// <summary>Back from what <see cref="ToJson"/> made; null stays null.</summary>
    public static ApprovalRound? Read(JsonNode? kept) => kept.Deserialize(RoundJson.Default.ApprovalRound);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ApprovalRound))]
internal sealed partial class RoundJson : JsonSerializerContext;

/// <summary>How a round ended.</summary>
public enum RoundOutcome
{
    Approved,
    Rejected,
}
