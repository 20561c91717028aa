using Workflows.Engine.Expressions.JavaScript.Library;

namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>A Date of a script.</summary>
internal sealed class JsDate(double time) : JsObject
{
    /// <summary>Milliseconds since 1970 in UTC; NaN is an invalid date.</summary>
    public double Time { get; set; } = time;

    public override string Kind => "Date";

    public override Members Library => DateLibrary.Methods;
}
