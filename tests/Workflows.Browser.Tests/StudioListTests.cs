using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Browser.Tests;

/// <summary>What Studio's own lists, nested diagrams and viewer do when a person uses them: row and bulk actions, files, containers, failed instances and their retry.</summary>
[Collection(nameof(StudioTests))]
public sealed class StudioListTests(BrowserUnderTest browser)
{
    [Fact]
    public async Task Definitions_are_published_retracted_copied_exported_and_deleted_one_by_one_and_together()
    {
        StudioWindow.SkipWithoutStudio(browser);
        foreach (var n in new[] { 1, 2, 3 })
            await SaveAsync($"row_{n}", $"行操作{n}", Node("s", "Elsa.Start", "开始", 0));
        await using var window = await browser.OpenAsync(Screen.Desktop);
        await window.SignInAsync("super_admin");
        var studio = await ListAsync(window, "/designer/studio", "row_");

        await studio.RowAsync("row_1", "发布");
        await Assertions.Expect(studio.Notes).ToContainTextAsync("流程已发布");
        Assert.Equal(1, (await Store.FindAsync("row_1", VersionKind.Published, Token))!.Version);
        await studio.RowAsync("row_1", "下线");
        await Assertions.Expect(studio.Notes.Filter(new() { HasText = "流程已下线" })).ToBeVisibleAsync();
        Assert.Null(await Store.FindAsync("row_1", VersionKind.Published, Token));

        var file = await DownloadAsync(window, async () =>
        {
            await studio.RowAsync("row_1", "导出");
            await window.Page.Locator(".mud-dialog-actions button").Last.ClickAsync();
        });
        Assert.Equal("row_1", (string?)JsonNode.Parse(file)!["definitionId"]);
        await studio.RowAsync("row_1", "复制为新流程");
        await window.Page.Locator(".mud-dialog input").First.FillAsync("row_ 复制的流程");
        await studio.ConfirmAsync();
        await Assertions.Expect(studio.Row("row_ 复制的流程")).ToBeVisibleAsync();
        await studio.RowAsync("row_1", "删除");
        await studio.ConfirmAsync();
        await Assertions.Expect(studio.Row("row_1")).ToHaveCountAsync(0);
        Assert.Null(await Store.FindAsync("row_1", VersionKind.Latest, Token));

        await studio.BulkAsync("发布", "row_2", "row_3");
        await studio.ConfirmAsync();
        await Assertions.Expect(studio.Notes.Filter(new() { HasText = "已发布 2 个流程" })).ToBeVisibleAsync();
        await window.ShootAsync("studio-list-bulk", whole: false);
        await studio.BulkAsync("下线", "row_2", "row_3");
        await studio.ConfirmAsync();
        await Assertions.Expect(studio.Notes.Filter(new() { HasText = "已下线 2 个流程" })).ToBeVisibleAsync();
        var zip = await DownloadAsync(window, async () =>
        {
            await studio.BulkAsync("导出", "row_2", "row_3");
            await window.Page.Locator(".mud-dialog-actions button").Last.ClickAsync();
        });
        Assert.Equal(2, new ZipArchive(new MemoryStream(zip)).Entries.Count);
        await studio.BulkAsync("删除", "row_2", "row_3");
        await studio.ConfirmAsync();
        await Assertions.Expect(studio.Row("row_2")).ToHaveCountAsync(0);
        Assert.Null(await Store.FindAsync("row_3", VersionKind.Latest, Token));

        // The files come back as they went: one by itself, and the zip of several.
        foreach (var (name, bytes) in new[] { ("row_1.json", file), ("rows.zip", zip) })
        {
            await window.Page.Locator("input[type=file]").First.SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = bytes });
            await Assertions.Expect(studio.Row(name == "rows.zip" ? "row_3" : "row_1")).ToBeVisibleAsync();
        }

        foreach (var n in new[] { 1, 2, 3 })
            Assert.Equal($"行操作{n}", (await Store.FindAsync($"row_{n}", VersionKind.Latest, Token))!.Name);
        Assert.Equal("", string.Join("\n", studio.Complaints));
    }

    [Fact]
    public async Task What_a_list_is_refused_is_said_and_breaks_nothing()
    {
        StudioWindow.SkipWithoutStudio(browser);
        await SaveAsync("refused_half", "不完整的流程", Node("a", "Human.Approval", "审批", 0));
        await SaveAsync("refused_runs", "进行中的流程", publish: true, Node("s", "Elsa.Start", "开始", 0), Event("ev", 220));
        await SaveAsync("refused_governed", "受管的流程", Node("s", "Elsa.Start", "开始", 0));
        var governed = (await Store.FindAsync("refused_governed", VersionKind.Latest, Token))!;
        await Definitions.SaveAsync(DefinitionReader.ReadStored(governed.Document).With(("customProperties", new JsonObject { ["governed"] = true })), new SaveOptions { DefinitionId = "refused_governed", Publish = true, IsApproved = true }, Token);
        await StartAsync("refused_runs");
        await using var window = await browser.OpenAsync(Screen.Desktop);
        await window.SignInAsync("super_admin");
        var studio = await ListAsync(window, "/designer/studio", "refused_");

        await RefusedAsync("refused_half", "发布", "没有指定审批人");
        await RefusedAsync("refused_half", "下线", "没有已发布的版本");
        await RefusedAsync("refused_runs", "删除", "还有运行中的实例");
        await window.ShootAsync("studio-list-refused", whole: false);
        await RefusedAsync("refused_governed", "删除", "受管流程发布过就不能删除");
        Assert.NotNull(await Store.FindAsync("refused_runs", VersionKind.Published, Token));
        Assert.Equal("", string.Join("\n", studio.Complaints));

        // All that runs of a process is cancelled from its row, and then it goes.
        await studio.RowAsync("refused_runs", "取消进行中的申请");
        var cancelled = window.Page.WaitForResponseAsync(r => r.Url.EndsWith("/bulk-actions/cancel/workflow-instances", StringComparison.Ordinal));
        await studio.ConfirmAsync();
        Assert.Equal(200, (await cancelled).Status);
        Assert.False(await Store.IsRunningAsync("refused_runs", Token));
        await studio.RowAsync("refused_runs", "删除");
        await studio.ConfirmAsync();
        await Assertions.Expect(studio.Row("refused_runs")).ToHaveCountAsync(0);

        async Task RefusedAsync(string row, string entry, string said)
        {
            await studio.RowAsync(row, entry);
            if (entry == "删除")
                await studio.ConfirmAsync();
            var note = window.Page.Locator(".own-note", new() { HasText = said });
            await Assertions.Expect(note).ToBeVisibleAsync();
            Assert.False(await window.Page.Locator("#blazor-error-ui").IsVisibleAsync(), said);
            await note.ClickAsync();
            await Assertions.Expect(studio.Row(row)).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task Instances_are_cancelled_one_by_one_and_together_and_never_deleted()
    {
        StudioWindow.SkipWithoutStudio(browser);
        await SaveAsync("cancel_me", "可取消的流程", publish: true, Node("s", "Elsa.Start", "开始", 0), Event("ev", 220));
        var ids = new List<string>();
        for (var n = 0; n < 3; n++)
            ids.Add(await StartAsync("cancel_me"));
        await using var window = await browser.OpenAsync(Screen.Desktop);
        await window.SignInAsync("super_admin");
        var studio = await ListAsync(window, "/designer/instances", ids[0]);
        await window.ShootAsync("studio-instances-list", whole: false);

        await studio.Row(ids[0]).Locator("button").Last.ClickAsync();
        await Assertions.Expect(window.Page.Locator(".mud-popover-open .mud-menu-item").GetByText("取消进行中的申请")).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.Locator(".mud-popover-open .mud-menu-item").GetByText("删除")).ToBeHiddenAsync();
        await window.Page.Locator(".mud-popover-open .mud-menu-item").GetByText("取消进行中的申请").ClickAsync();
        await studio.ConfirmAsync();
        await Assertions.Expect(studio.Row(ids[0])).ToContainTextAsync("已取消");
        await studio.BulkAsync("取消进行中的申请", ids[1], ids[2]);
        await studio.ConfirmAsync();
        await Assertions.Expect(studio.Row(ids[1])).ToContainTextAsync("已取消");
        await Assertions.Expect(studio.Row(ids[2])).ToContainTextAsync("已取消");
        Assert.Equal("", string.Join("\n", studio.Complaints));

        // An auditor sees the list and changes nothing.
        var running = await StartAsync("cancel_me");
        await using var other = await browser.OpenAsync(Screen.Desktop);
        await other.SignInAsync("internal_auditor");
        var auditor = await ListAsync(other, "/designer/instances", running);
        await auditor.RowAsync(running, "取消进行中的申请");
        await auditor.ConfirmAsync();
        await Assertions.Expect(other.Page.Locator(".own-note")).ToContainTextAsync("没有权限");
        Assert.Equal(WorkflowStatus.Running, (await Instances.FindAsync(running, Token))!.Status);
        Assert.Equal("", string.Join("\n", auditor.Complaints));
    }

    [Fact]
    public async Task Nested_containers_open_and_what_is_changed_inside_is_saved()
    {
        StudioWindow.SkipWithoutStudio(browser);
        JsonObject Flow(string id, string text, int x, string inner, string innerText)
        {
            var node = Node(id, "Elsa.Flowchart", text, x);
            (node["activities"], node["connections"]) = (new JsonArray(Node(inner, "Elsa.WriteLine", innerText, 100)), new JsonArray());
            return node;
        }

        var branch = Node("if", "Elsa.If", "判断", 240);
        branch["then"] = Flow("yes", "是的", 0, "then", "成立时做");
        var loop = Node("each", "Elsa.ForEach", "逐个", 520);
        loop["body"] = Flow("one", "一个", 0, "body", "循环内");
        await SaveAsync("nested_edit", "嵌套的流程", Flow("in", "内层流程", 0, "deep", "深处"), branch, loop);
        await using var window = await browser.OpenAsync(Screen.Desktop);
        await window.SignInAsync("workflow_manager");
        await window.Page.GotoAsync("/designer/edit/nested_edit");
        var studio = await StudioWindow.OpenedAsync(window);
        await studio.FitAsync();

        // A flowchart in the flowchart is drawn, and the way back too.
        await studio.EnterAsync("内层流程");
        await Assertions.Expect(studio.Nodes).ToHaveCountAsync(1);
        await Assertions.Expect(studio.Nodes).ToContainTextAsync("深处");
        await window.ShootAsync("studio-nested-in", whole: false);
        await studio.LeaveAsync();
        await Assertions.Expect(studio.Nodes).ToHaveCountAsync(3);

        // In a branch and in the body of a loop something is moved: it is saved where it is.
        foreach (var (node, inside, path) in new (string, string, string[])[] { ("判断", "成立时做", ["if", "yes", "then"]), ("逐个", "循环内", ["each", "one", "body"]) })
        {
            var before = await InnerAsync(path);
            await studio.EnterAsync(node, 0);
            await Assertions.Expect(studio.Nodes).ToHaveCountAsync(1);
            await Assertions.Expect(studio.Nodes).ToContainTextAsync(inside);
            await studio.MoveAsync(inside, 80, 60);
            await window.ShootAsync($"studio-nested-{path[0]}", whole: false);
            Assert.NotEqual(before, await InnerAsync(path));
            await studio.LeaveAsync();
            await Assertions.Expect(studio.Nodes).ToHaveCountAsync(3);
        }

        // What is dropped into a branch stays there.
        await studio.EnterAsync("判断", 0);
        await studio.DropAsync("数据", "设置变量", 430, 290);
        await Assertions.Expect(studio.Nodes).ToHaveCountAsync(2);
        var saved = await RootAsync();
        Assert.Equal(["Elsa.SetVariable", "Elsa.WriteLine"], Find(Find(saved, "if")!, "yes")!["activities"]!.AsArray().Select(a => (string)a!["type"]!).Order());
        Assert.Equal(["each", "if", "in"], saved["activities"]!.AsArray().Select(a => (string)a!["id"]!).Order());
        Assert.Equal("", string.Join("\n", studio.Complaints));

        async Task<string> InnerAsync(string[] path) => path.Aggregate(await RootAsync(), (at, id) => Find(at, id)!)["metadata"]!["designer"]!["position"]!.ToJsonString();
    }

    [Fact]
    public async Task The_viewer_shows_what_failed_and_follows_its_retry_to_the_end()
    {
        StudioWindow.SkipWithoutStudio(browser);
        var note = Node("set", "Elsa.SetVariable", "记下", 220);
        note["variable"] = new JsonObject { ["id"] = "v1", ["name"] = "note", ["typeName"] = "String" };
        note["value"] = Literal("已记下");
        var call = Node("call", "Elsa.DispatchWorkflow", "启动子流程", 440);
        call["workflowDefinitionId"] = Literal("viewed_child");
        await SaveAsync("viewed_child", "子流程", Node("s", "Elsa.Start", "开始", 0));
        await SaveAsync("viewed_parent", "调用子流程", publish: true, Node("s", "Elsa.Start", "开始", 0), note, call, Node("e", "Elsa.End", "结束", 660));
        var id = await StartAsync("viewed_parent");
        await Condition.FoundAsync(async () => (await Instances.FindAsync(id, Token)) is { IncidentCount: > 0 } failed ? failed : null, "The call of a workflow that is not published never failed.", Token);
        await using var window = await browser.OpenAsync(Screen.Desktop);
        await window.SignInAsync("super_admin");
        var page = window.Page;
        await page.GotoAsync($"/designer/instance/{id}");
        var studio = await StudioWindow.OpenedAsync(window);

        // Failed: the badge, the journal, the incident with its message, the variable as it stands.
        await Assertions.Expect(studio.Nodes.Filter(new() { HasText = "启动子流程" }).Locator(".mud-badge.mud-theme-error, .mud-badge-error, [class*=error]").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("出错").First).ToBeVisibleAsync();
        await TabAsync("异常");
        await Assertions.Expect(page.GetByText("没有已发布的流程").First).ToBeVisibleAsync();
        await window.ShootAsync("studio-viewer-faulted", whole: false);
        await TabAsync("变量");
        await Assertions.Expect(page.GetByText("已记下").First).ToBeVisibleAsync();
        Assert.DoesNotContain("1", await studio.Nodes.Filter(new() { HasText = "结束" }).First.TextContentAsync() ?? "", StringComparison.Ordinal);

        // Mended and tried again: the page shows the end.
        Assert.IsType<DefinitionOutcome.Saved>(await Definitions.PublishAsync("viewed_child", "test", Token));
        // The page comes again by itself; only when it is there may another visit begin.
        await page.EvaluateAsync("window.before = true");
        await page.ClickAsync("#retry");
        await page.WaitForFunctionAsync("() => !window.before && document.readyState === 'complete'");
        await Condition.FoundAsync(async () => (await Instances.FindAsync(id, Token)) is { SubStatus: WorkflowSubStatus.Finished } ended ? ended : null, "The retried instance never ended.", Token);
        await page.GotoAsync($"/designer/instance/{id}");
        await Assertions.Expect(page.Locator("#retry")).ToHaveCountAsync(0);
        studio = await StudioWindow.OpenedAsync(window);
        await Assertions.Expect(studio.Nodes.Filter(new() { HasText = "结束" }).First).ToContainTextAsync("1", new() { Timeout = 60_000 });
        await window.ShootAsync("studio-viewer-finished", whole: false);
        Assert.Equal("", string.Join("\n", studio.Complaints));

        async Task TabAsync(string name)
        {
            await page.Locator(".mud-tab:visible", new() { HasText = name }).First.ClickAsync(new() { Force = true });
            await studio.StillAsync();
        }
    }

    private IDefinitionStore Store => browser.Services.GetRequiredService<IDefinitionStore>();

    private IInstanceStore Instances => browser.Services.GetRequiredService<IInstanceStore>();

    private DefinitionService Definitions => browser.Services.GetRequiredService<DefinitionService>();

    private Task SaveAsync(string id, string name, params JsonObject[] activities) => SaveAsync(id, name, publish: false, activities);

    /// <summary>A flowchart of these, each connected to the next.</summary>
    private async Task SaveAsync(string id, string name, bool publish, params JsonObject[] activities)
    {
        var connections = activities.Zip(activities.Skip(1), (a, b) => (JsonNode)new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = a["id"]!.DeepClone(), ["port"] = "Done" },
            ["target"] = new JsonObject { ["activity"] = b["id"]!.DeepClone(), ["port"] = "In" },
        });
        var json = new JsonObject
        {
            ["definitionId"] = id,
            ["name"] = name,
            ["variables"] = new JsonArray(new JsonObject { ["id"] = "v1", ["name"] = "note", ["typeName"] = "String", ["value"] = "", ["storageDriverTypeName"] = "Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core" }),
            ["root"] = new JsonObject { ["id"] = "flow", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["activities"] = new JsonArray([.. activities]), ["connections"] = new JsonArray([.. connections]) },
        };
        Assert.IsType<DefinitionOutcome.Saved>(await Definitions.ImportAsync(json.ToJsonString(), new SaveOptions { DefinitionId = id, Publish = publish }, Token));
    }

    private async Task<string> StartAsync(string definition) => Assert.IsType<Delivery.Applied>(
        await browser.Services.GetRequiredService<WorkflowRuntime>().StartAsync(new StartRequest { DefinitionId = definition, InitiatedBy = "activity_owner" }, Token)).Last.Id;

    private async Task<JsonObject> RootAsync() => DefinitionReader.ReadStored((await Store.FindAsync("nested_edit", VersionKind.Latest, Token))!.Document).Root;

    /// <summary>The activity of an id among those directly inside.</summary>
    private static JsonObject? Find(JsonObject container, string id) => ActivityShape.Nested(container).Select(n => n.Json).FirstOrDefault(a => (string?)a["id"] == id);

    /// <summary>Opens a list of Studio's and waits for a row; long lists are searched for it.</summary>
    private static async Task<StudioWindow> ListAsync(Window window, string address, string search)
    {
        await window.Page.GotoAsync(address);
        window.Page.SetDefaultTimeout(60_000);
        await window.Page.Locator(".mud-table-row").Nth(1).WaitForAsync(new() { Timeout = 300_000 });
        if (address.EndsWith("studio", StringComparison.Ordinal))
        {
            await window.Page.GetByPlaceholder("按编号、名称、说明搜索").FillAsync(search);
            await window.Page.Keyboard.PressAsync("Enter");
        }

        var studio = new StudioWindow(window);
        await Assertions.Expect(studio.Row(search)).ToBeVisibleAsync(new() { Timeout = 60_000 });
        return studio;
    }

    private static async Task<byte[]> DownloadAsync(Window window, Func<Task> ask)
    {
        var download = await window.Page.RunAndWaitForDownloadAsync(ask);
        await Assertions.Expect(window.Page.Locator(".mud-dialog")).ToHaveCountAsync(0);
        return await File.ReadAllBytesAsync((await download.PathAsync())!, Token);
    }

    private static JsonObject Node(string id, string type, string text, int x) => new()
    {
        ["id"] = id,
        ["name"] = id,
        ["type"] = type,
        ["version"] = 1,
        ["metadata"] = new JsonObject { ["displayText"] = text, ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = x, ["y"] = 100 } } },
    };

    private static JsonObject Event(string id, int x)
    {
        var node = Node(id, "Elsa.Event", "等事件", x);
        node["eventName"] = Literal("never");
        return node;
    }

    private static JsonObject Literal(string value) => new() { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
