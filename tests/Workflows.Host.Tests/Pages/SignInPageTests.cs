namespace Workflows.Host.Tests.Pages;

public sealed class SignInPageTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task Whoever_is_not_signed_in_is_sent_to_sign_in_and_comes_back()
    {
        using var visitor = new Visitor(await shared.GetAsync());

        var asked = await visitor.GetAsync("/?tab=done");
        Assert.Equal("/signin?returnUrl=%2F%3Ftab%3Ddone", asked.Address);
        var back = await visitor.PostAsync("/signin", new() { ["userName"] = "finance", ["password"] = "demo", ["returnUrl"] = asked.Hidden("returnUrl") });

        Assert.Equal("/?tab=done", back.Address);
        Assert.Contains("还没有处理过的事项", back.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_told_in_words_and_the_name_is_kept()
    {
        using var visitor = new Visitor(await shared.GetAsync());

        var answer = await visitor.PostAsync("/signin", new() { ["userName"] = "finance<b>", ["password"] = "no", ["returnUrl"] = "/start" });

        Assert.Equal(401, answer.Status);
        Assert.Contains("用户名或密码不正确", answer.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"finance&lt;b&gt;\"", answer.Html, StringComparison.Ordinal);
        Assert.Equal("/start", answer.Hidden("returnUrl"));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Signing_in_never_leads_to_another_site(string returnUrl)
    {
        using var visitor = new Visitor(await shared.GetAsync(), follow: false);

        var answer = await visitor.PostAsync("/signin", new() { ["userName"] = "finance", ["password"] = "demo", ["returnUrl"] = returnUrl });

        Assert.Equal(302, answer.Status);
        Assert.Equal("/", answer.Location);
    }

    [Fact]
    public async Task The_language_is_switched_and_kept()
    {
        var host = await shared.GetAsync();
        using var visitor = await Visitor.OfAsync(host, "finance");
        var csrf = (await visitor.GetAsync("/")).Hidden("_csrf");

        var english = await visitor.PostAsync("/language", new() { ["to"] = "en", ["returnUrl"] = "/?tab=done", ["_csrf"] = csrf });

        Assert.Equal("/?tab=done", english.Address);
        Assert.Contains("You have not handled anything yet", english.Text, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", english.Html, StringComparison.Ordinal);
    }
}
