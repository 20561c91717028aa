using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Store;

/// <summary>Branches on one field of a filled form.</summary>
[Activity("Store.FieldIs", Category = "Store", Zh = "按表单选择", En = "Field is",
    DescriptionZh = "表单某一项等于给定内容时走“是”，否则走“否”。", DescriptionEn = "True when a field of a form equals the given text.")]
[Outcome("True", Zh = "是", En = "True")]
[Outcome("False", Zh = "否", En = "False")]
internal sealed class FieldIs : CodeActivity
{
    [Input(Zh = "表单内容", En = "Form values", Required = true)]
    public JsonNode? Data { get; set; }

    [Input(Zh = "项", En = "Field", Required = true)]
    public string Field { get; set; } = "";

    [Input(Zh = "等于", En = "Equals", Required = true)]
    public string Expected { get; set; } = "";

    protected override void Run(ActivityContext context) =>
        context.Complete(ValueConverter.Text((Data as JsonObject)?[Field]) == Expected ? "True" : "False");
}
