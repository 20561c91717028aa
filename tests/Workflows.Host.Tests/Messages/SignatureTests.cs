using System.Text;
using Workflows.Host.Channels.Robots;
using Workflows.Host.Channels.Sms;

namespace Workflows.Host.Tests.Messages;

/// <summary>Signatures against values that the vendors published with their inputs.</summary>
public sealed class SignatureTests
{
    [Fact]
    public void Aliyuns_rpc_signature_is_as_published()
    {
        var query = new Dictionary<string, string>
        {
            ["AccessKeyId"] = "testId",
            ["Action"] = "SendSms",
            ["Format"] = "XML",
            ["OutId"] = "123",
            ["PhoneNumbers"] = "15300000001",
            ["RegionId"] = "cn-hangzhou",
            ["SignName"] = "阿里云短信测试专用",
            ["SignatureMethod"] = "HMAC-SHA1",
            ["SignatureNonce"] = "45e25e9b-0a6f-4070-8c85-2956eda1b466",
            ["SignatureVersion"] = "1.0",
            ["TemplateCode"] = "SMS_71390007",
            ["TemplateParam"] = """{"customer":"test"}""",
            ["Timestamp"] = "2017-07-12T02:42:19Z",
            ["Version"] = "2017-05-25",
        };

        Assert.Equal("zJDF+Lrzhj/ThnlvIToysFRq6t4=", AliyunSignature.Rpc("GET", query, "testSecret"));
        Assert.NotEqual("zJDF+Lrzhj/ThnlvIToysFRq6t4=", AliyunSignature.Rpc("GET", query, "testsecret"));
    }

    [Fact]
    public void Aliyuns_acs3_signature_is_as_published()
    {
        var payload = AliyunSignature.Hash([]);
        var query = new Dictionary<string, string> { ["RegionId"] = "cn-shanghai", ["ImageId"] = "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd" };
        var headers = new Dictionary<string, string>
        {
            ["host"] = "ecs.cn-shanghai.aliyuncs.com",
            ["x-acs-action"] = "RunInstances",
            ["x-acs-content-sha256"] = payload,
            ["x-acs-date"] = "2023-10-26T10:22:32Z",
            ["x-acs-signature-nonce"] = "3156853299f313e23d1673dc12e1703d",
            ["x-acs-version"] = "2014-05-26",
        };

        Assert.Equal("06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0", AliyunSignature.Acs3("POST", "/", query, headers, payload, "YourAccessKeySecret"));
    }

    [Fact]
    public void Tencents_tc3_signature_is_as_published()
    {
        var body = Encoding.UTF8.GetBytes("""{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}""");
        var headers = new Dictionary<string, string> { ["content-type"] = "application/json; charset=utf-8", ["host"] = "cvm.tencentcloudapi.com", ["x-tc-action"] = "DescribeInstances" };

        var signature = TencentSignature.Sign("cvm", headers, body, DateTimeOffset.FromUnixTimeSeconds(1_551_113_065), new string('*', 32));

        Assert.Equal("10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f", signature);
    }

    /// <summary>No value with a published result was found; these hold the two formulas fast, in which key and text are swapped.</summary>
    [Fact]
    public void Robots_are_signed_as_their_platforms_describe()
    {
        Assert.Equal(Robot("SECabc", "1700000000000\nSECabc"), RobotGateway.DingTalkSign("1700000000000", "SECabc"));
        Assert.Equal(Robot("1700000000\nSECabc", ""), RobotGateway.FeishuSign("1700000000", "SECabc"));
        Assert.NotEqual(RobotGateway.DingTalkSign("1700000000", "SECabc"), RobotGateway.FeishuSign("1700000000", "SECabc"));

        static string Robot(string key, string text) => Convert.ToBase64String(System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));
    }
}
