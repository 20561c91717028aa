using System.Globalization;
using System.IO.Compression;
using System.Text;
using Workflows.Engine.Store;
using Workflows.Host.Channels.Mail;
using Workflows.Host.Messages;
using Workflows.Host.Tests.Messages;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>Real Chinese reviews as complaints: what a customer wrote arrives in the inbox, on record and in an SMS as it was written.</summary>
public abstract class ReviewTextTests(DatabaseKind kind)
{
    private const int ReplyLimit = 500;

    [Fact]
    public async Task What_customers_write_arrives_as_they_wrote_it()
    {
        var texts = await ChosenAsync();
        await using var scenario = await Scenario.OpenAtAsync(kind, "2026-11-23 09:00");
        var cases = new Dictionary<string, string>();
        foreach (var text in texts)
        {
            // A number of its own for each: so many to one number in a day are not sent.
            await scenario.BeginAsync("cs_agent", "complaint_handling", new { customer = "顾客", mobile = string.Create(CultureInfo.InvariantCulture, $"138{cases.Count:00000000}"), description = text });
            cases[scenario.Id] = text;
            await scenario.TaskAsync("cs_agent", "投诉分类派单");
        }

        var agent = await scenario.AsAsync("cs_agent");
        var answered = 0;
        foreach (var (id, text) in cases)
        {
            scenario.LookAt(id);
            var task = await scenario.TaskAsync("cs_agent", "投诉分类派单");
            Assert.Equal(text, (string?)(await agent.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{(string)task["id"]!}")).Body!["content"]!["投诉内容"]);
            // Found by words out of its middle, whatever they are made of.
            var found = await agent.PostAsync("/api/v1/tasks/search", new { view = task["assignee"] is null ? "claimable" : "todo", filter = new { keyword = Words(text) }, limit = 100 });
            Assert.True(found.Body!["items"]?.AsArray().Any(x => (string?)x!["id"] == (string?)task["id"]) == true, $"not found by \"{Words(text)}\" in \"{text}\": {found.Body}");
            var record = await agent.SendAsync(HttpMethod.Get, $"/api/v1/store/complaints/{id}");
            Assert.Equal(text, (string?)record.Body!["complaint"]!["description"]);

            // Every fifth is quoted in the answer, which goes out by SMS.
            if (text.Length > ReplyLimit || answered++ % 5 != 0)
                continue;
            await scenario.CompleteAsync("cs_agent", "投诉分类派单", new { verdict = "受理", @class = "服务", cause = "其他" });
            await scenario.CompleteAsync("cs_agent", "回复投诉顾客", new { reply = text });
            await scenario.TaskAsync("cs_agent", "制定投诉处理方案");
            var sms = await Condition.FoundAsync(
                async () => (await agent.SendAsync(HttpMethod.Get, $"/api/v1/store/complaints/{id}")).Body!["messages"]!.AsArray().FirstOrDefault(m => (string?)m!["title"] == "投诉回复"),
                "the answer was not written",
                TestContext.Current.CancellationToken);
            Assert.Equal(text, (string?)sms["body"]);
            var operations = await scenario.AsAsync("tech_support");
            await Condition.FoundAsync(
                async () => (await operations.SendAsync(HttpMethod.Get, $"/api/v1/ops/deliveries?instanceId={id}&channel=sms&limit=50")).Body!["items"]!.AsArray().FirstOrDefault(d => (string?)d!["body"] == text),
                $"the SMS does not say what was written: {text}",
                TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Twelve characters around the first that a search could stumble over (a quotation mark, an emoji, a wide capital), else out of the middle.</summary>
    private static string Words(string text)
    {
        var whole = text.EnumerateRunes().ToList();
        var odd = whole.FindIndex(r => r.Value is '"' or '\\' or '%' or '_' or '\n' or > 0xffff or (>= 'Ａ' and <= 'Ｚ'));
        var middle = string.Concat(whole.Skip(Math.Max(0, (odd >= 0 ? odd : whole.Count / 2) - 6)).Take(12)).Trim();
        return middle.Length > 0 ? middle : text.Trim();
    }

    /// <summary>The thirty longest, thirty with characters outside the usual planes of Chinese text, and every three-hundredth.</summary>
    internal static async Task<IReadOnlyList<string>> ChosenAsync()
    {
        var path = Path.Combine(Repository.SharedData ?? throw Missing.Tool("The shared reviews are not here."), "reviews-zh", "shop_reviews_zh.csv.gz");
        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        var all = new List<string>();
        var reader = new CsvReader(lines);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } record)
        {
            if (record.Fields is [_, _, var review])
                all.Add(review);
        }

        var texts = all.Skip(1).Where(t => !string.IsNullOrWhiteSpace(t)).Distinct().ToList();
        var odd = texts.Where(t => t.Any(c => char.GetUnicodeCategory(c) is UnicodeCategory.Surrogate or UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherSymbol));
        return [.. texts.OrderByDescending(t => t.Length).ThenBy(t => t, StringComparer.Ordinal).Take(30).Concat(odd.Take(30)).Concat(texts.Where((_, i) => i % 300 == 0)).Distinct()];
    }
}

public sealed class SqliteReviewTextTests() : ReviewTextTests(DatabaseKind.Sqlite);

public sealed class PostgresReviewTextTests() : ReviewTextTests(DatabaseKind.Postgres);

/// <summary>The same texts by mail, through a server none of us wrote: what arrives decodes to what was written.</summary>
public sealed class ReviewMailTests
{
    [Fact]
    public async Task What_customers_write_arrives_by_mail_as_they_wrote_it()
    {
        var texts = await ReviewTextTests.ChosenAsync();
        using var server = await EximServer.StartAsync();
        var transport = EximTests.Transport(server, SmtpSecurity.StartTls);
        for (var n = 0; n < texts.Count; n++)
        {
            var html = MailLayout.Write("投诉内容", texts[n], null, null, "zh");
            var mail = MailWriter.Write(new MailText($"review-{n}@shop.example", "flow@shop.example", "流程平台", ["wang@example.com"], string.Create(CultureInfo.InvariantCulture, $"{n} {texts[n]}"), texts[n]) { Html = html });
            Assert.IsType<SendOutcome.Accepted>(await transport.SendAsync(new MailEnvelope("flow@shop.example", "wang@example.com", mail), TestContext.Current.CancellationToken));
        }

        var arrived = (await server.MailsOfAsync("wang", texts.Count)).Select(ReadMail.Of).ToDictionary(m => m.Header("Message-ID")!);
        for (var n = 0; n < texts.Count; n++)
        {
            var mail = arrived[$"<review-{n}@shop.example>"];
            Assert.Equal(texts[n].ReplaceLineEndings("\n").TrimEnd('\n'), mail.All.Single(p => p.Type == "text/plain").Text);
            Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{n} "), mail.Header("Subject"), StringComparison.Ordinal);
            Assert.Equal(MailWriter.OneLine(string.Create(CultureInfo.InvariantCulture, $"{n} {texts[n]}")), mail.Header("Subject"));
            Assert.Contains(System.Text.Encodings.Web.HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All).Encode(texts[n].Trim().Split('\n')[0].Trim()), mail.All.Single(p => p.Type == "text/html").Text, StringComparison.Ordinal);
        }
    }
}
