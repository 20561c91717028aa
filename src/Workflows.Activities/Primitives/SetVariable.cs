using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Primitives;

[Activity("Elsa.SetVariable", Category = "Primitives", Zh = "设置变量", En = "Set variable",
    DescriptionZh = "给变量赋值；值按变量的类型转换。", DescriptionEn = "Sets a variable; the value is converted to the variable's type.")]
internal sealed class SetVariable : CodeActivity
{
    [Input(Zh = "变量", En = "Variable", Hint = "variable-picker", Wrapped = false, Required = true)]
    public JsonNode? Variable { get; set; }

    [Input(Zh = "值", En = "Value")]
    public JsonNode? Value { get; set; }

    protected override void Run(ActivityContext context)
    {
        var id = ValueConverter.Text(Variable is JsonObject named ? named["id"] : Variable);
        if (id is null || Declaration(context.Node, id) is not { } declaration || !context.SetVariable(id, Converted(declaration)))
            throw new ActivityFailure("unknown-variable", $"找不到变量“{id}” (variable {id} is not in scope)");
    }

    private JsonNode? Converted(VariableDeclaration declaration) =>
        Value is null || TypeNames.Find(declaration.TypeName, declaration.IsArray) is not { } type
            ? Value
            : ValueConverter.ToJson(ValueConverter.To(Value, type));

    private static VariableDeclaration? Declaration(ActivityNode node, string id)
    {
        for (var at = node; at is not null; at = at.Parent)
        {
            if (at.Variables.FirstOrDefault(v => v.Id == id) is { } declaration)
                return declaration;
        }

        return null;
    }
}
