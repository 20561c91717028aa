using System.Globalization;
using System.Text.Json.Nodes;

namespace Workflows.Engine.Store;

/// <summary>
/// A small shop to try things on: promotions with participants and transactions, products, suppliers, visits, and sales
/// around the day it is set up. The same day gives the same shop.
/// </summary>
/// <param name="intake">Where it goes.</param>
/// <param name="platform">Asked whether there are sales already; then none are made up.</param>
public sealed class DemoShop(IStoreIntake intake, IStorePlatform platform)
{
    /// <summary>The promotion that the demonstration deletes: 3,412 participants, 5,870 transactions.</summary>
    public const string MainPromotionId = "P-1001";

    /// <summary>A promotion whose period lies in the imported retail lines of 2011.</summary>
    public const string RetailPromotionId = "P-2011-08";

    private const int Batch = 2_000;
    private static readonly TimeSpan Shop = TimeSpan.FromHours(8);

    private static readonly (string Id, string Name, string Kind, int FromDay, int ToDay, int Participants, int Transactions)[] Promotions =
    [
        (MainPromotionId, "满300减50返场", "满减", -21, 9, 3_412, 5_870),
        ("P-1002", "新客限时九折", "限时折扣", -10, 20, 126, 181),
        ("P-1003", "会员日满额赠礼", "赠品", -35, -5, 640, 802),
        ("P-1004", "周年庆幸运抽奖", "抽奖", -3, 4, 58, 61),
    ];

    private static readonly string[] Goods =
    [
        "真丝方巾", "羊绒围巾", "亚麻衬衫", "纯棉四件套", "乳胶枕", "蚕丝被", "竹纤维毛巾", "陶瓷茶具", "玻璃水壶", "不锈钢保温杯", "儿童积木", "毛绒玩偶",
        "香薰蜡烛", "木质相框", "收纳盒", "厨房剪刀", "硅胶餐垫", "帆布托特包", "防晒伞", "编织地毯", "棉麻桌布", "手工皂", "便携台灯", "旅行收纳袋",
    ];

    private const int CustomersKnown = 640;

    private static readonly string[] GivenNames = ["芳", "伟", "秀英", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "明", "超", "思远", "雨桐"];

    /// <summary>Levels of membership (catalogue A.2).</summary>
    private static readonly string[] Levels = ["普通会员", "银卡会员", "金卡会员", "钻石会员"];

    private static readonly string[] Regions = ["浙江", "江苏", "广东", "上海", "北京", "四川", "湖北", "山东"];

    private static readonly string[] Surnames = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林"];

    /// <summary>Fills the shop. Repeating it changes nothing, and never brings back what was deleted since.</summary>
    /// <param name="now">The day around which promotions and sales lie.</param>
    public async Task SeedAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if ((await platform.ListPromotionsAsync(cancellationToken)).Any(p => p.Id == MainPromotionId))
            return;

        var today = new DateTimeOffset(now.ToOffset(Shop).Date, Shop);
        await intake.SaveAsync(Suppliers(), cancellationToken);
        await intake.SaveAsync([.. Goods.Select((name, i) => new Product(StockCode(i), name, Price(i), $"S{(i % 2) + 1:000}"))], cancellationToken);
        await SaveInBatchesAsync(Customers(today), intake.SaveAsync, cancellationToken);
        if (await platform.CountSalesAsync(cancellationToken) == 0)
            await SeedSalesAsync(today, cancellationToken);
        await SeedPromotionAsync(RetailPromotionId, "2011夏季返场", "满减", new DateTimeOffset(2011, 8, 1, 0, 0, 0, Shop), new DateTimeOffset(2011, 9, 1, 0, 0, 0, Shop), 412, 530, cancellationToken);
        // The main promotion comes last: while it is missing, a start that was interrupted begins again.
        foreach (var (id, name, kind, from, to, participants, transactions) in Promotions.Reverse())
            await SeedPromotionAsync(id, name, kind, today.AddDays(from), today.AddDays(to), participants, transactions, cancellationToken);
    }

    private async Task SeedPromotionAsync(string id, string name, string kind, DateTimeOffset from, DateTimeOffset to, int participants, int transactions, CancellationToken cancellationToken)
    {
        var draw = new Draw(id);
        var settings = new JsonObject
        {
            ["title"] = name,
            ["rule"] = kind == "满减" ? new JsonObject { ["threshold"] = 300, ["reduction"] = 50 } : new JsonObject { ["text"] = name },
            ["banner"] = $"/images/{id}.jpg",
            ["placement"] = new JsonArray("首页", "活动会场"),
            ["parties"] = new JsonArray("S001", "S002", "X001"),
        };
        await intake.SaveAsync([new Promotion(id, name, kind, from, to, settings, $"{{\"promotion\":\"{id}\",\"version\":3}}")], cancellationToken);
        var period = to - from;
        await SaveInBatchesAsync(Enumerable.Range(1, participants).Select(i => new Participant(
            id, Customer(i), Surnames[draw.Next(Surnames.Length)] + (draw.Next(2) == 0 ? "女士" : "先生"),
            Mobile(i),
            from + (period * (draw.Next(700) / 1000.0)))), intake.SaveAsync, cancellationToken);
        await SaveInBatchesAsync(Enumerable.Range(1, transactions).Select(i =>
        {
            var amount = 300 + draw.Next(50_000) / 100m;
            return new PromotionTransaction(id, $"{id}-T{i:00000}", Customer(((i - 1) % participants) + 1), from + (period * (draw.Next(700) / 1000.0)), amount, 50);
        }), intake.SaveAsync, cancellationToken);
    }

    /// <summary>Sixty days back, forty-five ahead (so that checkpoints after a deletion find something), livelier in the main promotion.</summary>
    private async Task SeedSalesAsync(DateTimeOffset today, CancellationToken cancellationToken)
    {
        var draw = new Draw("sales");
        var lines = new List<SalesLine>();
        var visits = new List<DailyVisits>();
        for (var day = -60; day < 45; day++)
        {
            var promoted = day is >= -21 and < 9;
            var orders = 40 + draw.Next(8) + (promoted ? 18 : 0);
            visits.Add(new DailyVisits(DateOnly.FromDateTime(today.AddDays(day).DateTime), 1_500 + draw.Next(200) + (promoted ? 300 : 0)));
            for (var order = 0; order < orders; order++)
            {
                var at = today.AddDays(day).AddMinutes(480 + draw.Next(900));
                var invoice = string.Create(CultureInfo.InvariantCulture, $"D{at:yyyyMMdd}{order:000}");
                var customer = Customer(1 + draw.Next(4_000));
                for (var n = 1 + draw.Next(3); n > 0; n--)
                {
                    var good = draw.Next(Goods.Length);
                    lines.Add(new SalesLine(KeyOf(invoice, n), invoice, StockCode(good), Goods[good], 1 + draw.Next(3), at, Price(good), customer, "中国", false));
                }
            }
        }

        await SaveInBatchesAsync(lines, intake.SaveAsync, cancellationToken);
        await intake.SaveAsync(visits, cancellationToken);
    }

    private static async Task SaveInBatchesAsync<T>(IEnumerable<T> rows, Func<IReadOnlyList<T>, CancellationToken, Task<int>> save, CancellationToken cancellationToken)
    {
        foreach (var batch in rows.Chunk(Batch))
            await save(batch, cancellationToken);
    }

    private static List<Supplier> Suppliers() =>
    [
        new("S001", "杭州云锦纺织有限公司", "供应商", "yunjin@supplier.example", "10090000001"),
        new("S002", "义乌好物日用品商行", "供应商", "haowu@supplier.example", "10090000002"),
        new("X001", "潮流研究社", "合作伙伴", "chaoliu@partner.example", "10090000003"),
    ];

    private static IEnumerable<Customer> Customers(DateTimeOffset today)
    {
        var draw = new Draw("customers");
        return Enumerable.Range(1, CustomersKnown).Select(i => new Customer(
            Customer(i), Surnames[draw.Next(Surnames.Length)] + GivenNames[draw.Next(GivenNames.Length)], Mobile(i), string.Create(CultureInfo.InvariantCulture, $"c{i}@customer.example"),
            Levels[draw.Next(10) switch { < 6 => 0, < 8 => 1, 8 => 2, _ => 3 }], Regions[draw.Next(Regions.Length)], today.AddDays(-30 - draw.Next(900))));
    }

    /// <summary>No such numbers are ever assigned: a message to one reaches nobody.</summary>
    private static string Mobile(int number) => string.Create(CultureInfo.InvariantCulture, $"100{number:00000000}");

    private static string Customer(int number) => string.Create(CultureInfo.InvariantCulture, $"C{number:000000}");

    private static string StockCode(int good) => string.Create(CultureInfo.InvariantCulture, $"G{good + 1:000}");

    private static decimal Price(int good) => 19.9m + (good * 13 % 24 * 8);

    private static byte[] KeyOf(string invoice, int line) =>
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"demo:{invoice}:{line}"))[..16];

    /// <summary>A tiny generator (xorshift) whose numbers are the same on every machine and in every version.</summary>
    private sealed class Draw(string seed)
    {
        private uint _state = seed.Aggregate(2_166_136_261u, (hash, c) => unchecked((hash ^ c) * 16_777_619u));

        public int Next(int below)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return (int)(_state % (uint)below);
        }
    }
}
