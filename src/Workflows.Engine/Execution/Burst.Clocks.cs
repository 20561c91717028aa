using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Calendars;
using Workflows.Engine.Calendars.Explaining;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.Messages;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Execution;

/// <summary>
/// Clocks of the instance and of its tasks. The rules are <see cref="ClockRules"/>; here they meet state, timers, journal and people.
/// </summary>
/// <remarks>
/// Every running clock has one timer, at its next point; it is set at the end of the burst from the clock's state, so no path can forget it,
/// and a burst that is run again sets the same. An act that comes between a due time and its timer is judged by the due time: what is
/// stopped late is breached.
/// </remarks>
internal sealed partial class Burst
{
    /// <summary>Name of the bookmark of whoever waits for a clock's breach; its payload names the clock.</summary>
    internal const string ClockBookmark = "Workflows.ClockBreach";

    /// <summary>Instance property: true once a clock was breached.</summary>
    internal const string OverdueKey = "Overdue";

    private const string ClockTag = "$clock:";
    private const string InfoReason = "等待补充信息";

    private readonly Dictionary<string, RunningClock> _clocks = [];

    public RunningClock StartClock(ActivityNode node, ActivityExecution execution, ClockSetup setup, string? taskId)
    {
        if (setup.Target.Fault is { } fault)
            throw new ActivityFailure("bad-target", $"时限“{setup.Label}”：{fault.Zh} ({fault.En})");
        if (taskId is null && Instance.Clocks?.Exists(c => c.TaskId is null && c.Name == setup.Name) == true)
            throw new ActivityFailure("clock-runs", $"时限“{setup.Label}”已在计时 (a clock named {setup.Name} runs already)");
        var office = setup.Target.CountsWorkingTime || setup.Target is { Anchor: not null, Unit: not (TimeUnit.Minutes or TimeUnit.Hours) };
        var calendarId = string.IsNullOrEmpty(setup.Calendar) ? office ? ShippedCalendars.Office : ShippedCalendars.Always : setup.Calendar;
        var calendar = TimeRules.Calendar(calendarId) ?? throw new ActivityFailure("unknown-calendar", $"没有日历“{calendarId}” (there is no calendar {calendarId})");
        var ladderId = string.IsNullOrEmpty(setup.Ladder) ? ClockRules.LadderFor(setup.Target) : setup.Ladder;
        var ladder = ladderId == ClockSetup.NoLadder ? null : TimeRules.Ladder(ladderId) ?? throw new ActivityFailure("unknown-ladder", $"没有升级规则“{ladderId}” (there is no ladder {ladderId})");

        var clock = ClockRules.Start(
            new RunningClock
            {
                Id = Instance.NextId(),
                Name = setup.Name,
                Label = setup.Label,
                Kind = setup.Kind,
                TaskId = taskId,
                Execution = taskId is null ? execution.Parent ?? execution.Number : execution.Number,
                NodeId = node.NodeId,
                Target = setup.Target,
                Calendar = calendarId,
                CalendarVersion = calendar.Calendar.Version,
                Ladder = ladder?.Id,
                LadderVersion = ladder?.Version ?? 0,
                Warn = setup.Warn,
                PauseReasons = setup.PauseReasons,
                MaxPause = setup.MaxPause,
                PausesOnInfo = setup.PausesOnInfo,
                Owners = setup.Owners,
                Follows = setup.Follows,
                StartedAt = setup.StartedAt ?? Now,
            },
            TimeRules,
            Now);
        SaveClock(clock);
        if (taskId is null)
            JournalClock("ClockStarted", execution, clock, $"时限“{clock.Label}”开始计时：{clock.Target.Zh}，{Due(clock)}{(clock.DueAt <= Now ? "，开始时已经过期" : "")}");
        return clock;
    }

    public RunningClock? StopClock(string name) => Named(name) is { } clock ? StopClock(clock) : null;

    public (string Zh, string En)? PauseClock(string name, string reason, string? evidence, DateTimeOffset? since)
    {
        if (Named(name) is not { } clock)
            return ($"没有正在计时的时限“{name}”", $"no clock named {name} runs");
        if (ClockRules.PauseFault(clock, reason, since ?? Now) is { } fault)
            return fault;
        PauseClock(clock, reason, evidence, since ?? Now);
        return null;
    }

    public RunningClock? ResumeClock(string name) => Named(name) is { Paused: not null } clock ? ResumeClock(clock) : null;

    private TaskVerdict? ActOnClock(ClockCommand command)
    {
        if (Instance.Clocks?.Find(c => c.Id == command.ClockId) is not { } clock)
            return new TaskVerdict.NotFound();
        var wanted = clock with { Target = command.Target ?? clock.Target, Follows = clock.Follows && command.Target is null };
        if (command.UseNewestCalendar)
            wanted = wanted with { CalendarVersion = TimeRules.Calendar(clock.Calendar)!.Calendar.Version };
        if (wanted.Target.Fault is { } fault)
            return new TaskVerdict.NotPossible("bad-target", fault.Zh, fault.En);
        if (wanted.Target.Anchor is not null != clock.Target.Anchor is not null)
            return new TaskVerdict.NotPossible("other-kind-of-target", "不能在时长和日期之间切换", "a clock stays counted from its start, or from a date");
        RunningClock moved;
        try
        {
            moved = ClockRules.Recalculate(wanted, TimeRules, Now);
        }
        catch (ArgumentException unreachable)
        {
            return new TaskVerdict.NotPossible("bad-target", unreachable.Message, unreachable.Message);
        }

        if (command.IsTrial)
        {
            var due = ClockRules.Explain(wanted, TimeRules);
            return new TaskVerdict.Planned(new JsonObject
            {
                ["clock"] = clock.Id,
                ["label"] = clock.Label,
                ["dueAt"] = clock.DueAt.ToString("O"),
                ["newDueAt"] = moved.DueAt.ToString("O"),
                ["state"] = clock.State.ToString(),
                ["newState"] = moved.State.ToString(),
                ["late"] = moved.DueAt <= Now,
                ["provisional"] = moved.IsProvisional,
                ["lines"] = new JsonArray([.. due.Lines.Select(l => (JsonNode)new JsonObject { ["zh"] = l.Zh, ["en"] = l.En })]),
            });
        }

        _by = command.By;
        MoveClock(clock, moved, string.IsNullOrWhiteSpace(command.Reason) ? "" : $"：{command.Reason}");
        return null;
    }

    /// <summary>Passes every point that is due, in order. The timer of the clock has fired, or something else came first.</summary>
    private void PassDue(string id)
    {
        while (Instance.Clocks?.Find(c => c.Id == id) is { } clock && ClockRules.Next(clock, TimeRules) is { } point && point.At <= Now)
        {
            var passed = ClockRules.Pass(clock, point, TimeRules, Now);
            SaveClock(passed);
            switch (point.Kind)
            {
                case ClockPointKind.PauseOver:
                    JournalClock("ClockResumed", null, passed, $"时限“{passed.Label}”暂停时间已用完，继续计时，{Due(passed)}");
                    continue;
                case ClockPointKind.Warn:
                    JournalClock("ClockWarned", null, passed, $"时限“{passed.Label}”即将超时，{Due(passed)}", point);
                    break;
                case ClockPointKind.Breach:
                    NoteBreach(passed, point);
                    break;
                default:
                    JournalClock(point.At < passed.DueAt ? "ClockReminded" : "ClockEscalated", null, passed, $"时限“{passed.Label}”{(point.At < passed.DueAt ? "提醒" : "升级")}", point);
                    break;
            }

            Reach(passed, point);
            if (point.Kind == ClockPointKind.Breach)
                WakeBreachWaiters(passed, "Breached");
        }
    }

    /// <summary>The node is told; for a clock without a task its own execution is over, so it is told in the name of its scope.</summary>
    private void Reach(RunningClock clock, ClockPoint point)
    {
        if (Graph.Find(clock.NodeId) is not { } node)
            return;
        var task = clock.TaskId is { } id ? Instance.Tasks.Find(t => t.Id == id) : null;
        var moment = new ClockMoment(clock, point, task);
        if (clock.TaskId is not null)
        {
            if (task is not null && _executions[task.Execution] is { Status: ActivityStatus.Running } own)
                Call(node, own, (activity, context) => activity.ClockReached(context, moment));
            return;
        }

        try
        {
            node.ActivityType.Create(node).ClockReached(new ActivityContext(this, node, ScopeOf(clock)), moment);
        }
        // Telling people is not worth the instance: the breach is on record, and the failure with it.
        catch (Exception failure)
        {
            Journal("EscalationFailed", null, $"时限“{clock.Label}”：{failure.Message}");
        }
    }

    private RunningClock StopClock(RunningClock clock)
    {
        // Its timer is on the way; what was late is late all the same.
        if (clock.State != ClockStatus.Breached && clock.Paused is null && clock.DueAt < Now)
        {
            var breach = new ClockPoint("breach", clock.DueAt, ClockPointKind.Breach);
            clock = ClockRules.Pass(clock, breach, TimeRules, Now);
            NoteBreach(clock, breach);
        }

        var stopped = ClockRules.Stop(clock, Now);
        SaveClock(stopped);
        if (stopped.State == ClockStatus.Breached)
            JournalClock("ClockStopped", null, stopped, $"时限“{stopped.Label}”停止，超时 {DueText.Late(Now - stopped.DueAt)}");
        else if (stopped.TaskId is null)
            JournalClock("ClockStopped", null, stopped, $"时限“{stopped.Label}”停止，按时");
        else
            TellOfClock(MessageEvents.ClockStopped, stopped, null);
        WakeBreachWaiters(stopped, "Stopped");
        return stopped;
    }

    private void PauseClock(RunningClock clock, string reason, string? evidence, DateTimeOffset since)
    {
        var paused = ClockRules.Pause(clock, reason, evidence, since);
        SaveClock(paused);
        JournalClock("ClockPaused", null, paused, $"时限“{paused.Label}”暂停：{reason}{(string.IsNullOrEmpty(evidence) ? "" : $"（{evidence}）")}");
    }

    private RunningClock ResumeClock(RunningClock clock)
    {
        var on = ClockRules.Resume(clock, TimeRules, Now);
        SaveClock(on);
        JournalClock("ClockResumed", null, on, $"时限“{on.Label}”继续计时，{Due(on)}");
        return on;
    }

    private void MoveClock(RunningClock from, RunningClock to, string why)
    {
        SaveClock(to);
        JournalClock("ClockRecalculated", null, to, $"时限“{to.Label}”重新计算：截止由 {Moment(from)} 改为 {Moment(to)}{why}{(to.DueAt <= Now ? "，已经过期" : "")}", by: _by);
    }

    /// <summary>A task's clock stops with it, and stands still while somebody owes information, if the node says so.</summary>
    private void ClockOfTask(UserTask task)
    {
        if (Instance.Clocks?.Find(c => c.TaskId == task.Id) is not { } clock)
            return;
        if (task.State is UserTaskState.Completed or UserTaskState.Cancelled)
            StopClock(clock);
        else if (clock.PausesOnInfo && task.InfoFrom is { } asked && clock.Paused is null && ClockRules.PauseFault(clock, InfoReason, Now) is null)
            PauseClock(clock, InfoReason, Organisation.DisplayName(asked), Now);
        else if (clock.PausesOnInfo && task.InfoFrom is null && clock.Paused is not null)
            ResumeClock(clock);
    }

    /// <summary>Clocks whose target depends on data are asked again what it is.</summary>
    private void FollowClocks()
    {
        if (Instance.Clocks is null || _finished || _faulted || Instance.Status == WorkflowStatus.Finished)
            return;
        foreach (var clock in Instance.Clocks.Where(c => c.Follows).ToList())
        {
            if (Graph.Find(clock.NodeId) is not { } node)
                continue;
            try
            {
                var target = node.ActivityType.Create(node).ClockTarget(new ActivityContext(this, node, ScopeOf(clock)));
                if (target is not null && target != clock.Target && target.Fault is null)
                    MoveClock(clock, ClockRules.Recalculate(clock with { Target = target }, TimeRules, Now), "");
            }
            // The data make no sense at this moment: what was promised stays.
            catch (Exception failure) when (failure is Expressions.ExpressionError or ActivityFailure or ArgumentException)
            {
            }
        }
    }

    /// <summary>Stops the clocks of an ended instance, and gives every other one the timer of its next point. A faulted instance keeps its clocks: its promises are not over.</summary>
    private void SettleClocks()
    {
        if (Instance.Clocks is null)
            return;
        if (Instance.Status == WorkflowStatus.Finished)
        {
            if (Instance.SubStatus == WorkflowSubStatus.Faulted)
                return;
            foreach (var clock in Instance.Clocks.ToList())
                StopClock(clock);
            return;
        }

        foreach (var clock in Instance.Clocks)
        {
            var tag = ClockTag + clock.Id;
            var next = ClockRules.Next(clock, TimeRules)?.At;
            var timer = Instance.Timers.Find(t => t.Tag == tag);
            if (timer?.DueAt == next)
                continue;
            if (timer is not null)
                RemoveTimer(timer);
            if (next is { } at)
            {
                var added = new WorkflowTimer(Instance.NextId(), at, Instance.Executions[0].Number, null, tag);
                Instance.Timers.Add(added);
                _timersAdded.Add(added);
            }
        }
    }

    private void SaveClock(RunningClock clock)
    {
        var clocks = Instance.Clocks ??= [];
        var index = clocks.FindIndex(c => c.Id == clock.Id);
        if (!clock.IsRunning)
        {
            clocks.RemoveAt(index);
            if (Instance.Timers.Find(t => t.Tag == ClockTag + clock.Id) is { } timer)
                RemoveTimer(timer);
        }
        else if (index < 0)
        {
            clocks.Add(clock);
        }
        else
        {
            clocks[index] = clock;
        }

        _clocks[clock.Id] = clock;
        _changed = true;
        if (clock.IsRunning && clock.TaskId is { } id && Instance.Tasks.Find(t => t.Id == id) is { } task)
        {
            var shown = task with { DueAt = clock.Paused is null ? clock.DueAt : null, Overdue = clock.State == ClockStatus.Breached, IsPaused = clock.Paused is not null };
            if (shown != task)
                SaveTask(shown);
        }
    }

    private void NoteBreach(RunningClock clock, ClockPoint point)
    {
        Instance.Properties[OverdueKey] = true;
        JournalClock("ClockBreached", null, clock, $"时限“{clock.Label}”超时，{Due(clock)}", point);
    }

    private void WakeBreachWaiters(RunningClock clock, string what)
    {
        if (clock.TaskId is not null)
            return;
        foreach (var bookmark in Instance.Bookmarks.Where(b => b.Name == ClockBookmark && (string?)b.Payload == clock.Name).ToList())
        {
            if (Instance.Bookmarks.Contains(bookmark))
                ResumeBookmark(bookmark, what, null);
        }
    }

    private void JournalClock(string @event, ActivityExecution? execution, RunningClock clock, string message, ClockPoint? point = null, string? by = null)
    {
        var payload = new JsonObject { ["clock"] = clock.Id, ["name"] = clock.Name, ["label"] = clock.Label, ["dueAt"] = clock.DueAt.ToString("O") };
        if (clock.TaskId is { } task)
            payload["task"] = task;
        if (point is not null)
            (payload["plannedAt"], payload["actualAt"], payload["point"]) = (point.At.ToString("O"), Now.ToString("O"), point.Key);
        Journal(@event, execution, message, by, payload);
        if (@event is "ClockStarted" or "ClockWarned" or "ClockBreached" or "ClockStopped" or "ClockPaused" or "ClockResumed" or "ClockRecalculated")
            TellOfClock("clock." + @event["Clock".Length..].ToLowerInvariant(), clock, point);
    }

    private RunningClock? Named(string name) => Instance.Clocks?.Find(c => c.TaskId is null && c.Name == name);

    private ActivityExecution ScopeOf(RunningClock clock) => _executions.TryGetValue(clock.Execution, out var scope) && scope.IsOpen ? scope : Instance.Executions[0];

    private string Due(RunningClock clock) => $"截止 {Moment(clock)}{(clock.IsProvisional ? "（暂定）" : "")}";

    private string Moment(RunningClock clock) => DueText.Moment(TimeRules.Calendar(clock.Calendar, clock.CalendarVersion)!, clock.DueAt);
}
