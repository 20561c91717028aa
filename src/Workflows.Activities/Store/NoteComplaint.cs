using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Notes what became of a complaint; the times of the first answer and the first solution are what the monthly review counts (catalogue 5.4, 5.5).</summary>
[Activity("Store.NoteComplaint", Category = "Store", Zh = "更新投诉状态", En = "Note complaint", Kind = ActivityKind.Task,
    DescriptionZh = "更新投诉单的状态、类别、原因或满意度。", DescriptionEn = "Updates state, class, cause or satisfaction of a complaint.")]
internal sealed class NoteComplaint : StoreActivity
{
    [Input(Zh = "投诉编号", En = "Complaint", Required = true)]
    public string Complaint { get; set; } = "";

    [Input(Zh = "状态", En = "State", Required = true, Hint = "dropdown", Options = ["received", "replied", "solved", "reopened", "invalid", "dispute", "closed"],
        OptionsZh = ["已受理", "已回复", "已解决", "重新处理", "无效", "纠纷", "已关闭"])]
    public string State { get; set; } = "";

    [Input(Zh = "类别", En = "Class")]
    public string? Class { get; set; }

    [Input(Zh = "原因", En = "Cause")]
    public string? Cause { get; set; }

    [Input(Zh = "满意度（1–5）", En = "Satisfaction (1 to 5)")]
    public int? Satisfaction { get; set; }

    protected override StoreOperation OperationOf(ActivityContext context) => new StoreOperation.NoteComplaint(Complaint, State, Class, Cause, Satisfaction);
}
