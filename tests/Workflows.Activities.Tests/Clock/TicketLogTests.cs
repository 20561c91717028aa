using System.Globalization;
using System.IO.Compression;
using System.Xml;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests.Clock;

/// <summary>
/// Real logs replayed event by event in simulated time: the tickets of a help desk with two clocks each, one of them paused on Wait, and permits
/// with a promised date. What the engine counts must be what ten lines over the log count.
/// </summary>
public sealed class TicketLogTests
{
    private static readonly TimeSpan Reply = TimeSpan.FromHours(24);
    private static readonly TimeSpan Resolve = TimeSpan.FromDays(14);

    [Fact]
    public void Breaches_of_4580_real_tickets_are_those_the_log_counts()
    {
        var log = Read("tickets", "helpdesk.xes.gz").ToList();
        var graph = Complaint();
        int[] counted = [0, 0], expected = [0, 0];
        var pauses = 0;
        foreach (var ticket in log)
        {
            var run = new InMemoryRun(graph, People.Shop) { Now = ticket.Events[0].At };
            run.Start();
            foreach (var (name, at) in ticket.Events)
            {
                // Up to the moment before: what happens at the very instant of a deadline is in time.
                run.Advance(at - run.Now - TimeSpan.FromMicroseconds(1));
                run.Now = at;
                Assert.Equal(1, run.Publish("ticket", name));
            }

            run.Apply(new Stimulus.Cancel("log ends", null));
            bool[] late = [Breached(run, "reply"), Breached(run, "resolve")], promised = Late(ticket.Events);
            Assert.True(late.SequenceEqual(promised), $"ticket {ticket.Name}: engine {string.Join(',', late)}, log {string.Join(',', promised)}\n{string.Join('\n', ticket.Events)}\n{string.Join('\n', run.Journal.Where(e => e.Event.StartsWith("Clock", StringComparison.Ordinal)).Select(e => $"{e.At:O} {e.Message}"))}");
            for (var n = 0; n < 2; n++)
                (counted[n], expected[n]) = (counted[n] + (late[n] ? 1 : 0), expected[n] + (promised[n] ? 1 : 0));
            pauses += run.Clocks.Sum(c => c.Pauses.Count);
            Assert.Equal(run.Clocks.Count(c => c.State == ClockStatus.Breached), run.Journal.Count(e => e.Event == "ClockBreached"));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{log.Count} tickets: reply late {counted[0]}, resolve late {counted[1]}, {pauses} pauses");
        Assert.Equal(4_580, log.Count);
        Assert.Equal(expected, counted);
        Assert.True(counted[0] > 100 && counted[1] > 100 && pauses > 900);
    }

    [Fact]
    public void Of_1329_permits_with_a_promised_date_377_are_late()
    {
        var graph = new Flow(Sequence("s", Step("Clock.Start", "c", ("clock", "permit"), ("anchor", Script("getInput('deadline')", "String")), ("target", 0), ("unit", "Minutes"), ("ladder", "none")), Event("done"), Step("Clock.Stop", "stop", ("clock", "permit")))).WithInput("deadline").Compile();
        var (cases, late) = (0, 0);
        foreach (var permit in Read("approvals", "permit_receipt_phase.xes.gz").Where(p => p.Dates.ContainsKey("deadline") && p.Dates.ContainsKey("enddate")))
        {
            cases++;
            var (start, end) = (permit.Dates["startdate"], permit.Dates["enddate"]);
            var run = new InMemoryRun(graph, People.Shop).WithInput("deadline", permit.Dates["deadline"].ToString("O"));
            run.Now = start < end ? start : end;
            run.Start();
            run.Advance(end - run.Now - TimeSpan.FromMicroseconds(1));
            run.Now = end;
            run.Publish("done");
            late += run.Clocks.Single().State == ClockStatus.Breached ? 1 : 0;
        }

        Assert.Equal((1_329, 377), (cases, late));
    }

    /// <summary>The independent count: unpaused time to the first taking in charge, and to the first solution; an open ticket is judged at its last event.</summary>
    private static bool[] Late(List<(string Name, DateTimeOffset At)> events)
    {
        var (start, end, spent) = (events[0].At, events[^1].At, TimeSpan.Zero);
        var taken = events.Where(e => e.Name == "Take in charge ticket").Select(e => e.At).DefaultIfEmpty(end).First();
        for (var n = 1; n < events.Count && events[n - 1].Name is not ("Resolve ticket" or "Closed"); n++)
            spent += events[n - 1].Name == "Wait" ? TimeSpan.Zero : events[n].At - events[n - 1].At;
        return [taken - start > Reply, spent > Resolve];
    }

    private static bool Breached(InMemoryRun run, string name) => run.Clocks.Single(c => c.Name == name).State == ClockStatus.Breached;

    private static WorkflowGraph Complaint() => new Flow(TokenChart(
        [
            Step("Clock.Start", "reply", ("clock", "reply"), ("label", "首次答复"), ("target", Reply.TotalHours), ("ladder", "none")),
            Step("Clock.Start", "resolve", ("clock", "resolve"), ("label", "解决"), ("target", Resolve.TotalDays), ("unit", "Days"), ("ladder", "none")),
            Step("Elsa.Event", "ticket", ("eventName", "ticket"), ("result", Into("event"))),
            Step("Elsa.FlowDecision", "isWait", ("condition", Script("variables.event === 'Wait'"))),
            Step("Clock.Pause", "pause", ("clock", "resolve"), ("reason", "等待客户")),
            Step("Clock.Resume", "resume", ("clock", "resolve")),
            Step("Elsa.FlowDecision", "isTaken", ("condition", Script("variables.event === 'Take in charge ticket'"))),
            Step("Clock.Stop", "taken", ("clock", "reply")),
            Step("Elsa.FlowDecision", "isSolved", ("condition", Script("variables.event === 'Resolve ticket' || variables.event === 'Closed'"))),
            Step("Clock.Stop", "solved", ("clock", "resolve")),
        ],
        "reply->resolve", "resolve->ticket", "ticket->isWait", "isWait:True->pause", "isWait:False->resume", "pause:Done->ticket", "pause:Refused->ticket",
        "resume->isTaken", "isTaken:True->taken", "taken->ticket", "isTaken:False->isSolved", "isSolved:True->solved", "solved->ticket", "isSolved:False->ticket"))
        .With("event").Compile();

    private static IEnumerable<(string Name, List<(string Name, DateTimeOffset At)> Events, Dictionary<string, DateTimeOffset> Dates)> Read(string folder, string name)
    {
        var file = Repository.SharedData is { } data ? Path.Combine(data, folder, name) : null;
        if (file is null || !File.Exists(file))
            throw Missing.Tool($"the shared data with {name} is not to be had");
        using var reader = XmlReader.Create(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadToFollowing("trace"))
        {
            var (trace, events, dates) = ("", new List<(string, DateTimeOffset)>(), new Dictionary<string, DateTimeOffset>());
            using var inside = reader.ReadSubtree();
            var (inEvent, activity, at) = (false, "", default(DateTimeOffset));
            while (inside.Read())
            {
                if (inside.Name == "event")
                {
                    if (inside.NodeType == XmlNodeType.EndElement)
                        events.Add((activity, at));
                    inEvent = inside.NodeType == XmlNodeType.Element;
                }
                else if (inside.NodeType == XmlNodeType.Element && inside.GetAttribute("key") is { } key && inside.GetAttribute("value") is { } value)
                {
                    if (inside.Name == "date" && !inEvent)
                        dates[key] = Instant(value);
                    else if (key == "time:timestamp")
                        at = Instant(value);
                    else if (key == "concept:name" && inEvent)
                        activity = value;
                    else if (key == "concept:name")
                        trace = value;
                }
            }

            yield return (trace, events, dates);
        }
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
