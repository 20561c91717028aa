using System.Globalization;
using System.Text.Json.Nodes;

namespace Workflows.Host.Demo;

/// <summary>
/// Plays a story through the HTTP API: who acts, at which time, and what must be true then. Prints each act as a line with the shop's time; what
/// comes out differently ends the story with <see cref="DemoFailedException"/>.
/// </summary>
internal class DemoPlayer(DemoApi api, TextWriter output, CancellationToken cancellationToken) : IDisposable
{
    /// <summary>Who looks without being part of the story.</summary>
    public const string Observer = "super_admin";

    private const int Tries = 5;
    private static readonly TimeSpan Shop = TimeSpan.FromHours(8);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);
    private static readonly Dictionary<string, string> Names = DemoOrganisation.People.ToDictionary(p => p.UserName, p => p.DisplayName);

    /// <summary>Number of the case that is looked at.</summary>
    public string Case { get; private set; } = "";

    /// <summary>An instant by the shop's clock.</summary>
    public static DateTimeOffset Local(JsonNode? instant) => instant!.GetValue<DateTimeOffset>().ToOffset(Shop);

    public Task<JsonNode> GetAsync(string path) => api.GetAsync(Observer, path, cancellationToken);

    public Task<JsonNode> PostAsync(string user, string path, JsonObject body) => api.PostAsync(user, path, body, cancellationToken);

    public Task TitleAsync(string title) => output.WriteLineAsync($"══ {title} ══");

    /// <summary>A line of the story, at the shop's time of now.</summary>
    public async Task TellAsync(string text) => await output.WriteLineAsync($"  {await NowAsync():MM-dd HH:mm}  {text}");

    public Task EmptyLineAsync() => output.WriteLineAsync();

    public async Task<DateTimeOffset> NowAsync() => Local((await GetAsync("/dev/clock"))["now"]);

    /// <summary>Time passes, and whatever comes due by then happens.</summary>
    public async Task PassAsync(TimeSpan by)
    {
        for (var tries = 0; tries < Tries; tries++, by = TimeSpan.FromMilliseconds(1))
        {
            var clock = await PostAsync(Observer, "/dev/clock/advance", new JsonObject { ["by"] = by.ToString("c", CultureInfo.InvariantCulture) });
            if ((bool)clock["settled"]!)
                return;
        }

        throw new DemoFailedException("到期的工作没有按时完成 (what was due is not done)");
    }

    /// <summary>Time passes until an instant; when it has passed already, what is due happens.</summary>
    public async Task AtAsync(DateTimeOffset instant)
    {
        var by = instant - await NowAsync();
        await PassAsync(by > TimeSpan.Zero ? by : TimeSpan.FromMilliseconds(1));
    }

    /// <summary>Brings shop data in, as an export of the seller's back end would.</summary>
    public async Task ImportAsync(string kind, string csv)
    {
        var report = await api.ImportAsync(Observer, kind, csv, cancellationToken);
        if ((long)report["rejected"]! > 0)
            throw new DemoFailedException($"导入 {kind} 有错误：{report}");
    }

    /// <summary>Somebody begins a case.</summary>
    public async Task<string> BeginAsync(string user, string definition, JsonObject input, string text, string? correlationId = null)
    {
        var body = new JsonObject { ["definitionId"] = definition, ["input"] = input };
        if (correlationId is not null)
            body["correlationId"] = correlationId;
        Case = (string)(await PostAsync(user, "/api/v1/instances", body))["id"]!;
        await TellAsync($"{Names[user]} 发起：{text}");
        return Case;
    }

    public void LookAt(string id) => Case = id;

    /// <summary>The open task of a person in the case, as soon as it is there.</summary>
    public Task<JsonNode> TaskAsync(string user, string title) => FoundAsync(
        async () =>
        {
            foreach (var view in (string[])["todo", "claimable"])
            {
                var items = (await api.GetAsync(user, $"/api/v1/tasks?view={view}&limit=200", cancellationToken))["items"]!.AsArray();
                if (items.FirstOrDefault(t => (string?)t!["instanceId"] == Case && (string?)t["title"] == title) is { } found)
                    return found;
            }

            return null;
        },
        $"{Names[user]}没有待办“{title}”");

    /// <summary>A person completes a task of the case.</summary>
    /// <param name="text">What they did, for the reader.</param>
    public async Task CompleteAsync(string user, string title, JsonObject form, string text)
    {
        var task = await TaskAsync(user, title);
        await ActAsync(user, (string)task["id"]!, "complete", null, form);
        await TellAsync($"{Names[user]} 完成“{title}”：{text}");
    }

    /// <summary>A person approves or refuses.</summary>
    public async Task DecideAsync(string user, string title, bool isApproved, string comment)
    {
        var task = await TaskAsync(user, title);
        await ActAsync(user, (string)task["id"]!, isApproved ? "approve" : "reject", comment, null);
        await TellAsync($"{Names[user]} {(isApproved ? "同意" : "驳回")}“{title}”：{comment}");
    }

    /// <summary>A message to a person of the shop must have been written by now; it is shown.</summary>
    /// <param name="channel">sms or email.</param>
    public Task ToldAsync(string user, string channel, string text) => ShownAsync($"user={user}&channel={channel}", text, Names[user], channel);

    /// <summary>An SMS to a customer must have been written by now; it is shown.</summary>
    public Task CustomerToldAsync(string text) => ShownAsync("channel=sms", text, "顾客", "sms");

    /// <summary>Nobody wrote this to a person, so far.</summary>
    public async Task NotToldAsync(string user, string text)
    {
        var page = await GetAsync($"/api/v1/ops/deliveries?instanceId={Case}&user={user}&limit=200");
        await CheckAsync(!page["items"]!.AsArray().Any(d => TextOf(d!).Contains(text, StringComparison.Ordinal)), $"到此时没有惊动{Names[user]}");
    }

    /// <summary>What must be true now.</summary>
    public async Task CheckAsync(bool holds, string what)
    {
        await output.WriteLineAsync($"  {(holds ? "✓" : "✗")} {what}");
        if (!holds)
            throw new DemoFailedException(what);
    }

    /// <summary>The case must end so.</summary>
    public async Task EndsAsync(string endState, string meaning)
    {
        var found = await FoundAsync(
            async () =>
            {
                var detail = await GetAsync($"/api/v1/instances/{Case}");
                if (detail["incidents"]!.AsArray().FirstOrDefault(i => i!["resolvedAt"] is null) is { } incident)
                    throw new DemoFailedException($"流程出现故障：{incident["message"]}");
                return (string?)detail["instance"]!["status"] == "Finished" ? detail["output"]!["endState"] : null;
            },
            "流程没有结束");
        await CheckAsync((string?)found == endState, $"流程结束状态：{found}（{meaning}）");
    }

    /// <summary>Prints the record of the case: what happened, and which limits held.</summary>
    public async Task TimelineAsync(string heading)
    {
        await output.WriteLineAsync($"  ── {heading} ──");
        await PrintTimelineAsync();
    }

    /// <summary>The lines of the record alone.</summary>
    public async Task PrintTimelineAsync()
    {
        var timeline = await GetAsync($"/api/v1/instances/{Case}/timeline");
        foreach (var entry in timeline["items"]!.AsArray())
        {
            var due = entry!["dueAt"] is { } at ? $"（期限 {Local(at):MM-dd HH:mm}{((bool?)entry["overdue"] == true ? "，超时" : "")}）" : "";
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {(entry["at"] is { } when ? Local(when).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "等待中"),-16}  {entry["text"]}{due}"));
        }
    }

    /// <summary>Whether a promise of the case was broken, by its label; null while no such clock was started.</summary>
    public async Task<bool?> IsBreachedAsync(string clock) =>
        (await GetAsync($"/api/v1/instances/{Case}/clocks"))["items"]!.AsArray().LastOrDefault(c => (string?)c!["label"] == clock) is { } found ? found["breachedAt"] is not null : null;

    /// <summary>Waits until something is there.</summary>
    public async Task<T> FoundAsync<T>(Func<Task<T?>> look, string otherwise)
        where T : class
    {
        var since = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(since) < Patience)
        {
            if (await look() is { } found)
                return found;
            await Task.Delay(LookAgain, TimeProvider.System, cancellationToken);
        }

        throw new DemoFailedException(otherwise);
    }

    public void Dispose() => api.Dispose();

    /// <summary>How a person acts on a task: here by the API.</summary>
    /// <param name="action">complete, approve or reject.</param>
    protected virtual Task ActAsync(string user, string taskId, string action, string? comment, JsonObject? form)
    {
        var body = new JsonObject();
        if (comment is not null)
            body["comment"] = comment;
        if (form is not null)
            body["form"] = form;
        return PostAsync(user, $"/api/v1/tasks/{taskId}/{action}", body);
    }

    private async Task ShownAsync(string whose, string text, string receiver, string channel)
    {
        var found = await FoundAsync(
            async () => (await GetAsync($"/api/v1/ops/deliveries?instanceId={Case}&{whose}&limit=200"))["items"]!.AsArray().FirstOrDefault(d => TextOf(d!).Contains(text, StringComparison.Ordinal)),
            $"{receiver}没有收到含“{text}”的消息");
        await TellAsync($"{(channel == "sms" ? "短信" : "邮件")} → {receiver}：{(channel == "sms" ? (string?)found["body"] : (string?)found["subject"])?.ReplaceLineEndings(" ")}");
    }

    private static string TextOf(JsonNode delivery) => $"{delivery["subject"]} {delivery["body"]}";
}
