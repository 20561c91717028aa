using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript;
using Workflows.Engine.Expressions.JavaScript.Library;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Tests.Expressions.JavaScript.Library;

/// <summary>
/// Calls built-ins without a compiler. Values are written as JSON, with texts that begin with § for what JSON lacks:
/// "§undefined", "§hole", "§NaN", "§-0", "§Infinity", "§fn double" (see <see cref="Functions"/>), "§global Array",
/// ["§Map", [key, value], ...], ["§Set", value, ...], "§Date 0".
/// </summary>
internal static class LibraryCall
{
    /// <summary>Functions to pass in, each as Node reads it and as it is here.</summary>
    public static readonly IReadOnlyDictionary<string, (string Source, NativeCode Code)> Functions = new Dictionary<string, (string, NativeCode)>
    {
        ["double"] = ("v => v * 2", (e, _, a) => 2 * Conversion.ToNumber(e, a[0])),
        ["even"] = ("v => v % 2 === 0", (e, _, a) => Conversion.ToNumber(e, a[0]) % 2 == 0),
        ["missing"] = ("v => v === undefined", (_, _, a) => a[0].IsUndefined),
        ["index"] = ("(v, i) => i", (_, _, a) => a[1]),
        ["all"] = ("(...all) => all", (_, _, a) => new JsArray([.. a.All])),
        ["twice"] = ("v => [v, [v]]", (_, _, a) => new JsArray(a[0], new JsArray(a[0]))),
        ["gather"] = ("(r, v, i) => r + '|' + v + i", (e, _, a) => $"{Conversion.ToText(e, a[0])}|{Conversion.ToText(e, a[1])}{Conversion.ToText(e, a[2])}"),
        ["minus"] = ("(a, b) => a - b", (e, _, a) => Conversion.ToNumber(e, a[0]) - Conversion.ToNumber(e, a[1])),
        ["less"] = ("(a, b) => Number(a) < Number(b)", (e, _, a) => Conversion.ToNumber(e, a[0]) < Conversion.ToNumber(e, a[1])),
        ["greater"] = ("(a, b) => Number(a) > Number(b)", (e, _, a) => Conversion.ToNumber(e, a[0]) > Conversion.ToNumber(e, a[1])),
        ["wild"] = ("(a, b) => (a * 7 + b * 13) % 5 - 2", (e, _, a) => (((Conversion.ToNumber(e, a[0]) * 7) + (Conversion.ToNumber(e, a[1]) * 13)) % 5) - 2),
        ["nothing"] = ("() => NaN", (_, _, _) => double.NaN),
        ["self"] = ("function () { return this; }", (_, self, _) => self),
        ["fail"] = ("() => { throw new RangeError('no'); }", (e, _, _) => throw e.RangeError("no")),
        ["cut"] = ("(v, i, list) => { if (Array.isArray(list)) list.length = 1; return true; }", (e, _, a) =>
        {
            (a[2].Object as JsArray)?.SetLength(e, 1);
            return true;
        }
        ),
    };

    public static Evaluation Begin(IExpressionScope? scope = null, ScriptLimits? limits = null, string zone = "Asia/Shanghai") =>
        new(scope ?? NoScope.Instance, limits ?? Generous, TimeZoneInfo.FindSystemTimeZoneById(zone));

    /// <summary>The default limits with time enough for a machine that is busy with other tests.</summary>
    public static ScriptLimits Generous { get; } = ScriptLimits.Default with { Time = TimeSpan.FromSeconds(20) };

    /// <summary>self.method(...arguments), or new self(...arguments) for the method "new".</summary>
    public static JsValue Call(Evaluation e, JsValue self, string method, params JsValue[] arguments)
    {
        if (method == "new")
            return e.Construct((JsFunction)self.Object!, arguments);
        if (method == "()")
            return e.Call(self, default, arguments);
        return e.Call(self.Object is { } held ? held.Get(method) : Members.Of(self).Find(method), self, arguments);
    }

    /// <summary>As <see cref="Call(Evaluation, JsValue, string, JsValue[])"/>, written; the result is the value given and self after, or the name of the error.</summary>
    public static string Run(string self, string method, string arguments)
    {
        var e = Begin();
        var receiver = Read(e, self);
        try
        {
            var given = Call(e, receiver, method, Iteration.ToList(e, Read(e, arguments)));
            var after = Show(e, receiver);
            return Show(e, given) + (after == Show(e, Read(e, self)) ? "" : " ; " + after);
        }
        catch (JsThrow thrown)
        {
            return ((JsError)thrown.Value.Object!).Type;
        }
    }

    public static JsValue Read(Evaluation e, string notation) => Read(e, JsonNode.Parse(notation));

    private static JsValue Read(Evaluation e, JsonNode? node)
    {
        if (node is JsonArray list)
        {
            var items = list.Select(item => Read(e, item)).ToArray();
            if (items is not [{ Text: "§Map" or "§Set" } kind, ..])
                return new JsArray(items);
            var constructor = kind.Text == "§Map" ? MapLibrary.Constructor : SetLibrary.Constructor;
            return e.Construct(constructor, [new JsArray(items[1..])]);
        }

        if (node is JsonObject members)
        {
            var result = new JsObject();
            foreach (var (key, value) in members)
                result.Set(e, key, Read(e, value));
            return result;
        }

        var scalar = JsonData.In(node, null);
        if (scalar.Text is not ['§', .. var word])
            return scalar;
        var (first, rest) = word.Split(' ', 2) is [var before, var after] ? (before, after) : (word, "");
        return first switch
        {
            "Map" or "Set" => scalar,
            "undefined" => default,
            "hole" => JsValue.Hole,
            "NaN" => double.NaN,
            "-0" => -0.0,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            "fn" => new NativeFunction(rest, ParameterCount(Functions[rest].Source), Functions[rest].Code),
            "global" => Globals.All.Find(rest),
            "Date" => e.Construct((JsFunction)Globals.All.Find("Date").Object!, [double.Parse(rest, CultureInfo.InvariantCulture)]),
            _ => throw new ArgumentException(word),
        };
    }

    /// <summary>A value in the notation of this class.</summary>
    public static string Show(Evaluation e, JsValue value)
    {
        if (value.IsHole)
            return "\"§hole\"";
        if (value.IsNumber)
            return value.Number == 0 && double.IsNegative(value.Number) ? "\"§-0\"" : double.IsFinite(value.Number) ? NumberText.Of(value.Number) : $"\"§{NumberText.Of(value.Number)}\"";
        if (value.Text is { } text)
            return Quote(text);
        return value.Object switch
        {
            null => value.IsUndefined ? "\"§undefined\"" : Conversion.ToText(e, value),
            JsArray list => $"[{string.Join(",", list.Items.ToArray().Select(v => Show(e, v)))}]",
            JsMap map => $"[{string.Join(",", map.Table.List(e, (k, v) => new JsArray(k, v)).Select(v => Show(e, v)).Prepend("\"§Map\""))}]",
            JsSet set => $"[{string.Join(",", set.Table.List(e, (k, _) => k).Select(v => Show(e, v)).Prepend("\"§Set\""))}]",
            JsFunction => "\"§fn\"",
            JsError error => Quote("§" + ErrorLibrary.Text(e, error)),
            { Kind: "Date" } date => $"\"§Date {NumberText.Of(Call(e, date, "getTime").Number)}\"",
            { } plain => $"{{{string.Join(",", plain.OwnKeys().Select(key => $"{Quote(key)}:{Show(e, ObjectLibrary.ValueOf(plain, key))}"))}}}",
        };
    }

    private static int ParameterCount(string source)
    {
        var head = source.Split("=>")[0];
        return head.Contains("...", StringComparison.Ordinal) || head.Contains("()", StringComparison.Ordinal) || head.StartsWith("function", StringComparison.Ordinal) ? 0 : head.Count(c => c == ',') + 1;
    }

    private static string Quote(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";
}
