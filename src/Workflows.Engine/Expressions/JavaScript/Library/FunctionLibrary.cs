using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods of Function values.</summary>
internal static class FunctionLibrary
{
    public static readonly Members Methods = [];
}
