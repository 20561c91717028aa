using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Workflow;

/// <summary>"variables": every variable in sight as a property. A name that is no variable is an error, not undefined.</summary>
internal sealed class VariablesObject(WorkflowData data, Evaluation evaluation) : JsObject
{
    public override JsValue Get(string key) =>
        TryGetOwn(key, out var value) ? value : Members.OfObject.FindOrHole(key) is { IsHole: false } method ? method : throw data.NoVariable(key);

    public override bool TryGetOwn(string key, out JsValue value) => data.TryGet(key, out value);

    public override void Set(Evaluation e, string key, JsValue value)
    {
        if (!data.TrySet(key, value))
            throw data.NoVariable(key);
    }

    public override bool Delete(Evaluation e, string key) => throw e.TypeError("变量不能删除 (a variable cannot be deleted)");

    public override IReadOnlyList<string> OwnKeys() => [.. evaluation.Scope.Names.Distinct().Where(n => data.TryGet(n, out _))];

    public override void Freeze()
    {
    }
}
