using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

// These make the compiler build until their own files arrive: remove each when its file lands.
internal static class JsRegex
{
    public static JsValue Of(Evaluation e, string source, string flags) => throw e.SyntaxError(source + flags);
}
