using System.Globalization;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests.Clock;

/// <summary>What begins on the first working day (catalogue 5.5) begins by the calendar: weekends, holidays, make-up days.</summary>
public sealed class WorkingDayTests
{
    [Theory]
    [InlineData("2026-12-01 09:00", "2026-12-01 09:00")]
    [InlineData("2026-12-01 07:00", "2026-12-01 09:00")]
    [InlineData("2026-12-01 10:30", "2026-12-01 10:30")]
    [InlineData("2026-11-01 09:00", "2026-11-02 09:00")]
    [InlineData("2026-10-01 09:00", "2026-10-08 09:00")]
    [InlineData("2026-10-09 19:00", "2026-10-09 19:00")]
    [InlineData("2026-10-10 08:00", "2026-10-10 09:00")]
    public void The_first_working_day_from_an_instant_on(string from, string expected)
    {
        var run = InMemoryRun.Of(new Flow(Sequence("s", Step("Clock.WorkingDay", "w", ("instant", Into("at"))), Step("Elsa.SetOutput", "o", ("outputName", "at"), ("outputValue", Variable("at", "DateTimeOffset")))))
            .With("at", null, "DateTimeOffset").WithOutput("at"));
        run.Now = Shop(from);

        run.Start();

        Assert.Equal(Shop(expected), DateTimeOffset.Parse((string)run.Instance.Output["at"]!, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_calendar_nobody_knows_is_an_incident()
    {
        var run = InMemoryRun.Of(new Flow(Step("Clock.WorkingDay", "w", ("calendar", "none"))));

        run.Start();

        Assert.Equal("no-calendar", run.Instance.Incidents.Single().Kind);
    }

    private static DateTimeOffset Shop(string text) => DateTimeOffset.ParseExact(text + " +08:00", "yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
}
