using Microsoft.Playwright;

namespace Workflows.Browser.Tests;

/// <summary>The daily work, as people do it: apply, agree, refuse, send back; on both sizes, with and without scripts.</summary>
public sealed class DecisionTests(BrowserUnderTest browser)
{
    [Theory]
    [InlineData(Screen.Desktop, true)]
    [InlineData(Screen.Desktop, false)]
    [InlineData(Screen.Phone, true)]
    [InlineData(Screen.Phone, false)]
    public async Task An_application_is_made_and_decided(Screen screen, bool scripts)
    {
        var name = $"{screen.ToString().ToLowerInvariant()}-{(scripts ? "script" : "plain")}";
        await using var owner = await browser.OpenAsync(screen, scripts);
        await owner.SignInAsync("activity_owner");
        await using var supervisor = await browser.OpenAsync(screen, scripts);
        await supervisor.SignInAsync("supervisor");

        var first = await ApplyAsync(owner, $"{name}-apply");
        await DecideAsync(supervisor, first, "approve", "同意", null, $"{name}-approve");
        await Expect(owner, first, "审核活动删除申请", "已同意", "审批活动删除申请");

        var second = await ApplyAsync(owner, null);
        await DecideAsync(supervisor, second, "reject", "驳回", "不符合规定", $"{name}-reject");
        await Expect(owner, second, "已驳回", "不符合规定");

        var third = await ApplyAsync(owner, null);
        await DecideAsync(supervisor, third, "return", "退回", "请补充材料", $"{name}-return");
        await ReviseAsync(owner, third, name);
        await Expect(owner, third, "已退回", "请补充材料", "第 2 轮");

        Assert.Empty(owner.Complaints);
        Assert.Empty(supervisor.Complaints);
    }

    [Fact]
    public async Task Counts_follow_without_reloading()
    {
        await using var window = await browser.OpenAsync(Screen.Desktop);
        await window.SignInAsync("ops_team");
        await Assertions.Expect(window.Page.Locator(".tab [data-count=initiated]")).ToBeHiddenAsync();

        await Deletion.ApplyAsync(browser, "P-1003", by: "ops_team");

        await Assertions.Expect(window.Page.Locator(".tab [data-count=initiated]")).ToHaveTextAsync("1");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Menu_tab_and_title_show_the_same_number_and_the_keyboard_walks_the_list()
    {
        await using var window = await browser.OpenAsync(Screen.Desktop);
        await window.SignInAsync("store_ops_manager");
        var before = await CountsAsync(window);
        for (var i = 1; i <= 2; i++)
        {
            var id = await Flows.StartAsync(browser, Flows.Named, "employee", "store_ops_manager");
            await Assertions.Expect(window.Page.Locator(".menu [data-count=todo]")).ToHaveTextAsync($"{before + i}");
            Assert.Equal(before + i, await CountsAsync(window));
        }

        await window.Page.ReloadAsync();
        Assert.Equal(before + 2, await CountsAsync(window));
        await window.Page.Keyboard.PressAsync("j");
        await window.Page.Keyboard.PressAsync("j");
        await window.Page.Keyboard.PressAsync("k");
        var first = await window.Page.Locator("a[data-row]").First.GetAttributeAsync("href");
        Assert.Equal(first, await window.Page.EvaluateAsync<string>("document.activeElement.getAttribute('href')"));
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(System.Text.RegularExpressions.Regex.Escape(first!) + "$"));
        await Assertions.Expect(window.Page.Locator("#act-approve")).ToHaveCountAsync(1);
        // From the keyboard: open the sheet, leave it with Escape, the focus comes back.
        await window.Page.FocusAsync(".actions a[href='#act-approve']");
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page.Locator("#act-approve")).ToBeVisibleAsync();
        await window.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(window.Page.Locator("#act-approve")).ToBeHiddenAsync();
        Assert.Equal("#act-approve", await window.Page.EvaluateAsync<string>("document.activeElement.getAttribute('href')"));
        Assert.Empty(window.Complaints);
    }

    /// <summary>The number on menu, tab and title; they must be one.</summary>
    private static async Task<int> CountsAsync(Window window)
    {
        var (menu, tab) = (await window.Page.TextContentAsync(".menu [data-count=todo]"), await window.Page.TextContentAsync(".tab [data-count=todo]"));
        var title = System.Text.RegularExpressions.Regex.Match(await window.Page.TitleAsync(), "^\\((\\d+)\\)") is { Success: true } match ? match.Groups[1].Value : "0";
        Assert.Equal(menu, tab);
        Assert.Equal(menu, title);
        return int.Parse(menu!, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<string> ApplyAsync(Window owner, string? picture)
    {
        await owner.Page.GotoAsync("/start");
        await owner.Page.ClickAsync("a[href='/start/activity_deletion']");
        // Sent too early: every field says what it needs, and what was typed stays.
        await owner.Page.FillAsync("[name='f.activityName']", "双十一满减");
        await owner.Page.ClickAsync(".actions button.primary");
        await Assertions.Expect(owner.Page.Locator(".problem").First).ToHaveTextAsync("此项必填");
        await Assertions.Expect(owner.Page.Locator("[name='f.activityName']")).ToHaveValueAsync("双十一满减");
        await owner.Page.FillAsync("[name='f.promotionId']", "P-1001");
        await owner.Page.FillAsync("[name='f.reason']", "与新一季主推活动冲突");
        await owner.Page.FillAsync("[name='f.impactReport']", "预计一周内恢复");
        await owner.Page.FillAsync("[name='f.riskReport']", "投诉：安排专属客服");
        await owner.Page.FillAsync("[name='f.parties']", "杭州云锦纺织有限公司\n潮流研究社");
        if (picture is not null)
            await owner.ShootAsync(picture);
        await owner.Page.ClickAsync(".actions button.primary");
        await owner.Page.WaitForURLAsync("**/instances/**");
        await Assertions.Expect(owner.Page.Locator(".flash")).ToHaveTextAsync("申请已提交");
        return new Uri(owner.Page.Url).AbsolutePath;
    }

    private static async Task DecideAsync(Window decider, string application, string action, string label, string? phrase, string picture)
    {
        await HandleAsync(decider, application);
        await decider.Page.ClickAsync($".actions > a[href='#act-{action}']");
        var sheet = decider.Page.Locator($"#act-{action}");
        await Assertions.Expect(sheet).ToBeVisibleAsync();
        if (phrase is not null)
            await sheet.Locator($"input[value='{phrase}']").CheckAsync(new LocatorCheckOptions { Force = true });
        await decider.ShootAsync(picture, whole: false);
        await sheet.Locator($"button:has-text('确认{label}')").ClickAsync();
        await Assertions.Expect(decider.Page.Locator(".flash")).ToContainTextAsync($"已{label}");
    }

    // The task comes when the system has done its part before it.
    private static async Task HandleAsync(Window window, string application)
    {
        await window.Page.GotoAsync(application);
        while (await window.Page.Locator("text=去处理").CountAsync() == 0)
            await window.Page.ReloadAsync();
        await window.Page.ClickAsync("text=去处理");
    }

    private static async Task ReviseAsync(Window owner, string application, string name)
    {
        await HandleAsync(owner, application);
        await owner.Page.CheckAsync("input[type=radio][value='重新提交']");
        await owner.Page.FillAsync("[name='f.reason']", "补充：库存已清");
        await owner.ShootAsync($"{name}-revise");
        await owner.Page.ClickAsync(".actions > a[href='#act-complete']");
        await owner.Page.ClickAsync("#act-complete button");
        await Assertions.Expect(owner.Page.Locator(".flash")).ToContainTextAsync("已提交");
    }

    private static async Task Expect(Window window, string application, params string[] texts)
    {
        await window.Page.GotoAsync(application);
        foreach (var text in texts)
        {
            // What the system does between two people takes its moment.
            for (var look = 0; look < 100 && !(await window.Page.InnerTextAsync(".trail")).Contains(text, StringComparison.Ordinal); look++)
                await window.Page.ReloadAsync();
            await Assertions.Expect(window.Page.Locator(".trail")).ToContainTextAsync(text);
        }
    }
}
