using System.Globalization;

namespace Workflows.Engine.Tests.Expressions.JavaScript.Library;

/// <summary>Thousands of made-up calls on lists, objects, maps and sets against Node. Seeded: what fails once fails again.</summary>
public sealed class CallSweepTests
{
    private static readonly string[] ListMethods =
    [
        "at", "includes", "indexOf", "lastIndexOf", "join", "toString", "keys", "values", "entries", "forEach", "some", "every", "filter", "map", "flatMap", "find",
        "findIndex", "findLast", "findLastIndex", "reduce", "reduceRight", "push", "pop", "shift", "unshift", "splice", "reverse", "fill", "copyWithin", "sort", "slice",
        "concat", "flat", "with", "toSorted", "toReversed", "toSpliced", "hasOwnProperty", "propertyIsEnumerable",
    ];

    private static readonly string[] ObjectFunctions =
        ["keys", "values", "entries", "getOwnPropertyNames", "assign", "fromEntries", "is", "hasOwn", "freeze", "isFrozen", "isSealed", "isExtensible"];

    private static readonly string[] Callbacks = ["double", "even", "missing", "index", "all", "twice", "gather", "minus", "less", "greater", "wild", "nothing", "fail", "cut"];

    [Fact]
    public Task Calls_on_lists()
    {
        var random = new Random(1);
        return CompareAsync(Enumerable.Range(0, 6000).Select(_ => (List(random, 0), ListMethods[random.Next(ListMethods.Length)], Arguments(random))));
    }

    [Fact]
    public Task Calls_of_Object_functions()
    {
        var random = new Random(2);
        return CompareAsync(Enumerable.Range(0, 2000).Select(_ =>
        {
            // What is assigned to is a plain object: lists and functions take no named properties here.
            var function = ObjectFunctions[random.Next(ObjectFunctions.Length)];
            var arguments = Arguments(random);
            return ("\"§global Object\"", function, function == "assign" ? arguments.Insert(1, arguments == "[]" ? "{\"b\":1}" : "{\"b\":1},") : arguments);
        }));
    }

    [Fact]
    public Task Calls_on_maps_and_sets()
    {
        var random = new Random(3);
        string[] methods = ["get", "set", "has", "delete", "clear", "keys", "values", "entries", "add", "forEach"];
        return CompareAsync(Enumerable.Range(0, 2000).Select(_ => (Table(random), methods[random.Next(methods.Length)], Arguments(random))));
    }

    [Fact]
    public Task Calls_of_Array_functions_and_constructors()
    {
        var random = new Random(4);
        string[] globals = ["Array", "Map", "Set", "Object"];
        return CompareAsync(Enumerable.Range(0, 2000).Select(_ => random.Next(2) == 0
            ? ("\"§global Array\"", random.Next(2) == 0 ? "from" : "of", Arguments(random))
            : ($"\"§global {globals[random.Next(globals.Length)]}\"", random.Next(3) == 0 ? "()" : "new", Arguments(random))));
    }

    private static string Arguments(Random random) => $"[{string.Join(",", Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(3) == 0 ? Callback(random) : Value(random, 0)))}]";

    private static string Callback(Random random) => $"\"§fn {Callbacks[random.Next(Callbacks.Length)]}\"";

    private static string Value(Random random, int depth) => random.Next(depth > 2 ? 8 : 12) switch
    {
        0 or 1 => random.Next(-4, 6).ToString(CultureInfo.InvariantCulture),
        2 => "\"§undefined\"",
        3 => ((string[])["\"§NaN\"", "\"§-0\"", "\"§Infinity\"", "\"§-Infinity\"", "1.5", "1e21", "4294967295", "0.1"])[random.Next(8)],
        4 or 5 => ((string[])["\"a\"", "\"b\"", "\"\"", "\"10\"", "\"9\"", "\"中\"", "\"ab\""])[random.Next(7)],
        6 => random.Next(2) == 0 ? "true" : "false",
        7 => "null",
        8 => $"{{{string.Join(",", ((string[])["\"a\"", "\"2\"", "\"1\"", "\"length\""]).Where(_ => random.Next(2) == 0).Select(key => $"{key}:{(key == "\"length\"" ? random.Next(-1, 4).ToString(CultureInfo.InvariantCulture) : Value(random, depth + 1))}"))}}}",
        9 when depth > 0 => Table(random),
        _ => List(random, depth + 1),
    };

    private static string List(Random random, int depth) =>
        $"[{string.Join(",", Enumerable.Range(0, random.Next(depth == 0 ? 9 : 4)).Select(_ => random.Next(8) == 0 ? "\"§hole\"" : Value(random, depth + 1)))}]";

    private static string Table(Random random) => random.Next(2) == 0
        ? $"[{string.Join(",", Enumerable.Range(0, random.Next(4)).Select(_ => $"[{Value(random, 3)},{Value(random, 3)}]").Prepend("\"§Map\""))}]"
        : $"[{string.Join(",", Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, 3)).Prepend("\"§Set\""))}]";

    private static async Task CompareAsync(IEnumerable<(string Self, string Method, string Arguments)> made)
    {
        var calls = made.ToList();

        var answers = await NodeOracle.AnswersAsync(calls);

        // Functions of scripts show their source in Node, and numbers, texts and flags can be objects there.
        var told = calls.Zip(answers).Where(x => !x.Second.Contains("=>", StringComparison.Ordinal) && !x.Second.Contains("§boxed", StringComparison.Ordinal)).ToList();
        Assert.True(told.Count > 0.8 * calls.Count);
        Assert.Equal(told.Select(x => $"{x.First} => {x.Second}"), told.Select(x => $"{x.First} => {LibraryCall.Run(x.First.Self, x.First.Method, x.First.Arguments)}"));
    }
}
