using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Storage;

namespace Workflows.Designer.Api;

/// <summary>What Studio asks at its start: activities, syntaxes, types, strategies. Everything answers, empty lists where we have nothing: a missing one breaks Studio's panels.</summary>
internal static class DescriptorEndpoints
{
    private const string InstanceDriver = "Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core";

    public static void MapDescriptors(this IEndpointRouteBuilder api)
    {
        api.MapGet("/descriptors/activities", async (StudioCall call, Toolbox toolbox) => StudioAnswers.Kept(call.Http, await toolbox.GetAsync(call.IsChinese, call.Aborted)));
        api.MapPost("/descriptors/activities/{type}/options/{property}", (StudioCall call) => Json.Answer(new JsonObject { ["items"] = new JsonObject() }));
        api.MapGet("/descriptors/expression-descriptors", (StudioCall call) => StudioAnswers.Kept(call.Http, Json.List(
        [
            Syntax("Literal", call.T("固定值", "Literal"), false),
            Syntax("Object", call.T("对象", "Object"), false, "json"),
            Syntax("Variable", call.T("流程变量", "Variable"), true),
            Syntax("Input", call.T("申请表字段", "Input"), true),
            Syntax("JavaScript", call.T("表达式 (JavaScript)", "JavaScript"), true, "javascript"),
            Syntax("Liquid", call.T("文字模板 (Liquid)", "Liquid"), true, "liquid"),
        ])));
        api.MapGet("/descriptors/variables", (StudioCall call) => StudioAnswers.Kept(call.Http, new JsonObject
        {
            ["items"] = Json.Array([Variable("String", call.T("文本", "Text")), Variable("Boolean", call.T("是/否", "Yes or no")), Variable("Int32", call.T("整数", "Whole number")), Variable("Int64", call.T("大整数", "Large whole number")),
                Variable("Decimal", call.T("金额", "Amount")), Variable("Double", call.T("小数", "Number")), Variable("TimeSpan", call.T("时长", "Duration")), Variable("DateTimeOffset", call.T("日期时间", "Date and time")), Variable("Object", call.T("数据", "Data"))]),
        }));
        api.MapGet("/descriptors/storage-drivers", (StudioCall call) => StudioAnswers.Kept(call.Http, new JsonObject
        {
            ["items"] = new JsonArray(
                new JsonObject { ["typeName"] = InstanceDriver, ["displayName"] = call.T("随流程保存", "Kept with the instance"), ["priority"] = 0, ["deprecated"] = false },
                new JsonObject { ["typeName"] = "Elsa.Workflows.MemoryStorageDriver, Elsa.Workflows.Core", ["displayName"] = call.T("不保存（等待后丢失）", "Lost when it waits"), ["priority"] = 1, ["deprecated"] = false }),
        }));
        api.MapGet("/descriptors/incident-strategies", (StudioCall call) => StudioAnswers.Kept(call.Http, Json.List(
        [
            Strategy("Elsa.Workflows.IncidentStrategies.FaultStrategy, Elsa.Workflows.Core", call.T("出错即停止", "Fault"), call.T("一步出错，整个流程停下，等人处理。", "An incident ends the instance.")),
            Strategy("Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, Elsa.Workflows.Core", call.T("其他分支继续", "Continue with incidents"), call.T("出错的一步等人处理，其他分支照常。", "Other branches go on.")),
        ])));
        api.MapGet("/descriptors/workflow-activation-strategies", (StudioCall call) => StudioAnswers.Kept(call.Http, Json.List(
        [
            Strategy("Elsa.Workflows.Activation.AllowAlwaysStrategy, Elsa.Workflows.Core", call.T("总是可以发起", "Always"), ""),
            Strategy("Elsa.Workflows.Activation.SingletonStrategy, Elsa.Workflows.Core", call.T("同时只能有一个", "Singleton"), call.T("已有一个在进行时，不能再发起。", "One running instance at most.")),
            Strategy("Elsa.Workflows.Activation.CorrelationStrategy, Elsa.Workflows.Core", call.T("同一业务编号只能有一个（所有流程）", "Correlation"), ""),
            Strategy("Elsa.Workflows.Activation.CorrelatedSingletonStrategy, Elsa.Workflows.Core", call.T("同一业务编号只能有一个（本流程）", "Correlated singleton"), ""),
        ])));
        foreach (var empty in new[] { "/descriptors/log-persistence-strategies", "/descriptors/commit-strategies/workflows", "/descriptors/commit-strategies/activities", "/descriptors/output-converters", "/resilience/strategies", "/workflow-contexts/provider-descriptors" })
            api.MapGet(empty, (StudioCall call) => Json.Answer(Json.List([])));
        api.MapGet("/resilience/retries/{id}", (StudioCall call) => Json.Answer(new JsonObject { ["items"] = new JsonArray(), ["totalCount"] = 0 }));
        api.MapGet("/features/installed", (StudioCall call) => Json.Answer(Json.List([Feature])));
        api.MapGet("/features/installed/{name}", (string name, StudioCall call) => name == (string?)Feature["fullName"] ? Json.Answer(Feature) : StudioAnswers.NotFound);
        api.MapGet("/package/version", (StudioCall call) => Json.Answer(new JsonObject { ["packageVersion"] = "3.8.2" }));
        api.MapPost("/tests/activities", (StudioCall call) => StudioAnswers.Refused(call.T("不能单独试运行一个步骤：它会真的通知和操作店铺。", "A single step cannot be tried: it would act for real.")));
        api.MapPost("/scripting/javascript/type-definitions/{definitionId}", TypeDefinitionsAsync);

        JsonObject Syntax(string type, string name, bool isBrowsable, string? editor = null) => new()
        {
            ["type"] = type,
            ["displayName"] = name,
            ["isSerializable"] = true,
            ["isBrowsable"] = isBrowsable,
            ["properties"] = editor is null ? [] : new JsonObject { ["MonacoLanguage"] = editor },
        };
        JsonObject Variable(string type, string name) => new() { ["typeName"] = type, ["displayName"] = name, ["category"] = "", ["description"] = null };
    }

    /// <summary>Live updates of the instance viewer.</summary>
    private static JsonObject Feature => new()
    {
        ["name"] = "RealTimeWorkflowUpdates",
        ["namespace"] = "Elsa",
        ["fullName"] = "Elsa.RealTimeWorkflowUpdates",
        ["displayName"] = "Real-time workflow updates",
        ["description"] = "",
    };

    private static JsonObject Strategy(string type, string name, string description) => new() { ["typeName"] = type, ["displayName"] = name, ["description"] = description };

    /// <summary>What completion in the code editor knows: the values of this definition, by the names scripts use.</summary>
    private static async Task<IResult> TypeDefinitionsAsync(string definitionId, StudioCall call, IDefinitionStore store)
    {
        if (!call.Person.MayRead(definitionId) || await store.FindAsync(definitionId, VersionKind.Latest, call.Aborted) is not { } latest)
            return Results.Text("", "text/plain");
        var document = DefinitionReader.ReadStored(latest.Document).Json;
        var text = new StringBuilder("""
            declare function getVariable(name: string): any;
            declare function setVariable(name: string, value: any): void;
            declare function getInput(name: string): any;
            declare function getOutputFrom(activityId: string, output?: string): any;
            declare function getLastResult(): any;
            declare function getWorkflowInstanceId(): string;
            declare function getWorkflowInstanceName(): string;
            declare function getCorrelationId(): string;
            declare function setCorrelationId(value: string): void;
            declare function newGuid(): string;
            declare const variables: {

            """);
        foreach (var variable in document.Objects("variables"))
            Member(variable, "typeName");
        text.Append("};\n");
        foreach (var (member, prefix) in new[] { ("variables", "Variable") })
        {
            foreach (var variable in document.Objects(member).Where(v => IsName(v.Text("name"))))
                text.Append($"declare function get{Pascal(variable.Text("name")!)}(): {TypeScript(variable.Text("typeName"))};\n");
        }

        foreach (var input in document.Objects("inputs").Where(i => IsName(i.Text("name"))))
            text.Append($"/** {Comment(input.Text("displayName"))} */\ndeclare function get{Pascal(input.Text("name")!)}(): {TypeScript(input.Text("type"))};\n");
        return Results.Text(text.ToString(), "text/plain");

        void Member(JsonObject variable, string type)
        {
            if (IsName(variable.Text("name")))
                text.Append($"  {variable.Text("name")}: {TypeScript(variable.Text(type))};\n");
        }
    }

    private static bool IsName(string? name) => name is { Length: > 0 } && (char.IsLetter(name[0]) || name[0] == '_') && name.All(c => char.IsLetterOrDigit(c) || c == '_');

    private static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static string Comment(string? text) => (text ?? "").Replace("*/", "", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static string TypeScript(string? type) => type switch
    {
        "String" or "TimeSpan" or "DateTimeOffset" or "DateTime" or "Guid" => "string",
        "Boolean" => "boolean",
        "Int32" or "Int64" or "Decimal" or "Double" or "Single" => "number",
        _ => "any",
    };
}
