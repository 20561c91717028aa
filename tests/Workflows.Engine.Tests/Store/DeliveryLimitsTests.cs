using Workflows.Engine.Store;

namespace Workflows.Engine.Tests.Store;

/// <summary>Catalogue 3.3: 24, 48 and 72 hours from the pick-up; what is not listed has 72.</summary>
public sealed class DeliveryLimitsTests
{
    private static readonly DateTimeOffset PickedUp = new(2026, 11, 28, 20, 0, 0, TimeSpan.FromHours(8));

    [Theory]
    [InlineData("tier1", 24)]
    [InlineData("tier2", 48)]
    [InlineData("remote", 72)]
    [InlineData(null, 72)]
    [InlineData("elsewhere", 72)]
    public void At_the_limit_a_parcel_on_its_way_is_late_and_one_delivered_then_is_not(string? tier, int hours)
    {
        var rule = new DeliveryLimits();
        var limit = PickedUp.AddHours(hours);

        Assert.False(rule.IsLate(tier, PickedUp, null, limit.AddMinutes(-1)));
        Assert.True(rule.IsLate(tier, PickedUp, null, limit));
        Assert.False(rule.IsLate(tier, PickedUp, limit, limit.AddDays(1)));
        Assert.True(rule.IsLate(tier, PickedUp, limit.AddSeconds(1), limit.AddDays(1)));
    }

    [Fact]
    public void Limits_are_parameters() => Assert.Equal(TimeSpan.FromHours(1.5), new DeliveryLimits(1.5m).Of(CityTiers.First));
}
