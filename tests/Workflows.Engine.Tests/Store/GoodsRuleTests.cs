using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Engine.Tests.Store;

/// <summary>The bounds of the catalogue's table E-26 for slow movers and trials.</summary>
public sealed class GoodsRuleTests
{
    private static readonly ProductFigures Selling = new("A1", "盘子", 50, 30, A.Now.AddDays(-300), A.Now.AddHours(-1), 50, 100, 0, 60, []);

    [Theory]
    [InlineData(299, 10_000, TrialVerdict.Delist)]
    [InlineData(300, 10_000, TrialVerdict.Promote)]
    [InlineData(30, 1_000, TrialVerdict.Promote)]
    [InlineData(2_999, 100_000, TrialVerdict.Delist)]
    [InlineData(4, 60, TrialVerdict.Insufficient)]
    [InlineData(99, 99, TrialVerdict.Insufficient)]
    [InlineData(3, 100, TrialVerdict.Promote)]
    [InlineData(0, 100, TrialVerdict.Delist)]
    [InlineData(0, 0, TrialVerdict.Insufficient)]
    public void E_26_trial_at_3_percent_is_promoted(long buyers, long visitors, TrialVerdict verdict) => Assert.Equal(verdict, new TrialRule().Judge(buyers, visitors));

    [Fact]
    public void Without_a_count_of_visitors_nothing_can_be_said()
    {
        Assert.Equal(TrialVerdict.Insufficient, new TrialRule().Judge(5, null));
        Assert.Equal(TrialVerdict.Insufficient, new TrialRule(3, 0).Judge(0, 0));
        Assert.Null(TrialRule.Conversion(5, null));
    }

    [Theory]
    [InlineData(500, 10_000, true)]
    [InlineData(501, 10_000, false)]
    [InlineData(5, 100, true)]
    [InlineData(6, 100, false)]
    public void E_26_slow_mover_at_5_percent_counts(long sold, long there, bool isSlow)
    {
        var product = Selling with { UnitsSold = sold, Opening = there - 3, Received = 3 };

        Assert.Equal(isSlow, new SlowMoverRule().Judge(product, A.Now) is { IsSlow: true, IsUnsold: false });
    }

    [Fact]
    public void E_26_slow_mover_without_a_sale_for_30_days_counts()
    {
        Assert.Null(new SlowMoverRule().Judge(Selling with { LastSaleAt = A.Now.AddDays(-29) }, A.Now));
        Assert.Null(new SlowMoverRule().Judge(Selling with { LastSaleAt = A.Now.AddDays(-30).AddSeconds(1) }, A.Now));
        Assert.Equal((30L, true, false), Told(Selling with { LastSaleAt = A.Now.AddDays(-30) }));
        Assert.Equal((300L, true, false), Told(Selling with { LastSaleAt = null }));
        Assert.Equal((null, true, false), Told(Selling with { LastSaleAt = null, ListedAt = null }));

        static (long?, bool, bool) Told(ProductFigures product) => new SlowMoverRule().Judge(product, A.Now) is { } slow ? (slow.DaysWithoutSale, slow.IsUnsold, slow.IsSlow) : default;
    }

    [Theory]
    [InlineData("trial")]
    [InlineData("seasonal")]
    [InlineData("complaint")]
    public void A_mark_keeps_a_product_from_being_listed(string mark) =>
        Assert.Null(new SlowMoverRule().Judge(Selling with { LastSaleAt = A.Now.AddDays(-90), Marks = ["no-replenishment", mark] }, A.Now));

    [Fact]
    public void What_is_sold_out_or_too_new_is_not_listed_and_without_a_count_only_sales_speak()
    {
        var unsold = Selling with { LastSaleAt = A.Now.AddDays(-90), UnitsSold = 0 };
        Assert.NotNull(new SlowMoverRule().Judge(unsold with { Marks = ["no-replenishment"] }, A.Now));
        Assert.Null(new SlowMoverRule().Judge(unsold with { Stock = 0 }, A.Now));
        Assert.Null(new SlowMoverRule().Judge(unsold with { LastSaleAt = null, ListedAt = A.Now.AddDays(-29) }, A.Now));
        Assert.NotNull(new SlowMoverRule().Judge(unsold with { LastSaleAt = null, ListedAt = A.Now.AddDays(-30) }, A.Now));
        Assert.Null(new SlowMoverRule().Judge(Selling with { UnitsSold = 0, Opening = null, Received = 100 }, A.Now));
    }
}
