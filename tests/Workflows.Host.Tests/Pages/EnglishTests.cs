using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Tests.Pages;

/// <summary>What is refused, and what the record says, in plain English too.</summary>
public sealed partial class EnglishTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Theory]
    [InlineData("因为您是主管", "because you are 主管")]
    [InlineData("因为您是值班经理，或您是客服经理", "because you are 值班经理, or you are 客服经理")]
    [InlineData("因为上级主管退回了您的申请", "because 上级主管 returned your request")]
    [InlineData("因为申请人没有上级，您是流程负责人", "because 申请人没有上级, and you are 流程负责人")]
    [InlineData("上级主管 要求补充 活动负责人：数量：依据？", "上级主管 asked 活动负责人 for information: 数量：依据？")]
    [InlineData("抄送 上级主管、客服经理", "copied to 上级主管, 客服经理")]
    [InlineData("会签：3 人，同意 1，驳回 2，结果驳回", "会签: 3 people, 1 approved, 2 rejected; rejected")]
    [InlineData("活动负责人 认领“修改后重新提交：主管审批”", "活动负责人 claimed “修改后重新提交：主管审批”")]
    [InlineData("任务“主管审批”由超级管理员改派给财务：请假", "“主管审批” reassigned by 超级管理员 to 财务: 请假")]
    [InlineData("没有人预料到的一句话", "没有人预料到的一句话")]
    public void The_record_is_put_into_english_sentence_by_sentence(string zh, string en)
    {
        Assert.Equal(en, RecordWords.In(Texts.English, zh));
        Assert.Equal(zh, RecordWords.In(Texts.Chinese, zh));
    }

    [Fact]
    public async Task Every_refusal_of_a_field_says_in_english_what_is_expected()
    {
        var host = await shared.GetAsync();
        const string Schema = """
            {"type":"object","required":["note"],"properties":{"note":{"type":"string","minLength":5},"amount":{"type":"number","minimum":0,"maximum":9},
              "code":{"type":"string","pattern":"^[A-Z]+$","x-patternHint":"只填大写字母","x-patternHint-en":"capital letters only"},"who":{"type":"string","x-widget":"person"},
              "rows":{"type":"array","items":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"count":{"type":"integer"}}}}}}
            """;
        await Flows.PublishAsync(host, Flows.Sequence("english_form", """
            {"id":"do","type":"Human.Task","version":1,"title":{"typeName":"String","expression":{"type":"Literal","value":"填报"}},
             "users":{"typeName":"String[]","expression":{"type":"Object","value":"[\"finance\"]"}},
             "form":{"typeName":"Object","expression":{"type":"Object","value":SCHEMA}}}
            """.Replace("SCHEMA", JsonValue.Create(Schema).ToJsonString(), StringComparison.Ordinal)));
        using var owner = await host.AsAsync("employee");
        using var finance = await host.AsAsync("finance");
        using var admin = await host.AsAsync("super_admin");
        foreach (var client in new[] { finance, admin })
            client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        var task = (string)(await Flows.TaskAsync(finance, await Flows.StartAsync(owner, "english_form")))["id"]!;

        var refused = (await finance.PostAsync($"/api/v1/tasks/{task}/complete", new { form = new { note = "abc", amount = 10, code = "x", who = "nobody", rows = new object[] { new { count = 1.5 } }, more = 1 } })).Body!;
        var told = refused["errors"]!.AsArray().ToDictionary(e => (string)e!["path"]!, e => (string)e!["message"]!);
        Assert.Equal("at least 5 characters", told["$.form.note"]);
        Assert.Equal("this must be between 0 and 9", told["$.form.amount"]);
        Assert.Equal("capital letters only", told["$.form.code"]);
        Assert.Equal("there is no active person nobody", told["$.form.who"]);
        Assert.Equal("this must be filled in", told["$.form.rows[0].name"]);
        Assert.Equal("this must be a whole number", told["$.form.rows[0].count"]);
        Assert.Equal("the form has no such field", told["$.form.more"]);

        foreach (var (address, body) in new (string, object)[]
        {
            ("/api/v1/organisation/people/a%20b", new { displayName = "", roles = (string[])["a b"], email = "x", mobile = "y", nickname = new string('长', 101), manager = "nobody", department = "nowhere", post = "nothing" }),
            ("/api/v1/organisation/contacts/c1", new { name = "\u0001", kind = "a b", email = "x", mobile = "y", company = new string('长', 101) }),
            ("/api/v1/organisation/departments/d1", new { name = "", parent = "nowhere", head = "nobody" }),
            ("/api/v1/organisation/groups/g1", new { name = "组", members = (string[])["nobody"] }),
        })
        {
            var answer = await admin.SendAsync(HttpMethod.Put, address, body);
            var messages = answer.Body!["errors"]!.AsArray().Select(e => (string)e!["message"]!).ToList();
            Assert.NotEmpty(messages);
            Assert.All(messages, m => Assert.True(m.Length > 10 && !m.Contains("not acceptable", StringComparison.Ordinal) && !Han().IsMatch(m), m));
        }
    }

    [GeneratedRegex(@"[\u4e00-\u9fff]")]
    private static partial Regex Han();
}
