using Workflows.Engine.Expressions.JavaScript.Library;

namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>A Set of a script. It has no JSON form: outside it is an empty object, as JSON.stringify has it.</summary>
internal sealed class JsSet : JsObject
{
    public EntryTable Table { get; } = new();

    public override string Kind => "Set";

    public override Members Library => SetLibrary.Methods;

    public override JsValue Get(string key) => key == "size" ? Table.Count : base.Get(key);
}
