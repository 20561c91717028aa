using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods of functions. Function itself is there for instanceof; making functions from text is refused.</summary>
internal static class FunctionLibrary
{
    public static readonly Members Methods = new(ObjectLibrary.Methods)
    {
        { "call", 1, (e, self, a) => e.Call(Of(e, self), a[0], a.Count > 1 ? a.All[1..] : []) },
        { "apply", 2, (e, self, a) => e.Call(Of(e, self), a[0], List(e, a[1])) },
        { "bind", 1, (e, self, a) => Bind(e, Of(e, self), a) },
        { "toString", 0, (e, self, _) => Text(e, Of(e, self)) },
    };

    public static readonly NativeFunction Constructor = new(
        "Function", 1, (e, _, _) => throw NoCode(e), construct: (e, _) => throw NoCode(e), isInstance: v => v.Object is JsFunction);

    private static JsThrow NoCode(Evaluation e) => e.TypeError("不能由文字生成函数 (functions cannot be made from text)");

    private static JsFunction Of(Evaluation e, JsValue self) => self.Object as JsFunction ?? throw e.TypeError("此方法只能用于函数 (this method works on functions only)");

    private static JsValue[] List(Evaluation e, JsValue arguments) => arguments switch
    {
        { IsNullish: true } => [],
        { Object: JsArray list } => Lists.Filled(e, list),
        { IsObject: true } => ArrayLibrary.ArrayLike(e, arguments),
        _ => throw e.TypeError("apply 的参数必须是列表 (CreateListFromArrayLike called on non-object)"),
    };

    private static JsValue Bind(Evaluation e, JsFunction function, Arguments a)
    {
        e.AllocateElements(4L + a.Count);
        JsValue[] first = a.Count > 1 ? a.All[1..] : [];
        return function is JsBoundFunction bound ? bound.Bind(e, first) : new JsBoundFunction(function, a[0], first);
    }

    // The text of a script's function is not kept: it is shown as a built-in one.
    private static string Text(Evaluation e, JsFunction function)
    {
        var name = function is JsBoundFunction ? "" : function.Name;
        e.AllocateText(name.Length + 32);
        return $"function {name}() {{ [native code] }}";
    }
}
