using System.Globalization;
using Workflows.Engine.Timers;

namespace Workflows.Activities.Tests.Timers;

public sealed class CronExpressionTests
{
    [Theory]
    [InlineData("0 0 9 * * *", "2026-03-02T08:59:59Z", "2026-03-02T09:00:00Z")]
    [InlineData("0 0 9 * * *", "2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z")]
    [InlineData("*/15 * * * * *", "2026-03-02T09:00:01Z", "2026-03-02T09:00:15Z")]
    [InlineData("*/15 * * * *", "2026-03-02T09:00:01Z", "2026-03-02T09:15:00Z")]
    [InlineData("0 30 8-10/2 * * MON-FRI", "2026-03-06T08:30:00Z", "2026-03-06T10:30:00Z")]
    [InlineData("0 30 8-10/2 * * MON-FRI", "2026-03-06T10:30:00Z", "2026-03-09T08:30:00Z")]
    [InlineData("0 0 0 29 FEB ?", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 0 L * ?", "2026-02-10T00:00:00Z", "2026-02-28T00:00:00Z")]
    [InlineData("0 0 0 L-2 * ?", "2026-02-10T00:00:00Z", "2026-02-26T00:00:00Z")]
    [InlineData("0 0 0 15W * ?", "2026-08-01T00:00:00Z", "2026-08-14T00:00:00Z")]
    [InlineData("0 0 0 LW * ?", "2026-05-01T00:00:00Z", "2026-05-29T00:00:00Z")]
    [InlineData("0 0 12 ? * 5#2", "2026-03-01T00:00:00Z", "2026-03-13T12:00:00Z")]
    [InlineData("0 0 12 ? * FRIL", "2026-03-01T00:00:00Z", "2026-03-27T12:00:00Z")]
    [InlineData("0 0 0 13 * FRI", "2026-03-01T00:00:00Z", "2026-03-06T00:00:00Z")]
    [InlineData("0 0 0 ? * 7", "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z")]
    [InlineData("0 0 0 ? * 6-7", "2026-03-08T00:00:00Z", "2026-03-14T00:00:00Z")]
    [InlineData("0 0 22-2 * * ?", "2026-03-02T00:30:00Z", "2026-03-02T01:00:00Z")]
    [InlineData("10/20 * * * * *", "2026-03-02T00:00:31Z", "2026-03-02T00:00:50Z")]
    [InlineData("0 0 0 1 1,7 *", "2026-03-02T00:00:00Z", "2026-07-01T00:00:00Z")]
    public void The_next_instant_follows_the_fields(string text, string after, string expected)
    {
        Assert.True(CronExpression.TryParse(text, out var cron, out var error), error);
        Assert.Equal(At(expected), cron.Next(At(after)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * *")]
    [InlineData("60 * * * * *")]
    [InlineData("0 0 24 * * *")]
    [InlineData("0 0 0 0 * *")]
    [InlineData("0 0 0 * 13 *")]
    [InlineData("0 0 0 * FOO *")]
    [InlineData("0 0 0 ? * 8")]
    [InlineData("0 0 0 ? * 5#6")]
    [InlineData("0 */0 * * * *")]
    [InlineData("0 1-2-3 * * * *")]
    [InlineData("0 , * * * *")]
    public void What_is_no_expression_is_refused_with_a_reason(string text)
    {
        Assert.False(CronExpression.TryParse(text, out _, out var error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void A_date_that_never_comes_has_no_next_instant()
    {
        Assert.True(CronExpression.TryParse("0 0 0 31 2 ?", out var cron, out _));
        Assert.Null(cron.Next(At("2026-03-01T00:00:00Z")));
    }

    [Fact]
    public void Fields_mean_the_clock_of_the_zone()
    {
        var beijing = TimeZoneInfo.CreateCustomTimeZone("Beijing", TimeSpan.FromHours(8), "Beijing", "Beijing");
        Assert.True(CronExpression.TryParse("0 0 9 * * *", out var cron, out _));
        Assert.Equal(At("2026-03-02T01:00:00Z"), cron.Next(At("2026-03-02T00:00:00Z"), beijing));
    }

    [Fact]
    public void An_hour_the_clock_skips_or_repeats_counts_once()
    {
        var summer = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 29),
            TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 25));
        var zone = TimeZoneInfo.CreateCustomTimeZone("Z", TimeSpan.FromHours(1), "Z", "Z", "Z summer", [summer]);
        Assert.True(CronExpression.TryParse("0 30 2 * * *", out var cron, out _));

        Assert.Equal(At("2026-03-29T01:00:00Z"), cron.Next(At("2026-03-28T12:00:00Z"), zone));
        var twice = cron.Next(At("2026-10-24T12:00:00Z"), zone);
        Assert.Equal(At("2026-10-25T00:30:00Z"), twice);
        Assert.Equal(At("2026-10-26T01:30:00Z"), cron.Next(twice!.Value, zone));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
