using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;

namespace Workflows.Activities.ControlFlow;

[Activity("Elsa.ParallelForEach", Category = "Looping", Zh = "并行逐项", En = "Parallel for each", IsContainer = true,
    DescriptionZh = "对列表中的每一项同时开始循环体，全部完成后结束。", DescriptionEn = "Starts the body for every item at once and ends when all have completed.")]
internal class ParallelForEach : Activity
{
    private const string Open = "open";

    [Input(Zh = "列表", En = "Items", Hint = "multiline")]
    public JsonNode? Items { get; set; }

    [Branch(Zh = "循环体", En = "Body")]
    public ActivityNode? Body { get; set; }

    public override void Execute(ActivityContext context)
    {
        var items = Body is null ? [] : Loop.Items(Items);
        context.Set(Open, items.Count);
        for (var i = 0; i < items.Count; i++)
            context.Schedule(Body!, i.ToString(CultureInfo.InvariantCulture), Loop.Variables(items[i], i));
        if (items.Count == 0)
            context.Complete();
    }

    public override void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        var open = context.Get<int>(Open) - 1;
        context.Set(Open, open);
        if (open == 0)
            context.Complete();
    }
}

/// <summary>Elsa's generic form, the one its designer writes.</summary>
[Activity("Elsa.ParallelForEach`1", Category = "Looping", Zh = "并行逐项", En = "Parallel for each", IsContainer = true, IsBrowsable = false,
    DescriptionZh = "对列表中的每一项同时开始循环体，全部完成后结束。", DescriptionEn = "Starts the body for every item at once and ends when all have completed.")]
internal sealed class ParallelForEachOfType : ParallelForEach;
