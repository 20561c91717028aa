using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Persistence.Databases;

namespace Workflows.Benchmarks;

/// <summary>The workload through the REST API of a real host process: sign-in, rights, JSON and all.</summary>
internal static class HttpRate
{
    public static async Task<IReadOnlyList<Figures>> MeasureAsync(DatabaseKind kind, TimeSpan time, params IReadOnlyList<int> numbersOfCallers)
    {
        var figures = new List<Figures>();
        foreach (var callers in numbersOfCallers)
        {
            await using var database = await BenchmarkDatabase.CreateForEngineAsync(kind);
            await using var host = await HostProcess.StartAsync(database);
            using var workload = await Workload.PrepareAsync(host, callers);
            await Load.RunAsync("warm-up", Math.Max(callers, 8), Load.WarmUpOf(time), workload.StepAsync, host.Id, database.ProcessId);
            var counts = await StatementCounts.BeginAsync(kind);
            var log = await database.LogBytesAsync();
            var measured = await Load.RunAsync($"HTTP, {callers} caller{(callers == 1 ? "" : "s")}", callers, time, workload.StepAsync, host.Id, database.ProcessId);
            figures.Add(measured with { LogBytes = (await database.LogBytesAsync() - log) / (double)measured.Transitions });
            if (counts is not null)
                await counts.ReportAsync(measured.Name, measured.Transitions);
        }

        return figures;
    }

    private sealed class Workload(HttpClient applicant, HttpClient supervisor, HttpClient manager) : IDisposable
    {
        private static readonly byte[] Start = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["definitionId"] = ApprovalWorkload.Id,
            ["input"] = new JsonObject(ApprovalWorkload.Input.Select(i => KeyValuePair.Create(i.Key, i.Value?.DeepClone()))),
        }.ToJsonString());

        // Ids inside an instance come from its own counter, so every instance of the workload has the same ones behind its own id.
        private string _firstTask = "";
        private string _secondTask = "";

        public static async Task<Workload> PrepareAsync(HostProcess host, int callers)
        {
            using var designer = host.Client(1, await host.SignInAsync("workflow_manager"));
            using var definition = new StringContent(ApprovalWorkload.Definition, Encoding.UTF8, "application/json");
            using var saved = await designer.PostAsync("api/v1/definitions?publish=true", definition);
            if (!saved.IsSuccessStatusCode)
                throw new InvalidOperationException(await saved.Content.ReadAsStringAsync());
            var workload = new Workload(
                host.Client(callers, await host.SignInAsync("activity_owner")),
                host.Client(callers, await host.SignInAsync("supervisor")),
                host.Client(callers, await host.SignInAsync("store_ops_manager")));
            var instance = (await workload.StepAsync(0, 0, null))!;
            workload._firstTask = await workload.OpenTaskAsync(instance);
            await workload.StepAsync(0, 1, instance);
            workload._secondTask = await workload.OpenTaskAsync(instance);
            await workload.StepAsync(0, 2, instance);
            return workload;
        }

        public async Task<string?> StepAsync(long number, int step, string? instance)
        {
            using var answer = step switch
            {
                0 => await applicant.PostAsync("api/v1/instances", Json(Start)),
                1 => await supervisor.PostAsync($"api/v1/tasks/{instance}{_firstTask}/approve", Json("{}"u8.ToArray())),
                _ => await manager.PostAsync($"api/v1/tasks/{instance}{_secondTask}/approve", Json("{}"u8.ToArray())),
            };
            if (!answer.IsSuccessStatusCode)
                throw new InvalidOperationException($"Step {step} was refused: {await answer.Content.ReadAsStringAsync()}");
            return step == 0 ? Find(await answer.Content.ReadFromJsonAsync<JsonObject>(), "id") : instance;
        }

        public void Dispose()
        {
            applicant.Dispose();
            supervisor.Dispose();
            manager.Dispose();
        }

        private async Task<string> OpenTaskAsync(string instance)
        {
            var detail = await applicant.GetFromJsonAsync<JsonObject>($"api/v1/instances/{instance}");
            return ((string)((JsonArray)detail!["openTasks"]!)[0]!)[instance.Length..];
        }

        private static string Find(JsonObject? answer, string name) =>
            (string?)answer?[name] ?? (string?)answer?["instance"]?[name] ?? throw new InvalidOperationException($"No {name} in {answer}");

        private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }
}
