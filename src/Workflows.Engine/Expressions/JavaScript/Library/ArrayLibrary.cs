using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods of Array values.</summary>
internal static class ArrayLibrary
{
    public static readonly Members Methods = [];
}
