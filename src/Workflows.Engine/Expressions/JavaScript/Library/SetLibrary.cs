using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Set. There are no iterators in this language: keys, values and entries give plain lists.</summary>
internal static class SetLibrary
{
    public static readonly Members Methods = new(ObjectLibrary.Methods)
    {
        {
            "add", 1, (e, self, a) =>
            {
                Of(e, self).Set(e, a[0], a[0]);
                return self;
            }
        },
        { "has", 1, (e, self, a) => Of(e, self).Has(e, a[0]) },
        { "delete", 1, (e, self, a) => Of(e, self).Remove(e, a[0]) },
        {
            "clear", 0, (e, self, _) =>
            {
                Of(e, self).Clear(e);
                return default;
            }
        },
        {
            "forEach", 1, (e, self, a) =>
            {
                var table = Of(e, self);
                var callback = Lists.Callback(e, a[0]);
                table.Walk(e, (key, _) => e.Call(callback, a[1], [key, key, self]));
                return default;
            }
        },
        { "keys", 0, (e, self, _) => new JsArray(Of(e, self).List(e, (key, _) => key)) },
        { "values", 0, (e, self, _) => new JsArray(Of(e, self).List(e, (key, _) => key)) },
        { "entries", 0, (e, self, _) => new JsArray(Of(e, self).List(e, (key, _) => Lists.Pair(e, key, key))) },
    };

    public static readonly NativeFunction Constructor = new(
        "Set", 0, (e, _, _) => throw e.TypeError("Set 只能与 new 一起使用 (constructor Set requires 'new')"), construct: Construct, isInstance: v => v.Object is JsSet);

    private static EntryTable Of(Evaluation e, JsValue self) => (self.Object as JsSet)?.Table ?? throw e.TypeError("此方法只能用于 Set (this method works on a Set only)");

    private static JsValue Construct(Evaluation e, Arguments a)
    {
        e.Allocate(128);
        var set = new JsSet();
        foreach (var key in a[0].IsNullish ? [] : Iteration.ToList(e, a[0]))
            set.Table.Set(e, key, key);
        return set;
    }
}
