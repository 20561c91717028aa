using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Definitions;

/// <summary>How a definition names another one that it uses as an activity; the version goes before the definition.</summary>
public sealed record WorkflowReference(string? DefinitionId, string? VersionId);

/// <summary>Finds a definition that is used as an activity; null when there is none.</summary>
public delegate DefinitionDocument? DefinitionResolver(WorkflowReference reference);

/// <summary>
/// Makes a definition ready to run. Never throws for what a document says: what cannot be made ready is noted in
/// <see cref="WorkflowGraph.Faults"/>, and the node at fault fails when it runs, so half-finished drafts can be tried.
/// </summary>
public static class GraphCompiler
{
    public static WorkflowGraph Compile(DefinitionDocument document, ActivityCatalogue catalogue, ExpressionLanguages languages, DefinitionResolver? resolve = null, DefinitionLimits? limits = null)
    {
        var faults = new List<DefinitionFault>();
        var workflow = Declarations.WorkflowNode(document, DefinitionDocument.WorkflowId, null, catalogue, faults, []);
        var graph = new WorkflowGraph
        {
            Workflow = workflow,
            DefinitionId = document.DefinitionId,
            VersionId = document.VersionId,
            Version = document.Version,
            Name = document.Name,
            Inputs = Declarations.Inputs(document, workflow, faults),
            Outputs = Declarations.Outputs(document),
            Options = Declarations.Options(document),
        };
        graph.Register(workflow);
        var compilation = new Compilation(graph, catalogue, languages, resolve ?? (_ => null), limits ?? DefinitionLimits.Default, faults);
        compilation.AddRoot(workflow, document);
        graph.Faults = faults;
        return graph;
    }

    /// <summary>Definitions that a document uses as activities, directly.</summary>
    public static IEnumerable<WorkflowReference> ReferencesOf(DefinitionDocument document, ActivityCatalogue catalogue)
    {
        var open = new Stack<JsonObject>([document.Root]);
        while (open.TryPop(out var activity))
        {
            if (catalogue.Find(activity.Text("type")!) is null && ReferenceOf(activity) is { } reference)
                yield return reference;
            foreach (var nested in ActivityShape.Nested(activity))
                open.Push(nested.Json);
        }
    }

    internal static WorkflowReference? ReferenceOf(JsonObject activity) =>
        (activity.Text("workflowDefinitionId"), activity.Text("workflowDefinitionVersionId")) switch
        {
            (null, null) => null,
            var (definition, version) => new WorkflowReference(definition, version),
        };
}
