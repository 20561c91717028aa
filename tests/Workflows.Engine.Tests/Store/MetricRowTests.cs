using System.Text;
using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Engine.Tests.Store;

/// <summary>Files of metrics are judged as the API judges them.</summary>
public sealed class MetricRowTests
{
    [Theory]
    [InlineData("roi,plan-1,2030-01-01 00:00:00,-0.5,300", null)]
    [InlineData("complaints.count,P-1,2030-01-01 00:00:00,3,3", "此指标由店铺数据计算")]
    [InlineData("roi,plan\u0007,2030-01-01 00:00:00,3,3", "不含控制字符")]
    [InlineData("roi,plan-1,2199-01-01 00:00:00,3,3", "时间不能晚于现在")]
    [InlineData("roi,plan-1,2030-01-01 00:00:00,100000001,3", "数值超出范围")]
    [InlineData("roi,plan-1,2030-01-01 00:00:00,3,-1", "样本小于 0")]
    [InlineData("roi,plan-1,2030-01-01 00:00:00,多,3", "Value 不是数字")]
    [InlineData("roi,plan-1,0001-01-01 00:00:00,1,3", "At 不是日期时间")]
    [InlineData("roi,plan-1,9999-12-31T23:59:59Z,1,3", "At 不是日期时间")]
    public async Task What_the_api_refuses_no_file_brings_in(string row, string? fault)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes("Metric,Scope,At,Value,Count\n" + row + "\n"));

        var preview = await new StoreImporter(null!, new ManualClock()).PreviewAsync("metrics", file, null, 1, TestContext.Current.CancellationToken);

        if (fault is null)
            Assert.Null(Assert.Single(preview.Rows).Fault);
        else
            Assert.Contains(fault, Assert.Single(preview.Rows).Fault, StringComparison.Ordinal);
    }
}
