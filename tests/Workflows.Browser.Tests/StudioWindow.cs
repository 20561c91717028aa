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
        var bar = await Page.Locator(".mud-icon-button:visible").EvaluateAllAsync<double[][]>("bs => bs.map(b => { const r = b.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })");
        var first = bar.Where(b => b[1] is > 100 and < 160 && b[0] > 220).MinBy(b => b[0])!;
        await Page.Mouse.ClickAsync((float)first[0], (float)first[1]);
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
        var select = Page.Locator(".mud-select", new() { Has = Page.Locator("label", new() { HasTextRegex = new($"^{label}$") }) }).First;
        await select.Locator(".mud-input-slot:visible").First.ClickAsync(new() { Force = true });
        await Page.Locator(".mud-popover-open .mud-list-item", new() { HasText = entry }).First.ClickAsync();
        await SavedAsync();
    }

    /// <summary>The cloud in the tool bar.</summary>
    public async Task PublishAsync()
    {
        var cloud = await Page.Locator("button:visible").EvaluateAllAsync<double[][]>("bs => bs.map(b => { const r = b.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2, r.width] })");
        var bar = cloud.Where(b => b[1] is > 100 and < 160 && b[0] is > 780 and < 1010).OrderBy(b => b[0]).ToList();
        // Save, publish, more, run.
        var publish = bar[^3];
        var answered = Page.WaitForResponseAsync(r => r.Request.Method == "POST" && r.Url.EndsWith("/workflow-definitions", StringComparison.Ordinal) && r.Request.PostData?.Contains("\"publish\":true", StringComparison.Ordinal) == true);
        await Page.Mouse.ClickAsync((float)publish[0], (float)publish[1]);
        await answered;
    }

    public async Task<IReadOnlyList<string>> NamesAsync() =>
        [.. (await Nodes.EvaluateAllAsync<string[]>("ns => ns.map(n => n.innerText.trim().split('\\n')[0].trim())"))];

    /// <summary>Waits until what was drawn has been saved by itself.</summary>
    public async Task SavedAsync()
    {
        await Page.WaitForResponseAsync(r => r.Request.Method == "POST" && r.Url.EndsWith("/workflow-definitions", StringComparison.Ordinal));
        await SettleAsync();
    }

    private ILocator Node(string name) => Nodes.Filter(new() { HasText = name }).First;

    private async Task SettleAsync() => await Page.WaitForTimeoutAsync(800);
}

/// <summary>Tests of Studio run one after another: two runtimes at once starve each other on a small machine.</summary>
[CollectionDefinition(nameof(StudioTests))]
public sealed class StudioTests;
