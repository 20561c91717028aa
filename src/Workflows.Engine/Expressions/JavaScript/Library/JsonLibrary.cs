using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>JSON: parse, no deeper than the 64 levels that data may have anywhere in the engine, and stringify.</summary>
internal static class JsonLibrary
{
    public static readonly NativeObject Json = new("JSON", new Members
    {
        { "parse", 2, Parse },
        { "stringify", 3, (e, _, a) => JsonWriter.Write(e, a[0], a[1], a[2]) },
    });

    private static JsValue Parse(Evaluation e, JsValue self, Arguments a)
    {
        var value = new JsonReader(e, Conversion.ToText(e, a[0])).Read();
        if (a[1].Object is not JsFunction reviver)
            return value;
        var holder = new JsObject();
        holder.Set(e, "", value);
        return Revive(e, reviver, holder, "", 0);
    }

    private static JsValue Revive(Evaluation e, JsFunction reviver, JsObject holder, string key, int depth)
    {
        // What was parsed is no deeper than 64; a reviver that hangs its own data into it could go on for ever.
        if (depth > 2 * JsonReader.MaxDepth)
            throw JsonReader.TooDeep();
        e.Step();
        var value = holder.Get(key);
        if (value.Object is { } inner and not JsFunction)
        {
            IReadOnlyList<string> keys = inner is JsArray list ? [.. Enumerable.Range(0, Counted(e, list)).Select(i => NumberText.Of(i))] : inner.OwnKeys();
            e.AllocateElements(keys.Count);
            foreach (var name in keys)
            {
                var revived = Revive(e, reviver, inner, name, depth + 1);
                if (revived.IsUndefined)
                    inner.Delete(e, name);
                else
                    inner.Set(e, name, revived);
            }
        }

        return e.Call(reviver, holder, [key, value]);
    }

    private static int Counted(Evaluation e, JsArray list)
    {
        e.AllocateElements(3L * list.Length);
        return list.Length;
    }
}
