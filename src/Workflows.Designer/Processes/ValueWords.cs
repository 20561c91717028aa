using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Designer.Api;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Organisation;

namespace Workflows.Designer.Processes;

/// <summary>Says what stands in a definition as a manager would: "24 小时", "店铺运营经理", "是".</summary>
internal sealed class ValueWords(ActivityCatalogue catalogue, OrganisationSnapshot organisation, bool isChinese)
{
    private const int Longest = 60;

    public Wording Wording { get; } = new(isChinese);

    public string T(string zh, string en) => isChinese ? zh : en;

    public string TypeName(string type) => catalogue.Find(type) is { } known ? isChinese ? known.Info.Zh : known.Info.En : type;

    public InputDescriptor? FindInput(string type, string member) => catalogue.Find(type)?.Inputs.FirstOrDefault(i => i.Name.Equals(member, StringComparison.OrdinalIgnoreCase));

    /// <summary>Label of an input or output; the member's name where the type is not known.</summary>
    public string Label(string type, string member)
    {
        if (FindInput(type, member) is { } input)
            return (isChinese ? input.Info.Zh : input.Info.En) ?? member;
        var output = catalogue.Find(type)?.Outputs.FirstOrDefault(o => o.Name.Equals(member, StringComparison.OrdinalIgnoreCase));
        return output is null ? member : T("结果 ", "output ") + ((isChinese ? output.Info.Zh : output.Info.En) ?? member);
    }

    public string Port(string type, string port)
    {
        var outcome = catalogue.Find(type)?.Outcomes.FirstOrDefault(o => o.Name == port);
        return (isChinese ? outcome?.Zh : outcome?.En) ?? port switch { "Done" => T("完成", "Done"), "True" => T("是", "True"), "False" => T("否", "False"), "Default" => T("其他", "Default"), _ => port };
    }

    /// <summary>An input as it stands in an activity: a wrapped expression, or a bare value.</summary>
    public string Input(string type, string member, JsonNode? value, IReadOnlyDictionary<string, string> variables)
    {
        var input = FindInput(type, member);
        if (value is null)
            return input?.Default is { } initial ? Plain(initial, input) + T("（默认）", " (default)") : T("未填", "not given");
        if (value is not JsonObject json || !ActivityShape.IsWrapped(json))
            return Plain(value, input);
        if (json.Object("memoryReference")?.Text("id") is { } variable && json["expression"] is null)
            return T("变量 ", "variable ") + variables.GetValueOrDefault(variable, variable);
        if (json.Object("expression") is not { } expression)
            return T("未填", "not given");
        return expression.Text("type") switch
        {
            null or "Literal" or "Object" or "Json" => Plain(expression["value"], input),
            "Variable" => T("变量 ", "variable ") + NameOf(expression["value"], variables),
            "Input" => T("申请表 ", "form field ") + NameOf(expression["value"], variables),
            "JavaScript" => T("表达式 ", "expression ") + Cut(ValueConverter.Text(expression["value"]) ?? ""),
            "Liquid" => T("模板 ", "template ") + Cut(ValueConverter.Text(expression["value"]) ?? ""),
            var syntax => $"{syntax} {Cut(ValueConverter.Text(expression["value"]) ?? "")}",
        };
    }

    /// <summary>A literal as the input's type means it.</summary>
    public string Plain(JsonNode? value, InputDescriptor? input)
    {
        var text = ValueConverter.Text(value)?.Trim() ?? "";
        if (text.Length == 0)
            return T("空", "empty");
        var clr = input is null ? null : Nullable.GetUnderlyingType(input.ClrType) ?? input.ClrType;
        if (clr == typeof(TimeSpan))
            return Duration(text);
        if (clr == typeof(bool) || text is "True" or "False" or "true" or "false")
            return text is "True" or "true" ? T("是", "yes") : text is "False" or "false" ? T("否", "no") : Cut(text);
        if (List(value) is { } items)
            return items.Count == 0 ? T("空", "empty") : Cut(string.Join(isChinese ? "、" : ", ", items.Select(i => Choice(i, input))));
        return Cut(Choice(text, input));
    }

    /// <summary>"1.00:00:00" is 24 小时, "7.00:00:00" is 7 天.</summary>
    public string Duration(string text)
    {
        TimeSpan span;
        try
        {
            span = (TimeSpan)ValueConverter.To(JsonValue.Create(text), typeof(TimeSpan))!;
        }
        catch (ExpressionError)
        {
            return text;
        }

        if (span == TimeSpan.Zero)
            return T("0", "0");
        if (span.Ticks % TimeSpan.TicksPerDay == 0 && span.TotalDays >= 3)
            return span.TotalDays.ToString("0", CultureInfo.InvariantCulture) + T(" 天", " days");
        if (span.Ticks % TimeSpan.TicksPerHour == 0)
            return span.TotalHours.ToString("0", CultureInfo.InvariantCulture) + T(" 小时", " hours");
        if (span.Ticks % TimeSpan.TicksPerMinute == 0 && span.TotalHours < 24)
            return span.TotalMinutes.ToString("0", CultureInfo.InvariantCulture) + T(" 分钟", " minutes");
        return text;
    }

    private string Choice(string value, InputDescriptor? input)
    {
        if (value.StartsWith("role:", StringComparison.Ordinal))
            return ActivityDescriptors.RoleName(value["role:".Length..], organisation);
        if (input is null)
            return value;
        var option = Array.IndexOf(input.Info.Options, value);
        if (option >= 0 && isChinese && input.Info.OptionsZh.ElementAtOrDefault(option) is { } label)
            return label;
        return (input.Info.Source ?? (input.Name == "roles" ? InputSources.Roles : input.Name is "users" or "notBy" or "excluded" ? InputSources.People : null)) switch
        {
            InputSources.Roles => ActivityDescriptors.RoleName(value, organisation),
            InputSources.People => organisation.DisplayName(value),
            InputSources.Approvers => value switch
            {
                InputSources.ApproverManager => T("申请人的上级", "the applicant's manager"),
                InputSources.ApproverDepartmentHead => T("申请人的部门负责人", "the head of the applicant's department"),
                InputSources.ApproverChosen => T("由申请人选择", "whom the applicant chooses"),
                _ => organisation.DisplayName(value),
            },
            _ => value,
        };
    }

    private static List<string>? List(JsonNode? value)
    {
        if (value is JsonArray array)
            return [.. array.Select(i => ValueConverter.Text(i) ?? "")];
        if (ValueConverter.Text(value)?.Trim() is not { } text || !text.StartsWith('['))
            return null;
        try
        {
            return JsonNode.Parse(text) is JsonArray parsed && parsed.All(i => i is JsonValue) ? [.. parsed.Select(i => ValueConverter.Text(i) ?? "")] : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>Name of the variable or input an expression refers to; Studio writes the reference as JSON in a text.</summary>
    private static string NameOf(JsonNode? value, IReadOnlyDictionary<string, string> variables)
    {
        var reference = value as JsonObject;
        if (reference is null && ValueConverter.Text(value) is { } text && text.TrimStart().StartsWith('{'))
        {
            try
            {
                reference = JsonNode.Parse(text) as JsonObject;
            }
            catch (System.Text.Json.JsonException)
            {
                return Cut(text);
            }
        }

        if (reference is null)
            return Cut(ValueConverter.Text(value) ?? "");
        return reference.Text("id") is { } id && variables.TryGetValue(id, out var name) ? name : reference.Text("name") ?? reference.Text("id") ?? "";
    }

    private static string Cut(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length > Longest ? line[..Longest] + "…" : line;
    }
}
