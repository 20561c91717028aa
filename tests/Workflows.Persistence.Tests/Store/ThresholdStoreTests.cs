using Workflows.Engine.Store;
using Workflows.Engine.Thresholds;
using Workflows.Persistence.Thresholds;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>Thresholds in the database: what they read, one episode for one crossing whoever sees it, one case for one matter.</summary>
public abstract class ThresholdStoreContract(DatabaseFixture fixture) : EmbeddedStoreContract(fixture)
{
    private static readonly MetricThreshold Count = ShippedThresholds.All.Single(r => r.Id == "mass_complaint_count");
    private static readonly MetricThreshold Share = ShippedThresholds.All.Single(r => r.Id == "mass_complaint_share");
    private static readonly MetricThreshold Roi = ShippedThresholds.All.Single(r => r.Id == "campaign_roi");

    private ThresholdStore Thresholds => new(Db.Database);

    [Fact]
    public async Task An_older_reading_of_a_slow_host_neither_clears_nor_raises_again()
    {
        var now = Clock.GetUtcNow();
        var raised = await Thresholds.ObserveAsync(Count, new MetricReading(Wanted, 20, 20, now, now.AddMinutes(-50)), now, Token);

        var late = await Thresholds.ObserveAsync(Count, new MetricReading(Wanted, 4, 4, now.AddSeconds(-30), now.AddMinutes(-50)), now, Token);

        Assert.Equal((1, raised), (raised.Episode, late));
    }

    [Fact]
    public async Task Complaints_of_the_last_hour_count_for_the_promotion_they_name_or_their_order_was_part_of()
    {
        await OpenShopAsync();
        await ComplainAsync("c0", promotion: Wanted);
        Clock.Advance(TimeSpan.FromMinutes(61));
        await ComplainAsync("c1", promotion: Wanted);
        await ComplainAsync("c2", order: "T1");
        await ComplainAsync("c3", promotion: "P-none");
        await ComplainAsync("c4");

        var counted = Assert.Single(await Thresholds.ReadAsync(Count, Clock.GetUtcNow(), Token));
        var share = Assert.Single(await Thresholds.ReadAsync(Share, Clock.GetUtcNow(), Token));

        Assert.Equal((Wanted, 2m, 2L), (counted.Scope, counted.Value, counted.Count));
        Assert.Equal(40m, share.Value);
    }

    [Fact]
    public async Task Deleted_participants_are_counted_from_the_backup()
    {
        await OpenShopAsync();
        await DeleteAsync();
        await ComplainAsync("c1", promotion: Wanted);

        Assert.Equal(20m, Assert.Single(await Thresholds.ReadAsync(Share, Clock.GetUtcNow(), Token)).Value);
    }

    [Fact]
    public async Task Recorded_values_are_saved_once_the_newest_counts_and_an_old_one_is_none()
    {
        var now = Clock.GetUtcNow();
        MetricValue[] values = [new("roi", "plan-1", now.AddMinutes(-90), 1.2m, 300), new("roi", "plan-1", now.AddMinutes(-30), 1.6m, 400), new("roi", "plan-2", now.AddHours(-3), 1.1m, 500)];

        Assert.Equal(3, await Shop.SaveAsync(values, Token));
        Assert.Equal(0, await Shop.SaveAsync(values, Token));

        Assert.Equal(new MetricReading("plan-1", 1.6m, 400, now.AddMinutes(-30)), Assert.Single(await Thresholds.ReadAsync(Roi, now, Token)));
    }

    [Fact]
    public async Task Two_hosts_that_see_one_crossing_make_one_episode_and_one_debt()
    {
        var now = Clock.GetUtcNow();
        var reading = new MetricReading(Wanted, 20, 20, now, now.AddMinutes(-50));

        var seen = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Thresholds.ObserveAsync(Count, reading, now, Token)));

        Assert.All(seen, s => Assert.Equal(1, s.Episode));
        var state = Assert.Single(await Thresholds.ListStatesAsync(Token));
        Assert.Equal((1, true, false, "threshold:mass_complaint_count:P-1:1"), (state.Episode, state.IsOwed, state.IsLinked, state.Event));
        await Thresholds.SettleAsync(Count, state, "i-1", Token);
        Assert.Equal(state with { IsOwed = false, Case = "i-1" }, Assert.Single(await Thresholds.ListStatesAsync(Token)));
    }

    [Fact]
    public async Task A_second_threshold_for_the_same_matter_is_linked_while_the_first_is_being_started()
    {
        var now = Clock.GetUtcNow();
        await Thresholds.ObserveAsync(Count, new MetricReading(Wanted, 20, 20, now), now, Token);

        var linked = await Thresholds.ObserveAsync(Share, new MetricReading(Wanted, 2, 20, now), now.AddSeconds(5), Token);
        var other = await Thresholds.ObserveAsync(Share, new MetricReading(Other, 2, 20, now), now.AddSeconds(5), Token);

        Assert.True(linked.IsLinked && linked.IsOwed);
        Assert.False(other.IsLinked);
        // Nothing came of the start: after a while the matter is free.
        await Thresholds.ObserveAsync(Share, new MetricReading(Wanted, 0, 0, now), now.AddMinutes(20), Token);
        Assert.False((await Thresholds.ObserveAsync(Share, new MetricReading(Wanted, 2, 20, now), now.AddMinutes(20), Token)).IsLinked);
    }

    [Fact]
    public async Task A_change_is_a_version_and_of_two_at_once_one_is_kept()
    {
        var changed = Count with { Raise = 30, Version = 1 };

        Assert.True(await Thresholds.SaveAsync(changed, "ops_director", Clock.GetUtcNow(), Token));
        Assert.False(await Thresholds.SaveAsync(changed with { Raise = 40 }, "supervisor", Clock.GetUtcNow(), Token));

        Assert.Equal(changed, (await Thresholds.ListAsync(Token)).Single(r => r.Id == Count.Id));
        Assert.Equal(("ops_director", 30m), Assert.Single((await Thresholds.ListChangesAsync(Count.Id, Token)).Select(c => (c.By, c.Raise))));
    }

    private Task<System.Text.Json.Nodes.JsonObject> ComplainAsync(string id, string? promotion = null, string? order = null) =>
        DoAsync(new StoreOperation.RecordComplaint(id, Clock.GetUtcNow(), "C1", null, order, "电话", null, null, "没有收到赠品", promotion));
}

public sealed class SqliteThresholdStoreTests(SqliteFixture fixture) : ThresholdStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresThresholdStoreTests(PostgresFixture fixture) : ThresholdStoreContract(fixture), IClassFixture<PostgresFixture>;
