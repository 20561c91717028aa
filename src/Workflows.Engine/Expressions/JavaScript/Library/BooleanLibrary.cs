using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Boolean(x) and the methods of true and false. There are no wrapper objects: new Boolean is refused.</summary>
internal static class BooleanLibrary
{
    public static readonly Members Methods = new(ObjectLibrary.Methods)
    {
        { "toString", 0, (e, self, _) => Of(e, self) ? "true" : "false" },
        { "valueOf", 0, (e, self, _) => Of(e, self) },
    };

    public static readonly NativeFunction Constructor = new("Boolean", 1, (_, _, a) => Conversion.ToBoolean(a[0]), isInstance: _ => false);

    private static bool Of(Evaluation e, JsValue self) => self.IsBoolean ? self.Boolean : throw e.TypeError("此方法只能用于 true 和 false (this method works on booleans only)");
}
