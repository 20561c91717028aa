using System.Text.Json.Nodes;

namespace Workflows.Engine.Bookmarks;

/// <summary>A stored waiting point of an instance; found by hash, used once unless <see cref="AutoBurn"/> is off.</summary>
public sealed record Bookmark
{
    public required string Id { get; init; }

    /// <summary>Stimulus name; the activity type unless the activity chose another.</summary>
    public required string Name { get; init; }

    /// <summary>Elsa's stimulus hash; see <see cref="StimulusHash"/>.</summary>
    public required string Hash { get; init; }

    public JsonNode? Payload { get; init; }

    /// <summary>Number of the activity execution that waits.</summary>
    public required int Execution { get; init; }

    public required string NodeId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public bool AutoBurn { get; init; } = true;

    /// <summary>True when one stimulus reaches all waiters with this hash; an event that came early is looked for then.</summary>
    public bool IsShared { get; init; }

    /// <summary>Tells one waiting point of an activity from another when it resumes (Elsa: callback method name).</summary>
    public string? Tag { get; init; }
}
