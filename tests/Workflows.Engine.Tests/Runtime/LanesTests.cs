using Workflows.Engine.Runtime;

namespace Workflows.Engine.Tests.Runtime;

public sealed class LanesTests
{
    [Fact]
    public async Task Two_stimuli_of_one_instance_take_turns()
    {
        var lanes = new Lanes();
        var first = await lanes.EnterAsync("a", TestContext.Current.CancellationToken);
        var second = lanes.EnterAsync("a", TestContext.Current.CancellationToken);

        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task Different_instances_do_not_wait_for_each_other()
    {
        var lanes = new Lanes();
        using var first = await lanes.EnterAsync("a", TestContext.Current.CancellationToken);
        using var second = await lanes.EnterAsync("b", TestContext.Current.CancellationToken);

        Assert.Equal(2, lanes.Count);
    }

    [Fact]
    public async Task A_lane_nobody_is_in_costs_nothing_even_after_somebody_gave_up_waiting()
    {
        var lanes = new Lanes();
        using var impatience = new CancellationTokenSource();
        var first = await lanes.EnterAsync("a", TestContext.Current.CancellationToken);
        var second = lanes.EnterAsync("a", impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await second);

        first.Dispose();

        Assert.Equal(0, lanes.Count);
    }
}
