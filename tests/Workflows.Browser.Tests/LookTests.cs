namespace Workflows.Browser.Tests;

/// <summary>Keeps pictures of the pages, and checks what every one of them must be: quiet, and no wider than its screen.</summary>
public sealed class LookTests(BrowserUnderTest browser)
{
    [Theory]
    [InlineData(Screen.Desktop, false)]
    [InlineData(Screen.Phone, false)]
    [InlineData(Screen.Phone, true)]
    public async Task Every_page_is_quiet_and_fits_its_screen(Screen screen, bool dark)
    {
        await using var window = await browser.OpenAsync(screen, dark: dark);
        var id = await Deletion.ApplyAsync(browser, "P-1001");
        var task = await Deletion.FirstTaskAsync(browser, id);
        var name = $"{screen.ToString().ToLowerInvariant()}{(dark ? "-dark" : "")}";
        await LookAsync(window, "/signin?returnUrl=%2Fstart", $"{name}-signin");
        await window.SignInAsync("supervisor");

        foreach (var (address, title) in Pages)
            await LookAsync(window, address, $"{name}-{title}");
        await LookAsync(window, $"/instances/{id}", $"{name}-application");
        await LookAsync(window, $"/tasks/{task}", $"{name}-task");
        await window.Page.ClickAsync("a[href='#act-reject']");
        await window.ShootAsync($"{name}-opinion", whole: false);

        Assert.Empty(window.Complaints);
    }

    private static readonly (string Address, string Title)[] Pages =
    [
        ("/", "inbox"), ("/?tab=claimable", "claimable"), ("/?tab=cc", "empty"), ("/?q=abc&type=activity_deletion", "filtered"), ("/nowhere", "missing"),
        ("/start", "catalogue"), ("/start/activity_deletion", "start"), ("/notices", "notices"), ("/people", "people"), ("/profile", "profile"), ("/profile/delegation", "delegation-empty"), ("/?tab=drafts", "drafts-empty"),
        ("/calendars?month=2026-10&start=2026-09-30T15:20&amount=3&unit=WorkingDays", "calendars"), ("/ladders", "ladders"), ("/rotas", "rotas"),
    ];

    private static async Task LookAsync(Window window, string address, string picture)
    {
        await window.Page.GotoAsync(address);
        await window.ShootAsync(picture);
        await window.CheckStructureAsync();
        await window.CheckWidthAsync();
    }
}
