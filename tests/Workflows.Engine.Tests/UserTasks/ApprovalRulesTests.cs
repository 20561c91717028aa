using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Tests.UserTasks;

/// <summary>
/// Rounds are written as words: "a b c" asks three; acts are "a+" (agrees), "a-" (refuses), "x&lt;a" (a adds x before), "x&gt;a"
/// (after), "x|a" (beside), "!x" (x is taken out).
/// </summary>
public sealed class ApprovalRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(ApprovalMode.Any, "a b c", "", "open: a b c")]
    [InlineData(ApprovalMode.Any, "a b c", "b+", "Approved")]
    [InlineData(ApprovalMode.Any, "a b c", "b-", "Rejected")]
    [InlineData(ApprovalMode.All, "a b c", "a+ c+", "open: b")]
    [InlineData(ApprovalMode.All, "a b c", "a+ c+ b+", "Approved")]
    [InlineData(ApprovalMode.All, "a b c", "a+ b-", "Rejected")]
    [InlineData(ApprovalMode.Sequential, "a b c", "", "open: a")]
    [InlineData(ApprovalMode.Sequential, "a b c", "a+", "open: b")]
    [InlineData(ApprovalMode.Sequential, "a b c", "a+ b+ c+", "Approved")]
    [InlineData(ApprovalMode.Sequential, "a b c", "a+ b-", "Rejected")]
    [InlineData(ApprovalMode.Quorum, "a b c", "a+", "open: b c")]
    [InlineData(ApprovalMode.Quorum, "a b c", "a+ c+", "Approved")]
    [InlineData(ApprovalMode.Quorum, "a b c", "a-", "open: b c")]
    [InlineData(ApprovalMode.Quorum, "a b c", "a- b-", "Rejected")]
    [InlineData(ApprovalMode.Quorum, "a b c", "a- b+ c+", "Approved")]
    [InlineData(ApprovalMode.Quorum, "a", "a+", "Approved")]
    [InlineData(ApprovalMode.PerGroup, "a1 a2 b1", "a1+", "open: b1")]
    [InlineData(ApprovalMode.PerGroup, "a1 a2 b1", "a1+ b1+", "Approved")]
    [InlineData(ApprovalMode.PerGroup, "a1 a2 b1", "a1-", "Rejected")]
    public void Each_mode_counts_its_own_way(ApprovalMode mode, string seats, string acts, string expected) => Assert.Equal(expected, Play(mode, seats, acts));

    [Theory]
    [InlineData(ApprovalMode.All, "a b", "x<a", "open: x b")]
    [InlineData(ApprovalMode.All, "a b", "x<a x+", "open: a b")]
    [InlineData(ApprovalMode.All, "a", "x<a x-", "Rejected")]
    [InlineData(ApprovalMode.Any, "a b", "x<a x-", "Rejected")]
    [InlineData(ApprovalMode.Any, "a", "x>a a+", "open: x")]
    [InlineData(ApprovalMode.Any, "a", "x>a a+ x+", "Approved")]
    [InlineData(ApprovalMode.Any, "a", "x>a a-", "Rejected")]
    [InlineData(ApprovalMode.All, "a", "x|a a+", "open: x")]
    [InlineData(ApprovalMode.All, "a", "x|a a+ !x", "Approved")]
    [InlineData(ApprovalMode.Sequential, "a b", "x>a a+", "open: x")]
    [InlineData(ApprovalMode.Sequential, "a b", "x>a a+ x+", "open: b")]
    [InlineData(ApprovalMode.Quorum, "a b", "x|a a+ x+", "Approved")]
    [InlineData(ApprovalMode.PerGroup, "a1 b1", "x|a1 x+", "open: b1")]
    [InlineData(ApprovalMode.All, "a", "x<a y<x", "open: y")]
    [InlineData(ApprovalMode.All, "a", "x<a y<x !x", "open: a")]
    [InlineData(ApprovalMode.All, "a", "x>a y>x a+ x+ y+", "Approved")]
    public void Added_signers_stand_before_after_or_beside_the_one_who_added_them(ApprovalMode mode, string seats, string acts, string expected) =>
        Assert.Equal(expected, Play(mode, seats, acts));

    [Fact]
    public void Signers_added_twice_over_may_not_add_more()
    {
        var round = ApprovalRules.Settle(Round(ApprovalMode.All, "a")).Round;
        foreach (var (who, at) in new[] { ("x", "a"), ("y", "x") })
            round = ApprovalRules.Settle(ApprovalRules.Add(round, round.Find(at)!, SeatPlace.Before, [new Seat { Id = who }])!).Round;

        Assert.Null(ApprovalRules.Add(round, round.Find("y")!, SeatPlace.Before, [new Seat { Id = "z" }]));
        Assert.Null(ApprovalRules.Add(round, round.Find("a")!, SeatPlace.Beside, [.. Enumerable.Range(0, 99).Select(n => new Seat { Id = $"s{n}" })]));
    }

    [Fact]
    public void Neither_an_original_seat_nor_one_that_has_decided_can_be_taken_out()
    {
        var round = ApprovalRules.Settle(Round(ApprovalMode.All, "a b")).Round;
        round = ApprovalRules.Settle(ApprovalRules.Add(round, round.Find("a")!, SeatPlace.Beside, [new Seat { Id = "x" }])!).Round;
        round = ApprovalRules.Decide(round, round.Find("x")! with { State = SeatState.Approved }).Round;

        Assert.Null(ApprovalRules.Remove(round, round.Find("a")!));
        Assert.Null(ApprovalRules.Remove(round, round.Find("x")!));
    }

    [Fact]
    public void Random_rounds_agree_with_a_model_that_asks_what_could_still_happen()
    {
        for (var seed = 1; seed <= 1_000; seed++)
        {
            var random = new Random(seed);
            var mode = (ApprovalMode)random.Next(5);
            var count = random.Next(1, 5);
            var names = string.Join(' ', Enumerable.Range(0, count).Select(n => $"{(char)('a' + random.Next(2))}{n}"));
            var (round, outcome) = ApprovalRules.Settle(Round(mode, names, random.Next(1, count + 1)));
            for (var step = 1; outcome is null; step++)
            {
                var open = round.Seats.Where(s => s.State == SeatState.Open).ToList();
                Assert.True(open.Count > 0, $"seed {seed}: nobody can act and nothing is decided");
                var at = open[random.Next(open.Count)];
                var added = round.Seats.Where(s => s.Place != SeatPlace.Original && !s.IsSettled).ToList();
                switch (random.Next(6))
                {
                    case 0 when ApprovalRules.Add(round, at, (SeatPlace)random.Next(1, 4), [new Seat { Id = $"x{step}" }]) is { } more:
                        (round, outcome) = ApprovalRules.Settle(more);
                        break;
                    case 1 when added.Count > 0:
                        (round, outcome) = ApprovalRules.Remove(round, added[random.Next(added.Count)])!.Value;
                        break;
                    default:
                        (round, outcome) = ApprovalRules.Decide(round, at with
                        {
                            State = random.Next(4) == 0 ? SeatState.Rejected : SeatState.Approved,
                            DecidedAt = Start + TimeSpan.FromMinutes(step),
                        });
                        break;
                }

                Assert.True(RoundModel.OutcomeOf(round) == outcome, $"seed {seed}, step {step}: {outcome}, and the model says {RoundModel.OutcomeOf(round)}");
                if (outcome is null)
                {
                    var expected = string.Join(' ', RoundModel.TurnsOf(round));
                    Assert.True(expected == Open(round), $"seed {seed}, step {step}: open {Open(round)}, and the model says {expected}");
                }
                else
                {
                    Assert.True(round.Seats.All(s => s.IsSettled), $"seed {seed}: decided, and somebody is still asked");
                }
            }
        }
    }

    private static string Play(ApprovalMode mode, string seats, string acts)
    {
        var (round, outcome) = ApprovalRules.Settle(Round(mode, seats));
        var minute = 0;
        foreach (var act in acts.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            (round, outcome) = act switch
            {
                ['!', .. var gone] => ApprovalRules.Remove(round, round.Find(gone)!)!.Value,
                [.. var who, '+' or '-'] => ApprovalRules.Decide(round, round.Find(who)! with
                {
                    State = act[^1] == '+' ? SeatState.Approved : SeatState.Rejected,
                    DecidedAt = Start + TimeSpan.FromMinutes(++minute),
                }),
                [var who, var sign, .. var at] => ApprovalRules.Settle(ApprovalRules.Add(round, round.Find(at)!, sign switch
                {
                    '<' => SeatPlace.Before,
                    '>' => SeatPlace.After,
                    _ => SeatPlace.Beside,
                }, [new Seat { Id = who.ToString() }])!),
                _ => throw new ArgumentException(act),
            };
        }

        return outcome?.ToString() ?? $"open: {Open(round)}";
    }

    private static string Open(ApprovalRound round) => string.Join(' ', round.Seats.Where(s => s.State == SeatState.Open).Select(s => s.Id));

    private static ApprovalRound Round(ApprovalMode mode, string seats, int required = 2) => new()
    {
        Mode = mode,
        Required = required,
        Seats = [.. seats.Split(' ').Select(id => new Seat { Id = id, Group = id[..1] })],
    };

    /// <summary>
    /// The same rules said the other way round: an outcome is reached when no way of going on could lead to the other one, found by
    /// trying every way the undecided could decide.
    /// </summary>
    private static class RoundModel
    {
        public static RoundOutcome? OutcomeOf(ApprovalRound round)
        {
            var units = Units(round);
            var all = units.Select(u => Voice(round, u)).ToList();
            if (round.Mode is ApprovalMode.Any)
                return all.Find(v => v is not null) is { } first ? Of(first) : null;
            if (round.Mode is ApprovalMode.PerGroup)
            {
                var groups = units.Zip(all).GroupBy(x => x.First.Group).Select(g => g.Select(x => x.Second).FirstOrDefault(v => v is not null)).ToList();
                return groups.Contains(false) ? RoundOutcome.Rejected : groups.TrueForAll(g => g == true) ? RoundOutcome.Approved : null;
            }

            var needed = round.Mode == ApprovalMode.Quorum ? Math.Min(round.Required, units.Count) : units.Count;
            var undecided = all.Count(v => v is null);
            var least = all.Count(v => v == true);
            return (least >= needed, least + undecided >= needed) switch
            {
                (true, _) => RoundOutcome.Approved,
                (_, false) => RoundOutcome.Rejected,
                _ => null,
            };
        }

        public static IEnumerable<string> TurnsOf(ApprovalRound round)
        {
            var turns = new HashSet<string>();
            var units = Units(round);
            var spoken = units.Where(u => round.Mode == ApprovalMode.PerGroup && Voice(round, u) is not null).Select(u => u.Group).ToHashSet();
            foreach (var unit in units.Where(u => !spoken.Contains(u.Group)))
            {
                var voice = Voice(round, unit);
                Ask(round, unit, turns);
                if (round.Mode == ApprovalMode.Sequential && voice is null)
                    break;
            }

            return round.Seats.Where(s => turns.Contains(s.Id)).Select(s => s.Id);
        }

        private static void Ask(ApprovalRound round, Seat seat, HashSet<string> turns)
        {
            var before = Hung(round, seat, SeatPlace.Before);
            before.ForEach(s => Ask(round, s, turns));
            if (before.TrueForAll(s => Voice(round, s) == true) && !seat.IsSettled)
                turns.Add(seat.Id);
            if (seat.State == SeatState.Approved)
                Hung(round, seat, SeatPlace.After).ForEach(s => Ask(round, s, turns));
        }

        private static bool? Voice(ApprovalRound round, Seat seat)
        {
            bool?[] parts = [.. Hung(round, seat, SeatPlace.Before).Concat(Hung(round, seat, SeatPlace.After)).Select(s => Voice(round, s)), seat.State switch
            {
                SeatState.Approved => true,
                SeatState.Rejected => false,
                _ => null,
            }];
            return parts.Contains(false) ? false : parts.Contains(null) ? null : true;
        }

        private static List<Seat> Units(ApprovalRound round) =>
            [.. round.Seats.Where(s => s.State != SeatState.Removed && (s.Place is SeatPlace.Original or SeatPlace.Beside))];

        private static List<Seat> Hung(ApprovalRound round, Seat at, SeatPlace place) =>
            [.. round.Seats.Where(s => s.AddedAt == at.Id && s.Place == place && s.State != SeatState.Removed)];

        private static RoundOutcome Of(bool? voice) => voice == true ? RoundOutcome.Approved : RoundOutcome.Rejected;
    }
}
