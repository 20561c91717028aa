using System.Text.Json.Nodes;

namespace Workflows.Activities.Store;

/// <summary>
/// The parties whom a deletion affects, as a list of {party, kind, contact, affects, needsReceipt, state, toldAt}, and the rule when one counts as
/// told (catalogue 1.2): the notice was delivered, from suppliers and partners there is an acknowledgement besides; a call that reached them is both.
/// Pure.
/// </summary>
internal static class Parties
{
    public const string Undelivered = "未送达";

    /// <summary>Kinds by the words people and programs write.</summary>
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["supplier"] = "供应商",
        ["partner"] = "合作伙伴",
        ["carrier"] = "物流公司",
        ["influencer"] = "达人",
        ["internal"] = "内部团队",
        ["users"] = "用户",
    };

    private static readonly string[] WithoutReceipt = ["物流公司", "达人", "内部团队", "用户"];
    private static readonly char[] Between = [',', '，', ';', '；', '、', ' ', '\n', '\t'];

    /// <summary>A row of the list. A party whose kind nobody gave is asked for an acknowledgement: of the two rules that is the stricter.</summary>
    public static JsonObject Row(string party, string? kind, string? contact, string? affects)
    {
        var known = string.IsNullOrWhiteSpace(kind) ? "" : Kinds.GetValueOrDefault(kind.Trim(), kind.Trim());
        return new JsonObject
        {
            ["party"] = party.Trim(),
            ["kind"] = known.Length > 0 ? known : "相关方",
            ["contact"] = contact?.Trim() ?? "",
            ["affects"] = affects?.Trim() ?? "",
            ["needsReceipt"] = !WithoutReceipt.Contains(known),
            ["state"] = "",
        };
    }

    public static bool IsTold(JsonObject row) => (string?)row["toldAt"] is { Length: > 0 };

    /// <summary>Whether the answer given for a party means that it was told.</summary>
    public static bool Tells(JsonObject row, string answer) => answer is "已回执" or "已电话告知" || (answer == "已送达" && (bool?)row["needsReceipt"] == false);

    /// <summary>Addresses of these parties; one of them may have several.</summary>
    public static JsonArray Contacts(IEnumerable<JsonObject> rows) =>
        [.. rows.SelectMany(r => ((string?)r["contact"] ?? "").Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct().Select(c => (JsonNode)c)];

    /// <summary>The form that asks for each party not yet told; the keys are the places in the list.</summary>
    public static JsonObject Form(JsonArray list, bool byPhone)
    {
        var (properties, required) = (new JsonObject(), new JsonArray());
        foreach (var (row, index) in list.OfType<JsonObject>().Select((row, index) => (row, index)).Where(r => !IsTold(r.row)))
        {
            var contact = (string?)row["contact"] is { Length: > 0 } known ? known : "无联系方式";
            string[] answers = byPhone ? ["已电话告知", "已回执", "未联系上"] : (bool?)row["needsReceipt"] == false ? ["已送达", "已电话告知", Undelivered] : ["已回执", "已电话告知", "未回复", Undelivered];
            properties[Key(index)] = new JsonObject { ["type"] = "string", ["title"] = $"{row["kind"]}：{row["party"]}（{contact}）", ["enum"] = new JsonArray([.. answers.Select(a => (JsonNode)a)]) };
            required.Add(Key(index));
        }

        properties["note"] = new JsonObject { ["type"] = "string", ["title"] = byPhone ? "通话记录" : "告知记录", ["maxLength"] = 2000 };
        if (byPhone)
            properties["waiver"] = new JsonObject { ["type"] = "boolean", ["title"] = "联系不上仍须继续，申请豁免" };
        return new JsonObject { ["type"] = "object", ["required"] = required, ["properties"] = properties };
    }

    /// <summary>The list as people read it.</summary>
    public static JsonArray Words(JsonArray list) =>
    [
        .. list.OfType<JsonObject>().Select(r => new JsonObject
        {
            ["相关方"] = r["party"]!.DeepClone(),
            ["类别"] = r["kind"]!.DeepClone(),
            ["联系方式"] = (string?)r["contact"] is { Length: > 0 } contact ? contact : "无",
            ["影响"] = (string?)r["affects"] ?? "",
            ["告知情况"] = (string?)r["state"] is { Length: > 0 } state ? state : "待告知",
        }),
    ];

    public static string Key(int index) => $"p{index + 1}";
}
