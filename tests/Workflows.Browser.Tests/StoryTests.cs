using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Workflows.Host.Demo;

namespace Workflows.Browser.Tests;

/// <summary>
/// The shop's stories, acted by people on the pages: a complaint with one escalation, trials at 2.99 % and 3.00 %, a clearance below cost, a system failure with a
/// missed response, and a crisis. What must come of them is said by the stories themselves; time is moved by the API, so they have a host of their own.
/// </summary>
public sealed class StoryTests : IAsyncLifetime
{
    private readonly BrowserUnderTest _host = new();

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task People_act_on_the_pages_and_the_stories_end_as_they_should()
    {
        await using (await _host.OpenAsync(Screen.Desktop))
        {
        }

        foreach (var (name, screen) in (List<(string, Screen)>)[("complaint", Screen.Phone), ("emergency", Screen.Desktop), ("trial", Screen.Desktop), ("clearance", Screen.Desktop)])
        {
            await using var output = new StringWriter();
            await using var player = new PagePlayer(_host, screen, output);
            try
            {
                await DemoStory.Find(name)!.PlayAsync(player);
            }
            catch (DemoFailedException failed)
            {
                Assert.Fail($"{failed.Message}\n{output}");
            }

            await player.ShootCaseAsync($"story-{name}");
            Assert.Empty(player.Complaints);
        }
    }

    /// <summary>Each person in a window of their own, with scripts on the phone and without at the desk.</summary>
    private sealed class PagePlayer(BrowserUnderTest host, Screen screen, TextWriter output) : DemoPlayer(new DemoApi(host.Address), output, TestContext.Current.CancellationToken), IAsyncDisposable
    {
        private readonly Dictionary<string, Window> _windows = [];

        public IEnumerable<string> Complaints => _windows.Values.SelectMany(w => w.Complaints);

        public async ValueTask DisposeAsync()
        {
            foreach (var window in _windows.Values)
                await window.DisposeAsync();
            Dispose();
        }

        /// <summary>The record of the case as operators see it.</summary>
        public async Task ShootCaseAsync(string name)
        {
            var window = await VisitAsync(Observer, "/instances/" + Case);
            await window.CheckWidthAsync();
            await window.ShootAsync(name);
        }

        protected override async Task ActAsync(string user, string taskId, string action, string? comment, JsonObject? form)
        {
            var window = await VisitAsync(user, "/tasks/" + taskId);
            var page = window.Page;
            foreach (var (name, value) in form ?? [])
                await FillAsync(page, "f." + name, value!);
            await window.CheckWidthAsync();
            await page.ClickAsync($".actions > a[href='#act-{action}']");
            if (comment is not null)
                await page.FillAsync($"#comment-{action}", comment);
            await page.ClickAsync($"#act-{action} button[name=action]");
            await Assertions.Expect(page.Locator(".flash")).ToBeVisibleAsync();
        }

        private async Task<Window> VisitAsync(string user, string address)
        {
            if (!_windows.TryGetValue(user, out var window))
            {
                _windows[user] = window = await host.OpenAsync(screen, scripts: screen == Screen.Phone);
                await window.SignInAsync(user);
            }

            await window.Page.GotoAsync(address);
            // Weeks may have passed in the story.
            if (window.Page.Url.Contains("/signin", StringComparison.Ordinal))
            {
                await window.SignInAsync(user);
                await window.Page.GotoAsync(address);
            }

            return window;
        }

        private static async Task FillAsync(IPage page, string name, JsonNode value)
        {
            if (value is JsonArray rows)
            {
                for (var count = int.Parse(await page.InputValueAsync($"input[name='{name}.count']"), System.Globalization.CultureInfo.InvariantCulture); count < rows.Count; count++)
                {
                    await page.ClickAsync($"button[name='row.add'][value='{name[2..]}']");
                    await Assertions.Expect(page.Locator($"input[name='{name}.count']")).ToHaveValueAsync($"{count + 1}");
                }

                for (var n = 0; n < rows.Count; n++)
                {
                    foreach (var (column, cell) in rows[n]!.AsObject())
                        await FillAsync(page, $"{name}.{n}.{column}", cell!);
                }

                return;
            }

            var text = value.ToString();
            var field = page.Locator($"[name='{name}']").First;
            switch (await field.EvaluateAsync<string>("e => e.type"))
            {
                case "radio":
                    await page.CheckAsync($"input[name='{name}'][value='{text}']");
                    break;
                case "checkbox":
                    await field.SetCheckedAsync(text == "true");
                    break;
                case "select-one":
                    await field.SelectOptionAsync(text);
                    break;
                default:
                    await field.FillAsync(text);
                    break;
            }
        }
    }
}
