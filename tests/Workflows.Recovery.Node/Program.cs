using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Workflows.Engine.Execution;
using Workflows.Engine.Runtime;
using Workflows.Engine.Store;
using Workflows.Engine.UserTasks;
using Workflows.Persistence;
using Workflows.Persistence.Databases;
using Workflows.Recovery.Node;

// One engine node for tests that kill it. Arguments: database (Sqlite or Postgres), data directory, connection string (or "-"),
// the receiver's file. Then one command a line on standard input, one answer a line on standard output.
Fault.Install(Environment.GetEnvironmentVariable(Fault.Setting));
var options = new PersistenceOptions { DataDirectory = args[1] };
options.Database.Provider = Enum.Parse<DatabaseKind>(args[0]);
options.Database.ConnectionString = args[2] == "-" ? null : args[2];

await using var node = await EngineNode.StartAsync(new NodeSettings(options, new Receiver(args[3])), CancellationToken.None);
Console.WriteLine("ready");
while (await Console.In.ReadLineAsync() is { } line && line != "quit")
{
    try
    {
        Console.WriteLine(await AnswerAsync(line.Split(' ')));
    }
    catch (Exception error)
    {
        Console.WriteLine($"error {error.GetType().Name} {error.Message.ReplaceLineEndings(" ")}");
    }
}

return 0;

async Task<string> AnswerAsync(string[] words) => words switch
{
    ["start", var id, var definition] => Name(await node.Runtime.StartAsync(
        new StartRequest { InstanceId = id, DefinitionId = definition, InitiatedBy = "bob", Key = new IdempotencyKey("start-" + id, "") }, CancellationToken.None)),
    ["event", var id, var name] => $"reached {await node.Events.PublishAsync(new PublishedEvent(id, name, JsonValue.Create(id)), CancellationToken.None)}",
    ["decide", var id, var action] => await DecideAsync(id, action),
    ["withdraw", var id] => Name(await node.Runtime.DeliverAsync(
        id, new Stimulus.ActOnInstance(new InstanceCommand(InstanceActs.Withdraw, "bob")), new IdempotencyKey($"withdraw-{id}", ""), CancellationToken.None)),
    ["status", var id] => await StatusAsync(id),
    ["shop"] => await SeedShopAsync(),
    ["rows"] => await SmallShop.DescribeAsync(node.Services.GetRequiredService<IStorePlatform>(), CancellationToken.None),
    _ => $"error unknown command {words[0]}",
};

async Task<string> SeedShopAsync()
{
    await SmallShop.SeedAsync(node.Services.GetRequiredService<IStoreIntake>(), CancellationToken.None);
    return await SmallShop.DescribeAsync(node.Services.GetRequiredService<IStorePlatform>(), CancellationToken.None);
}

async Task<string> DecideAsync(string id, string action)
{
    if (await node.Instances.LoadAsync(id, CancellationToken.None) is not { } stored)
        return "Missing";
    var task = Workflows.Engine.Instances.InstanceCodec.Read(stored.State.Span).Tasks.FirstOrDefault();
    if (task is null)
        return "NoTask";
    return Name(await node.Runtime.DeliverAsync(
        id, new Stimulus.ActOnTask(new TaskCommand(task.Id, action, "alice", EngineNode.Alice)), new IdempotencyKey($"decide-{task.Id}", action), CancellationToken.None));
}

// Status, what it waits for, and whether the outbox still has work for it.
async Task<string> StatusAsync(string id)
{
    if (await node.Instances.LoadAsync(id, CancellationToken.None) is not { } stored)
        return "Missing";
    var instance = Workflows.Engine.Instances.InstanceCodec.Read(stored.State.Span);
    var waits = instance.Bookmarks.Select(b => b.NodeId.Split(':')[^1]).Concat(instance.Tasks.Select(t => t.NodeId.Split(':')[^1]));
    return $"{instance.SubStatus} {string.Join(',', waits)}";
}

static string Name(Delivery delivery) => delivery.GetType().Name;
