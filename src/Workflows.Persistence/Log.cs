using Microsoft.Extensions.Logging;

namespace Workflows.Persistence;

/// <summary>Messages of this project; event ids 3000 to 3999.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Error, "The database refuses the change set of instance {InstanceId} by itself: {Error}")]
    public static partial void Poisoned(ILogger logger, string instanceId, string error);

    [LoggerMessage(3002, LogLevel.Error, "A group of {Members} change sets could not be committed")]
    public static partial void GroupFailed(ILogger logger, int members, Exception error);

    [LoggerMessage(3003, LogLevel.Warning, "A group of {Members} change sets is tried again (try {Attempt}): {Error}")]
    public static partial void GroupRetried(ILogger logger, int members, int attempt, string error);

    [LoggerMessage(3004, LogLevel.Warning, "The answer of a group commit was lost; it was {Found}")]
    public static partial void AnswerLost(ILogger logger, string found);

    [LoggerMessage(3010, LogLevel.Warning, "The database's clock could not be read; going on from the last reading")]
    public static partial void ClockNotRead(ILogger logger, Exception error);
}
