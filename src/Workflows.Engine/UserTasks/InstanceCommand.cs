namespace Workflows.Engine.UserTasks;

/// <summary>What a person wants of an instance as a whole.</summary>
/// <param name="Action">One of <see cref="InstanceActs"/>.</param>
/// <param name="By">Who.</param>
/// <param name="Comment">What they say.</param>
public sealed record InstanceCommand(string Action, string By, string? Comment = null)
{
    /// <summary>User names: who is mentioned, or gets a copy.</summary>
    public IReadOnlyList<string> People { get; init; } = [];

    /// <summary>The task it is said about; null for the instance.</summary>
    public string? TaskId { get; init; }
}

/// <summary>Names of the acts on an instance.</summary>
public static class InstanceActs
{
    /// <summary>撤回: the applicant takes the application back.</summary>
    public const string Withdraw = "withdraw";

    /// <summary>拿回: the last approver takes the decision back while nobody has gone on from it.</summary>
    public const string TakeBack = "take-back";

    /// <summary>催办.</summary>
    public const string Urge = "urge";
    public const string Comment = "comment";

    /// <summary>抄送.</summary>
    public const string Copy = "cc";
}
