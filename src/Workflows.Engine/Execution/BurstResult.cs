using System.Text.Json.Nodes;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.Messages;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Execution;

/// <summary>Everything a burst may look at. Nothing in it does I/O.</summary>
public sealed record BurstRequest
{
    public required WorkflowGraph Graph { get; init; }

    /// <summary>Changed in place. When the commit fails it must be thrown away and read again.</summary>
    public required WorkflowInstance Instance { get; init; }

    public required Stimulus Stimulus { get; init; }

    public required DateTimeOffset Now { get; init; }

    public OrganisationSnapshot Organisation { get; init; } = OrganisationSnapshot.Empty;

    public TimeRules TimeRules { get; init; } = TimeRules.Shipped;

    public EventListeners Listeners { get; init; } = EventListeners.Nobody;

    /// <summary>True while a caller's HTTP request waits for this instance's answer.</summary>
    public bool HttpRequestWaits { get; init; }

    public BurstLimits Limits { get; init; } = new();
}

/// <summary>Bounds of one burst; exceeding one faults the instance with a clear incident.</summary>
/// <param name="Steps">Activities run in one burst.</param>
/// <param name="StateBytes">Size of the stored state.</param>
public sealed record BurstLimits(int Steps = 10_000, int StateBytes = 1024 * 1024);

/// <summary>What became of a stimulus.</summary>
public abstract record BurstResult
{
    private BurstResult()
    {
    }

    /// <summary>The instance changed; commit <paramref name="Changes"/>.</summary>
    /// <param name="Continues">True when a commit boundary cut the burst: after the commit, run <see cref="Stimulus.Continue"/>.</param>
    /// <param name="HttpReply">What a WriteHttpResponse activity answered, if one did.</param>
    /// <param name="Task">The task a person acted on, as it now stands.</param>
    public sealed record Changed(ChangeSet Changes, bool Continues, HttpReply? HttpReply, UserTask? Task) : BurstResult;

    /// <summary>Nothing to do: the bookmark, timer or instance is no longer waiting. Not an error.</summary>
    public sealed record Ignored : BurstResult;

    /// <summary>What came with a resumption does not fit into the instance. The instance object is spoilt; nothing may be kept of it.</summary>
    public sealed record TooLarge(string Reason) : BurstResult;

    /// <summary>A person asked for something the rules refuse; nothing changed.</summary>
    public sealed record Refused(TaskVerdict Verdict) : BurstResult;
}

/// <summary>An HTTP answer written by a workflow.</summary>
public sealed record HttpReply(int StatusCode, JsonNode? Content, string? ContentType, IReadOnlyDictionary<string, string> Headers);
