namespace Workflows.Engine.Definitions;

/// <summary>Where the runtime gets compiled definitions from; answers from memory almost always.</summary>
public interface IGraphSource
{
    /// <summary>The graph of one version; null when unknown.</summary>
    ValueTask<WorkflowGraph?> FindVersionAsync(string versionId, CancellationToken cancellationToken);

    /// <summary>The graph of the published version; null when the definition is unknown or not published.</summary>
    ValueTask<WorkflowGraph?> FindPublishedAsync(string definitionId, CancellationToken cancellationToken);
}
