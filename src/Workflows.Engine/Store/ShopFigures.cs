namespace Workflows.Engine.Store;

/// <summary>A product on one calendar day of the shop.</summary>
/// <param name="Visitors">Null when nobody counted them.</param>
/// <param name="Buyers">Users who ordered; an order without a customer counts as a user of its own (as for <see cref="TrialFigures"/>).</param>
/// <param name="Sold">Pieces of invoices that are not cancellations, returns not taken off.</param>
public sealed record ProductDay(DateOnly Day, long? Visitors, long Buyers, long Sold)
{
    /// <summary>Percent; null without visitors.</summary>
    public decimal? Conversion => TrialRule.Conversion(Buyers, Visitors);
}

/// <summary>A product in one calendar month of the shop.</summary>
/// <param name="Opening">Stock when the month began; null when it had not been counted.</param>
/// <param name="Closing">Stock at its end, or now.</param>
public sealed record ProductMonth(DateOnly Month, long Sold, long Received, long? Opening, long? Closing)
{
    /// <summary>Sell-through in percent: pieces sold ÷ (opening stock + received) (glossary); null without a count, or with nothing to sell.</summary>
    public decimal? SellThrough => Opening is { } opening && opening + Received > 0 ? Sold * 100m / (opening + Received) : null;
}

/// <summary>Complaints of one class received in one week; those without ground are left out.</summary>
public sealed record ComplaintWeek(DateOnly Monday, string Class, long Count);

/// <summary>What became of the clocks of one process that were due in one month.</summary>
/// <param name="Kept">Stopped in time.</param>
/// <param name="Breached">Late, whether done since or not.</param>
/// <param name="Open">Still running in time.</param>
public sealed record ClockMonth(string DefinitionId, DateOnly Month, long Kept, long Breached, long Open);

/// <summary>Figures for people who look at the shop, over calendar days, weeks and months of its time zone.</summary>
public interface IShopFigures
{
    /// <summary>Every day from the first to the last.</summary>
    Task<IReadOnlyList<ProductDay>> ListProductDaysAsync(string stockCode, DateOnly first, DateOnly last, CancellationToken cancellationToken);

    /// <summary>So many months up to the one of <paramref name="now"/>, oldest first.</summary>
    Task<IReadOnlyList<ProductMonth>> ListProductMonthsAsync(string stockCode, DateTimeOffset now, int months, CancellationToken cancellationToken);

    /// <summary>So many weeks (from Monday) up to the one of <paramref name="now"/>, oldest first; weeks and classes without complaints are not in the answer.</summary>
    Task<IReadOnlyList<ComplaintWeek>> ListComplaintWeeksAsync(DateTimeOffset now, int weeks, CancellationToken cancellationToken);

    /// <summary>Clocks of instances and tasks by the month in which they were due.</summary>
    Task<IReadOnlyList<ClockMonth>> ListClockMonthsAsync(DateTimeOffset now, int months, CancellationToken cancellationToken);
}
