using Workflows.Engine.Storage;

namespace Workflows.Host.Tests.Pages;

public sealed class OtherPageTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task Messages_are_counted_shown_and_marked_as_read()
    {
        var host = await shared.GetAsync();
        var at = new DateTimeOffset(2026, 11, 20, 6, 3, 0, TimeSpan.Zero);
        for (var repeat = 0; repeat < 2; repeat++)
            await host.Service<INoticeStore>().AddAsync(new Notice("test-1", "streamer", "任务已逾期", "请尽快<办理>", null, "i-1", at), TestContext.Current.CancellationToken);
        using var visitor = await Visitor.OfAsync(host, "streamer");

        var page = await visitor.GetAsync("/notices");
        Assert.Contains("任务已逾期", page.Text, StringComparison.Ordinal);
        Assert.Contains("请尽快<办理>", page.Text, StringComparison.Ordinal);
        Assert.Matches("data-count=\"notices\">1<", page.Html);

        await visitor.PostAsync("/notices/read", new() { ["_csrf"] = page.Hidden("_csrf") });
        Assert.Matches("class=\"dot none\" data-count=\"notices\">0<", (await visitor.GetAsync("/notices")).Html);
    }

    [Fact]
    public async Task People_and_ones_own_page_are_shown()
    {
        using var visitor = await Visitor.OfAsync(await shared.GetAsync(), "supervisor");

        Assert.Contains("活动负责人", (await visitor.GetAsync("/people?q=" + Uri.EscapeDataString("活动负责"))).Text, StringComparison.Ordinal);
        var own = await visitor.GetAsync("/profile");
        Assert.Contains("店铺运营经理", own.Text, StringComparison.Ordinal);
        Assert.Contains("supervisor@example.com", own.Text, StringComparison.Ordinal);
    }
}
