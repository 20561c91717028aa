using System.IO.Compression;
using System.Text;
using Workflows.Engine.Store;

namespace Workflows.Engine.Tests.Store;

/// <summary>Which column is which, and in what a file is written.</summary>
public sealed class ImportColumnsTests
{
    [Theory]
    [InlineData("products", "StockCode,Name,Price", "StockCode=0 Name=1 Price=2")]
    [InlineData("products", "宝贝标题,商家编码,一口价（元）,一口价", "StockCode=1 Name=0 Price=3")]
    [InlineData("customers", "Buyer ID,Full Name,Mobile Phone,Email Address", "CustomerId=0 Name=1 Mobile=2 Email=3")]
    [InlineData("customers", "手机号码,姓名,会员编号", "CustomerId=2 Name=1 Mobile=0")]
    // A heading is taken once, by the column whose own it is.
    [InlineData("suppliers", "供应商编号,供应商名称,名称", "Code=0 Name=2")]
    [InlineData("visits", "什么,也不是", "")]
    public void Columns_are_guessed_from_headings_in_chinese_and_english(string kind, string header, string expected)
    {
        var found = ImportColumns.Guess(kind, header.Split(','));

        Assert.Equal(expected, string.Join(' ', ImportColumns.Of(kind).Where(c => found.ContainsKey(c.Name)).Select(c => $"{c.Name}={found[c.Name]}")));
    }

    [Fact]
    public void What_somebody_chose_before_counts_first()
    {
        var found = ImportColumns.Guess("visits", ["日期", "访客数", "人次"], new Dictionary<string, string> { ["Visitors"] = "人次", ["Day"] = "没有了" });

        Assert.Equal((0, 2), (found["Day"], found["Visitors"]));
    }

    [Fact]
    public void Every_kind_has_the_columns_it_needs() =>
        Assert.All(StoreImporter.Kinds, kind => Assert.Subset(ImportColumns.Of(kind).Select(c => c.Name).ToHashSet(), StoreImporter.RequiredColumns(kind).ToHashSet()));

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("GB18030", false)]
    [InlineData("GB18030", true)]
    public async Task A_file_is_read_in_what_it_was_written_in(string encoding, bool packed)
    {
        const string Text = "编号,名称\n1,手工皂礼盒𠮷\n";
        var bytes = (CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding)).GetBytes(Text);
        if (packed)
        {
            using var into = new MemoryStream();
            await using (var gzip = new GZipStream(into, CompressionLevel.Fastest))
                await gzip.WriteAsync(bytes, TestContext.Current.CancellationToken);
            bytes = into.ToArray();
        }

        using var reader = await TextFile.OpenAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken);
        Assert.Equal(Text, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_damaged_utf8_file_stays_utf8_so_that_its_good_rows_stay_good()
    {
        byte[] bytes = [.. "编号,名称\n1,手工皂\n2,坏"u8, 0xE4, 0xBD, .. ",\n"u8];

        using var reader = await TextFile.OpenAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken);
        Assert.Contains("手工皂", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("张三丰", "张**")]
    [InlineData("138 0000 1234", "138****1234")]
    [InlineData("+8613800001234", "138****1234")]
    [InlineData("C000123", "C000123")]
    [InlineData("li@example.com", "l***@example.com")]
    [InlineData("𠮷野家", "𠮷**")]
    [InlineData("张三 13800001234", "张**")]
    [InlineData("微信13800001234", "微**")]
    [InlineData("13800001234/13900001234", "1**")]
    [InlineData("tel13800001234", "t**")]
    [InlineData("张三2", "张**")]
    [InlineData(" ", null)]
    public void A_customers_field_is_masked_by_what_it_holds(string text, string? masked) => Assert.Equal(masked, PersonalData.MaskCustomer(text));
}
