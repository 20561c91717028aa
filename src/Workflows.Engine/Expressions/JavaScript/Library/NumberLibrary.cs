using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods of Number values.</summary>
internal static class NumberLibrary
{
    public static readonly Members Methods = [];
}
