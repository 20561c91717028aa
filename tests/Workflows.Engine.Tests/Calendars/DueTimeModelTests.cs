using Workflows.Engine.Calendars;

namespace Workflows.Engine.Tests.Calendars;

/// <summary>Generated questions against the minute-by-minute model.</summary>
public sealed class DueTimeModelTests
{
    private const int Questions = 3_000;
    private const int Seed = 20_260_101;

    [Fact]
    public void Every_due_time_is_the_model_s_and_every_explanation_adds_up()
    {
        var random = new Random(Seed);
        var calendars = ShippedCalendars.All.ToDictionary(c => c.Id, c => new WorkTime(c));
        var asked = new Dictionary<string, int>();
        for (var n = 0; n < Questions; n++)
        {
            var id = calendars.Keys.ElementAt(random.Next(calendars.Count));
            var (time, model) = (calendars[id], new MinuteModel(id));
            var target = Target(random);
            // From the autumn of 2024, which has no data, to the end of 2026, and often just before a holiday or a year's end.
            var start = Start(random);
            var pauses = new List<(long From, long To)>();
            for (var left = random.Next(4); left > 0; left--)
            {
                var due = Expected(model, target, start, pauses);
                var from = pauses.Count > 0 ? pauses[^1].To : start;
                if (due - from < 2)
                    break;
                var begin = from + random.NextInt64(due - from);
                pauses.Add((begin, begin + random.NextInt64(1, 6_000)));
            }

            var expected = MinuteModel.Instant(Expected(model, target, start, pauses));
            var answer = DueTimes.Of(time, MinuteModel.Instant(start), target, [.. pauses.Select(p => new PauseSpan(MinuteModel.Instant(p.From), MinuteModel.Instant(p.To), "等待客户"))]);

            var question = $"seed {Seed}, question {n}: {id}, {target.Amount} {target.Unit} from {MinuteModel.Instant(start):O}, {pauses.Count} pauses\n{string.Join('\n', answer.Lines.Select(l => l.Zh))}";
            Assert.True(expected == answer.DueAt, $"{question}\nexpected {expected:O}, got {answer.DueAt:O}");
            RequireSum(answer, target, MinuteModel.Instant(start), question);
            RequireTruthAboutYears(answer, id, target, MinuteModel.Instant(start), question);
            asked[$"{id} {target.Unit}"] = asked.GetValueOrDefault($"{id} {target.Unit}") + 1;
        }

        Assert.Equal(15, asked.Count);
    }

    [Fact]
    public void A_percentage_of_a_working_target_is_the_model_s_minute()
    {
        var random = new Random(Seed + 1);
        var time = new WorkTime(ShippedCalendars.All.Single(c => c.Id == "office"));
        var model = new MinuteModel("office");
        for (var n = 0; n < 500; n++)
        {
            var target = new TargetTime(random.Next(1, 60), TimeUnit.WorkingHours);
            var start = Start(random);
            var percent = random.Next(1, 30) * 10;
            var answer = DueTimes.Of(time, MinuteModel.Instant(start), target);

            var at = DueTimes.After(time, target, MinuteModel.Instant(start), answer.Total * percent / 100, []);

            Assert.Equal(MinuteModel.Instant(model.DueAfterMinutes(start, (long)target.Amount * 60 * percent / 100, working: true, [])), at);
        }
    }

    private static long Expected(MinuteModel model, TargetTime target, long start, List<(long From, long To)> pauses) => target.Unit switch
    {
        TimeUnit.WorkingDays => model.DueAfterDays(start, (int)target.Amount, pauses),
        TimeUnit.WorkingHours => model.DueAfterMinutes(start, (long)target.Amount * 60, working: true, pauses),
        TimeUnit.Days => model.DueAfterMinutes(start, (long)target.Amount * 1440, working: false, pauses),
        TimeUnit.Hours => model.DueAfterMinutes(start, (long)target.Amount * 60, working: false, pauses),
        _ => model.DueAfterMinutes(start, (long)target.Amount, working: false, pauses),
    };

    private static TargetTime Target(Random random) => random.Next(5) switch
    {
        0 => new TargetTime(random.Next(1, 600), TimeUnit.Minutes),
        1 => new TargetTime(random.Next(1, 100), TimeUnit.Hours),
        2 => new TargetTime(random.Next(1, 20), TimeUnit.Days),
        3 => new TargetTime(random.Next(1, 90), TimeUnit.WorkingHours),
        _ => new TargetTime(random.Next(1, 13), TimeUnit.WorkingDays),
    };

    private static long Start(Random random)
    {
        string[] near = ["2024-12-30", "2025-01-24", "2025-02-07", "2025-04-25", "2025-09-26", "2025-12-30", "2026-01-02", "2026-02-12", "2026-05-08", "2026-09-18", "2026-09-30", "2026-12-20", "2026-12-31"];
        var day = random.Next(2) == 0
            ? DateTime.Parse(near[random.Next(near.Length)], System.Globalization.CultureInfo.InvariantCulture).AddDays(random.Next(4))
            : new DateTime(2024, 9, 1).AddDays(random.Next(850));
        var minute = random.Next(4) == 0 ? new[] { 0, 540, 720, 780, 1080, 1439, 480, 120 }[random.Next(8)] : random.Next(1440);
        return MinuteModel.Minute(new DateTimeOffset(day.AddMinutes(minute), TimeSpan.FromHours(8)));
    }

    /// <summary>From start to due without a gap; what counts is the target; what was paused is what was added.</summary>
    private static void RequireSum(DueTime answer, TargetTime target, DateTimeOffset start, string question)
    {
        var days = target.Unit == TimeUnit.WorkingDays;
        var at = start;
        foreach (var line in answer.Lines.Where(l => l.Kind is DueLineKind.Counted or DueLineKind.Off or DueLineKind.Extension || (l.Kind == DueLineKind.Paused && !days)))
        {
            Assert.True(line.From == at, $"{question}\na gap before: {line.Zh}");
            at = line.To;
        }

        Assert.True(at == answer.DueAt, $"{question}\nthe lines end at {at:O}");
        TimeSpan Sum(DueLineKind kind) => TimeSpan.FromTicks(answer.Lines.Where(l => l.Kind == kind).Sum(l => l.Counted.Ticks));
        if (days)
        {
            Assert.True(answer.Lines.Where(l => l.Kind == DueLineKind.Counted).Sum(l => l.Days) == target.Amount, question);
            Assert.True(Sum(DueLineKind.Paused) == Sum(DueLineKind.Extension), question);
        }
        else
        {
            Assert.True(Sum(DueLineKind.Counted) == answer.Total, question);
        }

        Assert.Equal(DueLineKind.Start, answer.Lines[0].Kind);
        Assert.Equal(DueLineKind.Due, answer.Lines[^1].Kind);
        Assert.All(answer.Lines, l => Assert.False(string.IsNullOrWhiteSpace(l.Zh) || string.IsNullOrWhiteSpace(l.En)));
    }

    private static void RequireTruthAboutYears(DueTime answer, string id, TargetTime target, DateTimeOffset start, string question)
    {
        var (first, last) = (start.ToOffset(TimeSpan.FromHours(8)).Year, answer.DueAt.ToOffset(TimeSpan.FromHours(8)).Year);
        var unknown = id == "office" && target.Unit is TimeUnit.WorkingDays or TimeUnit.WorkingHours && id == "office" && (first < 2025 || last > 2026);
        Assert.True(unknown == answer.IsProvisional, question);
        Assert.Equal(unknown, answer.Lines[^1].Zh.Contains("暂定", StringComparison.Ordinal));
    }
}
