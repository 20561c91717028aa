using System.Text.Json.Nodes;
using Workflows.Engine.Outbox;

namespace Workflows.Engine.Rehearsal;

/// <summary>A made-up or past case that a version of a definition is rehearsed with.</summary>
public sealed record RehearsalCase
{
    public IReadOnlyDictionary<string, JsonNode?> Input { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>Whose application it is; null when nobody applies.</summary>
    public string? InitiatedBy { get; init; }

    /// <summary>When it begins, in the time of the rehearsal.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>What people do at a step, by its node id. A step that is not named is approved or completed after <see cref="UsualDelay"/>.</summary>
    public IReadOnlyDictionary<string, RehearsedAct> Acts { get; init; } = new Dictionary<string, RehearsedAct>();

    public TimeSpan UsualDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The rehearsal ends when so much of its time has passed.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromDays(120);
}

/// <summary>What is done the first time a step comes up; when it comes up again, it is approved or completed.</summary>
/// <param name="Action">One of the step's acts; null when nobody does anything, however often it comes up.</param>
/// <param name="After">How long after the task was given.</param>
public sealed record RehearsedAct(string? Action, TimeSpan After)
{
    /// <summary>The filled form; what is required and not given is made up.</summary>
    public JsonObject Form { get; init; } = [];
}

/// <summary>Answers what a rehearsed process asks of the world outside: nothing it is asked may have an effect that stays.</summary>
public interface IRehearsalWorld
{
    /// <summary>The end of an effect, as the real world would probably end it.</summary>
    Task<EffectOutcome> AnswerAsync(Effect effect, CancellationToken cancellationToken);
}
