using System.Globalization;
using System.IO.Compression;
using System.Text;
using Workflows.Engine.Store;
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

    /// <summary>The thirty longest, thirty with characters outside the usual planes of Chinese text, and every three-hundredth.</summary>
    private static async Task<IReadOnlyList<string>> ChosenAsync()
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
