using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workflows.Engine.Store;

/// <summary>Turns the fields of a CSV record into a row; columns are found by their heading, in any order and case.</summary>
internal abstract class RowReader<T>
{
    private readonly Dictionary<string, int> _columns = new(StringComparer.OrdinalIgnoreCase);
    private string[] _fields = [];
    private int _width;

    /// <summary>Why the last row was refused.</summary>
    public string? Fault { get; private set; }

    /// <summary>Headings that must be there.</summary>
    public abstract IReadOnlyList<string> Required { get; }

    /// <summary>Remembers where columns are; answers the first required one that is missing.</summary>
    /// <param name="header">The first record of the file.</param>
    /// <param name="columns">Where each column stands; one that is not named is not there.</param>
    public string? Bind(string[] header, IReadOnlyDictionary<string, int> columns)
    {
        _width = header.Length;
        foreach (var (name, index) in columns.Where(c => c.Value >= 0 && c.Value < header.Length))
            _columns[name] = index;
        return Required.FirstOrDefault(name => !_columns.ContainsKey(name));
    }

    /// <summary>Reads a row; the second value is the reason when it cannot be taken.</summary>
    public (T? Row, string? Fault) Read(string[] fields)
    {
        _fields = fields;
        Fault = fields.Length != _width ? $"应有 {_width} 列 (wrong number of columns)"
            : fields.Any(f => f.Contains('\0', StringComparison.Ordinal)) ? "含有空字符 (contains a NUL character)"
            : fields.Any(f => f.Contains('\uFFFD')) ? "含有不是 UTF-8 的文字 (not UTF-8)"
            : null;
        var row = Fault is null ? Make() : default;
        return (row, Fault);
    }

    /// <summary>Makes the row; what it returns is ignored once <see cref="Refuse"/> was called.</summary>
    protected abstract T Make();

    protected void Refuse(string reason) => Fault ??= reason;

    /// <summary>Whether the file has such a column.</summary>
    protected bool Has(string column) => _columns.ContainsKey(column);

    protected string Text(string column)
    {
        var text = Optional(column);
        if (text is null)
            Refuse($"{column} 为空 (is empty)");
        return text ?? "";
    }

    protected string? Optional(string column)
    {
        if (!_columns.TryGetValue(column, out var index))
            return null;
        var text = _fields[index].Trim();
        return text.Length == 0 ? null : text;
    }

    protected decimal Amount(string column)
    {
        var amount = Number(column);
        if (amount < 0)
            Refuse($"{column} 小于 0 (is negative)");
        else if (amount > 100_000_000)
            Refuse($"{column} 过大 (too large)");
        return amount;
    }

    /// <summary>A number with at most four decimals, of either sign.</summary>
    protected decimal Number(string column)
    {
        if (!decimal.TryParse(Text(column), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            Refuse($"{column} 不是数字 (not a number)");
        else if (number != decimal.Round(number, 4))
            Refuse($"{column} 超过四位小数 (more than four decimals)");
        return number;
    }

    protected int Whole(string column)
    {
        if (!int.TryParse(Text(column), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            Refuse($"{column} 不是整数 (not a whole number)");
        return number;
    }

    /// <summary>An instant; one without a zone is the shop's local time.</summary>
    protected DateTimeOffset Instant(string column)
    {
        var text = Text(column);
        if (DateTime.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var exact))
            return IsOfAShop(exact) ? new DateTimeOffset(exact, ShopCalendar.Offset) : Refused();
        if (DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var local) && local.Kind == DateTimeKind.Unspecified)
            return IsOfAShop(local) ? new DateTimeOffset(local, ShopCalendar.Offset) : Refused();
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var instant) && IsOfAShop(instant.DateTime) ? instant : Refused();

        DateTimeOffset Refused()
        {
            Refuse($"{column} 不是日期时间 (not a date and time)");
            return default;
        }

        // Other programs write their first or last day where there is none, and neither can be counted with.
        static bool IsOfAShop(DateTime date) => date.Year is >= 1900 and <= 2200;
    }
}

internal sealed class CustomerRows : RowReader<Customer>
{
    public override IReadOnlyList<string> Required => ["CustomerId"];

    protected override Customer Make() => new(
        Text("CustomerId"), Optional("Name"), Optional("Mobile"), Optional("Email"), Optional("Level"), Optional("Region"), Optional("RegisteredAt") is null ? null : Instant("RegisteredAt"));
}

internal sealed class ProductRows : RowReader<Product>
{
    public override IReadOnlyList<string> Required => ["StockCode", "Name"];

    protected override Product Make() => new(Text("StockCode"), Text("Name"), Optional("Price") is null ? null : Amount("Price"), Optional("SupplierCode"),
        Optional("Cost") is null ? null : Amount("Cost"), Optional("ListedAt") is null ? null : Instant("ListedAt"));
}

internal sealed class SupplierRows : RowReader<Supplier>
{
    public override IReadOnlyList<string> Required => ["Code", "Name"];

    protected override Supplier Make() => new(Text("Code"), Text("Name"), Optional("Kind") ?? "供应商", Optional("Email"), Optional("Mobile"));
}

internal sealed class VisitRows : RowReader<DailyVisits>
{
    public override IReadOnlyList<string> Required => ["Day", "Visitors"];

    protected override DailyVisits Make()
    {
        var visitors = Whole("Visitors");
        if (visitors < 0)
            Refuse("Visitors 小于 0 (is negative)");
        return new DailyVisits(DateOnly.FromDateTime(Instant("Day").DateTime), visitors);
    }
}

internal sealed class PromotionRows : RowReader<Promotion>
{
    public override IReadOnlyList<string> Required => ["Id", "Name", "StartsAt", "EndsAt"];

    protected override Promotion Make()
    {
        var promotion = new Promotion(Text("Id"), Text("Name"), Optional("Kind") ?? "其他", Instant("StartsAt"), Instant("EndsAt"), Settings(), Optional("RuleCache"));
        if (promotion.EndsAt <= promotion.StartsAt)
            Refuse("EndsAt 不晚于 StartsAt (ends before it begins)");
        return promotion;
    }

    private JsonObject Settings()
    {
        JsonObject? settings = [];
        try
        {
            if (Optional("Settings") is { } json)
                settings = JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            settings = null;
        }

        if (settings is null)
            Refuse("Settings 不是 JSON 对象 (not a JSON object)");
        else if (Optional("StockCodes") is { } codes)
            settings["stockCodes"] = new JsonArray([.. codes.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(c => (JsonNode)c)]);
        return settings ?? [];
    }
}

internal sealed class ParticipantRows : RowReader<Participant>
{
    public override IReadOnlyList<string> Required => ["PromotionId", "CustomerId", "JoinedAt"];

    protected override Participant Make() => new(Text("PromotionId"), Text("CustomerId"), Optional("Name"), Optional("Mobile"), Instant("JoinedAt"));
}

internal sealed class TransactionRows : RowReader<PromotionTransaction>
{
    public override IReadOnlyList<string> Required => ["PromotionId", "TransactionId", "CustomerId", "At", "Amount"];

    protected override PromotionTransaction Make() => new(
        Text("PromotionId"), Text("TransactionId"), Text("CustomerId"), Instant("At"), Amount("Amount"), Optional("Discount") is null ? 0 : Amount("Discount"));
}

/// <summary>Invoice lines. An invoice may hold the same line twice, so equal lines are told apart by counting them.</summary>
internal sealed class SalesRows : RowReader<SalesLine>
{
    private readonly Dictionary<UInt128, int> _seen = [];

    public override IReadOnlyList<string> Required => ["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice"];

    protected override SalesLine Make()
    {
        var invoice = Text("InvoiceNo");
        var quantity = Whole("Quantity");
        if (quantity == 0)
            Refuse("Quantity 为 0 (is zero)");
        var customer = Optional("CustomerID");
        // Spreadsheets write a number column with blanks as 17850.0.
        if (customer?.EndsWith(".0", StringComparison.Ordinal) == true)
            customer = customer[..^2];
        var line = new SalesLine(
            [], invoice, Text("StockCode"), Optional("Description"), quantity, Instant("InvoiceDate"), Amount("UnitPrice"), customer, Optional("Country"),
            invoice.StartsWith('C'));
        return Fault is null ? line with { Key = KeyOf(line) } : line;
    }

    private byte[] KeyOf(SalesLine line)
    {
        var text = string.Join('\u001f', line.InvoiceNo, line.StockCode, line.Description, line.Quantity.ToString(CultureInfo.InvariantCulture),
            line.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), line.UnitPrice.ToString("0.0000", CultureInfo.InvariantCulture), line.CustomerId, line.Country);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_seen, System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash), out _);
        if (count++ > 0)
            SHA256.HashData(Encoding.UTF8.GetBytes($"{text}\u001f{count}"), hash);
        return hash[..16].ToArray();
    }
}
