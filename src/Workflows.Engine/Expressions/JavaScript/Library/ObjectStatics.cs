using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Object.keys, Object.assign, Object.freeze and the like.</summary>
internal static class ObjectStatics
{
    public static readonly Members Methods = new()
    {
        { "keys", 1, (e, _, a) => List(e, a[0], (key, _) => key) },
        { "values", 1, (e, _, a) => List(e, a[0], (_, value) => value) },
        { "entries", 1, (e, _, a) => List(e, a[0], (key, value) => Lists.Pair(e, key, value)) },
        { "getOwnPropertyNames", 1, (e, _, a) => Names(e, a[0]) },
        { "assign", 2, Assign },
        { "fromEntries", 1, (e, _, a) => FromEntries(e, a[0]) },
        { "is", 2, (e, _, a) => Is(e, a[0], a[1]) },
        { "hasOwn", 2, (e, _, a) => ObjectLibrary.HasOwn(e, ObjectLibrary.Defined(e, a[0]), Conversion.ToKey(e, a[1])) },
        { "freeze", 1, (e, _, a) => Change(e, a[0], held => held.Freeze()) },
        { "seal", 1, (e, _, a) => Change(e, a[0], held => held.Seal()) },
        { "preventExtensions", 1, (e, _, a) => Change(e, a[0], held => held.Close()) },
        { "isFrozen", 1, (_, _, a) => a[0].Object is not { } held || held.IsFrozen || (held.IsClosed && IsEmpty(held)) },
        { "isSealed", 1, (_, _, a) => a[0].Object is not { } held || held.IsSealed || (held.IsClosed && IsEmpty(held)) },
        { "isExtensible", 1, (_, _, a) => a[0].Object is { IsClosed: false } },
    };

    private static JsArray List(Evaluation e, JsValue source, Func<string, JsValue, JsValue> element)
    {
        var keys = ObjectLibrary.Keys(e, source);
        e.AllocateElements(keys.Count);
        return new JsArray([.. keys.Select(key => element(key, ObjectLibrary.ValueOf(source, key)))]);
    }

    private static JsArray Names(Evaluation e, JsValue source)
    {
        var names = ObjectLibrary.Keys(e, source);
        IEnumerable<string> unlisted = source switch
        {
            { Object: JsArray } or { IsText: true } => ["length"],
            { Object: JsFunction } => ["length", "name"],
            { Object: JsError error } => error.Unlisted,
            _ => [],
        };
        e.AllocateElements(names.Count);
        return new JsArray([.. names.Concat(unlisted).Select(name => JsValue.Of(name))]);
    }

    private static JsValue Assign(Evaluation e, JsValue self, Arguments a)
    {
        var target = ObjectLibrary.Defined(e, a[0]);
        for (var i = 1; i < a.Count; i++)
        {
            if (a[i].IsNullish)
                continue;
            foreach (var key in ObjectLibrary.Keys(e, a[i]))
            {
                var held = target.Object ?? throw e.TypeError("只能给对象添加属性 (properties can be assigned to objects only)");
                held.Set(e, key, ObjectLibrary.ValueOf(a[i], key));
            }
        }

        return target;
    }

    private static JsObject FromEntries(Evaluation e, JsValue source)
    {
        e.Allocate(64);
        var result = new JsObject();
        foreach (var entry in Iteration.ToList(e, source))
        {
            var (key, value) = MapLibrary.Entry(e, entry);
            result.Set(e, Conversion.ToKey(e, key), value);
        }

        return result;
    }

    private static JsValue Is(Evaluation e, JsValue left, JsValue right)
    {
        Lists.Look(e, left);
        return Conversion.SameValue(left, right);
    }

    private static JsValue Change(Evaluation e, JsValue value, Action<JsObject> change)
    {
        if (value.Object is { } held)
        {
            e.Step(held is JsArray list ? list.Length : 1);
            change(held);
        }

        return value;
    }

    private static bool IsEmpty(JsObject held) => held is not JsArray and not JsFunction and not JsError && held.OwnKeys().Count == 0;
}
