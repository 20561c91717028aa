namespace Workflows.Testing;

/// <summary>What a test needs and the machine lacks: a visible skip for a person, a failure in CI ("green" is never "not run").</summary>
public static class Missing
{
    /// <summary>xunit counts an exception whose message begins so as a skip.</summary>
    private const string SkipMark = "$XunitDynamicSkip$";

    public static Exception Tool(string reason) =>
        new InvalidOperationException(Environment.GetEnvironmentVariable("CI") == "true" ? reason : SkipMark + reason);
}
