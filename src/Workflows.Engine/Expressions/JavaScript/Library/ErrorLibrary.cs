using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Error and its kinds.</summary>
internal static class ErrorLibrary
{
    /// <summary>An error object with name and message.</summary>
    public static JsObject Make(Evaluation e, string name, string message)
    {
        var error = new JsObject();
        error.Set(e, "name", name);
        error.Set(e, "message", message);
        return error;
    }
}
