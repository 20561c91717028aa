using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Store;

/// <summary>Finds the next evaluation checkpoint that has no snapshot yet.</summary>
[Activity("Store.NextCheckpoint", Category = "Store", Zh = "下一个评估点", En = "Next checkpoint",
    DescriptionZh = "按评估天数和已有记录找出下一个评估点。", DescriptionEn = "The next day of the list without a snapshot.")]
[Outcome("Next", Zh = "还有", En = "Next")]
[Outcome("Finished", Zh = "已全部完成", En = "Finished")]
internal sealed class NextCheckpoint : CodeActivity
{
    [Input(Zh = "评估天数", En = "Days", Required = true, Syntax = "Object", DescriptionZh = "从起算时间起的天数，例如 [1,3,7,14]。")]
    public int[] Days { get; set; } = [];

    [Input(Zh = "起算时间", En = "Since", Required = true)]
    public DateTimeOffset Since { get; set; }

    [Input(Zh = "已有记录", En = "Snapshots")]
    public JsonArray? Snapshots { get; set; }

    [Output(Zh = "第几天", En = "Day")]
    public int? Day { get; set; }

    [Output(Zh = "评估时间", En = "Due at")]
    public DateTimeOffset? DueAt { get; set; }

    protected override void Run(ActivityContext context)
    {
        var done = Snapshots?.Count ?? 0;
        if (done >= Days.Length)
        {
            context.Complete("Finished");
            return;
        }

        Day = Days[done];
        DueAt = Since + TimeSpan.FromDays(Days[done]);
        context.Complete("Next");
    }

    public override IEnumerable<NodeFault> Validate(Workflows.Engine.Definitions.ActivityNode node) =>
        Days.Zip(Days.Skip(1)).Any(pair => pair.First >= pair.Second) || Days.Any(d => d <= 0)
            ? [new NodeFault("checkpoint-days", "评估天数必须大于 0 并递增", "checkpoint days must be positive and increasing")]
            : [];
}
