using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Map. There are no iterators in this language: keys, values and entries give plain lists.</summary>
internal static class MapLibrary
{
    public static readonly Members Methods = new(ObjectLibrary.Methods)
    {
        { "get", 1, (e, self, a) => Of(e, self).Find(e, a[0]) },
        {
            "set", 2, (e, self, a) =>
            {
                Of(e, self).Set(e, a[0], a[1]);
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
                table.Walk(e, (key, value) => e.Call(callback, a[1], [value, key, self]));
                return default;
            }
        },
        { "keys", 0, (e, self, _) => new JsArray(Of(e, self).List(e, (key, _) => key)) },
        { "values", 0, (e, self, _) => new JsArray(Of(e, self).List(e, (_, value) => value)) },
        { "entries", 0, (e, self, _) => new JsArray(Of(e, self).List(e, (key, value) => Lists.Pair(e, key, value))) },
    };

    public static readonly NativeFunction Constructor = new(
        "Map", 0, (e, _, _) => throw e.TypeError("Map 只能与 new 一起使用 (constructor Map requires 'new')"), construct: Construct, isInstance: v => v.Object is JsMap);

    private static EntryTable Of(Evaluation e, JsValue self) => (self.Object as JsMap)?.Table ?? throw e.TypeError("此方法只能用于 Map (this method works on a Map only)");

    private static JsValue Construct(Evaluation e, Arguments a)
    {
        e.Allocate(128);
        var map = new JsMap();
        foreach (var entry in a[0].IsNullish ? [] : Iteration.ToList(e, a[0]))
        {
            var (key, value) = Entry(e, entry);
            map.Table.Set(e, key, value);
        }

        return map;
    }

    /// <summary>Key and value of a [key, value] list. Throws a TypeError of the script for what is no object.</summary>
    public static (JsValue Key, JsValue Value) Entry(Evaluation e, JsValue entry) =>
        entry.Object is { } pair ? (pair.Get("0"), pair.Get("1")) : throw e.TypeError("需要 [键, 值] 列表 (not an entry object)");
}
