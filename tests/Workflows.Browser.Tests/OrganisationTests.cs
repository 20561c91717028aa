using Microsoft.Playwright;

namespace Workflows.Browser.Tests;

/// <summary>我的 and 组织管理: leave delegation, phrases, people, departments, import, handover, the record.</summary>
public sealed class OrganisationTests(BrowserUnderTest browser)
{
    [Theory]
    [InlineData(Screen.Desktop, true)]
    [InlineData(Screen.Desktop, false)]
    [InlineData(Screen.Phone, true)]
    [InlineData(Screen.Phone, false)]
    public async Task Somebody_on_leave_names_a_deputy_who_gets_what_comes(Screen screen, bool scripts)
    {
        var name = $"{screen.ToString().ToLowerInvariant()}-{(scripts ? "script" : "plain")}";
        // Each way has an approver of its own: a person has one delegation at a time.
        var absent = (screen, scripts) switch { (Screen.Desktop, true) => "duty_manager", (Screen.Desktop, false) => "cs_manager", (Screen.Phone, true) => "data_analyst", _ => "compliance_officer" };
        await using var away = await browser.OpenAsync(screen, scripts);
        await away.SignInAsync(absent);
        await away.Page.GotoAsync("/profile/delegation");
        await away.Page.FillAsync("[name='f.startsAt']", "2020-01-01T09:00");
        await away.Page.FillAsync("[name='f.endsAt']", "2019-12-01T18:00");
        await away.Page.FillAsync("[name='f.to']", "cw");
        await away.Page.Keyboard.PressAsync("Escape");
        await away.Page.ClickAsync("button[value=save]");
        await Assertions.Expect(away.Page.Locator(".problem").First).ToContainTextAsync("结束须晚于开始");
        await Assertions.Expect(away.Page.Locator("[name='f.startsAt']")).ToHaveValueAsync("2020-01-01T09:00");

        await away.Page.FillAsync("[name='f.startsAt']", TimeProvider.System.GetUtcNow().AddDays(-1).ToString("yyyy-MM-ddT09:00", System.Globalization.CultureInfo.InvariantCulture));
        await away.Page.FillAsync("[name='f.endsAt']", TimeProvider.System.GetUtcNow().AddDays(9).ToString("yyyy-MM-ddT18:00", System.Globalization.CultureInfo.InvariantCulture));
        await away.Page.ClickAsync("button[value=preview]");
        await Assertions.Expect(away.Page.Locator(".plan")).ToContainTextAsync("代理");
        await away.ShootAsync($"{name}-delegation");
        await away.Page.ClickAsync("button[value=save]");
        await Assertions.Expect(away.Page.Locator(".flash")).ToHaveTextAsync("代理已设置");
        await Assertions.Expect(away.Page.Locator("#delegations .line-list")).ToContainTextAsync("生效中");

        // What comes now comes to the deputy, who sees for whom.
        await using var deputy = await browser.OpenAsync(screen, scripts);
        await deputy.SignInAsync("finance");
        var during = "/instances/" + await Flows.StartAsync(browser, Flows.Named, "employee", absent);
        await deputy.Page.GotoAsync(during);
        await deputy.Page.ClickAsync("text=去处理");
        await Assertions.Expect(deputy.Page.Locator(".task-line")).ToContainTextAsync("代");
        await deputy.ShootAsync($"{name}-deputy", whole: false);
        Assert.Empty(deputy.Complaints);

        await away.Page.FillAsync("[name=phrases]", "情况已核实\n请财务复核");
        await away.Page.ClickAsync("form[action='/profile/phrases'] button");
        await Assertions.Expect(away.Page.Locator(".flash")).ToHaveTextAsync("常用语已保存");
        await away.ShootAsync($"{name}-own");
        await away.Page.ClickAsync("form[action='/profile/delegation/end'] button");
        await Assertions.Expect(away.Page.Locator(".flash")).ToHaveTextAsync("代理已结束");
        await Assertions.Expect(away.Page.Locator("#delegations .line-list")).ToContainTextAsync("已提前结束");
        await away.Page.GotoAsync("/instances/" + await Flows.StartAsync(browser, Flows.Named, "employee", absent));
        await away.Page.ClickAsync("text=去处理");
        await away.Page.ClickAsync(".actions > a[href='#act-approve']");
        await Assertions.Expect(away.Page.Locator("#act-approve .phrases")).ToContainTextAsync("请财务复核");
        Assert.Empty(away.Complaints);
    }

    [Theory]
    [InlineData(Screen.Desktop, true)]
    [InlineData(Screen.Phone, false)]
    public async Task People_are_added_moved_imported_and_handed_over(Screen screen, bool scripts)
    {
        var name = $"{screen.ToString().ToLowerInvariant()}-{(scripts ? "script" : "plain")}";
        var user = $"new_{name}";
        await using var admin = await browser.OpenAsync(screen, scripts);
        await admin.SignInAsync("super_admin");
        var page = admin.Page;

        await page.GotoAsync("/people/departments/edit");
        await page.ClickAsync("button[value=save]");
        await Assertions.Expect(page.Locator(".problem").First).ToHaveTextAsync("此项必填");
        await page.FillAsync("[name='f.id']", $"dept_{name}");
        await page.FillAsync("[name='f.name']", $"直播部 {name}");
        await page.SelectOptionAsync("[name='f.parent']", "operations");
        await page.FillAsync("[name='f.head']", "运营总监");
        await page.Keyboard.PressAsync("Escape");
        await page.ClickAsync("button[value=save]");
        await Assertions.Expect(page.Locator(".flash")).ToHaveTextAsync("已保存");
        await admin.ShootAsync($"{name}-departments");

        await page.GotoAsync("/people/person");
        await page.FillAsync("[name='f.userName']", user);
        await page.FillAsync("[name='f.displayName']", $"王芳 {name}");
        await page.FillAsync("[name='f.email']", "not an address");
        await page.FillAsync("[name='f.manager']", "运营总监");
        await page.Keyboard.PressAsync("Escape");
        await page.ClickAsync("button[value=save]");
        await Assertions.Expect(page.Locator(".problem")).ToHaveTextAsync("邮箱格式不对，应如 name@example.com，最多 200 个字");
        await Assertions.Expect(page.Locator("[name='f.displayName']")).ToHaveValueAsync($"王芳 {name}");
        await admin.ShootAsync($"{name}-person");
        await page.FillAsync("[name='f.email']", "wf@example.com");
        await page.SelectOptionAsync("[name='f.department']", $"dept_{name}");
        await page.ClickAsync("button[value=save]");
        await Assertions.Expect(page.Locator(".flash")).ToHaveTextAsync("已保存");

        await page.GotoAsync("/people/import");
        await page.FillAsync("[name=csv]", $"用户名,姓名,上级\n{user},王芳芳,employee\n坏 人,没有这个,nobody");
        await page.ClickAsync("button[value=preview]");
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("将新增 0，修改 1，停用 0，不变 0，拒绝 1");
        await Assertions.Expect(page.Locator(".line-list")).ToContainTextAsync("直属上级：运营总监 → 员工");
        await admin.ShootAsync($"{name}-import");
        await page.ClickAsync("button[value=import]");
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("已新增 0，修改 1");

        await page.GotoAsync($"/people/handover?user={user}");
        await page.FillAsync("[name='f.to']", "员工");
        await page.Keyboard.PressAsync("Escape");
        await page.ClickAsync("button[value=preview]");
        await Assertions.Expect(page.Locator(".plan")).ToContainTextAsync("没有待移交的待办");
        await admin.ShootAsync($"{name}-handover");
        await page.ClickAsync("button[value=save]");
        await Assertions.Expect(page.Locator(".flash")).ToHaveTextAsync("交接已完成");
        await page.GotoAsync("/people?left=1");
        await Assertions.Expect(page.Locator(".line-list")).ToContainTextAsync("王芳芳");

        await page.GotoAsync("/people/audit");
        await Assertions.Expect(page.Locator(".line-list")).ToContainTextAsync("离职交接");
        await admin.ShootAsync($"{name}-audit");
        foreach (var address in new[] { "/people", "/people/posts", "/people/groups", "/people/contacts", "/people/delegations", "/people/groups/edit?id=emergency", "/people/import", "/people/check", "/people/handover?user=employee", "/people/password?user=employee", "/people/person?user=employee" })
        {
            await page.GotoAsync(address);
            await admin.CheckStructureAsync();
            await admin.CheckWidthAsync();
            await admin.ShootAsync($"{name}{address.Replace('/', '-').Split('?')[0]}");
        }

        Assert.Empty(admin.Complaints);
    }
}
