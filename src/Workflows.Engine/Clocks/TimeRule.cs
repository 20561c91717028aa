using System.Text.Json.Serialization;

namespace Workflows.Engine.Clocks;

/// <summary>What calendars, ladders and rotas have in common: one version of a named rule, whole in itself and never changed; a change makes the next.</summary>
/// <remarks>Defaults stand in the getters: what is read from JSON sets every property, absent ones to nothing. The order is that of the written form.</remarks>
public abstract record TimeRule
{
    private const int LongestId = 60;

    [JsonPropertyOrder(-4)]
    public required string Id { get; init; }

    /// <summary>1 for the first.</summary>
    [JsonPropertyOrder(-3)]
    public int Version { get => field == 0 ? 1 : field; init; }

    [JsonPropertyOrder(-2)]
    public required string Name { get; init; }

    [JsonPropertyOrder(-1)]
    public string? NameEn { get; init; }

    /// <summary>False when it lacks an id of usable length, or a name.</summary>
    [JsonIgnore]
    public bool IsNamed => !string.IsNullOrWhiteSpace(Id) && Id.Length <= LongestId && !string.IsNullOrWhiteSpace(Name);
}
