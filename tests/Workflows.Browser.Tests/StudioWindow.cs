using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Workflows.Designer.Studio;

namespace Workflows.Browser.Tests;

/// <summary>Elsa Studio in a window, by what a person does there.</summary>
internal sealed class StudioWindow(Window window)
{
    /// <summary>Studio starts a whole .NET runtime, which takes long where many tests share a small machine.</summary>
    private const int Patience = 300_000;

    // Said of every diagram whose connections cross, and of one that another took the place of before it was measured; harmless.
    private static readonly string[] Harmless = ["Unable to execute manhattan algorithm", "Could not find wrapper element with ID activity-"];

    private IPage Page => window.Page;

    public ILocator Nodes => Page.Locator(".x6-node");

    /// <summary>The red and green notes.</summary>
    public ILocator Notes => Page.Locator(".mud-snackbar");

    public IEnumerable<string> Complaints => ComplaintsOf(window);

    public static IEnumerable<string> ComplaintsOf(Window window) => window.Complaints.Where(c => !Harmless.Any(h => c.Contains(h, StringComparison.Ordinal)));

    /// <summary>Without npm the build has no Studio: skipped visibly, and a failure in CI.</summary>
    public static void SkipWithoutStudio(BrowserUnderTest browser)
    {
        // A small machine that many share draws slowly.
        Assertions.SetDefaultExpectTimeout(30_000);
        if (BrowserUnderTest.Chromium is null || browser.Services.GetRequiredService<StudioFiles>().AreThere)
            return;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "Elsa Studio is missing; the build brings it where npm is.");
        Assert.Skip("Elsa Studio is not there: npm was missing when this was built.");
    }

    public static async Task<StudioWindow> OpenedAsync(Window window, bool hasNodes = true)
    {
        var studio = new StudioWindow(window);
        window.Page.SetDefaultTimeout(60_000);
        await window.Page.Locator(hasNodes ? ".x6-node" : ".x6-graph-svg").First.WaitForAsync(new() { Timeout = Patience });
        return studio;
    }

    /// <summary>Imports a file into the process that is open; the page opens anew with what the server made of it.</summary>
    public async Task ImportAsync(string document)
    {
        var reopened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Loaded(object? sender, IPage page) => reopened.TrySetResult();
        Page.Load += Loaded;
        try
        {
            await Page.Locator("input[type=file]").First.SetInputFilesAsync(new FilePayload { Name = "import.json", MimeType = "application/json", Buffer = System.Text.Encoding.UTF8.GetBytes(document) });
            await reopened.Task.WaitAsync(TimeSpan.FromMilliseconds(Patience), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        finally
        {
            Page.Load -= Loaded;
        }

        await OpenedAsync(window);
    }

    /// <summary>Opens the menu of a row of one of Studio's lists and takes an entry.</summary>
    public async Task RowAsync(string row, string entry)
    {
        // The list loads again after each act, and a menu that was opened meanwhile is gone.
        for (var tries = 0; tries < 5; tries++)
        {
            await StillAsync();
            await Row(row).Locator("button").Last.ClickAsync();
            await StillAsync();
            if (await Entry(entry).IsVisibleAsync())
                break;
        }

        await EntryAsync(entry);
    }

    /// <summary>Ticks rows and takes an entry of the menu for all of them.</summary>
    public async Task BulkAsync(string entry, params string[] rows)
    {
        // The list loads again after each act, and forgets what was ticked meanwhile.
        await StillAsync();
        foreach (var row in rows)
            await Row(row).Locator("input[type=checkbox]").First.CheckAsync();
        await Page.Locator("button:visible", new() { HasText = "批量操作" }).First.ClickAsync();
        await EntryAsync(entry);
    }

    /// <summary>The last button of the dialog that is open: yes.</summary>
    public async Task ConfirmAsync()
    {
        await Page.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await Assertions.Expect(Page.Locator(".mud-dialog")).ToHaveCountAsync(0);
    }

    public ILocator Row(string text) => Page.Locator(".mud-table-row", new() { HasText = text }).First;

    /// <summary>The way to the container that is drawn.</summary>
    public ILocator Crumbs => Page.Locator(".mud-breadcrumbs");

    /// <summary>Draws the container that a node is, or that one of its branches holds.</summary>
    public async Task EnterAsync(string node, int? branch = null)
    {
        if (branch is { } number)
            await Node(node).Locator(".embedded-port").Nth(number).ClickAsync(new() { Force = true });
        else
            await Node(node).DblClickAsync();
        await Assertions.Expect(Crumbs).ToBeVisibleAsync();
        await StillAsync();
    }

    /// <summary>Back to the whole process.</summary>
    public async Task LeaveAsync()
    {
        await Crumbs.Locator("a, .mud-breadcrumb-item").First.ClickAsync();
        await Assertions.Expect(Crumbs).ToHaveCountAsync(0);
        await StillAsync();
    }

    /// <summary>Pulls a node some way, which saves.</summary>
    public async Task MoveAsync(string node, float byX, float byY)
    {
        var at = (await Node(node).BoundingBoxAsync())!;
        await SavedAsync(async () =>
        {
            await Page.Mouse.MoveAsync(at.X + 60, at.Y + 10);
            await Page.Mouse.DownAsync();
            await Page.Mouse.MoveAsync(at.X + 60 + byX, at.Y + 10 + byY, new() { Steps = 8 });
            await Page.Mouse.UpAsync();
        });
    }

    /// <summary>Waits until Studio has drawn all it has to say: nothing in the page changed for some frames. What never rests is not waited for longer than ten seconds.</summary>
    public async Task StillAsync() => await Page.EvaluateAsync("""
        () => new Promise(done => {
          let frames = 0;
          const see = new MutationObserver(() => { frames = 0; });
          see.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
          const begun = performance.now();
          const next = () => { if (++frames > 15 || performance.now() - begun > 10000) { see.disconnect(); done(); } else requestAnimationFrame(next); };
          requestAnimationFrame(next);
        })
        """);

    private ILocator Entry(string entry) => Page.Locator(".mud-popover-open .mud-menu-item, .mud-popover-open .mud-list-item").GetByText(entry, new() { Exact = true }).Last;

    private async Task EntryAsync(string entry)
    {
        await Entry(entry).ClickAsync();
    }

    /// <summary>The first button of the tool bar: the whole diagram into the window.</summary>
    public async Task FitAsync()
    {
        var (left, _) = await BarAsync();
        await Page.Mouse.ClickAsync(left[0].X, left[0].Y);
        await StillAsync();
    }

    public async Task DropAsync(string category, string activity, float x, float y)
    {
        await Page.Locator(".mud-expand-panel-header", new() { HasText = category }).First.ClickAsync();
        var item = Page.Locator(".mud-expand-panel", new() { HasText = category }).GetByText(activity, new() { Exact = true }).First;
        // Visible, and no longer moved by the panel that opens.
        await item.ClickAsync(new() { Trial = true });
        var at = (await item.BoundingBoxAsync())!;
        await SavedAsync(async () =>
        {
            await Page.Mouse.MoveAsync(at.X + 10, at.Y + 10);
            await Page.Mouse.DownAsync();
            await Page.Mouse.MoveAsync(x - 30, y - 15, new() { Steps = 10 });
            await Page.Mouse.MoveAsync(x, y, new() { Steps = 6 });
            await Page.Mouse.UpAsync();
        });
    }

    /// <summary>Moves the sheet until a node stands at a place of the window, by dragging it where nothing is drawn.</summary>
    public async Task BringAsync(string node, float x, float y)
    {
        for (var tries = 0; tries < 40; tries++)
        {
            var at = (await Node(node).BoundingBoxAsync())!;
            var (dx, dy) = (x - (at.X + at.Width / 2), y - (at.Y + at.Height / 2));
            if (Math.Abs(dx) < 20 && Math.Abs(dy) < 20)
                return;
            var blank = await Page.EvaluateAsync<float[]>("""
                () => {
                  const sheet = document.querySelector('.x6-graph-svg');
                  const r = sheet.getBoundingClientRect();
                  for (let y = r.top + r.height / 2; y < r.bottom - 20; y += 9)
                    for (let x = r.left + r.width / 2; x < r.right - 20; x += 9)
                      if (document.elementFromPoint(x, y) === sheet) return [x, y];
                  return [];
                }
                """);
            Assert.Equal(2, blank.Length);
            await Page.Mouse.MoveAsync(blank[0], blank[1]);
            await Page.Mouse.DownAsync();
            await Page.Mouse.MoveAsync(blank[0] + Math.Clamp(dx, -200, 200), blank[1] + Math.Clamp(dy, -150, 150), new() { Steps = 10 });
            await Page.Mouse.UpAsync();
            await StillAsync();
        }

        Assert.Fail($"“{node}” cannot be brought to {x}, {y}.");
    }

    public async Task ConnectAsync(string from, string to)
    {
        var start = (await Node(from).Locator(".x6-port-body").Last.BoundingBoxAsync())!;
        var end = (await Node(to).Locator(".x6-port-body").First.BoundingBoxAsync())!;
        await SavedAsync(async () =>
        {
            await Page.Mouse.MoveAsync(start.X + start.Width / 2, start.Y + start.Height / 2);
            await Page.Mouse.DownAsync();
            await Page.Mouse.MoveAsync(end.X - 20, end.Y - 10, new() { Steps = 12 });
            await Page.Mouse.MoveAsync(end.X + end.Width / 2, end.Y + end.Height / 2, new() { Steps = 6 });
            await Page.Mouse.UpAsync();
        });
    }

    public async Task SelectAsync(string node)
    {
        var at = (await Node(node).BoundingBoxAsync())!;
        await Page.Mouse.ClickAsync(at.X + at.Width / 2, at.Y + 6);
        await StillAsync();
    }

    /// <summary>Takes an entry of a drop-down in the property panel.</summary>
    public async Task ChooseAsync(string label, string entry)
    {
        await Page.Locator("label", new() { HasTextRegex = new($"^{label}$") }).First.Locator("xpath=ancestor::div[contains(@class,'mud-input-control')][1]").ClickAsync(new() { Force = true });
        var found = Page.Locator(".mud-popover-open .mud-list-item-extended, .mud-popover-open .mud-list-item").Filter(new() { HasText = entry }).Last;
        await SavedAsync(() => found.ClickAsync());
    }

    /// <summary>The cloud in the tool bar.</summary>
    public async Task PublishAsync()
    {
        // Save, publish, more, run.
        var (_, right) = await BarAsync();
        var answered = Page.WaitForResponseAsync(r => r.Request.Method == "POST" && r.Url.EndsWith("/workflow-definitions", StringComparison.Ordinal) && r.Request.PostData?.Contains("\"publish\":true", StringComparison.Ordinal) == true);
        await Page.Mouse.ClickAsync(right[1].X, right[1].Y);
        await answered;
    }

    /// <summary>The save button, pressed without any change.</summary>
    public async Task SaveAsync()
    {
        // Notes of saves shortly before pile up over the tool bar.
        await Page.EvaluateAsync("document.querySelectorAll('.mud-snackbar button').forEach(b => b.click())");
        await Assertions.Expect(Notes).ToHaveCountAsync(0);
        var (_, right) = await BarAsync();
        var saved = Page.WaitForResponseAsync(r => r.Request.Method == "POST" && r.Url.EndsWith("/workflow-definitions", StringComparison.Ordinal));
        await Page.Mouse.ClickAsync(right[0].X, right[0].Y);
        await saved;
    }

    /// <summary>The arrow beside the cloud.</summary>
    public async Task OpenMenuAsync()
    {
        var (_, right) = await BarAsync();
        await Page.Mouse.ClickAsync(right[2].X, right[2].Y);
        await Page.Locator(".mud-popover-open .mud-menu-item, .mud-popover-open .mud-list-item").First.WaitForAsync();
    }

    /// <summary>What stands on each node.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync() => await Nodes.EvaluateAllAsync<string[]>("ns => ns.map(n => n.textContent)");

    /// <summary>Does something and waits until it has been saved by itself, and Studio has come to rest after it.</summary>
    private async Task SavedAsync(Func<Task> act)
    {
        var saved = Page.WaitForResponseAsync(r => r.Request.Method == "POST" && r.Url.EndsWith("/workflow-definitions", StringComparison.Ordinal));
        await act();
        await saved;
        await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await StillAsync();
    }

    /// <summary>The buttons of the tool bar, which have no names: those before the switch for saving by itself, and those behind it.</summary>
    private async Task<(List<(float X, float Y)> Left, List<(float X, float Y)> Right)> BarAsync()
    {
        var label = (await Page.GetByText("自动保存", new() { Exact = true }).First.BoundingBoxAsync())!;
        var all = await Page.Locator("button:visible").EvaluateAllAsync<float[][]>("bs => bs.map(b => { const r = b.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })");
        var bar = all.Where(b => Math.Abs(b[1] - (label.Y + label.Height / 2)) < 25 && Math.Abs(b[0] - label.X) < 500).OrderBy(b => b[0]).Select(b => (X: b[0], Y: b[1])).ToList();
        return ([.. bar.Where(b => b.X < label.X)], [.. bar.Where(b => b.X > label.X + label.Width)]);
    }

    private ILocator Node(string name) => Nodes.Filter(new() { HasText = name }).First;
}

/// <summary>Tests of Studio run one after another: two runtimes at once starve each other on a small machine.</summary>
[CollectionDefinition(nameof(StudioTests))]
public sealed class StudioTests;
