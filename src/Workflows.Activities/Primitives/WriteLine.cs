using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Primitives;

/// <summary>Elsa prints to the host's console; a burst does no I/O, so the text is a journal entry and the host prints those.</summary>
[Activity("Elsa.WriteLine", Category = "Primitives", Zh = "输出一行", En = "Write line",
    DescriptionZh = "把一行文字写入流程记录。", DescriptionEn = "Writes a line of text into the journal.")]
internal sealed class WriteLine : CodeActivity
{
    public const string EventName = "WriteLine";

    [Input(Zh = "文字", En = "Text")]
    public string? Text { get; set; }

    protected override void Run(ActivityContext context) => context.Journal(EventName, Text ?? "");
}
