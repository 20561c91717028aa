using Workflows.Activities;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;

namespace Workflows.Recovery.Node;

/// <summary>The definitions the recovery tests run, as Elsa JSON; the same in every process.</summary>
public sealed class Scenarios : IGraphSource
{
    /// <summary>Everything durable in one process: decision, timer, events, effects, notice, child, commit boundaries, three undo steps.</summary>
    public const string Everything = "everything";
    public const string Child = "child";
    public const string Approval = "approval";
    public const string EventOrDeadline = "event-or-deadline";
    public const string EventLoop = "event-loop";
    public const string WaitForEvent = "wait-for-event";
    public const string WaitUntil = "wait-until";
    public const string Effect = "effect";
    public const string Irreversible = "irreversible";
    public const string Notice = "notice";
    public const string Parent = "parent";
    public const string PatientParent = "patient-parent";
    public const string PatientChild = "patient-child";
    public const string BranchParent = "branch-parent";
    public const string CorrelatingParent = "correlating-parent";
    public const string RevivedParent = "revived-parent";
    public const string Compensation = "compensation";
    public const string CancelledAct = "cancelled-act";

    /// <summary>Two acts with undo steps, then a person is asked; and a child that did the same.</summary>
    public const string Withdrawn = "withdrawn";
    public const string WithdrawnChild = "withdrawn-child";
    public const string Singleton = "singleton";
    public const string Endless = "endless";

    /// <summary>A clock that warns after a second and is breached after two; something is done at the breach.</summary>
    public const string Clock = "clock";

    /// <summary>A clock that stops with an event.</summary>
    public const string ClockOrEvent = "clock-or-event";

    /// <summary>A promotion is backed up, deleted in two parts, and brought back by its undo steps.</summary>
    public const string Shop = "shop";

    private const string Approve = """{ "id": "ask", "type": "Human.Approval", "title": "请审批", "users": ["alice"] }""";

    private const string BackupId = """{ "typeName": "String", "expression": { "type": "Variable", "value": { "id": "backup", "name": "backup", "typeName": "String" } } }""";

    private static readonly Dictionary<string, WorkflowGraph> Graphs = new[]
    {
        Make(Everything, $$"""
            { "id": "notice", "type": "Recovery.Act", "kind": "test.unkeyed", "label": "notice", "notice": true },
            { "id": "scope", "type": "Workflows.CompensationScope", "body": { "id": "inner", "type": "Elsa.Sequence", "activities": [
                { "id": "a", "type": "Recovery.Act", "label": "a", "undoable": true },
                { "id": "early", "type": "Elsa.Event", "eventName": "early" },
                { "id": "b", "type": "Recovery.Act", "label": "b", "undoable": true },
                {{Approve}},
                { "id": "delay", "type": "Elsa.Delay", "timeSpan": "00:00:00.3" },
                { "id": "c", "type": "Recovery.Act", "label": "c", "undoable": true },
                { "id": "child", "type": "Recovery.StartChild", "definition": "child" },
                { "id": "late", "type": "Elsa.Event", "eventName": "late" },
                { "id": "undo", "type": "Workflows.Compensate" } ] } },
            { "id": "last", "type": "Recovery.Act", "label": "last" }
            """, """{ "commitStrategyName": "ActivityExecuted" }"""),
        Make(Child, """{ "id": "d", "type": "Recovery.Act", "label": "child" }"""),
        Make(Approval, Approve),
        Make(EventOrDeadline, """{ "id": "race", "type": "Recovery.EventOrDeadline" }"""),
        Make(EventLoop, """{ "id": "loop", "type": "Recovery.EventLoop", "times": 3 }"""),
        Make(WaitForEvent, """{ "id": "e", "type": "Recovery.EventLoop", "times": 1 }"""),
        Make(WaitUntil, """{ "id": "w", "type": "Recovery.WaitUntil" }"""),
        Make(Effect, """{ "id": "n", "type": "Recovery.Act", "kind": "test.unkeyed", "label": "n", "notice": true }, { "id": "a", "type": "Recovery.Act", "label": "a" }"""),
        Make(Notice, """{ "id": "n", "type": "Recovery.Act", "kind": "test.unkeyed", "label": "n", "notice": true }"""),
        Make(Irreversible, """{ "id": "a", "type": "Recovery.Act", "kind": "test.unkeyed", "label": "once" }"""),
        Make(Parent, """{ "id": "c", "type": "Recovery.StartChild", "definition": "child" }"""),
        Make(PatientParent, """{ "id": "c", "type": "Recovery.StartChild", "definition": "patient-child" }"""),
        Make(PatientChild, Approve),
        Make(BranchParent, """
            { "id": "fork", "type": "Elsa.Fork", "joinMode": "WaitAny", "branches": [
                { "id": "c", "type": "Elsa.ExecuteWorkflow", "workflowDefinitionId": "patient-child" },
                { "id": "e", "type": "Recovery.EventLoop", "times": 1 } ] }
            """),
        Make(CorrelatingParent, """
            { "id": "c", "type": "Elsa.ExecuteWorkflow", "workflowDefinitionId": "child" },
            { "id": "taken", "type": "Elsa.Correlate", "correlationId": "taken" },
            { "id": "e", "type": "Recovery.EventLoop", "times": 1 }
            """, """{ "activationStrategyType": "Elsa.Workflows.ActivationValidators.CorrelatedSingletonStrategy, Elsa.Workflows.Core" }"""),
        Make(RevivedParent, """
            { "id": "b", "type": "Elsa.BulkDispatchWorkflows", "workflowDefinitionId": "wait-for-event", "items": { "typeName": "Object", "expression": { "type": "Object", "value": "[1, 2, 3]" } }, "waitForCompletion": true }
            """),
        Make(Compensation, """
            { "id": "a", "type": "Recovery.Act", "label": "a", "undoable": true },
            { "id": "b", "type": "Recovery.Act", "label": "b", "undoable": true },
            { "id": "undo", "type": "Workflows.Compensate" }
            """),
        Make(CancelledAct, """
            { "id": "a", "type": "Recovery.Act", "label": "a", "undoable": true },
            { "id": "fork", "type": "Elsa.Fork", "joinMode": "WaitAny", "branches": [
                { "id": "b", "type": "Recovery.Act", "label": "b", "undoable": true, "kind": "test.unkeyed" },
                { "id": "e", "type": "Elsa.Event", "eventName": "stop" } ] },
            { "id": "undo", "type": "Workflows.Compensate" }
            """),
        Make(Withdrawn, $$"""
            { "id": "a", "type": "Recovery.Act", "label": "a", "undoable": true },
            { "id": "fork", "type": "Elsa.Fork", "joinMode": "WaitAll", "branches": [
                { "id": "b", "type": "Recovery.Act", "label": "b", "undoable": true },
                { "id": "c", "type": "Elsa.ExecuteWorkflow", "workflowDefinitionId": "withdrawn-child" } ] },
            {{Approve}}
            """),
        Make(WithdrawnChild, $$"""{ "id": "d", "type": "Recovery.Act", "label": "d", "undoable": true }, {{Approve}}"""),
        Make(Clock, """
            { "id": "start", "type": "Clock.Start", "clock": "promise", "target": 0.04, "unit": "Minutes", "ladder": "none", "warn": { "typeName": "Object", "expression": { "type": "Object", "value": "[\"50\"]" } } },
            { "id": "breached", "type": "Clock.Breached", "clock": "promise" },
            { "id": "told", "type": "Recovery.Act", "label": "told" }
            """),
        Make(ClockOrEvent, """
            { "id": "start", "type": "Clock.Start", "clock": "promise", "target": 60, "unit": "Minutes", "ladder": "none" },
            { "id": "race", "type": "Recovery.EventLoop", "times": 1 },
            { "id": "stop", "type": "Clock.Stop", "clock": "promise" },
            { "id": "on", "type": "Elsa.Event", "eventName": "never" }
            """),
        Make(Singleton, Approve, """{ "activationStrategyType": "Elsa.Workflows.ActivationValidators.SingletonStrategy, Elsa.Workflows.Core" }"""),
        Make(Endless, """{ "id": "while", "type": "Elsa.While", "condition": true, "body": { "id": "line", "type": "Elsa.WriteLine", "text": "again" } }""", """{ "commitStrategyName": "ActivityExecuted" }"""),
        Make(Shop, $$"""
            { "id": "backup", "type": "Store.Backup", "promotionId": "P-1", "backupId": { "typeName": "String", "memoryReference": { "id": "backup" } } },
            { "id": "verify", "type": "Store.VerifyBackup", "backupId": {{BackupId}} },
            { "id": "page", "type": "Store.DeletePage", "promotionId": "P-1", "backupId": {{BackupId}} },
            { "id": "data", "type": "Store.ClearData", "promotionId": "P-1", "backupId": {{BackupId}} },
            { "id": "gone", "type": "Store.VerifyDeleted", "promotionId": "P-1" },
            { "id": "undo", "type": "Workflows.Compensate" },
            { "id": "back", "type": "Store.VerifyRestored", "promotionId": "P-1", "backupId": {{BackupId}} }
            """),
    }.ToDictionary(g => g.DefinitionId, StringComparer.Ordinal);

    public ValueTask<WorkflowGraph?> FindVersionAsync(string versionId, CancellationToken cancellationToken) => FindPublishedAsync(versionId[..^2], cancellationToken);

    public ValueTask<WorkflowGraph?> FindPublishedAsync(string definitionId, CancellationToken cancellationToken) => ValueTask.FromResult(Graphs.GetValueOrDefault(definitionId));

    private static WorkflowGraph Make(string id, string activities, string options = "{}")
    {
        var catalogue = ActivityCatalogue.Of(typeof(ActivityRegistration).Assembly, typeof(Scenarios).Assembly);
        var json = $$"""{ "id": "{{id}}-1", "definitionId": "{{id}}", "name": "{{id}}", "version": 1, "options": {{options}}, "variables": [{ "id": "backup", "name": "backup", "typeName": "String", "storageDriverTypeName": "Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core" }], "root": { "id": "root", "type": "Elsa.Sequence", "activities": [{{activities}}] } }""";
        var graph = GraphCompiler.Compile(DefinitionReader.ReadStored(json), catalogue, ExpressionLanguages.BuiltIn);
        return graph.Faults.Count == 0 ? graph : throw new InvalidOperationException(string.Join(Environment.NewLine, graph.Faults));
    }
}
