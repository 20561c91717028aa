namespace Workflows.Recovery.Tests.Support;

/// <summary>
/// Tests with nodes inside the test process: fault points are one switch of the whole process, and the figures printed are
/// worth nothing beside other tests. Those whose nodes are processes of their own run side by side.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAtATime
{
    public const string Name = "one at a time";
}
