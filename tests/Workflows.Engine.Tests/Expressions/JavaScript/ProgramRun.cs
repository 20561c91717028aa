using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript;
using Workflows.Engine.Expressions.JavaScript.Values;
using Workflows.Testing;

namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>Runs a program over the data of globals.json and tells what it gave, as oracle.js tells it for Node.</summary>
internal static class ProgramRun
{
    private static readonly string GlobalsText = File.ReadAllText(Path.Combine(Folder, "globals.json"));

    /// <summary>Where the clock stands; 2026-05-25 17:30 in China.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 5, 25, 9, 30, 0, TimeSpan.Zero);

    public static string Folder => Path.Combine(Repository.Root, "tests", "Workflows.Engine.Tests", "Expressions", "JavaScript");

    /// <summary>The default limits with time enough for a busy machine.</summary>
    public static ScriptLimits Patient { get; } = ScriptLimits.Default with { Time = TimeSpan.FromSeconds(5), RegexTime = TimeSpan.FromSeconds(5) };

    public static JsonObject Globals() => JsonNode.Parse(GlobalsText)!.AsObject();

    public static string Answer(string text, ScriptLimits? limits = null)
    {
        Script script;
        try
        {
            script = Script.Compile(text, new DataNames(Globals()));
        }
        catch (ExpressionError)
        {
            return "error:SyntaxError";
        }

        var e = Begin(limits);
        try
        {
            return Tag(e, script.Run(e), []);
        }
        catch (JsThrow thrown)
        {
            return thrown.Value.Object is JsError error ? "error:" + error.Get("name").Text : "thrown:" + Tag(e, thrown.Value, []);
        }
        catch (ExpressionError limit)
        {
            return "limit:" + limit.Message;
        }
    }

    public static Evaluation Begin(ScriptLimits? limits = null) => new(new ScriptScope { Now = Now }, limits ?? Patient, ShopTime.China);

    /// <summary>A value as text: undefined, NaN, -0, holes, dates, maps and texts all look different.</summary>
    private static string Tag(Evaluation e, JsValue value, IReadOnlyList<JsObject> around)
    {
        if (value.IsHole)
            return "<hole>";
        if (value.Text is { } text)
            return Quote(text);
        if (value.Object is not { } held)
            return value.IsNumber && value.Number == 0 && double.IsNegative(value.Number) ? "-0" : Conversion.ToText(e, value);
        if (held is JsFunction)
            return "function";
        if (around.Contains(held) || around.Count > 60)
            return "<again>";
        return OfObject(e, held, [.. around, held]);
    }

    private static string OfObject(Evaluation e, JsObject held, IReadOnlyList<JsObject> around)
    {
        switch (held)
        {
            case JsArray list:
                var more = Members(list.OwnKeys().Where(k => !JsObject.IsListKey(k)));
                return $"[{string.Join(",", list.Items.ToArray().Select(v => Tag(e, v, around)))}]{(more.Length > 0 ? $"{{{more}}}" : "")}";
            case JsMap map:
                return $"Map{{{string.Join(",", Entries(map.Table).Select(x => Tag(e, x.Key, around) + "=>" + Tag(e, x.Value, around)))}}}";
            case JsSet set:
                return $"Set{{{string.Join(",", Entries(set.Table).Select(x => Tag(e, x.Key, around)))}}}";
            case JsError error:
                return $"Error({Quote(Conversion.ToText(e, error.Get("name")))})";
            case { Kind: "Date" }:
                return $"Date({NumberText.Of(e.Call(held.Get("getTime"), held).Number)})";
            case { Kind: "RegExp" }:
                return $"RegExp({Quote(e.Call(held.Get("toString"), held).Text!)})";
            default:
                return $"{{{Members(held.OwnKeys())}}}";
        }

        string Members(IEnumerable<string> keys) => string.Join(",", keys.Select(key => Quote(key) + ":" + Tag(e, held.Get(key), around)));

        List<(JsValue Key, JsValue Value)> Entries(EntryTable table)
        {
            List<(JsValue, JsValue)> entries = [];
            table.Walk(e, (key, entry) => entries.Add((key, entry)));
            return entries;
        }
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is >= ' ' and < (char)127 and not '"' and not '\\')
                quoted.Append(c);
            else
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>The data's members as plain names.</summary>
    private sealed class DataNames(JsonObject data) : ScriptNames
    {
        private readonly Dictionary<string, JsValue> _values = data.ToDictionary(d => d.Key, d => JsonData.In(d.Value, null));

        public override Func<Evaluation, JsValue>? Find(string name) => _values.TryGetValue(name, out var value) ? _ => value : null;

        public override string Unknown(string name) => name;
    }
}
