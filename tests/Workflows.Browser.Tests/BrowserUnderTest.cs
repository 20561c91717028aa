using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Workflows.Host.Hosting;
using Workflows.Testing;

[assembly: AssemblyFixture(typeof(Workflows.Browser.Tests.BrowserUnderTest))]

namespace Workflows.Browser.Tests;

/// <summary>A real host with the demo data and Debian's Chromium, started once for all tests.</summary>
public sealed class BrowserUnderTest : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly string _folder = Directory.CreateTempSubdirectory("workflows-browser-test-").FullName;
    private WebApplication? _app;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>Where screenshots are kept: beside the test results.</summary>
    public static string Screenshots { get; } = Path.Combine(AppContext.BaseDirectory, "screenshots");

    public IServiceProvider Services => _app!.Services;

    public static string? Chromium { get; } = Environment.GetEnvironmentVariable("WORKFLOWS_CHROMIUM") is { Length: > 0 } named ? named : Places.FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Chromium is null)
            return;
        Directory.CreateDirectory(Screenshots);
        _app = HostApplication.Build(["--environment", "Development", "--urls", "http://127.0.0.1:0", "--contentRoot", Repository.Root], builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Error);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Workflows:DataDirectory"] = _folder,
                ["Workflows:Engine:PollInterval"] = "00:00:00.200",
                ["Workflows:Host:PrintLogins"] = "false",
            });
        });
        await _app.StartAsync();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
    }

    /// <summary>A fresh browser window of a size; skips the test visibly where there is no Chromium, and fails in CI.</summary>
    public async Task<Window> OpenAsync(Screen screen, bool scripts = true, bool dark = false)
    {
        if (_browser is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "Chromium is missing; CI installs it (apt-get install chromium).");
            Assert.Skip("Chromium is not installed (apt-get install chromium fonts-noto-cjk).");
        }

        var options = screen == Screen.Phone ? _playwright!.Devices["iPhone 13"] : new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 800 } };
        // Debian's Chromium is used for the phone too; only size, touch and user agent are the phone's.
        options.BaseURL = Address.ToString();
        options.JavaScriptEnabled = scripts;
        options.Locale = "zh-CN";
        options.ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light;
        var context = await _browser!.NewContextAsync(options);
        context.SetDefaultTimeout(15_000);
        return new Window(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Sizes that are tried.</summary>
public enum Screen
{
    Desktop,
    Phone,
}

/// <summary>One browser window of one person. Collects what the console said: pages must be quiet, and no policy may be broken.</summary>
public sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    internal Window(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        // A status that the test meant to provoke is also told on the console; everything else is a fault of the page.
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !message.Text.Contains("the server responded with a status of", StringComparison.Ordinal))
                _complaints.Enqueue(message.Text);
        };
        // Whatever a page loads beside itself must be there.
        page.Response += (_, response) =>
        {
            if (response.Status >= 400 && response.Request.ResourceType is not ("document" or "fetch"))
                _complaints.Enqueue($"{response.Status} {response.Url}");
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("http://127.0.0.1", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:http://127.0.0.1", StringComparison.Ordinal))
                _complaints.Enqueue("asked elsewhere: " + request.Url);
        };
    }

    public IPage Page { get; }

    /// <summary>The page is no wider than its screen, and on a phone no wider than the narrowest that counts (360).</summary>
    public async Task CheckWidthAsync()
    {
        const string Fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
        Assert.True(await Page.EvaluateAsync<bool>(Fits), $"{Page.Url} is wider than its screen");
        if (Page.ViewportSize is not { Width: < 500 } size)
            return;
        await Page.SetViewportSizeAsync(360, 740);
        Assert.True(await Page.EvaluateAsync<bool>(Fits), $"{Page.Url} is wider than 360");
        await Page.SetViewportSizeAsync(size.Width, size.Height);
    }

    /// <summary>
    /// What screen readers and keyboards need: one main part with one heading of the first rank, a name for everything that can be used, and
    /// no id twice.
    /// </summary>
    public async Task CheckStructureAsync()
    {
        var wrong = await Page.EvaluateAsync<string[]>("""
            () => {
              const wrong = [], seen = e => !e.closest("[aria-hidden=true]") && (e.offsetParent !== null || getComputedStyle(e).position === "fixed");
              const names = e => (e.getAttribute("aria-label") ?? "") + [...(e.labels ?? [])].map(l => l.textContent).join("") + (e.closest("label")?.textContent ?? "") + (e.getAttribute("title") ?? "");
              if (document.querySelectorAll("main").length !== 1) wrong.push("main");
              if (document.querySelectorAll("h1").length !== 1) wrong.push("h1");
              if (!document.documentElement.lang || !document.title.trim()) wrong.push("language or title");
              for (const e of document.querySelectorAll("input:not([type=hidden]), select, textarea")) if (seen(e) && !names(e).trim()) wrong.push("no label: " + e.outerHTML.slice(0, 120));
              for (const e of document.querySelectorAll("button, a[href], summary")) if (seen(e) && !(e.textContent + names(e)).trim()) wrong.push("no name: " + e.outerHTML.slice(0, 120));
              const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
              for (const id of new Set(ids.filter((id, n) => ids.indexOf(id) !== n))) wrong.push("id twice: " + id);
              for (const e of document.querySelectorAll("[aria-describedby], [aria-labelledby], [aria-controls]"))
                for (const id of [e.getAttribute("aria-describedby"), e.getAttribute("aria-labelledby"), e.getAttribute("aria-controls")].filter(x => x).flatMap(x => x.split(" ")))
                  if (!document.getElementById(id)) wrong.push("refers to nothing: " + id);
              for (const e of document.querySelectorAll("fieldset")) if (seen(e) && !e.querySelector("legend")) wrong.push("no legend: " + e.outerHTML.slice(0, 120));
              return wrong;
            }
            """);
        Assert.True(wrong.Length == 0, $"{Page.Url}: {string.Join("; ", wrong)}");
    }

    public IReadOnlyCollection<string> Complaints => _complaints;

    public async Task SignInAsync(string userName)
    {
        await Page.GotoAsync("/signin");
        await Page.FillAsync("input[name=userName]", userName);
        await Page.FillAsync("input[name=password]", "demo");
        await Page.ClickAsync("main form button.primary");
        await Page.WaitForURLAsync(url => !url.Contains("/signin", StringComparison.Ordinal));
    }

    public Task ShootAsync(string name, bool whole = true) =>
        Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(BrowserUnderTest.Screenshots, name + ".png"), FullPage = whole });

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
