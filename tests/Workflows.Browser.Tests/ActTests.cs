using Microsoft.Playwright;

namespace Workflows.Browser.Tests;

/// <summary>Everything people do with a task beside deciding it, on both sizes, with and without scripts.</summary>
public sealed class ActTests(BrowserUnderTest browser)
{
    public static TheoryData<Screen, bool> Ways => new() { { Screen.Desktop, true }, { Screen.Desktop, false }, { Screen.Phone, true }, { Screen.Phone, false } };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_task_is_transferred_delegated_and_shared_with_added_signers(Screen screen, bool scripts)
    {
        var name = NameOf(screen, scripts);
        await using var supervisor = await SignedInAsync("supervisor", screen, scripts);
        await using var finance = await SignedInAsync("finance", screen, scripts);

        // 转交: found by initials; two of that name would have been asked about.
        var transferred = await StartAsync($"转交-{name}");
        await HandleAsync(supervisor, transferred);
        await OpenAsync(supervisor, "transfer");
        await NameAsync(supervisor, "people.transfer", "cw", "财务");
        await ConfirmAsync(supervisor, "transfer");
        await ProblemAsync(supervisor, "transfer", "请填写意见");
        await supervisor.Page.FillAsync("#comment-transfer", "请财务核对");
        await supervisor.ShootAsync($"{name}-transfer", whole: false);
        await ConfirmAsync(supervisor, "transfer");
        await FlashAsync(supervisor, "已转交");
        await HandleAsync(finance, transferred);
        await DecideAsync(finance, "approve");
        await ExpectTrailAsync(supervisor, transferred, "转交 财务", "请财务核对", "已同意");

        // 委派: comes back with an opinion.
        var delegated = await StartAsync($"委派-{name}");
        await HandleAsync(supervisor, delegated);
        await OpenAsync(supervisor, "delegate");
        await NameAsync(supervisor, "people.delegate", "财务", "财务");
        await supervisor.Page.FillAsync("#comment-delegate", "请给意见");
        await ConfirmAsync(supervisor, "delegate");
        await FlashAsync(supervisor, "已委派");
        await HandleAsync(finance, delegated);
        await OpenAsync(finance, "answer");
        await finance.Page.FillAsync("#comment-answer", "金额无误");
        await finance.ShootAsync($"{name}-answer", whole: false);
        await ConfirmAsync(finance, "answer");
        await FlashAsync(finance, "已回复");
        await HandleAsync(supervisor, delegated);
        await DecideAsync(supervisor, "approve");
        await ExpectTrailAsync(supervisor, delegated, "委派 财务", "金额无误", "已同意");

        // 加签: what it would do is shown first; the added one decides before.
        var shared = await StartAsync($"加签-{name}");
        await HandleAsync(supervisor, shared);
        await OpenAsync(supervisor, "add-signers");
        await supervisor.Page.CheckAsync("#act-add-signers input[value=Before]");
        await NameAsync(supervisor, "people.add-signers", "cw", "财务");
        await supervisor.Page.ClickAsync("#act-add-signers button[name=preview]");
        await Assertions.Expect(supervisor.Page.Locator("#act-add-signers .plan")).ToContainTextAsync("财务 · 审批中 · 在我之前");
        await supervisor.ShootAsync($"{name}-add-signers", whole: false);
        await ConfirmAsync(supervisor, "add-signers");
        await FlashAsync(supervisor, "已加签");
        await HandleAsync(finance, shared);
        await Assertions.Expect(finance.Page.Locator(".task-line")).ToContainTextAsync("共 2 人");
        await DecideAsync(finance, "approve");
        await HandleAsync(supervisor, shared);
        await DecideAsync(supervisor, "approve");
        await ExpectTrailAsync(supervisor, shared, "加签 财务", "财务", "已同意");

        // 减签: only whom one added.
        var less = await StartAsync($"减签-{name}");
        await HandleAsync(supervisor, less);
        await OpenAsync(supervisor, "add-signers");
        await NameAsync(supervisor, "people.add-signers", "财务", "财务");
        await ConfirmAsync(supervisor, "add-signers");
        await FlashAsync(supervisor, "已加签");
        await OpenAsync(supervisor, "remove-signers");
        await supervisor.Page.CheckAsync("#act-remove-signers input[value=finance]");
        await ConfirmAsync(supervisor, "remove-signers");
        await FlashAsync(supervisor, "已减签");
        await DecideAsync(supervisor, "approve");

        Quiet(supervisor, finance);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_application_is_urged_withdrawn_asked_about_and_copied(Screen screen, bool scripts)
    {
        var name = NameOf(screen, scripts);
        await using var employee = await SignedInAsync("employee", screen, scripts);
        await using var supervisor = await SignedInAsync("supervisor", screen, scripts);
        await using var reader = await SignedInAsync("data_analyst", screen, scripts);

        var asked = await StartAsync($"补充-{name}");
        await HandleAsync(supervisor, asked);
        await OpenAsync(supervisor, "request-info");
        await NameAsync(supervisor, "people.request-info", "员工", "员工");
        await supervisor.Page.FillAsync("#comment-request-info", "请补充发票");
        await ConfirmAsync(supervisor, "request-info");
        await FlashAsync(supervisor, "已要求补充");
        await Assertions.Expect(supervisor.Page.Locator(".task-line")).ToContainTextAsync("正在等 员工 补充信息");
        var task = new Uri(supervisor.Page.Url).AbsolutePath;

        await employee.Page.GotoAsync(task);
        await Assertions.Expect(employee.Page.Locator(".notice")).ToContainTextAsync("请您补充信息");
        await UploadAsync(employee, scripts, ("发票.pdf", "%PDF-1.4 发票"u8.ToArray()), ("说明.exe", "MZ"u8.ToArray()));
        await Assertions.Expect(employee.Page.Locator(".file-list")).ToContainTextAsync("发票.pdf");
        await Assertions.Expect(employee.Page.Locator("#files-note")).ToContainTextAsync("“说明.exe”的文件类型不支持");
        await OpenAsync(employee, "comment");
        await employee.Page.FillAsync("#comment-comment", "已上传发票，@数据分析师 请看");
        await employee.ShootAsync($"{name}-inform", whole: false);
        await ConfirmAsync(employee, "comment");
        await FlashAsync(employee, "已评论");
        await ExpectTrailAsync(supervisor, asked, "要求补充", "已上传发票");
        await supervisor.Page.GotoAsync(task);
        await Assertions.Expect(supervisor.Page.Locator(".task-line")).Not.ToContainTextAsync("正在等");

        // The mention made a copy; opening it marks it as read, and the applicant sees that.
        await reader.Page.GotoAsync("/?tab=cc");
        while (await reader.Page.Locator($".row:has-text('员工在评论中提到了您')").CountAsync() == 0)
            await reader.Page.ReloadAsync();
        await reader.Page.Locator(".row a").First.ClickAsync();
        await Assertions.Expect(reader.Page.Locator(".file-list a")).ToHaveTextAsync("发票.pdf");
        await employee.Page.GotoAsync(asked);
        await Assertions.Expect(employee.Page.Locator("text=已读")).ToBeVisibleAsync();

        await OpenAsync(employee, "urge");
        await ConfirmAsync(employee, "urge");
        await FlashAsync(employee, "已催办");
        await OpenAsync(employee, "urge");
        await ConfirmAsync(employee, "urge");
        await Assertions.Expect(employee.Page.Locator("#problem")).ToContainTextAsync("刚刚催办过");
        await employee.ShootAsync($"{name}-urged", whole: false);
        await OpenAsync(employee, "withdraw");
        await employee.Page.FillAsync("#comment-withdraw", "重复提交");
        await employee.ShootAsync($"{name}-withdraw", whole: false);
        await ConfirmAsync(employee, "withdraw");
        await FlashAsync(employee, "申请已撤回");
        await Assertions.Expect(employee.Page.Locator(".stamp")).ToHaveTextAsync("已撤回");

        Quiet(employee, supervisor, reader);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Several_are_approved_at_once_and_a_failed_one_stays_chosen(Screen screen, bool scripts)
    {
        var name = NameOf(screen, scripts);
        var started = new List<string>();
        for (var i = 0; i < 3; i++)
            started.Add(await StartAsync($"批量{i}-{name}"));
        await using var supervisor = await SignedInAsync("supervisor", screen, scripts);
        await supervisor.Page.GotoAsync($"/?tab=todo&q={Uri.EscapeDataString($"-{name}")}&type={Flows.Two}");
        foreach (var box in await supervisor.Page.Locator(".row:has-text('批量') input[name=ids]").AllAsync())
            await box.CheckAsync();
        await supervisor.ShootAsync($"{name}-batch-choose");
        await supervisor.Page.ClickAsync(".bulk-bar button");
        await Assertions.Expect(supervisor.Page.Locator(".batch-row")).ToHaveCountAsync(3);
        await Assertions.Expect(supervisor.Page.Locator(".batch-row").First).ToContainTextAsync("金额");
        await supervisor.ShootAsync($"{name}-batch-confirm");

        // One of them goes away meanwhile.
        using (var employee = await Flows.AsAsync(browser, "employee"))
            await Flows.PostAsync(employee, $"/api/v1{started[1]}/withdraw", new { comment = "不需要了" });
        await supervisor.Page.ClickAsync("button:has-text('确认同意所选')");
        await Assertions.Expect(supervisor.Page.Locator(".notice")).ToContainTextAsync("已同意 2 条，未成功 1 条");
        await Assertions.Expect(supervisor.Page.Locator(".batch-row input[name=ids]")).ToHaveCountAsync(1);
        await supervisor.ShootAsync($"{name}-batch-result");
        await ExpectTrailAsync(supervisor, started[0], "已同意");

        Quiet(supervisor);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_was_typed_is_kept_as_a_draft_until_it_is_sent(Screen screen, bool scripts)
    {
        var name = NameOf(screen, scripts);
        await Flows.PublishAsync(browser);
        await using var employee = await SignedInAsync("employee", screen, scripts);
        await employee.Page.GotoAsync($"/start/{Flows.Two}");
        await employee.Page.FillAsync("[name='f.note']", $"草稿-{name}");
        await employee.Page.FillAsync("[name='f.amount']", "十二");
        await UploadAsync(employee, scripts, ("合同.txt", "合同内容"u8.ToArray()));
        await Assertions.Expect(employee.Page.Locator(".file-list")).ToContainTextAsync("合同.txt");
        await Assertions.Expect(employee.Page.Locator("[name='f.amount']")).ToHaveValueAsync("十二");
        await employee.Page.FillAsync("[name='f.note']", $"草稿改-{name}");
        if (scripts)
            await employee.Page.WaitForResponseAsync(r => r.Request.Method == "POST" && r.Status == 200);
        else
            await employee.Page.ClickAsync("button[value=draft]");
        await Assertions.Expect(employee.Page.Locator("[data-draft-state]")).ToContainTextAsync("草稿已保存");

        await employee.Page.GotoAsync("/?tab=drafts");
        await employee.ShootAsync($"{name}-drafts");
        await employee.Page.Locator($".draft-list a:has-text('草稿改-{name}')").ClickAsync();
        await Assertions.Expect(employee.Page.Locator("[name='f.note']")).ToHaveValueAsync($"草稿改-{name}");
        await Assertions.Expect(employee.Page.Locator("[name='f.amount']")).ToHaveValueAsync("十二");
        await employee.Page.ClickAsync(".actions button.primary");
        await Assertions.Expect(employee.Page.Locator(".problem")).ToHaveTextAsync("请填写数字，如 1234.5");
        await employee.ShootAsync($"{name}-start-refused");
        await employee.Page.FillAsync("[name='f.amount']", "12.5");
        await employee.Page.ClickAsync(".actions button.primary");
        await FlashAsync(employee, "申请已提交");
        await Assertions.Expect(employee.Page.Locator(".file-list a")).ToHaveTextAsync("合同.txt");
        await employee.Page.GotoAsync("/?tab=drafts");
        await Assertions.Expect(employee.Page.Locator($"text=草稿改-{name}")).ToHaveCountAsync(0);

        // The form of a task likewise.
        var id = await StartAsync($"表单-{name}", Flows.Form);
        await using var finance = await SignedInAsync("finance", screen, scripts);
        await HandleAsync(finance, id);
        await finance.Page.FillAsync("[name='f.amount']", "一百");
        await finance.Page.ClickAsync("button[name='row.add']");
        await finance.Page.FillAsync("[name='f.lines.0.name']", "衬衫");
        if (scripts)
            await finance.Page.WaitForResponseAsync(r => r.Request.Method == "POST" && r.Status == 200);
        else
            await finance.Page.ClickAsync("button[value=draft]");
        await HandleAsync(finance, id);
        await Assertions.Expect(finance.Page.Locator("[name='f.amount']")).ToHaveValueAsync("一百");
        await Assertions.Expect(finance.Page.Locator("[name='f.lines.0.name']")).ToHaveValueAsync("衬衫");
        await finance.ShootAsync($"{name}-task-draft");
        await finance.Page.FillAsync("[name='f.amount']", "100");
        await finance.Page.FillAsync("[name='f.note']", "已对账");
        await OpenAsync(finance, "complete");
        await ConfirmAsync(finance, "complete");
        await FlashAsync(finance, "已提交");

        Quiet(employee, finance);
    }

    [Theory]
    [InlineData(Screen.Desktop, true)]
    [InlineData(Screen.Phone, false)]
    public async Task The_next_of_the_queue_is_claimed_and_a_name_that_fits_several_is_asked_about(Screen screen, bool scripts)
    {
        var name = NameOf(screen, scripts);
        var id = await StartAsync($"值班-{name}", Flows.Queue);
        await using var manager = await SignedInAsync("duty_manager", screen, scripts);
        await manager.Page.GotoAsync("/?tab=claimable");
        await manager.ShootAsync($"{name}-claimable");
        await manager.Page.ClickAsync("form[action='/claim-next'] button");
        await FlashAsync(manager, "已认领");

        await OpenAsync(manager, "transfer");
        await manager.Page.FillAsync("[name='people.transfer']", "运营");
        await manager.Page.FillAsync("#comment-transfer", "请接手");
        await ConfirmAsync(manager, "transfer");
        await ProblemAsync(manager, "transfer", "“运营”有多位");
        await Assertions.Expect(manager.Page.Locator("#comment-transfer")).ToHaveValueAsync("请接手");
        await manager.ShootAsync($"{name}-several", whole: false);
        await manager.Page.CheckAsync("input[name='people.transfer.pick'][value=ops_team]");
        await ConfirmAsync(manager, "transfer");
        await FlashAsync(manager, "已转交");
        await ExpectTrailAsync(manager, id, "转交 运营团队");

        Quiet(manager);
    }

    private async Task<string> StartAsync(string note, string definition = Flows.Two) => "/instances/" + await Flows.StartAsync(browser, definition, "employee", note);

    private async Task<Window> SignedInAsync(string user, Screen screen, bool scripts)
    {
        var window = await browser.OpenAsync(screen, scripts);
        await window.SignInAsync(user);
        return window;
    }

    private static string NameOf(Screen screen, bool scripts) => $"{screen.ToString().ToLowerInvariant()}-{(scripts ? "script" : "plain")}";

    private static async Task HandleAsync(Window window, string application)
    {
        await window.Page.GotoAsync(application);
        while (await window.Page.Locator("text=去处理").CountAsync() == 0)
            await window.Page.ReloadAsync();
        await window.Page.ClickAsync("text=去处理");
    }

    /// <summary>Opens the sheet of an act; the rarer ones stand behind "更多".</summary>
    private static async Task OpenAsync(Window window, string act)
    {
        var first = window.Page.Locator($".actions > a[href='#act-{act}']");
        if (await first.CountAsync() > 0)
        {
            await first.ClickAsync();
        }
        else
        {
            await window.Page.ClickAsync(".actions .more > summary");
            await window.Page.ClickAsync($".more-body a[href='#act-{act}']");
        }

        await Assertions.Expect(window.Page.Locator($"#act-{act}")).ToBeVisibleAsync();
    }

    /// <summary>Types into a field for people; with scripts the first that is offered is taken.</summary>
    private static async Task NameAsync(Window window, string field, string typed, string name)
    {
        var input = window.Page.Locator($"[name='{field}']");
        if (await input.GetAttributeAsync("role") != "combobox")
        {
            await input.FillAsync(typed);
            return;
        }

        await input.PressSequentiallyAsync(typed);
        if (typed == name)
            return;
        await Assertions.Expect(window.Page.Locator(".suggest [role=option]").First).ToContainTextAsync(name);
        await input.PressAsync("Enter");
        await Assertions.Expect(input).ToHaveValueAsync(new System.Text.RegularExpressions.Regex($"^{name}、?$"));
    }

    private static Task ConfirmAsync(Window window, string act) => window.Page.ClickAsync($"#act-{act} button[name=action]");

    private static async Task DecideAsync(Window window, string act)
    {
        await OpenAsync(window, act);
        await ConfirmAsync(window, act);
        await FlashAsync(window, "已同意");
    }

    private static Task FlashAsync(Window window, string text) => Assertions.Expect(window.Page.Locator(".flash")).ToContainTextAsync(text);

    private static Task ProblemAsync(Window window, string act, string text) => Assertions.Expect(window.Page.Locator($"#act-{act} .problem")).ToContainTextAsync(text);

    private static async Task UploadAsync(Window window, bool scripts, params (string Name, byte[] Content)[] files)
    {
        await window.Page.SetInputFilesAsync("#files-input", files.Select(f => new FilePayload { Name = f.Name, MimeType = "application/octet-stream", Buffer = f.Content }));
        if (!scripts)
            await window.Page.ClickAsync("button[name='files.add']");
    }

    private static async Task ExpectTrailAsync(Window window, string application, params string[] texts)
    {
        await window.Page.GotoAsync(application);
        foreach (var text in texts)
            await Assertions.Expect(window.Page.Locator(".trail")).ToContainTextAsync(text);
    }

    private static void Quiet(params Window[] windows) => Assert.All(windows, w => Assert.Empty(w.Complaints));
}
