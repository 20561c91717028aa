namespace Workflows.Engine.Expressions.JavaScript;

/// <summary>
/// How much one evaluation may use. They are seen inside the built-in functions too, so that one call cannot hang the host
/// or exhaust its memory; exceeding one is an <see cref="ExpressionError"/> that names it and cannot be caught by the script.
/// </summary>
/// <param name="Time">Longest wall-clock time.</param>
/// <param name="Steps">Loop rounds, calls and elements handled by built-ins.</param>
/// <param name="CallDepth">Calls inside calls.</param>
/// <param name="Bytes">Text, list and object memory allocated in the whole evaluation.</param>
/// <param name="RegexTime">Longest time of one regular expression match.</param>
public sealed record ScriptLimits(TimeSpan Time, long Steps, int CallDepth, long Bytes, TimeSpan RegexTime)
{
    /// <summary>Those of design section 9: 250 ms, call depth 200, 32 MB, 100 ms per regular expression.</summary>
    public static ScriptLimits Default { get; } = new(TimeSpan.FromMilliseconds(250), 20_000_000, 200, 32L * 1024 * 1024, TimeSpan.FromMilliseconds(100));
}
