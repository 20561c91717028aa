using Workflows.Engine.Expressions;

namespace Workflows.Engine.Tests.Expressions;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("OrderIdd", "OrderId")]
    [InlineData("orderid", "OrderId")]
    [InlineData("OrdreId", "OrderId")]
    [InlineData("Ordr", "Order")]
    [InlineData("upcas", "upcase")]
    [InlineData("订单编好", "订单编号")]
    [InlineData("x", null)]
    [InlineData("客户", null)]
    [InlineData("Shipping", null)]
    [InlineData("", null)]
    public void A_slip_of_the_pen_finds_the_name_that_was_meant(string wrong, string? meant)
    {
        Assert.Equal(meant, NearestName.Of(wrong, ["OrderId", "Order", "upcase", "downcase", "订单编号", "y"]));
    }

    [Fact]
    public void A_name_that_differs_only_in_case_is_nearer_than_any_other()
    {
        Assert.Equal("Total", NearestName.Of("total", ["totals", "Total", "totel"]));
    }

    [Fact]
    public void A_very_long_name_finds_nothing()
    {
        Assert.Null(NearestName.Of(new string('a', 5_000), [new string('a', 5_001)]));
    }
}
