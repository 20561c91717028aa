using Workflows.Engine.Thresholds;

namespace Workflows.Engine.Tests.Store;

/// <summary>When thresholds are raised and cleared: the catalogue's boundary values (E-08, E-22, E-26), hysteresis, durations.</summary>
public sealed class ThresholdRuleTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("mass_complaint_count", 19, 19, false)]
    [InlineData("mass_complaint_count", 20, 20, true)]
    [InlineData("mass_complaint_share", 0.99, 34, false)]
    [InlineData("mass_complaint_share", 1.00, 35, true)]
    [InlineData("mass_complaint_share", 2.00, 1, false)]
    [InlineData("campaign_roi", 1.50, 300, false)]
    [InlineData("campaign_roi", 1.49, 300, true)]
    [InlineData("campaign_roi", 1.49, 199, false)]
    public void The_boundary_values_of_the_catalogue(string threshold, decimal value, long count, bool isRaised)
    {
        var after = ThresholdRules.Observe(Rule(threshold), Calm(threshold), Reading(value, count, 0), Start);

        Assert.Equal(isRaised, after.IsRaised);
    }

    [Fact]
    public void It_is_raised_once_and_again_only_after_it_was_cleared()
    {
        var rule = Rule("mass_complaint_count");
        var state = Calm(rule.Id);
        var episodes = new List<int>();
        foreach (var value in (decimal[])[19, 20, 21, 19, 20, 6, 20, 5, 19, 20])
            episodes.Add((state = ThresholdRules.Observe(rule, state, Reading(value, (long)value, episodes.Count), Start.AddMinutes(episodes.Count))).Episode);

        Assert.Equal([0, 1, 1, 1, 1, 1, 1, 1, 1, 2], episodes);
        Assert.Equal("threshold:mass_complaint_count:P-1:2", ThresholdRules.EventOf(state));
    }

    [Fact]
    public void A_duration_must_pass_without_a_break()
    {
        var rule = Rule("mass_complaint_count") with { HoldMinutes = 10 };
        var state = Calm(rule.Id);
        foreach (var (minute, value) in ((int, decimal)[])[(0, 25), (9, 25), (9, 3), (12, 25), (21, 25)])
            Assert.False((state = ThresholdRules.Observe(rule, state, Reading(value, (long)value, minute), Start.AddMinutes(minute))).IsRaised);

        Assert.True(ThresholdRules.Observe(rule, state, Reading(25, 25, 22), Start.AddMinutes(22)).IsRaised);
    }

    [Fact]
    public void The_ROI_is_cleared_after_48_hours_at_or_above_its_line()
    {
        var rule = Rule("campaign_roi");
        var state = ThresholdRules.Observe(rule, Calm(rule.Id), Reading(1.4m, 300, 0), Start);
        foreach (var hour in (int[])[24, 71])
            Assert.True((state = ThresholdRules.Observe(rule, state, Reading(1.5m, 300, 24 * 60), Start.AddHours(hour))).IsRaised);

        Assert.False(ThresholdRules.Observe(rule, state, Reading(1.5m, 300, 24 * 60), Start.AddHours(72)).IsRaised);
    }

    [Fact]
    public void The_same_value_again_is_as_new_as_it_was_read_and_nothing_counted_changes_nothing()
    {
        var rule = Rule("mass_complaint_count");
        var state = ThresholdRules.Observe(rule, Calm(rule.Id), Reading(7, 7, 0), Start);
        var nothing = ThresholdRules.Observe(rule, state, Reading(0, 0, 1), Start.AddMinutes(1));

        Assert.Equal(state with { ObservedAt = Start.AddMinutes(1) }, ThresholdRules.Observe(rule, state, Reading(7, 7, 1), Start.AddMinutes(1)));
        Assert.Equal(state, ThresholdRules.Observe(rule, state, Reading(7, 7, 0), Start.AddMinutes(1)));
        Assert.Equal(nothing, ThresholdRules.Observe(rule, nothing, Reading(0, 0, 2), Start.AddMinutes(2)));
    }

    [Theory]
    [InlineData("mass_complaint_count", 20, 20)]
    [InlineData("mass_complaint_count", 0, 5)]
    [InlineData("campaign_roi", 1.5, 1.4)]
    public void Levels_out_of_bounds_or_without_a_gap_are_refused(string threshold, decimal raise, decimal clear) =>
        Assert.NotNull(ThresholdRules.Fault(Rule(threshold) with { Raise = raise, Clear = clear }));

    [Fact]
    public void Shipped_thresholds_keep_their_own_rules() => Assert.All(ShippedThresholds.All, rule => Assert.Null(ThresholdRules.Fault(rule)));

    private static MetricThreshold Rule(string id) => ShippedThresholds.All.Single(r => r.Id == id);

    private static ThresholdState Calm(string id) => new(id, "P-1");

    private static MetricReading Reading(decimal value, long count, int minute) => new("P-1", value, count, Start.AddMinutes(minute));
}
