using Workflows.Recovery.Node;

/// <summary>
/// What the runtime calls before the first line of a program when DOTNET_STARTUP_HOOKS names this assembly: the same fault in the
/// real host, which itself knows nothing of tests.
/// </summary>
internal static class StartupHook
{
    public static void Initialize() => Fault.Install(Environment.GetEnvironmentVariable(Fault.Setting));
}
