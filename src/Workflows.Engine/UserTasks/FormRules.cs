using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript;
using Workflows.Engine.Expressions.JavaScript.Patterns;
using Workflows.Engine.Fields;
using Workflows.Engine.Organisation;

namespace Workflows.Engine.UserTasks;

/// <summary>
/// Checks a filled form against the part of JSON Schema that task forms use: type, required, enum, const, minimum, maximum (and both
/// exclusive), minLength, maxLength, pattern, the formats date, date-time and email, minItems, maxItems, lists and detail tables cell by
/// cell, people (<c>x-widget</c> or <c>format</c>: person, people), and unknown fields. A field's own words: <c>x-patternHint</c> and
/// <c>x-mismatch</c> say what is expected, each with <c>-en</c> for English. A rule that makes no sense asks for nothing.
/// </summary>
public static class FormRules
{
    private const int MostNamed = 8;

    // Room for what a page offers, far below what could keep a host busy.
    private const int MostFaults = 100;

    private static readonly Dictionary<string, FieldReason> None = [];

    /// <returns>By field; a cell of a table is "lines.0.count", the form as a whole "".</returns>
    public static IReadOnlyDictionary<string, FieldReason> Check(JsonNode? schema, JsonNode? form, OrganisationSnapshot? people = null)
    {
        if (form is not (null or JsonObject))
            return new Dictionary<string, FieldReason> { [""] = FieldReason.WrongType("一个对象（字段名和值）", "an object of fields and values") };
        if (schema is not JsonObject { } rules || rules["properties"] is not JsonObject)
            return schema is null && form is JsonObject { Count: > 0 } ? new Dictionary<string, FieldReason> { [""] = new("no-form", "此任务没有表单", "this task has no form") } : None;
        var errors = new Dictionary<string, FieldReason>();
        CheckObject(rules, form as JsonObject ?? [], "", people, errors);
        return errors;
    }

    private static void CheckObject(JsonObject rules, JsonObject given, string prefix, OrganisationSnapshot? people, Dictionary<string, FieldReason> errors)
    {
        var properties = rules["properties"] as JsonObject ?? [];
        foreach (var name in (rules["required"] as JsonArray ?? []).Select(Text).OfType<string>())
        {
            if (given[name] is null or JsonArray { Count: 0 } || (given[name] is JsonValue v && v.TryGetValue(out string? text) && string.IsNullOrWhiteSpace(text)))
                errors[prefix + name] = FieldReason.Missing;
        }

        foreach (var (name, value) in given)
        {
            if (errors.Count >= MostFaults)
                return;
            if (properties[name] is not JsonObject rule)
                errors[prefix + name] = new("unknown-field", "表单中没有此项", "the form has no such field");
            else if (IsReadOnly(rule) && !JsonNode.DeepEquals(rule["default"], value))
                errors[prefix + name] = new("read-only", "此项只读，不能修改", "this field is read-only and cannot be changed");
            else if (value is not null && !errors.ContainsKey(prefix + name))
                CheckValue(rule, value, prefix + name, people, errors);
        }
    }

    private static void CheckValue(JsonObject rule, JsonNode value, string name, OrganisationSnapshot? people, Dictionary<string, FieldReason> errors)
    {
        if (Breach(rule, value, people) is { } breach)
        {
            errors[name] = breach;
            return;
        }

        if (value is not JsonArray list || rule["items"] is not JsonObject items)
            return;
        for (var i = 0; i < list.Count && errors.Count < MostFaults; i++)
        {
            if (list[i] is JsonObject row && items["properties"] is JsonObject)
                CheckObject(items, row, $"{name}.{i}.", people, errors);
            else if (list[i] is null || Breach(items, list[i]!, people) is not null)
            {
                // A list is one field on the page: its first wrong entry is told with its place.
                var reason = list[i] is { } entry ? Breach(items, entry, people)! : FieldReason.Missing;
                errors[name] = reason with { Zh = $"第 {i + 1} 项：{reason.Zh}", En = $"entry {i + 1}: {reason.En}" };
                return;
            }
        }
    }

    private static bool IsReadOnly(JsonObject rule) => rule["readOnly"] is JsonValue flag && flag.TryGetValue(out bool isReadOnly) && isReadOnly;

    private static FieldReason? Breach(JsonObject rule, JsonNode value, OrganisationSnapshot? people)
    {
        var kind = value.GetValueKind();
        // A list of types is JSON Schema too: any of them fits.
        var types = rule["type"] is JsonArray several ? several.Select(Text).ToList() : [Text(rule["type"])];
        if (types.Count > 0 && !types.Any(type => Fits(type, kind, value)))
            return FieldReason.WrongType(string.Join("或", types.Where(t => t is not (null or "null")).Select(t => TypeWords(t!).Zh)), string.Join(" or ", types.Where(t => t is not (null or "null")).Select(t => TypeWords(t!).En)));
        if (rule["const"] is { } only && !JsonNode.DeepEquals(only, value))
            return Own(rule, "x-mismatch", "mismatch") ?? new("mismatch", "与要求的内容不一致，请按说明逐字填写", "not what is asked for; fill it in letter by letter as described");
        if (rule["enum"] is JsonArray choices && !choices.Any(c => JsonNode.DeepEquals(c, value)))
            return NotAChoice(choices, rule["x-enumLabels"] as JsonArray);
        return kind switch
        {
            JsonValueKind.String => TextBreach(rule, (string)value!, people),
            JsonValueKind.Number => NumberBreach(rule, value),
            JsonValueKind.Array => ListBreach(rule, value.AsArray(), people),
            _ => null,
        };
    }

    private static FieldReason? TextBreach(JsonObject rule, string text, OrganisationSnapshot? people)
    {
        var length = new StringInfo(text).LengthInTextElements;
        if (Number(rule["minLength"]) is { } min && length < min)
            return FieldReason.TooShort(rule["minLength"]!.ToJsonString());
        if (Number(rule["maxLength"]) is { } max && length > max)
            return FieldReason.TooLong(rule["maxLength"]!.ToJsonString());
        // What may be left empty has no form to keep to.
        if (text.Length == 0)
            return null;
        var (format, widget) = (Text(rule["format"]), Text(rule["x-widget"]));
        if ((widget ?? format) == "person" && people is not null && people.Find(text) is null)
            return FieldReason.UnknownPerson(text);
        if (format == "date" && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            return new("format", "须为日期，如 2026-11-27", "this must be a date, for example 2026-11-27");
        if (format == "date-time" && !(text.Length > 10 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)))
            return new("format", "须为日期和时间，如 2026-11-27T14:30:00+08:00", "this must be a date with a time, for example 2026-11-27T14:30:00+08:00");
        if (format == "email" && OrganisationRules.CheckEmail(text) is { } address)
            return address;
        return Text(rule["pattern"]) is { } pattern && !Matches(pattern, text)
            ? Own(rule, "x-patternHint", "pattern") ?? new("pattern", $"格式不对，应符合：{pattern}", $"this must have the form {pattern}")
            : null;
    }

    private static FieldReason? NumberBreach(JsonObject rule, JsonNode value)
    {
        var number = Number(value);
        string Of(string name) => rule[name]!.ToJsonString();
        var (min, max) = (Number(rule["minimum"]), Number(rule["maximum"]));
        if ((min is not null && !(number >= min)) || (max is not null && !(number <= max)))
        {
            return min is not null && max is not null ? new("out-of-range", $"须在 {Of("minimum")} 到 {Of("maximum")} 之间", $"this must be between {Of("minimum")} and {Of("maximum")}")
                : min is not null ? new("too-small", $"不能小于 {Of("minimum")}", $"this must be {Of("minimum")} or more")
                : new("too-large", $"不能大于 {Of("maximum")}", $"this must be {Of("maximum")} or less");
        }

        if (Number(rule["exclusiveMinimum"]) is { } above && !(number > above))
            return new("too-small", $"须大于 {Of("exclusiveMinimum")}", $"this must be more than {Of("exclusiveMinimum")}");
        return Number(rule["exclusiveMaximum"]) is { } below && !(number < below)
            ? new("too-large", $"须小于 {Of("exclusiveMaximum")}", $"this must be less than {Of("exclusiveMaximum")}")
            : null;
    }

    private static FieldReason? ListBreach(JsonObject rule, JsonArray list, OrganisationSnapshot? people)
    {
        if (Number(rule["minItems"]) is { } min && list.Count < min)
            return new("too-few", $"至少 {rule["minItems"]!.ToJsonString()} 项", $"at least {rule["minItems"]!.ToJsonString()} entries");
        if (Number(rule["maxItems"]) is { } max && list.Count > max)
            return new("too-many", $"最多 {rule["maxItems"]!.ToJsonString()} 项", $"at most {rule["maxItems"]!.ToJsonString()} entries");
        if ((Text(rule["x-widget"]) ?? Text(rule["format"])) != "people" || people is null)
            return null;
        var names = list.Select(Text).ToList();
        if (names.Contains(null))
            return FieldReason.WrongType("人员名单（用户名的列表）", "a list of people by user name");
        return names.FirstOrDefault(n => people.Find(n!) is null) is { } unknown ? FieldReason.UnknownPerson(unknown)
            : names.Distinct().Count() < names.Count ? new("repeated", "同一个人不能选两次", "a person is named twice")
            : null;
    }

    private static FieldReason NotAChoice(JsonArray choices, JsonArray? labels)
    {
        string Label(JsonNode? choice, int i) => Text(labels is not null && i < labels.Count ? labels[i] : null) ?? Text(choice) ?? choice?.ToJsonString() ?? "null";
        var offered = choices.Take(MostNamed).Select(Label).ToList();
        var more = choices.Count > MostNamed;
        return new("not-a-choice", $"不在可选范围内，可选：{string.Join("、", offered)}{(more ? "等" : "")}", $"not one of the choices: {string.Join(", ", offered)}{(more ? " and others" : "")}");
    }

    /// <summary>What the field itself says is expected; its English words stand beside the Chinese ones and may be missing.</summary>
    private static FieldReason? Own(JsonObject rule, string member, string code) =>
        Text(rule[member]) is { Length: > 0 } zh ? new(code, zh, Text(rule[member + "-en"]) is { Length: > 0 } en ? en : zh) : null;

    /// <summary>By the engine's own expressions, whose work is bounded. A pattern that cannot be read asks for nothing; one that takes too long is not met.</summary>
    private static bool Matches(string pattern, string text)
    {
        try
        {
            return new PatternMatcher(new Evaluation(NoScope.Instance, ScriptLimits.Default, ShopTime.China), PatternCompiler.Compile(pattern, "u")).Match(text, 0) is not null;
        }
        catch (PatternException)
        {
            return true;
        }
        catch (ExpressionError)
        {
            return false;
        }
    }

    private static bool Fits(string? type, JsonValueKind kind, JsonNode value) => type switch
    {
        "string" => kind == JsonValueKind.String,
        "number" => kind == JsonValueKind.Number,
        "integer" => kind == JsonValueKind.Number && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && n == decimal.Truncate(n),
        "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
        "array" => kind == JsonValueKind.Array,
        "object" => kind == JsonValueKind.Object,
        // What is null is not asked here.
        "null" => false,
        _ => true,
    };

    private static (string Zh, string En) TypeWords(string type) => type switch
    {
        "string" => ("文字", "text"),
        "number" => ("数字", "a number"),
        "integer" => ("整数", "a whole number"),
        "boolean" => ("是或否", "yes or no (true or false)"),
        "array" => ("列表", "a list"),
        "object" => ("对象", "an object"),
        _ => (type, type),
    };

    // A schema comes from a definition or an expression, so a member may be anything; one that makes no sense asks for nothing.
    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static double? Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number && double.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
