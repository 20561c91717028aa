using Microsoft.Extensions.Options;
using Workflows.Engine.Faults;
using Workflows.Engine.Messages;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Delivery = Workflows.Engine.Messages.Delivery;

namespace Workflows.Host.Messages;

/// <summary>
/// Sends messages: one <see cref="GatewayLoop"/> for each gateway, and here what concerns none of them: letting out what was held, and going on
/// where nothing arrived.
/// </summary>
/// <remarks>
/// What can go wrong: a host dies between recording, sending and noting that it sent; a gateway hangs, lies or answers twice.
/// The rules are those of the outbox: a message is stored before anything is sent, the attempt before a socket is opened, both under a
/// token that a late writer no longer holds; every try carries the same key (Message-ID, out id, header). An attempt without an
/// answer is doubtful: repeated where the receiver honours keys, repeated a few times and counted where it does not, and told to be unknown when
/// that was in vain. A gateway has places and a loop of its own, so that none waits for another.
/// </remarks>
internal sealed class MessageLoop : EngineLoop
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private const int Batch = 200;

    private readonly IDeliveryStore _deliveries;
    private readonly MessageComposer _composer;
    private readonly EngineClock _clock;
    private readonly ILogger _logger;
    private readonly List<GatewayLoop> _gateways;

    public MessageLoop(
        IEnumerable<IMessageGateway> gateways,
        IDeliveryStore deliveries,
        MessageComposer composer,
        MessageSignal signal,
        EngineClock clock,
        IOptions<MessageOptions> options,
        IOptions<EngineOptions> engine,
        ILogger<MessageLoop> logger)
        : base(logger)
    {
        (_deliveries, _composer, _clock, _logger) = (deliveries, composer, clock, logger);
        _gateways = [.. gateways.Select(g => new GatewayLoop(new GatewayLane(g, options.Value, TimeProvider.System), deliveries, signal.Add(), clock, options.Value, engine.Value.NodeId, logger))];
    }

    /// <summary>The gateways that are configured, with how they are.</summary>
    public IReadOnlyList<GatewayLane> Lanes => [.. _gateways.Select(g => g.Lane)];

    public override async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var handled = await _deliveries.ReleaseHeldAsync(_clock.SqlNow, cancellationToken);
        if (handled > 0)
            await FaultPoint.Pass(FaultPoint.MessagesReleased);
        foreach (var group in await _deliveries.FindDigestsAsync(_clock.SqlNow, Batch, cancellationToken))
        {
            handled += await _deliveries.GatherAsync(group, _clock.SqlNow, _composer.Digest, cancellationToken);
            await FaultPoint.Pass(FaultPoint.MessagesGathered);
        }

        foreach (var late in await _deliveries.FindFallbacksAsync(_clock.SqlNow, Batch, cancellationToken))
        {
            var instead = HasArrived(late) ? null : _composer.Instead(late);
            if (instead is not null)
                Log.MessageFellBack(_logger, late.Key, late.Channel, instead.Channel);
            await _deliveries.FallBackAsync(late.Key, instead, _clock.SqlNow, cancellationToken);
            await FaultPoint.Pass(FaultPoint.MessageFellBack);
            handled++;
        }

        if (handled > 0)
            _gateways.ForEach(g => g.Wake());
        return handled;
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var gateway in _gateways)
            await gateway.StartAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Takes nothing new, and gives what is under way the host's time to stop.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_gateways.Select(g => g.StopAsync(cancellationToken)));
    }

    public override void Dispose()
    {
        _gateways.ForEach(g => g.Dispose());
        base.Dispose();
    }

    protected override Task WaitAsync(int handled, CancellationToken cancellationToken) =>
        handled > 0 ? Task.CompletedTask : Task.Delay(LongestWait, TimeProvider.System, cancellationToken);

    private bool HasArrived(Delivery delivery) => delivery.State switch
    {
        DeliveryState.Delivered or DeliveryState.Merged or DeliveryState.Captured or DeliveryState.Suppressed => true,
        DeliveryState.Sent => !(Lanes.FirstOrDefault(l => l.Gateway.Name == delivery.Gateway)?.Gateway.GivesReceipts ?? false),
        _ => false,
    };
}

/// <summary>Wakes the loops that send messages. Losing a hint costs at most a second.</summary>
internal sealed class MessageSignal
{
    private readonly List<Wakeup> _wakeups = [];

    /// <summary>A wake-up of one's own; before anything is sent.</summary>
    public Wakeup Add()
    {
        var wakeup = new Wakeup();
        _wakeups.Add(wakeup);
        return wakeup;
    }

    public void Give() => _wakeups.ForEach(w => w.Give());
}
