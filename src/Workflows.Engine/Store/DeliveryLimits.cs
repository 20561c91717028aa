namespace Workflows.Engine.Store;

/// <summary>
/// How long a parcel may take from the carrier's pick-up (catalogue 3.3, N-14, F-12): by where the customer lives, in hours of the clock. A city that is
/// not listed has the longest limit.
/// </summary>
public sealed record DeliveryLimits(decimal FirstHours = 24, decimal SecondHours = 48, decimal RemoteHours = 72)
{
    public TimeSpan Of(string? tier) => TimeSpan.FromMinutes((double)(60 * tier switch
    {
        CityTiers.First => FirstHours,
        CityTiers.Second => SecondHours,
        _ => RemoteHours,
    }));
}
