using System.Text.Json.Nodes;

namespace Workflows.Engine.Definitions;

/// <summary>What became of a text that should be a definition.</summary>
public abstract record ReadResult
{
    private ReadResult()
    {
    }

    /// <summary>The definition in canonical form.</summary>
    /// <param name="Document">The definition.</param>
    /// <param name="Publish">What a save request {"model": ..., "publish": ...} asked for; null when the text did not say.</param>
    public sealed record Read(DefinitionDocument Document, bool? Publish) : ReadResult;

    /// <summary>Not a definition; each problem names a place.</summary>
    public sealed record Refused(IReadOnlyList<DefinitionProblem> Problems) : ReadResult;
}

/// <summary>
/// Reads Elsa 3 definitions of every age into one canonical form. Accepts the bare definition and the save request around
/// it; keeps members and activity types it does not know; assigns missing ids and all node ids. Refuses, naming the place,
/// what is not a definition or exceeds <see cref="DefinitionLimits"/>. Never throws for any text.
/// </summary>
public static class DefinitionReader
{
    public static ReadResult Read(string text, DefinitionLimits? limits = null) =>
        Finish(StrictJson.Parse(text, limits ?? DefinitionLimits.Default), limits ?? DefinitionLimits.Default);

    /// <summary>Reads UTF-8 text.</summary>
    public static ReadResult Read(ReadOnlySpan<byte> utf8, DefinitionLimits? limits = null) =>
        Finish(StrictJson.Parse(utf8, limits ?? DefinitionLimits.Default), limits ?? DefinitionLimits.Default);

    /// <summary>Reads a text that is known to be a definition: a stored one. Anything else is a bug or a damaged database.</summary>
    public static DefinitionDocument ReadStored(string text) => Read(text) switch
    {
        ReadResult.Read read => read.Document,
        ReadResult.Refused refused => throw new InvalidOperationException($"A stored definition cannot be read: {refused.Problems[0].Path} {refused.Problems[0].En}"),
        _ => throw new InvalidOperationException(),
    };

    private static ReadResult Finish(StrictJson.Result parsed, DefinitionLimits limits)
    {
        if (parsed is StrictJson.Result.Refused refused)
            return new ReadResult.Refused([refused.Problem]);
        if (((StrictJson.Result.Parsed)parsed).Node is not JsonObject json)
            return new ReadResult.Refused([new DefinitionProblem("not-a-definition", "$", "流程定义必须是一个 JSON 对象", "a definition must be a JSON object")]);

        bool? publish = null;
        var path = "$";
        if (json["model"] is JsonObject model && !json.ContainsKey("root"))
        {
            publish = json["publish"] is JsonValue value && value.TryGetValue(out bool asked) ? asked : null;
            json.Remove("model");
            (json, path) = (model, "$.model");
        }

        var problems = new List<DefinitionProblem>();
        new Normalizer(problems, limits).Normalize(json, path);
        return problems.Count > 0 ? new ReadResult.Refused(problems) : new ReadResult.Read(new DefinitionDocument(json), publish);
    }
}
