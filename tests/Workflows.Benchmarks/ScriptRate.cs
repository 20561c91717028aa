using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Benchmarks;

/// <summary>JavaScript expressions beside two other engines in the same run: one condition evaluated many times over data already there.</summary>
internal static class ScriptRate
{
    private const string Condition = "order.total > 500 && order.status === 'paid' && order.items.length < 10";

    // The order is JSON data of the instance and becomes an object of the script each time, as in a running workflow.
    private const string AsDefinitions = "ours, as definitions use it: variables.order, taken from the instance's data each time";

    private const string Data = """{"id":"T20261122001","buyer":"tb_88231","total":1288.5,"status":"paid","items":[{"sku":"A-1","qty":2},{"sku":"B-7","qty":1}],"note":"尽快发货"}""";

    /// <summary>What the very first script of a process costs, and the first run of another one after it. Call it before anything else.</summary>
    public static string FirstUse()
    {
        var scope = new OrderScope();
        var clock = Stopwatch.StartNew();
        new JavaScriptLanguage().Compile(new Expression("JavaScript", "variables.order.total > 100"), typeof(bool))(scope);
        var cold = clock.Elapsed;
        var others = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            clock.Restart();
            new JavaScriptLanguage().Compile(new Expression("JavaScript", $"variables.{Condition} /* {i} */".Replace("&& order", "&& variables.order", StringComparison.Ordinal)), typeof(bool))(scope);
            others.Add(clock.Elapsed.TotalMilliseconds);
        }

        return string.Create(CultureInfo.InvariantCulture, $"| script, first use | {cold.TotalMilliseconds:N1} ms for the first of the process (code is being compiled) | {others[0]:N2} ms for the second, another text | {others.Max():N2} ms at most of {others.Count} |");
    }

    public static IEnumerable<string> Measure(int times)
    {
        var ours = Script.Compile(Condition, new OrderName());
        var scope = new OrderScope();
        var china = TimeZoneInfo.Utc;
        var language = new JavaScriptLanguage().Compile(new Expression("JavaScript", Condition.Replace("order.", "variables.order.", StringComparison.Ordinal)), typeof(bool));

        var jurassic = new Jurassic.ScriptEngine();
        jurassic.SetGlobalValue("order", Jurassic.Library.JSONObject.Parse(jurassic, Data));
        var jurassicScript = Jurassic.CompiledEval.Compile(new Jurassic.StringScriptSource(Condition));
        var jint = new Jint.Engine();
        jint.Execute($"var order = {Data};");
        var jintScript = new Jint.Parser.JavaScriptParser().Parse(Condition);

        var runs = new (string Name, Func<bool> Run)[]
        {
            ("ours", () => ours.Evaluate(new Evaluation(scope, ScriptLimits.Default, china), asCondition: true)!.GetValue<bool>()),
            ("Jurassic 3.2.4", () => (bool)jurassicScript.Evaluate(jurassic)),
            ("Jint 2.10.4", () => jint.Execute(jintScript).GetCompletionValue().AsBoolean()),
            (AsDefinitions, () => language(scope)!.GetValue<bool>()),
        };
        var seconds = runs.ToDictionary(r => r.Name, _ => double.MaxValue);
        // The best of five rounds in turn: what else the machine does falls on all alike.
        for (var round = 0; round < 5; round++)
        {
            foreach (var (name, run) in runs)
            {
                var clock = Stopwatch.StartNew();
                for (var i = 0; i < times; i++)
                {
                    if (!run())
                        throw new InvalidOperationException(name);
                }

                seconds[name] = Math.Min(seconds[name], clock.Elapsed.TotalSeconds);
            }
        }

        foreach (var (name, _) in runs)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"| condition × {times:N0}, {name} | {seconds[name]:N3} s | {seconds[name] * 1e9 / times:N0} ns each | {seconds[name] / seconds["Jurassic 3.2.4"]:N2} × Jurassic's time | {seconds["Jint 2.10.4"] / seconds[name]:N1} × as fast as Jint |");
        }
    }

    /// <summary>"order" as a name of its own, as the other engines have it.</summary>
    private sealed class OrderName : ScriptNames
    {
        private readonly JsValue _order = JsonData.In(JsonNode.Parse(Data), null);

        public override Func<Evaluation, JsValue>? Find(string name) => name == "order" ? _ => _order : null;

        public override string Unknown(string name) => name;
    }

    private sealed class OrderScope : IExpressionScope
    {
        private readonly JsonNode _order = JsonNode.Parse(Data)!;

        public JsonNode? LastResult => null;

        public string InstanceId => "";

        public string DefinitionId => "";

        public string DefinitionVersionId => "";

        public int DefinitionVersion => 1;

        public string? CorrelationId { get; set; }

        public string? InstanceName { get; set; }

        public DateTimeOffset Now => DateTimeOffset.UnixEpoch;

        public IEnumerable<string> Names => ["order"];

        public bool TryGetVariableById(string id, out JsonNode? value) => TryGetVariable(id, out value);

        public bool TryGetVariable(string name, out JsonNode? value)
        {
            value = name == "order" ? _order : null;
            return value is not null;
        }

        public bool TrySetVariable(string name, JsonNode? value) => false;

        public bool TryGetInput(string name, out JsonNode? value)
        {
            value = null;
            return false;
        }

        public bool TryGetOutput(string activity, string? output, out JsonNode? value)
        {
            value = null;
            return false;
        }

        public string NewId() => "";
    }
}
