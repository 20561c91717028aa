using System.Text.Json.Nodes;

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
    long? ExpectedRevision = null);

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

    /// <summary>The filled form breaks its rules; by field.</summary>
    public sealed record FormRefused(IReadOnlyDictionary<string, string> Errors) : TaskVerdict;

    /// <summary>No such task is open in this instance.</summary>
    public sealed record NotFound : TaskVerdict;
}
