using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Workflow;

/// <summary>
/// The workflow's data as one evaluation sees it. The same variable is the same object all through the evaluation; one that
/// was changed from inside (variables.Items.push(x)) is stored when the script has ended.
/// </summary>
internal sealed class WorkflowData(Evaluation evaluation)
{
    // A script names few of them: a list is cheaper than a table.
    private readonly List<Handed> _variables = [];
    private List<Handed>? _inputs;

    /// <summary>"variables" as scripts see it.</summary>
    public VariablesObject Variables => field ??= new VariablesObject(this, evaluation);

    private IExpressionScope Scope => evaluation.Scope;

    /// <summary>Value of a variable; false when there is none of this name.</summary>
    public bool TryGet(string name, out JsValue value)
    {
        foreach (var known in _variables)
        {
            if (known.Name == name)
            {
                value = known.Value;
                return true;
            }
        }

        value = default;
        if (!Scope.TryGetVariable(name, out var node))
            return false;
        var origin = new Origin();
        value = JsonData.In(node, origin);
        if (value.IsObject)
            _variables.Add(new Handed(name, value, origin));
        return true;
    }

    /// <summary>Sets a variable at once; false when there is none of this name.</summary>
    public bool TrySet(string name, JsValue value)
    {
        if (!Scope.TrySetVariable(name, JsonData.Out(evaluation, value)))
            return false;
        _variables.RemoveAll(v => v.Name == name);
        // What was put in may be changed after: it then belongs to the variable.
        if (value.Object is { } held)
            _variables.Add(new Handed(name, value, held.Origin ?? new Origin { IsChanged = true }));
        return true;
    }

    public bool TryGetInput(string name, out JsValue value)
    {
        foreach (var known in _inputs ?? [])
        {
            if (known.Name == name)
            {
                value = known.Value;
                return true;
            }
        }

        value = default;
        if (!Scope.TryGetInput(name, out var node))
            return false;
        value = JsonData.In(node, null);
        (_inputs ??= []).Add(new Handed(name, value, null));
        return true;
    }

    public bool TryGetOutput(string activity, string? output, out JsValue value)
    {
        var found = Scope.TryGetOutput(activity, output, out var node);
        value = found ? JsonData.In(node, null) : default;
        return found;
    }

    /// <summary>Stores the variables that were changed from inside.</summary>
    public void StoreChanges()
    {
        foreach (var (name, value, origin) in _variables)
        {
            if (origin!.IsChanged)
                Scope.TrySetVariable(name, JsonData.Out(evaluation, value));
        }
    }

    /// <summary>The error for a variable that does not exist, with the nearest that does.</summary>
    public JsThrow NoVariable(string name) => evaluation.ReferenceError(
        NearestName.Of(name, Scope.Names) is { } near
            ? $"没有名为“{name}”的变量，是否要写“{near}”？ (no variable '{name}'; did you mean '{near}'?)"
            : $"没有名为“{name}”的变量 (no variable '{name}'); {string.Join(", ", Scope.Names.Distinct().Take(20))}");

    private readonly record struct Handed(string Name, JsValue Value, Origin? Origin);
}
