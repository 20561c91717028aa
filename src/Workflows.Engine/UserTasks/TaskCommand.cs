using System.Text.Json.Nodes;
using Workflows.Engine.Fields;

namespace Workflows.Engine.UserTasks;

/// <summary>What a person wants to do with a task.</summary>
/// <param name="TaskId">Which task.</param>
/// <param name="Action">claim, unclaim, or one of the task's own actions (approve, reject, return, complete, ...).</param>
/// <param name="By">Who.</param>
/// <param name="Identities">The person's user name and roles ("role:supervisor").</param>
/// <param name="Comment">Opinion; some actions require one.</param>
/// <param name="Form">Filled form, for handling.</param>
/// <param name="ExpectedRevision">Entity tag the person saw; null when none was sent.</param>
public sealed record TaskCommand(
    string TaskId,
    string Action,
    string By,
    IReadOnlyList<string> Identities,
    string? Comment = null,
    JsonNode? Form = null,
    long? ExpectedRevision = null)
{
    /// <summary>User names the act is about: the new holder, the signers to add, whom to ask.</summary>
    public IReadOnlyList<string> People { get; init; } = [];

    /// <summary>For added signers: where they stand.</summary>
    public SeatPlace Place { get; init; } = SeatPlace.Beside;

    /// <summary>For a return: the step it goes to; null for the node's own arrow.</summary>
    public string? To { get; init; }

    /// <summary>For a return: come straight back instead of walking all steps again.</summary>
    public bool ComesStraightBack { get; init; }

    /// <summary>Hash of what the person was shown (<see cref="TaskContent.HashOf"/>); null when none was sent.</summary>
    public string? ContentHash { get; init; }

    /// <summary>Asks what the act would do, without doing it.</summary>
    public bool IsTrial { get; init; }
}

/// <summary>What the rules say of a command.</summary>
public abstract record TaskVerdict
{
    private TaskVerdict()
    {
    }

    /// <summary>The task as it stands afterwards.</summary>
    public sealed record Accepted(UserTask Task) : TaskVerdict;

    public sealed record Closed(UserTask Task) : TaskVerdict;

    public sealed record AlreadyClaimed(string By) : TaskVerdict;

    /// <summary>Neither assignee nor candidate. Looks like "not found" to the person.</summary>
    public sealed record NotACandidate : TaskVerdict;

    /// <summary>A candidate who may not decide this one: the applicant, or an earlier decider under four eyes.</summary>
    public sealed record Excluded : TaskVerdict;

    public sealed record CommentMissing : TaskVerdict;

    public sealed record UnknownAction(IReadOnlyList<string> Offered) : TaskVerdict;

    /// <summary>The task changed since the person saw it.</summary>
    public sealed record Stale(UserTask Task) : TaskVerdict;

    /// <summary>The filled form breaks its rules; by field, a cell of a table as "lines.0.count".</summary>
    public sealed record FormRefused(IReadOnlyDictionary<string, FieldReason> Errors) : TaskVerdict;

    /// <summary>What is shown is no longer what the person saw when they decided.</summary>
    public sealed record ContentChanged(UserTask Task) : TaskVerdict
    {
        /// <summary>What changed, when it is known: the data behind it changed while the task waited.</summary>
        public IReadOnlyList<ShownChange> Changes { get; init; } = [];
    }

    /// <summary>Somebody named cannot be given this: unknown, barred by four eyes, or at the table already.</summary>
    public sealed record BadPerson(string Name, string Zh, string En) : TaskVerdict;

    /// <summary>A friendly no. <paramref name="Code"/> is stable; <paramref name="Until"/> tells from when it would be possible.</summary>
    public sealed record NotPossible(string Code, string Zh, string En, DateTimeOffset? Until = null) : TaskVerdict
    {
        /// <summary>How long from now until it would be possible.</summary>
        public TimeSpan? Wait { get; init; }
    }

    /// <summary>The rules allow it, and the activity itself has the last word (signers).</summary>
    public sealed record LeftToActivity : TaskVerdict;

    /// <summary>What a trial would do.</summary>
    public sealed record Planned(JsonObject Plan) : TaskVerdict;

    /// <summary>No such task is open in this instance.</summary>
    public sealed record NotFound : TaskVerdict;
}
