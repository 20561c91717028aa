using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Error and its kinds.</summary>
internal static class ErrorLibrary
{
    public static readonly Members Methods = new(ObjectLibrary.Methods) { { "toString", 0, (e, self, _) => Text(e, self) } };

    public static readonly NativeFunction Error = Constructor("Error");

    public static readonly NativeFunction EvalError = Constructor("EvalError");

    public static readonly NativeFunction RangeError = Constructor("RangeError");

    public static readonly NativeFunction ReferenceError = Constructor("ReferenceError");

    public static readonly NativeFunction SyntaxError = Constructor("SyntaxError");

    public static readonly NativeFunction TypeError = Constructor("TypeError");

    public static readonly NativeFunction UriError = Constructor("URIError");

    /// <summary>An error object with name and message.</summary>
    public static JsError Make(Evaluation e, string name, string message)
    {
        e.Allocate(128);
        var error = new JsError(name);
        error.SetUnlisted("message", message);
        return error;
    }

    /// <summary>"TypeError: what happened"; what error objects say as text.</summary>
    public static string Text(Evaluation e, JsValue self)
    {
        var error = self.Object ?? throw e.TypeError("此方法只能用于错误对象 (this method works on error objects only)");
        var name = error.Get("name") is { IsUndefined: false } given ? Conversion.ToText(e, given) : "Error";
        var message = error.Get("message") is { IsUndefined: false } said ? Conversion.ToText(e, said) : "";
        e.AllocateText(name.Length + message.Length);
        return name.Length == 0 ? message : message.Length == 0 ? name : $"{name}: {message}";
    }

    private static NativeFunction Constructor(string name) => new(
        name, 1, (e, _, a) => Construct(e, name, a), construct: (e, a) => Construct(e, name, a), isInstance: v => v.Object is JsError error && (name == "Error" || error.Type == name));

    private static JsError Construct(Evaluation e, string name, Arguments a)
    {
        e.Allocate(128);
        var error = new JsError(name);
        if (!a[0].IsUndefined)
            error.SetUnlisted("message", Conversion.ToText(e, a[0]));
        if (a[1].Object is { } options && options.TryGetOwn("cause", out var cause))
            error.SetUnlisted("cause", cause);
        return error;
    }
}
