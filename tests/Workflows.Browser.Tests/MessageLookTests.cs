using Microsoft.Extensions.DependencyInjection;
using Workflows.Engine.Messages;
using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Browser.Tests;

/// <summary>Keeps pictures of the pages about messages, and tries a template in a browser.</summary>
public sealed class MessageLookTests(BrowserUnderTest browser)
{
    [Theory]
    [InlineData(Screen.Desktop, false)]
    [InlineData(Screen.Phone, false)]
    [InlineData(Screen.Phone, true)]
    public async Task Pages_about_messages_are_quiet_and_fit_their_screen(Screen screen, bool dark)
    {
        await using var window = await browser.OpenAsync(screen, dark: dark);
        var id = await Deletion.ApplyAsync(browser, "P-1002");
        var mail = await FirstMailAsync(id);
        var name = $"{screen.ToString().ToLowerInvariant()}{(dark ? "-dark" : "")}";
        await window.SignInAsync("super_admin");

        foreach (var (address, title) in ((string, string)[])
        [
            ("/ops/outbox", "outbox"), ("/ops/outbox?state=Failed", "outbox-empty"), ("/ops/outbox/" + mail, "outbox-mail"), ("/ops/gateways", "gateways"), ("/ops/templates", "templates"),
            ("/ops/templates/task.assigned/email/zh", "template-mail"), ("/ops/templates/clock.breached/sms/zh", "template-sms"), ("/profile/messages", "preferences"), ("/s?code=000000", "code"),
        ])
        {
            await window.Page.GotoAsync(address);
            await window.ShootAsync($"{name}-{title}");
            await window.CheckStructureAsync();
            await window.CheckWidthAsync();
        }

        await window.Page.GotoAsync("/ops/templates/task.assigned/email/zh");
        await window.Page.FillAsync("input[name=subject]", "急件：{{ task.title }}");
        await window.Page.ClickAsync("button[formaction$='/preview']");
        Assert.Contains("急件：", await window.Page.InnerTextAsync("#preview"), StringComparison.Ordinal);
        await window.ShootAsync($"{name}-template-preview");
        Assert.Empty(window.Complaints);
    }

    private async Task<string> FirstMailAsync(string instanceId)
    {
        var deliveries = browser.Services.GetRequiredService<IDeliveryStore>();
        var first = await Condition.FoundAsync(
            async () => await deliveries.ListAsync(new DeliveryFilter(Channel: MessageChannels.Email, InstanceId: instanceId), TestContext.Current.CancellationToken) is ([var mail, ..], _) ? mail : null,
            "No mail was captured.",
            TestContext.Current.CancellationToken);
        return first.Key;
    }
}
