using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Blacklist and budget as steps of a process, done and then taken back in reverse order. The rules are in the shop's contract.</summary>
public sealed class BlacklistAndBudgetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Steps_list_reserve_and_spend_and_compensation_takes_them_back()
    {
        await using var host = await HostUnderTest.StartAsync(DatabaseKind.Sqlite);
        var shop = host.Service<IStoreControls>();
        await Flows.PublishAsync(host, Definition("spends", "B-1", "C-1", undo: false));
        await Flows.PublishAsync(host, Definition("takes-back", "B-2", "C-2", undo: true));
        using var director = await host.AsAsync("super_admin");

        await EndAsync(director, await Flows.StartAsync(director, "spends"));
        var budget = (await shop.FindBudgetAsync("B-1", Token))!;
        Assert.Equal((100m, 20m, 10.5m, 69.5m), (budget.Total, budget.Reserved, budget.Spent, budget.Available));
        Assert.Equal(["coupons", "reviews"], (await shop.ListBlacklistAsync("C-1", Token)).Select(b => b.Scope).Order(StringComparer.Ordinal));

        await EndAsync(director, await Flows.StartAsync(director, "takes-back"));
        Assert.Null(await shop.FindBudgetAsync("B-2", Token));
        Assert.Empty(await shop.ListBlacklistAsync("C-2", Token));
    }

    private static async Task EndAsync(HttpClient client, string id) => await Condition.FoundAsync(
        async () =>
        {
            var instance = (await client.SendAsync(HttpMethod.Get, $"/api/v1/instances/{id}")).Body!["instance"]!;
            Assert.Equal(0, (int)instance["incidentCount"]!);
            return (string?)instance["subStatus"] == "Finished" ? instance : null;
        },
        "it does not end",
        Token);

    private static JsonNode Definition(string id, string budget, string customer, bool undo)
    {
        var held = new JsonObject { ["id"] = "held", ["name"] = "held", ["typeName"] = "String" };
        List<JsonObject> steps =
        [
            new() { ["id"] = "open", ["type"] = "Store.OpenBudget", ["budget"] = Literal(budget), ["title"] = Literal("双11推广"), ["amount"] = Literal("100") },
            new()
            {
                ["id"] = "reserve", ["type"] = "Store.ReserveBudget", ["budget"] = Literal(budget), ["purpose"] = Literal("投放"), ["amount"] = Literal("30.5"),
                ["reservation"] = new JsonObject { ["typeName"] = "String", ["memoryReference"] = new JsonObject { ["id"] = "held" } },
            },
            new() { ["id"] = "spend", ["type"] = "Store.SpendBudget", ["reservation"] = Value("Variable", held.DeepClone()), ["amount"] = Literal("10.5") },
            new() { ["id"] = "list", ["type"] = "Store.Blacklist", ["customer"] = Literal(customer), ["reason"] = Literal("恶意退货"), ["scopes"] = Value("Object", """["coupons","reviews"]""") },
        ];
        if (undo)
            steps.Add(new JsonObject { ["id"] = "undo", ["type"] = "Workflows.Compensate" });
        var definition = Flows.Sequence(id, [.. steps.Select(s => s.ToJsonString())]);
        definition["variables"] = new JsonArray(held);
        return definition;
    }

    private static JsonObject Literal(string value) => Value("Literal", value);

    private static JsonObject Value(string type, JsonNode value) => new() { ["expression"] = new JsonObject { ["type"] = type, ["value"] = value } };
}
