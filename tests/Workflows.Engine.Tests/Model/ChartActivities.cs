using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Tests.Model;

/// <summary>Completes at once.</summary>
[Activity("Chart.Step", Category = "Test", Zh = "步骤", En = "Step")]
public sealed class ChartStep : CodeActivity
{
    protected override void Run(ActivityContext context)
    {
    }
}

/// <summary>Waits; completes with the outcomes that come with the resume.</summary>
[Activity("Chart.Task", Category = "Test", Zh = "任务", En = "Task")]
[Outcome("Done")]
[Outcome("Other")]
public sealed class ChartTask : Activity
{
    public override void Execute(ActivityContext context) => context.Wait("Chart.Task", null);

    public override void Resume(ActivityContext context, Resumption resumption) =>
        context.Complete([.. resumption.Payload!.AsArray().Select(o => o!.GetValue<string>())]);
}

/// <summary>Always fails.</summary>
[Activity("Chart.Fail", Category = "Test", Zh = "失败", En = "Fail")]
public sealed class ChartFail : CodeActivity
{
    protected override void Run(ActivityContext context) => throw new ActivityFailure("as-asked", "made to fail");
}

/// <summary>"Answers" {variable, answers: "TTF"}: the next letter at each evaluation, the last one for ever; the variable counts.</summary>
internal sealed class AnswersLanguage : ExpressionLanguage
{
    public override string Type => "Answers";

    public override CompiledExpression Compile(Expression expression, Type? targetType)
    {
        var variable = (string)expression.Value!["variable"]!;
        var answers = (string)expression.Value["answers"]!;
        return scope =>
        {
            if (!scope.TryGetVariable(variable, out var count))
                throw new ExpressionError($"no variable {variable}");
            var time = (int?)count ?? 0;
            scope.TrySetVariable(variable, JsonValue.Create(time + 1));
            return JsonValue.Create(answers[Math.Min(time, answers.Length - 1)] == 'T');
        };
    }
}
