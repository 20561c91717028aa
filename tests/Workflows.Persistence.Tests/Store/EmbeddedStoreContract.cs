using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Persistence.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>A shop with two small promotions, and short ways to ask it for operations.</summary>
public abstract class EmbeddedStoreContract(DatabaseFixture fixture) : OwnDatabaseContract(fixture)
{
    protected const string Wanted = "P-1";
    protected const string Other = "P-2";

    private EmbeddedStore? _store;
    private int _keys;

    protected ManualClock Clock { get; } = new();

    /// <summary>What is asked for operations; the embedded shop itself, or a way to it.</summary>
    protected virtual IStorePlatform Platform => Shop;

    protected EmbeddedStore Shop => _store ??= new EmbeddedStore(Db.Database, Clock);

    protected async Task OpenShopAsync()
    {
        await Shop.SaveAsync([Promotion(Wanted, "满300减50返场"), Promotion(Other, "会员日")], Token);
        await Shop.SaveAsync([.. Participants(Wanted, 5), .. Participants(Other, 2)], Token);
        await Shop.SaveAsync([.. Transactions(Wanted, 8), .. Transactions(Other, 2)], Token);
    }

    protected static Promotion Promotion(string id, string name) => new(
        id, name, "满减", A.Now.AddDays(-10), A.Now.AddDays(10), new JsonObject { ["rule"] = "满300减50", ["stockCodes"] = new JsonArray("A1", "B2") }, $"cache of {id}");

    protected static IEnumerable<Participant> Participants(string promotion, int count) =>
        Enumerable.Range(1, count).Select(n => new Participant(promotion, $"C{n}", $"顾客{n}", n == 1 ? null : $"1000000000{n}", A.Now.AddDays(-n)));

    protected static IEnumerable<PromotionTransaction> Transactions(string promotion, int count) =>
        Enumerable.Range(1, count).Select(n => new PromotionTransaction(promotion, $"T{n}", $"C{(n % 5) + 1}", A.Now.AddHours(-n), 300.5m + n, 50));

    protected Task<StoreOutcome> AskAsync(StoreOperation operation, string? key = null) =>
        Platform.PerformAsync(key ?? $"i-{++_keys}", operation, Token);

    protected async Task<JsonObject> DoAsync(StoreOperation operation, string? key = null) =>
        Assert.IsType<StoreOutcome.Done>(await AskAsync(operation, key)).Result;

    protected async Task<string> RefusalAsync(StoreOperation operation) =>
        Assert.IsType<StoreOutcome.Refused>(await AskAsync(operation)).Reason;

    protected async Task<string> BackUpAsync(string promotion = Wanted)
    {
        var id = (string)(await DoAsync(new StoreOperation.Backup(promotion)))["backupId"]!;
        Assert.True((bool)(await DoAsync(new StoreOperation.VerifyBackup(id)))["valid"]!);
        return id;
    }

    protected async Task<string> DeleteAsync(string promotion = Wanted)
    {
        var backup = await BackUpAsync(promotion);
        await DoAsync(new StoreOperation.DeletePage(promotion, backup));
        await DoAsync(new StoreOperation.ClearData(promotion, backup));
        return backup;
    }
}
