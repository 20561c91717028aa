using Microsoft.Extensions.Logging;

namespace Workflows.Engine.Runtime;

/// <summary>Every log message of the engine. 1000: runtime, 1100: loops.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Error, "The burst of instance {InstanceId} failed in the engine itself; the instance is set aside")]
    public static partial void BurstFailed(ILogger logger, string instanceId, Exception bug);

    [LoggerMessage(1002, LogLevel.Error, "The database refuses what instance {InstanceId} would store: {Reason}")]
    public static partial void Poisoned(ILogger logger, string instanceId, string reason);

    [LoggerMessage(1101, LogLevel.Error, "{Loop} failed; it goes on after a pause")]
    public static partial void LoopFailed(ILogger logger, string loop, Exception error);

    [LoggerMessage(1102, LogLevel.Warning, "Recovery went on with {Count} items that a crash had left behind")]
    public static partial void Recovered(ILogger logger, int count);

    [LoggerMessage(1103, LogLevel.Warning, "Effect {Key} ({Kind}) was given up after {Attempts} attempts: {Reason}")]
    public static partial void EffectGivenUp(ILogger logger, string key, string kind, int attempts, string reason);

    [LoggerMessage(1104, LogLevel.Warning, "No channel takes effects of kind {Kind}; {Key} waits for one")]
    public static partial void NoChannel(ILogger logger, string kind, string key);

    [LoggerMessage(1105, LogLevel.Error, "Timer {TimerId} of instance {InstanceId} could not be handled; its lease will offer it again")]
    public static partial void TimerFailed(ILogger logger, string timerId, string instanceId, Exception error);

    [LoggerMessage(1106, LogLevel.Error, "Effect {Key} could not be handled; its lease will offer it again")]
    public static partial void EffectFailed(ILogger logger, string key, Exception error);

    [LoggerMessage(1107, LogLevel.Error, "Instance {InstanceId} could not be recovered; the next round tries again")]
    public static partial void RecoveryFailed(ILogger logger, string instanceId, Exception error);

    [LoggerMessage(1108, LogLevel.Error, "Event {EventId} could not be delivered to {Receiver}; recovery repeats it")]
    public static partial void EventFailed(ILogger logger, string eventId, string receiver, Exception error);
}
