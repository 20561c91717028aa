namespace Workflows.Engine.UserTasks;

/// <summary>
/// Counting of approvals. Pure: every act gives the round as it stands after it, with the seats whose turn has come opened and,
/// once decided, those that are no longer needed skipped.
/// </summary>
/// <remarks>
/// A seat together with the signers added before and after it is one unit: it agrees when all of them have agreed, in that
/// order, and rejects when one of them does. The mode counts units. Signers added beside are units of their own; they
/// take the group of the seat they were added at.
/// </remarks>
public static class ApprovalRules
{
    /// <summary>Signers may add signers, and these may add others, but no further.</summary>
    public const int DeepestAdded = 2;

    /// <summary>Most seats a round may have, added ones included.</summary>
    public const int MostSeats = 100;

    /// <summary>Opens the seats whose turn it is. The outcome is null while somebody still has to decide.</summary>
    public static (ApprovalRound Round, RoundOutcome? Outcome) Settle(ApprovalRound round)
    {
        var outcome = OutcomeOf(round);
        var seats = round.Seats.Select(seat =>
            seat.IsSettled ? seat
            : outcome is not null || (round.Mode == ApprovalMode.PerGroup && HasSpoken(round, seat.Group)) ? seat with { State = SeatState.Skipped }
            : seat with { State = IsTurnOf(round, seat) ? SeatState.Open : SeatState.Waiting });
        return (round with { Seats = [.. seats] }, outcome);
    }

    /// <summary>A decision at an open seat.</summary>
    public static (ApprovalRound Round, RoundOutcome? Outcome) Decide(ApprovalRound round, Seat decided) =>
        Settle(Replace(round, decided));

    /// <summary>Adds signers at a seat; they are waiting until <see cref="Settle"/> says otherwise. Null when too deep or too many.</summary>
    public static ApprovalRound? Add(ApprovalRound round, Seat at, SeatPlace place, IReadOnlyList<Seat> added)
    {
        if (round.Seats.Count + added.Count > MostSeats || DepthOf(round, at) >= DeepestAdded)
            return null;
        // Beside an added signer means beside them, at the same table.
        var (anchor, where) = place == SeatPlace.Beside && !IsUnit(at) ? (at.AddedAt, at.Place) : (at.Id, place);
        var made = added.Select(seat => seat with { AddedAt = anchor, Place = where, Group = at.Group, State = SeatState.Waiting });
        var index = round.Seats.ToList().FindIndex(s => s.Id == at.Id) + (place == SeatPlace.Before ? 0 : 1);
        return round with { Seats = [.. round.Seats.Take(index), .. made, .. round.Seats.Skip(index)] };
    }

    /// <summary>
    /// Takes an added signer out, with those they added. Null for an original seat, one that has decided, or one whose going
    /// would leave nobody to decide.
    /// </summary>
    public static (ApprovalRound Round, RoundOutcome? Outcome)? Remove(ApprovalRound round, Seat seat)
    {
        if (seat.Place == SeatPlace.Original || seat.IsSettled)
            return null;
        var gone = new HashSet<string> { seat.Id };
        foreach (var one in round.Seats.Where(s => s.AddedAt is not null))
        {
            if (gone.Contains(one.AddedAt!))
                gone.Add(one.Id);
        }

        return Settle(round with { Seats = [.. round.Seats.Select(s => gone.Contains(s.Id) && !s.IsSettled ? s with { State = SeatState.Removed } : s)] });
    }

    private static RoundOutcome? OutcomeOf(ApprovalRound round)
    {
        var units = round.Seats.Where(s => IsUnit(s) && s.State != SeatState.Removed).ToList();
        var verdicts = units.ToDictionary(u => u.Id, u => VerdictOf(round, u));
        int agreed = verdicts.Values.Count(v => v == RoundOutcome.Approved), refused = verdicts.Values.Count(v => v == RoundOutcome.Rejected);
        switch (round.Mode)
        {
            case ApprovalMode.Any:
                return FirstDecided(units, verdicts);
            case ApprovalMode.Quorum:
                return agreed >= Math.Min(round.Required, units.Count) ? RoundOutcome.Approved
                    : units.Count - refused < Math.Min(round.Required, units.Count) ? RoundOutcome.Rejected : null;
            case ApprovalMode.PerGroup:
                var groups = units.GroupBy(u => u.Group).Select(g => FirstDecided([.. g], verdicts)).ToList();
                return groups.Contains(RoundOutcome.Rejected) ? RoundOutcome.Rejected : groups.All(g => g == RoundOutcome.Approved) ? RoundOutcome.Approved : null;
            default:
                return refused > 0 ? RoundOutcome.Rejected : agreed == units.Count ? RoundOutcome.Approved : null;
        }
    }

    /// <summary>One from each group: once a group has spoken, its other members are not asked any more.</summary>
    private static bool HasSpoken(ApprovalRound round, string? group) =>
        round.Seats.Any(s => IsUnit(s) && s.Group == group && s.State != SeatState.Removed && VerdictOf(round, s) is not null);

    private static RoundOutcome? FirstDecided(List<Seat> units, Dictionary<string, RoundOutcome?> verdicts) =>
        units.Where(u => verdicts[u.Id] is not null).OrderBy(u => u.DecidedAt).Select(u => verdicts[u.Id]).FirstOrDefault();

    /// <summary>What a seat says together with the signers before and after it.</summary>
    private static RoundOutcome? VerdictOf(ApprovalRound round, Seat seat)
    {
        var with = Added(round, seat, SeatPlace.Before).Concat(Added(round, seat, SeatPlace.After)).Select(s => VerdictOf(round, s)).ToList();
        if (seat.State == SeatState.Rejected || with.Contains(RoundOutcome.Rejected))
            return RoundOutcome.Rejected;
        return seat.State == SeatState.Approved && with.All(v => v == RoundOutcome.Approved) ? RoundOutcome.Approved : null;
    }

    private static bool IsTurnOf(ApprovalRound round, Seat seat) =>
        HasBegun(round, seat) && Added(round, seat, SeatPlace.Before).All(s => VerdictOf(round, s) == RoundOutcome.Approved);

    /// <summary>Whether it is time for the seat and those before it.</summary>
    private static bool HasBegun(ApprovalRound round, Seat seat) => seat.Place switch
    {
        SeatPlace.Before => HasBegun(round, round.Find(seat.AddedAt!)!),
        SeatPlace.After => round.Find(seat.AddedAt!)!.State == SeatState.Approved,
        _ => round.Mode != ApprovalMode.Sequential
            || round.Seats.TakeWhile(s => s.Id != seat.Id).Where(s => IsUnit(s) && s.State != SeatState.Removed).All(s => VerdictOf(round, s) == RoundOutcome.Approved),
    };

    private static IEnumerable<Seat> Added(ApprovalRound round, Seat at, SeatPlace place) =>
        round.Seats.Where(s => s.AddedAt == at.Id && s.Place == place && s.State != SeatState.Removed);

    private static bool IsUnit(Seat seat) => seat.Place is SeatPlace.Original or SeatPlace.Beside;

    private static int DepthOf(ApprovalRound round, Seat seat)
    {
        var depth = 0;
        for (var at = seat; at?.AddedAt is { } anchor; at = round.Find(anchor))
            depth++;
        return depth;
    }

    private static ApprovalRound Replace(ApprovalRound round, Seat seat) =>
        round with { Seats = [.. round.Seats.Select(s => s.Id == seat.Id ? seat : s)] };
}
