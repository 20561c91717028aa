using Workflows.Engine.Expressions;
using Workflows.Engine.Messages;
using Workflows.Host.Messages;

namespace Workflows.Host.Tests.Messages;

public sealed class MessageRuleTests
{
    private static readonly MessageOptions Options = new();

    [Theory]
    [InlineData("2026-03-02T21:59:59+08:00", "Normal", false, null)]
    [InlineData("2026-03-02T22:00:00+08:00", "Normal", false, "2026-03-03T07:30:00+08:00")]
    [InlineData("2026-03-03T02:00:00+08:00", "Low", false, "2026-03-03T07:30:00+08:00")]
    [InlineData("2026-03-03T07:30:00+08:00", "Normal", false, null)]
    [InlineData("2026-03-03T02:00:00+08:00", "High", false, null)]
    [InlineData("2026-03-03T02:00:00+08:00", "Critical", true, null)]
    [InlineData("2026-03-02T08:59:00+08:00", "Low", true, "2026-03-02T09:00:00+08:00")]
    [InlineData("2026-03-02T09:00:00+08:00", "Low", true, "2026-03-02T14:00:00+08:00")]
    [InlineData("2026-03-02T14:00:01+08:00", "Normal", true, "2026-03-03T09:00:00+08:00")]
    [InlineData("2026-12-31T23:30:00+08:00", "Low", true, "2027-01-01T09:00:00+08:00")]
    public void Quiet_hours_and_digests_hold_what_is_not_urgent(string now, string severity, bool gathers, string? expected)
    {
        var until = MessageRules.HeldUntil(DateTimeOffset.Parse(now, null), Enum.Parse<Severity>(severity), gathers, Options, ShopTime.China);

        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, null).ToUniversalTime(), until);
    }

    [Fact]
    public void Equal_times_switch_quiet_hours_off() =>
        Assert.Null(MessageRules.HeldUntil(new DateTimeOffset(2026, 3, 2, 18, 0, 0, TimeSpan.Zero), Severity.Normal, false, new MessageOptions { QuietFrom = "00:00", QuietUntil = "00:00" }, ShopTime.China));

    [Fact]
    public void A_doubtful_try_is_repeated_where_keys_are_honoured_and_a_few_times_where_they_are_not()
    {
        var doubtful = new SendOutcome.Doubtful("lost");
        var delivery = Deliveries.Sms("k", "x");
        AttemptEnd After(int attempt, int doubts, bool isKeyed, bool receipts = false) =>
            MessageRules.After(delivery with { Doubts = doubts }, attempt, doubtful, isKeyed, receipts, delivery.CreatedAt, Options);

        Assert.Equal(DeliveryState.Queued, After(15, 14, isKeyed: true).State);
        Assert.Equal(DeliveryState.Queued, After(2, 1, isKeyed: false).State);
        Assert.Equal((DeliveryState.Unknown, true), After(3, 2, isKeyed: false) is var end ? (end.State, end.FallBack) : default);
        Assert.Equal(Options.ReceiptPatience, After(1, 0, isKeyed: false, receipts: true).RetryAfter);
        Assert.True(After(1, 0, isKeyed: true, receipts: true).RetryAfter < TimeSpan.FromSeconds(5));
        Assert.Equal(DeliveryState.Unknown, After(20, 19, isKeyed: true).State);
    }

    [Fact]
    public void What_could_not_be_sent_is_given_up_after_its_tries_or_its_time()
    {
        var delivery = Deliveries.Sms("k", "x");
        AttemptEnd After(int attempt, TimeSpan age, int doubts = 0, TimeSpan? asked = null) =>
            MessageRules.After(delivery with { Doubts = doubts }, attempt, new SendOutcome.NotTaken("451", false, asked), false, false, delivery.CreatedAt + age, Options);

        Assert.Equal(DeliveryState.Queued, After(19, TimeSpan.FromHours(1)).State);
        Assert.Equal((DeliveryState.Failed, true), After(20, TimeSpan.FromHours(1)) is var end ? (end.State, end.FallBack) : default);
        Assert.Equal(DeliveryState.Failed, After(2, TimeSpan.FromHours(25)).State);
        Assert.Equal(DeliveryState.Unknown, After(20, TimeSpan.FromHours(1), doubts: 1).State);
        Assert.Equal(TimeSpan.FromSeconds(1), After(1, TimeSpan.Zero, asked: TimeSpan.FromSeconds(-1)).RetryAfter);
        Assert.Equal(TimeSpan.FromDays(1), After(1, TimeSpan.Zero, asked: TimeSpan.FromDays(3650)).RetryAfter);
        Assert.InRange(MessageRules.BackOff("k", 40, Options), TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(30));
    }

    [Fact]
    public void A_breaker_opens_after_a_few_faults_lets_one_through_and_closes_with_it()
    {
        var time = new Testing.ManualClock();
        var lane = new GatewayLane(new Idle(), new MessageOptions { BreakerFaults = 3, BreakerPause = TimeSpan.FromSeconds(30) }, time);
        bool Turn(SendOutcome outcome)
        {
            lane.Begin();
            return lane.End(outcome);
        }

        Assert.False(Turn(new SendOutcome.NotTaken("down", true)));
        Assert.False(Turn(new SendOutcome.Refused("550")));
        Assert.False(Turn(new SendOutcome.NotTaken("down", true)) || Turn(new SendOutcome.Doubtful("hang")));
        Assert.True(Turn(new SendOutcome.NotTaken("down", true)));
        Assert.Equal((0, true), (lane.Free(), lane.IsOpen));

        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, lane.Free());
        lane.Begin();
        Assert.Equal(0, lane.Free());
        lane.End(new SendOutcome.NotTaken("down", true));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, lane.Free());
        time.Advance(TimeSpan.FromSeconds(1));
        lane.Begin();
        lane.End(new SendOutcome.Accepted());
        Assert.Equal((4, false), (lane.Free(), lane.IsOpen));
    }

    private sealed class Idle : IMessageGateway
    {
        public string Name => "idle";

        public int Places => 4;

        public bool IsKeyed => true;

        public bool GivesReceipts => false;

        public Task<SendOutcome> SendAsync(Delivery delivery, CancellationToken cancellationToken) => Task.FromResult<SendOutcome>(new SendOutcome.Accepted());
    }
}
