namespace Workflows.Engine.Execution;

/// <summary>
/// Runs bursts: pure computation over definition, state and the request. It does no I/O, reads no clock and draws no random
/// number, so a rehearsal runs exactly what production runs.
/// </summary>
public static class Interpreter
{
    /// <summary>Runs one burst. Changes <see cref="BurstRequest.Instance"/> in place; the caller commits the result or throws both away.</summary>
    public static BurstResult Run(BurstRequest request) => new Burst(request).Run();
}
