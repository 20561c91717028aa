using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.ControlFlow;

[Activity("Elsa.ForEach", Category = "Looping", Zh = "逐项循环", En = "For each", IsContainer = true,
    DescriptionZh = "对列表中的每一项依次执行循环体。", DescriptionEn = "Runs the body for each item of a list, one after another.")]
internal class ForEach : Activity
{
    private const string Index = "index";

    [Input(Zh = "列表", En = "Items", Hint = "multiline", AutoEvaluate = false)]
    public JsonNode? Items { get; set; }

    [Output(Zh = "当前项", En = "Current value")]
    public JsonNode? CurrentValue { get; set; }

    [Branch(Zh = "循环体", En = "Body")]
    public ActivityNode? Body { get; set; }

    public override void Execute(ActivityContext context) => Round(context, context.Get<int>(Index));

    public override void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        // Counted before the list is read: if reading fails, a retry goes on with this item and not with the last one again.
        var index = context.Get<int>(Index) + 1;
        context.Set(Index, index);
        Round(context, index);
    }

    public override bool Receive(ActivityContext context, Signal signal) => Loop.EndsWith(context, signal);

    private void Round(ActivityContext context, int index)
    {
        var items = Body is null ? [] : Loop.Items(context.Evaluate<JsonNode>("items"));
        if (index >= items.Count)
        {
            context.Complete();
            return;
        }

        CurrentValue = items[index]?.DeepClone();
        context.Set(Index, index);
        context.Schedule(Body!, variables: Loop.Variables(items[index], index));
    }
}

/// <summary>Elsa's generic form, the one its designer writes.</summary>
[Activity("Elsa.ForEach`1", Category = "Looping", Zh = "逐项循环", En = "For each", IsContainer = true, IsBrowsable = false,
    DescriptionZh = "对列表中的每一项依次执行循环体。", DescriptionEn = "Runs the body for each item of a list, one after another.")]
internal sealed class ForEachOfType : ForEach;
