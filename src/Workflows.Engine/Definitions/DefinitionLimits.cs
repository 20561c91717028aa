namespace Workflows.Engine.Definitions;

/// <summary>Bounds of one definition.</summary>
/// <param name="Bytes">UTF-8 bytes of the text.</param>
/// <param name="Activities">Activities of one document, nested ones included.</param>
/// <param name="Depth">Nesting of JSON objects and lists.</param>
/// <param name="Nodes">Nodes of a compiled graph, workflows used as activities included.</param>
public sealed record DefinitionLimits(int Bytes = 2 * 1024 * 1024, int Activities = 2_000, int Depth = 64, int Nodes = 20_000)
{
    public static DefinitionLimits Default { get; } = new();
}
