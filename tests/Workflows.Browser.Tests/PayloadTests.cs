using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Workflows.Engine.Messages;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Testing;

namespace Workflows.Browser.Tests;

/// <summary>
/// A hundred scripts in every text that people can write, then every page that shows them, with the policy of the host in force: none runs,
/// none becomes an element, and no page breaks the policy. A host of its own, because nobody else wants to read such names.
/// </summary>
public sealed class PayloadTests
{
    private const string Mark = "window.__ran=1";
    private static readonly string[] Bodies =
    [
        $"<script>{Mark}</script>", $"<img src=x onerror={Mark}>", $"<svg onload={Mark}>", $"<a href=javascript:{Mark}>x</a>", "<iframe srcdoc='<script>parent.__ran=1</script>'>",
    ];

    private static readonly string[] Breakers =
    [
        "", "\">", "'>", "</textarea>", "</title>", "</script>", "-->", "</style>", "</option></select>", "</dialog>", "]]>", "&lt;", "{{", "${", "%3C", "\\u003c", "'+", "`", "\\\"", "<!--",
    ];

    /// <summary>Twenty ways out of where a text stands, five ways to run.</summary>
    private static readonly string[] Payloads = [.. Breakers.SelectMany(b => Bodies.Select(body => b + body))];

    private static readonly string[] Formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x\",\"y\")", "\t=1", "'=1", "＝1+1", "＋1", "－1", "＠SUM(A1)"];

    [Fact]
    public async Task No_text_that_somebody_wrote_ever_runs()
    {
        Assert.Equal(100, Payloads.Distinct().Count());
        await using var host = new BrowserUnderTest();
        await host.InitializeAsync();
        await using var admin = await host.OpenAsync(Screen.Desktop);
        await OrganisationAsync(host);
        var (applications, task) = await CasesAsync(host);
        await admin.SignInAsync("super_admin");
        var dialogs = 0;
        admin.Page.Dialog += async (_, dialog) =>
        {
            dialogs++;
            await dialog.DismissAsync();
        };

        // What the administrator sees: lists, forms, the record, previews, messages, captured mail.
        string[] addresses =
        [
            "/", "/?tab=done", "/?tab=initiated", "/?tab=cc", "/?tab=drafts", "/start", "/notices", "/notices?after=", "/people", "/people?left=1", "/people/departments", "/people/posts", "/people/groups",
            "/people/contacts", "/people/delegations", "/people/audit", "/people/departments/edit?id=evil0", "/people/groups/edit?id=evil0", "/people/contacts/edit?id=evil0", "/people/person?user=evil0",
            "/people/handover?user=evil0", "/profile", "/api/v1/ops/effects?limit=200", "/api/v1/organisation/people?q=evil", "/?q=" + Uri.EscapeDataString(Payloads[1]), "/people?q=" + Uri.EscapeDataString(Payloads[2]),
            "/start?q=" + Uri.EscapeDataString(Payloads[3]), "/nowhere" + Uri.EscapeDataString(Payloads[0]), "/?m=" + Uri.EscapeDataString(Payloads[4]), "/?tab=" + Uri.EscapeDataString(Payloads[5]),
            "/signin?returnUrl=" + Uri.EscapeDataString("/" + Payloads[6]), .. applications.Select(a => "/instances/" + a), "/tasks/" + task,
        ];
        foreach (var address in addresses)
            await LookAsync(admin, address);
        // They are there, as text.
        foreach (var address in new[] { "/people", "/people/departments", "/people/posts", "/people/groups", "/people/contacts", "/people/delegations", "/people/audit", "/notices", "/?tab=drafts", "/instances/" + applications[0], "/tasks/" + task })
        {
            await admin.Page.GotoAsync(address);
            Assert.Contains(Payloads[1], await admin.Page.InnerTextAsync("main"), StringComparison.Ordinal);
        }

        await TypedAsync(admin);
        await EchoedAsync(host);
        await MailsAsync(host);

        Assert.Equal(0, dialogs);
        Assert.Empty(admin.Complaints);
        await NoFormulaAsync(host);
        // And the check would have noticed.
        await admin.Page.EvaluateAsync("document.body.insertAdjacentHTML('beforeend', '<b onclick=1>x</b>')");
        await Assert.ThrowsAnyAsync<Exception>(() => CheckAsync(admin, "planted"));
    }

    /// <summary>People, departments, posts, groups, contacts and reasons, past the rules that would refuse some of it: what stands in the database is shown.</summary>
    private static async Task OrganisationAsync(BrowserUnderTest host)
    {
        var store = host.Services.GetRequiredService<IOrganisationStore>();
        var now = host.Services.GetRequiredService<EngineClock>().GetUtcNow();
        var texts = Payloads.Concat(Formulas).ToList();
        await store.ApplyAsync(
            new OrganisationChange
            {
                Departments = [.. texts.Select((p, i) => new Department($"evil{i}", p, i == 0 ? "company" : $"evil{i / 2}", $"evil{i}", i))],
                Posts = [.. texts.Select((p, i) => new Post($"evil{i}", p, $"evil{i}"))],
                People = [.. texts.Select((p, i) => new Person($"evil{i}", p, "super_admin", $"{i}@example.com", p, [$"evil{i}"], i % 9 != 8) { Nickname = p, Initials = p, Department = $"evil{i}", Post = $"evil{i}" })],
                Groups = [.. texts.Select((p, i) => new Group($"evil{i}", p, [$"evil{i}"]))],
                Contacts = [.. texts.Select((p, i) => new ExternalContact($"evil{i}", p, p, p, p, p, p))],
                DelegationsAdded = [.. Payloads.Select((p, i) => new Delegation($"evil{i}", $"evil{i}", "super_admin", null, now, now.AddDays(1), p, "super_admin", now))],
                Audit = new OrganisationAudit("zz-evil", now, Payloads[0], "person", Payloads[1], new JsonObject { ["reason"] = string.Join('\n', Payloads), [Payloads[2]] = Payloads[3] }),
            },
            TestContext.Current.CancellationToken);
        await host.Services.GetRequiredService<OrganisationCache>().RefreshAsync(TestContext.Current.CancellationToken);
        var notices = host.Services.GetRequiredService<INoticeStore>();
        foreach (var (p, i) in Payloads.Select((p, i) => (p, i)))
            await notices.AddAsync(new Notice($"evil{i}", "super_admin", p, p, null, null, now.AddSeconds(i)), TestContext.Current.CancellationToken);
        var personal = host.Services.GetRequiredService<IPersonalStore>();
        await personal.SaveAsync("super_admin", "phrases", new JsonArray([.. Payloads.Select(p => (JsonNode)p)]), TestContext.Current.CancellationToken);
        await personal.SaveAsync("super_admin", "filters", new JsonArray([.. Payloads.Take(20).Select(p => (JsonNode)new JsonObject { ["name"] = p, ["query"] = p })]), TestContext.Current.CancellationToken);
        var drafts = host.Services.GetRequiredService<IDraftStore>();
        foreach (var (p, i) in Payloads.Take(40).Select((p, i) => (p, i)))
            await drafts.SaveAsync(new StartDraft($"evil{i}", "super_admin", Flows.Two, new JsonObject { ["note"] = p, [p] = p }, now), 100, TestContext.Current.CancellationToken);
    }

    /// <summary>Applications, comments, mentions, opinions, reasons and file names.</summary>
    private static async Task<(IReadOnlyList<string> Applications, string Task)> CasesAsync(BrowserUnderTest host)
    {
        using var admin = await Flows.AsAsync(host, "super_admin");
        using var supervisor = await Flows.AsAsync(host, "supervisor");
        var (names, all) = (new List<string>(), string.Join('\n', Payloads));
        await Flows.PublishAsync(host);
        async Task<string> StartAsync(string name, string note) => (string)(await Flows.PostAsync(admin, "/api/v1/instances", new { definitionId = Flows.Two, name, input = new { note, amount = 1 } }))["id"]!;
        foreach (var payload in Payloads)
        {
            names.Add(await StartAsync(payload, payload));
            // Whoever is urged is told by mail, with the words.
            await Flows.PostAsync(admin, $"/api/v1/instances/{names[^1]}/urge", new { comment = payload });
        }

        var whole = await StartAsync("全部", all);
        var task = await TaskAsync(admin, whole);
        foreach (var payload in Payloads)
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(payload));
            using var sent = await admin.PostAsync($"/api/v1/tasks/{task}/attachments?name={Uri.EscapeDataString(payload + ".txt")}", content, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        }

        foreach (var half in Payloads.Chunk(50).Select(c => string.Join('\n', c)))
        {
            await Flows.PostAsync(admin, $"/api/v1/instances/{whole}/comment", new { comment = half, people = Names("super_admin") });
            await Flows.PostAsync(admin, $"/api/v1/instances/{whole}/cc", new { comment = half, people = Names("super_admin", "evil0") });
        }

        // Opinions of every kind.
        async Task ActAsync(int which, string act, object body) => await Flows.PostAsync(supervisor, $"/api/v1/tasks/{await TaskAsync(admin, names[which])}/{act}", body);
        await ActAsync(0, "approve", new { comment = string.Join('\n', Payloads.Take(50)) });
        await ActAsync(1, "reject", new { comment = string.Join('\n', Payloads.Skip(50)) });
        await ActAsync(2, "transfer", new { comment = string.Join('\n', Payloads.Take(50)), people = Names("evil0") });
        await ActAsync(3, "request-info", new { comment = string.Join('\n', Payloads.Take(50)), people = Names("evil1") });
        await ActAsync(4, "return", new { comment = string.Join('\n', Payloads.Skip(50)), to = "initiator" });
        await Flows.PostAsync(admin, $"/api/v1/instances/{names[5]}/withdraw", new { comment = string.Join('\n', Payloads.Skip(50)) });
        return ([whole, .. names.Take(12)], task);
    }

    private static string[] Names(params string[] names) => names;

    private static async Task<string> TaskAsync(HttpClient client, string instance) =>
        (string)JsonNode.Parse(await client.GetStringAsync($"/api/v1/instances/{instance}", TestContext.Current.CancellationToken))!["openTasks"]![0]!;

    /// <summary>Forms that come back with what was typed, in the browser.</summary>
    private static async Task TypedAsync(Window window)
    {
        var (page, all) = (window.Page, string.Join('\n', Payloads));
        await page.GotoAsync($"/start/{Flows.Two}");
        await page.FillAsync("[name='f.note']", all);
        await page.FillAsync("[name='f.amount']", Payloads[1]);
        await page.ClickAsync(".actions button.primary");
        await Assertions.Expect(page.Locator("[name='f.note']")).ToHaveValueAsync(all);
        await CheckAsync(window, "a form sent back");

        // Offered while typing: names are text here too.
        await page.GotoAsync("/people/handover?user=evil1");
        await page.Locator("[name='f.to']").PressSequentiallyAsync("<");
        await Assertions.Expect(page.Locator(".suggest [role=option]").First).ToContainTextAsync("<");
        await CheckAsync(window, "people offered");

        await page.GotoAsync("/people/import");
        await page.FillAsync("[name=csv]", "用户名,姓名,上级\n" + string.Join('\n', Payloads.Select((p, i) => $"evil{i},\"{p.Replace("\"", "\"\"", StringComparison.Ordinal)}!\",\"{p.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));
        await page.ClickAsync("button[value=preview]");
        await Assertions.Expect(page.Locator(".line-list li").First).ToBeVisibleAsync();
        await CheckAsync(window, "an import's preview");

        await page.GotoAsync("/profile");
        await page.FillAsync("[name=phrases]", all);
        await page.ClickAsync("form[action='/profile/phrases'] button");
        await Assertions.Expect(page.Locator("[name=phrases]")).ToHaveValueAsync(all);
        await CheckAsync(window, "phrases sent back");
    }

    /// <summary>The person whose task it is sees own phrases and the acts' sheets.</summary>
    private static async Task EchoedAsync(BrowserUnderTest host)
    {
        await using var supervisor = await host.OpenAsync(Screen.Phone);
        await supervisor.SignInAsync("supervisor");
        await LookAsync(supervisor, "/");
        await supervisor.Page.Locator(".row a").First.ClickAsync();
        await supervisor.Page.ClickAsync("a[href='#act-reject']");
        await supervisor.Page.FillAsync("#comment-reject", new string('x', 3900));
        await supervisor.Page.FillAsync("#comment-approve", string.Join('\n', Payloads.Take(50)), new PageFillOptions { Force = true });
        await CheckAsync(supervisor, "sheets");
        await LookAsync(supervisor, "/batch?ids=" + Uri.EscapeDataString(Payloads[0]));
        Assert.Empty(supervisor.Complaints);
    }

    /// <summary>
    /// The HTML of the mails, as a mail program that runs everything would show it: without the host's policy, scripts allowed. Every payload arrives, as
    /// text; that the check would have noticed is tried first.
    /// </summary>
    private static async Task MailsAsync(BrowserUnderTest host)
    {
        await using (var trial = await host.OpenAsync(Screen.Desktop))
        {
            await trial.Page.RouteAsync("**/*", route => route.AbortAsync());
            await trial.Page.SetContentAsync($"<!DOCTYPE html><html lang=en><title>x</title><body>{Payloads[1]}</body></html>");
            await trial.Page.WaitForFunctionAsync("window.__ran === 1");
        }

        // A window of its own: what ran in one stays in it.
        await using var reader = await host.OpenAsync(Screen.Desktop);
        await reader.Page.RouteAsync("**/*", route => route.AbortAsync());

        // The announcements are put into words by another loop.
        var mails = await Condition.FoundAsync(
            async () =>
            {
                var all = await MailsOfAsync(host);
                return Payloads.All(p => all.Any(m => m.Body.Contains(p, StringComparison.Ordinal))) ? all : null;
            },
            "Not every application was told of by mail.", TestContext.Current.CancellationToken);
        Assert.True(mails.Count >= Payloads.Length);
        var shown = new HashSet<string>();
        foreach (var (_, html) in mails)
        {
            await reader.Page.SetContentAsync(html);
            Assert.Equal("", await reader.Page.EvaluateAsync<string>("""
                () => {
                  if (window.__ran) return "ran";
                  for (const element of document.querySelectorAll("*")) {
                    if (!["HTML", "HEAD", "META", "TITLE", "BODY", "DIV", "H1", "H2", "P", "A", "BR", "B", "STRONG", "UL", "LI", "SPAN", "TABLE", "TBODY", "TR", "TD", "TH"].includes(element.tagName)) return element.outerHTML.slice(0, 200);
                    for (const attribute of element.attributes)
                      if (!["style", "href", "lang", "charset"].includes(attribute.name) || attribute.name === "href" && !/^https?:/.test(attribute.value) || attribute.name === "style" && /url|expression/i.test(attribute.value)) return element.outerHTML.slice(0, 200);
                  }
                  return "";
                }
                """));
            var text = await reader.Page.InnerTextAsync("body");
            shown.UnionWith(Payloads.Where(p => text.Contains(p, StringComparison.Ordinal)));
        }

        Assert.Empty(Payloads.Except(shown));
    }

    private static async Task<List<(string Body, string Html)>> MailsOfAsync(BrowserUnderTest host)
    {
        var deliveries = host.Services.GetRequiredService<IDeliveryStore>();
        var mails = new List<(string, string)>();
        string? after = null;
        do
        {
            var (items, next) = await deliveries.ListAsync(new DeliveryFilter(Channel: MessageChannels.Email, After: after, Limit: 200), TestContext.Current.CancellationToken);
            mails.AddRange(items.Where(d => d.Content?["html"] is not null).Select(d => (d.Body, (string)d.Content!["html"]!)));
            after = next;
        }
        while (after is not null);
        return mails;
    }

    private static async Task LookAsync(Window window, string address)
    {
        await window.Page.GotoAsync(address);
        await CheckAsync(window, address);
    }

    /// <summary>Nothing ran, and nothing of what was written became an element, a handler or an address that runs.</summary>
    private static async Task CheckAsync(Window window, string where)
    {
        var found = await window.Page.EvaluateAsync<string>("""
            () => {
              if (window.__ran) return "ran";
              for (const element of document.querySelectorAll("*")) {
                if (["IFRAME", "OBJECT", "EMBED", "BASE", "IMG"].includes(element.tagName)) return element.outerHTML.slice(0, 200);
                if (element.tagName === "SCRIPT" && !new URL(element.src, location).pathname.startsWith("/assets/")) return element.outerHTML.slice(0, 200);
                for (const attribute of element.attributes)
                  if (/^on/i.test(attribute.name) || ["href", "src", "action", "formaction"].includes(attribute.name) && /^\s*(javascript|data|vbscript):/i.test(attribute.value)) return element.outerHTML.slice(0, 200);
              }
              return "";
            }
            """);
        Assert.True(found.Length == 0, $"{where}: {found}");
    }

    /// <summary>The export, as it is downloaded, has no cell that a spreadsheet would calculate, and the import reads it back as it is.</summary>
    private static async Task NoFormulaAsync(BrowserUnderTest host)
    {
        using var admin = await Flows.AsAsync(host, "super_admin");
        var csv = await admin.GetStringAsync("/people/export", TestContext.Current.CancellationToken);
        var cells = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).SelectMany(CellsOf).ToList();
        Assert.True(cells.Count > 500);
        Assert.All(cells, c => Assert.DoesNotMatch("^[=+@\t\r\n＝＋－＠-]", c));
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        using var answer = await admin.PostAsync("/api/v1/organisation/import?dryRun=true", content, TestContext.Current.CancellationToken);
        var view = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.True(answer.IsSuccessStatusCode, view.ToJsonString());
        Assert.Equal((0, 0, 0), ((int)view["added"]!, (int)view["changed"]!, (int)view["deactivated"]!));
    }

    private static IEnumerable<string> CellsOf(string line)
    {
        var cell = new StringBuilder();
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                yield return cell.ToString();
                cell.Clear();
            }
            else
                cell.Append(c);
        }

        yield return cell.ToString();
    }
}
