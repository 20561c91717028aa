using Workflows.Engine.Store;

namespace Workflows.Engine.Tests.Store;

/// <summary>Catalogue 3.3: 24, 48 and 72 hours from the pick-up; what is not listed has 72.</summary>
public sealed class DeliveryLimitsTests
{
    [Theory]
    [InlineData("tier1", 24)]
    [InlineData("tier2", 48)]
    [InlineData("remote", 72)]
    [InlineData(null, 72)]
    [InlineData("elsewhere", 72)]
    public void Each_tier_has_its_limit(string? tier, int hours) => Assert.Equal(TimeSpan.FromHours(hours), new DeliveryLimits().Of(tier));

    [Fact]
    public void Limits_are_parameters() => Assert.Equal(TimeSpan.FromHours(1.5), new DeliveryLimits(1.5m).Of(CityTiers.First));
}
