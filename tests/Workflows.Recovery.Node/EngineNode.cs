using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Workflows.Activities;
using Workflows.Activities.Store;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Hosting;
using Workflows.Engine.Organisation;
using Workflows.Engine.Outbox;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Persistence;
using Workflows.Persistence.Databases;

namespace Workflows.Recovery.Node;

/// <summary>What one engine node is made of.</summary>
public sealed record NodeSettings(PersistenceOptions Database, IEffectChannel Receiver)
{
    /// <summary>An open database to share instead of opening one; for several nodes of a test on one SQLite file, one after another.</summary>
    public Database? Opened { get; init; }

    /// <summary>Business time of the test's own; null follows the database's clock.</summary>
    public EngineClock? Clock { get; init; }

    public bool RunLoops { get; init; } = true;

    /// <summary>Lease of timers and effects: how long a crash may keep work from the others.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(1);

    public int StepsPerBurst { get; init; } = 10_000;
}

/// <summary>One engine node without HTTP: runtime, loops, a database, and a receiver for its effects.</summary>
public sealed class EngineNode : IAsyncDisposable
{
    public static readonly IReadOnlyList<string> Alice = ["alice"];

    private readonly IHost _host;

    private EngineNode(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public WorkflowRuntime Runtime => Services.GetRequiredService<WorkflowRuntime>();

    public EventHub Events => Services.GetRequiredService<EventHub>();

    public TimerLoop Timers => Services.GetRequiredService<TimerLoop>();

    public OutboxLoop Outbox => Services.GetRequiredService<OutboxLoop>();

    public RecoveryLoop Recovery => Services.GetRequiredService<RecoveryLoop>();

    public IInstanceStore Instances => Services.GetRequiredService<IInstanceStore>();

    public static async Task<EngineNode> StartAsync(NodeSettings settings, CancellationToken cancellationToken)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddProvider(new ErrorLines());
        var lease = settings.Lease.ToString("c");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{EngineOptions.Section}:Lease"] = lease,
            [$"{EngineOptions.Section}:EffectLease"] = lease,
            [$"{EngineOptions.Section}:PollInterval"] = "00:00:00.2",
            [$"{EngineOptions.Section}:RecoveryInterval"] = "00:00:00.2",
            [$"{EngineOptions.Section}:StepsPerBurst"] = settings.StepsPerBurst.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
        if (settings.Clock is { } clock)
            builder.Services.AddSingleton(clock);
        builder.Services.AddWorkflowPersistence(o =>
        {
            o.DataDirectory = settings.Database.DataDirectory;
            o.Database = settings.Database.Database;
        });
        if (settings.Opened is { } opened)
            builder.Services.AddSingleton(opened);
        builder.Services.AddSingleton(ActivityCatalogue.Of(typeof(ActivityRegistration).Assembly, typeof(EngineNode).Assembly));
        // Before the engine's loops, because a node that was killed left claims behind.
        builder.Services.AddHostedService<NodeStartup>();
        builder.Services.AddWorkflowEngine(settings.RunLoops);
        builder.Services.AddSingleton<IGraphSource, Scenarios>();
        builder.Services.AddSingleton(settings.Receiver);
        builder.Services.AddSingleton<IEffectChannel, StoreChannel>();
        builder.Services.AddSingleton<IEffectChannel, UnheardMessages>();
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new EngineNode(host);
    }

    /// <summary>Stops orderly.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    /// <summary>Messages to people are the host's; here they leave and are heard by nobody.</summary>
    private sealed class UnheardMessages : IEffectChannel
    {
        public bool Accepts(string kind) => kind.StartsWith("notify.", StringComparison.Ordinal);

        public bool IsKeyed(string kind) => true;

        public Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken) => Task.FromResult<EffectOutcome>(new EffectOutcome.Done(null));
    }

    /// <summary>As the host does it: alice is there to decide, and on SQLite, where no other host can be, old claims end at once.</summary>
    private sealed class NodeStartup(Database database, ITimerStore timers, IOutboxStore outbox, IOrganisationStore store, OrganisationCache organisation) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            if ((await store.ListAsync(cancellationToken)).Count == 0)
                await store.SaveAsync([new Person("alice", "爱丽丝", null, null, null, ["supervisor"])], cancellationToken);
            await organisation.RefreshAsync(cancellationToken);
            if (database.Kind == DatabaseKind.Sqlite)
            {
                await timers.ReleaseAllAsync(cancellationToken);
                await outbox.ReleaseAllAsync(cancellationToken);
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Warnings and errors on standard error, for the test's output when it fails.</summary>
    private sealed class ErrorLines : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && Environment.GetEnvironmentVariable("WORKFLOWS_NODE_LOG") is not null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Console.Error.WriteLine($"{logLevel}: {formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
