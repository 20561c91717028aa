namespace Workflows.Engine.Store;

/// <summary>A column that a kind of import reads.</summary>
/// <param name="Name">As it stands in our own exports, and in a mapping.</param>
/// <param name="Zh">What pages call it.</param>
/// <param name="Headings">Further headings that mean the same in exports of seller back ends, in Chinese and English; compared without case, blanks and signs.</param>
public sealed record ImportColumn(string Name, string Zh, string En, params IReadOnlyList<string> Headings);

/// <summary>Which columns each kind of import knows, and which of a file's columns they probably are.</summary>
public static class ImportColumns
{
    private static readonly ImportColumn StockCode = new("StockCode", "商品编号", "Product number", "商品编码", "货号", "商家编码", "商品ID", "宝贝ID", "SKU", "product id", "item code");
    private static readonly ImportColumn Visitors = new("Visitors", "访客数", "Visitors", "UV", "访客", "浏览人数", "unique visitors");
    private static readonly ImportColumn Day = new("Day", "日期", "Day", "统计日期", "date");
    private static readonly ImportColumn PromotionId = new("PromotionId", "活动编号", "Promotion number", "活动ID", "promotion id");
    private static readonly ImportColumn CustomerId = new("CustomerId", "顾客编号", "Customer number", "买家编号", "用户ID", "会员编号", "buyer id");
    private static readonly ImportColumn CustomerName = new("Name", "姓名", "Name", "顾客姓名", "买家姓名", "收货人", "full name", "customer name");
    private static readonly ImportColumn Mobile = new("Mobile", "手机号", "Mobile", "手机", "联系电话", "电话", "手机号码", "联系手机", "phone", "mobile phone", "telephone");
    private static readonly ImportColumn Email = new("Email", "邮箱", "E-mail", "电子邮箱", "邮件", "email address");

    private static readonly Dictionary<string, IReadOnlyList<ImportColumn>> ByKind = new(StringComparer.Ordinal)
    {
        ["products"] =
        [
            StockCode, new("Name", "名称", "Name", "商品名称", "宝贝标题", "商品标题", "标题", "product name", "title"), new("Price", "售价", "Price", "价格", "单价", "一口价"),
            new("SupplierCode", "供应商编号", "Supplier number", "供应商", "supplier"), new("Cost", "成本", "Cost", "成本价", "进价", "采购价"), new("ListedAt", "上架时间", "On sale since", "上架日期", "listed at"),
        ],
        ["suppliers"] =
        [
            new("Code", "编号", "Number", "供应商编号", "供应商编码", "supplier code"), new("Name", "名称", "Name", "供应商名称", "公司名称", "supplier name", "company"),
            new("Kind", "类别", "Kind", "类型", "type"), Email, Mobile,
        ],
        ["customers"] =
        [
            CustomerId, CustomerName, Mobile, Email, new("Level", "会员等级", "Level", "等级", "会员级别", "membership"),
            new("Region", "地区", "Region", "省份", "所在地", "城市", "province", "city"), new("RegisteredAt", "注册时间", "Registered", "注册日期", "入会时间", "创建时间", "created at"),
        ],
        ["sales"] =
        [
            new("InvoiceNo", "单号", "Invoice number", "订单号", "订单编号", "发票号", "invoice", "order number"), StockCode, new("Description", "商品名称", "Description", "名称", "标题", "宝贝标题"),
            new("Quantity", "数量", "Quantity", "件数", "购买数量", "qty"), new("InvoiceDate", "时间", "Time", "下单时间", "付款时间", "成交时间", "日期", "date", "order date"),
            new("UnitPrice", "单价", "Unit price", "价格", "price"), new("CustomerID", "顾客编号", "Customer number", "买家编号", "用户ID", "会员编号", "buyer id"), new("Country", "国家或地区", "Country", "国家", "地区"),
        ],
        ["visits"] = [Day, Visitors],
        ["product-visits"] = [StockCode, Day, Visitors],
        ["metrics"] =
        [
            new("Metric", "指标", "Metric", "指标名称", "metric name"), new("Scope", "对象", "Scope", "活动", "商品", "计划", "plan"), new("At", "时间", "Time", "统计时间", "日期", "date"),
            new("Value", "数值", "Value", "值", "指标值"), new("Count", "样本", "Count", "样本数", "花费", "sample"),
        ],
        ["stock"] =
        [
            StockCode, new("At", "时间", "Time", "盘点时间", "入库时间", "日期", "date"), new("Kind", "类型", "Kind", "类别", "type"), new("Quantity", "数量", "Quantity", "件数", "库存", "qty"),
        ],
        // The English headings are those of the public Olist tables too.
        ["orders"] =
        [
            new("OrderNo", "订单号", "Order number", "订单编号", "order id"), new("Customer", "顾客编号", "Customer number", "买家编号", "买家", "customer id"), Mobile,
            new("CityTier", "城市级别", "City tier", "城市等级"), new("SupplierCode", "供应商编号", "Supplier number", "供应商", "supplier"), new("Carrier", "物流公司", "Carrier", "承运商"), new("Waybill", "运单号", "Waybill", "快递单号"),
            new("PlacedAt", "下单时间", "Placed", "订单创建时间", "order purchase timestamp"), new("PaidAt", "付款时间", "Paid", "支付时间"), new("ApprovedAt", "审核时间", "Approved", "审单时间", "order approved at"),
            new("PromisedDispatchAt", "承诺发货时间", "Promised dispatch", "预售发货时间"), new("PromisedDeliveryAt", "承诺送达时间", "Promised delivery", "预计送达时间", "order estimated delivery date"),
            new("DispatchedAt", "发货时间", "Dispatched", "揽收时间", "order delivered carrier date"), new("DeliveredAt", "签收时间", "Delivered", "送达时间", "确认收货时间", "order delivered customer date"),
            new("State", "订单状态", "State", "状态", "order status"), new("Amount", "金额", "Amount", "实付金额", "买家实付"),
        ],
        ["promotions"] =
        [
            new("Id", "活动编号", "Promotion number", "编号", "活动ID", "promotion id"), new("Name", "活动名称", "Name", "名称", "promotion name"), new("Kind", "类型", "Kind", "活动类型", "type"),
            new("StartsAt", "开始时间", "Begins", "开始日期", "start"), new("EndsAt", "结束时间", "Ends", "结束日期", "end"), new("StockCodes", "商品编号", "Products", "参与商品"),
            new("Settings", "设置", "Settings", "活动设置"), new("RuleCache", "规则缓存", "Rule cache"),
        ],
        ["participants"] = [PromotionId, CustomerId, CustomerName, Mobile, new("JoinedAt", "参与时间", "Joined", "报名时间", "joined at")],
        ["transactions"] =
        [
            PromotionId, new("TransactionId", "交易号", "Transaction number", "订单号", "交易编号", "transaction id"), CustomerId, new("At", "时间", "Time", "交易时间", "付款时间", "日期"),
            new("Amount", "金额", "Amount", "实付金额", "成交金额"), new("Discount", "优惠金额", "Discount", "优惠", "折扣"),
        ],
    };

    /// <summary>The columns of a kind in the order in which pages list them.</summary>
    public static IReadOnlyList<ImportColumn> Of(string kind) => ByKind.GetValueOrDefault(kind) ?? [];

    /// <summary>
    /// For each column the heading it is probably under: its own name first, then what else is written over such a column. A heading is taken once.
    /// A column that is not there is not in the answer.
    /// </summary>
    /// <param name="remembered">What somebody chose for an earlier file of this kind; counts before everything else.</param>
    public static IReadOnlyDictionary<string, int> Guess(string kind, IReadOnlyList<string> header, IReadOnlyDictionary<string, string>? remembered = null)
    {
        var found = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var headings = header.Select(Plain).ToList();
        void Take(ImportColumn column, string? heading)
        {
            if (heading is { Length: > 0 } && !found.ContainsKey(column.Name) && headings.IndexOf(Plain(heading)) is >= 0 and var at && !found.ContainsValue(at))
                found[column.Name] = at;
        }

        var columns = Of(kind);
        foreach (var column in columns)
            Take(column, remembered?.GetValueOrDefault(column.Name));
        foreach (var column in columns)
            Take(column, column.Name);
        foreach (var column in columns)
        {
            foreach (var heading in (string[])[column.Zh, column.En, .. column.Headings])
                Take(column, heading);
        }

        return found;
    }

    private static string Plain(string heading) => string.Concat(heading.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
