using System.Diagnostics;
using System.Globalization;
using System.Net;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Benchmarks;

/// <summary>
/// The first page of the inbox of a person in five roles, among many open tasks: the list and its counts in SQL through the store the
/// host uses, and the page as HTML from a real host. PostgreSQL only: the goal is for it.
/// </summary>
internal static class InboxPage
{
    private const string User = "finance";
    private const int Page = 21;
    private const int Roles = 20;
    private static readonly string[] Own = ["bench_0", "bench_1", "bench_2", "bench_3", "bench_4"];

    public static async Task<IReadOnlyList<string>> MeasureAsync(int tasks, int requests)
    {
        await using var database = await BenchmarkDatabase.CreateForEngineAsync(DatabaseKind.Postgres);
        await using var host = await HostProcess.StartAsync(database);
        await using var engine = await EngineUnderTest.StartAsync(database, ApprovalWorkload.Definition);
        await FillAsync(engine, tasks);
        using (var admin = host.Client(1, await host.SignInAsync("super_admin")))
        {
            using var saved = await admin.PutAsJsonAsync($"api/v1/organisation/people/{User}", new { displayName = "财务人员", roles = Own });
            saved.EnsureSuccessStatusCode();
        }

        var inbox = engine.Services.GetRequiredService<IInboxStore>();
        IReadOnlyList<string> identities = [User, .. Own.Select(r => "role:" + r)];
        InboxQuery Query(TaskView view) => new(view, User, identities, new InboxFilter(), null, Page - 1);
        var now = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = host.Address };
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var signIn = new FormUrlEncodedContent(new Dictionary<string, string> { ["userName"] = User, ["password"] = "demo" });
        using var signedIn = await browser.PostAsync("signin", signIn);
        signedIn.EnsureSuccessStatusCode();

        return
        [
            string.Create(CultureInfo.InvariantCulture, $"Inbox, {tasks:N0} open tasks over {Roles} roles, a person in five of them, {requests:N0} looks each (p50 / p99 / greatest, ms):"),
            await TimeAsync("待认领, first page, SQL", requests, async () => Require((await inbox.ListAsync(Query(TaskView.Claimable), default)).Items.Count == Page - 1)),
            await TimeAsync("待我处理, first page, SQL", requests, async () => Require((await inbox.ListAsync(Query(TaskView.Todo), default)).Items.Count == Page - 1)),
            await TimeAsync("all counts up to 1,000, SQL", requests, async () => Require((await inbox.CountTabsAsync(User, identities, [], now, TimeSpan.FromHours(4), 1_000, default)).Claimable == Math.Min(1_000, tasks / 4))),
            await TimeAsync("待认领 as HTML, counts and rights included", requests, async () => Require((await browser.GetStringAsync("?tab=claimable")).Contains("任务 ", StringComparison.Ordinal))),
            await TimeAsync("待我处理 as HTML, counts and rights included", requests, async () => Require((await browser.GetStringAsync("")).Contains("任务 ", StringComparison.Ordinal))),
        ];
    }

    /// <summary>Half a thousand tasks are the person's own; one in ten others is somebody's; the rest lies in the queues of the roles, half of them of two.</summary>
    private static async Task FillAsync(EngineUnderTest engine, int tasks)
    {
        const string Due = "1900000000000000 + (n::bigint * 7919 % 1000000) * 1000000";
        await engine.ExecuteAsync($"""
            insert into instance (id, revision, definition_id, definition_version_id, definition_version, name, initiated_by, status, sub_status, incident_count, state, created_at, updated_at)
            select 'bench-' || n, 1, 'benchmark', 'benchmark-1', 1, '事项 ' || n, 'activity_owner', 0, 2, 0, '', 1800000000000000, 1800000000000000 from generate_series(0, {tasks / 10}) n
            """);
        await engine.ExecuteAsync($$"""
            insert into user_task (id, instance_id, definition_id, initiated_by, state, assignee, due_order, created_at, document)
            select 'bench-' || n, 'bench-' || n / 10, 'benchmark', 'activity_owner', 0,
                   case when n < 500 then '{{User}}' when n % 10 = 0 then 'somebody-' || n % 2000 end, {{Due}}, 1800000000000000,
                   json_build_object('id', 'bench-' || n, 'execution', 2, 'nodeId', 'w:a', 'kind', 'Approval', 'title', '任务 ' || n, 'state', 'Open', 'createdAt', '2027-01-15T08:00:00+00:00',
                       'assignee', case when n < 500 then '{{User}}' when n % 10 = 0 then 'somebody-' || n % 2000 end,
                       'candidates', case when n < 500 or n % 10 = 0 then '[]'::json else json_build_array('role:bench_' || n % {{Roles}}) end,
                       'actions', json_build_array('approve', 'reject'), 'excluded', json_build_array('activity_owner'), 'content', json_build_object('活动编号', 'P-' || n, '金额', n))::text
            from generate_series(0, {{tasks - 1}}) n
            """);
        await engine.ExecuteAsync($$"""
            insert into user_task_candidate (identity, due_order, task_id, excluded, definition_id)
            select 'role:bench_' || (n + k * 7) % {{Roles}}, {{Due}}, 'bench-' || n, '["activity_owner"]', 'benchmark'
            from generate_series(500, {{tasks - 1}}) n cross join generate_series(0, 1) k
            where n % 10 <> 0 and (k = 0 or n % 2 = 0)
            """);
        await engine.ExecuteAsync("analyze instance; analyze user_task; analyze user_task_candidate");
    }

    private static async Task<string> TimeAsync(string name, int requests, Func<Task> look)
    {
        for (var n = 0; n < 20; n++)
            await look();
        var times = new List<double>(requests);
        for (var n = 0; n < requests; n++)
        {
            var began = Stopwatch.GetTimestamp();
            await look();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"  {name}: {times[requests / 2]:N1} / {times[requests * 99 / 100]:N1} / {times[^1]:N1}");
    }

    private static void Require(bool holds)
    {
        if (!holds)
            throw new InvalidOperationException("The inbox did not show what lies in it.");
    }
}
