using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Outbox;

namespace Workflows.Activities.Events;

/// <summary>
/// Asks a program outside for work and waits. The bookmark's name is "Elsa.RunTask", its stimulus {TaskId} (shared; the name is no
/// part of the hash), its payload {TaskId, TaskName}; resuming it with a value makes that the result. Effect <c>webhook.run-task</c>
/// {taskId, taskName, payload?, instanceId, definitionId, correlationId?} tells the outside, after the bookmark is stored. Class notice, not awaited.
/// </summary>
[Activity("Elsa.RunTask", Category = "Primitives", Zh = "运行外部任务", En = "Run task",
    DescriptionZh = "请外部程序执行任务并等待结果。", DescriptionEn = "Asks an outside program to run a task and waits for its result.")]
internal sealed class RunTask : Activity
{
    public const string TypeName = "Elsa.RunTask";

    [Input(Zh = "任务名称", En = "Task name", Required = true)]
    public string TaskName { get; set; } = "";

    [Input(Zh = "内容", En = "Payload", Hint = "multiline")]
    public JsonNode? Payload { get; set; }

    [Output(Zh = "任务编号", En = "Task ID")]
    public string? TaskId { get; set; }

    [Output(Zh = "结果", En = "Result")]
    public JsonNode? Result { get; set; }

    public override void Execute(ActivityContext context)
    {
        TaskId = context.NewId();
        context.Wait(TypeName, new JsonObject { [nameof(TaskId)] = TaskId }, shared: true, payload: new JsonObject { [nameof(TaskId)] = TaskId, [nameof(TaskName)] = TaskName });
        var request = new JsonObject
        {
            ["taskId"] = TaskId,
            ["taskName"] = TaskName,
            ["instanceId"] = context.InstanceId,
            ["definitionId"] = context.Graph.DefinitionId,
        };
        if (context.CorrelationId is { } correlation)
            request["correlationId"] = correlation;
        if (Payload is not null)
            request["payload"] = Payload.DeepClone();
        context.Perform("webhook.run-task", request, EffectClass.Notice, wait: false);
    }

    public override void Resume(ActivityContext context, Resumption resumption)
    {
        Result = resumption.Payload;
        context.Complete();
    }
}
