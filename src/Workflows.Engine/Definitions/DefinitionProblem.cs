namespace Workflows.Engine.Definitions;

/// <summary>Why a text was not read as a definition.</summary>
/// <param name="Code">Stable word for programs.</param>
/// <param name="Path">Place in the text, as a JSON path ("$.root.activities[3].type").</param>
public sealed record DefinitionProblem(string Code, string Path, string Zh, string En);

/// <summary>How much a fault matters at publication.</summary>
public enum FaultSeverity
{
    /// <summary>Published all the same.</summary>
    Warning,

    /// <summary>Publication is refused.</summary>
    Fault,
}

/// <summary>One thing that is wrong with one node of a definition, in both languages.</summary>
/// <param name="Code">Stable word for programs.</param>
/// <param name="NodeId">Node at fault.</param>
/// <param name="Node">What a person reads on that node.</param>
/// <param name="Input">Input at fault, where it is one.</param>
public sealed record DefinitionFault(string Code, FaultSeverity Severity, string NodeId, string Node, string Zh, string En, string? Input = null)
{
    /// <summary>Both languages, with the node.</summary>
    public override string ToString() => $"“{Node}”：{Zh} ({NodeId}: {En})";
}
