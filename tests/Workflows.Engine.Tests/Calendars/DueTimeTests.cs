using System.Globalization;
using System.Text.Json;
using Workflows.Engine.Calendars;

namespace Workflows.Engine.Tests.Calendars;

public sealed class DueTimeTests
{
    private static readonly WorkTime Office = new(ShippedCalendars.All.Single(c => c.Id == "office"));

    [Theory]
    // Three working days across National Day 2026, with the make-up Saturday of 10 October.
    [InlineData("2026-09-30 15:20", 3, TimeUnit.WorkingDays, "2026-10-10 18:00")]
    [InlineData("2026-09-30 15:20", 3, TimeUnit.WorkingHours, "2026-10-08 09:20")]
    [InlineData("2026-09-30 15:20", 3, TimeUnit.Days, "2026-10-03 15:20")]
    // Received on a make-up Sunday: a day of receipt like any other.
    [InlineData("2026-01-04 10:00", 1, TimeUnit.WorkingDays, "2026-01-05 18:00")]
    // Received on a Saturday: counts as received on Monday.
    [InlineData("2026-01-10 10:00", 1, TimeUnit.WorkingDays, "2026-01-13 18:00")]
    // After hours is still that day's receipt.
    [InlineData("2026-01-05 22:00", 1, TimeUnit.WorkingDays, "2026-01-06 18:00")]
    // Over the noon break.
    [InlineData("2026-01-05 11:30", 1, TimeUnit.WorkingHours, "2026-01-05 13:30")]
    [InlineData("2026-01-05 09:00", 8, TimeUnit.WorkingHours, "2026-01-05 18:00")]
    [InlineData("2026-01-05 09:00", 90, TimeUnit.Minutes, "2026-01-05 10:30")]
    public void Due_times_of_the_catalogue(string start, int amount, TimeUnit unit, string due) =>
        Assert.Equal(At(due), DueTimes.Of(Office, At(start), new TargetTime(amount, unit)).DueAt);

    [Theory]
    [InlineData("2026-11-11", 1, TimeUnit.Months, HolidayShift.None, "2026-10-11 18:00")]
    // 11 October 2026 is a Sunday; the day before is a make-up workday.
    [InlineData("2026-11-11", 1, TimeUnit.Months, HolidayShift.Previous, "2026-10-10 18:00")]
    [InlineData("2026-11-11", 2, TimeUnit.Weeks, HolidayShift.Previous, "2026-10-28 18:00")]
    [InlineData("2026-11-11", 1, TimeUnit.Days, HolidayShift.Previous, "2026-11-10 18:00")]
    [InlineData("2026-10-09", 2, TimeUnit.WorkingDays, HolidayShift.None, "2026-09-30 18:00")]
    [InlineData("2026-03-31", 1, TimeUnit.Months, HolidayShift.None, "2026-02-28 18:00")]
    public void Deadlines_before_an_anchor_date(string anchor, int amount, TimeUnit unit, HolidayShift shift, string due)
    {
        var target = new TargetTime(amount, unit) { Anchor = At(anchor + " 00:00"), AnchorIsDate = true, Shift = shift };

        Assert.Equal(At(due), DueTimes.Of(Office, At("2026-01-01 09:00"), target).DueAt);
    }

    [Theory]
    [InlineData("1:00:00.395", "1小时", "1 h")]
    [InlineData("1:05:59.999", "1小时5分", "1 h 5 min")]
    [InlineData("0:00:20.395", "20秒", "20 s")]
    [InlineData("0:00:00.020", "1秒", "1 s")]
    public void How_late_something_was_is_told_in_whole_minutes_and_in_seconds_below_one(string late, string zh, string en)
    {
        var span = TimeSpan.Parse(late, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal((zh, en), (Workflows.Engine.Calendars.Explaining.DueText.Late(span), Workflows.Engine.Calendars.Explaining.DueText.LateEn(span)));
    }

    [Fact]
    public void What_is_late_at_the_start_is_said_so()
    {
        var target = new TargetTime(1, TimeUnit.Months) { Anchor = At("2026-11-11 00:00"), AnchorIsDate = true };

        var due = DueTimes.Of(Office, At("2026-10-12 09:00"), target);

        Assert.Equal(TimeSpan.Zero, due.Total);
        Assert.Equal("开始时已经过期 15小时", due.Lines[^1].Zh);
        Assert.Equal("already late by 15 h at the start", due.Lines[^1].En);
    }

    [Fact]
    public void An_explanation_reads_line_by_line()
    {
        var due = DueTimes.Of(Office, At("2026-09-30 15:20"), new TargetTime(12, TimeUnit.WorkingHours), [new PauseSpan(At("2026-09-30 17:00"), At("2026-10-08 10:00"), "等待客户")]);

        Assert.Equal(
            [
                "开始 2026-09-30 周三 15:20",
                "2026-09-30 周三 15:20–17:00 工作日，计 1小时40分",
                "2026-09-30 周三 17:00 至 2026-10-08 周四 10:00 暂停（等待客户），其中应计 2小时，顺延",
                "2026-10-08 周四 10:00–24:00 工作日，计 7小时",
                "2026-10-09 周五 00:00–13:20 工作日，计 3小时20分",
                "截止 2026-10-09 周五 13:20",
            ],
            due.Lines.Select(l => l.Zh));
        Assert.Equal("Wed 2026-09-30 15:20–17:00, a workday, counts 1 h 40 min", due.Lines[1].En);
    }

    [Fact]
    public void A_year_without_data_is_named_and_never_silently_plain()
    {
        var due = DueTimes.Of(Office, At("2026-12-31 10:00"), new TargetTime(2, TimeUnit.WorkingDays));

        Assert.True(due.IsProvisional);
        Assert.Contains("暂定", due.Lines[^1].Zh, StringComparison.Ordinal);
        Assert.False(DueTimes.Of(Office, At("2026-12-30 10:00"), new TargetTime(1, TimeUnit.WorkingDays)).IsProvisional);
    }

    [Theory]
    [InlineData(0, TimeUnit.Hours)]
    [InlineData(-1, TimeUnit.Hours)]
    [InlineData(1, TimeUnit.Months)]
    [InlineData(200_000, TimeUnit.Hours)]
    public void A_target_that_means_nothing_is_refused(int amount, TimeUnit unit) =>
        Assert.Throws<ArgumentException>(() => DueTimes.Of(Office, At("2026-01-05 09:00"), new TargetTime(amount, unit)));

    [Theory]
    [InlineData(2025, 28, 5)]
    [InlineData(2026, 33, 6)]
    public void The_shipped_years_are_whole(int year, int off, int work)
    {
        var data = ShippedCalendars.Years.Single(y => y.Year == year);

        Assert.Equal(off, data.Off.Sum(s => s.To.DayNumber - s.From.DayNumber + 1));
        Assert.Equal(work, data.Work.Sum(s => s.To.DayNumber - s.From.DayNumber + 1));
        Assert.Null(CalendarFile.Fault(data));
        // Make-up workdays fall on weekends, or they would make up for nothing.
        Assert.All(data.Work, s => Assert.True(s.From.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday));
    }

    [Fact]
    public void Calendars_read_back_as_written()
    {
        foreach (var calendar in ShippedCalendars.All)
        {
            Assert.Null(CalendarFile.Fault(calendar));
            Assert.Equal(CalendarFile.Write(calendar), CalendarFile.Write(CalendarFile.Read(CalendarFile.Write(calendar))));
        }

        Assert.Contains("08:00-26:00", CalendarFile.Write(ShippedCalendars.All[2]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"year":2027,"source":"通知","off":[],"work":[]}""")]
    [InlineData("""{"year":2027,"source":"","off":[{"from":"2027-01-01","to":"2027-01-01","name":"元旦"}],"work":[]}""")]
    [InlineData("""{"year":2027,"source":"通知","off":[{"from":"2026-12-31","to":"2027-01-01","name":"元旦"}],"work":[]}""")]
    [InlineData("""{"year":2027,"source":"通知","off":[{"from":"2027-01-02","to":"2027-01-01","name":"元旦"}],"work":[]}""")]
    [InlineData("""{"year":2027,"source":"通知","off":[{"from":"2027-01-01","to":"2027-01-01","name":"元旦"}],"work":[{"from":"2027-01-01","to":"2027-01-01","name":"元旦"}]}""")]
    public void A_year_that_cannot_be_right_is_refused(string json) => Assert.NotNull(CalendarFile.Fault(CalendarFile.ReadYear(json)));

    [Fact]
    public void Hours_that_are_no_hours_are_refused() =>
        Assert.Throws<JsonException>(() => CalendarFile.Read("""{"id":"x","name":"x","kind":"Shift","week":{"Monday":["9-12"]}}"""));

    [Fact]
    public void A_night_shift_belongs_to_the_day_it_began()
    {
        var shift = new WorkTime(ShippedCalendars.All.Single(c => c.Id == "service-shift"));

        // Friday's shift ends at two on Saturday.
        Assert.Equal(At("2026-01-10 02:00"), DueTimes.Of(shift, At("2026-01-08 12:00"), new TargetTime(1, TimeUnit.WorkingDays)).DueAt);
        Assert.Equal(TimeSpan.FromHours(2), shift.Between(At("2026-01-10 00:00"), At("2026-01-10 08:00")));
    }

    internal static DateTimeOffset At(string local) => new(DateTime.Parse(local, CultureInfo.InvariantCulture), TimeSpan.FromHours(8));
}
