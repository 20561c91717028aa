using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Definitions;

/// <summary>
/// A definition version made ready to run: every node with its type, its inputs compiled, its branches resolved. Immutable
/// and shared by all bursts of that version.
/// </summary>
public sealed class WorkflowGraph
{
    private static readonly ActivityType Compensation = new(typeof(Compensate));

    private readonly Dictionary<string, ActivityNode> _byNodeId = new(StringComparer.Ordinal);
    private ActivityNode? _withdrawal;

    /// <summary>The workflow itself (type Elsa.Workflow); its branch "root" holds the root activity.</summary>
    public required ActivityNode Workflow { get; init; }

    public required string DefinitionId { get; init; }

    public required string VersionId { get; init; }

    public int Version { get; init; }

    public string Name { get; init; } = "";

    public IReadOnlyList<VariableDeclaration> Inputs { get; init; } = [];

    /// <summary>Names of the inputs that are shown masked.</summary>
    public IReadOnlySet<string> PersonalInputs => _personalInputs ??= Inputs.Where(i => i.IsPersonal).Select(i => i.Name).ToHashSet();

    private IReadOnlySet<string>? _personalInputs;

    public IReadOnlyList<VariableDeclaration> Outputs { get; init; } = [];

    public WorkflowOptions Options { get; init; } = new();

    /// <summary>What the compiler could not make ready: unknown types, expressions that do not parse. Such a node fails when it runs.</summary>
    public IReadOnlyList<DefinitionFault> Faults { get; internal set; } = [];

    /// <summary>Every node, the workflow and the nodes of workflows used as activities included.</summary>
    public IReadOnlyCollection<ActivityNode> Nodes => _byNodeId.Values;

    /// <summary>The step that takes back what was done when the applicant withdraws; no definition draws it.</summary>
    public ActivityNode Withdrawal => _withdrawal ??= new ActivityNode
    {
        Id = "withdrawal",
        NodeId = $"{Workflow.NodeId}:$withdrawal",
        Type = Compensate.TypeName,
        DisplayText = "撤回",
        Json = [],
        ActivityType = Compensation,
        Parent = Workflow,
    };

    public ActivityNode? Find(string nodeId) => _byNodeId.TryGetValue(nodeId, out var node) ? node : nodeId == Withdrawal.NodeId ? Withdrawal : null;

    /// <summary>Called by the compiler for each node, once.</summary>
    public void Register(ActivityNode node) => _byNodeId.Add(node.NodeId, node);
}

/// <summary>Options of a definition, as Elsa names them.</summary>
public sealed record WorkflowOptions
{
    /// <summary>AllowAlways, Singleton, Correlation or CorrelatedSingleton.</summary>
    public string ActivationStrategy { get; init; } = "AllowAlways";

    /// <summary>Fault or ContinueWithIncidents.</summary>
    public string IncidentStrategy { get; init; } = "Fault";

    /// <summary>WorkflowExecuting, WorkflowExecuted, ActivityExecuting, ActivityExecuted; null commits only at the end of a burst.</summary>
    public string? CommitStrategy { get; init; }

    /// <summary>Flowchart execution mode: CounterBased or TokenBased.</summary>
    public string FlowchartMode { get; init; } = "CounterBased";
}

/// <summary>A declared variable, input or output.</summary>
/// <param name="Id">Key of the value; for inputs and outputs the name.</param>
/// <param name="IsPersisted">False: lost when the instance suspends (memory driver or none).</param>
public sealed record VariableDeclaration(string Id, string Name, string TypeName, bool IsArray, JsonNode? Default, bool IsPersisted)
{
    /// <summary>What people read; null when it is the name. Only inputs have one.</summary>
    public string? DisplayName { get; init; }

    /// <summary>An input a start must give; see <see cref="InputRules"/>.</summary>
    public bool IsRequired { get; init; }

    /// <summary>An input that says who a customer is: shown masked. The definition's custom property <c>personalInputs</c> names them.</summary>
    public bool IsPersonal { get; init; }
}

/// <summary>One node of a definition.</summary>
public sealed class ActivityNode
{
    private object? _plan;
    private IReadOnlyList<(InputDescriptor Input, InputBinding Binding)>? _given;

    public required string Id { get; init; }

    /// <summary>Path of ids from the workflow, joined with ':'.</summary>
    public required string NodeId { get; init; }

    public string? Name { get; init; }

    public required string Type { get; init; }

    public int Version { get; init; } = 1;

    /// <summary>What a person reads on the node: metadata.displayText, else the name, else the id.</summary>
    public string DisplayText { get; init; } = "";

    /// <summary>The node as it stands in the canonical document. Never changed.</summary>
    public required JsonObject Json { get; init; }

    public required ActivityType ActivityType { get; init; }

    public ActivityNode? Parent { get; init; }

    /// <summary>Branch name to its nodes in order: "then" of If, "activities" of Sequence, "cases[0].activity" of Switch.</summary>
    public Dictionary<string, IReadOnlyList<ActivityNode>> Branches { get; } = [];

    /// <summary>
    /// By input name (camel case), only those the definition gives. Expressions inside unwrapped inputs stand here under their
    /// place: "cases[0].condition", "transitions[2].condition".
    /// </summary>
    public Dictionary<string, InputBinding> Inputs { get; } = [];

    /// <summary>What is evaluated before the activity runs: the inputs of its type that the definition gives, in the type's order.</summary>
    public IReadOnlyList<(InputDescriptor Input, InputBinding Binding)> Given => _given ??=
        [.. ActivityType.Inputs.Where(i => i.Info.AutoEvaluate && Inputs.ContainsKey(i.Name)).Select(i => (i, Inputs[i.Name]))];

    /// <summary>Output name to the id of the variable (or workflow output) it is bound to.</summary>
    public Dictionary<string, string> Outputs { get; } = [];

    public IReadOnlyList<VariableDeclaration> Variables { get; init; } = [];

    public bool CanStartWorkflow { get; init; }

    /// <summary>True for a node of a workflow used as activity; its id says nothing in this document.</summary>
    public bool IsForeign { get; init; }

    public IEnumerable<ActivityNode> Children => Branches.Values.SelectMany(nodes => nodes);

    public JsonObject? CustomProperties => Json["customProperties"] as JsonObject;

    /// <summary>First node of a branch, null when empty.</summary>
    public ActivityNode? Branch(string name) => Branches.TryGetValue(name, out var nodes) && nodes.Count > 0 ? nodes[0] : null;

    /// <summary>Something an activity works out once per node (a flowchart's graph). Pure, so a race only computes it twice.</summary>
    public T Plan<T>(Func<ActivityNode, T> make) where T : class => (T)(_plan ??= make(this));
}

/// <summary>An input as the definition gives it, ready to evaluate.</summary>
/// <param name="Expression">As written.</param>
/// <param name="Evaluate">Compiled form.</param>
/// <param name="TypeName">Type the definition names for it.</param>
public sealed record InputBinding(Expression Expression, CompiledExpression Evaluate, string? TypeName)
{
    /// <summary>Names the expression uses, where its syntax can tell.</summary>
    public IReadOnlyList<ExpressionReference> References { get; init; } = [];
}
