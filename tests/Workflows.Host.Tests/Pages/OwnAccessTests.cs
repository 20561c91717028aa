using System.Text.RegularExpressions;
using Workflows.Host.Pages.People;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Tests.Pages;

/// <summary>我的: a person sees and ends own sessions and keys, and nobody else's.</summary>
public sealed partial class OwnAccessTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task A_person_ends_one_session_or_all_others_without_an_administrator()
    {
        var host = await shared.GetAsync();
        using var here = await Visitor.OfAsync(host, "scene_ops");
        using var phone = await Visitor.OfAsync(host, "scene_ops");
        using var desk = await Visitor.OfAsync(host, "scene_ops");
        using var other = await Visitor.OfAsync(host, "streamer");

        var page = await here.GetAsync("/profile");
        Assert.Equal(2, Ends(page.Html).Count);
        Assert.Contains("本机", page.Text, StringComparison.Ordinal);
        // Somebody else's looks like none at all, and a form without its proof ends nothing.
        var theirs = await other.GetAsync("/profile");
        Assert.Equal(404, (await other.PostAsync("/profile/sessions/end", new() { ["_csrf"] = theirs.Hidden("_csrf"), ["id"] = Ends(page.Html)[0] })).Status);
        Assert.Equal(404, (await other.PostAsync("/profile/sessions/end", new() { ["_csrf"] = theirs.Hidden("_csrf"), ["id"] = "nothing" })).Status);
        Assert.Equal(403, (await here.PostAsync("/profile/sessions/end", new() { ["id"] = Ends(page.Html)[0] })).Status);
        Assert.Equal(2, Ends((await here.GetAsync("/profile")).Html).Count);

        var ended = await here.PostAsync("/profile/sessions/end", new() { ["_csrf"] = page.Hidden("_csrf"), ["id"] = Ends(page.Html)[0] });
        Assert.Contains("该设备上的登录已退出", ended.Text, StringComparison.Ordinal);
        Assert.Single(Ends(ended.Html));
        Assert.Single(await SignedOutAsync(phone, desk));

        page = await here.PostAsync("/profile/sessions", new() { ["_csrf"] = page.Hidden("_csrf") });
        Assert.Empty(Ends(page.Html));
        Assert.Equal(2, (await SignedOutAsync(phone, desk)).Count);
        Assert.StartsWith("/profile", (await other.GetAsync("/profile")).Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_revokes_own_keys_and_nobody_elses()
    {
        var host = await shared.GetAsync();
        using var admin = await host.AsAsync("super_admin");
        var made = (await admin.PostAsync("/api/v1/keys", new { name = "报表取数", userName = "data_analyst", scopes = (string[])["read"] })).Body!;
        using var program = host.Anonymous();
        program.DefaultRequestHeaders.Authorization = new("Bearer", (string)made["secret"]!);
        Assert.Equal(200, (await program.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Status);
        using var analyst = await Visitor.OfAsync(host, "data_analyst");
        using var other = await Visitor.OfAsync(host, "streamer");
        var id = (string)made["key"]!["id"]!;

        var page = await analyst.GetAsync("/profile");
        Assert.Contains("报表取数", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("报表取数", (await other.GetAsync("/profile")).Text, StringComparison.Ordinal);
        Assert.Equal(404, (await other.PostAsync("/profile/keys/revoke", new() { ["_csrf"] = (await other.GetAsync("/profile")).Hidden("_csrf"), ["id"] = id })).Status);
        Assert.Equal(200, (await program.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Status);

        var revoked = await analyst.PostAsync("/profile/keys/revoke", new() { ["_csrf"] = page.Hidden("_csrf"), ["id"] = id });
        Assert.Contains("密钥已吊销", revoked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("报表取数", revoked.Text, StringComparison.Ordinal);
        Assert.Equal(401, (await program.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Status);
        Assert.Contains((await admin.SendAsync(HttpMethod.Get, "/api/v1/organisation/audit?limit=20")).Body!["items"]!.AsArray(), a => (string?)a!["kind"] == "key-revoked" && (string?)a["by"] == "data_analyst");
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge · Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50", "微信 · iPhone")]
    [InlineData("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Mobile Safari/537.36", "Chrome · Android")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari · macOS")]
    [InlineData("", "未知设备")]
    [InlineData("<script>", "未知设备")]
    public void A_browser_is_named_in_words(string said, string shown) => Assert.Equal(shown, DeviceNames.Of(said, Texts.Chinese));

    private static async Task<List<Visitor>> SignedOutAsync(params Visitor[] visitors)
    {
        var outside = new List<Visitor>();
        foreach (var visitor in visitors)
        {
            if ((await visitor.GetAsync("/profile")).Address.StartsWith("/signin", StringComparison.Ordinal))
                outside.Add(visitor);
        }

        return outside;
    }

    private static List<string> Ends(string html) => [.. EndForm().Matches(html).Select(m => m.Groups[1].Value)];

    [GeneratedRegex("action=\"/profile/sessions/end\".*?name=\"id\" value=\"([^\"]+)\"", RegexOptions.Singleline)]
    private static partial Regex EndForm();
}
