using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests.Scenarios;

/// <summary>
/// A case of the shop played through the HTTP API in simulated time: people find their tasks and act, the clock is moved on, messages are
/// read as operators read them. Times are minutes since the case began.
/// </summary>
internal sealed class Scenario : IAsyncDisposable
{
    private readonly Dictionary<string, HttpClient> _people = [];
    private HostUnderTest _host;
    private DateTimeOffset _began;

    private Scenario(HostUnderTest host) => _host = host;

    /// <summary>Number of the case.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Number of the case that was begun, also after <see cref="LookAt"/>.</summary>
    public string RootId { get; private set; } = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Scenario> OpenAsync(DatabaseKind kind) => new(await HostUnderTest.StartAsync(kind));

    /// <summary>Opens the shop at a time of its own, "2026-11-23 09:00" there, for cases that are told by dates.</summary>
    public static async Task<Scenario> OpenAtAsync(DatabaseKind kind, string time, params (string Name, string Value)[] settings) => new(await HostUnderTest.StartAtAsync(kind, At(time), settings));

    /// <summary>An instant by the shop's clock.</summary>
    public static DateTimeOffset At(string time) => DateTimeOffset.Parse(time + "+08:00", CultureInfo.InvariantCulture);

    public async Task<HttpClient> AsAsync(string user) => _people.TryGetValue(user, out var known) ? known : _people[user] = await _host.AsAsync(user);

    public async Task BeginAsync(string user, string definition, object input)
    {
        _began = await NowAsync();
        Id = RootId = await Flows.StartAsync(await AsAsync(user), definition, input);
    }

    /// <summary>Moves the clock on to so many minutes after the beginning; whatever is due by then has happened.</summary>
    public async Task AtMinuteAsync(double minute)
    {
        var by = _began + TimeSpan.FromMinutes(minute) - await NowAsync();
        Assert.True(by > TimeSpan.Zero, $"it is later than minute {minute} already");
        var answer = await (await AsAsync("super_admin")).PostAsync("/dev/clock/advance", new { by = by.ToString("c", CultureInfo.InvariantCulture) });
        Assert.Equal(200, answer.Status);
    }

    /// <summary>Moves the clock on to an instant; whatever is due by then has happened.</summary>
    public async Task AtAsync(DateTimeOffset instant)
    {
        var by = instant - await NowAsync();
        Assert.True(by > TimeSpan.Zero, $"it is later than {instant} already");
        var isSettled = false;
        for (var tries = 0; !isSettled && tries < 5; tries++, by = TimeSpan.FromMilliseconds(1))
        {
            var answer = await (await AsAsync("super_admin")).PostAsync("/dev/clock/advance", new { by = by.ToString("c", CultureInfo.InvariantCulture) });
            Assert.Equal(200, answer.Status);
            isSettled = (bool)answer.Body!["settled"]!;
        }

        Assert.True(isSettled, $"what was due at {instant} is not done");
        SignOutAll();
    }

    /// <summary>The same for a time of the shop.</summary>
    public Task AtAsync(string time) => AtAsync(At(time));

    /// <summary>Stops the engine where it is and starts another on its database at a time of the shop.</summary>
    public async Task StandStillUntilAsync(string time)
    {
        SignOutAll();
        _host = await _host.RestartAsync(At(time));
    }

    /// <summary>Brings shop data in.</summary>
    public async Task ImportAsync(string kind, string csv)
    {
        using var content = new StringContent(csv, System.Text.Encoding.UTF8, "text/csv");
        var answer = await (await AsAsync("super_admin")).SendAsync(HttpMethod.Post, $"/api/v1/store/import/{kind}", content: content);
        Assert.True(answer.Status == 200 && (long)answer.Body!["rejected"]! == 0, answer.Body?.ToJsonString());
    }

    /// <summary>A part of the host.</summary>
    public T Service<T>()
        where T : notnull => _host.Service<T>();

    /// <summary>A product as the shop has it.</summary>
    public async Task<JsonNode> ProductAsync(string code) => (await (await AsAsync("super_admin")).SendAsync(HttpMethod.Get, $"/api/v1/store/products/{code}")).Body!;

    /// <summary>An order as customer service sees it.</summary>
    public async Task<JsonNode> OrderAsync(string number) => (await (await AsAsync("cs_manager")).SendAsync(HttpMethod.Get, $"/api/v1/store/orders/{number}")).Body!;

    /// <summary>What its buyer was given, which must be one thing.</summary>
    public async Task<(string Form, decimal Amount)> OnlyCompensationAsync(string order)
    {
        var only = Assert.Single((await OrderAsync(order))["compensations"]!.AsArray())!;
        return ((string)only["form"]!, (decimal)only["amount"]!);
    }

    /// <summary>Waits until an order's buyer was written something.</summary>
    public async Task BuyerToldAsync(string order, string text) => await Condition.FoundAsync(
        async () => (await OrderAsync(order))["messages"]!.AsArray().FirstOrDefault(m => ((string)m!["body"]!).Contains(text, StringComparison.Ordinal)),
        $"the buyer of {order} was not written \"{text}\"",
        Token);

    /// <summary>Damages the shop's data behind its back.</summary>
    public Task SqlAsync(string sql) => _host.SqlAsync(sql);

    /// <summary>The newest case of a definition that another case started, as the number of which tasks and messages are then asked for.</summary>
    public async Task<string> ChildAsync(string definition) => await Condition.FoundAsync(
        async () => (string?)(await (await AsAsync("super_admin")).SendAsync(HttpMethod.Get, $"/api/v1/instances?definitionId={definition}")).Body!["items"]!.AsArray().FirstOrDefault()?["id"],
        $"no {definition} was started",
        Token);

    /// <summary>The case of a definition whose name ends with these words, once there is one.</summary>
    public async Task<string> CaseOfAsync(string definition, string words) => await Condition.FoundAsync(
        async () => (string?)(await (await AsAsync("super_admin")).SendAsync(HttpMethod.Get, $"/api/v1/instances?definitionId={definition}")).Body!["items"]!.AsArray()
            .FirstOrDefault(i => ((string?)i!["name"])?.EndsWith(words, StringComparison.Ordinal) == true)?["id"],
        $"no {definition} of {words} was started",
        Token);

    /// <summary>Looks at another case until <see cref="BeginAsync"/> or this is called again.</summary>
    public void LookAt(string id) => Id = id;

    /// <summary>Waits until what the case does next is due at this time of the shop, give or take the moments a test needs.</summary>
    public async Task NextDueAsync(string time) => await Condition.FoundAsync(
        async () => (await CaseAsync())["nextDueAt"] is { } due && (DateTimeOffset.Parse((string)due!, CultureInfo.InvariantCulture) - At(time)).Duration() < TimeSpan.FromMinutes(2) ? due : null,
        $"nothing is due at {time}",
        Token);

    /// <summary>The case as the API shows it.</summary>
    public async Task<JsonNode> CaseAsync() => (await (await AsAsync("super_admin")).SendAsync(HttpMethod.Get, $"/api/v1/instances/{Id}")).Body!;

    /// <summary>Whether anybody has an open task of this title in the case.</summary>
    public async Task<bool> HasTaskAsync(string user, string title)
    {
        foreach (var view in (string[])["todo", "claimable"])
        {
            var items = (await (await AsAsync(user)).SendAsync(HttpMethod.Get, $"/api/v1/tasks?view={view}&limit=200")).Body!["items"]!.AsArray();
            if (items.Any(t => (string?)t!["instanceId"] == Id && (string?)t["title"] == title))
                return true;
        }

        return false;
    }

    /// <summary>Acts on a person's task; answers the status.</summary>
    public async Task<int> TryAsync(string user, string title, string action, string? comment = null, object? form = null)
    {
        var task = await TaskAsync(user, title);
        return (await (await AsAsync(user)).PostAsync($"/api/v1/tasks/{(string)task["id"]!}/{action}", new { comment, form })).Status;
    }

    /// <summary>A person's open task of the case.</summary>
    public async Task<JsonNode> TaskAsync(string user, string title)
    {
        var client = await AsAsync(user);
        return await Condition.FoundAsync(
            async () =>
            {
                foreach (var view in (string[])["todo", "claimable"])
                {
                    var items = (await client.SendAsync(HttpMethod.Get, $"/api/v1/tasks?view={view}&limit=200")).Body!["items"]!.AsArray();
                    if (items.FirstOrDefault(t => (string?)t!["instanceId"] == Id && (string?)t["title"] == title) is { } found)
                        return found;
                }

                return null;
            },
            $"{user} has no task \"{title}\"",
            Token);
    }

    /// <summary>Clocks of the case itself, oldest first: what is promised, and within how many hours.</summary>
    public async Task<IReadOnlyList<(string Label, double Hours)>> ClocksAsync() =>
        [.. (await ClocksOfAsync()).Select(c => ((string)c!["label"]!, ((DateTimeOffset)c["dueAt"]! - (DateTimeOffset)c["startedAt"]!).TotalHours))];

    /// <summary>By label what became of the clocks, as JSON.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ClockStatesAsync() =>
        (await ClocksOfAsync()).ToDictionary(c => (string)c!["label"]!, c => $"{c!["state"]} {(c["breachedAt"] is null ? "" : "Breached")}");

    /// <summary>Publishes an event to the case.</summary>
    public async Task RaiseAsync(string user, string name, object? payload = null)
    {
        var answer = await (await AsAsync(user)).PostAsync($"/api/v1/events/{name}", new { instanceId = Id, payload = payload ?? new { } });
        Assert.True(answer.Status == 202, answer.Body?.ToJsonString());
    }

    /// <summary>Texts sent by SMS to people outside the organisation about the case, oldest first.</summary>
    public async Task<IReadOnlyList<string>> SmsToOutsideAsync()
    {
        var page = await (await AsAsync("tech_support")).SendAsync(HttpMethod.Get, $"/api/v1/ops/deliveries?instanceId={RootId}&channel=sms&limit=200");
        return [.. page.Body!["items"]!.AsArray().Reverse().Where(d => d!["userName"] is null).Select(d => (string)d!["body"]!)];
    }

    /// <summary>Completes a person's task with a form.</summary>
    public async Task CompleteAsync(string user, string title, object form)
    {
        var task = await TaskAsync(user, title);
        var answer = await (await AsAsync(user)).PostAsync($"/api/v1/tasks/{(string)task["id"]!}/complete", new { form });
        Assert.True(answer.Status == 200, answer.Body?.ToJsonString());
    }

    /// <summary>Decides a person's approval.</summary>
    public async Task DecideAsync(string user, string title, string action, string? comment = null)
    {
        var task = await TaskAsync(user, title);
        var answer = await (await AsAsync(user)).PostAsync($"/api/v1/tasks/{(string)task["id"]!}/{action}", new { comment });
        Assert.True(answer.Status == 200, answer.Body?.ToJsonString());
    }

    /// <summary>Does something in the shop that another case would do.</summary>
    public async Task PerformAsync(Engine.Store.StoreOperation operation) => Assert.IsType<Engine.Store.StoreOutcome.Done>(
        await _host.Service<Engine.Store.IStorePlatform>().PerformAsync($"test-{Guid.NewGuid():N}", operation, Token));

    /// <summary>Messages of the case to a person by mail or SMS, oldest first: subject and text.</summary>
    public async Task<IReadOnlyList<string>> MessagesAsync(string user, string channel)
    {
        var page = await (await AsAsync("tech_support")).SendAsync(HttpMethod.Get, $"/api/v1/ops/deliveries?instanceId={Id}&user={user}&channel={channel}&limit=200");
        Assert.Equal(200, page.Status);
        return [.. page.Body!["items"]!.AsArray().Reverse().Select(d => $"{(string)d!["subject"]!} {(string)d["body"]!}")];
    }

    /// <summary>Waits until a person got a message that contains this.</summary>
    public async Task ToldAsync(string user, string channel, string text) => await Condition.FoundAsync(
        async () => (await MessagesAsync(user, channel)).FirstOrDefault(s => s.Contains(text, StringComparison.Ordinal)),
        $"{user} got no {channel} that says \"{text}\"",
        Token);

    /// <summary>Announcements of the shop, oldest first: title, and whether customers still see it.</summary>
    public async Task<IReadOnlyList<(string Title, bool IsShown)>> AnnouncementsAsync()
    {
        var page = await (await AsAsync("ops_team")).SendAsync(HttpMethod.Get, "/api/v1/store/announcements");
        return [.. page.Body!["items"]!.AsArray().Reverse().Select(a => ((string)a!["title"]!, a["withdrawnAt"] is null))];
    }

    /// <summary>Waits until the case is over, and answers how.</summary>
    public async Task<string> EndStateAsync() => await Condition.FoundAsync(
        async () =>
        {
            var instance = (await (await AsAsync("super_admin")).SendAsync(HttpMethod.Get, $"/api/v1/instances/{Id}")).Body!;
            return (string?)instance["instance"]!["subStatus"] == "Finished" ? (string)instance["output"]!["endState"]! : null;
        },
        "the case does not end",
        Token);

    public async ValueTask DisposeAsync()
    {
        SignOutAll();
        await _host.DisposeAsync();
    }

    public async Task<DateTimeOffset> NowAsync() =>
        DateTimeOffset.Parse((string)(await (await AsAsync("super_admin")).SendAsync(HttpMethod.Get, "/dev/clock")).Body!["now"]!, CultureInfo.InvariantCulture);

    /// <summary>Sign-ins end after hours of business time, and with the host; whoever comes next signs in anew.</summary>
    private void SignOutAll()
    {
        foreach (var client in _people.Values)
            client.Dispose();
        _people.Clear();
        _host.SignOutAll();
    }

    private async Task<List<JsonNode?>> ClocksOfAsync() =>
        [.. (await (await AsAsync("super_admin")).SendAsync(HttpMethod.Get, $"/api/v1/instances/{Id}/clocks")).Body!["items"]!.AsArray()
            .Where(c => c!["taskId"] is null).OrderBy(c => (DateTimeOffset)c!["startedAt"]!).ThenBy(c => (DateTimeOffset)c!["dueAt"]!)];
}
