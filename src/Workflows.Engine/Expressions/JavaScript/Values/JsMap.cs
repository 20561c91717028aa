using Workflows.Engine.Expressions.JavaScript.Library;

namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>A Map of a script. It has no JSON form: outside it is an empty object, as JSON.stringify has it.</summary>
internal sealed class JsMap : JsObject
{
    public EntryTable Table { get; } = new();

    public override string Kind => "Map";

    public override Members Library => MapLibrary.Methods;

    public override JsValue Get(string key) => key == "size" ? Table.Count : base.Get(key);
}
