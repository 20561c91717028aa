using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR;
using Workflows.Designer.Api;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;

namespace Workflows.Designer.Live;

/// <summary>What an open viewer listens to. Asked once after connecting; whoever may not see the instance hears nothing.</summary>
public sealed class InstanceHub : Hub
{
    public const string Address = "/elsa/hubs/workflow-instance";

    /// <summary>Studio's word for "tell me of this instance".</summary>
    public async Task ObserveInstanceAsync(string instanceId)
    {
        var http = Context.GetHttpContext();
        if (http is null)
            return;
        var services = http.RequestServices;
        if (await services.GetRequiredService<IDesignerHost>().FindPersonAsync(http) is not { } person
            || await services.GetRequiredService<IInstanceStore>().FindAsync(instanceId, Context.ConnectionAborted) is not { } found || !person.MayView(found.DefinitionId))
            return;
        await Groups.AddToGroupAsync(Context.ConnectionId, instanceId, Context.ConnectionAborted);
        services.GetRequiredService<LiveInstances>().Watch(Context.ConnectionId, instanceId, found.Revision);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        Context.GetHttpContext()?.RequestServices.GetRequiredService<LiveInstances>().Forget(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }
}

/// <summary>
/// Tells open viewers what changed. A commit on this host is told at once; one on another host is found by looking, every two seconds,
/// at the revisions of what is watched here.
/// </summary>
internal sealed class LiveInstances : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, string> _watchers = new();
    private readonly ConcurrentDictionary<string, long> _told = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly ConcurrentDictionary<string, bool> _touched = new();
    private readonly IHubContext<InstanceHub> _hub;
    private readonly IInstanceStore _instances;
    private readonly ExecutionReader _reader;
    private readonly WorkflowRuntime _runtime;
    private readonly TimeProvider _clock;

    public LiveInstances(IHubContext<InstanceHub> hub, IInstanceStore instances, ExecutionReader reader, WorkflowRuntime runtime, TimeProvider clock)
    {
        (_hub, _instances, _reader, _runtime, _clock) = (hub, instances, reader, runtime, clock);
        runtime.Changed += OnChanged;
    }

    public void Watch(string connection, string instance, long revision)
    {
        _watchers[connection] = instance;
        _told.TryAdd(instance, revision);
    }

    public void Forget(string connection)
    {
        if (_watchers.TryRemove(connection, out var watched) && _watchers.Values.All(w => w != watched))
            _told.TryRemove(watched, out _);
    }

    public override void Dispose()
    {
        _runtime.Changed -= OnChanged;
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await WaitAsync(stoppingToken);
            _touched.Clear();
            foreach (var (instance, told) in _told)
                await TellAsync(instance, told, stoppingToken);
        }
    }

    // Called after each commit: must not block.
    private void OnChanged(InstanceRow row)
    {
        if (_told.ContainsKey(row.Id) && _touched.TryAdd(row.Id, true))
            _changed.Release();
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var timeout = new CancellationTokenSource(LookEvery, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stoppingToken);
        try
        {
            await _changed.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Look all the same.
        }
    }

    private async Task TellAsync(string instance, long told, CancellationToken stoppingToken)
    {
        try
        {
            if (await _instances.FindAsync(instance, stoppingToken) is not { } found || found.Revision == told)
                return;
            _told[instance] = found.Revision;
            if (await _reader.ReadAsync(found, stoppingToken) is not { } story)
                return;
            var viewers = _hub.Clients.Group(instance);
            await viewers.SendAsync("ActivityExecutionLogUpdatedAsync", new JsonObject { ["stats"] = InstanceShapes.Stats(story, null) }, stoppingToken);
            await viewers.SendAsync("WorkflowExecutionLogUpdatedAsync", new JsonObject(), stoppingToken);
            await viewers.SendAsync("WorkflowInstanceUpdatedAsync", new JsonObject { ["workflowInstanceId"] = instance }, stoppingToken);
        }
        // A database out of reach costs the viewers an update; they get it with the next look.
        catch (Exception) when (!stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }
}
