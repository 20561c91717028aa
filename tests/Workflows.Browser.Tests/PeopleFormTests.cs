using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Workflows.Browser.Tests;

/// <summary>A form of a task that asks for somebody, and for several: chosen while typing, or without scripts by searching; who does not exist is told beside the field.</summary>
public sealed class PeopleFormTests(BrowserUnderTest browser)
{
    private const string Definition = "browser_people_form";
    private static readonly string[] Several = ["activity_owner", "cs_agent"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task People_are_named_in_a_form(bool scripts)
    {
        var task = await TaskAsync($"复核-{scripts}");
        await using var window = await browser.OpenAsync(Screen.Phone, scripts);
        var page = window.Page;
        await window.SignInAsync("finance");
        await page.GotoAsync($"/tasks/{task}");

        // Nobody of this name: the message stands beside the field and nothing typed is lost.
        await page.FillAsync("[name='f.note']", "十一月对账");
        await page.FillAsync("[name='f.checker']", "查无此人");
        await SubmitAsync(page);
        await Assertions.Expect(page.Locator("#p-f-checker-note .problem")).ToContainTextAsync("查无此人");
        await Assertions.Expect(page.Locator("[name='f.checker']")).ToHaveValueAsync("查无此人");
        await Assertions.Expect(page.Locator("[name='f.note']")).ToHaveValueAsync("十一月对账");
        await window.ShootAsync($"people-form-{(scripts ? "scripts" : "plain")}-refused");

        if (scripts)
        {
            await page.FillAsync("[name='f.checker']", "");
            await page.Locator("[name='f.checker']").PressSequentiallyAsync("客服经");
            await page.Locator(".suggest:not([hidden]) [role=option]").First.ClickAsync();
            await page.Locator("[name='f.others']").PressSequentiallyAsync("hdfzr");
            await page.Locator(".suggest:not([hidden]) [role=option]").First.ClickAsync();
            await page.Locator("[name='f.others']").PressSequentiallyAsync("客服人员");
            await page.Keyboard.PressAsync("Escape");
        }
        else
        {
            await page.FillAsync("[name='f.checker']", "客服");
            await page.ClickAsync("button[name=find][value='f.checker']");
            await window.ShootAsync("people-form-plain-found");
            await page.CheckAsync("input[name='f.checker.pick'][value=cs_manager]");
            await page.FillAsync("[name='f.others']", "活动负责人、客服人员");
        }

        await window.CheckWidthAsync();
        await window.CheckStructureAsync();
        await SubmitAsync(page);
        await Assertions.Expect(page.Locator(".flash")).ToBeVisibleAsync();
        using var admin = await Flows.AsAsync(browser, "super_admin");
        var result = JsonNode.Parse(await admin.GetStringAsync($"/api/v1/tasks/{task}", TestContext.Current.CancellationToken))!["result"]!;
        Assert.Equal("cs_manager", (string?)result["checker"]);
        Assert.Equal(Several, result["others"]!.AsArray().Select(o => (string?)o).Order(StringComparer.Ordinal));
        // Whoever reads it afterwards reads names.
        await page.GotoAsync($"/tasks/{task}");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("客服经理");
        Assert.DoesNotContain("cs_manager", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Empty(window.Complaints);
    }

    private static async Task SubmitAsync(IPage page)
    {
        await page.ClickAsync(".actions a[href='#act-complete']");
        await page.ClickAsync("#act-complete button[name=action][value=complete]");
    }

    private async Task<string> TaskAsync(string name)
    {
        using var manager = await Flows.AsAsync(browser, "workflow_manager");
        using var owner = await Flows.AsAsync(browser, "activity_owner");
        using var finance = await Flows.AsAsync(browser, "finance");
        var schema = JsonValue.Create("""
            {"type":"object","required":["checker"],"properties":{"note":{"type":"string","title":"说明"},"checker":{"type":"string","x-widget":"person","title":"复核人"},"others":{"type":"array","x-widget":"people","title":"知会"}}}
            """).ToJsonString();
        var definition = JsonNode.Parse($$$"""
            {"definitionId":"{{{Definition}}}","name":"复核","version":1,
             "root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[
              {"id":"do","type":"Human.Task","version":1,"title":{"typeName":"String","expression":{"type":"Literal","value":"指定复核人"}},
               "users":{"typeName":"String[]","expression":{"type":"Object","value":"[\"finance\"]"}},
               "form":{"typeName":"Object","expression":{"type":"Object","value":{{{schema}}} } } } ] } }
            """);
        await Flows.PostAsync(manager, "/api/v1/definitions?publish=true", definition);
        var instance = (string)(await Flows.PostAsync(owner, "/api/v1/instances", new { definitionId = Definition, name }))["id"]!;
        var found = await Flows.PostAsync(finance, "/api/v1/tasks/search", new { filter = new { instanceId = instance } });
        return (string)found["items"]![0]!["id"]!;
    }
}
