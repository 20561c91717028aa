using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Workflows.Engine.Definitions;
using Workflows.Engine.Storage;

namespace Workflows.Browser.Tests;

/// <summary>What a manager does with a running process: sets a deadline, draws a step, mends what is refused, has it approved, and goes back.</summary>
[Collection(nameof(StudioTests))]
public sealed partial class DesignerWalkTests(BrowserUnderTest browser)
{
    private const string Process = Deletion.Definition;

    [Fact]
    public async Task A_manager_changes_a_running_process_has_it_approved_and_rolls_it_back()
    {
        StudioWindow.SkipWithoutStudio(browser);
        var store = browser.Services.GetRequiredService<IDefinitionStore>();
        var first = (await store.FindAsync(Process, VersionKind.Published, Token))!;
        var old = await Deletion.ApplyAsync(browser, "P-1001");
        await using var manager = await browser.OpenAsync(Screen.Desktop);
        var page = manager.Page;
        await manager.SignInAsync("workflow_manager");

        // The list, the process, a deadline on the plain form: refused out of bounds, then saved.
        await page.GotoAsync("/designer/");
        await manager.ShootAsync("designer-01-list");
        await page.ClickAsync($"a[href$='process/{Process}']");
        await page.ClickAsync("text=参数");
        await page.FillAsync("#p-supervisorWorkingDays", "800");
        await page.ClickAsync("text=保存到草稿");
        await Assertions.Expect(page.Locator(".problem")).ToHaveTextAsync("不能大于 10工作日");
        await Assertions.Expect(page.Locator("#p-supervisorWorkingDays")).ToHaveValueAsync("800");
        await page.FillAsync("#p-supervisorWorkingDays", "2");
        await manager.ShootAsync("designer-02-parameters");
        await page.ClickAsync("text=保存到草稿");
        await Assertions.Expect(page.Locator("#publish")).ToContainTextAsync("参数“主管审核期限” 1 工作日 → 2 工作日");

        // The editor: an approval is dragged in; it is refused without a way to it and without approvers, in Chinese.
        await page.ClickAsync("text=打开设计器");
        var studio = await StudioWindow.OpenedAsync(manager);
        var nodes = DefinitionReader.ReadStored(first.Document).Root["activities"]!.AsArray().Count;
        await Assertions.Expect(studio.Nodes).ToHaveCountAsync(nodes);
        await studio.FitAsync();
        await studio.BringAsync("已完成", 360, 300);
        await studio.DropAsync("人工办理", "审批", 620, 470);
        await Assertions.Expect(studio.Nodes).ToHaveCountAsync(nodes + 1);
        await studio.PublishAsync();
        await Assertions.Expect(studio.Notes.Filter(new() { HasText = "没有任何路径可以到达此活动" })).ToBeVisibleAsync();
        await Assertions.Expect(studio.Notes.Filter(new() { HasText = "没有指定审批人" })).ToBeVisibleAsync();
        await manager.ShootAsync("designer-03-refused", whole: false);
        Assert.Equal(first.VersionId, (await store.FindAsync(Process, VersionKind.Published, Token))!.VersionId);

        // Mended: connected, the approver chosen from the drop-down.
        var added = (await studio.NamesAsync()).Select(n => Generated().Match(n).Value).Single(n => n.Length > 0);
        await studio.ConnectAsync("已完成", added);
        await studio.SelectAsync(added);
        await studio.ChooseAsync("审批人", "岗位：店铺运营经理");
        await manager.ShootAsync("designer-04-approver", whole: false);
        // Studio's own button asks for the reason, without which nothing is submitted.
        await studio.PublishAsync();
        await Assertions.Expect(page.Locator("#why")).ToBeVisibleAsync();
        await Assertions.Expect(studio.Notes.Filter(new() { HasText = "草稿已保存" })).ToBeVisibleAsync();
        await page.ClickAsync("#why button[value=later]");
        await Assertions.Expect(page.Locator(".bar-state")).ToHaveTextAsync("草稿已保存，尚未提交审批");
        await studio.PublishAsync();
        await page.FillAsync("#why textarea", "主管太忙，多给一天");
        await manager.ShootAsync("designer-05-reason", whole: false);
        await page.ClickAsync("#why button[value=submit]");
        await Assertions.Expect(page.Locator("#why")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".bar-state")).ToHaveTextAsync("已提交审批");
        await manager.ShootAsync("designer-05-submitted", whole: false);
        Assert.Equal(first.VersionId, (await store.FindAsync(Process, VersionKind.Published, Token))!.VersionId);

        // The author may not approve it, and meanwhile nobody may change it. Somebody else approves: it is published.
        await page.GotoAsync($"/designer/process/{Process}");
        await Assertions.Expect(page.Locator(".notice.warn")).ToContainTextAsync("正在审批");
        await page.ClickAsync("text=查看审批进度");
        await Assertions.Expect(page.Locator("text=去处理")).ToHaveCountAsync(0);
        var change = new Uri(page.Url).AbsolutePath;
        await ApproveAsync(change, "designer-06-approval");
        await ShowsAsync(page, "在用");
        await Assertions.Expect(page.Locator(".version").First).ToContainTextAsync("第 2 版");
        await Assertions.Expect(page.Locator(".version").First).ToContainTextAsync("参数“主管审核期限” 1 工作日 → 2 工作日");
        await Assertions.Expect(page.Locator(".version").First).ToContainTextAsync($"新增步骤“{added}”（审批）");
        await manager.ShootAsync("designer-07-published");

        // New ones run the new version, old ones stay on theirs.
        var fresh = await Deletion.ApplyAsync(browser, "P-1002");
        var instances = browser.Services.GetRequiredService<IInstanceStore>();
        Assert.Equal(2, (await instances.FindAsync(fresh, Token))!.DefinitionVersion);
        Assert.Equal(1, (await instances.FindAsync(old, Token))!.DefinitionVersion);
        var tasks = browser.Services.GetRequiredService<IUserTaskStore>();
        async Task<DateTimeOffset> DueAsync(string id) => (await tasks.FindAsync(await Deletion.FirstTaskAsync(browser, id), Token))!.Task.DueAt!.Value;
        Assert.True(await DueAsync(fresh) > await DueAsync(old));

        // Side by side, then back to version 1 the same way.
        await page.ClickAsync("text=对比上一版 >> nth=0");
        await page.WaitForURLAsync(url => url.EndsWith("/compare?from=1&to=2", StringComparison.Ordinal));
        await Assertions.Expect(page.Locator(".drawing .box.added")).ToHaveCountAsync(1);
        await manager.ShootAsync("designer-08-compare", whole: false);
        await page.GotoAsync($"/designer/process/{Process}");
        await page.Locator(".version", new() { HasText = "第 1 版" }).Locator("text=回退到此版本").ClickAsync();
        await Assertions.Expect(page.Locator("#publish")).ToContainTextAsync("2 工作日 → 1 工作日");
        await page.FillAsync("textarea[name=reason]", "回退：新增的审批没有必要");
        await page.ClickAsync("#publish button.primary");
        await page.ClickAsync("text=查看审批进度");
        await ApproveAsync(new Uri(page.Url).AbsolutePath, null);
        await page.GotoAsync($"/designer/process/{Process}");
        await ShowsAsync(page, "第 3 版");
        var back = (await store.FindAsync(Process, VersionKind.Published, Token))!;
        Assert.Equal(3, back.Version);
        Assert.True(JsonNode.DeepEquals(DefinitionReader.ReadStored(first.Document).Root, DefinitionReader.ReadStored(back.Document).Root));
        Assert.Equal(3, (await instances.FindAsync(await Deletion.ApplyAsync(browser, "P-1003"), Token))!.DefinitionVersion);
        await manager.ShootAsync("designer-09-rolled-back");
        Assert.Empty(studio.Complaints);
    }

    private async Task ApproveAsync(string change, string? picture)
    {
        await using var director = await browser.OpenAsync(Screen.Desktop);
        await director.SignInAsync("ops_director");
        await director.Page.GotoAsync(change);
        await director.Page.ClickAsync("text=去处理");
        if (picture is not null)
        {
            await Assertions.Expect(director.Page.GetByText("主管太忙，多给一天").First).ToBeVisibleAsync();
            await director.ShootAsync(picture);
        }

        await director.Page.ClickAsync(".actions > a[href='#act-approve']");
        await director.Page.Locator("#act-approve button:has-text('确认同意')").ClickAsync();
        await Assertions.Expect(director.Page.Locator(".flash")).ToContainTextAsync("已同意");
    }

    /// <summary>The publication follows the approval a moment later.</summary>
    private static async Task ShowsAsync(IPage page, string text)
    {
        await page.GotoAsync($"/designer/process/{Process}");
        while (!(await page.Locator(".version").First.InnerTextAsync()).Contains(text, StringComparison.Ordinal) || await page.Locator(".notice.warn").CountAsync() > 0)
            await page.ReloadAsync();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [GeneratedRegex(@"Approval\d+")]
    private static partial Regex Generated();
}
