using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Methods of Object values.</summary>
internal static class ObjectLibrary
{
    public static readonly Members Methods = [];
}
