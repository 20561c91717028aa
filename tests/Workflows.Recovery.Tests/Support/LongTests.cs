namespace Workflows.Recovery.Tests.Support;

/// <summary>Counts are small by default; WORKFLOWS_LONG_TESTS=1 takes the counts of the test plan.</summary>
internal static class LongTests
{
    public static bool Wanted => Environment.GetEnvironmentVariable("WORKFLOWS_LONG_TESTS") == "1";

    public static int Count(int usually, int wanted) => Wanted ? wanted : usually;
}
