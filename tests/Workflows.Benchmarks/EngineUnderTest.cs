using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;
using Workflows.Activities;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Hosting;
using Workflows.Engine.Organisation;
using Workflows.Engine.Outbox;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;
using Workflows.Persistence;
using Workflows.Persistence.Databases;

namespace Workflows.Benchmarks;

/// <summary>The engine in this process, as the host composes it, without HTTP.</summary>
internal sealed class EngineUnderTest : IAsyncDisposable
{
    private readonly IHost _host;

    private EngineUnderTest(IHost host)
    {
        _host = host;
        Runtime = host.Services.GetRequiredService<WorkflowRuntime>();
    }

    /// <summary>Group commits under way at once.</summary>
    public static int Committers { get; set; } = new DatabaseOptions().Committers;

    public WorkflowRuntime Runtime { get; }

    public IServiceProvider Services => _host.Services;

    public static async Task<EngineUnderTest> StartAsync(BenchmarkDatabase database, string definition, Action<WorkflowRuntime>? beforeLoops = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddWorkflowPersistence(o =>
        {
            o.DataDirectory = database.Options.DataDirectory;
            o.Database.Provider = database.Options.Database.Provider;
            o.Database.ConnectionString = database.Options.Database.ConnectionString;
            o.Database.Committers = Committers;
        });
        builder.Services.AddWorkflowActivities();
        builder.Services.AddWorkflowEngine();
        builder.Services.AddSingleton<IEffectChannel, Swallow>();
        var host = builder.Build();
        beforeLoops?.Invoke(host.Services.GetRequiredService<WorkflowRuntime>());
        await host.StartAsync();

        var people = host.Services.GetRequiredService<IOrganisationStore>();
        await people.SaveAsync([new Person("activity_owner", "活动负责人", "supervisor", null, null, ["activity_owner"]), new Person("supervisor", "上级主管", "store_ops_manager", null, null, ["supervisor"]), new Person("store_ops_manager", "店铺运营经理", null, null, null, ["store_ops_manager"])], CancellationToken.None);
        await host.Services.GetRequiredService<OrganisationCache>().RefreshAsync(CancellationToken.None);
        var saved = await host.Services.GetRequiredService<DefinitionService>().ImportAsync(definition, new SaveOptions { Publish = true }, CancellationToken.None);
        return saved is DefinitionOutcome.Saved ? new EngineUnderTest(host) : throw new InvalidOperationException($"The workload cannot be published: {saved}");
    }

    /// <summary>One transition of the workload "approval": start, first decision, second decision. Carries "instance task".</summary>
    public async Task<string?> StepAsync(int step, string? carried)
    {
        if (step == 0)
            return TaskOf(await Runtime.StartAsync(new StartRequest { DefinitionId = ApprovalWorkload.Id, Input = ApprovalWorkload.Input, InitiatedBy = "activity_owner" }, CancellationToken.None));

        var (instance, task) = (carried!.Split(' ')[0], carried.Split(' ')[1]);
        var by = step == 1 ? "supervisor" : "store_ops_manager";
        var command = new TaskCommand(task, "approve", by, [by, "role:" + by]);
        return TaskOf(await Runtime.DeliverAsync(instance, new Stimulus.ActOnTask(command), null, CancellationToken.None));
    }

    /// <summary>A statement of the measurement's own, on the engine's database.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = Connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A connection of the measurement's own to the engine's database, not yet open.</summary>
    public DbConnection Connect() => _host.Services.GetRequiredService<Database>() is SqliteDatabase sqlite
        ? new SqliteConnection($"Data Source={sqlite.File};Pooling=false")
        : new NpgsqlConnection(_host.Services.GetRequiredService<IOptions<PersistenceOptions>>().Value.Database.ConnectionString);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    private static string? TaskOf(Delivery delivery) => delivery is Delivery.Applied applied
        ? applied.Tasks.FirstOrDefault(t => t.State == UserTaskState.Open) is { } task ? $"{applied.Last.Id} {task.Id}" : null
        : throw new InvalidOperationException($"The workload was refused: {delivery}");

    /// <summary>Takes every notice at once; the cost of a real gateway is not the engine's.</summary>
    private sealed class Swallow : IEffectChannel
    {
        public bool Accepts(string kind) => !kind.StartsWith("engine.", StringComparison.Ordinal);

        public bool IsKeyed(string kind) => true;

        public Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken) =>
            Task.FromResult<EffectOutcome>(new EffectOutcome.Done(null));
    }
}
