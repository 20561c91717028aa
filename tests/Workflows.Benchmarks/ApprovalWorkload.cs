using System.Text.Json.Nodes;

namespace Workflows.Benchmarks;

/// <summary>
/// Start with 1 KB of input, task with a 24 h deadline, decision, one notice, second task with deadline, decision, end: three durable transitions.
/// One notice is what the raw limits write too, so tasks are announced to nobody unless <see cref="Announces"/> asks for it.
/// </summary>
internal static class ApprovalWorkload
{
    public const string Id = "benchmark_approval";

    public static readonly Dictionary<string, JsonNode?> Input = new() { ["application"] = new string('申', 340) };

    /// <summary>Whether the product's own messages about tasks and decisions are sent as well (three more notices for each two decisions).</summary>
    public static bool Announces { get; set; }

    public static string Definition => $$"""
        {
          "definitionId": "{{Id}}", "name": "Benchmark approval",
          "inputs": [ { "type": "String", "name": "application" } ],
          "customProperties": { "announceTasks": {{(Announces ? "true" : "false")}} },
          "options": { "incidentStrategyType": "ContinueWithIncidents" },
          "root": {
            "id": "fc", "type": "Elsa.Flowchart", "version": 1,
            "activities": [
              { "id": "start", "type": "Elsa.Start", "version": 1 },
              { "id": "first", "type": "Human.Approval", "version": 1, "title": {{Literal("String", "主管审核")}}, "roles": {{Literal("String[]", "supervisor")}}, "dueIn": {{Literal("TimeSpan", "1.00:00:00")}} },
              { "id": "tell", "type": "Notify.Message", "version": 1, "roles": {{Literal("String[]", "activity_owner")}}, "channels": {{Literal("String[]", "site")}}, "subject": {{Literal("String", "申请已通过主管审核")}}, "body": {{Literal("String", "您的申请已通过主管审核，正在等待经理审批。")}} },
              { "id": "second", "type": "Human.Approval", "version": 1, "title": {{Literal("String", "经理审批")}}, "roles": {{Literal("String[]", "store_ops_manager")}}, "dueIn": {{Literal("TimeSpan", "1.00:00:00")}} },
              { "id": "end", "type": "Elsa.End", "version": 1 }
            ],
            "connections": [
              {{Connect("start", "Done", "first")}}, {{Connect("first", "Approved", "tell")}}, {{Connect("tell", "Done", "second")}}, {{Connect("second", "Approved", "end")}},
              {{Connect("first", "Rejected", "end")}}, {{Connect("first", "Returned", "end")}}, {{Connect("second", "Rejected", "end")}}, {{Connect("second", "Returned", "end")}}
            ]
          }
        }
        """;

    private static string Literal(string type, string value) => $$"""{ "typeName": "{{type}}", "expression": { "type": "Literal", "value": "{{value}}" } }""";

    private static string Connect(string from, string port, string to) => $$"""{ "source": { "activity": "{{from}}", "port": "{{port}}" }, "target": { "activity": "{{to}}", "port": "In" } }""";
}
