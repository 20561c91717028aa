using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Workflows.Designer.Studio;

namespace Workflows.Browser.Tests;

/// <summary>Elsa Studio in a window, by what a person does there.</summary>
internal sealed class StudioWindow(Window window)
{
    /// <summary>Studio starts a whole .NET runtime, which takes long where many tests share a small machine.</summary>
    private const int Patience = 300_000;

    // Said by the drawing library of every diagram whose connections cross; harmless.
    private const string Crossing = "Unable to execute manhattan algorithm";

    private IPage Page => window.Page;

    public ILocator Nodes => Page.Locator(".x6-node");

    /// <summary>The red and green notes.</summary>
    public ILocator Notes => Page.Locator(".mud-snackbar");

    public IEnumerable<string> Complaints => window.Complaints.Where(c => !c.Contains(Crossing, StringComparison.Ordinal));

    /// <summary>Without npm the build has no Studio: skipped visibly, and a failure in CI.</summary>
    public static void SkipWithoutStudio(BrowserUnderTest browser)
    {
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

    /// <summary>The first button of the tool bar: the whole diagram into the window.</summary>
    public async Task FitAsync()
    {
        var (left, _) = await BarAsync();
        await Page.Mouse.ClickAsync(left[0].X, left[0].Y);
        await SettleAsync();
    }

    public async Task DropAsync(string category, string activity, float x, float y)
    {
        await Page.Locator(".mud-expand-panel-header", new() { HasText = category }).First.ClickAsync();
        var item = Page.Locator(".mud-expand-panel", new() { HasText = category }).GetByText(activity, new() { Exact = true }).First;
        await item.WaitForAsync();
        await SettleAsync();
        var at = (await item.BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(at.X + 10, at.Y + 10);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(x - 30, y - 15, new() { Steps = 10 });
        await Page.Mouse.MoveAsync(x, y, new() { Steps = 6 });
        await Page.Mouse.UpAsync();
        await SavedAsync();
    }

    public async Task ConnectAsync(string from, string to)
    {
        var start = (await Node(from).Locator(".x6-port-body").Last.BoundingBoxAsync())!;
        var end = (await Node(to).Locator(".x6-port-body").First.BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(start.X + start.Width / 2, start.Y + start.Height / 2);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(end.X - 20, end.Y - 10, new() { Steps = 12 });
        await Page.Mouse.MoveAsync(end.X + end.Width / 2, end.Y + end.Height / 2, new() { Steps = 6 });
        await Page.Mouse.UpAsync();
        await SavedAsync();
    }

    public async Task SelectAsync(string node)
    {
        var at = (await Node(node).BoundingBoxAsync())!;
        await Page.Mouse.ClickAsync(at.X + at.Width / 2, at.Y + 6);
        await SettleAsync();
    }

    /// <summary>Takes an entry of a drop-down in the property panel.</summary>
    public async Task ChooseAsync(string label, string entry)
    {
        await Page.Locator("label", new() { HasTextRegex = new($"^{label}$") }).First.Locator("xpath=ancestor::div[contains(@class,'mud-input-control')][1]").ClickAsync(new() { Force = true });
        await Page.Locator(".mud-popover-open .mud-list-item-extended, .mud-popover-open .mud-list-item").Filter(new() { HasText = entry }).Last.ClickAsync();
        await SavedAsync();
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

    /// <summary>Waits until what was drawn has been saved by itself.</summary>
    public async Task SavedAsync()
    {
        await Page.WaitForResponseAsync(r => r.Request.Method == "POST" && r.Url.EndsWith("/workflow-definitions", StringComparison.Ordinal));
        await SettleAsync();
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

    private async Task SettleAsync() => await Page.WaitForTimeoutAsync(800);
}

/// <summary>Tests of Studio run one after another: two runtimes at once starve each other on a small machine.</summary>
[CollectionDefinition(nameof(StudioTests))]
public sealed class StudioTests;
