using System.Text;

namespace Workflows.Benchmarks;

/// <summary>
/// One durable transition as bare rows: what the engine writes for the workload "approval", without an engine. Step 0
/// starts (instance, first task and deadline), step 1 decides (one notice, second task and deadline), step 2 ends.
/// </summary>
internal readonly record struct RawRow(string Instance, int Step)
{
    /// <summary>About the size of the engine's stored state with a 1 KB input.</summary>
    public static readonly byte[] State = Encoding.UTF8.GetBytes("{\"input\":\"" + new string('x', 1024) + "\",\"executions\":[" + new string(' ', 1100) + "]}");

    public const string TaskDocument = "{\"title\":\"主管审核\",\"kind\":\"Approval\",\"actions\":[\"approve\",\"reject\",\"return\"],\"reason\":\"因为您是主管\",\"createdAt\":\"2026-11-23T01:00:00Z\"}";

    public const string Journal = "[{\"sequence\":1,\"event\":\"Started\"},{\"sequence\":2,\"event\":\"Completed\",\"nodeId\":\"Workflow1:fc:a\"},{\"sequence\":3,\"event\":\"TaskCreated\",\"nodeId\":\"Workflow1:fc:b\"}]";

    public const string Notice = "{\"to\":\"activity_owner\",\"subject\":\"申请已通过主管审核\",\"body\":\"您的申请已通过主管审核，正在等待经理审批。\"}";

    public string Task(int step) => $"{Instance}-t{step}";

    public string Timer(int step) => $"{Instance}-w{step}";
}
