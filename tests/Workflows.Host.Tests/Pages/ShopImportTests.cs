using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Workflows.Engine.Runtime;
using Workflows.Engine.Store;
using Workflows.Engine.Timers;
using Workflows.Host.Shop;

namespace Workflows.Host.Tests.Pages;

/// <summary>A file comes in by the page: guessed, looked at, corrected, imported, its bad rows given back.</summary>
public sealed class ShopImportTests(SharedHost shared) : IClassFixture<SharedHost>
{
    // What a shop's spreadsheet saves: GB18030, headings of its own, one row that starts a formula.
    private const string Export = "宝贝标题,商家编码,一口价,进价\n手工皂礼盒,Z001,39.90,12\n=HYPERLINK(\"x\"),Z002,不详,3\n香薰蜡烛（大）,Z003,59,20\n";

    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;

    [Fact]
    public async Task A_spreadsheet_in_gb18030_is_guessed_corrected_imported_and_its_bad_rows_come_back_harmless()
    {
        var host = await shared.GetAsync();
        using var analyst = new Browser(host);
        await analyst.SignInAsync("data_analyst");

        var page = await analyst.UploadAsync("products", Gb18030.GetBytes(Export), "商品.csv");
        Assert.Contains("手工皂礼盒", page.Html, StringComparison.Ordinal);
        Assert.Contains("售价 不是数字", page.Html, StringComparison.Ordinal);
        Assert.Matches("""name="c.StockCode".*?value="1" selected""", page.Html.ReplaceLineEndings(""));
        using var finance = await host.AsAsync("finance");
        Assert.Equal(404, (await finance.SendAsync(HttpMethod.Get, "/api/v1/store/products/Z001")).Status);

        // The needed columns taken away: nothing is imported, and what is missing is named.
        var stopped = await analyst.PostAsync(page.Address, new() { ["c.Name"] = "0", ["action"] = "import" });
        Assert.Contains("没有导入任何数据：还没有对应这些必需的列：商品编号", stopped.Html, StringComparison.Ordinal);

        await analyst.PostAsync(page.Address, new() { ["c.Name"] = "0", ["c.StockCode"] = "1", ["c.Price"] = "2", ["action"] = "import" });
        var done = await analyst.DoneAsync(page.Address);
        Assert.Contains("读取 3 行：新增或更新 2 行，已有且不变 0 行，未导入 1 行", done.Html, StringComparison.Ordinal);
        var rejected = await analyst.GetAsync(page.Address + "/rejected");
        Assert.Contains("3,Price 不是数字 (not a number),\"'=HYPERLINK(\"\"x\"\")\",Z002,不详,3", rejected.Html, StringComparison.Ordinal);
        Assert.Equal("手工皂礼盒", (string?)(await finance.SendAsync(HttpMethod.Get, "/api/v1/store/products/Z001")).Body!["product"]!["name"]);

        // The same file again, compressed: the choice (no cost) is remembered, and nothing is new.
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Gb18030.GetBytes(Export), TestContext.Current.CancellationToken);
        var again = await analyst.UploadAsync("products", packed.ToArray(), "商品.csv.gz");
        await analyst.PostAsync(again.Address, new() { ["c.Name"] = "0", ["c.StockCode"] = "1", ["c.Price"] = "2", ["action"] = "import" });
        Assert.Contains("新增或更新 0 行，已有且不变 2 行", (await analyst.DoneAsync(again.Address)).Html, StringComparison.Ordinal);

        using var owner = new Browser(host);
        await owner.SignInAsync("activity_owner");
        Assert.Equal(404, (await owner.GetAsync(page.Address)).Status);
        Assert.Equal(404, (await owner.GetAsync(page.Address + "/rejected")).Status);
    }

    [Fact]
    public async Task A_file_that_is_none_is_refused_in_plain_words_and_a_host_that_died_is_taken_over()
    {
        var host = await shared.GetAsync();
        using var analyst = new Browser(host);
        await analyst.SignInAsync("data_analyst");
        Assert.Contains("请选择一个不为空的文件", (await analyst.UploadAsync("products", [], "x.csv")).Html, StringComparison.Ordinal);
        Assert.Contains("压缩文件已损坏", (await analyst.UploadAsync("products", [0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], "x.gz")).Html, StringComparison.Ordinal);
        var foreign = await analyst.UploadAsync("sales", "a,b\n1,2\n"u8.ToArray(), "x.csv");
        Assert.Contains("还没有对应这些必需的列：单号、商品编号、数量、时间、单价", foreign.Html, StringComparison.Ordinal);
        Assert.Contains("已放弃", (await analyst.PostAsync(foreign.Address, new() { ["action"] = "discard" })).Html, StringComparison.Ordinal);

        // Another host took it and died: whoever looks at the page has it read again.
        var page = await analyst.UploadAsync("visits", "日期,UV\n2020-01-01,100\n"u8.ToArray(), "v.csv");
        var id = page.Address.Split('/')[^1];
        await host.SqlAsync($"update import_upload set state = 2, touched_at = 0 where id = '{id}'");
        Assert.Contains("新增或更新 1 行", (await analyst.DoneAsync(page.Address)).Html, StringComparison.Ordinal);
        Assert.Null(await host.Service<IImportUploads>().ReadContentAsync(id, TestContext.Current.CancellationToken));
        Assert.Equal(0, await host.Service<IEnumerable<Microsoft.Extensions.Hosting.IHostedService>>().OfType<ImportLoop>().Single().RunOnceAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_that_fails_again_and_again_is_given_back_after_five_tries_with_what_to_do()
    {
        var host = await shared.GetAsync();
        using var analyst = new Browser(host);
        await analyst.SignInAsync("data_analyst");
        var page = await analyst.UploadAsync("visits", "日期,UV\n2020-03-01,100\n"u8.ToArray(), "v.csv");
        var (id, uploads, token) = (page.Address.Split('/')[^1], host.Service<IImportUploads>(), TestContext.Current.CancellationToken);
        await uploads.ChooseAsync(id, new Dictionary<string, int> { ["Day"] = 0, ["Visitors"] = 1 }, queue: true, token);
        using var loop = new ImportLoop(
            uploads, new StoreImporter(System.Reflection.DispatchProxy.Create<IStoreIntake, FullDisk>(), TimeProvider.System), new ImportSignal(), host.Service<EventHub>(), host.Service<EngineClock>(), NullLogger<ImportLoop>.Instance);
        for (var n = 1; n < ImportLoop.MostTries; n++)
            await Assert.ThrowsAsync<IOException>(() => loop.RunOnceAsync(token));
        Assert.Equal(1, await loop.RunOnceAsync(token));
        Assert.Equal(0, await loop.RunOnceAsync(token));

        Assert.Contains("已停止", (await analyst.GetAsync("/shop/import")).Html, StringComparison.Ordinal);
        Assert.Contains($"试了 5 次都没能读完这个文件，已停止。已保存的行不会丢失，再次导入也不会重复。请把编号 {id}", (await analyst.GetAsync(page.Address)).Html, StringComparison.Ordinal);
        // The reason is gone: the same page begins it anew.
        await analyst.PostAsync(page.Address, new() { ["c.Day"] = "0", ["c.Visitors"] = "1", ["action"] = "import" });
        Assert.Contains("新增或更新 1 行", (await analyst.DoneAsync(page.Address)).Html, StringComparison.Ordinal);

        // Hosts that died over a file said nothing: the sixth does not begin it.
        var deadly = (await analyst.UploadAsync("visits", "日期,UV\n2020-03-02,100\n"u8.ToArray(), "v.csv")).Address;
        await host.SqlAsync($"update import_upload set state = 2, touched_at = 0, tries = {ImportLoop.MostTries} where id = '{deadly.Split('/')[^1]}'");
        Assert.Equal(1, await loop.RunOnceAsync(token));
        Assert.Contains("已停止", (await analyst.GetAsync(deadly)).Html, StringComparison.Ordinal);
    }

    public class FullDisk : System.Reflection.DispatchProxy
    {
        protected override object? Invoke(System.Reflection.MethodInfo? targetMethod, object?[]? args) => throw new IOException("No space left on device");
    }

    private sealed class Browser(HostUnderTest host) : IDisposable
    {
        private readonly HttpClient _client = new(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = host.Address };
        private string _csrf = "";

        public async Task SignInAsync(string user)
        {
            _client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
            await _client.PostAsync("/signin", new FormUrlEncodedContent(new Dictionary<string, string> { ["userName"] = user, ["password"] = "demo" }), TestContext.Current.CancellationToken);
            _csrf = (await GetAsync("/shop/import")).Hidden("_csrf");
        }

        public async Task<Visitor.Answer> GetAsync(string address) => await Visitor.Answer.OfAsync(await _client.GetAsync(address, TestContext.Current.CancellationToken));

        public async Task<Visitor.Answer> PostAsync(string address, Dictionary<string, string> form)
        {
            form["_csrf"] = _csrf;
            return await Visitor.Answer.OfAsync(await _client.PostAsync(address, new FormUrlEncodedContent(form), TestContext.Current.CancellationToken));
        }

        public async Task<Visitor.Answer> UploadAsync(string kind, byte[] content, string name)
        {
            using var form = new MultipartFormDataContent { { new StringContent(_csrf), "_csrf" }, { new StringContent(kind), "kind" }, { new ByteArrayContent(content), "file", name } };
            return await Visitor.Answer.OfAsync(await _client.PostAsync("/shop/import", form, TestContext.Current.CancellationToken));
        }

        public Task<Visitor.Answer> DoneAsync(string address) => Workflows.Testing.Condition.FoundAsync(
            async () => await GetAsync(address) is var page && page.Html.Contains("读取", StringComparison.Ordinal) && !page.Html.Contains("import-progress", StringComparison.Ordinal) ? page : null,
            "The import never ended.", TestContext.Current.CancellationToken);

        public void Dispose() => _client.Dispose();
    }
}
