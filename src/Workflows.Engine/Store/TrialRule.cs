namespace Workflows.Engine.Store;

/// <summary>What a trial's figures say.</summary>
public enum TrialVerdict
{
    Promote,
    Delist,
    Insufficient,
}

/// <summary>
/// The verdict on a trial (catalogue 2.2, N-67): conversion is ordering users over unique visitors; <see cref="ConversionPercent"/> and more is
/// promoted, compared unrounded. With fewer than <see cref="MinimumVisitors"/>, or when nobody counted them, nothing can be said.
/// </summary>
public sealed record TrialRule(decimal ConversionPercent = 3, long MinimumVisitors = 100)
{
    public TrialVerdict Judge(long buyers, long? visitors) =>
        visitors is not > 0 || visitors < MinimumVisitors ? TrialVerdict.Insufficient
        : buyers * 100m >= ConversionPercent * visitors ? TrialVerdict.Promote
        : TrialVerdict.Delist;

    /// <summary>Percent; null without visitors.</summary>
    public static decimal? Conversion(long buyers, long? visitors) => visitors is > 0 ? buyers * 100m / visitors : null;
}
