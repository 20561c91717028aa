using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods of String values.</summary>
internal static class StringLibrary
{
    public static readonly Members Methods = [];
}
