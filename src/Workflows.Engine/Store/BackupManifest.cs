using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workflows.Engine.Store;

/// <summary>One row of a promotion's data in the form in which it is backed up, hashed and compared.</summary>
/// <param name="Part">settings, participants or transactions.</param>
/// <param name="Key">Key of the row within the part.</param>
/// <param name="Content">JSON with its members in a fixed order.</param>
public sealed record StoreRow(string Part, string Key, string Content)
{
    public const string Settings = "settings";
    public const string Participants = "participants";
    public const string Transactions = "transactions";

    /// <summary>The parts in the order in which they are backed up.</summary>
    public static readonly IReadOnlyList<string> Parts = [Settings, Participants, Transactions];

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static StoreRow Of(Promotion promotion) => new(Settings, promotion.Id, new JsonObject
    {
        ["name"] = promotion.Name,
        ["kind"] = promotion.Kind,
        ["startsAt"] = Instant(promotion.StartsAt),
        ["endsAt"] = Instant(promotion.EndsAt),
        ["settings"] = Sorted(promotion.Settings),
        ["ruleCache"] = promotion.RuleCache,
    }.ToJsonString(Compact));

    public static StoreRow Of(Participant participant) => new(Participants, participant.CustomerId, new JsonObject
    {
        ["name"] = participant.Name,
        ["mobile"] = participant.Mobile,
        ["joinedAt"] = Instant(participant.JoinedAt),
        ["flagged"] = participant.IsFlagged,
    }.ToJsonString(Compact));

    public static StoreRow Of(PromotionTransaction transaction) => new(Transactions, transaction.TransactionId, new JsonObject
    {
        ["customerId"] = transaction.CustomerId,
        ["at"] = Instant(transaction.At),
        ["amount"] = Amount(transaction.Amount),
        ["discount"] = Amount(transaction.Discount),
    }.ToJsonString(Compact));

    public Promotion ToPromotion(string promotionId)
    {
        var row = JsonNode.Parse(Content)!;
        return new Promotion(promotionId, (string)row["name"]!, (string)row["kind"]!, Instant(row["startsAt"]), Instant(row["endsAt"]), row["settings"] as JsonObject, (string?)row["ruleCache"]);
    }

    public Participant ToParticipant(string promotionId)
    {
        var row = JsonNode.Parse(Content)!;
        return new Participant(promotionId, Key, (string?)row["name"], (string?)row["mobile"], Instant(row["joinedAt"]), (bool)row["flagged"]!);
    }

    public PromotionTransaction ToTransaction(string promotionId)
    {
        var row = JsonNode.Parse(Content)!;
        return new PromotionTransaction(promotionId, Key, (string)row["customerId"]!, Instant(row["at"]), Amount(row["amount"]), Amount(row["discount"]));
    }

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Instant(JsonNode? text) => DateTimeOffset.Parse((string)text!, CultureInfo.InvariantCulture);

    // Always four decimals: 1.5 and 1.50 are the same amount and must hash alike.
    private static string Amount(decimal amount) => amount.ToString("0.0000", CultureInfo.InvariantCulture);

    private static decimal Amount(JsonNode? text) => decimal.Parse((string)text!, CultureInfo.InvariantCulture);

    /// <summary>PostgreSQL and people may reorder the members of an object; its hash must not change with that.</summary>
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        null => null,
        _ => node.DeepClone(),
    };
}

/// <summary>Count and checksum of one part of a backup.</summary>
public sealed record ManifestPart(string Part, int Count, string Sha256);

/// <summary>What a sealed backup contains; a set that no longer matches it is worthless and never opens the gate.</summary>
public sealed record BackupManifest(IReadOnlyList<ManifestPart> Parts)
{
    /// <summary>Counts and hashes rows. Each part is hashed in ordinal order of its keys, every field preceded by its length.</summary>
    public static BackupManifest Of(IReadOnlyCollection<StoreRow> rows) => new([.. StoreRow.Parts.Select(part => Of(part, rows))]);

    public ManifestPart? Find(string part) => Parts.FirstOrDefault(p => p.Part == part);

    /// <summary>Compares rows with the manifest, part by part; nothing but equality passes.</summary>
    public IReadOnlyList<PartCheck> Check(IReadOnlyCollection<StoreRow> rows)
    {
        var found = Of(rows);
        return [.. Parts.Select(expected =>
        {
            var part = found.Find(expected.Part)!;
            return new PartCheck(expected.Part, expected.Count, part.Count, expected == part);
        })];
    }

    public JsonObject ToJson() => new()
    {
        ["parts"] = new JsonArray([.. Parts.Select(p => (JsonNode)new JsonObject { ["part"] = p.Part, ["count"] = p.Count, ["sha256"] = p.Sha256 })]),
    };

    public static BackupManifest Parse(string json) => new([.. JsonNode.Parse(json)!["parts"]!.AsArray()
        .Select(p => new ManifestPart((string)p!["part"]!, (int)p["count"]!, (string)p["sha256"]!))]);

    private static ManifestPart Of(string part, IReadOnlyCollection<StoreRow> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = 0;
        foreach (var row in rows.Where(r => r.Part == part).OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            count++;
            hash.AppendData(Encoding.UTF8.GetBytes($"{row.Key.Length}:{row.Key}{row.Content.Length}:{row.Content}"));
        }

        return new ManifestPart(part, count, Convert.ToHexString(hash.GetHashAndReset()));
    }
}

/// <summary>How one part compares with the manifest.</summary>
public sealed record PartCheck(string Part, int Expected, int Found, bool IsEqual)
{
    public JsonNode ToJson() => new JsonObject { ["part"] = Part, ["expected"] = Expected, ["found"] = Found, ["equal"] = IsEqual };
}
