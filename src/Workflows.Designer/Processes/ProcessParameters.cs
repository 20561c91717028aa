using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;

namespace Workflows.Designer.Processes;

/// <summary>
/// A threshold or deadline of a process that managers may set without touching its diagram: a variable of the definition that its custom
/// property <c>parameters</c> names, with label, unit and bounds. Its initial value is the parameter's value.
/// </summary>
/// <param name="Name">Name of the variable.</param>
/// <param name="Type">Type of the variable.</param>
/// <param name="Value">The value as the definition writes it.</param>
public sealed record ProcessParameter(string Name, string Label, string Unit, string Type, bool IsArray, string Value, string? Min, string? Max)
{
    public string? Description { get; init; }

    /// <summary>Choices, when there are only some.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    public bool IsDuration => Type == "TimeSpan";

    public bool IsFlag => Type == "Boolean";

    public bool IsNumber => !IsArray && Type is "Int32" or "Int64" or "Decimal" or "Double" or "Single";

    public bool IsLongText => Type == "String" && (Value.Length > 40 || Value.Contains('\n'));
}

/// <summary>Reads, checks and sets the parameters of a definition. Pure.</summary>
internal static class ProcessParameters
{
    private static readonly (string Unit, TimeSpan Of)[] Units = [("天", TimeSpan.FromDays(1)), ("小时", TimeSpan.FromHours(1)), ("分钟", TimeSpan.FromMinutes(1)), ("秒", TimeSpan.FromSeconds(1))];

    public static IReadOnlyList<ProcessParameter> Of(DefinitionDocument document)
    {
        var variables = document.Json.Objects("variables").Where(v => v.Text("name") is not null).GroupBy(v => v.Text("name")!).ToDictionary(g => g.Key, g => g.First());
        return
        [
            .. from declared in document.Json.Object("customProperties")?.Objects("parameters") ?? []
               let name = declared.Text("name")
               where name is not null && variables.ContainsKey(name)
               let variable = variables[name]
               select new ProcessParameter(
                   name,
                   declared.Text("label") ?? name,
                   declared.Text("unit") ?? "",
                   Short(variable.Text("typeName") ?? "Object"),
                   variable.Flag("isArray"),
                   ValueConverter.Text(variable["value"]) ?? "",
                   ValueConverter.Text(declared["min"]),
                   ValueConverter.Text(declared["max"]))
               {
                   Description = declared.Text("description"),
                   Options = [.. (declared["options"] as JsonArray ?? []).Select(o => ValueConverter.Text(o) ?? "")],
               },
        ];
    }

    /// <summary>The value as people read it, with its unit.</summary>
    public static string Shown(ProcessParameter parameter, ValueWords words) =>
        parameter.Value.Length == 0 ? words.T("空", "empty")
        : parameter.IsDuration ? words.Duration(parameter.Value)
        : parameter.IsFlag ? (string.Equals(parameter.Value, "true", StringComparison.OrdinalIgnoreCase) ? words.T("是", "yes") : words.T("否", "no"))
        : parameter.IsArray || parameter.Value.StartsWith('[') ? string.Join("、", Items(parameter.Value)) + Suffix(parameter, words.Wording)
        : parameter.Value + Suffix(parameter, words.Wording);

    /// <summary>What a form shows of a duration: a whole number of the largest unit that fits.</summary>
    public static (string Number, string Unit) Split(string duration)
    {
        if (!TryDuration(duration, out var span))
            return (duration, "小时");
        if (span == TimeSpan.Zero)
            return ("0", "小时");
        var (unit, of) = Units.First(u => span.Ticks % u.Of.Ticks == 0);
        // "24 小时" rather than "1 天": deadlines are spoken of in hours up to three days.
        if (unit == "天" && span.TotalDays < 3)
            (unit, of) = Units[1];
        return ((span.Ticks / of.Ticks).ToString(CultureInfo.InvariantCulture), unit);
    }

    public static IReadOnlyList<string> DurationUnits { get; } = [.. Units.Select(u => u.Unit)];

    /// <summary>A value as it was typed, made into what the definition writes; or what is wrong with it.</summary>
    /// <param name="unit">Unit beside a duration's number.</param>
    public static (string? Value, (string Zh, string En)? Problem) Read(ProcessParameter parameter, string typed, string? unit)
    {
        typed = typed.Trim();
        if (parameter.IsFlag)
            return (typed is "true" or "on" ? "true" : "false", null);
        if (typed.Length == 0)
            return (null, ("此项必填", "a value is needed"));
        if (parameter.Options.Count > 0 && !parameter.Options.Contains(typed))
            return (null, ("不是可选的值", "not one of the choices"));
        if (parameter.IsDuration)
            return ReadDuration(parameter, typed, unit);
        if (parameter.IsNumber)
            return ReadNumber(parameter, typed);
        if (parameter.IsArray || parameter.Value.StartsWith('['))
            return ReadList(parameter, typed);
        return (typed, null);
    }

    /// <summary>A copy of the document with new values.</summary>
    public static DefinitionDocument With(DefinitionDocument document, IReadOnlyDictionary<string, string> values)
    {
        var variables = (JsonArray)document.Json["variables"]!.DeepClone();
        foreach (var variable in variables.OfType<JsonObject>())
        {
            if (variable.Text("name") is not { } name || !values.TryGetValue(name, out var value))
                continue;
            // What was written as a number or a list stays one.
            variable["value"] = variable["value"] is JsonValue scalar && scalar.GetValueKind() == System.Text.Json.JsonValueKind.String || variable["value"] is null ? value : JsonNode.Parse(value);
        }

        return document.With(("variables", variables));
    }

    private static (string? Value, (string Zh, string En)? Problem) ReadDuration(ProcessParameter parameter, string typed, string? unit)
    {
        TimeSpan span;
        if (decimal.TryParse(typed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && Units.FirstOrDefault(u => u.Unit == unit) is { Unit: not null } chosen)
        {
            if (number > 100_000)
                return (null, ("太大了", "too large"));
            span = new TimeSpan((long)(number * chosen.Of.Ticks));
        }
        else if (!TryDuration(typed, out span))
        {
            return (null, ("请填写数字", "a number is needed"));
        }

        if (TryDuration(parameter.Min, out var least) && span < least)
            return (null, ($"不能少于 {Words(least)}", $"at least {least}"));
        if (TryDuration(parameter.Max, out var most) && span > most)
            return (null, ($"不能超过 {Words(most)}", $"at most {most}"));
        return (span.ToString("c", CultureInfo.InvariantCulture), null);
    }

    private static (string? Value, (string Zh, string En)? Problem) ReadNumber(ProcessParameter parameter, string typed)
    {
        if (!decimal.TryParse(typed, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
            return (null, ("请填写数字", "a number is needed"));
        if (parameter.Type is "Int32" or "Int64" && number != decimal.Truncate(number))
            return (null, ("请填写整数", "a whole number is needed"));
        if (decimal.TryParse(parameter.Min, NumberStyles.Number, CultureInfo.InvariantCulture, out var least) && number < least)
            return (null, ($"不能小于 {parameter.Min}{parameter.Unit}", $"at least {parameter.Min}"));
        if (decimal.TryParse(parameter.Max, NumberStyles.Number, CultureInfo.InvariantCulture, out var most) && number > most)
            return (null, ($"不能大于 {parameter.Max}{parameter.Unit}", $"at most {parameter.Max}"));
        return (number.ToString(CultureInfo.InvariantCulture), null);
    }

    private static (string? Value, (string Zh, string En)? Problem) ReadList(ProcessParameter parameter, string typed)
    {
        var items = typed.Split(['、', ',', '，', '\n', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var numbers = Items(parameter.Value).All(i => decimal.TryParse(i, NumberStyles.Number, CultureInfo.InvariantCulture, out _));
        var list = new JsonArray();
        foreach (var item in items)
        {
            if (!numbers)
                list.Add(item);
            else if (decimal.TryParse(item, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
                list.Add(number);
            else
                return (null, ($"“{item}”不是数字", $"{item} is not a number"));
        }

        return (list.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), null);
    }

    internal static IEnumerable<string> Items(string value)
    {
        try
        {
            return JsonNode.Parse(value) is JsonArray items ? [.. items.Select(i => ValueConverter.Text(i) ?? "")] : [value];
        }
        catch (System.Text.Json.JsonException)
        {
            return [value];
        }
    }

    private static bool TryDuration(string? text, out TimeSpan span)
    {
        span = default;
        if (string.IsNullOrWhiteSpace(text))
            return false;
        try
        {
            span = (TimeSpan)ValueConverter.To(JsonValue.Create(text), typeof(TimeSpan))!;
            return true;
        }
        catch (ExpressionError)
        {
            return false;
        }
    }

    internal static string Words(TimeSpan span, Wording? wording = null)
    {
        var (number, unit) = Split(span.ToString("c", CultureInfo.InvariantCulture));
        return $"{number} {wording?.Unit(unit, number) ?? unit}";
    }

    internal static string Bound(ProcessParameter parameter, string? bound, Wording wording) =>
        bound is null ? "" : parameter.IsDuration && TryDuration(bound, out var span) ? Words(span, wording) : bound + (wording.IsChinese || parameter.Unit == "%" ? "" : " ") + wording.Unit(parameter.Unit, bound);

    private static string Suffix(ProcessParameter parameter, Wording wording) => parameter.Unit is "" or "文字" or "是否" or "时长" ? "" : " " + wording.Unit(parameter.Unit);

    private static string Short(string type) => type.Split(',')[0].Split('.')[^1];
}
