using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Timers;

/// <summary>What the waits have in common: nothing to wait for completes at once, an instant beyond the calendar is refused.</summary>
internal static class Waiting
{
    public static void Until(ActivityContext context, TimeSpan span, string input)
    {
        if (span > DateTimeOffset.MaxValue - context.Now)
            throw new ActivityFailure("time-range", $"输入“{input}”的时长超出日历范围 (the time span leads beyond the calendar)");
        Until(context, context.Now + (span > TimeSpan.Zero ? span : TimeSpan.Zero));
    }

    public static void Until(ActivityContext context, DateTimeOffset instant)
    {
        if (instant <= context.Now)
            context.Complete();
        else
            context.WaitUntil(instant);
    }
}
