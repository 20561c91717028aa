using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Store;

namespace Workflows.Recovery.Node;

/// <summary>One promotion with forty participants and sixty transactions: small enough to be made for every kill.</summary>
internal static class SmallShop
{
    public const string PromotionId = "P-1";

    private static readonly DateTimeOffset From = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Repeating it changes nothing.</summary>
    public static async Task SeedAsync(IStoreIntake intake, CancellationToken cancellationToken)
    {
        await intake.SaveAsync([new Promotion(PromotionId, "满300减50", "满减", From, From.AddDays(30), new JsonObject { ["title"] = "满300减50" }, "rules")], cancellationToken);
        await intake.SaveAsync([.. Enumerable.Range(1, 40).Select(i => new Participant(PromotionId, $"C{i:D3}", "某客户", null, From.AddHours(i)))], cancellationToken);
        await intake.SaveAsync([.. Enumerable.Range(1, 60).Select(i => new PromotionTransaction(PromotionId, $"T{i:D3}", $"C{(i % 40) + 1:D3}", From.AddHours(i), 300 + i, 50))], cancellationToken);
    }

    /// <summary>Number and fingerprint of all live rows of the promotion.</summary>
    public static async Task<string> DescribeAsync(IStorePlatform platform, CancellationToken cancellationToken)
    {
        var rows = await platform.ReadRowsAsync(PromotionId, cancellationToken);
        return $"{rows.Count} {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rows))))}";
    }
}
