using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Store;

/// <summary>
/// Reads what the manager decided about each slow mover (catalogue 2.3, steps 2 and 3). Leaves by Incomplete, and says what is missing, unless
/// every item of the list has exactly one decision, every clearance a price not above the present one, and every kept item a reason. A price
/// below cost, or of a product whose cost is not known, leaves by BelowCost.
/// </summary>
[Activity("Store.ClearanceReview", Category = "Store", Zh = "整理清仓决定", En = "Read clearance review",
    DescriptionZh = "逐项核对决定：缺项、缺价格或缺理由时退回；低于成本价时需要审批。", DescriptionEn = "Checks the decisions item by item; prices below cost need approval.")]
[Outcome("Clear", Zh = "清仓", En = "Clear")]
[Outcome("BelowCost", Zh = "低于成本", En = "Below cost")]
[Outcome("NothingToClear", Zh = "无需清仓", En = "Nothing to clear")]
[Outcome("Incomplete", Zh = "不完整", En = "Incomplete")]
internal sealed class ClearanceReview : CodeActivity
{
    public const string ToClear = "清仓";
    public const string ToKeep = "保留";
    public const string ToReturn = "退回供应商";

    [Input(Zh = "清单", En = "Items", Required = true)]
    public JsonArray? Items { get; set; }

    [Input(Zh = "决定", En = "Decisions", Required = true, DescriptionZh = "表单内容，各行在 items 中。", DescriptionEn = "The filled form, its rows under items.")]
    public JsonObject? Decisions { get; set; }

    [Output(Zh = "要清仓的", En = "To clear")]
    public JsonArray? Clearance { get; set; }

    [Output(Zh = "清仓商品编号", En = "Numbers to clear")]
    public JsonArray? Codes { get; set; }

    [Output(Zh = "保留的", En = "Kept")]
    public JsonArray? Kept { get; set; }

    [Output(Zh = "退回供应商的", En = "To return")]
    public JsonArray? Returned { get; set; }

    [Output(Zh = "需更正", En = "To be corrected")]
    public string? Faults { get; set; }

    protected override void Run(ActivityContext context)
    {
        (Clearance, Codes, Kept, Returned) = ([], [], [], []);
        var faults = new List<string>();
        var rows = (Decisions?["items"] as JsonArray ?? []).OfType<JsonObject>().ToLookup(r => (string?)r["stockCode"] ?? "");
        var isBelowCost = false;
        foreach (var item in (Items ?? []).OfType<JsonObject>())
        {
            var code = (string)item["stockCode"]!;
            if (rows[code].Count() != 1)
            {
                faults.Add(rows[code].Any() ? $"{code} 有多个决定" : $"{code} 没有决定");
                continue;
            }

            var row = rows[code].Single();
            switch ((string?)row["decision"])
            {
                case ToClear:
                    if (Number(row["price"]) is not { } price || price > (Number(item["price"]) ?? price))
                        faults.Add($"{code} 须填写不高于现价的清仓价");
                    else
                        Add(price);
                    break;
                case ToKeep when string.IsNullOrWhiteSpace((string?)row["reason"]):
                    faults.Add($"{code} 保留须填写理由");
                    break;
                case ToKeep:
                    Kept.Add(new JsonObject { ["stockCode"] = code, ["reason"] = row["reason"]?.DeepClone() });
                    break;
                case ToReturn:
                    Returned.Add(new JsonObject { ["stockCode"] = code, ["name"] = item["name"]?.DeepClone(), ["stock"] = item["stock"]?.DeepClone() });
                    break;
                default:
                    faults.Add($"{code} 没有决定");
                    break;
            }

            void Add(decimal price)
            {
                var cost = Number(item["cost"]);
                var belowCost = cost is null || price < cost;
                isBelowCost |= belowCost;
                Codes.Add(code);
                Clearance.Add(new JsonObject
                {
                    ["stockCode"] = code,
                    ["name"] = item["name"]?.DeepClone(),
                    ["way"] = row["way"]?.DeepClone() ?? "清仓特卖",
                    ["price"] = price,
                    ["priceBefore"] = item["price"]?.DeepClone(),
                    ["cost"] = cost,
                    ["stock"] = item["stock"]?.DeepClone(),
                    ["belowCost"] = belowCost,
                });
            }
        }

        foreach (var stray in rows.Select(r => r.Key).Except((Items ?? []).Select(i => (string)i!["stockCode"]!)))
            faults.Add($"{stray} 不在清单中");
        Faults = string.Join("；", faults);
        context.Complete(faults.Count > 0 ? "Incomplete" : Codes.Count == 0 ? "NothingToClear" : isBelowCost ? "BelowCost" : "Clear");
    }

    /// <summary>Read from its text: a number that a script made is a double, and would refuse to be read as anything else.</summary>
    internal static decimal? Number(JsonNode? node) =>
        node is JsonValue && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : null;
}
