using Workflows.Engine.Store;

namespace Workflows.Engine.Tests.Store;

/// <summary>Finding one person in free text: all of them, and nobody else.</summary>
public sealed class PersonalTracesTests
{
    private static readonly string?[] Known = ["王芳", "Li", "13800001234", "wang@example.com", "C1001", "王", "12345", "顾客", null];

    [Theory]
    [InlineData("我是王芳，电话13800001234。", "我是***，电话***********。")]
    [InlineData("+86 138-0000-1234 或 8613800001234", "*********** 或 ***********")]
    [InlineData("１３８００００１２３４", "***********")]
    [InlineData("008613800001234、013800001234、138.0000.1234、138 - 0000 - 1234", "***********、***********、***********、***********")]
    [InlineData("运单 9138000012345 与 113800001234", "运单 9138000012345 与 113800001234")]
    [InlineData("Like the Li family, LI", "Like the *** family, ***")]
    [InlineData("Wang@Example.com，顾客 C1001，王先生，12345", "***，顾客 C1001，王先生，12345")]
    public void Names_numbers_and_addresses_go_and_the_rest_stays(string text, string expected)
    {
        var traces = new PersonalTraces(Known);

        Assert.Equal(expected, traces.Redact(text));
        Assert.Equal(text != expected, traces.AreIn(text));
    }

    [Fact]
    public void What_is_shown_to_colleagues_is_masked_as_everywhere() =>
        Assert.Equal("张**（138****1234）", new PersonalTraces(["张三丰", "138 0000 1234"], PersonalData.MaskCustomer).Redact("张三丰（13800001234）"));
}
