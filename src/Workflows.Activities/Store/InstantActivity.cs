using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;

namespace Workflows.Activities.Store;

/// <summary>Notes the present instant, or one that lies a span ahead of it or before it, or of another instant.</summary>
[Activity("Store.Instant", Category = "Store", Zh = "记录时间点", En = "Note an instant",
    DescriptionZh = "记录当前时间，可加上或减去一段时长，供截止时间使用。", DescriptionEn = "The present instant plus or minus a span, for deadlines.")]
internal sealed class InstantActivity : CodeActivity
{
    [Input(Zh = "从何时算起", En = "From", DescriptionZh = "不填则为当前时间。")]
    public DateTimeOffset? From { get; set; }

    [Input(Zh = "加上时长", En = "Plus")]
    public TimeSpan Plus { get; set; }

    [Input(Zh = "减去时长", En = "Minus")]
    public TimeSpan Minus { get; set; }

    [Output(Zh = "时间点", En = "Instant")]
    public DateTimeOffset? Instant { get; set; }

    protected override void Run(ActivityContext context) => Instant = (From ?? context.Now) + Plus - Minus;
}
