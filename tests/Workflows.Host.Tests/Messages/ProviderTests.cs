using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Workflows.Engine.Messages;
using Workflows.Engine.Store;
using Workflows.Host.Channels.Robots;
using Workflows.Host.Channels.Sms;
using Workflows.Host.Channels.Webhooks;
using Workflows.Host.Messages;

namespace Workflows.Host.Tests.Messages;

/// <summary>What is peculiar to each provider: how a message is asked for, what its answers and receipts mean.</summary>
public sealed class ProviderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly AliyunSms Aliyun = new(new AliyunSmsOptions { AccessKeyId = "id", AccessKeySecret = "secret", SignName = "店铺", DefaultTemplate = "SMS_1" }, true);
    private static readonly TencentSms Tencent = new(new TencentSmsOptions { SecretId = "id", SecretKey = "key", SdkAppId = "14", SignName = "店铺", DefaultTemplate = "77" }, true);

    private static readonly Sms Message = new("i1-7", "+8613812345678", "text", null, [KeyValuePair.Create("title", "待办：见 https://evil.example/x 【急】\r\n" + new string('长', 60)), KeyValuePair.Create("code", "123456")]);

    [Fact]
    public void Aliyun_gets_named_values_without_links_and_cut_to_length()
    {
        var request = Aliyun.Build(Message, Now).Request!;
        var query = System.Web.HttpUtility.ParseQueryString(request.RequestUri!.Query);

        Assert.Equal(("13812345678", "店铺", "SMS_1", "i1-7"), (query["PhoneNumbers"], query["SignName"], query["TemplateCode"], query["OutId"]));
        var values = JsonNode.Parse(query["TemplateParam"]!)!;
        var title = (string)values["title"]!;
        Assert.StartsWith("待办：见  [急]", title, StringComparison.Ordinal);
        Assert.Equal((35, "123456"), (title.Length, (string)values["code"]!));
        Assert.DoesNotContain("example", title, StringComparison.Ordinal);
        Assert.Contains("ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=", request.Headers.GetValues("Authorization").Single(), StringComparison.Ordinal);
        Assert.Equal("2026-03-02T09:00:00Z", request.Headers.GetValues("x-acs-date").Single());
    }

    [Fact]
    public async Task Tencent_gets_a_list_in_the_order_of_the_template()
    {
        var request = Tencent.Build(Message with { Template = "88" }, Now).Request!;
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal("+8613812345678", (string)body["PhoneNumberSet"]![0]!);
        Assert.Equal(("88", "123456", "i1-7", "店铺"), ((string)body["TemplateId"]!, (string)body["TemplateParamSet"]![1]!, (string)body["SessionContext"]!, (string)body["SignName"]!));
        Assert.Null(JsonNode.Parse(await Tencent.Build(Message with { Number = "+85212345678" }, Now).Request!.Content!.ReadAsStringAsync(TestContext.Current.CancellationToken))!["SignName"]);
    }

    [Fact]
    public void Without_a_template_code_nothing_is_sent()
    {
        Assert.NotNull(new AliyunSms(new AliyunSmsOptions { AccessKeyId = "id", AccessKeySecret = "s", SignName = "x" }, true).Build(Message, Now).Refusal);
        Assert.NotNull(new TencentSms(new TencentSmsOptions { SecretId = "id", SecretKey = "s" }, true).Build(Message, Now).Refusal);
    }

    [Theory]
    [InlineData(200, """{"Code":"OK","BizId":"932","RequestId":"r","Message":"OK"}""", "Accepted", "932")]
    [InlineData(200, """{"Code":"isv.BUSINESS_LIMIT_CONTROL","Message":"触发分钟级流控Permits:1"}""", "NotTaken", "00:01:00")]
    [InlineData(200, """{"Code":"isv.BUSINESS_LIMIT_CONTROL","Message":"触发小时级流控Permits:5"}""", "NotTaken", "01:00:00")]
    [InlineData(200, """{"Code":"isv.BUSINESS_LIMIT_CONTROL","Message":"触发天级流控Permits:40"}""", "NotTaken", "1.00:00:00")]
    [InlineData(200, """{"Code":"isv.MOBILE_NUMBER_ILLEGAL","Message":"x"}""", "Refused", null)]
    [InlineData(200, """{"Code":"isv.TEMPLATE_MISSING_PARAMETERS","Message":"x"}""", "Refused", null)]
    [InlineData(200, """{"Code":"isp.SYSTEM_ERROR","Message":"x"}""", "NotTaken", "fault")]
    [InlineData(400, """{"Code":"SignatureDoesNotMatch","Message":"x"}""", "NotTaken", "fault")]
    [InlineData(500, """{"Code":"InternalError","Message":"x"}""", "Doubtful", null)]
    [InlineData(200, "{", "Doubtful", null)]
    [InlineData(200, "<html>", "Doubtful", null)]
    public void Aliyuns_answers_mean(int status, string body, string expected, string? detail) => Means(Aliyun.Read(status, body), expected, detail);

    [Theory]
    [InlineData(200, """{"Response":{"SendStatusSet":[{"SerialNo":"s1","Code":"Ok","Message":"send success"}],"RequestId":"r"}}""", "Accepted", "s1")]
    [InlineData(200, """{"Response":{"SendStatusSet":[{"SerialNo":"","Code":"InvalidParameterValue.IncorrectPhoneNumber","Message":"x"}]}}""", "Refused", null)]
    [InlineData(200, """{"Response":{"SendStatusSet":[{"Code":"LimitExceeded.PhoneNumberThirtySecondLimit","Message":"x"}]}}""", "NotTaken", "00:00:30")]
    [InlineData(200, """{"Response":{"SendStatusSet":[{"Code":"LimitExceeded.PhoneNumberDailyLimit","Message":"x"}]}}""", "NotTaken", "1.00:00:00")]
    [InlineData(200, """{"Response":{"Error":{"Code":"AuthFailure.SignatureFailure","Message":"x"}}}""", "NotTaken", "fault")]
    [InlineData(200, """{"Response":{"Error":{"Code":"InternalError.Timeout","Message":"x"}}}""", "Doubtful", null)]
    [InlineData(200, """{"Response":{"Error":{"Code":"FailedOperation.TemplateIncorrectOrUnapproved","Message":"x"}}}""", "Refused", null)]
    [InlineData(200, """{"Response":{}}""", "Doubtful", null)]
    [InlineData(200, "null", "Doubtful", null)]
    public void Tencents_answers_mean(int status, string body, string expected, string? detail) => Means(Tencent.Read(status, body), expected, detail);

    [Theory]
    [InlineData(200, """{"errcode":0,"errmsg":"ok"}""", "Accepted")]
    [InlineData(200, """{"code":0,"msg":"success"}""", "Accepted")]
    [InlineData(200, """{"errcode":130101,"errmsg":"send too fast"}""", "NotTaken")]
    [InlineData(200, """{"errcode":310000,"errmsg":"sign not match"}""", "Refused")]
    [InlineData(200, "ok", "Doubtful")]
    [InlineData(502, "", "Doubtful")]
    [InlineData(404, "", "NotTaken")]
    public void Robots_tell_the_truth_in_the_body(int status, string body, string expected) => Assert.Equal(expected, RobotGateway.Read(status, body).GetType().Name);

    [Fact]
    public async Task Tencents_receipts_are_found_by_its_own_number()
    {
        var receipts = await Tencent.ReadReceiptsAsync(new DefaultHttpContext().Request, """[{"user_receive_time":"2026-03-02 17:00:00","nationcode":"86","mobile":"13812345678","report_status":"FAIL","errmsg":"MK:0001","description":"空号","sid":"s1"}]""");

        Assert.Equal(new SmsReceipt(null, "s1", ReceiptState.Failed, "MK:0001 空号"), Assert.Single(receipts!));
        Assert.Null(await Tencent.ReadReceiptsAsync(new DefaultHttpContext().Request, "{}"));
    }

    [Theory]
    [InlineData("13812345678", "+8613812345678", "138****5678")]
    [InlineData("+86 138-1234-5678", "+8613812345678", "138****5678")]
    [InlineData("008613812345678", "+8613812345678", "138****5678")]
    [InlineData("8613812345678", "+8613812345678", "138****5678")]
    [InlineData("+85212345678", "+85212345678", "852****5678")]
    [InlineData("12345", null, null)]
    [InlineData("03787654321", null, null)]
    [InlineData("13812345678,13900000000", null, null)]
    [InlineData("13812345678&to=1900", null, null)]
    [InlineData("1381234567a", null, null)]
    public void Numbers_are_one_number_in_one_form(string text, string? number, string? masked)
    {
        Assert.Equal(number, PhoneNumbers.TryNormalise(text, out var found) ? found : null);
        if (number is not null)
            Assert.Equal(masked, PersonalData.MaskNumber(number));
    }

    [Fact]
    public async Task What_an_sms_says_cannot_leave_its_place_in_the_request()
    {
        var http = new HttpSms(new HttpSmsOptions { Url = "http://g/send?u={user}&to={to}&text={text}&x={receipt}", User = "a&b" }, null);
        var query = System.Web.HttpUtility.ParseQueryString(http.Build(Message with { Text = "a&to=+1900{password}\r\nHost: x" }, Now).Request!.RequestUri!.Query);
        Assert.Equal(("a&b", "+8613812345678", "a&to=+1900{password}\r\nHost: x"), (query["u"], query["to"], query["text"]));

        var json = new HttpSms(new HttpSmsOptions { Url = "http://g/send", Body = """{"to":"{to}","text":"{text}"}""" }, null);
        var body = await json.Build(Message with { Text = "\",\"to\":\"+1900" }, Now).Request!.Content!.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("\",\"to\":\"+1900", (string)JsonNode.Parse(body)!["text"]!);
    }

    [Fact]
    public void A_webhook_wants_what_it_names()
    {
        var hook = new WebhookSettings { Events = ["task.*", "case.decided"] };
        Assert.True(hook.Wants("task.assigned") && hook.Wants("case.decided"));
        Assert.False(hook.Wants("case.copied") || hook.Wants("tasks"));
    }

    private static void Means(SendOutcome outcome, string expected, string? detail)
    {
        Assert.Equal(expected, outcome.GetType().Name);
        if (detail is null)
            return;
        switch (outcome)
        {
            case SendOutcome.Accepted accepted:
                Assert.Equal(detail, accepted.GatewayId);
                break;
            case SendOutcome.NotTaken notTaken when detail == "fault":
                Assert.True(notTaken.GatewayAtFault);
                break;
            case SendOutcome.NotTaken notTaken:
                Assert.Equal((TimeSpan.Parse(detail, System.Globalization.CultureInfo.InvariantCulture), false), (notTaken.RetryAfter!.Value, notTaken.GatewayAtFault));
                break;
        }
    }
}
