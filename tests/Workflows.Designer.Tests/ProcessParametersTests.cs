using Workflows.Designer.Processes;

namespace Workflows.Designer.Tests;

public sealed class ProcessParametersTests
{
    [Theory]
    [InlineData("firstConfirmDue", "12", "小时", "12:00:00", null)]
    [InlineData("firstConfirmDue", "1.5", "天", "1.12:00:00", null)]
    [InlineData("firstConfirmDue", "90", "分钟", "01:30:00", null)]
    [InlineData("firstConfirmDue", "5", "分钟", null, "不能少于 10 分钟")]
    [InlineData("firstConfirmDue", "8", "天", null, "不能超过 7 天")]
    [InlineData("firstConfirmDue", "", "天", null, "此项必填")]
    [InlineData("firstConfirmDue", "很快", "天", null, "请填写数字")]
    [InlineData("firstConfirmDue", "-1", "天", null, "不能少于 10 分钟")]
    [InlineData("dropInARow", "3", null, "3", null)]
    [InlineData("dropInARow", "3.5", null, null, "请填写整数")]
    [InlineData("dropInARow", "11", null, null, "不能大于 10次")]
    [InlineData("dropLimitPercent", "12.5", null, "12.5", null)]
    [InlineData("evaluationDays", "1，7、30", null, "[1,7,30]", null)]
    [InlineData("evaluationDays", "1、明天", null, null, "“明天”不是数字")]
    [InlineData("sendSms", "", null, "false", null)]
    [InlineData("sendSms", "true", null, "true", null)]
    [InlineData("messageTitle", "<b>下线</b>", null, "<b>下线</b>", null)]
    public void A_value_is_read_within_its_bounds(string name, string typed, string? unit, string? value, string? problem)
    {
        var parameter = ProcessParameters.Of(ProcessDiffTests.Shipped()).Concat(ProcessParameters.Of(ProcessDiffTests.Shipped("activity_deletion_evaluation"))).Single(p => p.Name == name);

        var (read, wrong) = ProcessParameters.Read(parameter, typed, unit);

        Assert.Equal((value, problem), (read, wrong?.Zh));
    }

    [Theory]
    [InlineData("activity_deletion", "firstConfirmDue", "06:00:00", "sendSms", "false")]
    [InlineData("activity_deletion_evaluation", "evaluationDays", "[1,2]", "dropLimitPercent", "5")]
    public void Every_parameter_of_a_shipped_process_is_found_and_keeps_its_kind_when_it_is_set(string process, string one, string first, string other, string second)
    {
        var document = ProcessDiffTests.Shipped(process);
        var parameters = ProcessParameters.Of(document);
        Assert.Equal(document.Json["customProperties"]!["parameters"]!.AsArray().Select(p => (string)p!["name"]!), parameters.Select(p => p.Name));

        var after = ProcessParameters.With(document, new Dictionary<string, string> { [one] = first, [other] = second });

        var set = ProcessParameters.Of(after).ToDictionary(p => p.Name, p => p.Value);
        Assert.Equal(first, set[one]);
        Assert.Equal(second, set[other], ignoreCase: true);
        foreach (var (before, now) in document.Json["variables"]!.AsArray().Zip(after.Json["variables"]!.AsArray()))
            Assert.Equal(before!["value"]?.GetValueKind() is System.Text.Json.JsonValueKind.True ? System.Text.Json.JsonValueKind.False : before["value"]?.GetValueKind(), now!["value"]?.GetValueKind());
    }
}
