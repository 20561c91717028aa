using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Workflows.Engine.Definitions;
using Workflows.Engine.Storage;

namespace Workflows.Browser.Tests;

/// <summary>Studio's screens: every shipped definition is drawn whole and comes back as it was, nothing English is left, loading stays small, and odd definitions harm nobody.</summary>
[Collection(nameof(StudioTests))]
public sealed partial class StudioScreenTests(BrowserUnderTest browser)
{
    private static readonly bool LongTests = Environment.GetEnvironmentVariable("WORKFLOWS_LONG_TESTS") == "1";

    [Fact]
    public async Task Every_shipped_definition_is_drawn_whole_and_a_save_without_changes_changes_nothing()
    {
        StudioWindow.SkipWithoutStudio(browser);
        var store = browser.Services.GetRequiredService<IDefinitionStore>();
        await using var window = await browser.OpenAsync(Screen.Desktop);
        await window.SignInAsync("workflow_manager");
        var opened = 0;
        foreach (var definition in await store.ListAsync(VersionKind.Published, null, Token))
        {
            if (!File.Exists(Path.Combine(Testing.Repository.Root, "definitions", "system", definition.DefinitionId + ".json")) && !LongTests && definition.DefinitionId != Deletion.Definition)
                continue;
            // A copy, because others test the original at the same time.
            var copy = "copy_of_" + definition.DefinitionId;
            var before = Assert.IsType<DefinitionOutcome.Saved>(await Definitions.SaveAsync(
                DefinitionReader.ReadStored(definition.Document).With(("definitionId", copy), ("id", null), ("name", "副本 " + definition.Name), ("customProperties", new JsonObject { ["category"] = "other" })),
                new SaveOptions { DefinitionId = copy, By = "test" }, Token)).Definition;
            await window.Page.GotoAsync($"/designer/edit/{copy}");
            var studio = await StudioWindow.OpenedAsync(window);
            await Assertions.Expect(studio.Nodes).ToHaveCountAsync(DefinitionReader.ReadStored(before.Document).Root["activities"]!.AsArray().Count, new() { Timeout = 60_000 });

            await studio.SaveAsync();
            var after = (await store.FindAsync(copy, VersionKind.Latest, Token))!;
            Assert.NotEqual(before.UpdatedAt, after.UpdatedAt);
            Assert.Empty(Differences(DefinitionReader.ReadStored(before.Document).Json, DefinitionReader.ReadStored(after.Document).Json));
            Assert.Empty(studio.Complaints);
            opened++;
        }

        Assert.True(opened >= 2, "no definition was opened");
    }

    [Fact]
    public async Task The_first_load_is_bounded_and_a_second_costs_next_to_nothing()
    {
        StudioWindow.SkipWithoutStudio(browser);
        await using var window = await browser.OpenAsync(Screen.Desktop);
        await window.SignInAsync("workflow_manager");
        var (first, second) = (await LoadAsync(), await LoadAsync());
        TestContext.Current.TestOutputHelper?.WriteLine($"first load {first / 1e6:F2} MB, second {second / 1e3:F1} kB on the wire");
        Assert.True(first <= 10_000_000, $"first load {first} bytes");
        Assert.True(second <= 50_000, $"second load {second} bytes");

        async Task<long> LoadAsync()
        {
            var wire = await window.Page.Context.NewCDPSessionAsync(window.Page);
            await wire.SendAsync("Network.enable");
            var bytes = 0L;
            wire.Event("Network.loadingFinished").OnEvent += (_, e) => Interlocked.Add(ref bytes, (long)e!.Value.GetProperty("encodedDataLength").GetDouble());
            await window.Page.GotoAsync("/designer/edit/workflow_change");
            await StudioWindow.OpenedAsync(window);
            await window.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await wire.DetachAsync();
            await window.Page.GotoAsync("/designer/");
            return bytes;
        }
    }

    [Fact]
    public async Task No_english_of_studio_is_left_on_the_screens_a_manager_meets()
    {
        StudioWindow.SkipWithoutStudio(browser);
        await using var window = await browser.OpenAsync(Screen.Desktop);
        await window.SignInAsync("super_admin");
        var page = window.Page;
        var instance = await Deletion.ApplyAsync(browser, "P-1004");
        await Deletion.FirstTaskAsync(browser, instance);
        var found = new SortedSet<string>(StringComparer.Ordinal);

        await page.GotoAsync("/designer/edit/workflow_change");
        var studio = await StudioWindow.OpenedAsync(window);
        await LookAsync("editor");
        await studio.FitAsync();
        await studio.SelectAsync("审批变更");
        await LookAsync("approval");
        foreach (var tab in new[] { "输出", "常规", "变量", "输入/输出", "版本历史" })
        {
            await page.Locator(".mud-tab:visible", new() { HasText = tab }).First.ClickAsync(new() { Force = true });
            await Assertions.Expect(page.Locator(".mud-tab-active:visible", new() { HasText = tab }).First).ToBeVisibleAsync();
            await studio.StillAsync();
            await LookAsync(tab);
        }

        await window.ShootAsync("studio-editor", whole: false);
        await studio.OpenMenuAsync();
        await LookAsync("menu");
        await page.GotoAsync("/designer/studio");
        await page.Locator(".mud-table-row").Nth(1).WaitForAsync(new() { Timeout = 300_000 });
        await LookAsync("list");
        await window.ShootAsync("studio-list", whole: false);
        await page.GotoAsync("/designer/instances");
        await page.Locator(".mud-table-row").Nth(1).WaitForAsync(new() { Timeout = 300_000 });
        await LookAsync("instances");
        await window.ShootAsync("studio-instances", whole: false);
        await page.GotoAsync($"/designer/instance/{instance}");
        var viewer = await StudioWindow.OpenedAsync(window);
        await Assertions.Expect(page.GetByText("主管审核").First).ToBeVisibleAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await viewer.StillAsync();
        await LookAsync("viewer");
        await window.ShootAsync("studio-viewer", whole: false);
        Assert.Empty(studio.Complaints);
        Assert.True(found.Count == 0, "English is left:\n" + string.Join('\n', found));

        async Task LookAsync(string where)
        {
            var texts = await page.EvaluateAsync<string[]>("""
                () => {
                  const out = [];
                  const shown = e => { const r = e.getBoundingClientRect(); return r.width > 0 && r.height > 0 && getComputedStyle(e).visibility !== 'hidden'; };
                  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                  while (walk.nextNode()) {
                    const e = walk.currentNode.parentElement;
                    if (!e || e.closest('script, style, .monaco-editor, textarea, pre, code') || !shown(e)) continue;
                    out.push(walk.currentNode.nodeValue.trim());
                  }
                  for (const e of document.querySelectorAll('[placeholder], [title]')) if (shown(e) && !e.closest('.monaco-editor')) out.push(e.getAttribute('placeholder') ?? '', e.getAttribute('title') ?? '');
                  return out.filter(t => /[A-Za-z]{3,}/.test(t));
                }
                """);
            // What a definition is called and how it is described are its author's words, not Studio's; a long description is cut off.
            var called = (await browser.Services.GetRequiredService<IDefinitionStore>().ListAsync(VersionKind.AllVersions, null, Token))
                .SelectMany(d => new[] { d.Name, d.Description }).OfType<string>().Select(t => t.Trim()).ToHashSet();
            bool IsAuthors(string text) => called.Contains(text) || (text.Length > 20 && called.Any(c => c.StartsWith(text.TrimEnd('.', '…', '\uFFFD', ' '), StringComparison.Ordinal)));
            foreach (var text in texts.Where(t => !Chinese().IsMatch(t) && !OwnWord().IsMatch(t) && !IsAuthors(t)))
                found.Add($"{where}: {text}");
        }
    }

    [Fact]
    public async Task An_open_viewer_follows_what_happens()
    {
        StudioWindow.SkipWithoutStudio(browser);
        var instance = await Deletion.ApplyAsync(browser, "P-1001");
        var task = await Deletion.FirstTaskAsync(browser, instance);
        await using var viewer = await browser.OpenAsync(Screen.Desktop);
        await viewer.SignInAsync("super_admin");
        await viewer.Page.GotoAsync($"/instances/{instance}");
        await viewer.Page.ClickAsync("text=在流程图上查看");
        var studio = await StudioWindow.OpenedAsync(viewer);
        // A step that ran or waits carries its number; the manager's does not yet.
        var supervisors = studio.Nodes.Filter(new() { HasText = "主管审核" }).First;
        var managers = studio.Nodes.Filter(new() { HasText = "经理审批" }).First;
        await Assertions.Expect(supervisors).ToContainTextAsync("1", new() { Timeout = 60_000 });
        await Assertions.Expect(managers).Not.ToContainTextAsync("1");

        await using var supervisor = await browser.OpenAsync(Screen.Desktop);
        await supervisor.SignInAsync("supervisor");
        await supervisor.Page.GotoAsync($"/tasks/{task}");
        await supervisor.Page.ClickAsync(".actions > a[href='#act-approve']");
        await supervisor.Page.Locator("#act-approve button:has-text('确认同意')").ClickAsync();

        await Assertions.Expect(managers).ToContainTextAsync("1", new() { Timeout = 60_000 });
        await viewer.ShootAsync("studio-viewer-live", whole: false);
        Assert.Empty(studio.Complaints);
    }

    [Fact]
    public async Task Odd_but_accepted_definitions_open_and_are_saved_without_running_or_losing_anything()
    {
        StudioWindow.SkipWithoutStudio(browser);
        await using var window = await browser.OpenAsync(Screen.Desktop);
        await using var pages = await browser.OpenAsync(Screen.Desktop);
        await window.SignInAsync("workflow_manager");
        await pages.SignInAsync("workflow_manager");
        foreach (var page in new[] { window.Page, pages.Page })
        {
            await page.AddInitScriptAsync("window.__ran = 0; window.alert = () => { window.__ran++; };");
            page.Dialog += (_, dialog) => Assert.Fail($"{page.Url} opened a dialog: {dialog.Message}");
        }

        var store = browser.Services.GetRequiredService<IDefinitionStore>();
        var (wrong, heard) = (new List<string>(), new HashSet<string>());
        foreach (var n in Enumerable.Range(0, LongTests ? 200 : 6))
        {
            var id = $"odd_{n}";
            var odd = OddDefinitions.Make(n);
            var imported = Assert.IsType<DefinitionOutcome.Saved>(await Definitions.ImportAsync(odd.ToJsonString(new() { MaxDepth = 128 }), new SaveOptions { DefinitionId = id }, Token)).Definition;

            await window.Page.GotoAsync($"/designer/edit/{id}");
            var studio = await StudioWindow.OpenedAsync(window);
            await Assertions.Expect(studio.Nodes.Filter(new() { HasText = $"#{n}" })).ToHaveCountAsync(1, new() { Timeout = 60_000 });
            await Assertions.Expect(studio.Nodes).ToHaveCountAsync(odd["root"]!["activities"]!.AsArray().Count, new() { Timeout = 60_000 });
            if (n < 3)
                await window.ShootAsync($"studio-odd-{n}", whole: false);
            await studio.SaveAsync();
            var saved = (await store.FindAsync(id, VersionKind.Latest, Token))!;
            Assert.NotEqual(imported.UpdatedAt, saved.UpdatedAt);
            wrong.AddRange(Differences(DefinitionReader.ReadStored(imported.Document).Json, DefinitionReader.ReadStored(saved.Document).Json).Select(d => $"{id} lost {d}"));
            await LookAsync(window, id);

            foreach (var address in new[] { $"/designer/process/{id}", $"/designer/process/{id}/parameters" })
            {
                Assert.Equal(200, (await pages.Page.GotoAsync(address))!.Status);
                await pages.CheckWidthAsync();
                await LookAsync(pages, address);
            }
        }

        await pages.Page.GotoAsync("/designer/");
        await pages.CheckWidthAsync();
        await LookAsync(pages, "list");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        async Task LookAsync(Window looked, string what)
        {
            if (await looked.Page.EvaluateAsync<int>("window.__ran") is > 0 and var ran)
                wrong.Add($"{what} ran {ran} scripts");
            if (await looked.Page.Locator("#blazor-error-ui").IsVisibleAsync())
                wrong.Add($"{what} broke Studio");
            wrong.AddRange(StudioWindow.ComplaintsOf(looked).Except(heard).Select(c => $"{what}: {c}"));
            heard.UnionWith(looked.Complaints);
        }
    }

    [Fact]
    public async Task A_file_imported_into_the_editor_is_the_process_from_then_on()
    {
        StudioWindow.SkipWithoutStudio(browser);
        await using var window = await browser.OpenAsync(Screen.Desktop);
        await window.SignInAsync("workflow_manager");
        var store = browser.Services.GetRequiredService<IDefinitionStore>();
        Assert.IsType<DefinitionOutcome.Saved>(await Definitions.ImportAsync(OddDefinitions.Make(0).ToJsonString(new() { MaxDepth = 128 }), new SaveOptions { DefinitionId = "imported_into" }, Token));
        await window.Page.GotoAsync("/designer/edit/imported_into");
        var studio = await StudioWindow.OpenedAsync(window);

        foreach (var n in new[] { 2, 3 })
        {
            var file = OddDefinitions.Make(n);
            (file["id"], file["definitionId"], file["name"]) = ($"file-{n}", $"file_{n}", $"文件 {n}");
            await studio.ImportAsync(file.ToJsonString(new() { MaxDepth = 128 }));
            await Assertions.Expect(studio.Nodes.Filter(new() { HasText = $"#{n}" })).ToHaveCountAsync(1);
            var imported = (await store.FindAsync("imported_into", VersionKind.Latest, Token))!;
            Assert.Equal($"文件 {n}", imported.Name);

            await studio.SaveAsync();
            var saved = (await store.FindAsync("imported_into", VersionKind.Latest, Token))!;
            Assert.NotEqual(imported.UpdatedAt, saved.UpdatedAt);
            Assert.Empty(Differences(DefinitionReader.ReadStored(imported.Document).Json, DefinitionReader.ReadStored(saved.Document).Json));
        }
    }

    private DefinitionService Definitions => browser.Services.GetRequiredService<DefinitionService>();

    /// <summary>Paths where two definitions differ in meaning: what is absent, null or empty is the same, and so is a reference written as text.</summary>
    private static IEnumerable<string> Differences(JsonNode? before, JsonNode? after, string path = "$")
    {
        if (path is "$.createdAt" or "$.version" or "$.id" or "$.toolVersion" || path.EndsWith(".nodeId", StringComparison.Ordinal) || path.EndsWith(".designer.size", StringComparison.Ordinal))
            return [];
        (before, after) = (Plain(before), Plain(after));
        if (IsNothing(before) && IsNothing(after))
            return [];
        if (before is JsonObject a && after is JsonObject b)
            return a.Select(m => m.Key).Union(b.Select(m => m.Key)).SelectMany(m => Differences(a[m], b[m], $"{path}.{m}"));
        if (before is JsonArray x && after is JsonArray y && x.Count == y.Count)
        {
            // Studio hands activities and connections back in another order.
            string Key(JsonNode? item) => item is JsonObject json ? (string?)json["id"] ?? $"{json["source"]}{json["target"]}{json["name"]}" : item?.ToJsonString() ?? "";
            var (left, right) = path.EndsWith("activities", StringComparison.Ordinal) || path.EndsWith("connections", StringComparison.Ordinal)
                ? (x.OrderBy(Key, StringComparer.Ordinal).ToList(), y.OrderBy(Key, StringComparer.Ordinal).ToList()) : (x.ToList(), y.ToList());
            return left.Zip(right).SelectMany((p, n) => Differences(p.First, p.Second, $"{path}[{n}]"));
        }

        return JsonNode.DeepEquals(before, after) ? [] : [$"{path}: {before?.ToJsonString()} -> {after?.ToJsonString()}"];
    }

    private static JsonNode? Plain(JsonNode? node)
    {
        if (node is not JsonValue value || !value.TryGetValue(out string? text) || !(text.StartsWith('{') || text.StartsWith('[')))
            return node;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return node;
        }
    }

    private static bool IsNothing(JsonNode? node) => node is null or JsonArray { Count: 0 } || (node is JsonObject json && json.All(m => IsNothing(m.Value)))
        || (node is JsonValue value && (value.GetValueKind() == System.Text.Json.JsonValueKind.False || (value.TryGetValue(out string? text) && text.Length == 0)));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [GeneratedRegex(@"[\u3400-\u9fff]")]
    private static partial Regex Chinese();

    /// <summary>Names of variables, ids, types and moments: they are the process's own, or the same in every language.</summary>
    [GeneratedRegex(@"^([a-z_][A-Za-z0-9_:.-]*|[0-9a-f-]{16,}|(Elsa|Human|Store|Notify|Workflows)\.\w+|Approval\d+|Workflow1[\w:]*|JSON|JavaScript|Liquid|CSS|\d.*)$")]
    private static partial Regex OwnWord();
}

/// <summary>Definitions that are accepted and that no sane person would draw; the number chooses what is odd about them.</summary>
internal static class OddDefinitions
{
    private static readonly string[] Texts =
    [
        "<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "javascript:alert(1)", "{{constructor.constructor('alert(1)')()}}", "'\"><svg/onload=alert(1)>",
        "很长的名字".PadRight(250, '长'), "\u202Egnol\u200B\u0007", "emoji 👩‍👩‍👧‍👦 \U0001F1E8\U0001F1F3", "../../etc/passwd%00", "a\nb\tc", "$&$1$$`", "&lt;b&gt;&amp;",
    ];

    private static readonly string[] Types = ["Elsa.WriteLine", "Acme.Unknown", "Human.Approval", "Elsa.FlowSwitch", "Elsa.If", "Acme.<b>bold</b>", "Elsa.HttpEndpoint", "Store.Backup", "Elsa.Flowchart", "Elsa.SetVariable"];

    public static JsonObject Make(int n)
    {
        var random = new Random(n);
        string Text() => Texts[random.Next(Texts.Length)];
        var activities = new JsonArray();
        var connections = new JsonArray();
        var count = 2 + (n % 7);
        for (var i = 0; i < count; i++)
        {
            var type = Types[(n + i) % Types.Length];
            var activity = Activity($"n{i}", type, random);
            activity["text"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = random.Next(2) == 0 ? "Literal" : "Klingon", ["value"] = Text() } };
            activity["extra"] = Nested(random.Next(24));
            if (type == "Elsa.If")
                activity["then"] = Activity($"t{i}", "Acme.Inner", random);
            if (type == "Elsa.Flowchart")
                activity["activities"] = new JsonArray(Containers($"n{i}", 1 + random.Next(6), random));
            if (type == "Elsa.FlowSwitch")
                activity["cases"] = new JsonArray(new JsonObject { ["label"] = Text(), ["condition"] = new JsonObject { ["type"] = "JavaScript", ["value"] = "alert(1)" } });
            if (i == 0)
                activity["metadata"]!["displayText"] = $"{Text()} #{n}";
            activities.Add(activity);
            if (i > 0)
                connections.Add(new JsonObject { ["source"] = new JsonObject { ["activity"] = $"n{i - 1}", ["port"] = random.Next(3) == 0 ? "Nowhere" : "Done" }, ["target"] = new JsonObject { ["activity"] = $"n{i}", ["port"] = "In" } });
        }

        return new JsonObject
        {
            ["name"] = Text(),
            ["description"] = n % 5 == 0 ? string.Concat(Enumerable.Repeat(Text(), 39)) : Text(),
            ["variables"] = new JsonArray(new JsonObject { ["id"] = "v", ["name"] = Text(), ["typeName"] = "Acme.Type, Acme", ["value"] = Text() }),
            ["inputs"] = new JsonArray(new JsonObject { ["name"] = Text(), ["type"] = "String", ["displayName"] = Text(), ["uiHint"] = n % 3 == 0 ? "acme-hint" : "singleline" }),
            ["root"] = new JsonObject { ["id"] = "flow", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["activities"] = activities, ["connections"] = connections },
        };
    }

    private static JsonObject Activity(string id, string type, Random random) => new()
    {
        ["id"] = id,
        ["type"] = type,
        ["version"] = random.Next(3) == 0 ? 9 : 1,
        ["name"] = Texts[random.Next(Texts.Length)],
        ["metadata"] = new JsonObject
        {
            ["displayText"] = Texts[random.Next(Texts.Length)],
            ["description"] = Texts[random.Next(Texts.Length)],
            ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = random.Next(-900, 900), ["y"] = random.Next(-600, 600) } },
        },
    };

    /// <summary>Flowcharts in loops in branches, some levels deep, with something unknown at the bottom.</summary>
    private static JsonObject Containers(string id, int depth, Random random)
    {
        if (depth == 0)
            return Activity($"{id}x", "Acme.Deep", random);
        var (type, slot) = (depth % 3) switch { 0 => ("Elsa.Flowchart", "activities"), 1 => ("Elsa.ForEach", "body"), _ => ("Elsa.If", "then") };
        var container = Activity($"{id}{depth}", type, random);
        var inner = Containers(id, depth - 1, random);
        container[slot] = slot == "activities" ? new JsonArray(inner) : inner;
        return container;
    }

    private static JsonNode Nested(int depth) => depth == 0 ? JsonValue.Create("</textarea>") : new JsonObject { ["in"] = Nested(depth - 1) };
}
