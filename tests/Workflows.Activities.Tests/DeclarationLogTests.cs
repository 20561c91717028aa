using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Xml;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.UserTasks;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

/// <summary>
/// A real log of expense declarations with several approval levels (BPI Challenge 2020), replayed decision by decision at the time
/// each was made. The levels of a round are those the log shows for it, asked in turn; a round the log leaves unfinished keeps one more
/// level open. After a rejection the employee takes the declaration back and hands it in again.
/// </summary>
public sealed class DeclarationLogTests
{
    private const string Employee = "EMPLOYEE";
    private const string Pending = "PENDING";
    private static readonly string[] Levels = ["PRE_APPROVER", "ADMINISTRATION", "BUDGET OWNER", "SUPERVISOR", "MISSING", Pending];

    /// <summary>One person for each time a level may be asked in a round.</summary>
    private static readonly OrganisationSnapshot University = new([
        People.Person(Employee, "员工", null),
        .. Levels.SelectMany(l => Enumerable.Range(1, 9).Select(n => People.Person($"{l} {n}", $"{l} {n}", null)))]);

    [Fact]
    public void Every_case_of_a_real_log_ends_as_the_log_says()
    {
        var file = Repository.SharedData is { } data ? Path.Combine(data, "approvals", "bpic2020_domestic_declarations.xes.gz") : null;
        if (file is null || !File.Exists(file))
            throw Missing.Tool("the shared data with the approval log is not to be had");
        var graph = Declaration();
        var (cases, rejected) = (0, 0);
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var events in Read(file))
        {
            cases++;
            var expected = ExpectedEnd(events);
            var run = Replay(graph, events);
            var end = EndOf(run);
            Assert.True(end == expected, $"case {cases} ({string.Join(", ", events.Select(e => e.Name))}): {end}, the log says {expected}");
            ends[end] = ends.GetValueOrDefault(end) + 1;
            if (run.Journal.Any(e => e.Event == "Decided" && ((string?)e.Payload!["action"] == "reject" || (string?)e.Payload["title"] == "mend")))
                rejected++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", ends.Select(e => $"{e.Key} {e.Value}")));
        Assert.Equal((10_357, 1_278), (cases, rejected));
    }

    private static WorkflowGraph Declaration() => new Flow(Chart(
        [
            Step("Human.Task", "apply", ("title", "apply"), ("initiator", true), ("form", Json(new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["levels"] = new JsonObject { ["type"] = "array" } } })), ("result", Into("application"))),
            Step("Human.Approval", "approve", ("title", "approve"), ("users", Script("variables.application.levels")), ("mode", "Sequential"), ("fourEyes", false)),
            Step("Human.Task", "mend", ("title", "mend"), ("initiator", true)),
            Event("Request Payment"), Step("Human.Approval", "pay", ("title", "pay"), ("users", Json(new JsonArray($"{Pending} 2")))), Line("paid"),
        ],
        "apply->approve", "approve:Approved->Request Payment", "Request Payment->pay", "pay:Approved->paid", "pay:Rejected->mend", "approve:Rejected->mend", "mend->apply"))
        .With("application").Compile();

    private static InMemoryRun Replay(WorkflowGraph graph, List<LogEvent> events)
    {
        var run = new InMemoryRun(graph, University).InitiatedBy(Employee);
        run.Now = events[0].At;
        run.Start();
        for (var n = 0; n < events.Count; n++)
        {
            var (name, role, at) = events[n];
            run.Now = at > run.Now ? at : run.Now;
            switch (name)
            {
                case "Declaration SUBMITTED by EMPLOYEE":
                    TakeBack(run);
                    Accept(run.Act(Employee, "complete", form: new JsonObject { ["levels"] = new JsonArray([.. RoundFrom(events, n + 1).Select(l => (JsonNode)l)]) }));
                    break;
                case "Declaration REJECTED by EMPLOYEE":
                    TakeBack(run);
                    break;
                case "Declaration SAVED by EMPLOYEE":
                    break;
                case "Request Payment":
                    Approve(run);
                    // One case is paid after a rejection: nothing waits for that, and nothing comes of it.
                    run.Publish(name);
                    break;
                case "Payment Handled":
                    run.Publish("Request Payment");
                    if (run.Instance.Tasks is [{ Title: "pay" } payment])
                        Accept(run.Act(payment.Assignee!, "approve"));
                    break;
                default:
                    Accept(run.Act(run.OpenTask.Assignee!, name.Contains("REJECTED", StringComparison.Ordinal) ? "reject" : "approve", role));
                    break;
            }
        }

        return run;
    }

    /// <summary>Paid without a final approval in the log: the level that was kept open gives it.</summary>
    private static void Approve(InMemoryRun run)
    {
        if (run.Instance.Tasks is [{ Title: "apply" }])
            Accept(run.Act(Employee, "complete", form: new JsonObject { ["levels"] = new JsonArray($"{Pending} 1") }));
        while (run.Instance.Tasks is [{ Title: "approve" } open])
            Accept(run.Act(open.Assignee!, "approve"));
    }

    /// <summary>To the draft, wherever it stands: what is still being decided is turned down first.</summary>
    private static void TakeBack(InMemoryRun run)
    {
        if (run.Instance.Tasks is [{ Kind: UserTaskKind.Approval } open])
            Accept(run.Act(open.Assignee!, "reject", "员工撤回"));
        if (run.Instance.Tasks is [{ Title: "mend" }])
            Accept(run.Act(Employee, "complete"));
    }

    private static List<string> RoundFrom(List<LogEvent> events, int from)
    {
        var levels = new List<string>();
        var isDecided = false;
        for (var n = from; n < events.Count && events[n].Role != Employee && events[n].Name != "Request Payment"; n++)
        {
            if (LevelOf(events[n].Name) is not { } level)
                continue;
            levels.Add(level);
            isDecided = events[n].Name.Contains("FINAL_APPROVED", StringComparison.Ordinal) || events[n].Name.Contains("REJECTED", StringComparison.Ordinal);
        }

        if (!isDecided)
            levels.Add(Pending);
        return [.. levels.Select((level, at) => $"{level} {levels.Take(at + 1).Count(l => l == level)}")];
    }

    private static string? LevelOf(string name) => name.Split(" by ") is [_, var level] && Levels.Contains(level) ? level : null;

    private static string ExpectedEnd(List<LogEvent> events) => events.FindLast(e => e.Name.Length > 0)!.Name switch
    {
        "Payment Handled" => "paid",
        "Request Payment" => "payment requested",
        "Declaration FINAL_APPROVED by SUPERVISOR" => "approved",
        "Declaration SAVED by EMPLOYEE" or "Declaration REJECTED by EMPLOYEE" => "draft",
        "Declaration SUBMITTED by EMPLOYEE" => "in approval",
        var name => name.Contains("REJECTED", StringComparison.Ordinal) ? "rejected" : "in approval",
    };

    private static string EndOf(InMemoryRun run) => run.Instance switch
    {
        { Status: WorkflowStatus.Finished } => run.Lines,
        { Tasks: [{ Title: "apply" }] } => "draft",
        { Tasks: [{ Title: "mend" }] } => "rejected",
        { Tasks: [{ Title: "approve" }] } => "in approval",
        { Tasks: [{ Title: "pay" }] } => "payment requested",
        _ => "approved",
    };

    private static void Accept(BurstResult result) => Assert.IsType<BurstResult.Changed>(result);

    private static IEnumerable<List<LogEvent>> Read(string file)
    {
        using var reader = XmlReader.Create(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        List<LogEvent>? events = null;
        LogEvent? current = null;
        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, Name: "trace" })
                events = [];
            else if (reader is { NodeType: XmlNodeType.Element, Name: "event" })
                current = new LogEvent("", "", default);
            else if (current is not null && reader is { NodeType: XmlNodeType.Element } && reader.GetAttribute("value") is { } value)
                current = reader.GetAttribute("key") switch
                {
                    "concept:name" => current with { Name = value },
                    "org:role" => current with { Role = value },
                    "time:timestamp" => current with { At = DateTimeOffset.Parse(value, CultureInfo.InvariantCulture) },
                    _ => current,
                };
            else if (reader is { NodeType: XmlNodeType.EndElement, Name: "event" })
            {
                events!.Add(current!);
                current = null;
            }
            else if (reader is { NodeType: XmlNodeType.EndElement, Name: "trace" })
                yield return events!;
        }
    }

    private sealed record LogEvent(string Name, string Role, DateTimeOffset At);
}
